"""What every act on a record that is there already asks first, in this order: does it exist for the viewer (NOT_FOUND), may they
do this to it (FORBIDDEN), have they read its newest version (CONFLICT)?"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from throughline.db.base import Base
from throughline.db.refusal import bad_input, forbidden, not_found, stale
from throughline.db.session import Session
from throughline.terms.record_kind import RecordKind

LONGEST_WORDS = 10_000
FARTHEST_BACK, FARTHEST_AHEAD = timedelta(days=366 * 110), timedelta(days=366 * 2)

_ONE = "array[r.identity_record_id]"
_ABOUT = {
    RecordKind.RELATIONSHIP: "array[r.identity_record_id, r.other_identity_record_id]",
    RecordKind.TEAM_POSITION: ("array(select l.identity_record_id from portal.team_position_person l where l.position_id = r.id)"),
    RecordKind.SHARING_DECISION: (
        "array(select l.identity_record_id from portal.sharing_decision_person l where l.decision_id = r.id)"
    ),
}
_SEEN_BY_ANY = (RecordKind.TEAM_POSITION, RecordKind.SHARING_DECISION)
"""Records that show where they are open for any of their people; the others, where they are open for each."""


async def seen(session: Session, kind: RecordKind, table: type[Base], record_id: UUID) -> Any:
    """The record with `about`, the identity records of its people. Raises Refused where it does not exist for the viewer."""
    columns, name = f"r.*, {_ABOUT.get(kind, _ONE)} about", table.__table__
    row = await session.fetchrow(
        f"select {columns} from {name} r where r.id = $1 and r.withdrawn_at is null",  # our names
        record_id,
    )
    if row is None:
        raise not_found("id")
    groups = [(one,) for one in row["about"]] if kind in _SEEN_BY_ANY else [tuple(row["about"])]
    for group in groups:
        if await session.allows("SEE", kind, record_id, group):
            return row
    raise not_found("id")


async def allowed(session: Session, kind: RecordKind, row: Any, version: int, verb: str = "WRITE") -> None:
    if not await session.allows(verb, kind, row["id"], tuple(row["about"])):
        raise forbidden()
    if row["version"] != version:
        raise stale()


async def own(session: Session, kind: RecordKind, table: type[Base], record_id: UUID, version: int) -> Any:
    """A record that the viewer sees and may write, made by their own agency: nobody else's is amended or withdrawn."""
    row = await seen(session, kind, table, record_id)
    if row["agency_id"] != session.agency_id:
        raise forbidden()
    await allowed(session, kind, row, version)
    return row


async def changed(session: Session, kind: RecordKind, table: type[Base], row: Any, verb: str = "WRITE", **changes: Any) -> None:
    """The next version. The policy was asked before: what a change does to dates and states is part of what sentences ask."""
    if not await session.replace(table, row["id"], row["version"], **changes):
        raise stale()
    session.wrote(kind, row["id"], row["about"], verb, is_checked=True)
    session.touched.update(row["about"])


async def proposed(session: Session, kind: RecordKind, table: type[Base], record_id: UUID, version: int) -> Any:
    """A record of another agency to which the viewer may say yes, and nobody has yet."""
    row = await seen(session, kind, table, record_id)
    await allowed(session, kind, row, version, "CONFIRM")
    if row["confirmed_by_agency_id"] is not None:
        raise bad_input("This has been confirmed already.", "id")
    return row


async def confirmed(session: Session, kind: RecordKind, table: type[Base], row: Any, **changes: Any) -> None:
    await changed(session, kind, table, row, "CONFIRM", **yes(session), **changes)


def yes(session: Session) -> dict[str, Any]:
    """The columns of a second agency's yes."""
    return {
        "confirmed_by_agency_id": session.agency_id,
        "confirmed_by_id": session.practitioner_id,
        "confirmed_at": session.now,
    }


def ends(row: Any, until_on: date, today: date, where: str = "untilOn") -> date:
    """The last day, never later than one that is set already: what is over is not taken up again by one agency alone."""
    if row["from_on"] and until_on < row["from_on"]:
        raise bad_input("It cannot end before it starts.", where)
    if row["until_on"] and until_on > row["until_on"]:
        raise bad_input("It ends earlier already. What is over is not taken up again: record a new one.", where)
    return day(until_on, today, where)


def day(said: date, today: date, where: str) -> date:
    """A day that people may live to see, and did not forget."""
    if not today - FARTHEST_BACK <= said <= today + FARTHEST_AHEAD:
        raise bad_input("That day is too long ago or too far ahead.", where)
    return said


def runs(from_on: date, until_on: date | None, today: date) -> None:
    """The first and the last day of something that is about to be recorded."""
    day(from_on, today, "fromOn")
    if until_on is not None and day(until_on, today, "untilOn") < from_on:
        raise bad_input("It cannot end before it starts.", "untilOn")


def words(said: str, where: str, most: int = LONGEST_WORDS) -> str:
    if not 1 <= len(said.strip()) <= most:
        raise bad_input(f"Write 1 to {most} characters.", where)
    return said.strip()
