"""finish the first house"""

from collections.abc import Sequence

from alembic import op

from throughline.db.migrate import run_script

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Housekeeping (`db/housekeeping.py`): what has served its time goes, by the database's own clock. The app role itself may delete
# none of these rows; the floors hold whatever it asks for. Rows that another server has in hand are passed over.
HOUSEKEEPING = """
    create function app.forget_idempotency_keys(days integer, most integer) returns integer
    language sql security definer set search_path = '' as $$
      with gone as (delete from portal.idempotency_key where ctid = any (array(
        select k.ctid from portal.idempotency_key k where k.at < now() - make_interval(days => greatest(days, 30))
        order by k.at limit most for update skip locked)) returning 1)
      select count(*)::integer from gone
    $$;
    revoke execute on function app.forget_idempotency_keys from public;
    grant execute on function app.forget_idempotency_keys to throughline_app;

    drop function app.forget_imported_bytes(integer);
    create function app.forget_imported_bytes(days integer, most integer) returns integer
    language sql security definer set search_path = '' as $$
      with gone as (update portal.imported_file set content = null where ctid = any (array(
        select f.ctid from portal.imported_file f
        where f.content is not null and f.begun_at < now() - make_interval(days => greatest(days, 1))
        order by f.begun_at limit most for update skip locked)) returning 1)
      select count(*)::integer from gone
    $$;
    revoke execute on function app.forget_imported_bytes from public;
    grant execute on function app.forget_imported_bytes to throughline_app;

    create function app.forget_assertions(most integer) returns integer
    language sql security definer set search_path = '' as $$
      with gone as (delete from portal.oauth_assertion where ctid = any (array(
        select a.ctid from portal.oauth_assertion a where a.expires_at < now()
        order by a.expires_at limit most for update skip locked)) returning 1)
      select count(*)::integer from gone
    $$;
    revoke execute on function app.forget_assertions from public;
    grant execute on function app.forget_assertions to throughline_app;
    revoke delete on portal.oauth_assertion from throughline_app;

    -- `serve` asks at which migration it is
    grant select on public.alembic_version to throughline_app;
"""
NO_HOUSEKEEPING = """
    revoke select on public.alembic_version from throughline_app;
    grant delete on portal.oauth_assertion to throughline_app;
    drop function app.forget_assertions, app.forget_imported_bytes, app.forget_idempotency_keys;
    create function app.forget_imported_bytes(days integer) returns void language sql security definer set search_path = '' as $$
      update portal.imported_file set content = null where content is not null and begun_at < now() - make_interval(days => days);
    $$;
    revoke execute on function app.forget_imported_bytes from public;
    grant execute on function app.forget_imported_bytes to throughline_app;
"""


# Set apart (`linking/identity.py`): what somebody says of a person who does not exist for them hangs on an identity record of its
# own, linked to nobody, which that practitioner alone meets again under the agency's own id.
SET_APART = """
    alter table portal.identity_record
      add column set_apart_for uuid constraint fk_identity_record_set_apart_for references portal.practitioner (id),
      add column set_apart_turn smallint not null default 0,
      add constraint ck_identity_record_set_apart_by_turns check ((set_apart_for is null) = (set_apart_turn = 0));
    drop index portal.uq_identity_record_own_id;
    create unique index uq_identity_record_own_id on portal.identity_record (agency_id,
      (coalesce(service_id, '00000000-0000-0000-0000-000000000000'::uuid)), own_id,
      (coalesce(set_apart_for, '00000000-0000-0000-0000-000000000000'::uuid)), set_apart_turn);
"""
NOTHING_SET_APART = """
    drop index portal.uq_identity_record_own_id;
    update portal.identity_record set own_id = own_id || ' ' || id where set_apart_for is not null;
    alter table portal.identity_record drop column set_apart_turn, drop column set_apart_for;
    create unique index uq_identity_record_own_id on portal.identity_record (agency_id,
      (coalesce(service_id, '00000000-0000-0000-0000-000000000000'::uuid)), own_id);
"""

# Assignments become records (`records/assignment.py`): made by somebody, with a version and a history; a confidential service's show
# to nobody else.
ASSIGNMENTS = """
    alter table portal.assignment rename column practitioner_id to holder_id;
    alter table portal.assignment rename constraint fk_assignment_practitioner_id to fk_assignment_holder_id;
    alter index portal.ix_assignment_practitioner_id rename to ix_assignment_holder_id;
    alter table portal.assignment
      add column version integer not null default 1,
      add column sensitivity text not null default 'STANDARD',
      add column made_at timestamptz,
      add column withdrawn_at timestamptz,
      add column withdrawn_reason text,
      add column service_id uuid constraint fk_assignment_service_id references portal.service (id),
      add column practitioner_id uuid constraint fk_assignment_practitioner_id references portal.practitioner (id);
    update portal.assignment a set made_at = a.from_on at time zone 'Europe/London', sensitivity = i.sensitivity, service_id = i.service_id
      from portal.identity_record i where i.id = a.identity_record_id;
    alter table portal.assignment
      alter column version drop default, alter column sensitivity drop default, alter column made_at set not null,
      add constraint ck_assignment_sensitivity_is_known check (sensitivity in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')),
      add constraint ck_assignment_confidential_has_service check (sensitivity <> 'CONFIDENTIAL' or service_id is not null);
    drop policy read on portal.assignment;
    drop policy made on portal.assignment;
    drop policy amended on portal.assignment;
    create policy read on portal.assignment for select to throughline_app using
      ((current_setting('app.agency', true) <> '') and (sensitivity <> 'CONFIDENTIAL' or service_id = any (app.services())));
    create policy made on portal.assignment for insert to throughline_app with check
      (agency_id = app.agency() and (sensitivity <> 'CONFIDENTIAL' or service_id = any (app.services())));
    create policy amended on portal.assignment for update to throughline_app
      using (agency_id = app.agency() and (sensitivity <> 'CONFIDENTIAL' or service_id = any (app.services())))
      with check (agency_id = app.agency() and (sensitivity <> 'CONFIDENTIAL' or service_id = any (app.services())));
    grant update on portal.assignment to throughline_app;
    create trigger keep_history before update on portal.assignment for each row execute function app.keep_history();
"""
PLAIN_ASSIGNMENTS = """
    drop trigger keep_history on portal.assignment;
    revoke update on portal.assignment from throughline_app;
    grant update (until_on) on portal.assignment to throughline_app;
    drop policy read on portal.assignment;
    drop policy made on portal.assignment;
    drop policy amended on portal.assignment;
    create policy read on portal.assignment for select to throughline_app using (current_setting('app.agency', true) <> '');
    create policy made on portal.assignment for insert to throughline_app with check (agency_id = app.agency());
    create policy amended on portal.assignment for update to throughline_app
      using (agency_id = app.agency()) with check (agency_id = app.agency());
    alter table portal.assignment drop column practitioner_id, drop column service_id, drop column withdrawn_reason,
      drop column withdrawn_at, drop column made_at, drop column sensitivity, drop column version;
    alter table portal.assignment rename column holder_id to practitioner_id;
    alter table portal.assignment rename constraint fk_assignment_holder_id to fk_assignment_practitioner_id;
    alter index portal.ix_assignment_holder_id rename to ix_assignment_practitioner_id;
"""


# What stood in a record before it was amended shows to its maker's agency alone (sentence 66): the second wall says so by itself.
EARLIER_VERSIONS = """
    drop policy read on portal.record_history;
    create policy read on portal.record_history for select to throughline_app using
      (agency_id = app.agency() and (sensitivity <> 'CONFIDENTIAL' or service_id = any (app.services())));
"""
OPEN_EARLIER_VERSIONS = """
    drop policy read on portal.record_history;
    create policy read on portal.record_history for select to throughline_app using
      ((current_setting('app.agency', true) <> '') and (sensitivity <> 'CONFIDENTIAL' or service_id = any (app.services())));
"""

# Who a part is about comes with all that is asked of it (acts), or is told it here: no function is called where there is nothing to tell.
TOLD_WHERE_NEEDED = """
    drop trigger tell_part_people on portal.support_report_part_person;
    create trigger tell_part_people before insert on portal.support_report_part_person
      for each row when (new.report_id is null) execute function app.tell_part_people();
"""
TOLD_ALWAYS = """
    drop trigger tell_part_people on portal.support_report_part_person;
    create trigger tell_part_people before insert on portal.support_report_part_person
      for each row execute function app.tell_part_people();
"""


# The second wall, closer: what tells of a confidential service's people shows to that service alone; nobody reads the ledger or the
# outbox in somebody's name; a record's parts, people and receivers are its maker's own; what has ended is not taken up by another.
CHILDREN = {
    "support_report_part": ("report_id", "support_report"),
    "support_report_part_person": ("part_id", "support_report_part"),
    "team_position_person": ("position_id", "team_position"),
    "sharing_decision_person": ("decision_id", "sharing_decision"),
    "sharing_decision_receiver": ("decision_id", "sharing_decision"),
    "address_reader": ("address_id", "address"),
    "identity_number": ("identity_record_id", "identity_record"),
}
"""Tables of what belongs to a record: the column that names it, and its table."""

CLOSER = """
    alter table portal.opening add column service_id uuid;
    update portal.opening o set service_id = i.service_id from portal.identity_record i
      where i.id = o.subject_id and i.sensitivity = 'CONFIDENTIAL';
    drop policy read on portal.opening;
    drop policy made on portal.opening;
    drop policy unmade on portal.opening;
    create policy read on portal.opening for select to throughline_app using
      ((current_setting('app.agency', true) <> '') and (service_id is null or service_id = any (app.services())));
    create policy made on portal.opening for insert to throughline_app with check
      ((current_setting('app.agency', true) <> '') and (service_id is null or service_id = any (app.services())));
    create policy unmade on portal.opening for delete to throughline_app using
      ((current_setting('app.agency', true) <> '') and (service_id is null or service_id = any (app.services())));

    revoke select on portal.link_event, portal.outbox from throughline_app;
    drop policy read on portal.link_event;
    drop policy read on portal.outbox;

    create function app.keep_the_end() returns trigger language plpgsql set search_path = '' as $$
    begin
      if app.agency() is distinct from old.agency_id and app.agency() is not null then
        raise exception 'what has ended is not taken up by another agency' using errcode = 'insufficient_privilege';
      end if;
      return new;
    end $$;
"""
KEEP_THE_END = """
    create trigger keep_the_end before update on portal.{table} for each row
      when (old.until_on is not null and (new.until_on is null or new.until_on > old.until_on)) execute function app.keep_the_end();
"""
ENDABLE = ("team_position", "membership", "relationship", "enrolment", "sharing_decision")

TELL_THE_MAKER = """
    create or replace function app.tell_part_people() returns trigger language plpgsql security definer set search_path = '' as $$
    begin
      if tg_table_name = 'support_report_part_person' then
        if new.report_id is null then
          select p.report_id, p.is_released, p.people, r.practitioner_id, r.household_id, r.given_on, r.parts_made, r.withdrawn_at
            into new.report_id, new.is_released, new.people, new.practitioner_id, new.household_id, new.given_on, new.parts_made, new.withdrawn_at
            from portal.support_report_part p join portal.support_report r on r.id = p.report_id where p.id = new.part_id
            and (app.agency() is null or (p.agency_id = app.agency()
              and (p.sensitivity <> 'CONFIDENTIAL' or p.service_id = any (app.services()))));
        end if;
      elsif tg_table_name = 'support_report_part' then
        update portal.support_report_part_person l set sensitivity = new.sensitivity, is_released = new.is_released where l.part_id = new.id;
      elsif new.withdrawn_at is distinct from old.withdrawn_at then
        update portal.support_report_part_person l set withdrawn_at = new.withdrawn_at where l.report_id = new.id;
      end if;
      return new;
    end $$;
"""
TELL_ANYBODY = TELL_THE_MAKER.replace(
    """ where p.id = new.part_id
            and (app.agency() is null or (p.agency_id = app.agency()
              and (p.sensitivity <> 'CONFIDENTIAL' or p.service_id = any (app.services()))));""",
    " where p.id = new.part_id;",
)
WIDER = """
    drop function app.keep_the_end;
    create policy read on portal.link_event for select to throughline_app using (current_setting('app.agency', true) <> '');
    create policy read on portal.outbox for select to throughline_app using (current_setting('app.agency', true) <> '');
    grant select on portal.link_event, portal.outbox to throughline_app;
    drop policy read on portal.opening;
    drop policy made on portal.opening;
    drop policy unmade on portal.opening;
    alter table portal.opening drop column service_id;
    create policy read on portal.opening for select to throughline_app using (current_setting('app.agency', true) <> '');
    create policy made on portal.opening for insert to throughline_app with check (current_setting('app.agency', true) <> '');
    create policy unmade on portal.opening for delete to throughline_app using (app.agency() is not null);
"""


def close_the_second_wall() -> None:
    run_script(op.get_bind(), CLOSER)
    for table in ENDABLE:
        run_script(op.get_bind(), KEEP_THE_END.format(table=table))
    run_script(op.get_bind(), TELL_THE_MAKER)
    for parent in sorted({parent for _, parent in CHILDREN.values()}):
        op.create_unique_constraint(f"uq_{parent}_of_its_maker", parent, ["id", "agency_id"], schema="portal")
    for table, (column, parent) in CHILDREN.items():
        op.drop_constraint(f"fk_{table}_{column}", table, schema="portal")
        op.create_foreign_key(
            f"fk_{table}_{column}",
            table,
            parent,
            [column, "agency_id"],
            ["id", "agency_id"],
            source_schema="portal",
            referent_schema="portal",
        )


def open_the_second_wall() -> None:
    for table, (column, parent) in CHILDREN.items():
        op.drop_constraint(f"fk_{table}_{column}", table, schema="portal")
        op.create_foreign_key(
            f"fk_{table}_{column}", table, parent, [column], ["id"], source_schema="portal", referent_schema="portal"
        )
    for parent in sorted({parent for _, parent in CHILDREN.values()}):
        op.drop_constraint(f"uq_{parent}_of_its_maker", parent, schema="portal")
    run_script(op.get_bind(), TELL_ANYBODY)
    for table in ENDABLE:
        op.execute(f"drop trigger keep_the_end on portal.{table}")
    run_script(op.get_bind(), WIDER)


# A key of an act is the practitioner's or tool's own: a colleague's would tell of acts that they may not know of.
OWN_KEYS = """
    alter table portal.idempotency_key add column actor_id uuid not null default '00000000-0000-0000-0000-000000000000';
    alter table portal.idempotency_key alter column actor_id drop default, drop constraint pk_idempotency_key,
      add constraint pk_idempotency_key primary key (agency_id, client_id, actor_id, mutation, key);
    drop policy read on portal.idempotency_key;
    create policy read on portal.idempotency_key for select to throughline_app using (actor_id = app.viewer());
"""
SHARED_KEYS = """
    drop policy read on portal.idempotency_key;
    create policy read on portal.idempotency_key for select to throughline_app using (agency_id = app.agency());
    delete from portal.idempotency_key a using portal.idempotency_key b where a.ctid > b.ctid
      and (a.agency_id, a.client_id, a.mutation, a.key) = (b.agency_id, b.client_id, b.mutation, b.key);
    alter table portal.idempotency_key drop column actor_id,
      add constraint pk_idempotency_key primary key (agency_id, client_id, mutation, key);
"""

# Who somebody is (`linking/identity.py`): what was said before is kept like any record's earlier versions; what is made here is told by a
# column, whatever ids callers send; the keys of a confidential service's people show to it alone; and whoever says a link key for the
# first time claims it, so that two agencies that speak of one child at the same moment do not make two people of it.
IDENTITIES = """
    alter table portal.identity_record add column is_made_here boolean not null default false;
    update portal.identity_record set is_made_here = true
      where starts_with(own_id, 'portal:') and given_name is null and family_name is null and date_of_birth is null;
    drop index portal.uq_identity_record_own_id;
    create unique index uq_identity_record_own_id on portal.identity_record (agency_id,
      (coalesce(service_id, '00000000-0000-0000-0000-000000000000'::uuid)), own_id,
      (coalesce(set_apart_for, '00000000-0000-0000-0000-000000000000'::uuid)), set_apart_turn, is_made_here);

    create function app.keep_identity_history() returns trigger language plpgsql security definer set search_path = '' as $$
    begin
      if new.version <> old.version + 1 then
        raise exception 'a new version follows the old one' using errcode = 'serialization_failure';
      end if;
      if app.agency() is distinct from old.agency_id and app.agency() is not null then
        raise exception 'only the maker''s agency amends a record' using errcode = 'insufficient_privilege';
      end if;
      insert into portal.record_history (record_id, version, kind, agency_id, service_id, sensitivity, body, replaced_at)
        values (old.id, old.version, tg_table_name, old.agency_id, old.service_id, old.sensitivity, to_jsonb(old), now());
      return new;
    end $$;
    create trigger keep_history before update of given_name, family_name, date_of_birth, is_unborn, sex, made_at, version
      on portal.identity_record for each row execute function app.keep_identity_history();

    alter table portal.search_key add column service_id uuid constraint fk_search_key_service_id references portal.service (id);
    update portal.search_key k set service_id = i.service_id from portal.identity_record i
      where i.id = k.identity_record_id and i.service_id is not null;
    drop policy read on portal.search_key;
    drop policy made on portal.search_key;
    drop policy unmade on portal.search_key;
    create policy read on portal.search_key for select to throughline_app using
      ((current_setting('app.agency', true) <> '') and (service_id is null or service_id = any (app.services())));
    create policy made on portal.search_key for insert to throughline_app with check
      ((current_setting('app.agency', true) <> '') and (service_id is null or service_id = any (app.services())));
    create policy unmade on portal.search_key for delete to throughline_app using
      ((current_setting('app.agency', true) <> '') and (service_id is null or service_id = any (app.services())));

    create table portal.link_key (key text not null, constraint pk_link_key primary key (key));
    alter table portal.link_key enable row level security;
    alter table portal.link_key force row level security;
    create policy owned on portal.link_key to throughline_owner using (true) with check (true);
    create policy read on portal.link_key for select to throughline_app using (current_setting('app.agency', true) <> '');
    create policy made on portal.link_key for insert to throughline_app with check (current_setting('app.agency', true) <> '');
    grant select, insert on portal.link_key to throughline_app;
"""
PLAIN_IDENTITIES = """
    drop table portal.link_key;
    drop policy read on portal.search_key;
    drop policy made on portal.search_key;
    drop policy unmade on portal.search_key;
    alter table portal.search_key drop column service_id;
    create policy read on portal.search_key for select to throughline_app using (current_setting('app.agency', true) <> '');
    create policy made on portal.search_key for insert to throughline_app with check (current_setting('app.agency', true) <> '');
    create policy unmade on portal.search_key for delete to throughline_app using (app.agency() is not null);
    drop trigger keep_history on portal.identity_record;
    drop function app.keep_identity_history;
    drop index portal.uq_identity_record_own_id;
    update portal.identity_record set own_id = own_id || ' ' || id where starts_with(own_id, 'portal:') and not is_made_here;
    alter table portal.identity_record drop column is_made_here;
    create unique index uq_identity_record_own_id on portal.identity_record (agency_id,
      (coalesce(service_id, '00000000-0000-0000-0000-000000000000'::uuid)), own_id,
      (coalesce(set_apart_for, '00000000-0000-0000-0000-000000000000'::uuid)), set_apart_turn);
"""


# A second agency's yes is to the people and receivers that it was shown: nobody joins them afterwards.
KEPT_YES = {
    "team_position_person": ("position_id", "team_position"),
    "sharing_decision_person": ("decision_id", "sharing_decision"),
    "sharing_decision_receiver": ("decision_id", "sharing_decision"),
}
KEEP_THE_YES = """
    create function app.keep_the_yes_to_{table}() returns trigger language plpgsql security definer set search_path = '' as $$
    begin
      if app.agency() is not null and exists (
        select from portal.{parent} p where p.id = new.{column} and p.agency_id = app.agency()
        and p.confirmed_by_agency_id is not null for share)
      then
        raise exception 'what has been confirmed takes no more people or receivers' using errcode = 'insufficient_privilege';
      end if;
      return new;
    end $$;
    create trigger keep_the_yes before insert on portal.{table} for each row execute function app.keep_the_yes_to_{table}();
"""
FORGET_THE_YES = """
    drop trigger keep_the_yes on portal.{table};
    drop function app.keep_the_yes_to_{table};
"""


def upgrade() -> None:
    run_script(op.get_bind(), HOUSEKEEPING)
    run_script(op.get_bind(), SET_APART)
    run_script(op.get_bind(), ASSIGNMENTS)
    run_script(op.get_bind(), EARLIER_VERSIONS)
    run_script(op.get_bind(), TOLD_WHERE_NEEDED)
    close_the_second_wall()
    run_script(op.get_bind(), OWN_KEYS)
    run_script(op.get_bind(), IDENTITIES)
    for table, (column, parent) in KEPT_YES.items():
        run_script(op.get_bind(), KEEP_THE_YES.format(table=table, column=column, parent=parent))


def downgrade() -> None:
    for table in KEPT_YES:
        run_script(op.get_bind(), FORGET_THE_YES.format(table=table))
    run_script(op.get_bind(), PLAIN_IDENTITIES)
    run_script(op.get_bind(), SHARED_KEYS)
    open_the_second_wall()
    run_script(op.get_bind(), TOLD_ALWAYS)
    run_script(op.get_bind(), OPEN_EARLIER_VERSIONS)
    run_script(op.get_bind(), PLAIN_ASSIGNMENTS)
    run_script(op.get_bind(), NOTHING_SET_APART)
    run_script(op.get_bind(), NO_HOUSEKEEPING)
