"""Taking a record back, with a reason: the same for every kind that asks nothing more of it."""

from uuid import UUID

from throughline.db.refusal import not_found
from throughline.db.session import Session
from throughline.records.catalogue import KINDS
from throughline.records.change import changed, own, words
from throughline.terms.record_kind import RecordKind

WITHDRAWABLE = (
    RecordKind.INVOLVEMENT,
    RecordKind.NEED,
    RecordKind.LEGAL_STATUS,
    RecordKind.ENROLMENT,
    RecordKind.MEMBERSHIP,
    RecordKind.RELATIONSHIP,
    RecordKind.TEAM_POSITION,
    RecordKind.CONTACT,
    RecordKind.PARENTAL_RESPONSIBILITY,
    RecordKind.COURT_ORDER,
)
"""Support reports and sharing decisions have withdrawals of their own; other kinds are brought by files."""

_WHICH = " union all ".join(
    f"select '{kind}' kind from {KINDS[kind].__table__} where id = $1"  # names of our own
    for kind in WITHDRAWABLE
)


async def withdraw(session: Session, record_id: UUID, version: int, reason: str) -> None:
    """It stays, for the author's agency alone, and opens nothing any more. Raises Refused."""
    row = await session.fetchrow(_WHICH, record_id)
    if row is None:
        raise not_found("id")
    kind = RecordKind(row["kind"])
    record = await own(session, kind, KINDS[kind], record_id, version)
    await changed(
        session,
        kind,
        KINDS[kind],
        record,
        withdrawn_at=session.now,
        withdrawn_reason=words(reason, "reason"),
    )
