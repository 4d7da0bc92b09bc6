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
"""
NO_RIGHTS = """
    drop table portal.left_out;
    drop table portal.rights_request;
    delete from portal.record_history where kind = 'rights_request';
    delete from portal.outbox where kind = 'RIGHTS_REQUEST';
"""


def upgrade() -> None:
    run_script(op.get_bind(), RIGHTS)
    for table in ("rights_request", "left_out"):
        run_script(op.get_bind(), GUARDED.format(table=table))
    run_script(op.get_bind(), AMENDED)


def downgrade() -> None:
    run_script(op.get_bind(), NO_RIGHTS)
