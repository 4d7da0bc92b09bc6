"""Why information may be shared: bases, purpose, scope, whom it covers, from when until when."""

from datetime import date
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Index, Integer, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Day, Instant, one_of, refers
from throughline.records.record import Record, record_rules
from throughline.terms.purpose import Purpose
from throughline.terms.sharing import ConfidenceMet, CrimeCondition, LawfulBasis, SpecialCategoryCondition


class SharingDecision(Record, Base):
    """`kinds` and `sensitive_kinds`: sums of `RecordKind.bit`, the scope for STANDARD and for SENSITIVE records.

    Opens nothing until a second agency has said yes; ends on `until_on`, or on the day it is withdrawn.
    """

    __tablename__ = "sharing_decision"

    lawful_basis: Mapped[str] = mapped_column(Text)
    special_category: Mapped[str | None] = mapped_column(Text)
    crime_condition: Mapped[str | None] = mapped_column(Text)
    confidence_met: Mapped[str | None] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    kinds: Mapped[int] = mapped_column(Integer)
    sensitive_kinds: Mapped[int] = mapped_column(Integer)
    is_agreed_by_person: Mapped[bool] = mapped_column(Boolean)
    is_refusal: Mapped[bool] = mapped_column(Boolean)
    decided_by: Mapped[str] = mapped_column(Text)
    from_on: Mapped[Day]
    review_on: Mapped[Day]
    until_on: Mapped[Day]
    confirmed_by_agency_id: Mapped[UUID | None] = refers("agency")
    confirmed_by_id: Mapped[UUID | None] = refers("practitioner")
    confirmed_at: Mapped[Instant | None]
    withdrawn_on: Mapped[date | None]

    __table_args__ = record_rules(
        one_of("lawful_basis", LawfulBasis),
        one_of("special_category", SpecialCategoryCondition),
        one_of("crime_condition", CrimeCondition),
        one_of("confidence_met", ConfidenceMet),
        one_of("purpose", Purpose),
        CheckConstraint("until_on >= from_on", name="ends_after_it_starts"),
        CheckConstraint("review_on between from_on and until_on", name="is_reviewed_while_it_runs"),
        CheckConstraint("confirmed_by_agency_id is distinct from agency_id", name="confirmed_by_another_agency"),
    )


class SharingDecisionPerson(Base):
    """A person whom the decision covers, by the identity record that it was decided on."""

    __tablename__ = "sharing_decision_person"

    decision_id: Mapped[UUID] = refers("sharing_decision", primary_key=True)
    identity_record_id: Mapped[UUID] = refers("identity_record", primary_key=True)
    agency_id: Mapped[UUID] = refers("agency")

    __table_args__ = (Index(None, "identity_record_id"),)


class SharingDecisionReceiver(Base):
    """Who may see: an agency, or a holder that stands for many (`terms/holder.py`)."""

    __tablename__ = "sharing_decision_receiver"

    decision_id: Mapped[UUID] = refers("sharing_decision", primary_key=True)
    receiver_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    agency_id: Mapped[UUID] = refers("agency")
