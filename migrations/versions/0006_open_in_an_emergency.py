"""Emergency access and its review."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from throughline.db.migrate import run_script

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# The second wall. Whoever opens a child's records does so in their own name and says nothing of a review; of what is written once,
# nothing changes but that it ends, once, and is reviewed, once, by somebody else of the same agency. Nobody deletes it.
CLOSED = """
    alter table portal.emergency_access enable row level security;
    alter table portal.emergency_access force row level security;
    create policy owned on portal.emergency_access to throughline_owner using (true) with check (true);
    create policy read on portal.emergency_access for select to throughline_app using
      ((current_setting('app.agency', true) <> '') and (sensitivity <> 'CONFIDENTIAL' or service_id = any (app.services())));
    create policy made on portal.emergency_access for insert to throughline_app with check
      (agency_id = app.agency() and practitioner_id = app.viewer() and ended_at is null and outcome is null);
    create policy amended on portal.emergency_access for update to throughline_app
      using (agency_id = app.agency()) with check (agency_id = app.agency());
    grant select, insert on portal.emergency_access to throughline_app;
    grant update (version, ended_at, outcome, findings, reviewed_at, reviewed_by_id) on portal.emergency_access to throughline_app;
    create trigger keep_history before update on portal.emergency_access for each row execute function app.keep_history();

    create function app.keep_the_emergency() returns trigger language plpgsql set search_path = '' as $$
    begin
      if old.ended_at is not null and new.ended_at is distinct from old.ended_at
         or new.ended_at is distinct from old.ended_at and old.practitioner_id is distinct from app.viewer() then
        raise exception 'only whoever opened it ends it, and once' using errcode = 'insufficient_privilege';
      end if;
      if (new.outcome, new.findings, new.reviewed_at, new.reviewed_by_id)
         is distinct from (old.outcome, old.findings, old.reviewed_at, old.reviewed_by_id)
         and (old.outcome is not null or new.reviewed_by_id is distinct from app.viewer()) then
        raise exception 'it is reviewed once, by whoever says so' using errcode = 'insufficient_privilege';
      end if;
      return new;
    end $$;
    create trigger keep_the_emergency before update on portal.emergency_access for each row
      when (current_setting('app.agency', true) <> '') execute function app.keep_the_emergency();
"""


def upgrade() -> None:
    op.create_table(
        "emergency_access",
        sa.Column("identity_record_id", sa.Uuid(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_due_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("findings", sa.Text(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sensitivity", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("practitioner_id", sa.Uuid(), nullable=True),
        *(sa.CheckConstraint(text, name=op.f(f"ck_emergency_access_{name}")) for name, text in RULES.items()),
        *(
            sa.ForeignKeyConstraint([column], [f"portal.{target}.id"], name=op.f(f"fk_emergency_access_{column}"))
            for column, target in REFERS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_access")),
        schema="portal",
    )
    for columns in (["identity_record_id"], ["practitioner_id"], ["agency_id", "review_due_on"]):
        name = op.f(f"ix_emergency_access_{'_'.join(columns)}")
        op.create_index(name, "emergency_access", columns, unique=False, schema="portal")
    run_script(op.get_bind(), CLOSED)


def downgrade() -> None:
    op.drop_table("emergency_access", schema="portal")
    op.execute("drop function app.keep_the_emergency")


REFERS = {
    "identity_record_id": "identity_record",
    "agency_id": "agency",
    "service_id": "service",
    "practitioner_id": "practitioner",
    "reviewed_by_id": "practitioner",
}
RULES = {
    "sensitivity_is_known": "sensitivity in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')",
    "confidential_has_service": "sensitivity <> 'CONFIDENTIAL' or service_id is not null",
    "ground_is_known": "ground in ('LIFE_AT_RISK', 'SIGNIFICANT_HARM', 'MISSING', 'URGENT_CARE')",
    "outcome_is_known": "outcome in ('JUSTIFIED', 'NOT_JUSTIFIED')",
    "is_sensitive": "sensitivity = 'SENSITIVE'",
    "stays_for_ever": "withdrawn_at is null",
    "opened_by_a_person": "practitioner_id is not null",
    "runs_for_hours": "hours > 0 and until_at = made_at + hours * interval '1 hour'",
    "reviewed_whole": "num_nulls(outcome, findings, reviewed_at, reviewed_by_id) in (0, 4)",
    "reviewed_by_another": "reviewed_by_id is distinct from practitioner_id",
}
