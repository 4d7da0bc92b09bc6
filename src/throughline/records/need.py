"""Need level, with the reason for it. A change is a new need: the earlier one ends and stays."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Custody, Day, one_of, refers
from throughline.db.refusal import bad_input, stale
from throughline.db.session import Session
from throughline.records.about import About, lives_there, named_one
from throughline.records.change import runs, words
from throughline.records.record import Cautioned, Record, cautioned_rules, record_rules
from throughline.terms.record_kind import RecordKind
from throughline.terms.severity import Severity


class NeedLabel(Base):
    """An area's own name for a severity: one council numbers 1 to 4 upwards, another downwards."""

    __tablename__ = "need_label"

    area: Mapped[str] = mapped_column(Text, primary_key=True)
    severity: Mapped[str] = mapped_column(Text, primary_key=True)
    label: Mapped[str] = mapped_column(Text)

    __table_args__ = (one_of("severity", Severity),)


class Need(Record, Cautioned, Base):
    __tablename__ = "need"

    identity_record_id: Mapped[UUID] = refers("identity_record")
    custodian_id: Mapped[Custody]
    household_id: Mapped[UUID | None] = refers("household")
    severity: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    area: Mapped[str] = mapped_column(Text)
    from_on: Mapped[Day]
    until_on: Mapped[date | None]

    __table_args__ = record_rules(*cautioned_rules(), one_of("severity", Severity), Index(None, "identity_record_id"))


@dataclass(frozen=True, slots=True)
class Level:
    """How much help somebody needs from this day on, and why."""

    about: About
    severity: Severity
    reason: str
    from_on: date
    household_id: UUID | None = None


_EARLIER = """
    select n.id, n.version, n.from_on from portal.need n
    join portal.identity_record ni on ni.id = n.identity_record_id
    join portal.identity_record i on i.person_id = ni.person_id
    where i.id = $1 and n.agency_id = $2 and n.withdrawn_at is null and n.until_on is null and n.id <> $3
"""


async def record(session: Session, need_id: UUID, level: Level) -> None:
    """Say how much help somebody needs. What the agency said before ends on the day before. Raises Refused."""
    runs(level.from_on, None, session.today)
    record_id = await named_one(session, level.about, "about")
    await lives_there(session, level.household_id, [record_id])
    session.add_record(
        RecordKind.NEED,
        Need,
        [record_id],
        id=need_id,
        identity_record_id=record_id,
        household_id=level.household_id,
        severity=level.severity,
        reason=words(level.reason, "reason"),
        area=session.area,
        from_on=level.from_on,
    )
    await session.check()
    await _end_earlier(session, need_id, record_id, level.from_on)


async def _end_earlier(session: Session, need_id: UUID, record_id: UUID, from_on: date) -> None:
    """The lock keeps two levels from being open at once."""
    await session.fetch("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"need {session.agency_id} {record_id}")
    for row in await session.fetch(_EARLIER, record_id, session.agency_id, need_id):
        if row["from_on"] >= from_on:
            raise bad_input("Your agency has recorded a level from that day or a later one: withdraw it first.", "fromOn")
        if not await session.replace(Need, row["id"], row["version"], until_on=from_on - timedelta(days=1)):
            raise stale()
        session.wrote(RecordKind.NEED, row["id"], [record_id])
