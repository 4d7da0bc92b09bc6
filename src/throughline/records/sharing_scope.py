"""What may be shared, with whom, for how long and on what it rests: what a decision and its reason have in common."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.columns import Day, one_of
from throughline.db.refusal import bad_input, not_found
from throughline.db.session import Session
from throughline.records.about import About
from throughline.records.change import words
from throughline.records.record import Rule
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


class SharingScope:
    """`kinds` and `sensitive_kinds`: sums of `RecordKind.bit`, for STANDARD and for SENSITIVE records."""

    lawful_basis: Mapped[str] = mapped_column(Text)
    special_category: Mapped[str | None] = mapped_column(Text)
    crime_condition: Mapped[str | None] = mapped_column(Text)
    confidence_met: Mapped[str | None] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    kinds: Mapped[int] = mapped_column(Integer)
    sensitive_kinds: Mapped[int] = mapped_column(Integer)
    decided_by: Mapped[str] = mapped_column(Text)
    from_on: Mapped[Day]
    review_on: Mapped[Day]
    until_on: Mapped[Day]


SCOPE = tuple(name for name in SharingScope.__annotations__)


def scope_rules() -> tuple[Rule, ...]:
    return (
        one_of("lawful_basis", LawfulBasis),
        one_of("special_category", SpecialCategoryCondition),
        one_of("crime_condition", CrimeCondition),
        one_of("confidence_met", ConfidenceMet),
        one_of("purpose", Purpose),
    )


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who may see: one of the three."""

    agency_id: UUID | None = None
    kind_of_agency: AgencyKind | None = None
    position: ReceiverPosition | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, by whom and on what it rests."""

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
    is_refusal: bool = False


MOST_RECEIVERS, LONGEST_DECIDED_BY = 20, 500
MAY_TELL_OF_CRIME = {RecordKind.SUPPORT_REPORT, RecordKind.INVOLVEMENT}
"""Kinds whose SENSITIVE records may be a police force's, or those of youth justice or probation."""


def columns_of(decision: Decision) -> dict[str, object]:
    """The columns of `SharingScope`."""
    return {
        "lawful_basis": decision.lawful_basis,
        "special_category": decision.special_category,
        "crime_condition": decision.crime_condition,
        "confidence_met": decision.confidence_met,
        "purpose": decision.purpose,
        "kinds": bits(decision.kinds),
        "sensitive_kinds": bits(decision.sensitive_kinds),
        "decided_by": words(decision.decided_by, "decidedBy", LONGEST_DECIDED_BY),
        "from_on": decision.from_on,
        "review_on": decision.review_on,
        "until_on": decision.until_on,
    }


def bits(kinds: tuple[RecordKind, ...]) -> int:
    return sum({kind.bit for kind in kinds})


def check_scope(decision: Decision, today: date) -> None:
    """Raises Refused."""
    _check_kinds(decision)
    _check_bases(decision)
    check_days(decision.from_on, decision.review_on, decision.until_on, today)


def _check_kinds(decision: Decision) -> None:
    if not decision.kinds and not decision.sensitive_kinds:
        raise bad_input("Say which kinds of records the decision is about.", "kinds")
    for name, kinds in (("kinds", decision.kinds), ("sensitiveKinds", decision.sensitive_kinds)):
        if not set(kinds) <= set(SHAREABLE):
            raise bad_input(f"Only these kinds can be shared by decision: {', '.join(SHAREABLE)}.", name)
    if decision.purpose not in SHARED_FOR:
        raise bad_input(f"Information is shared for one of {', '.join(SHARED_FOR)}.", "purpose")


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


def check_days(from_on: date, review_on: date, until_on: date, today: date) -> None:
    """Raises Refused."""
    if not today - LATEST_RECORDED <= from_on <= today + LONGEST:
        raise bad_input(f"A decision begins at most {LATEST_RECORDED.days} days back and a year ahead.", "fromOn")
    if not from_on <= until_on <= from_on + LONGEST:
        raise bad_input("A decision runs for twelve months at most.", "untilOn")
    if not from_on <= review_on <= until_on:
        raise bad_input("A decision is reviewed while it runs.", "reviewOn")


async def receivers_of(session: Session, receivers: tuple[Receiver, ...]) -> list[UUID]:
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
