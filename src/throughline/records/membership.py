"""Who belongs to a household, in which role, from when until when. A child may be in two."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Custody, Day, one_of, refers
from throughline.db.refusal import bad_input
from throughline.db.session import Session
from throughline.records.about import About, family_of, named_one
from throughline.records.change import allowed, changed, ends, runs, seen
from throughline.records.record import Cautioned, Record, cautioned_rules, record_rules
from throughline.terms.record_kind import RecordKind
from throughline.terms.work import HouseholdRole


class Membership(Record, Cautioned, Base):
    __tablename__ = "membership"

    identity_record_id: Mapped[UUID] = refers("identity_record")
    custodian_id: Mapped[Custody]
    household_id: Mapped[UUID] = refers("household")
    family_id: Mapped[UUID] = refers("family")
    role: Mapped[str] = mapped_column(Text)
    from_on: Mapped[Day]
    until_on: Mapped[date | None]

    __table_args__ = record_rules(
        *cautioned_rules(),
        one_of("role", HouseholdRole),
        CheckConstraint("until_on is null or until_on >= from_on", name="ends_after_it_starts"),
        Index(None, "identity_record_id"),
        Index(None, "household_id"),
        Index(None, "family_id"),
    )


@dataclass(frozen=True, slots=True)
class Start:
    """Somebody belongs to this household from this day."""

    household_id: UUID
    about: About
    role: HouseholdRole
    from_on: date
    until_on: date | None = None


_THERE = """
    select 1 from portal.membership v join portal.identity_record vi on vi.id = v.identity_record_id
    join portal.identity_record i on i.person_id = vi.person_id
    where i.id = $1 and v.household_id = $2 and v.withdrawn_at is null and v.id <> $5
      and daterange(v.from_on, v.until_on, '[]') && daterange($3, $4, '[]')
"""


async def start(session: Session, membership_id: UUID, wanted: Start) -> None:
    """Add somebody to a household. The team's positions cover them only when a position names them. Raises Refused."""
    runs(wanted.from_on, wanted.until_on, session.today)
    family_id = await family_of(session, wanted.household_id)
    record_id = await named_one(session, wanted.about, "about")
    session.add_record(
        RecordKind.MEMBERSHIP,
        Membership,
        [record_id],
        id=membership_id,
        identity_record_id=record_id,
        household_id=wanted.household_id,
        family_id=family_id,
        role=wanted.role,
        from_on=wanted.from_on,
        until_on=wanted.until_on,
    )
    session.touched.add(record_id)
    await session.check()
    if await session.fetchrow(_THERE, record_id, wanted.household_id, wanted.from_on, wanted.until_on, membership_id):
        raise bad_input("They belong to this household already on some of these days.", "about")


async def end(session: Session, membership_id: UUID, version: int, until_on: date) -> None:
    """Their last day in the household. Raises Refused."""
    row = await seen(session, RecordKind.MEMBERSHIP, Membership, membership_id)
    await allowed(session, RecordKind.MEMBERSHIP, row, version)
    await changed(session, RecordKind.MEMBERSHIP, Membership, row, until_on=ends(row, until_on, session.today))
