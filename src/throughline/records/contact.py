"""A request for help reaching the front door. While it is undecided, triage at that front door may look."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Custody, Day, one_of, refers
from throughline.db.refusal import bad_input, not_found
from throughline.db.session import Session
from throughline.records.about import About, named_one
from throughline.records.change import allowed, changed, seen, words
from throughline.records.record import Cautioned, Record, cautioned_rules, record_rules
from throughline.terms.record_kind import RecordKind
from throughline.terms.role import Role
from throughline.terms.work import Channel


class Contact(Record, Cautioned, Base):
    """`front_door_id`: the agency whose triage decides. Made by the agency that asks, never by the front door itself."""

    __tablename__ = "contact"

    identity_record_id: Mapped[UUID] = refers("identity_record")
    custodian_id: Mapped[Custody]
    front_door_id: Mapped[UUID] = refers("agency")
    channel: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    received_on: Mapped[Day]
    decided_on: Mapped[date | None]
    decision: Mapped[str | None] = mapped_column(Text)

    __table_args__ = record_rules(
        *cautioned_rules(),
        one_of("channel", Channel),
        CheckConstraint("front_door_id <> agency_id", name="made_by_another_agency"),
        Index(None, "identity_record_id"),
        Index(None, "front_door_id"),
    )


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of which front door, for whom."""

    front_door_id: UUID
    about: About
    reason: str
    channel: Channel


_FRONT_DOOR = """
    select 1 from portal.agency a where a.id = $1 and a.suspended_at is null and exists (
      select from portal.practitioner p join portal.practitioner_role h on h.practitioner_id = p.id
      where p.agency_id = a.id and p.disabled_at is null and h.role = $2 and (h.until_on is null or h.until_on
        >= $3))
"""


async def make(session: Session, contact_id: UUID, request: Request) -> None:
    """Ask a front door for help. Until it has decided, its triage may look. Raises Refused."""
    if request.front_door_id == session.agency_id:
        raise bad_input("A contact is made to another agency's front door.", "frontDoorId")
    if await session.fetchrow(_FRONT_DOOR, request.front_door_id, Role.TRIAGE_WORKER, session.today) is None:
        raise not_found("frontDoorId")
    record_id = await named_one(session, request.about, "about")
    session.add_record(
        RecordKind.CONTACT,
        Contact,
        [record_id],
        id=contact_id,
        identity_record_id=record_id,
        front_door_id=request.front_door_id,
        channel=request.channel,
        reason=words(request.reason, "reason"),
        received_on=session.today,
    )
    session.touched.add(record_id)


async def decide(session: Session, contact_id: UUID, version: int, decision: str) -> None:
    """Say what happens next. From now on triage sees nothing on its account; who asked is told. Raises Refused."""
    row = await seen(session, RecordKind.CONTACT, Contact, contact_id)
    await allowed(session, RecordKind.CONTACT, row, version, "CONFIRM")
    if row["decided_on"] is not None:
        raise bad_input("This contact has been decided already.", "id")
    decided = {"decided_on": session.today, "decision": words(decision, "decision")}
    await changed(session, RecordKind.CONTACT, Contact, row, "CONFIRM", **decided)
