"""Why information may be shared: bases, purpose, scope, whom it covers, from when until when."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Index, Integer, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Custody, Day, Instant, belongs, has_belongings, one_of, refers
from throughline.db.refusal import bad_input, not_found
from throughline.db.session import Session
from throughline.records.about import About, named
from throughline.records.change import changed, confirmed, own, proposed, words
from throughline.records.record import Record, record_rules
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.holder import KIND_HOLDER, SCHOOL_ON_ROLL
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind
from throughline.terms.sharing import (
    LATEST_RECORDED,
    LONGEST,
    SHAREABLE,
    SHARED_FOR,
    ConfidenceMet,
    CrimeCondition,
    LawfulBasis,
    ReceiverPosition,
    SpecialCategoryCondition,
)


class SharingDecision(Record, Base):
    """`kinds` and `sensitive_kinds`: sums of `RecordKind.bit`, the scope for STANDARD and for SENSITIVE
    records.

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
        has_belongings("sharing_decision"),
    )


class SharingDecisionPerson(Base):
    """A person whom the decision covers, by the identity record that it was decided on."""

    __tablename__ = "sharing_decision_person"

    decision_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    identity_record_id: Mapped[UUID] = refers("identity_record", primary_key=True)
    custodian_id: Mapped[Custody]
    agency_id: Mapped[UUID] = refers("agency")

    __table_args__ = (Index(None, "identity_record_id"), belongs("decision_id", "sharing_decision"))


class SharingDecisionReceiver(Base):
    """Who may see: an agency, or a holder that stands for many (`terms/holder.py`)."""

    __tablename__ = "sharing_decision_receiver"

    decision_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    receiver_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    agency_id: Mapped[UUID] = refers("agency")

    __table_args__ = (belongs("decision_id", "sharing_decision"),)


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who may see: one of the three."""

    agency_id: UUID | None = None
    kind_of_agency: AgencyKind | None = None
    position: ReceiverPosition | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, by whom and on what it rests. `is_agreed_by_person`: only for a decision about one
    person."""

    about: tuple[About, ...]
    purpose: Purpose
    kinds: tuple[RecordKind, ...]
    receivers: tuple[Receiver, ...]
    lawful_basis: LawfulBasis
    decided_by: str
    from_on: date
    review_on: date
    until_on: date
    sensitive_kinds: tuple[RecordKind, ...] = ()
    special_category: SpecialCategoryCondition | None = None
    crime_condition: CrimeCondition | None = None
    confidence_met: ConfidenceMet | None = None
    is_agreed_by_person: bool = False
    is_refusal: bool = False


MOST_RECEIVERS, LONGEST_DECIDED_BY = 20, 500
MAY_TELL_OF_CRIME = {RecordKind.SUPPORT_REPORT, RecordKind.INVOLVEMENT}
"""Kinds whose SENSITIVE records may be a police force's, or those of youth justice or probation."""


async def record(session: Session, decision_id: UUID, decision: Decision) -> None:
    """Write down why information may be shared, or that it may not. It opens nothing until a second agency
    has said yes.
    Raises Refused."""
    _check_scope(decision)
    _check_bases(decision)
    _check_days(decision, session.today)
    receivers = await _receivers(session, decision.receivers)
    people = await named(session, decision.about)
    session.add_record(
        RecordKind.SHARING_DECISION,
        SharingDecision,
        people,
        id=decision_id,
        lawful_basis=decision.lawful_basis,
        special_category=decision.special_category,
        crime_condition=decision.crime_condition,
        confidence_met=decision.confidence_met,
        purpose=decision.purpose,
        kinds=_bits(decision.kinds),
        sensitive_kinds=_bits(decision.sensitive_kinds),
        is_agreed_by_person=decision.is_agreed_by_person,
        is_refusal=decision.is_refusal,
        decided_by=words(decision.decided_by, "decidedBy", LONGEST_DECIDED_BY),
        from_on=decision.from_on,
        review_on=decision.review_on,
        until_on=decision.until_on,
    )
    for record_id in people:
        session.add(
            SharingDecisionPerson,
            decision_id=decision_id,
            identity_record_id=record_id,
            agency_id=session.agency_id,
        )
    for receiver_id in receivers:
        session.add(
            SharingDecisionReceiver,
            decision_id=decision_id,
            receiver_id=receiver_id,
            agency_id=session.agency_id,
        )
    session.touched.update(people)


async def confirm(session: Session, decision_id: UUID, version: int) -> None:
    """Say yes to another agency's decision: it opens what sentences give, from now and on its days. Raises
    Refused."""
    row = await proposed(session, RecordKind.SHARING_DECISION, SharingDecision, decision_id, version)
    if row["is_refusal"]:
        raise bad_input("A decision not to share opens nothing: there is nothing to confirm.", "id")
    if row["withdrawn_on"] is not None:
        raise bad_input("This decision has been withdrawn.", "id")
    await confirmed(session, RecordKind.SHARING_DECISION, SharingDecision, row)


async def withdraw(session: Session, decision_id: UUID, version: int, reason: str) -> None:
    """It counts no more, from the next read on and never backwards. It stays, with its reason. Raises
    Refused."""
    row = await own(session, RecordKind.SHARING_DECISION, SharingDecision, decision_id, version)
    if row["withdrawn_on"] is not None:
        raise bad_input("This decision has been withdrawn already.", "id")
    await changed(
        session,
        RecordKind.SHARING_DECISION,
        SharingDecision,
        row,
        withdrawn_on=session.today,
        withdrawn_reason=words(reason, "reason"),
    )


def _bits(kinds: tuple[RecordKind, ...]) -> int:
    return sum({kind.bit for kind in kinds})


def _check_scope(decision: Decision) -> None:
    if not decision.kinds and not decision.sensitive_kinds:
        raise bad_input("Say which kinds of records the decision is about.", "kinds")
    for name, kinds in (("kinds", decision.kinds), ("sensitiveKinds", decision.sensitive_kinds)):
        if not set(kinds) <= set(SHAREABLE):
            raise bad_input(f"Only these kinds can be shared by decision: {', '.join(SHAREABLE)}.", name)
    if decision.purpose not in SHARED_FOR:
        raise bad_input(f"Information is shared for one of {', '.join(SHARED_FOR)}.", "purpose")
    if decision.is_agreed_by_person and len(decision.about) != 1:
        raise bad_input("Everybody agrees for themselves: record one decision for each person.", "isAgreedByPerson")


def _check_bases(decision: Decision) -> None:
    """A basis that the scope requires and that is missing: cannot be saved."""
    if decision.is_refusal or not decision.sensitive_kinds:
        return
    if decision.special_category is None:
        raise bad_input("Sharing SENSITIVE records needs a special-category condition.", "specialCategory")
    if decision.confidence_met is None:
        raise bad_input("Sharing SENSITIVE records needs to say how the duty of confidence is met.", "confidenceMet")
    if decision.crime_condition is None and set(decision.sensitive_kinds) & MAY_TELL_OF_CRIME:
        raise bad_input(
            "SENSITIVE reports and involvement tell of crime too: say on which condition that is shared.", "crimeCondition"
        )


def _check_days(decision: Decision, today: date) -> None:
    if not today - LATEST_RECORDED <= decision.from_on <= today + LONGEST:
        raise bad_input(f"A decision begins at most {LATEST_RECORDED.days} days back and a year ahead.", "fromOn")
    if not decision.from_on <= decision.until_on <= decision.from_on + LONGEST:
        raise bad_input("A decision runs for twelve months at most.", "untilOn")
    if not decision.from_on <= decision.review_on <= decision.until_on:
        raise bad_input("A decision is reviewed while it runs.", "reviewOn")


async def _receivers(session: Session, receivers: tuple[Receiver, ...]) -> list[UUID]:
    if not 1 <= len(receivers) <= MOST_RECEIVERS:
        raise bad_input(f"Name 1 to {MOST_RECEIVERS} receivers.", "receivers")
    found = [await _receiver(session, one, f"receivers.{place}") for place, one in enumerate(receivers)]
    return list(dict.fromkeys(found))


async def _receiver(session: Session, said: Receiver, where: str) -> UUID:
    if sum(one is not None for one in (said.agency_id, said.kind_of_agency, said.position)) != 1:
        raise bad_input("A receiver is an agency, a kind of agency, or a position: give one of the three.", where)
    if said.position:
        return SCHOOL_ON_ROLL
    if said.kind_of_agency:
        return KIND_HOLDER[said.kind_of_agency]
    if await session.fetchrow("select 1 from portal.agency where id = $1 and suspended_at is null", said.agency_id) is None:
        raise not_found(f"{where}.agencyId")
    assert said.agency_id  # noqa: S101  # one of the three, as just checked
    return said.agency_id
