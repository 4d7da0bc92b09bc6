"""Sharing decisions and service agreements, whole."""

from collections.abc import Sequence

from alembic import op

from throughline.db.migrate import run_script

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = """
    CREATE TABLE portal.service_agreement (
      identity_record_id UUID NOT NULL,
      service TEXT NOT NULL,
      is_refusal BOOLEAN NOT NULL,
      agreed_by TEXT NOT NULL,
      agreed_by_record_id UUID NOT NULL,
      judged_able_reason TEXT,
      from_on DATE NOT NULL,
      until_on DATE,
      withdrawn_on DATE,
      id UUID NOT NULL,
      version INTEGER NOT NULL,
      sensitivity TEXT NOT NULL,
      made_at TIMESTAMP WITH TIME ZONE NOT NULL,
      withdrawn_at TIMESTAMP WITH TIME ZONE,
      withdrawn_reason TEXT,
      agency_id UUID NOT NULL,
      service_id UUID,
      practitioner_id UUID,
      CONSTRAINT pk_service_agreement PRIMARY KEY (id),
      CONSTRAINT ck_service_agreement_agreed_by_is_known CHECK (agreed_by in ('PERSON', 'PARENTAL_RESPONSIBILITY')),
      CONSTRAINT ck_service_agreement_ends_after_it_starts CHECK (until_on is null or until_on >= from_on),
      CONSTRAINT ck_service_agreement_sensitivity_is_known CHECK (sensitivity in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')),
      CONSTRAINT ck_service_agreement_confidential_has_service CHECK (sensitivity <> 'CONFIDENTIAL' or service_id is not null),
      CONSTRAINT fk_service_agreement_identity_record_id FOREIGN KEY(identity_record_id) REFERENCES portal.identity_record (id),
      CONSTRAINT fk_service_agreement_agreed_by_record_id FOREIGN KEY(agreed_by_record_id) REFERENCES portal.identity_record (id),
      CONSTRAINT fk_service_agreement_agency_id FOREIGN KEY(agency_id) REFERENCES portal.agency (id),
      CONSTRAINT fk_service_agreement_service_id FOREIGN KEY(service_id) REFERENCES portal.service (id),
      CONSTRAINT fk_service_agreement_practitioner_id FOREIGN KEY(practitioner_id) REFERENCES portal.practitioner (id)
    );
    CREATE INDEX ix_service_agreement_identity_record_id ON portal.service_agreement (identity_record_id);
    CREATE TABLE portal.sharing_reason (
      decision_id UUID,
      is_refusal BOOLEAN NOT NULL,
      receiver_ids UUID[] NOT NULL,
      agreement TEXT,
      agreed_by_record_id UUID,
      judged_able_reason TEXT,
      service_agreement_id UUID,
      without_agreement TEXT,
      explanation TEXT,
      signed_by_id UUID,
      signed_at TIMESTAMP WITH TIME ZONE,
      note TEXT,
      id UUID NOT NULL,
      version INTEGER NOT NULL,
      sensitivity TEXT NOT NULL,
      made_at TIMESTAMP WITH TIME ZONE NOT NULL,
      withdrawn_at TIMESTAMP WITH TIME ZONE,
      withdrawn_reason TEXT,
      agency_id UUID NOT NULL,
      service_id UUID,
      practitioner_id UUID,
      lawful_basis TEXT NOT NULL,
      special_category TEXT,
      crime_condition TEXT,
      confidence_met TEXT,
      purpose TEXT NOT NULL,
      kinds INTEGER NOT NULL,
      sensitive_kinds INTEGER NOT NULL,
      decided_by TEXT NOT NULL,
      from_on DATE NOT NULL,
      review_on DATE NOT NULL,
      until_on DATE NOT NULL,
      CONSTRAINT pk_sharing_reason PRIMARY KEY (id),
      CONSTRAINT ck_sharing_reason_lawful_basis_is_known CHECK (lawful_basis in ('PUBLIC_TASK', 'LEGAL_OBLIGATION', 'LEGITIMATE_INTERESTS', 'VITAL_INTERESTS')),
      CONSTRAINT ck_sharing_reason_special_category_is_known CHECK (special_category in ('HEALTH_OR_SOCIAL_CARE', 'SAFEGUARDING', 'EXPLICIT_CONSENT', 'VITAL_INTERESTS')),
      CONSTRAINT ck_sharing_reason_crime_condition_is_known CHECK (crime_condition in ('SAFEGUARDING', 'PREVENTING_UNLAWFUL_ACTS', 'CONSENT')),
      CONSTRAINT ck_sharing_reason_confidence_met_is_known CHECK (confidence_met in ('AGREEMENT', 'PUBLIC_INTEREST')),
      CONSTRAINT ck_sharing_reason_purpose_is_known CHECK (purpose in ('SUPPORT', 'TRANSITION', 'TRIAGE', 'PROTECTION', 'OVERSIGHT', 'ASSURANCE', 'IDENTITY', 'RIGHTS', 'ADMINISTRATION')),
      CONSTRAINT ck_sharing_reason_agreement_is_known CHECK (agreement in ('PERSON', 'PARENTAL_RESPONSIBILITY')),
      CONSTRAINT ck_sharing_reason_without_agreement_is_known CHECK (without_agreement in ('STRATEGY_DISCUSSION', 'ASKING_RAISES_RISK', 'CRIME', 'COURT_ORDER', 'LIFE_AT_RISK')),
      CONSTRAINT ck_sharing_reason_rests_on_one_of_two CHECK (agreement is null or without_agreement is null),
      CONSTRAINT ck_sharing_reason_says_who_agreed CHECK ((agreement is null) = (agreed_by_record_id is null)),
      CONSTRAINT ck_sharing_reason_says_why_nobody_agreed CHECK ((without_agreement is null) = (explanation is null)),
      CONSTRAINT ck_sharing_reason_signed_by_two_people CHECK (signed_by_id is distinct from practitioner_id or signed_by_id is null),
      CONSTRAINT ck_sharing_reason_decided_by_two CHECK (decision_id is null or without_agreement is null or without_agreement = 'LIFE_AT_RISK' or signed_by_id is not null),
      CONSTRAINT uq_sharing_reason_decision_id UNIQUE (decision_id),
      CONSTRAINT fk_sharing_reason_decision_id FOREIGN KEY(decision_id, agency_id) REFERENCES portal.sharing_decision (id, agency_id),
      CONSTRAINT uq_sharing_reason_of_its_maker UNIQUE (id, agency_id),
      CONSTRAINT ck_sharing_reason_sensitivity_is_known CHECK (sensitivity in ('STANDARD', 'SENSITIVE', 'CONFIDENTIAL')),
      CONSTRAINT ck_sharing_reason_confidential_has_service CHECK (sensitivity <> 'CONFIDENTIAL' or service_id is not null),
      CONSTRAINT fk_sharing_reason_agreed_by_record_id FOREIGN KEY(agreed_by_record_id) REFERENCES portal.identity_record (id),
      CONSTRAINT fk_sharing_reason_service_agreement_id FOREIGN KEY(service_agreement_id) REFERENCES portal.service_agreement (id),
      CONSTRAINT fk_sharing_reason_signed_by_id FOREIGN KEY(signed_by_id) REFERENCES portal.practitioner (id),
      CONSTRAINT fk_sharing_reason_agency_id FOREIGN KEY(agency_id) REFERENCES portal.agency (id),
      CONSTRAINT fk_sharing_reason_service_id FOREIGN KEY(service_id) REFERENCES portal.service (id),
      CONSTRAINT fk_sharing_reason_practitioner_id FOREIGN KEY(practitioner_id) REFERENCES portal.practitioner (id)
    );
    CREATE INDEX ix_sharing_reason_agreed_by_record_id ON portal.sharing_reason (agreed_by_record_id);
    CREATE INDEX ix_sharing_reason_service_agreement_id ON portal.sharing_reason (service_agreement_id);
    CREATE TABLE portal.sharing_reason_person (
      reason_id UUID NOT NULL,
      identity_record_id UUID NOT NULL,
      agency_id UUID NOT NULL,
      CONSTRAINT pk_sharing_reason_person PRIMARY KEY (reason_id, identity_record_id),
      CONSTRAINT fk_sharing_reason_person_reason_id FOREIGN KEY(reason_id, agency_id) REFERENCES portal.sharing_reason (id, agency_id),
      CONSTRAINT fk_sharing_reason_person_identity_record_id FOREIGN KEY(identity_record_id) REFERENCES portal.identity_record (id),
      CONSTRAINT fk_sharing_reason_person_agency_id FOREIGN KEY(agency_id) REFERENCES portal.agency (id)
    );
    CREATE INDEX ix_sharing_reason_person_identity_record_id ON portal.sharing_reason_person (identity_record_id);
    alter table portal.sharing_decision add column reviewed_on date, add column review_outcome text,
      add constraint ck_sharing_decision_review_outcome_is_known check (review_outcome in ('GOES_ON', 'ENDED'));
    create index ix_sharing_decision_review_on on portal.sharing_decision (review_on);
    alter table portal.outbox add column told_agency_id uuid;
"""
NO_TABLES = """
    alter table portal.outbox drop column told_agency_id;
    drop index portal.ix_sharing_decision_review_on;
    alter table portal.sharing_decision drop column review_outcome, drop column reviewed_on;
    drop table portal.sharing_reason_person, portal.sharing_reason, portal.service_agreement;
"""

ENTERED = "(current_setting('app.agency', true) <> '')"
CAREFUL = "(sensitivity <> 'CONFIDENTIAL' or service_id = any (app.services()))"

# As every record's: seen by whoever has entered (of a confidential service's, by that service), written in the own agency's name.
RECORD = f"""
    alter table portal.{{table}} enable row level security;
    alter table portal.{{table}} force row level security;
    create policy owned on portal.{{table}} to throughline_owner using (true) with check (true);
    create policy read on portal.{{table}} for select to throughline_app using ({ENTERED} and {CAREFUL});
    create policy made on portal.{{table}} for insert to throughline_app with check (agency_id = app.agency() and {CAREFUL}{{also}});
    create policy amended on portal.{{table}} for update to throughline_app
      using (agency_id = app.agency() and {CAREFUL}) with check (agency_id = app.agency() and {CAREFUL});
    grant select, insert, update on portal.{{table}} to throughline_app;
    create trigger keep_history before update on portal.{{table}} for each row execute function app.keep_history();
"""
PEOPLE = f"""
    alter table portal.sharing_reason_person enable row level security;
    alter table portal.sharing_reason_person force row level security;
    create policy owned on portal.sharing_reason_person to throughline_owner using (true) with check (true);
    create policy read on portal.sharing_reason_person for select to throughline_app using {ENTERED};
    create policy made on portal.sharing_reason_person for insert to throughline_app with check (agency_id = app.agency());
    grant select, insert on portal.sharing_reason_person to throughline_app;
"""

# Two decide: the second signs in their own name, once, and what was signed stays as it was.
TWO_SIGN = """
    create function app.keep_what_was_signed() returns trigger language plpgsql set search_path = '' as $$
    declare
      later text[] := array['version', 'decision_id', 'signed_by_id', 'signed_at', 'note', 'withdrawn_at', 'withdrawn_reason',
        'must_not_be_told', 'must_not_be_told_id', 'safe_contact'];  -- cautions, which every record can say anew (0005)
    begin
      if app.agency() is null then
        return new;
      end if;
      if new.signed_by_id is distinct from old.signed_by_id
         and (old.signed_by_id is not null or new.signed_by_id is distinct from app.viewer()) then
        raise exception 'nobody signs in another''s name' using errcode = 'insufficient_privilege';
      end if;
      if old.decision_id is not null and new.decision_id is distinct from old.decision_id or to_jsonb(new) - later <> to_jsonb(old) - later then
        raise exception 'what was signed stays as it was' using errcode = 'insufficient_privilege';
      end if;
      return new;
    end $$;
    create trigger keep_what_was_signed before update on portal.sharing_reason
      for each row execute function app.keep_what_was_signed();
"""

# Decisions that are there already get a reason too: who has one tells nobody anything.
EARLIER_DECISIONS = """
    insert into portal.sharing_reason (id, version, sensitivity, made_at, withdrawn_at, withdrawn_reason, agency_id, service_id,
        practitioner_id, decision_id, is_refusal, receiver_ids, agreement, agreed_by_record_id, lawful_basis, special_category,
        crime_condition, confidence_met, purpose, kinds, sensitive_kinds, decided_by, from_on, review_on, until_on)
      select gen_random_uuid(), 1, s.sensitivity, s.made_at, s.withdrawn_at, s.withdrawn_reason, s.agency_id, s.service_id,
        s.practitioner_id, s.id, s.is_refusal,
        array(select r.receiver_id from portal.sharing_decision_receiver r where r.decision_id = s.id order by r.receiver_id),
        case when p.one is not null then 'PERSON' end, p.one, s.lawful_basis, s.special_category, s.crime_condition, s.confidence_met,
        s.purpose, s.kinds, s.sensitive_kinds, s.decided_by, s.from_on, s.review_on, s.until_on
      from portal.sharing_decision s cross join lateral (
        select case when count(*) = 1 and s.is_agreed_by_person then min(l.identity_record_id::text)::uuid end one
        from portal.sharing_decision_person l where l.decision_id = s.id) p;
    insert into portal.sharing_reason_person (reason_id, identity_record_id, agency_id)
      select g.id, l.identity_record_id, l.agency_id from portal.sharing_reason g
      join portal.sharing_decision_person l on l.decision_id = g.decision_id;
"""


def upgrade() -> None:
    run_script(op.get_bind(), TABLES)
    run_script(op.get_bind(), RECORD.format(table="service_agreement", also=""))
    run_script(op.get_bind(), RECORD.format(table="sharing_reason", also=" and signed_by_id is null"))
    run_script(op.get_bind(), PEOPLE)
    run_script(op.get_bind(), TWO_SIGN)
    run_script(op.get_bind(), EARLIER_DECISIONS)


def downgrade() -> None:
    run_script(op.get_bind(), NO_TABLES)
    run_script(op.get_bind(), "drop function app.keep_what_was_signed()")
