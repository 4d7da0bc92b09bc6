"""lay the foundations"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from throughline.db.columns import Xid8
from throughline.db.migrate import PACKAGE, run_script

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SECURITY = PACKAGE / "db" / "security.sql"


def upgrade() -> None:
    op.execute("create schema portal")
    op.execute("create schema audit")
    op.create_table(
        "entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("policy_version", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("seen", sa.LargeBinary(), nullable=True),
        sa.Column("terms", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        schema="audit",
    )
    op.create_index(op.f("ix_entry_agency_id_at"), "entry", ["agency_id", "at"], unique=False, schema="audit")
    op.create_index(op.f("ix_entry_xid"), "entry", ["xid"], unique=False, schema="audit")
    op.create_table(
        "cluster",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster")),
        schema="portal",
    )
    op.create_table(
        "idempotency_key",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("mutation", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("input_digest", sa.LargeBinary(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "client_id", "mutation", "key", name=op.f("pk_idempotency_key")),
        schema="portal",
    )
    op.create_index(op.f("ix_idempotency_key_at"), "idempotency_key", ["at"], unique=False, schema="portal")
    op.create_table(
        "imported_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_file")),
        schema="portal",
    )
    op.create_index(
        op.f("ix_imported_file_agency_id_sha256"), "imported_file", ["agency_id", "sha256"], unique=False, schema="portal"
    )
    op.create_index(op.f("ix_imported_file_begun_at"), "imported_file", ["begun_at"], unique=False, schema="portal")
    op.create_table(
        "need_label",
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "severity in ('UNIVERSAL', 'ADDITIONAL', 'INTENSIVE', 'SPECIALIST')", name=op.f("ck_need_label_severity_is_known")
        ),
        sa.PrimaryKeyConstraint("area", "severity", name=op.f("pk_need_label")),
        schema="portal",
    )
    op.create_table(
        "oauth_assertion",
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("jti", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "jti", name=op.f("pk_oauth_assertion")),
        schema="portal",
    )
    op.create_index(op.f("ix_oauth_assertion_expires_at"), "oauth_assertion", ["expires_at"], unique=False, schema="portal")
    op.create_table(
        "opening",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("because", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("kinds", sa.Integer(), nullable=False),
        sa.Column("sensitive_kinds", sa.Integer(), nullable=False),
        sa.Column("agreed_kinds", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("subject_id", "holder_id", "because", "source_id", "from_on", name=op.f("pk_opening")),
        schema="portal",
    )
    op.create_index(op.f("ix_opening_holder_id_because"), "opening", ["holder_id", "because"], unique=False, schema="portal")
    op.create_index(op.f("ix_opening_source_id"), "opening", ["source_id"], unique=False, schema="portal")
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        schema="portal",
    )
    op.create_index(op.f("ix_outbox_xid"), "outbox", ["xid"], unique=False, schema="portal")
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        schema="portal",
    )
    op.create_table(
        "record_history",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("sensitivity", sa.Text(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("record_id", "version", name=op.f("pk_record_history")),
        schema="portal",
    )
    op.create_table(
        "support_kind",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("floor", sa.Text(), nullable=False),
        sa.CheckConstraint("floor in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')", name=op.f("ck_support_kind_floor_is_known")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_support_kind")),
        schema="portal",
    )
    op.create_table(
        "agency",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=True),
        sa.Column("laestab", sa.Text(), nullable=True),
        sa.Column("urn", sa.Text(), nullable=True),
        sa.Column("ukprn", sa.Text(), nullable=True),
        sa.Column("telephone", sa.Text(), nullable=True),
        sa.Column("source_rank", sa.SmallInteger(), nullable=False),
        sa.Column("involvement_floor", sa.Text(), server_default="STANDARD", nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "involvement_floor in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')", name=op.f("ck_agency_involvement_floor_is_known")
        ),
        sa.CheckConstraint(
            "kind in ('NURSERY', 'SCHOOL', 'COLLEGE', 'HEALTH', 'POLICE', 'VOLUNTARY', 'LOCAL_AUTHORITY')",
            name=op.f("ck_agency_kind_is_known"),
        ),
        sa.ForeignKeyConstraint(["cluster_id"], ["portal.cluster.id"], name=op.f("fk_agency_cluster_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("laestab", name=op.f("uq_agency_laestab")),
        schema="portal",
    )
    op.create_table(
        "family",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_family_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family")),
        schema="portal",
    )
    op.create_table(
        "feed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("covered_from", sa.Date(), nullable=False),
        sa.Column("covered_to", sa.Date(), nullable=False),
        sa.Column("promised_every_days", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_feed_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        schema="portal",
    )
    op.create_index(op.f("ix_feed_area_kind"), "feed", ["area", "kind"], unique=False, schema="portal")
    op.create_table(
        "practitioner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("job_title", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("manager_id", sa.Uuid(), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_practitioner_agency_id")),
        sa.ForeignKeyConstraint(["manager_id"], ["portal.practitioner.id"], name=op.f("fk_practitioner_manager_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practitioner")),
        sa.UniqueConstraint("email", name=op.f("uq_practitioner_email")),
        schema="portal",
    )
    op.create_index(op.f("ix_practitioner_agency_id"), "practitioner", ["agency_id"], unique=False, schema="portal")
    op.create_index(op.f("ix_practitioner_manager_id"), "practitioner", ["manager_id"], unique=False, schema="portal")
    op.create_table(
        "service",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_confidential", sa.Boolean(), nullable=False),
        sa.Column("involvement_floor", sa.Text(), server_default="STANDARD", nullable=False),
        sa.CheckConstraint(
            "involvement_floor in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')", name=op.f("ck_service_involvement_floor_is_known")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_service_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        schema="portal",
    )
    op.create_index(op.f("ix_service_agency_id"), "service", ["agency_id"], unique=False, schema="portal")
    op.create_table(
        "tool",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_tool_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tool")),
        schema="portal",
    )
    op.create_table(
        "household",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_household_agency_id")),
        sa.ForeignKeyConstraint(["family_id"], ["portal.family.id"], name=op.f("fk_household_family_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
        schema="portal",
    )
    op.create_index(op.f("ix_household_family_id"), "household", ["family_id"], unique=False, schema="portal")
    op.create_table(
        "identity_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("practitioner_id", sa.Uuid(), nullable=True),
        sa.Column("sensitivity", sa.Text(), nullable=False),
        sa.Column("own_id", sa.Text(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=True),
        sa.Column("family_name", sa.Text(), nullable=True),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("is_unborn", sa.Boolean(), nullable=False),
        sa.Column("sex", sa.Text(), nullable=True),
        sa.Column("source_rank", sa.SmallInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(sensitivity = 'CONFIDENTIAL') = (service_id is not null)", name=op.f("ck_identity_record_confidential_has_service")
        ),
        sa.CheckConstraint(
            "sensitivity in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')", name=op.f("ck_identity_record_sensitivity_is_known")
        ),
        sa.CheckConstraint("sex in ('FEMALE', 'MALE', 'NOT_KNOWN')", name=op.f("ck_identity_record_sex_is_known")),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_identity_record_agency_id")),
        sa.ForeignKeyConstraint(["person_id"], ["portal.person.id"], name=op.f("fk_identity_record_person_id")),
        sa.ForeignKeyConstraint(["practitioner_id"], ["portal.practitioner.id"], name=op.f("fk_identity_record_practitioner_id")),
        sa.ForeignKeyConstraint(["service_id"], ["portal.service.id"], name=op.f("fk_identity_record_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_record")),
        schema="portal",
    )
    op.create_index(op.f("ix_identity_record_person_id"), "identity_record", ["person_id"], unique=False, schema="portal")
    op.create_index(
        "uq_identity_record_own_id",
        "identity_record",
        ["agency_id", sa.literal_column("coalesce(service_id, '00000000-0000-0000-0000-000000000000'::uuid)"), "own_id"],
        unique=True,
        schema="portal",
    )
    op.create_table(
        "oauth_client",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("tool_id", sa.Uuid(), nullable=True),
        sa.Column("practitioner_id", sa.Uuid(), nullable=True),
        sa.Column("secret_hash", sa.Text(), nullable=True),
        sa.Column("jwks", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("auth_method", sa.Text(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "auth_method in ('client_secret_basic', 'private_key_jwt')", name=op.f("ck_oauth_client_auth_method_is_known")
        ),
        sa.CheckConstraint("num_nonnulls(tool_id, practitioner_id) = 1", name=op.f("ck_oauth_client_signs_in_as_one")),
        sa.ForeignKeyConstraint(["practitioner_id"], ["portal.practitioner.id"], name=op.f("fk_oauth_client_practitioner_id")),
        sa.ForeignKeyConstraint(["tool_id"], ["portal.tool.id"], name=op.f("fk_oauth_client_tool_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_client")),
        sa.UniqueConstraint("client_id", name=op.f("uq_oauth_client_client_id")),
        schema="portal",
    )
    op.create_index(op.f("ix_oauth_client_practitioner_id"), "oauth_client", ["practitioner_id"], unique=False, schema="portal")
    op.create_index(op.f("ix_oauth_client_tool_id"), "oauth_client", ["tool_id"], unique=False, schema="portal")
    op.create_table(
        "practitioner_role",
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "role in ('SCHOOL_STAFF', 'SAFEGUARDING_LEAD', 'INCLUSION_LEAD', 'TRANSITION_COORDINATOR', 'HEALTH_PRACTITIONER', 'POLICE_OFFICER', 'VOLUNTARY_WORKER', 'FAMILY_PRACTITIONER', 'SOCIAL_WORKER', 'TEAM_MANAGER', 'TRIAGE_WORKER', 'IDENTITY_STEWARD', 'ANALYST', 'PRIVACY_OFFICER', 'AGENCY_ADMINISTRATOR')",
            name=op.f("ck_practitioner_role_role_is_known"),
        ),
        sa.ForeignKeyConstraint(["practitioner_id"], ["portal.practitioner.id"], name=op.f("fk_practitioner_role_practitioner_id")),
        sa.PrimaryKeyConstraint("practitioner_id", "role", name=op.f("pk_practitioner_role")),
        schema="portal",
    )
    op.create_table(
        "service_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["practitioner_id"], ["portal.practitioner.id"], name=op.f("fk_service_member_practitioner_id")),
        sa.ForeignKeyConstraint(["service_id"], ["portal.service.id"], name=op.f("fk_service_member_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_member")),
        schema="portal",
    )
    op.create_index(op.f("ix_service_member_practitioner_id"), "service_member", ["practitioner_id"], unique=False, schema="portal")
    op.create_table(
        "sharing_decision",
        sa.Column("lawful_basis", sa.Text(), nullable=False),
        sa.Column("special_category", sa.Text(), nullable=True),
        sa.Column("crime_condition", sa.Text(), nullable=True),
        sa.Column("confidence_met", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("kinds", sa.Integer(), nullable=False),
        sa.Column("sensitive_kinds", sa.Integer(), nullable=False),
        sa.Column("is_agreed_by_person", sa.Boolean(), nullable=False),
        sa.Column("is_refusal", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("confirmed_by_agency_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
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
            "confidence_met in ('AGREEMENT', 'PUBLIC_INTEREST')", name=op.f("ck_sharing_decision_confidence_met_is_known")
        ),
        sa.CheckConstraint(
            "crime_condition in ('SAFEGUARDING', 'PREVENTING_UNLAWFUL_ACTS', 'CONSENT')",
            name=op.f("ck_sharing_decision_crime_condition_is_known"),
        ),
        sa.CheckConstraint(
            "lawful_basis in ('PUBLIC_TASK', 'LEGAL_OBLIGATION', 'LEGITIMATE_INTERESTS', 'VITAL_INTERESTS')",
            name=op.f("ck_sharing_decision_lawful_basis_is_known"),
        ),
        sa.CheckConstraint(
            "purpose in ('SUPPORT', 'TRANSITION', 'TRIAGE', 'PROTECTION', 'OVERSIGHT', 'ASSURANCE', 'IDENTITY', 'RIGHTS', 'ADMINISTRATION')",
            name=op.f("ck_sharing_decision_purpose_is_known"),
        ),
        sa.CheckConstraint(
            "sensitivity <> 'CONFIDENTIAL' or service_id is not null", name=op.f("ck_sharing_decision_confidential_has_service")
        ),
        sa.CheckConstraint(
            "sensitivity in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')", name=op.f("ck_sharing_decision_sensitivity_is_known")
        ),
        sa.CheckConstraint(
            "special_category in ('HEALTH_OR_SOCIAL_CARE', 'SAFEGUARDING', 'EXPLICIT_CONSENT', 'VITAL_INTERESTS')",
            name=op.f("ck_sharing_decision_special_category_is_known"),
        ),
        sa.CheckConstraint(
            "confirmed_by_agency_id is distinct from agency_id", name=op.f("ck_sharing_decision_confirmed_by_another_agency")
        ),
        sa.CheckConstraint("review_on between from_on and until_on", name=op.f("ck_sharing_decision_is_reviewed_while_it_runs")),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_sharing_decision_ends_after_it_starts")),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_sharing_decision_agency_id")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_agency_id"], ["portal.agency.id"], name=op.f("fk_sharing_decision_confirmed_by_agency_id")
        ),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["portal.practitioner.id"], name=op.f("fk_sharing_decision_confirmed_by_id")),
        sa.ForeignKeyConstraint(["practitioner_id"], ["portal.practitioner.id"], name=op.f("fk_sharing_decision_practitioner_id")),
        sa.ForeignKeyConstraint(["service_id"], ["portal.service.id"], name=op.f("fk_sharing_decision_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing_decision")),
        schema="portal",
    )
    op.create_table(
        "tool_role",
        sa.Column("tool_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "role in ('SCHOOL_STAFF', 'SAFEGUARDING_LEAD', 'INCLUSION_LEAD', 'TRANSITION_COORDINATOR', 'HEALTH_PRACTITIONER', 'POLICE_OFFICER', 'VOLUNTARY_WORKER', 'FAMILY_PRACTITIONER', 'SOCIAL_WORKER', 'TEAM_MANAGER', 'TRIAGE_WORKER', 'IDENTITY_STEWARD', 'ANALYST', 'PRIVACY_OFFICER', 'AGENCY_ADMINISTRATOR')",
            name=op.f("ck_tool_role_role_is_known"),
        ),
        sa.ForeignKeyConstraint(["tool_id"], ["portal.tool.id"], name=op.f("fk_tool_role_tool_id")),
        sa.PrimaryKeyConstraint("tool_id", "role", name=op.f("pk_tool_role")),
        schema="portal",
    )
    op.create_table(
        "address",
        sa.Column("identity_record_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=True),
        sa.Column("is_confidential", sa.Boolean(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
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
            "sensitivity <> 'CONFIDENTIAL' or service_id is not null", name=op.f("ck_address_confidential_has_service")
        ),
        sa.CheckConstraint(
            "sensitivity in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')", name=op.f("ck_address_sensitivity_is_known")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_address_agency_id")),
        sa.ForeignKeyConstraint(["household_id"], ["portal.household.id"], name=op.f("fk_address_household_id")),
        sa.ForeignKeyConstraint(["identity_record_id"], ["portal.identity_record.id"], name=op.f("fk_address_identity_record_id")),
        sa.ForeignKeyConstraint(["practitioner_id"], ["portal.practitioner.id"], name=op.f("fk_address_practitioner_id")),
        sa.ForeignKeyConstraint(["service_id"], ["portal.service.id"], name=op.f("fk_address_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
        schema="portal",
    )
    op.create_index(op.f("ix_address_identity_record_id"), "address", ["identity_record_id"], unique=False, schema="portal")
    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("identity_record_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_assignment_agency_id")),
        sa.ForeignKeyConstraint(
            ["identity_record_id"], ["portal.identity_record.id"], name=op.f("fk_assignment_identity_record_id")
        ),
        sa.ForeignKeyConstraint(["practitioner_id"], ["portal.practitioner.id"], name=op.f("fk_assignment_practitioner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        schema="portal",
    )
    op.create_index(op.f("ix_assignment_identity_record_id"), "assignment", ["identity_record_id"], unique=False, schema="portal")
    op.create_index(op.f("ix_assignment_practitioner_id"), "assignment", ["practitioner_id"], unique=False, schema="portal")
    op.create_table(
        "attendance",
        sa.Column("identity_record_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("school_name", sa.Text(), nullable=True),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("academic_year", sa.Integer(), nullable=False),
        sa.Column("sessions_possible", sa.Integer(), nullable=False),
        sa.Column("sessions_attended", sa.Integer(), nullable=False),
        sa.Column("sessions_authorised", sa.Integer(), nullable=False),
        sa.Column("sessions_unauthorised", sa.Integer(), nullable=False),
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
            "sensitivity <> 'CONFIDENTIAL' or service_id is not null", name=op.f("ck_attendance_confidential_has_service")
        ),
        sa.CheckConstraint(
            "sensitivity in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')", name=op.f("ck_attendance_sensitivity_is_known")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_attendance_agency_id")),
        sa.ForeignKeyConstraint(
            ["identity_record_id"], ["portal.identity_record.id"], name=op.f("fk_attendance_identity_record_id")
        ),
        sa.ForeignKeyConstraint(["practitioner_id"], ["portal.practitioner.id"], name=op.f("fk_attendance_practitioner_id")),
        sa.ForeignKeyConstraint(["school_id"], ["portal.agency.id"], name=op.f("fk_attendance_school_id")),
        sa.ForeignKeyConstraint(["service_id"], ["portal.service.id"], name=op.f("fk_attendance_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        schema="portal",
    )
    op.create_index(op.f("ix_attendance_identity_record_id"), "attendance", ["identity_record_id"], unique=False, schema="portal")
    op.create_table(
        "connection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("identity_record_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "kind in ('SELF', 'RELATIVE', 'PARTNER', 'FORMER_PARTNER', 'HOUSEHOLD', 'SUBJECT_OF_ALLEGATION')",
            name=op.f("ck_connection_kind_is_known"),
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_connection_agency_id")),
        sa.ForeignKeyConstraint(
            ["identity_record_id"], ["portal.identity_record.id"], name=op.f("fk_connection_identity_record_id")
        ),
        sa.ForeignKeyConstraint(["practitioner_id"], ["portal.practitioner.id"], name=op.f("fk_connection_practitioner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection")),
        schema="portal",
    )
    op.create_index(op.f("ix_connection_identity_record_id"), "connection", ["identity_record_id"], unique=False, schema="portal")
    op.create_index(op.f("ix_connection_practitioner_id"), "connection", ["practitioner_id"], unique=False, schema="portal")
    op.create_table(
        "contact",
        sa.Column("identity_record_id", sa.Uuid(), nullable=False),
        sa.Column("front_door_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sensitivity", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("practitioner_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("channel in ('PHONE', 'EMAIL', 'POLICE_NOTICE', 'FORM')", name=op.f("ck_contact_channel_is_known")),
        sa.CheckConstraint(
            "sensitivity <> 'CONFIDENTIAL' or service_id is not null", name=op.f("ck_contact_confidential_has_service")
        ),
        sa.CheckConstraint(
            "sensitivity in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')", name=op.f("ck_contact_sensitivity_is_known")
        ),
        sa.CheckConstraint("front_door_id <> agency_id", name=op.f("ck_contact_made_by_another_agency")),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_contact_agency_id")),
        sa.ForeignKeyConstraint(["front_door_id"], ["portal.agency.id"], name=op.f("fk_contact_front_door_id")),
        sa.ForeignKeyConstraint(["identity_record_id"], ["portal.identity_record.id"], name=op.f("fk_contact_identity_record_id")),
        sa.ForeignKeyConstraint(["practitioner_id"], ["portal.practitioner.id"], name=op.f("fk_contact_practitioner_id")),
        sa.ForeignKeyConstraint(["service_id"], ["portal.service.id"], name=op.f("fk_contact_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        schema="portal",
    )
    op.create_index(op.f("ix_contact_front_door_id"), "contact", ["front_door_id"], unique=False, schema="portal")
    op.create_index(op.f("ix_contact_identity_record_id"), "contact", ["identity_record_id"], unique=False, schema="portal")
    op.create_table(
        "enrolment",
        sa.Column("identity_record_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("confirmed_by_agency_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
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
            "(state = 'CONFIRMED') = (confirmed_by_agency_id is not null)", name=op.f("ck_enrolment_confirmed_by_somebody")
        ),
        sa.CheckConstraint(
            "sensitivity <> 'CONFIDENTIAL' or service_id is not null", name=op.f("ck_enrolment_confidential_has_service")
        ),
        sa.CheckConstraint(
            "sensitivity in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')", name=op.f("ck_enrolment_sensitivity_is_known")
        ),
        sa.CheckConstraint("state in ('PROPOSED', 'CONFIRMED')", name=op.f("ck_enrolment_state_is_known")),
        sa.CheckConstraint(
            "confirmed_by_agency_id is distinct from school_id or agency_id <> school_id",
            name=op.f("ck_enrolment_never_a_school_alone"),
        ),
        sa.CheckConstraint("until_on is null or until_on >= from_on", name=op.f("ck_enrolment_ends_after_it_starts")),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_enrolment_agency_id")),
        sa.ForeignKeyConstraint(["confirmed_by_agency_id"], ["portal.agency.id"], name=op.f("fk_enrolment_confirmed_by_agency_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["portal.practitioner.id"], name=op.f("fk_enrolment_confirmed_by_id")),
        sa.ForeignKeyConstraint(
            ["identity_record_id"], ["portal.identity_record.id"], name=op.f("fk_enrolment_identity_record_id")
        ),
        sa.ForeignKeyConstraint(["practitioner_id"], ["portal.practitioner.id"], name=op.f("fk_enrolment_practitioner_id")),
        sa.ForeignKeyConstraint(["school_id"], ["portal.agency.id"], name=op.f("fk_enrolment_school_id")),
        sa.ForeignKeyConstraint(["service_id"], ["portal.service.id"], name=op.f("fk_enrolment_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        schema="portal",
    )
    op.create_index(op.f("ix_enrolment_identity_record_id"), "enrolment", ["identity_record_id"], unique=False, schema="portal")
    op.create_index(op.f("ix_enrolment_school_id_state"), "enrolment", ["school_id", "state"], unique=False, schema="portal")
    op.create_table(
        "identity_number",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("identity_record_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("sensitivity", sa.Text(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "scheme in ('UPN', 'FORMER_UPN', 'ULN', 'NHS_NUMBER', 'POSTCODE')", name=op.f("ck_identity_number_scheme_is_known")
        ),
        sa.CheckConstraint(
            "sensitivity in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')", name=op.f("ck_identity_number_sensitivity_is_known")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_identity_number_agency_id")),
        sa.ForeignKeyConstraint(
            ["identity_record_id"], ["portal.identity_record.id"], name=op.f("fk_identity_number_identity_record_id")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["portal.service.id"], name=op.f("fk_identity_number_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_number")),
        schema="portal",
    )
    op.create_index(
        op.f("ix_identity_number_identity_record_id"), "identity_number", ["identity_record_id"], unique=False, schema="portal"
    )
    op.create_index(op.f("ix_identity_number_value_scheme"), "identity_number", ["value", "scheme"], unique=False, schema="portal")
    op.create_table(
        "involvement",
        sa.Column("identity_record_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("how_to_reach", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
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
            "sensitivity <> 'CONFIDENTIAL' or service_id is not null", name=op.f("ck_involvement_confidential_has_service")
        ),
        sa.CheckConstraint(
            "sensitivity in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')", name=op.f("ck_involvement_sensitivity_is_known")
        ),
        sa.CheckConstraint("until_on is null or until_on >= from_on", name=op.f("ck_involvement_ends_after_it_starts")),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_involvement_agency_id")),
        sa.ForeignKeyConstraint(["household_id"], ["portal.household.id"], name=op.f("fk_involvement_household_id")),
        sa.ForeignKeyConstraint(
            ["identity_record_id"], ["portal.identity_record.id"], name=op.f("fk_involvement_identity_record_id")
        ),
        sa.ForeignKeyConstraint(["practitioner_id"], ["portal.practitioner.id"], name=op.f("fk_involvement_practitioner_id")),
        sa.ForeignKeyConstraint(["service_id"], ["portal.service.id"], name=op.f("fk_involvement_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_involvement")),
        schema="portal",
    )
    op.create_index(op.f("ix_involvement_identity_record_id"), "involvement", ["identity_record_id"], unique=False, schema="portal")
    op.create_table(
        "legal_status",
        sa.Column("identity_record_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
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
            "sensitivity <> 'CONFIDENTIAL' or service_id is not null", name=op.f("ck_legal_status_confidential_has_service")
        ),
        sa.CheckConstraint(
            "sensitivity in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')", name=op.f("ck_legal_status_sensitivity_is_known")
        ),
        sa.CheckConstraint(
            "status in ('CHILD_IN_NEED', 'ENQUIRY', 'PROTECTION_PLAN', 'LOOKED_AFTER')",
            name=op.f("ck_legal_status_status_is_known"),
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_legal_status_agency_id")),
        sa.ForeignKeyConstraint(
            ["identity_record_id"], ["portal.identity_record.id"], name=op.f("fk_legal_status_identity_record_id")
        ),
        sa.ForeignKeyConstraint(["practitioner_id"], ["portal.practitioner.id"], name=op.f("fk_legal_status_practitioner_id")),
        sa.ForeignKeyConstraint(["service_id"], ["portal.service.id"], name=op.f("fk_legal_status_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_status")),
        schema="portal",
    )
    op.create_index(
        op.f("ix_legal_status_identity_record_id"), "legal_status", ["identity_record_id"], unique=False, schema="portal"
    )
    op.create_table(
        "link_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("identity_record_id", sa.Uuid(), nullable=False),
        sa.Column("from_person_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("practitioner_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("because in ('NEW', 'NUMBER', 'DECIDED')", name=op.f("ck_link_event_because_is_known")),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_link_event_agency_id")),
        sa.ForeignKeyConstraint(["from_person_id"], ["portal.person.id"], name=op.f("fk_link_event_from_person_id")),
        sa.ForeignKeyConstraint(
            ["identity_record_id"], ["portal.identity_record.id"], name=op.f("fk_link_event_identity_record_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["portal.person.id"], name=op.f("fk_link_event_person_id")),
        sa.ForeignKeyConstraint(["practitioner_id"], ["portal.practitioner.id"], name=op.f("fk_link_event_practitioner_id")),
        sa.ForeignKeyConstraint(["service_id"], ["portal.service.id"], name=op.f("fk_link_event_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_event")),
        schema="portal",
    )
    op.create_index(op.f("ix_link_event_identity_record_id"), "link_event", ["identity_record_id"], unique=False, schema="portal")
    op.create_index(op.f("ix_link_event_person_id"), "link_event", ["person_id"], unique=False, schema="portal")
    op.create_table(
        "membership",
        sa.Column("identity_record_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
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
            "role in ('CHILD', 'UNBORN_CHILD', 'PARENT', 'CARER', 'GRANDPARENT', 'OTHER_ADULT')",
            name=op.f("ck_membership_role_is_known"),
        ),
        sa.CheckConstraint(
            "sensitivity <> 'CONFIDENTIAL' or service_id is not null", name=op.f("ck_membership_confidential_has_service")
        ),
        sa.CheckConstraint(
            "sensitivity in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')", name=op.f("ck_membership_sensitivity_is_known")
        ),
        sa.CheckConstraint("until_on is null or until_on >= from_on", name=op.f("ck_membership_ends_after_it_starts")),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_membership_agency_id")),
        sa.ForeignKeyConstraint(["family_id"], ["portal.family.id"], name=op.f("fk_membership_family_id")),
        sa.ForeignKeyConstraint(["household_id"], ["portal.household.id"], name=op.f("fk_membership_household_id")),
        sa.ForeignKeyConstraint(
            ["identity_record_id"], ["portal.identity_record.id"], name=op.f("fk_membership_identity_record_id")
        ),
        sa.ForeignKeyConstraint(["practitioner_id"], ["portal.practitioner.id"], name=op.f("fk_membership_practitioner_id")),
        sa.ForeignKeyConstraint(["service_id"], ["portal.service.id"], name=op.f("fk_membership_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        schema="portal",
    )
    op.create_index(op.f("ix_membership_family_id"), "membership", ["family_id"], unique=False, schema="portal")
    op.create_index(op.f("ix_membership_household_id"), "membership", ["household_id"], unique=False, schema="portal")
    op.create_index(op.f("ix_membership_identity_record_id"), "membership", ["identity_record_id"], unique=False, schema="portal")
    op.create_table(
        "need",
        sa.Column("identity_record_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
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
            "sensitivity <> 'CONFIDENTIAL' or service_id is not null", name=op.f("ck_need_confidential_has_service")
        ),
        sa.CheckConstraint("sensitivity in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')", name=op.f("ck_need_sensitivity_is_known")),
        sa.CheckConstraint(
            "severity in ('UNIVERSAL', 'ADDITIONAL', 'INTENSIVE', 'SPECIALIST')", name=op.f("ck_need_severity_is_known")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_need_agency_id")),
        sa.ForeignKeyConstraint(["household_id"], ["portal.household.id"], name=op.f("fk_need_household_id")),
        sa.ForeignKeyConstraint(["identity_record_id"], ["portal.identity_record.id"], name=op.f("fk_need_identity_record_id")),
        sa.ForeignKeyConstraint(["practitioner_id"], ["portal.practitioner.id"], name=op.f("fk_need_practitioner_id")),
        sa.ForeignKeyConstraint(["service_id"], ["portal.service.id"], name=op.f("fk_need_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
        schema="portal",
    )
    op.create_index(op.f("ix_need_identity_record_id"), "need", ["identity_record_id"], unique=False, schema="portal")
    op.create_table(
        "relationship",
        sa.Column("identity_record_id", sa.Uuid(), nullable=False),
        sa.Column("other_identity_record_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("how_known", sa.Text(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
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
            "kind in ('PARENT_OF', 'PARENTAL_RESPONSIBILITY_FOR', 'GRANDPARENT_OF', 'SIBLING_OF', 'PARTNER_OF', 'FORMER_PARTNER_OF', 'CARER_OF')",
            name=op.f("ck_relationship_kind_is_known"),
        ),
        sa.CheckConstraint(
            "sensitivity <> 'CONFIDENTIAL' or service_id is not null", name=op.f("ck_relationship_confidential_has_service")
        ),
        sa.CheckConstraint(
            "sensitivity in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')", name=op.f("ck_relationship_sensitivity_is_known")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_relationship_agency_id")),
        sa.ForeignKeyConstraint(["household_id"], ["portal.household.id"], name=op.f("fk_relationship_household_id")),
        sa.ForeignKeyConstraint(
            ["identity_record_id"], ["portal.identity_record.id"], name=op.f("fk_relationship_identity_record_id")
        ),
        sa.ForeignKeyConstraint(
            ["other_identity_record_id"], ["portal.identity_record.id"], name=op.f("fk_relationship_other_identity_record_id")
        ),
        sa.ForeignKeyConstraint(["practitioner_id"], ["portal.practitioner.id"], name=op.f("fk_relationship_practitioner_id")),
        sa.ForeignKeyConstraint(["service_id"], ["portal.service.id"], name=op.f("fk_relationship_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relationship")),
        schema="portal",
    )
    op.create_index(
        op.f("ix_relationship_identity_record_id"), "relationship", ["identity_record_id"], unique=False, schema="portal"
    )
    op.create_index(
        op.f("ix_relationship_other_identity_record_id"),
        "relationship",
        ["other_identity_record_id"],
        unique=False,
        schema="portal",
    )
    op.create_table(
        "search_key",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("identity_record_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["identity_record_id"], ["portal.identity_record.id"], name=op.f("fk_search_key_identity_record_id")
        ),
        sa.PrimaryKeyConstraint("key", "identity_record_id", name=op.f("pk_search_key")),
        schema="portal",
    )
    op.create_index(op.f("ix_search_key_identity_record_id"), "search_key", ["identity_record_id"], unique=False, schema="portal")
    op.create_table(
        "sharing_decision_person",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("identity_record_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_sharing_decision_person_agency_id")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["portal.sharing_decision.id"], name=op.f("fk_sharing_decision_person_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["identity_record_id"], ["portal.identity_record.id"], name=op.f("fk_sharing_decision_person_identity_record_id")
        ),
        sa.PrimaryKeyConstraint("decision_id", "identity_record_id", name=op.f("pk_sharing_decision_person")),
        schema="portal",
    )
    op.create_index(
        op.f("ix_sharing_decision_person_identity_record_id"),
        "sharing_decision_person",
        ["identity_record_id"],
        unique=False,
        schema="portal",
    )
    op.create_table(
        "sharing_decision_receiver",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("receiver_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_sharing_decision_receiver_agency_id")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["portal.sharing_decision.id"], name=op.f("fk_sharing_decision_receiver_decision_id")
        ),
        sa.PrimaryKeyConstraint("decision_id", "receiver_id", name=op.f("pk_sharing_decision_receiver")),
        schema="portal",
    )
    op.create_table(
        "support_report",
        sa.Column("kind_of_support", sa.Text(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("is_light_touch", sa.Boolean(), nullable=False),
        sa.Column("people_reached", sa.Integer(), nullable=True),
        sa.Column("need_level", sa.Text(), nullable=True),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("family_id", sa.Uuid(), nullable=True),
        sa.Column("parts_made", sa.SmallInteger(), nullable=False),
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
            "delivery in ('ONE_TO_ONE', 'GROUP', 'VISIT', 'PHONE', 'VIRTUAL')", name=op.f("ck_support_report_delivery_is_known")
        ),
        sa.CheckConstraint(
            "need_level in ('UNIVERSAL', 'ADDITIONAL', 'INTENSIVE', 'SPECIALIST')",
            name=op.f("ck_support_report_need_level_is_known"),
        ),
        sa.CheckConstraint(
            "sensitivity <> 'CONFIDENTIAL' or service_id is not null", name=op.f("ck_support_report_confidential_has_service")
        ),
        sa.CheckConstraint(
            "sensitivity in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')", name=op.f("ck_support_report_sensitivity_is_known")
        ),
        sa.CheckConstraint("is_light_touch or family_id is null", name=op.f("ck_support_report_only_light_touch_names_a_family")),
        sa.CheckConstraint(
            "people_reached is null or people_reached between 1 and 10000", name=op.f("ck_support_report_people_reached")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_support_report_agency_id")),
        sa.ForeignKeyConstraint(["family_id"], ["portal.family.id"], name=op.f("fk_support_report_family_id")),
        sa.ForeignKeyConstraint(["household_id"], ["portal.household.id"], name=op.f("fk_support_report_household_id")),
        sa.ForeignKeyConstraint(["practitioner_id"], ["portal.practitioner.id"], name=op.f("fk_support_report_practitioner_id")),
        sa.ForeignKeyConstraint(["service_id"], ["portal.service.id"], name=op.f("fk_support_report_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_report")),
        schema="portal",
    )
    op.create_index(op.f("ix_support_report_family_id"), "support_report", ["family_id"], unique=False, schema="portal")
    op.create_index(op.f("ix_support_report_practitioner_id"), "support_report", ["practitioner_id"], unique=False, schema="portal")
    op.create_table(
        "team_position",
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("holder_agency_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("confirmed_by_agency_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
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
            "position in ('LEAD', 'MEMBER', 'ALLOCATED_SOCIAL_WORKER')", name=op.f("ck_team_position_position_is_known")
        ),
        sa.CheckConstraint(
            "sensitivity <> 'CONFIDENTIAL' or service_id is not null", name=op.f("ck_team_position_confidential_has_service")
        ),
        sa.CheckConstraint(
            "sensitivity in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')", name=op.f("ck_team_position_sensitivity_is_known")
        ),
        sa.CheckConstraint(
            "confirmed_by_agency_id is distinct from agency_id", name=op.f("ck_team_position_confirmed_by_another_agency")
        ),
        sa.CheckConstraint("until_on is null or until_on >= from_on", name=op.f("ck_team_position_ends_after_it_starts")),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_team_position_agency_id")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_agency_id"], ["portal.agency.id"], name=op.f("fk_team_position_confirmed_by_agency_id")
        ),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["portal.practitioner.id"], name=op.f("fk_team_position_confirmed_by_id")),
        sa.ForeignKeyConstraint(["family_id"], ["portal.family.id"], name=op.f("fk_team_position_family_id")),
        sa.ForeignKeyConstraint(["holder_agency_id"], ["portal.agency.id"], name=op.f("fk_team_position_holder_agency_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["portal.practitioner.id"], name=op.f("fk_team_position_holder_id")),
        sa.ForeignKeyConstraint(["household_id"], ["portal.household.id"], name=op.f("fk_team_position_household_id")),
        sa.ForeignKeyConstraint(["practitioner_id"], ["portal.practitioner.id"], name=op.f("fk_team_position_practitioner_id")),
        sa.ForeignKeyConstraint(["service_id"], ["portal.service.id"], name=op.f("fk_team_position_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_position")),
        schema="portal",
    )
    op.create_index(op.f("ix_team_position_family_id"), "team_position", ["family_id"], unique=False, schema="portal")
    op.create_index(op.f("ix_team_position_holder_id"), "team_position", ["holder_id"], unique=False, schema="portal")
    op.create_index(op.f("ix_team_position_household_id"), "team_position", ["household_id"], unique=False, schema="portal")
    op.create_table(
        "address_reader",
        sa.Column("address_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["portal.address.id"], name=op.f("fk_address_reader_address_id")),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_address_reader_agency_id")),
        sa.ForeignKeyConstraint(["practitioner_id"], ["portal.practitioner.id"], name=op.f("fk_address_reader_practitioner_id")),
        sa.PrimaryKeyConstraint("address_id", "practitioner_id", name=op.f("pk_address_reader")),
        schema="portal",
    )
    op.create_table(
        "support_report_part",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("sensitivity", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("what_was_done", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("is_released", sa.Boolean(), nullable=False),
        sa.Column("people", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint(
            "sensitivity <> 'CONFIDENTIAL' or service_id is not null", name=op.f("ck_support_report_part_confidential_has_service")
        ),
        sa.CheckConstraint(
            "sensitivity in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')", name=op.f("ck_support_report_part_sensitivity_is_known")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_support_report_part_agency_id")),
        sa.ForeignKeyConstraint(["report_id"], ["portal.support_report.id"], name=op.f("fk_support_report_part_report_id")),
        sa.ForeignKeyConstraint(["service_id"], ["portal.service.id"], name=op.f("fk_support_report_part_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_report_part")),
        schema="portal",
    )
    op.create_index(op.f("ix_support_report_part_report_id"), "support_report_part", ["report_id"], unique=False, schema="portal")
    op.create_table(
        "team_position_person",
        sa.Column("position_id", sa.Uuid(), nullable=False),
        sa.Column("identity_record_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_team_position_person_agency_id")),
        sa.ForeignKeyConstraint(
            ["identity_record_id"], ["portal.identity_record.id"], name=op.f("fk_team_position_person_identity_record_id")
        ),
        sa.ForeignKeyConstraint(["position_id"], ["portal.team_position.id"], name=op.f("fk_team_position_person_position_id")),
        sa.PrimaryKeyConstraint("position_id", "identity_record_id", name=op.f("pk_team_position_person")),
        schema="portal",
    )
    op.create_index(
        op.f("ix_team_position_person_identity_record_id"),
        "team_position_person",
        ["identity_record_id"],
        unique=False,
        schema="portal",
    )
    op.create_table(
        "support_report_part_person",
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("identity_record_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("practitioner_id", sa.Uuid(), nullable=True),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("sensitivity", sa.Text(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("is_released", sa.Boolean(), nullable=False),
        sa.Column("people", sa.SmallInteger(), nullable=False),
        sa.Column("parts_made", sa.SmallInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["portal.agency.id"], name=op.f("fk_support_report_part_person_agency_id")),
        sa.ForeignKeyConstraint(["household_id"], ["portal.household.id"], name=op.f("fk_support_report_part_person_household_id")),
        sa.ForeignKeyConstraint(
            ["identity_record_id"], ["portal.identity_record.id"], name=op.f("fk_support_report_part_person_identity_record_id")
        ),
        sa.ForeignKeyConstraint(["part_id"], ["portal.support_report_part.id"], name=op.f("fk_support_report_part_person_part_id")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["portal.practitioner.id"], name=op.f("fk_support_report_part_person_practitioner_id")
        ),
        sa.ForeignKeyConstraint(["report_id"], ["portal.support_report.id"], name=op.f("fk_support_report_part_person_report_id")),
        sa.ForeignKeyConstraint(["service_id"], ["portal.service.id"], name=op.f("fk_support_report_part_person_service_id")),
        sa.PrimaryKeyConstraint("part_id", "identity_record_id", name=op.f("pk_support_report_part_person")),
        schema="portal",
    )
    op.create_index(
        op.f("ix_support_report_part_person_identity_record_id"),
        "support_report_part_person",
        ["identity_record_id"],
        unique=False,
        schema="portal",
    )
    op.create_index(
        op.f("ix_support_report_part_person_report_id"), "support_report_part_person", ["report_id"], unique=False, schema="portal"
    )
    run_script(op.get_bind(), SECURITY.read_text())


def downgrade() -> None:
    """Back to an empty database: for tests and for a first installation that went wrong."""
    for schema in ("app", "portal", "audit"):
        op.execute(f"drop schema {schema} cascade")
