"""Child in need, enquiry, protection plan, looked after: facts with dates, apart from need level."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Custody, Day, one_of, refers
from throughline.db.refusal import bad_input
from throughline.db.session import Session
from throughline.records.about import About, named_one
from throughline.records.change import changed, ends, own, runs
from throughline.records.record import Cautioned, Record, cautioned_rules, record_rules
from throughline.terms.record_kind import RecordKind
from throughline.terms.severity import LegalStatusKind


class LegalStatus(Record, Cautioned, Base):
    __tablename__ = "legal_status"

    identity_record_id: Mapped[UUID] = refers("identity_record")
    custodian_id: Mapped[Custody]
    status: Mapped[str] = mapped_column(Text)
    from_on: Mapped[Day]
    until_on: Mapped[date | None]

    __table_args__ = record_rules(*cautioned_rules(), one_of("status", LegalStatusKind), Index(None, "identity_record_id"))


@dataclass(frozen=True, slots=True)
class Status:
    """A child has this status from this day."""

    about: About
    status: LegalStatusKind
    from_on: date
    until_on: date | None = None


_OPEN = """
    select 1 from portal.legal_status s join portal.identity_record si on si.id = s.identity_record_id
    join portal.identity_record i on i.person_id = si.person_id
    where i.id = $1 and s.agency_id = $2 and s.status = $3 and s.withdrawn_at is null and s.until_on is null and s.id <> $4
"""


async def record(session: Session, status_id: UUID, wanted: Status) -> None:
    """Record a formal status. Raises Refused."""
    runs(wanted.from_on, wanted.until_on, session.today)
    record_id = await named_one(session, wanted.about, "about")
    session.add_record(
        RecordKind.LEGAL_STATUS,
        LegalStatus,
        [record_id],
        id=status_id,
        identity_record_id=record_id,
        status=wanted.status,
        from_on=wanted.from_on,
        until_on=wanted.until_on,
    )
    await session.check()
    if await session.fetchrow(_OPEN, record_id, session.agency_id, wanted.status, status_id):
        raise bad_input("Your agency has recorded this status, and it has not ended.", "status")


async def end(session: Session, status_id: UUID, version: int, until_on: date) -> None:
    """The last day on which it stands. Raises Refused."""
    row = await own(session, RecordKind.LEGAL_STATUS, LegalStatus, status_id, version)
    await changed(session, RecordKind.LEGAL_STATUS, LegalStatus, row, until_on=ends(row, until_on, session.today))
