"""Parental responsibility, court orders, who must not be told and safe contact."""

from collections.abc import Sequence

from alembic import op

from throughline.db.migrate import run_script

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

RECORDS = (
    "involvement", "need", "legal_status", "enrolment", "attendance", "membership", "relationship", "team_position",
    "sharing_decision", "address", "contact", "service_agreement", "sharing_reason",
)  # fmt: skip
CAUTIONED = (*RECORDS, "support_report_part")
"""Tables of what may say who must not be told, and how to be in touch safely."""

# It is part of the record: whoever sees that sees it, row security and history are the record's own. Whom the words mean is named by an
# identity record of the maker's.
CAUTION = """
    alter table portal.{table}
      add column must_not_be_told text, add column must_not_be_told_id uuid, add column safe_contact text,
      add constraint fk_{table}_must_not_be_told_id foreign key (must_not_be_told_id, agency_id)
        references portal.identity_record (id, agency_id),
      add constraint ck_{table}_says_who_must_not_be_told check (must_not_be_told_id is null or must_not_be_told is not null);
"""
NO_CAUTION = """
    alter table portal.{table} drop column must_not_be_told_id, drop column must_not_be_told, drop column safe_contact;
"""

RECORD = """
    id uuid not null constraint pk_{table} primary key,
    version integer not null,
    sensitivity text not null constraint ck_{table}_sensitivity_is_known check (sensitivity in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')),
    made_at timestamptz not null,
    withdrawn_at timestamptz,
    withdrawn_reason text,
    agency_id uuid not null constraint fk_{table}_agency_id references portal.agency (id),
    service_id uuid constraint fk_{table}_service_id references portal.service (id),
    practitioner_id uuid constraint fk_{table}_practitioner_id references portal.practitioner (id),
    constraint ck_{table}_confidential_has_service check (sensitivity <> 'CONFIDENTIAL' or service_id is not null),
    constraint ck_{table}_ends_after_it_starts check ({ends}),
"""
PARENTAL_RESPONSIBILITY = f"""
    create table portal.parental_responsibility (
      {RECORD.format(table="parental_responsibility", ends="until_on is null or from_on is null or until_on >= from_on")}
      identity_record_id uuid not null constraint fk_parental_responsibility_identity_record_id references portal.identity_record (id),
      other_identity_record_id uuid not null
        constraint fk_parental_responsibility_other_identity_record_id references portal.identity_record (id),
      household_id uuid not null constraint fk_parental_responsibility_household_id references portal.household (id),
      known_by text not null constraint ck_parental_responsibility_known_by_is_known check (known_by in (
        'MOTHER', 'BIRTH_CERTIFICATE', 'MARRIAGE', 'AGREEMENT', 'COURT_ORDER', 'ADOPTION', 'GUARDIANSHIP', 'TOLD')),
      from_on date,
      until_on date
    );
    create index ix_parental_responsibility_identity_record_id on portal.parental_responsibility (identity_record_id);
    create index ix_parental_responsibility_other_identity_record_id on portal.parental_responsibility (other_identity_record_id);
"""
COURT_ORDER = f"""
    create table portal.court_order (
      {RECORD.format(table="court_order", ends="until_on is null or until_on >= from_on")}
      identity_record_id uuid not null constraint fk_court_order_identity_record_id references portal.identity_record (id),
      kind text not null constraint ck_court_order_kind_is_known check (kind in (
        'CHILD_ARRANGEMENTS', 'PROHIBITED_STEPS', 'SPECIFIC_ISSUE', 'PARENTAL_RESPONSIBILITY', 'SPECIAL_GUARDIANSHIP', 'CARE',
        'INTERIM_CARE', 'SUPERVISION', 'EMERGENCY_PROTECTION', 'NON_MOLESTATION', 'OCCUPATION', 'OTHER')),
      what_it_says text,
      keeps_away_id uuid,
      from_on date not null,
      until_on date,
      constraint ck_court_order_sensitive_at_least check (sensitivity <> 'STANDARD'),
      constraint fk_court_order_keeps_away_id foreign key (keeps_away_id, agency_id) references portal.identity_record (id, agency_id)
    );
    create index ix_court_order_identity_record_id on portal.court_order (identity_record_id);
"""
# As every kind of record has it (`db/security.sql`); who may end what is about a household is the policy's to say, as with relationships.
GUARDED = """
    alter table portal.{table} enable row level security;
    alter table portal.{table} force row level security;
    create policy owned on portal.{table} to throughline_owner using (true) with check (true);
    create policy read on portal.{table} for select to throughline_app using
      ((current_setting('app.agency', true) <> '') and (sensitivity <> 'CONFIDENTIAL' or service_id = any (app.services())));
    create policy made on portal.{table} for insert to throughline_app with check
      (agency_id = app.agency() and (sensitivity <> 'CONFIDENTIAL' or service_id = any (app.services())));
    create policy amended on portal.{table} for update to throughline_app using
      ((current_setting('app.agency', true) <> '') and (sensitivity <> 'CONFIDENTIAL' or service_id = any (app.services())))
      with check ({writable} and (sensitivity <> 'CONFIDENTIAL' or service_id = any (app.services())));
    grant select, insert, update on portal.{table} to throughline_app;
    create trigger keep_history before update on portal.{table} for each row execute function app.keep_history();
    create trigger keep_the_end before update on portal.{table} for each row
      when (old.until_on is not null and (new.until_on is null or new.until_on > old.until_on)) execute function app.keep_the_end();
"""
WRITABLE = {
    "parental_responsibility": "(current_setting('app.agency', true) <> '')",
    "court_order": "(agency_id = app.agency())",
}

# Whether a part shows is decided on the row that names its people: whom its words mean stands there again. Triggers fire in the order
# of their names: this one comes before `tell_part_people`, after which the report is named.
PARTS = """
    grant update (must_not_be_told, must_not_be_told_id, safe_contact) on portal.support_report_part to throughline_app;
    alter table portal.support_report_part_person add column must_not_be_told_id uuid;
    create function app.say_whom_it_means() returns trigger language plpgsql security definer set search_path = '' as $$
    begin
      if tg_table_name = 'support_report_part_person' then
        select p.must_not_be_told_id into new.must_not_be_told_id from portal.support_report_part p where p.id = new.part_id
          and p.agency_id = new.agency_id;
      else
        update portal.support_report_part_person l set must_not_be_told_id = new.must_not_be_told_id where l.part_id = new.id;
      end if;
      return new;
    end $$;
    create trigger say_whom_it_means after update on portal.support_report_part for each row
      when (new.must_not_be_told_id is distinct from old.must_not_be_told_id) execute function app.say_whom_it_means();
    create trigger say_whom_it_means before insert on portal.support_report_part_person for each row
      when (new.report_id is null) execute function app.say_whom_it_means();
"""
NO_PARTS = """
    drop trigger say_whom_it_means on portal.support_report_part_person;
    drop trigger say_whom_it_means on portal.support_report_part;
    drop function app.say_whom_it_means;
    alter table portal.support_report_part_person drop column must_not_be_told_id;
    revoke update (must_not_be_told, must_not_be_told_id, safe_contact) on portal.support_report_part from throughline_app;
"""


def upgrade() -> None:
    run_script(op.get_bind(), PARENTAL_RESPONSIBILITY)
    run_script(op.get_bind(), COURT_ORDER)
    for table, writable in WRITABLE.items():
        run_script(op.get_bind(), GUARDED.format(table=table, writable=writable))
    for table in (*CAUTIONED, *WRITABLE):
        run_script(op.get_bind(), CAUTION.format(table=table))
    run_script(op.get_bind(), PARTS)


def downgrade() -> None:
    run_script(op.get_bind(), NO_PARTS)
    for table in CAUTIONED:
        run_script(op.get_bind(), NO_CAUTION.format(table=table))
    for table in WRITABLE:
        op.execute(f"drop table portal.{table}")
