"""Protected people: who they are, or where they are, is for one agency to say (walls W3 and W4).

The agency that makes the mark is its custodian. A mark begins at once, and ends as soon as it is lifted. Of whoever is protected as a
person the database keeps every row for the custodian alone, as soon as the mark is there (`custodian_id`).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Index, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Custody, Day, belongs, has_belongings, one_of, refers
from throughline.db.refusal import bad_input, not_found
from throughline.db.session import Session
from throughline.records.about import About, named_one
from throughline.records.change import allowed, changed, seen, words
from throughline.records.record import Record, record_rules
from throughline.terms.record_kind import RecordKind
from throughline.terms.work import Protected

MOST_READERS = 50


class Protection(Record, Base):
    __tablename__ = "protection"

    identity_record_id: Mapped[UUID] = refers("identity_record")
    custodian_id: Mapped[Custody]
    what: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    from_on: Mapped[Day]
    until_on: Mapped[date | None]
    lifted_because: Mapped[str | None] = mapped_column(Text)

    __table_args__ = record_rules(one_of("what", Protected), Index(None, "identity_record_id"), has_belongings("protection"))


class ProtectionReader(Base):
    """A practitioner, of whatever agency, whom the custodian lets know where somebody is."""

    __tablename__ = "protection_reader"

    protection_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    practitioner_id: Mapped[UUID] = refers("practitioner", primary_key=True)
    agency_id: Mapped[UUID] = refers("agency")

    __table_args__ = (belongs("protection_id", "protection"),)


@dataclass(frozen=True, slots=True)
class Mark:
    """What is protected of whom, and why; `readers`: practitioners who may know where they are all the same."""

    about: About
    what: Protected
    reason: str
    readers: tuple[UUID, ...] = ()


async def place(session: Session, protection_id: UUID, mark: Mark) -> None:
    """From now on, until it is lifted. Raises Refused."""
    if mark.readers and mark.what is Protected.IDENTITY:
        raise bad_input("Who somebody is shows to the custodian alone: name no readers.", "readerIds")
    if len(mark.readers) > MOST_READERS:
        raise bad_input(f"Name no more than {MOST_READERS} practitioners.", "readerIds")
    record_id = await named_one(session, mark.about, "about")
    session.add_record(
        RecordKind.PROTECTION,
        Protection,
        [record_id],
        id=protection_id,
        identity_record_id=record_id,
        what=mark.what,
        reason=words(mark.reason, "reason"),
        from_on=session.today,
    )
    session.touched.add(record_id)
    await session.check()
    if await session.fetchrow(_THERE, record_id, session.agency_id, mark.what, protection_id):
        raise bad_input("Your agency protects this already: lift that first.", "what")
    for reader_id in await _in_force(session, mark.readers):
        session.add(ProtectionReader, protection_id=protection_id, practitioner_id=reader_id, agency_id=session.agency_id)


async def lift(session: Session, protection_id: UUID, version: int, reason: str) -> None:
    """It ends at once: yesterday was its last day. Raises Refused."""
    row = await seen(session, RecordKind.PROTECTION, Protection, protection_id)
    await allowed(session, RecordKind.PROTECTION, row, version, "CONFIRM")
    if row["until_on"] is not None:
        raise bad_input("This has been lifted already.", "id")
    await changed(
        session, RecordKind.PROTECTION, Protection, row, "CONFIRM",
        until_on=session.today - timedelta(days=1), lifted_because=words(reason, "reason"),
    )  # fmt: skip


_THERE = """
    select 1 from portal.protection p join portal.identity_record pi on pi.id = p.identity_record_id
    join portal.identity_record i on i.person_id = pi.person_id
    where i.id = $1 and p.agency_id = $2 and p.what = $3 and p.id <> $4 and p.until_on is null and p.withdrawn_at is null
"""
_IN_FORCE = """
    select p.id from portal.practitioner p join portal.agency a on a.id = p.agency_id
    where p.id = any($1) and p.disabled_at is null and a.suspended_at is null
"""


async def _in_force(session: Session, readers: tuple[UUID, ...]) -> set[UUID]:
    found = {row["id"] for row in await session.fetch(_IN_FORCE, list(readers))} if readers else set()
    if found != set(readers):
        raise not_found("readerIds")
    return found
