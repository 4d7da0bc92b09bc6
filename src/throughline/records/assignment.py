"""Who supports whom, or holds their case: set by the agency, dated. It opens only what the agency itself made.

A person is named by the agency's own id alone, and whoever assigns is told nothing of them, not even whether anybody spoke of
them before: an id that nobody said yet makes an identity record with nothing in it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from throughline.db.base import Base
from throughline.db.columns import Custody, Day, refers
from throughline.db.refusal import bad_input, forbidden, not_found
from throughline.db.session import Session
from throughline.linking.identity import Identity, said
from throughline.records.change import changed, ends, runs
from throughline.records.record import Record, record_rules
from throughline.terms.record_kind import RecordKind
from throughline.terms.sensitivity import Sensitivity


class Assignment(Record, Base):
    """`holder_id`: who is assigned; `practitioner_id`: who set it. As CONFIDENTIAL as the identity record that it names."""

    __tablename__ = "assignment"

    identity_record_id: Mapped[UUID] = refers("identity_record")
    custodian_id: Mapped[Custody]
    holder_id: Mapped[UUID] = refers("practitioner")
    from_on: Mapped[Day]
    until_on: Mapped[date | None]

    __table_args__ = record_rules(Index(None, "identity_record_id"), Index(None, "holder_id"))


@dataclass(frozen=True, slots=True)
class Which:
    """A practitioner of the own agency, and somebody by its own id. `service_id`: a confidential one's, which has ids of its own."""

    holder_id: UUID
    own_id: str
    service_id: UUID | None = None


async def start(session: Session, assignment_id: UUID, which: Which, from_on: date, until_on: date | None) -> None:
    """From this day the practitioner supports this person. Raises Refused."""
    runs(from_on, until_on, session.today)
    await _check(session, which)
    record_id = (
        await _apart_for(session, which) or (await said(session, [Identity(own_id=which.own_id)], service_id=which.service_id))[0]
    )
    if await session.fetchrow(_THEN, record_id, which.holder_id, from_on, until_on):
        raise bad_input("They are assigned already on some of these days.", "fromOn")
    session.add_record(
        RecordKind.ASSIGNMENT,
        Assignment,
        [record_id],
        id=assignment_id,
        service_id=which.service_id,
        sensitivity=Sensitivity.CONFIDENTIAL if which.service_id else Sensitivity.STANDARD,
        identity_record_id=record_id,
        holder_id=which.holder_id,
        from_on=from_on,
        until_on=until_on,
    )
    session.touched.add(record_id)


async def end(session: Session, which: Which, until_on: date) -> None:
    """The last day on which they support this person. Raises Refused."""
    await _check(session, which)
    for row in await session.fetch(_HELD, session.agency_id, which.service_id, which.own_id, which.holder_id, session.today):
        about = {**row, "about": [row["identity_record_id"]]}
        if await session.allows("WRITE", RecordKind.ASSIGNMENT, row["id"], (row["identity_record_id"],)):
            last = ends(row, until_on, session.today)
            await changed(session, RecordKind.ASSIGNMENT, Assignment, about, until_on=last)
            return
    raise not_found("localId")


_HOLDER = """
    select exists (select from portal.service_member m where m.practitioner_id = p.id and m.service_id = $3
      and m.from_on <= $4 and (m.until_on is null or m.until_on >= $4)) is_member
    from portal.practitioner p where p.id = $1 and p.agency_id = $2 and p.disabled_at is null
"""
_CONFIDENTIAL = "select from portal.service where id = $1 and agency_id = $2 and is_confidential"
_APART = """
    select id from portal.identity_record
    where agency_id = $1 and service_id is not distinct from $2 and own_id = $3 and set_apart_for = $4
    order by set_apart_turn desc limit 1
"""
_THEN = """
    select 1 from portal.assignment where identity_record_id = $1 and holder_id = $2 and withdrawn_at is null
      and daterange(from_on, until_on, '[]') && daterange($3, $4, '[]')
"""
_HELD = """
    select s.* from portal.assignment s join portal.identity_record i on i.id = s.identity_record_id
    where s.agency_id = $1 and i.service_id is not distinct from $2 and i.own_id = $3 and s.holder_id = $4
      and s.withdrawn_at is null and (s.until_on is null or s.until_on >= $5)
    order by s.from_on, s.id
"""


async def _check(session: Session, which: Which) -> None:
    """Nobody assigns themselves; a confidential service's members are assigned by one of them. Raises Refused."""
    if which.holder_id == session.practitioner_id:
        raise forbidden()
    if which.service_id and (
        which.service_id not in session.services
        or await session.fetchrow(_CONFIDENTIAL, which.service_id, session.agency_id) is None
    ):
        raise not_found("serviceId")
    holder: Any = await session.fetchrow(_HOLDER, which.holder_id, session.agency_id, which.service_id, session.today)
    if holder is None or (which.service_id and not holder["is_member"]):
        raise not_found("practitionerId")


async def _apart_for(session: Session, which: Which) -> UUID | None:
    """Whom this id means to the one who is to be assigned, where what they said was set apart."""
    row = await session.fetchrow(_APART, session.agency_id, which.service_id, which.own_id, which.holder_id)
    return row["id"] if row else None
