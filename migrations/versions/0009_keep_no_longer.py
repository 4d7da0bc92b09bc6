"""Retention schedules, legal holds and proofs of deletion."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from throughline.db.migrate import run_script

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# The app role has no part in deleting: it neither reads schedules nor proofs. A hold shows to the agency that placed it alone.
SECURITY = """
    alter table portal.retention_schedule enable row level security;
    alter table portal.retention_schedule force row level security;
    create policy owned on portal.retention_schedule to throughline_owner using (true) with check (true);

    alter table audit.deletion enable row level security;
    alter table audit.deletion force row level security;
    create policy owned on audit.deletion to throughline_owner using (true) with check (true);

    alter table portal.legal_hold enable row level security;
    alter table portal.legal_hold force row level security;
    create policy owned on portal.legal_hold to throughline_owner using (true) with check (true);
    create policy read on portal.legal_hold for select to throughline_app using (agency_id = app.agency());
    create policy made on portal.legal_hold for insert to throughline_app with check (agency_id = app.agency());
    create policy amended on portal.legal_hold for update to throughline_app
      using (agency_id = app.agency()) with check (agency_id = app.agency());
    grant select, insert, update on portal.legal_hold to throughline_app;
    create trigger keep_history before update on portal.legal_hold for each row execute function app.keep_history();
    select app.hide_with_its_person('legal_hold');

    -- Where England's councils mostly begin. An area sets its own: `throughline retention set`.
    insert into portal.retention_schedule (area, kind, about, kept_from, years, source, set_at) values
      ('*', '*', 'CHILD', 'BIRTH', 25, 'Usual for children''s records: until the 25th birthday (IRMS toolkit for schools)', now()),
      ('*', '*', 'ADULT', 'CASE_CLOSED', 6, 'Limitation Act 1980: six years after the case was closed', now()),
      ('*', '*', 'NOBODY', 'RECORD_ENDED', 6, 'Limitation Act 1980: six years', now()),
      ('*', 'LEGAL_STATUS', 'CHILD', 'BIRTH', 75,
       'Care Planning, Placement and Case Review (England) Regulations 2010, reg. 50: until the 75th birthday', now()),
      ('*', 'ATTENDANCE', 'CHILD', 'RECORD_ENDED', 6, 'School Attendance (Pupil Registration) (England) Regulations 2024: six years', now());
"""


def upgrade() -> None:
    _schedule()
    _hold()
    _deletion()
    op.create_index(
        op.f("ix_link_event_from_person_id"),
        "link_event",
        ["from_person_id"],
        schema="portal",
        postgresql_where=sa.text("from_person_id is not null"),
    )
    run_script(op.get_bind(), SECURITY)


def _schedule() -> None:
    op.create_table(
        "retention_schedule",
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("kept_from", sa.Text(), nullable=False),
        sa.Column("years", sa.SmallInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "about <> 'NOBODY' or kept_from = 'RECORD_ENDED'", name=op.f("ck_retention_schedule_nobody_has_a_birthday")
        ),
        sa.CheckConstraint("about in ('CHILD', 'ADULT', 'NOBODY')", name=op.f("ck_retention_schedule_about_is_known")),
        sa.CheckConstraint(
            "kept_from in ('BIRTH', 'RECORD_ENDED', 'CASE_CLOSED', 'LAST_RECORD')",
            name=op.f("ck_retention_schedule_kept_from_is_known"),
        ),
        sa.CheckConstraint("years between 0 and 100", name=op.f("ck_retention_schedule_years_are_possible")),
        sa.PrimaryKeyConstraint("area", "kind", "about", name=op.f("pk_retention_schedule")),
        schema="portal",
    )


def _hold() -> None:
    op.create_table(
        "legal_hold",
        sa.Column("identity_record_id", sa.Uuid(), nullable=False),
        sa.Column("custodian_id", sa.Uuid(), nullable=True),
        sa.Column("kinds", sa.ARRAY(sa.Text()), nullable=False),
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
        sa.CheckConstraint("(until_on is null) = (lifted_because is null)", name=op.f("ck_legal_hold_lifted_with_a_reason")),
        sa.CheckConstraint(
            "sensitivity <> 'CONFIDENTIAL' or service_id is not null", name=op.f("ck_legal_hold_confidential_has_service")
        ),
        sa.CheckConstraint(
            "sensitivity in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')", name=op.f("ck_legal_hold_sensitivity_is_known")
        ),
        sa.CheckConstraint("until_on is null or until_on >= from_on", name=op.f("ck_legal_hold_ends_after_it_starts")),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_legal_hold_agency_id")),
        sa.ForeignKeyConstraint(
            ["identity_record_id"], ["portal.identity_record.id"], name=op.f("fk_legal_hold_identity_record_id")
        ),
        sa.ForeignKeyConstraint(["practitioner_id"], ["portal.practitioner.id"], name=op.f("fk_legal_hold_practitioner_id")),
        sa.ForeignKeyConstraint(["service_id"], ["portal.service.id"], name=op.f("fk_legal_hold_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
        schema="portal",
    )
    op.create_index(op.f("ix_legal_hold_identity_record_id"), "legal_hold", ["identity_record_id"], schema="portal")


def _deletion() -> None:
    op.create_table(
        "deletion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("record_digest", sa.LargeBinary(), nullable=False),
        sa.Column("content_digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletion")),
        schema="audit",
    )
    op.create_index(op.f("ix_deletion_entry_id"), "deletion", ["entry_id"], schema="audit")


def downgrade() -> None:
    op.drop_index(op.f("ix_link_event_from_person_id"), "link_event", schema="portal")
    op.drop_table("deletion", schema="audit")
    op.drop_table("legal_hold", schema="portal")
    op.drop_table("retention_schedule", schema="portal")
