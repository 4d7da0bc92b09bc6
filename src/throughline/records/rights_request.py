"""Somebody asks for what an agency keeps about them: who asks, how that was checked, until when it is to be answered, and a second
person's yes before anything is given.

It is about one of the agency's own identity records. A confidential service, whose people have identity records of their own,
answers by a request of its own, which exists for it alone: nobody else learns whether it had anything to give.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Custody, Day, Instant, has_belongings, one_of, refers
from throughline.db.refusal import bad_input, forbidden, not_found
from throughline.db.session import Session
from throughline.records.change import allowed, changed, day, own, seen
from throughline.records.record import Record, record_rules
from throughline.terms.record_kind import RecordKind
from throughline.terms.rights import (
    ENTITLED_BY,
    Asker,
    Entitlement,
    Extension,
    IdentityCheck,
    LeftOutBecause,
    RightsOutcome,
    RightsState,
)
from throughline.terms.sensitivity import Sensitivity

KIND = RecordKind.RIGHTS_REQUEST
MONTHS, MOST_MONTHS = 1, 3
"""Calendar months from the day on which it was received: to answer, and with an extension."""


class RightsRequest(Record, Base):
    """`practitioner_id`: who opened it, and never who approves it."""

    __tablename__ = "rights_request"

    identity_record_id: Mapped[UUID] = refers("identity_record")
    custodian_id: Mapped[Custody]
    asked_by: Mapped[str] = mapped_column(Text)
    received_on: Mapped[Day]
    due_on: Mapped[Day]
    extended_because: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    identity_check: Mapped[str | None] = mapped_column(Text)
    entitlement: Mapped[str | None] = mapped_column(Text)
    checked_at: Mapped[Instant | None]
    checked_by_id: Mapped[UUID | None] = refers("practitioner")
    approved_at: Mapped[Instant | None]
    approved_by_id: Mapped[UUID | None] = refers("practitioner")
    closed_at: Mapped[Instant | None]
    outcome: Mapped[str | None] = mapped_column(Text)

    __table_args__ = record_rules(
        one_of("asked_by", Asker),
        one_of("extended_because", Extension),
        one_of("state", RightsState),
        one_of("identity_check", IdentityCheck),
        one_of("entitlement", Entitlement),
        one_of("outcome", RightsOutcome),
        CheckConstraint("state not in ('CHECKED', 'APPROVED') or identity_check is not null", name="checked_before_approved"),
        CheckConstraint("approved_by_id is null or coalesce(approved_by_id <> practitioner_id, false)", name="approved_by_another"),
        CheckConstraint("state <> 'APPROVED' or approved_by_id is not null", name="approved_by_somebody"),
        CheckConstraint("(state = 'CLOSED') = (outcome is not null)", name="closed_with_an_outcome"),
        CheckConstraint("outcome <> 'GIVEN' or approved_by_id is not null", name="given_when_approved"),
        has_belongings("rights_request"),
        Index(None, "identity_record_id"),
    )


class LeftOut(Base):
    """What an officer takes out of the answer: a record, a part of one, or an entry of the trail. Nothing tells the asker."""

    __tablename__ = "left_out"

    request_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    left_out_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    agency_id: Mapped[UUID] = refers("agency")
    service_id: Mapped[UUID | None] = refers("service")
    sensitivity: Mapped[str] = mapped_column(Text)
    practitioner_id: Mapped[UUID | None] = refers("practitioner")
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[Instant]

    __table_args__ = (
        one_of("reason", LeftOutBecause),
        one_of("sensitivity", Sensitivity),
        ForeignKeyConstraint(["request_id", "agency_id"], ["portal.rights_request.id", "portal.rights_request.agency_id"]),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """`own_id`: whose data are asked for, by the agency's own system. `service_id`: of a confidential service that answers for itself."""

    own_id: str
    asked_by: Asker
    received_on: date
    service_id: UUID | None = None


_OWN = """
    select id from portal.identity_record where agency_id = $1 and service_id is not distinct from $2 and own_id = $3
      and set_apart_for is null and not is_made_here
"""
_CONFIDENTIAL = "select from portal.service where id = $1 and agency_id = $2 and is_confidential"
_OPEN = """
    select 1 from portal.rights_request r where r.identity_record_id = $1 and r.id <> $2 and r.state <> 'CLOSED'
      and r.withdrawn_at is null
"""
_LEFT = "select 1 from portal.left_out where request_id = $1 and left_out_id = $2"


async def open_request(session: Session, request_id: UUID, asked: Asked) -> None:
    """Take down that somebody asks. Raises Refused."""
    _somebody(session)
    if day(asked.received_on, session.today, "receivedOn") > session.today:
        raise bad_input("It cannot have been received on a day to come.", "receivedOn")
    record_id = await _whose(session, asked)
    session.add_record(
        KIND,
        RightsRequest,
        [record_id],
        id=request_id,
        service_id=asked.service_id,
        sensitivity=Sensitivity.CONFIDENTIAL if asked.service_id else Sensitivity.STANDARD,
        identity_record_id=record_id,
        asked_by=asked.asked_by,
        received_on=asked.received_on,
        due_on=months_after(asked.received_on, MONTHS),
        state=RightsState.OPEN,
    )
    await session.check()
    if await session.fetchrow(_OPEN, record_id, request_id):
        raise bad_input("A request about this person is open already.", "localId")


async def _whose(session: Session, asked: Asked) -> UUID:
    if asked.service_id and (
        asked.service_id not in session.services
        or await session.fetchrow(_CONFIDENTIAL, asked.service_id, session.agency_id) is None
    ):
        raise not_found("serviceId")
    row = await session.fetchrow(_OWN, session.agency_id, asked.service_id, asked.own_id)
    if row is None or await session.walled("SEE", RecordKind.IDENTITY_RECORD, row["id"], (row["id"],)):
        raise not_found("localId")
    record_id: UUID = row["id"]
    return record_id


async def check(
    session: Session, request_id: UUID, version: int, identity_check: IdentityCheck, entitlement: Entitlement | None
) -> None:
    """It is sure who asks, and that they may. From now on the other agencies are asked for theirs. Raises Refused."""
    row = await _of_own(session, request_id, version)
    _is(row, RightsState.OPEN)
    wanted = ENTITLED_BY[Asker(row["asked_by"])]
    if entitlement is None and wanted:
        raise bad_input("Say how it was checked that they may ask for somebody else.", "entitlement")
    if entitlement is not None and entitlement not in wanted:
        raise bad_input("That does not entitle whoever asks.", "entitlement")
    await changed(
        session,
        KIND,
        RightsRequest,
        row,
        state=RightsState.CHECKED,
        identity_check=identity_check,
        entitlement=entitlement,
        checked_at=session.now,
        checked_by_id=session.practitioner_id,
    )
    session.happened(KIND, "ASKED_OTHERS", request_id)


async def extend(session: Session, request_id: UUID, version: int, because: Extension, due_on: date) -> None:
    """More time, for a reason that the law knows. Raises Refused."""
    row = await _of_own(session, request_id, version)
    _is(row, RightsState.OPEN, RightsState.CHECKED, RightsState.APPROVED)
    if not row["due_on"] < due_on <= months_after(row["received_on"], MOST_MONTHS):
        raise bad_input("Later than it is due now, and within three months of the day on which it was received.", "dueOn")
    await changed(session, KIND, RightsRequest, row, due_on=due_on, extended_because=because)


async def leave_out(session: Session, request_id: UUID, version: int, left_out_id: UUID, because: LeftOutBecause) -> None:
    """Take something out of the answer, also after it was approved: less is given than was. Raises Refused."""
    row = await _of_own(session, request_id, version)
    _is(row, RightsState.OPEN, RightsState.CHECKED, RightsState.APPROVED)
    if await session.fetchrow(_LEFT, request_id, left_out_id):
        raise bad_input("It is left out already.", "leftOutId")
    await changed(session, KIND, RightsRequest, row)
    session.add(
        LeftOut,
        request_id=request_id,
        left_out_id=left_out_id,
        agency_id=session.agency_id,
        service_id=row["service_id"],
        sensitivity=row["sensitivity"],
        practitioner_id=session.practitioner_id,
        reason=because,
        at=session.now,
    )


async def approve(session: Session, request_id: UUID, version: int) -> None:
    """A second person's yes: from now on it may be given. Never by whoever opened it. Raises Refused."""
    _somebody(session)
    row = await seen(session, KIND, RightsRequest, request_id)
    await allowed(session, KIND, row, version, "CONFIRM")
    _is(row, RightsState.CHECKED)
    await changed(
        session,
        KIND,
        RightsRequest,
        row,
        "CONFIRM",
        state=RightsState.APPROVED,
        approved_at=session.now,
        approved_by_id=session.practitioner_id,
    )


async def close(session: Session, request_id: UUID, version: int, outcome: RightsOutcome) -> None:
    """It is answered, or not to be answered: nothing more is given. Raises Refused."""
    row = await _of_own(session, request_id, version)
    _is(row, RightsState.OPEN, RightsState.CHECKED, RightsState.APPROVED)
    if outcome is RightsOutcome.GIVEN and row["state"] != RightsState.APPROVED:
        raise bad_input("Nothing is given before a second person has approved it.", "outcome")
    await changed(session, KIND, RightsRequest, row, state=RightsState.CLOSED, closed_at=session.now, outcome=outcome)


async def _of_own(session: Session, request_id: UUID, version: int) -> Any:
    _somebody(session)
    return await own(session, KIND, RightsRequest, request_id, version)


def _somebody(session: Session) -> None:
    """Never a tool: two people answer for what is given."""
    if session.practitioner_id is None:
        raise forbidden()


def _is(row: Any, *states: RightsState) -> None:
    if row["state"] not in states:
        raise bad_input("In its present state that cannot be done.", "id")


def months_after(first: date, months: int) -> date:
    """The same day of a later month, or its last one where it has no such day."""
    years, month = divmod(first.month - 1 + months, 12)
    year, month = first.year + years, month + 1
    return date(year, month, min(first.day, monthrange(year, month)[1]))
