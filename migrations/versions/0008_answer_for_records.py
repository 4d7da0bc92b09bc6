"""Rights requests, disclosure logs and unusual access."""

from collections.abc import Sequence

from alembic import op

from throughline.db.migrate import run_script

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Requests for one's own data (`records/rights_request.py`), and what is left out of the answer. Another agency's exist for nobody; a
# confidential service's for it alone. Who opened one never approves it: the table says so by itself.
RIGHTS = """
    create table portal.rights_request (
      id uuid not null,
      version integer not null,
      sensitivity text not null,
      made_at timestamptz not null,
      withdrawn_at timestamptz,
      withdrawn_reason text,
      identity_record_id uuid not null,
      custodian_id uuid,
      asked_by text not null,
      received_on date not null,
      due_on date not null,
      extended_because text,
      state text not null,
      identity_check text,
      entitlement text,
      checked_at timestamptz,
      checked_by_id uuid,
      approved_at timestamptz,
      approved_by_id uuid,
      closed_at timestamptz,
      outcome text,
      agency_id uuid not null,
      service_id uuid,
      practitioner_id uuid,
      constraint pk_rights_request primary key (id),
      constraint uq_rights_request_of_its_maker unique (id, agency_id),
      constraint fk_rights_request_identity_record_id foreign key (identity_record_id) references portal.identity_record (id),
      constraint fk_rights_request_checked_by_id foreign key (checked_by_id) references portal.practitioner (id),
      constraint fk_rights_request_approved_by_id foreign key (approved_by_id) references portal.practitioner (id),
      constraint fk_rights_request_agency_id foreign key (agency_id) references portal.agency (id),
      constraint fk_rights_request_service_id foreign key (service_id) references portal.service (id),
      constraint fk_rights_request_practitioner_id foreign key (practitioner_id) references portal.practitioner (id),
      constraint ck_rights_request_sensitivity_is_known check (sensitivity in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')),
      constraint ck_rights_request_confidential_has_service check (sensitivity <> 'CONFIDENTIAL' or service_id is not null),
      constraint ck_rights_request_asked_by_is_known check (asked_by in ('PERSON', 'PARENT', 'ATTORNEY', 'REPRESENTATIVE')),
      constraint ck_rights_request_extended_because_is_known check (extended_because in ('COMPLEX', 'SEVERAL_REQUESTS')),
      constraint ck_rights_request_state_is_known check (state in ('OPEN', 'CHECKED', 'APPROVED', 'CLOSED')),
      constraint ck_rights_request_identity_check_is_known check
        (identity_check in ('PHOTO_DOCUMENT', 'TWO_DOCUMENTS', 'KNOWN_TO_STAFF')),
      constraint ck_rights_request_entitlement_is_known check (entitlement in
        ('PARENTAL_RESPONSIBILITY_SEEN', 'CHILD_AGREES', 'POWER_OF_ATTORNEY_SEEN', 'WRITTEN_AUTHORITY_SEEN')),
      constraint ck_rights_request_outcome_is_known check (outcome in ('GIVEN', 'REFUSED', 'TAKEN_BACK')),
      constraint ck_rights_request_checked_before_approved check (state not in ('CHECKED', 'APPROVED') or identity_check is not null),
      constraint ck_rights_request_approved_by_another check (approved_by_id is null or coalesce(approved_by_id <> practitioner_id, false)),
      constraint ck_rights_request_approved_by_somebody check (state <> 'APPROVED' or approved_by_id is not null),
      constraint ck_rights_request_closed_with_an_outcome check ((state = 'CLOSED') = (outcome is not null)),
      constraint ck_rights_request_given_when_approved check (outcome <> 'GIVEN' or approved_by_id is not null)
    );
    create index ix_rights_request_identity_record_id on portal.rights_request (identity_record_id);
    create table portal.left_out (
      request_id uuid not null,
      left_out_id uuid not null,
      agency_id uuid not null,
      service_id uuid,
      sensitivity text not null,
      practitioner_id uuid,
      reason text not null,
      at timestamptz not null,
      constraint pk_left_out primary key (request_id, left_out_id),
      constraint fk_left_out_request_id foreign key (request_id, agency_id) references portal.rights_request (id, agency_id),
      constraint fk_left_out_agency_id foreign key (agency_id) references portal.agency (id),
      constraint fk_left_out_service_id foreign key (service_id) references portal.service (id),
      constraint fk_left_out_practitioner_id foreign key (practitioner_id) references portal.practitioner (id),
      constraint ck_left_out_sensitivity_is_known check (sensitivity in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')),
      constraint ck_left_out_reason_is_known check (reason in
        ('THIRD_PARTY', 'SERIOUS_HARM', 'LEGAL_PRIVILEGE', 'ENQUIRY', 'CONFIDENTIAL', 'KEPT_PRIVATE', 'WHEREABOUTS'))
    );
"""
GUARDED = """
    alter table portal.{table} enable row level security;
    alter table portal.{table} force row level security;
    create policy owned on portal.{table} to throughline_owner using (true) with check (true);
    grant select, insert on portal.{table} to throughline_app;
    create policy read on portal.{table} for select to throughline_app using
      (agency_id = app.agency() and (sensitivity <> 'CONFIDENTIAL' or service_id = any (app.services())));
    create policy made on portal.{table} for insert to throughline_app with check
      (agency_id = app.agency() and (sensitivity <> 'CONFIDENTIAL' or service_id = any (app.services())));
"""
AMENDED = """
    grant update on portal.rights_request to throughline_app;
    create policy amended on portal.rights_request for update to throughline_app
      using (agency_id = app.agency() and (sensitivity <> 'CONFIDENTIAL' or service_id = any (app.services())))
      with check (agency_id = app.agency() and (sensitivity <> 'CONFIDENTIAL' or service_id = any (app.services())));
    create trigger keep_history before update on portal.rights_request for each row execute function app.keep_history();
    select app.hide_with_its_person('rights_request');
"""
NO_RIGHTS = """
    drop table portal.left_out;
    drop table portal.rights_request;
    delete from portal.record_history where kind = 'rights_request';
    delete from portal.outbox where kind = 'RIGHTS_REQUEST';
"""

# What was shown to whom (`audit/shown.py`), unfolded from the trail after it was committed: nothing is added to what a read costs. Only
# these functions read it, for the agency that has entered; none tells who read, and none tells of a confidential service's records but
# to its own members.
SHOWN = """
    create table audit.shown (
      row_id uuid not null,
      hour timestamptz not null,
      actor_id uuid not null,
      purpose text not null,
      agency_id uuid not null,
      maker_id uuid,
      service_id uuid,
      constraint pk_shown primary key (row_id, hour, actor_id, purpose)
    );
    create index ix_shown_maker_id_hour on audit.shown (maker_id, hour);
    create index ix_shown_actor_id_hour on audit.shown (actor_id, hour);
    create table audit.shown_until (
      is_only boolean not null,
      xid xid8 not null,
      entry_id uuid not null,
      constraint pk_shown_until primary key (is_only),
      constraint ck_shown_until_is_only check (is_only)
    );
    insert into audit.shown_until values (true, '0', '00000000-0000-0000-0000-000000000000');
    alter table audit.shown enable row level security;
    alter table audit.shown force row level security;
    create policy owned on audit.shown to throughline_owner using (true) with check (true);
    alter table audit.shown_until enable row level security;
    alter table audit.shown_until force row level security;
    create policy owned on audit.shown_until to throughline_owner using (true) with check (true);

    -- Every table of records and parts, whoever adds one: what has an id, a maker and a sensitivity.
    create function app.kept_tables(also name) returns setof text
    language sql stable security definer set search_path = '' as $$
      select format('%I.%I', n.nspname, c.relname) from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'portal' and c.relkind = 'r' and (select count(*) from pg_catalog.pg_attribute a where a.attrelid = c.oid
        and not a.attisdropped and a.attname in ('id', 'agency_id', 'service_id', 'sensitivity', also)) = 5
      order by 1
    $$;

    create function app.index_trail(most integer) returns bigint
    language plpgsql security definer set search_path = '' as $$
    declare
      head record;
      done bigint;
      makers text;
    begin
      if not pg_try_advisory_xact_lock(7310482) then
        return 0;
      end if;
      select u.xid, u.entry_id into head from audit.shown_until u;
      select string_agg(format('select t.id, t.agency_id, case when t.sensitivity = ''CONFIDENTIAL'' then t.service_id end service_id '
        'from known k join %s t on t.id = k.row_id', x.name), ' union all ') into makers
        from (select app.kept_tables('made_at') name union select 'portal.support_report_part') x;
      execute format($run$
        with entries as materialized (
          select e.xid, e.id, e.at, e.agency_id, e.actor_id, e.purpose, e.seen, e.outcome from audit.entry e
          where e.xid >= $1 and (e.xid, e.id) > ($1, $2) and e.xid < pg_snapshot_xmin(pg_current_snapshot())
          order by e.xid, e.id limit $3),
        pieces as materialized (
          select distinct encode(substring(e.seen from n * 18 + 1 for 16), 'hex')::uuid row_id, date_trunc('hour', e.at, 'UTC') as hour,
            e.actor_id, e.purpose, e.agency_id
          from entries e cross join generate_series(0, length(e.seen) / 18 - 1) n where e.outcome in ('SHOWN', 'WRITTEN')),
        known as materialized (select distinct row_id from pieces),
        made as (%s union all select t.id, null, null from known k join portal.person t on t.id = k.row_id),
        added as (
          insert into audit.shown (row_id, hour, actor_id, purpose, agency_id, maker_id, service_id)
          select p.row_id, p.hour, p.actor_id, p.purpose, p.agency_id, m.agency_id, m.service_id
          from pieces p join made m on m.id = p.row_id on conflict do nothing),
        moved as (
          update audit.shown_until u set xid = l.xid, entry_id = l.id
          from (select e.xid, e.id from entries e order by e.xid desc, e.id desc limit 1) l)
        select count(*) from entries $run$, makers) into done using head.xid, head.entry_id, most;
      return done;
    end $$;

    -- The day on which something holds is London's, whatever the database's own time zone is.
    create function app.today() returns date
    language sql stable set search_path = '' as $$ select (now() at time zone 'Europe/London')::date $$;

    create function app.is_privacy_officer() returns boolean
    language sql stable security definer set search_path = '' as $$
      select exists (select from portal.practitioner p join portal.practitioner_role r on r.practitioner_id = p.id
        where p.id = app.viewer() and p.agency_id = app.agency() and p.disabled_at is null and r.role = 'PRIVACY_OFFICER'
        and (r.until_on is null or r.until_on >= app.today()))
    $$;

    -- The ids by which an agency's records about one person are in the trail: of a report about several people, the parts that name them.
    create function app.made_about(person uuid, maker uuid, service uuid) returns table (row_id uuid, is_sensitive boolean)
    language plpgsql stable security definer set search_path = '' as $$
    declare
      said text;
      mine uuid[] := array(select i.id from portal.identity_record i where i.person_id = person
        and (i.sensitivity <> 'CONFIDENTIAL' or i.service_id = service));
    begin
      for said in
        select format('select t.id, t.sensitivity <> ''STANDARD'' from %s t where t.identity_record_id = any ($1)', k)
          from app.kept_tables('identity_record_id') k
        union all values
          ('select t.id, t.sensitivity <> ''STANDARD'' from portal.relationship t where t.other_identity_record_id = any ($1)'),
          ('select t.id, t.sensitivity <> ''STANDARD'' from portal.parental_responsibility t where t.other_identity_record_id = any ($1)'),
          ('select t.id, false from portal.identity_record t where t.id = any ($1)'),
          ('select t.part_id, t.sensitivity <> ''STANDARD'' from portal.support_report_part_person t where t.identity_record_id = any ($1)'),
          ('select t.report_id, t.sensitivity <> ''STANDARD'' from portal.support_report_part_person t '
            'where t.identity_record_id = any ($1) and t.people = 1 and t.parts_made = 1')
      loop
        return query execute said || ' and t.agency_id = $2 and case when t.sensitivity = ''CONFIDENTIAL'' then t.service_id end '
          'is not distinct from $3' using mine, maker, service;
      end loop;
    end $$;

    -- The same, as far as they are the agency's to know of: who is in another's custody (wall W3) is nobody.
    create function app.kept_about(person uuid, maker uuid, service uuid) returns table (row_id uuid, is_sensitive boolean)
    language sql stable security definer set search_path = '' as $$
      select k.row_id, k.is_sensitive from app.made_about(person, maker, service) k
      where not exists (select from portal.person p where p.id = person and p.custodian_id <> maker)
    $$;

    -- Who has seen what an agency keeps about somebody who asks: agency, purpose and day, never staff. Left out, with nothing to show it:
    -- what an officer took out; the answer itself; police protecting somebody, and anybody protecting them while an enquiry runs; whoever
    -- worked in a confidential service on that day; other agencies while the person's address is confidential, or while who or where they
    -- are is protected (walls W3 and W4); and, where a parent asks and the child has not agreed, readers of what is SENSITIVE.
    create function app.disclosures(request uuid) returns table (id uuid, day date, agency_id uuid, purpose text)
    language sql stable security definer set search_path = '' as $$
      with asked as materialized (
        select q.*, i.person_id, q.asked_by = 'PARENT' and q.entitlement is distinct from 'CHILD_AGREES' is_kept_private
        from portal.rights_request q join portal.identity_record i on i.id = q.identity_record_id
        where q.id = request and q.agency_id = app.agency() and q.state = 'APPROVED' and q.withdrawn_at is null
          and (q.custodian_id is null or q.custodian_id = app.agency())
          and (q.sensitivity <> 'CONFIDENTIAL' or q.service_id = any (app.services())) and app.is_privacy_officer()),
      protected as materialized (
        select exists (select from portal.legal_status l join portal.identity_record i on i.id = l.identity_record_id
            where i.person_id = asked.person_id and l.status = 'ENQUIRY' and l.until_on is null and l.withdrawn_at is null) by_enquiry,
          exists (select from portal.address x join portal.identity_record i on i.id = x.identity_record_id
            where i.person_id = asked.person_id and x.is_confidential and x.withdrawn_at is null
            and (x.until_on is null or x.until_on >= app.today()))
          or asked.custodian_id is not null
          or exists (select from portal.opening o join portal.identity_record i on i.id = o.subject_id  -- `Because.HIDDEN_PLACE`
            where i.person_id = asked.person_id and o.because = 8192 and o.from_on <= app.today()
            and (o.until_on is null or o.until_on >= app.today())) in_hiding
        from asked),
      kept as materialized (
        select k.* from asked cross join lateral app.kept_about(asked.person_id, asked.agency_id, asked.service_id) k
        where not (asked.is_kept_private and k.is_sensitive)),
      told as (
        select distinct (s.hour at time zone 'Europe/London')::date as day, s.agency_id, s.purpose
        from asked cross join protected join audit.shown s on s.row_id in (select row_id from kept)
          join portal.agency a on a.id = s.agency_id
        where not (s.purpose = 'RIGHTS' and s.agency_id = asked.agency_id)
          and not (s.purpose = 'PROTECTION' and (a.kind = 'POLICE' or protected.by_enquiry))
          and not (protected.in_hiding and s.agency_id <> asked.agency_id)
          and (asked.service_id is not null or not exists (select from portal.service_member m join portal.service v on v.id = m.service_id
            where m.practitioner_id = s.actor_id and v.is_confidential and m.from_on <= (s.hour at time zone 'Europe/London')::date
            and (m.until_on is null or m.until_on >= (s.hour at time zone 'Europe/London')::date)))),
      named as (select md5(concat_ws(' ', request, t.day, t.agency_id, t.purpose))::uuid id, t.* from told t)
      select n.id, n.day, n.agency_id, n.purpose from named n
      where not exists (select from portal.left_out l where l.request_id = request and l.left_out_id = n.id)
    $$;

    -- A privacy officer's queries. What is read by themselves of the trail is said by columns and by a setting that the first step makes.
    grant select (id, at, agency_id, actor_id, role, purpose, verb, outcome) on audit.entry to throughline_app;
    create policy read on audit.entry for select to throughline_app
      using (agency_id = app.agency() and current_setting('app.audits', true) = 'own');

    -- Own entries that showed something which the agency keeps about a person, outside its confidential services; of nobody with whom the
    -- officer is connected.
    create function app.entries_about(person uuid, first date, last date) returns setof uuid
    language sql stable security definer set search_path = '' as $$
      with kept as materialized (
        select k.row_id from app.kept_about(person, app.agency(), null) k
        where app.is_privacy_officer() and not exists (select from portal.opening o join portal.identity_record i on i.id = o.subject_id
          where i.person_id = person and o.holder_id = app.viewer() and o.because = 512 and o.from_on <= app.today()
          and (o.until_on is null or o.until_on >= app.today()))),
      looks as materialized (
        select distinct s.actor_id, s.hour from audit.shown s join kept on kept.row_id = s.row_id
        where s.agency_id = app.agency() and s.hour >= first::timestamp at time zone 'Europe/London'
          and s.hour < (last + 1)::timestamp at time zone 'Europe/London')
      select e.id from looks l join audit.entry e on e.agency_id = app.agency() and e.at >= l.hour and e.at < l.hour + interval '1 hour'
        and e.actor_id = l.actor_id
      where e.outcome in ('SHOWN', 'WRITTEN') and exists (select from kept where position(uuid_send(kept.row_id) in e.seen) > 0)
    $$;

    -- Never of what is about somebody in another agency's custody.
    create function app.agencies_that_saw(first date, last date) returns table (agency_id uuid, purpose text, records integer, last_on date)
    language sql stable security definer set search_path = '' as $$
      with hidden as materialized (
        select k.row_id from portal.person p cross join (select null::uuid id union all select unnest(app.services())) v
          cross join lateral app.made_about(p.id, app.agency(), v.id) k
        where p.custodian_id <> app.agency() and app.is_privacy_officer())
      select s.agency_id, s.purpose, count(distinct s.row_id)::integer, max((s.hour at time zone 'Europe/London')::date)
      from audit.shown s
      where s.maker_id = app.agency() and s.hour >= first::timestamp at time zone 'Europe/London'
        and s.hour < (last + 1)::timestamp at time zone 'Europe/London'
        and (s.service_id is null or s.service_id = any (app.services())) and app.is_privacy_officer()
        and s.row_id not in (select h.row_id from hidden h)
      group by s.agency_id, s.purpose
    $$;

    revoke execute on function app.entries_about, app.agencies_that_saw from public;
    grant execute on function app.entries_about, app.agencies_that_saw to throughline_app;
    revoke execute on function app.today, app.kept_tables, app.index_trail, app.is_privacy_officer, app.made_about, app.kept_about,
      app.disclosures from public;
    grant execute on function app.index_trail, app.disclosures to throughline_app;
"""
NOTHING_SHOWN = """
    drop policy read on audit.entry;
    revoke select (id, at, agency_id, actor_id, role, purpose, verb, outcome) on audit.entry from throughline_app;
    drop function app.agencies_that_saw, app.entries_about;
    drop function app.disclosures, app.kept_about, app.made_about, app.is_privacy_officer, app.today, app.index_trail, app.kept_tables;
    drop table audit.shown_until;
    drop table audit.shown;
"""

# Access that is out of the ordinary (`audit/unusual.py`): found and raised by the database itself, each once, without anything about
# anybody; the agency's privacy officer says what came of it. What confidential services do is not looked through for people.
UNUSUAL = """
    create table portal.unusual_access (
      id uuid not null,
      agency_id uuid not null,
      kind text not null,
      actor_id uuid not null,
      person_id uuid not null,
      on_day date not null,
      count integer not null,
      raised_at timestamptz not null,
      finding text,
      reviewed_at timestamptz,
      reviewed_by_id uuid,
      constraint pk_unusual_access primary key (id),
      constraint fk_unusual_access_agency_id foreign key (agency_id) references portal.agency (id),
      constraint fk_unusual_access_reviewed_by_id foreign key (reviewed_by_id) references portal.practitioner (id),
      constraint ck_unusual_access_kind_is_known check (kind in ('BULK', 'DORMANT_TOOL', 'OWN_FAMILY', 'CELEBRITY')),
      constraint ck_unusual_access_finding_is_known check (finding in ('EXPECTED', 'EXPLAINED', 'MISUSE')),
      constraint uq_unusual_access_once unique (agency_id, kind, actor_id, person_id, on_day)
    );
    create table portal.unusual_threshold (
      kind text not null,
      most integer not null,
      constraint pk_unusual_threshold primary key (kind),
      constraint ck_unusual_threshold_kind_is_known check (kind in ('BULK', 'DORMANT_TOOL', 'OWN_FAMILY', 'CELEBRITY'))
    );
    insert into portal.unusual_threshold values ('BULK', 60), ('DORMANT_TOOL', 90), ('OWN_FAMILY', 10), ('CELEBRITY', 8);
    alter table portal.unusual_threshold enable row level security;
    alter table portal.unusual_threshold force row level security;
    create policy owned on portal.unusual_threshold to throughline_owner using (true) with check (true);
    alter table portal.unusual_access enable row level security;
    alter table portal.unusual_access force row level security;
    create policy owned on portal.unusual_access to throughline_owner using (true) with check (true);
    grant select on portal.unusual_access to throughline_app;
    create policy read on portal.unusual_access for select to throughline_app
      using (agency_id = app.agency() and current_setting('app.audits', true) = 'own');

    create function app.find_unusual_access(now timestamptz) returns table (kind text, raised bigint)
    language sql security definer set search_path = '' as $$
      with nobody as (select '00000000-0000-0000-0000-000000000000'::uuid id),
      most as materialized (select t.kind, t.most from portal.unusual_threshold t),
      looks as materialized (
        select s.* from audit.shown s where s.maker_id is null and s.hour > now - interval '7 days' and s.hour <= now),
      in_the_open as materialized (
        select l.* from looks l where not exists (select from portal.service_member m join portal.service v on v.id = m.service_id
          where m.practitioner_id = l.actor_id and v.is_confidential)),
      named as materialized (
        select distinct l.agency_id, l.actor_id, l.row_id person_id, (l.hour at time zone 'Europe/London')::date as day,
          lower(i.family_name) family_name
        from in_the_open l join portal.practitioner p on p.id = l.actor_id join portal.identity_record i on i.person_id = l.row_id
        where i.sensitivity <> 'CONFIDENTIAL' and lower(i.family_name) = lower(regexp_replace(p.name, '^.* ', ''))),
      rare as materialized (
        select lower(i.family_name) family_name from portal.identity_record i
        where lower(i.family_name) in (select n.family_name from named n) group by lower(i.family_name)
        having count(distinct i.person_id) <= (select most from most where most.kind = 'OWN_FAMILY')),
      found as (
        select 'BULK' kind, l.agency_id, l.actor_id, nobody.id person_id, (l.hour at time zone 'Europe/London')::date as day,
            count(distinct l.row_id) how_many
          from looks l cross join nobody group by l.agency_id, l.actor_id, nobody.id, l.hour
          having count(distinct l.row_id) >= (select most from most where most.kind = 'BULK')
        union all select 'OWN_FAMILY', n.agency_id, n.actor_id, n.person_id, n.day, 1 from named n join rare using (family_name)
        union all select 'CELEBRITY', l.agency_id, nobody.id, l.row_id, max((l.hour at time zone 'Europe/London')::date),
            count(distinct l.actor_id)
          from in_the_open l cross join nobody where not exists (select from portal.identity_record i join portal.opening o
            on o.subject_id = i.id where i.person_id = l.row_id and o.holder_id = l.actor_id)
          group by l.agency_id, nobody.id, l.row_id
          having count(distinct l.actor_id) >= (select most from most where most.kind = 'CELEBRITY')
        union all select 'DORMANT_TOOL', w.agency_id, w.actor_id, nobody.id, (w.hour at time zone 'Europe/London')::date, w.days
          from nobody cross join (select s.agency_id, s.actor_id, s.hour, extract(day from s.hour - (
              select max(b.hour) from audit.shown b where b.actor_id = s.actor_id and b.hour < s.hour))::integer days
            from portal.tool t join audit.shown s on s.actor_id = t.id and s.hour > now - interval '7 days' and s.hour <= now
            group by s.agency_id, s.actor_id, s.hour) w
          where w.days >= (select most from most where most.kind = 'DORMANT_TOOL')),
      once as (
        select f.kind, f.agency_id, f.actor_id, f.person_id, f.day, max(f.how_many) how_many from found f
        where f.kind <> 'CELEBRITY' or not exists (select from portal.unusual_access u where u.kind = f.kind
          and u.agency_id = f.agency_id and u.person_id = f.person_id and u.on_day > f.day - 7)
        group by f.kind, f.agency_id, f.actor_id, f.person_id, f.day),
      added as (
        insert into portal.unusual_access (id, agency_id, kind, actor_id, person_id, on_day, count, raised_at)
        select gen_random_uuid(), o.agency_id, o.kind, o.actor_id, o.person_id, o.day, o.how_many, now from once o
        on conflict do nothing returning id, agency_id, kind),
      told as (
        insert into portal.outbox (id, kind, verb, record_id, agency_id, at)
        select gen_random_uuid(), 'UNUSUAL_ACCESS', 'RAISED', a.id, a.agency_id, now from added a)
      select a.kind, count(*) from added a group by a.kind
    $$;

    -- What a privacy officer found: once, and never by whoever it is about.
    create function app.review_unusual_access(which uuid, what text, at timestamptz) returns boolean
    language plpgsql security definer set search_path = '' as $$
    begin
      update portal.unusual_access u set finding = what, reviewed_at = at, reviewed_by_id = app.viewer()
        where u.id = which and u.agency_id = app.agency() and u.finding is null and u.actor_id <> app.viewer() and app.is_privacy_officer();
      return found;
    end $$;
    revoke execute on function app.find_unusual_access, app.review_unusual_access from public;
    grant execute on function app.find_unusual_access, app.review_unusual_access to throughline_app;
"""
NOTHING_UNUSUAL = """
    drop function app.review_unusual_access, app.find_unusual_access;
    drop table portal.unusual_threshold;
    drop table portal.unusual_access;
    delete from portal.outbox where kind = 'UNUSUAL_ACCESS';
"""


def upgrade() -> None:
    run_script(op.get_bind(), RIGHTS)
    for table in ("rights_request", "left_out"):
        run_script(op.get_bind(), GUARDED.format(table=table))
    run_script(op.get_bind(), AMENDED)
    run_script(op.get_bind(), SHOWN)
    run_script(op.get_bind(), UNUSUAL)


def downgrade() -> None:
    run_script(op.get_bind(), NOTHING_UNUSUAL)
    run_script(op.get_bind(), NOTHING_SHOWN)
    run_script(op.get_bind(), NO_RIGHTS)
