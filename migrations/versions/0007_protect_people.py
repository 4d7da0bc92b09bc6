"""Protected identities, protected whereabouts and unborn children."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from throughline.db.migrate import run_script

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# A mark on a person (`records/protection.py`), and whom its custodian names.
MARKS = """
    alter table portal.protection enable row level security;
    alter table portal.protection force row level security;
    alter table portal.protection_reader enable row level security;
    alter table portal.protection_reader force row level security;
    create policy owned on portal.protection to throughline_owner using (true) with check (true);
    create policy owned on portal.protection_reader to throughline_owner using (true) with check (true);
    create policy read on portal.protection for select to throughline_app using
      ((current_setting('app.agency', true) <> '') and (sensitivity <> 'CONFIDENTIAL' or service_id = any (app.services())));
    create policy made on portal.protection for insert to throughline_app with check
      (agency_id = app.agency() and (sensitivity <> 'CONFIDENTIAL' or service_id = any (app.services())));
    create policy amended on portal.protection for update to throughline_app
      using (agency_id = app.agency() and (sensitivity <> 'CONFIDENTIAL' or service_id = any (app.services())))
      with check (agency_id = app.agency() and (sensitivity <> 'CONFIDENTIAL' or service_id = any (app.services())));
    create policy read on portal.protection_reader for select to throughline_app using (current_setting('app.agency', true) <> '');
    create policy made on portal.protection_reader for insert to throughline_app with check (agency_id = app.agency());
    grant select, insert, update on portal.protection to throughline_app;
    grant select, insert on portal.protection_reader to throughline_app;
    create trigger keep_history before update on portal.protection for each row execute function app.keep_history();
"""

# Custody (wall W3): whoever is protected, and every row about them, shows to their custodian alone. Of all rows the database keeps
# whose they are (`custodian_id`), so that no policy has to look anywhere else. What opens and closes is derived for everybody
# alike, whoever's act it follows (`access/openings.py`).
UNDER_CUSTODY = """
    create function app.guard_custody() returns trigger language plpgsql set search_path = '' as $$
    begin
      if current_user = 'throughline_app' then
        raise exception 'custody follows the mark alone' using errcode = 'insufficient_privilege';
      end if;
      return new;
    end $$;

    -- To whom a row that tells of several people shows: to everybody, to the one custodian of some of them, or to nobody.
    create function app.custodian_of(named uuid[]) returns uuid language sql stable set search_path = '' as $$
      select case when count(distinct i.custodian_id) > 1 then '00000000-0000-0000-0000-000000000000'::uuid
        else (array_agg(i.custodian_id) filter (where i.custodian_id is not null))[1] end
      from portal.identity_record i where i.id = any (named)
    $$;
    revoke execute on function app.custodian_of from public;

    create function app.keep_custody() returns trigger language plpgsql security definer set search_path = '' as $$
    begin
      new.custodian_id := app.custodian_of(array[new.identity_record_id, (to_jsonb(new) ->> 'other_identity_record_id')::uuid]);
      return new;
    end $$;

    -- A table of this schema, with a column `custodian_id`, whose rows are hidden with the person whom they name.
    create function app.hide_with_its_person(name text) returns void language plpgsql set search_path = '' as $$
    declare
      kept record;
    begin
      execute format('create policy custody on portal.%I as restrictive to throughline_app using (custodian_id is null '
        'or custodian_id = app.agency() or current_setting(''app.deriving'', true) = ''on'')', name);
      execute format('create trigger guard_custody before update on portal.%I for each row '
        'when (new.custodian_id is distinct from old.custodian_id) execute function app.guard_custody()', name);
      if exists (select from pg_catalog.pg_attribute where attrelid = format('portal.%I', name)::regclass
                 and attname = 'identity_record_id' and not attisdropped) and name not in ('search_key', 'identity_number') then
        execute format('create trigger keep_custody before insert on portal.%I for each row execute function app.keep_custody()', name);
      end if;
      -- that somebody is protected makes no new version of what is said about them
      for kept in select t.tgname, t.tgfoid::regproc as does from pg_catalog.pg_trigger t
        where t.tgrelid = format('portal.%I', name)::regclass
          and t.tgname in ('keep_history', 'keep_part_history', 'keep_what_was_signed')
          and t.tgfoid::regproc::text <> 'app.keep_identity_history'
      loop
        execute format('drop trigger %I on portal.%I', kept.tgname, name);
        execute format('create trigger %I before update on portal.%I for each row '
          'when (new.custodian_id is not distinct from old.custodian_id) execute function %s()', kept.tgname, name, kept.does);
      end loop;
    end $$;
    revoke execute on function app.hide_with_its_person from public;

    -- A part of a report, or the reason for a decision, which nobody sees who may not see everybody whom it names.
    create function app.keep_together(part uuid, reason uuid) returns void language plpgsql set search_path = '' as $$
    begin
      update portal.support_report_part p set custodian_id = k.keeper
        from (select app.custodian_of(array(select l.identity_record_id from portal.support_report_part_person l where l.part_id = part))
          keeper) k where p.id = part and p.custodian_id is distinct from k.keeper;
      update portal.sharing_reason g set custodian_id = k.keeper
        from (select app.custodian_of(array(select l.identity_record_id from portal.sharing_reason_person l where l.reason_id = reason))
          keeper) k where g.id = reason and g.custodian_id is distinct from k.keeper;
    end $$;
    revoke execute on function app.keep_together from public;

    -- The rows about one identity record follow it, whatever tables there are.
    create function app.carry_custody() returns trigger language plpgsql security definer set search_path = '' as $$
    declare
      told name;
    begin
      for told in select c.relname from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
        join pg_catalog.pg_attribute k on k.attrelid = c.oid and k.attname = 'custodian_id' and not k.attisdropped
        where c.relnamespace = 'portal'::regnamespace and c.relkind = 'r' and a.attname = 'identity_record_id' and not a.attisdropped
      loop
        execute format('update portal.%I set custodian_id = $1 where identity_record_id = $2 and custodian_id is distinct from $1', told)
          using new.custodian_id, new.id;
        if exists (select from pg_catalog.pg_attribute where attrelid = format('portal.%I', told)::regclass and attname = 'version'
                   and not attisdropped) then
          execute format('update portal.record_history h set custodian_id = $1 from portal.%I r where r.identity_record_id = $2 '
            'and h.record_id = r.id', told) using new.custodian_id, new.id;
        end if;
      end loop;
      -- what is said of two people, for as long as one of them is kept
      for told in select c.relname from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
        join pg_catalog.pg_attribute k on k.attrelid = c.oid and k.attname = 'custodian_id' and not k.attisdropped
        where c.relnamespace = 'portal'::regnamespace and c.relkind = 'r' and a.attname = 'other_identity_record_id' and not a.attisdropped
      loop
        execute format('update portal.%I r set custodian_id = k.keeper from (select x.id, '
          'app.custodian_of(array[x.identity_record_id, x.other_identity_record_id]) keeper from portal.%I x '
          'where $1 in (x.identity_record_id, x.other_identity_record_id)) k '
          'where k.id = r.id and r.custodian_id is distinct from k.keeper', told, told) using new.id;
        execute format('update portal.record_history h set custodian_id = r.custodian_id from portal.%I r '
          'where $1 in (r.identity_record_id, r.other_identity_record_id) and h.record_id = r.id', told) using new.id;
      end loop;
      perform app.keep_together(l.part_id, null) from portal.support_report_part_person l where l.identity_record_id = new.id;
      perform app.keep_together(null, l.reason_id) from portal.sharing_reason_person l where l.identity_record_id = new.id;
      update portal.record_history h set custodian_id = new.custodian_id where h.record_id = new.id;
      update portal.record_history h set custodian_id = p.custodian_id
        from portal.support_report_part p join portal.support_report_part_person l on l.part_id = p.id
        where l.identity_record_id = new.id and h.record_id = p.id;
      update portal.record_history h set custodian_id = g.custodian_id
        from portal.sharing_reason g join portal.sharing_reason_person l on l.reason_id = g.id
        where l.identity_record_id = new.id and h.record_id = g.id;
      if new.custodian_id is not null then  -- whoever says these keys next says them first
        delete from portal.link_key c using portal.search_key k where k.identity_record_id = new.id and c.key = k.key and not exists (
          select from portal.search_key o join portal.identity_record x on x.id = o.identity_record_id
          where o.key = c.key and x.custodian_id is null);
      end if;
      return null;
    end $$;
    create trigger carry_custody after insert on portal.identity_record for each row
      when (new.custodian_id is not null) execute function app.carry_custody();
    create trigger carry_custody_on after update of custodian_id on portal.identity_record for each row
      when (new.custodian_id is distinct from old.custodian_id) execute function app.carry_custody();

    create function app.keep_persons_custody() returns trigger language plpgsql security definer set search_path = '' as $$
    begin
      select p.custodian_id into new.custodian_id from portal.person p where p.id = new.person_id;
      if tg_op = 'UPDATE' and new.custodian_id is distinct from old.custodian_id then
        raise exception 'a protected identity is linked to nobody' using errcode = 'insufficient_privilege';
      end if;
      return new;
    end $$;
    create trigger keep_custody before insert on portal.identity_record for each row execute function app.keep_persons_custody();
    create trigger keep_apart before update of person_id on portal.identity_record for each row execute function app.keep_persons_custody();

    create function app.keep_part_custody() returns trigger language plpgsql security definer set search_path = '' as $$
    begin
      perform app.keep_together((to_jsonb(new) ->> 'part_id')::uuid, (to_jsonb(new) ->> 'reason_id')::uuid);
      return null;
    end $$;
    create trigger keep_part_custody after insert on portal.support_report_part_person for each row
      when (new.custodian_id is not null) execute function app.keep_part_custody();
    create trigger keep_part_custody after insert on portal.sharing_reason_person for each row
      when (new.custodian_id is not null) execute function app.keep_part_custody();

    create function app.keep_history_custody() returns trigger language plpgsql set search_path = '' as $$
    begin
      new.custodian_id := new.body ->> 'custodian_id';
      return new;
    end $$;
    create trigger keep_custody before insert on portal.record_history for each row
      when (new.body ->> 'custodian_id' is not null) execute function app.keep_history_custody();

    drop index portal.uq_identity_record_own_id;
    create unique index uq_identity_record_own_id on portal.identity_record (agency_id,
      (coalesce(service_id, '00000000-0000-0000-0000-000000000000'::uuid)), own_id,
      (coalesce(set_apart_for, '00000000-0000-0000-0000-000000000000'::uuid)), set_apart_turn, is_made_here,
      (coalesce(custodian_id, '00000000-0000-0000-0000-000000000000'::uuid)));

    -- With whom the viewer is connected, by every identity record: whom a record means is walled off from them although they see
    -- neither that person nor the connection, which a service or a custodian keeps.
    create function app.connected(because integer, today date) returns uuid[] language plpgsql stable security definer set search_path = '' as $$
    begin
      return (select array_agg(b.id) from portal.opening o join portal.identity_record a on a.id = o.subject_id
        join portal.identity_record b on b.person_id = a.person_id
        where o.holder_id = app.viewer() and o.because = connected.because and o.from_on <= connected.today
          and (o.until_on is null or o.until_on >= connected.today));
    end $$;
    revoke execute on function app.connected from public;
    grant execute on function app.connected to throughline_app;

    -- The mark takes a person into custody and lets them go. An id that an agency has meanwhile given to whom it then named stays theirs.
    create function app.take_into_custody() returns trigger language plpgsql security definer set search_path = '' as $$
    declare
      whom uuid := (select i.person_id from portal.identity_record i where i.id = new.identity_record_id);
      keeper uuid := (select p.agency_id from portal.protection p join portal.identity_record i on i.id = p.identity_record_id
        where i.person_id = whom and p.what = 'IDENTITY' and p.until_on is null and p.withdrawn_at is null order by p.made_at, p.id limit 1);
    begin
      if keeper is null then
        update portal.identity_record i set own_id = i.own_id || ' ' || i.id where i.person_id = whom and exists (
          select from portal.identity_record x where x.custodian_id is null and x.id <> i.id and x.agency_id = i.agency_id
          and x.service_id is not distinct from i.service_id and x.own_id = i.own_id
          and x.set_apart_for is not distinct from i.set_apart_for and x.set_apart_turn = i.set_apart_turn
          and x.is_made_here = i.is_made_here);
      end if;
      update portal.person p set custodian_id = keeper where p.id = whom and p.custodian_id is distinct from keeper;
      update portal.identity_record i set custodian_id = p.custodian_id from portal.person p
        where p.id = whom and i.person_id = whom and i.custodian_id is distinct from p.custodian_id;
      return null;
    end $$;
    create trigger take_into_custody after insert on portal.protection for each row
      when (new.what = 'IDENTITY') execute function app.take_into_custody();
    create trigger let_go after update on portal.protection for each row
      when (new.what = 'IDENTITY' and (new.until_on, new.withdrawn_at) is distinct from (old.until_on, old.withdrawn_at))
      execute function app.take_into_custody();
"""
LET_GO = """
    drop trigger let_go on portal.protection;
    drop trigger take_into_custody on portal.protection;
    drop function app.take_into_custody;
    drop function app.connected;
    drop index portal.uq_identity_record_own_id;
    update portal.identity_record set own_id = own_id || ' ' || id where custodian_id is not null;
    create unique index uq_identity_record_own_id on portal.identity_record (agency_id,
      (coalesce(service_id, '00000000-0000-0000-0000-000000000000'::uuid)), own_id,
      (coalesce(set_apart_for, '00000000-0000-0000-0000-000000000000'::uuid)), set_apart_turn, is_made_here);
    drop trigger keep_custody on portal.record_history;
    drop function app.keep_history_custody;
    drop trigger keep_part_custody on portal.support_report_part_person;
    drop trigger keep_part_custody on portal.sharing_reason_person;
    drop function app.keep_part_custody;
    drop trigger keep_apart on portal.identity_record;
    drop trigger keep_custody on portal.identity_record;
    drop function app.keep_persons_custody;
    drop trigger carry_custody_on on portal.identity_record;
    drop trigger carry_custody on portal.identity_record;
    drop function app.carry_custody;
    drop function app.keep_together;
    do $$
    declare
      kept record;
    begin
      for kept in select c.relname, t.tgname, t.tgfoid::regproc as does from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid
        where c.relnamespace = 'portal'::regnamespace and t.tgname in ('keep_history', 'keep_part_history', 'keep_what_was_signed')
          and pg_catalog.pg_get_triggerdef(t.oid) like '%custodian_id%'
      loop
        execute format('drop trigger %I on portal.%I', kept.tgname, kept.relname);
        execute format('create trigger %I before update on portal.%I for each row execute function %s()', kept.tgname, kept.relname, kept.does);
      end loop;
      for kept in select c.relname, t.tgname from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid
        where c.relnamespace = 'portal'::regnamespace and t.tgname in ('keep_custody', 'guard_custody')
      loop
        execute format('drop trigger %I on portal.%I', kept.tgname, kept.relname);
      end loop;
      for kept in select c.relname from pg_catalog.pg_policy p join pg_catalog.pg_class c on c.oid = p.polrelid where p.polname = 'custody' loop
        execute format('drop policy custody on portal.%I', kept.relname);
      end loop;
    end $$;
    drop function app.hide_with_its_person;
    drop function app.keep_custody;
    drop function app.custodian_of;
    drop function app.guard_custody;
"""
KEPT = (
    "person", "identity_record", "identity_number", "search_key", "opening", "connection", "record_history",
    "support_report_part", "support_report_part_person", "team_position_person", "sharing_decision_person", "involvement", "need",
    "legal_status", "enrolment", "attendance", "membership", "relationship", "address", "contact", "assignment", "protection",
    "service_agreement", "sharing_reason", "sharing_reason_person", "parental_responsibility", "court_order", "emergency_access",
)  # fmt: skip
"""Tables whose rows tell of a person."""


def upgrade() -> None:
    make_marks()
    for table in KEPT:
        if table != "protection":
            op.add_column(table, sa.Column("custodian_id", sa.Uuid(), nullable=True), schema="portal")
    run_script(op.get_bind(), MARKS)
    run_script(op.get_bind(), UNDER_CUSTODY)
    for table in KEPT:
        op.execute(f"select app.hide_with_its_person('{table}')")


def downgrade() -> None:
    run_script(op.get_bind(), LET_GO)
    op.drop_table("protection_reader", schema="portal")
    op.drop_table("protection", schema="portal")
    for table in reversed(KEPT):
        if table != "protection":
            op.drop_column(table, "custodian_id", schema="portal")


def make_marks() -> None:
    op.create_table(
        "protection",
        sa.Column("identity_record_id", sa.Uuid(), nullable=False),
        sa.Column("custodian_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("lifted_because", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sensitivity", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("practitioner_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "sensitivity in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')", name=op.f("ck_protection_sensitivity_is_known")
        ),
        sa.CheckConstraint(
            "sensitivity <> 'CONFIDENTIAL' or service_id is not null", name=op.f("ck_protection_confidential_has_service")
        ),
        sa.CheckConstraint("what in ('IDENTITY', 'WHEREABOUTS')", name=op.f("ck_protection_what_is_known")),
        sa.ForeignKeyConstraint(
            ["identity_record_id"], ["portal.identity_record.id"], name=op.f("fk_protection_identity_record_id")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_protection_agency_id")),
        sa.ForeignKeyConstraint(["service_id"], ["portal.service.id"], name=op.f("fk_protection_service_id")),
        sa.ForeignKeyConstraint(["practitioner_id"], ["portal.practitioner.id"], name=op.f("fk_protection_practitioner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protection")),
        sa.UniqueConstraint("id", "agency_id", name="uq_protection_of_its_maker"),
        schema="portal",
    )
    op.create_index(op.f("ix_protection_identity_record_id"), "protection", ["identity_record_id"], schema="portal")
    op.create_table(
        "protection_reader",
        sa.Column("protection_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["protection_id", "agency_id"], ["portal.protection.id", "portal.protection.agency_id"],
            name=op.f("fk_protection_reader_protection_id"),
        ),
        sa.ForeignKeyConstraint(["practitioner_id"], ["portal.practitioner.id"], name=op.f("fk_protection_reader_practitioner_id")),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_protection_reader_agency_id")),
        sa.PrimaryKeyConstraint("protection_id", "practitioner_id", name=op.f("pk_protection_reader")),
        schema="portal",
    )  # fmt: skip
