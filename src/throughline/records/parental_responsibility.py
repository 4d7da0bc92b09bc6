"""Parental responsibility: who has it for a child, by what it is known, since when. About both: both must be open."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Custody, one_of, refers
from throughline.db.refusal import bad_input
from throughline.db.session import Session
from throughline.records.about import About, lives_there, named_one
from throughline.records.change import allowed, changed, day, ends, own, seen
from throughline.records.record import Cautioned, Record, cautioned_rules, record_rules
from throughline.terms.family_law import ResponsibilityBasis
from throughline.terms.record_kind import RecordKind

_KIND = RecordKind.PARENTAL_RESPONSIBILITY


class ParentalResponsibility(Record, Cautioned, Base):
    """`identity_record_id`: whoever has it; `other_identity_record_id`: the child. `from_on`: since when, where that is known."""

    __tablename__ = "parental_responsibility"

    identity_record_id: Mapped[UUID] = refers("identity_record")
    other_identity_record_id: Mapped[UUID] = refers("identity_record")
    custodian_id: Mapped[Custody]
    household_id: Mapped[UUID] = refers("household")
    known_by: Mapped[str] = mapped_column(Text)
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]

    __table_args__ = record_rules(
        *cautioned_rules(),
        one_of("known_by", ResponsibilityBasis),
        CheckConstraint("until_on is null or from_on is null or until_on >= from_on", name="ends_after_it_starts"),
        Index(None, "identity_record_id"),
        Index(None, "other_identity_record_id"),
    )


@dataclass(frozen=True, slots=True)
class Responsibility:
    """As the team of this household knows it; at least one of the two belongs to it."""

    household_id: UUID
    holder: About
    child: About
    known_by: ResponsibilityBasis
    from_on: date | None = None
    until_on: date | None = None


async def record(session: Session, record_id: UUID, wanted: Responsibility) -> None:
    """Say who has parental responsibility for a child. It opens nothing. Raises Refused."""
    from_on = _since(wanted.from_on, wanted.until_on, session.today)
    holder = await named_one(session, wanted.holder, "holder")
    child = await named_one(session, wanted.child, "child")
    await lives_there(session, wanted.household_id, (holder, child))
    session.add_record(
        _KIND,
        ParentalResponsibility,
        [holder, child],
        id=record_id,
        identity_record_id=holder,
        other_identity_record_id=child,
        household_id=wanted.household_id,
        known_by=wanted.known_by,
        from_on=from_on,
        until_on=wanted.until_on,
    )
    await session.check()
    if await session.fetchrow(_ONE_PERSON, holder, child):
        raise bad_input("Nobody has parental responsibility for themselves.", "child")
    if await session.fetchrow(_OPEN, holder, child, session.agency_id, record_id):
        raise bad_input("Your agency has recorded this, and it has not ended: amend that record.", "holder")


async def amend(session: Session, record_id: UUID, version: int, known_by: ResponsibilityBasis, from_on: date | None) -> None:
    """By what else it is known now, and since when. Raises Refused."""
    row = await own(session, _KIND, ParentalResponsibility, record_id, version)
    since = _since(from_on, row["until_on"], session.today)
    await changed(session, _KIND, ParentalResponsibility, row, known_by=known_by, from_on=since)


async def end(session: Session, record_id: UUID, version: int, until_on: date) -> None:
    """Its last day. Raises Refused."""
    row = await seen(session, _KIND, ParentalResponsibility, record_id)
    await allowed(session, _KIND, row, version)
    await changed(session, _KIND, ParentalResponsibility, row, until_on=ends(row, until_on, session.today))


def _since(from_on: date | None, until_on: date | None, today: date) -> date | None:
    if until_on is not None and day(until_on, today, "untilOn") < (from_on or until_on):
        raise bad_input("It cannot end before it starts.", "untilOn")
    if from_on is not None and day(from_on, today, "fromOn") > today:
        raise bad_input("Nobody has it before it begins: record it on that day.", "fromOn")
    return from_on


_ONE_PERSON = """
    select 1 from portal.identity_record a join portal.identity_record b using (person_id)
    where a.id = $1 and b.id = $2
"""
_OPEN = """
    select 1 from portal.parental_responsibility p
    join portal.identity_record h on h.id = p.identity_record_id join portal.identity_record hh on hh.person_id = h.person_id
    join portal.identity_record c on c.id = p.other_identity_record_id join portal.identity_record cc on cc.person_id = c.person_id
    where hh.id = $1 and cc.id = $2 and p.agency_id = $3 and p.withdrawn_at is null and p.until_on is null and p.id <> $4
"""
