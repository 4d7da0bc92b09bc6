"""How two people are related: typed, dated, parental responsibility included. About both: both must be open."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Custody, one_of, refers
from throughline.db.refusal import bad_input
from throughline.db.session import Session
from throughline.records.about import About, lives_there, named_one
from throughline.records.change import allowed, changed, day, ends, seen, words
from throughline.records.record import Cautioned, Record, cautioned_rules, record_rules
from throughline.terms.record_kind import RecordKind
from throughline.terms.work import RelationshipKind


class Relationship(Record, Cautioned, Base):
    """«The person is KIND the other»: Sara PARENT_OF Adam. `how_known`: seen on a certificate, said by the mother."""

    __tablename__ = "relationship"

    identity_record_id: Mapped[UUID] = refers("identity_record")
    custodian_id: Mapped[Custody]
    other_identity_record_id: Mapped[UUID] = refers("identity_record")
    household_id: Mapped[UUID | None] = refers("household")
    kind: Mapped[str] = mapped_column(Text)
    how_known: Mapped[str | None] = mapped_column(Text)
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]

    __table_args__ = record_rules(
        *cautioned_rules(),
        one_of("kind", RelationshipKind),
        Index(None, "identity_record_id"),
        Index(None, "other_identity_record_id"),
    )


@dataclass(frozen=True, slots=True)
class Related:
    """«The person is KIND the other», as the team of this household knows it; at least one of them belongs to it."""

    household_id: UUID
    person: About
    other: About
    kind: RelationshipKind
    how_known: str | None = None
    from_on: date | None = None


LONGEST_HOW_KNOWN = 500


async def record(session: Session, relationship_id: UUID, wanted: Related) -> None:
    """Say how two people are related. It opens nothing. Raises Refused."""
    if wanted.kind is RelationshipKind.PARENTAL_RESPONSIBILITY_FOR:
        raise bad_input("Parental responsibility is a record of its own: `parentalResponsibilityRecord`.", "kind")
    person = await named_one(session, wanted.person, "person")
    other = await named_one(session, wanted.other, "other")
    await lives_there(session, wanted.household_id, (person, other))
    session.add_record(
        RecordKind.RELATIONSHIP,
        Relationship,
        [person, other],
        id=relationship_id,
        identity_record_id=person,
        other_identity_record_id=other,
        household_id=wanted.household_id,
        kind=wanted.kind,
        how_known=words(wanted.how_known, "howKnown", LONGEST_HOW_KNOWN) if wanted.how_known else None,
        from_on=day(wanted.from_on, session.today, "fromOn") if wanted.from_on else None,
    )
    await session.check()
    if await session.fetchrow(_ONE_PERSON, person, other):
        raise bad_input("Nobody is related to themselves.", "other")


async def end(session: Session, relationship_id: UUID, version: int, until_on: date) -> None:
    """It was so until this day. Raises Refused."""
    row = await seen(session, RecordKind.RELATIONSHIP, Relationship, relationship_id)
    await allowed(session, RecordKind.RELATIONSHIP, row, version)
    await changed(session, RecordKind.RELATIONSHIP, Relationship, row, until_on=ends(row, until_on, session.today))


_ONE_PERSON = """
    select 1 from portal.identity_record a join portal.identity_record b using (person_id)
    where a.id = $1 and b.id = $2
"""
