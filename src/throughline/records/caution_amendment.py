"""Who must not be told and safe contact, said anew: the same for every kind of record that carries it."""

from uuid import UUID

from throughline.db.refusal import not_found
from throughline.db.session import Session
from throughline.records.catalogue import KINDS
from throughline.records.caution import Caution, amended
from throughline.records.change import changed, own
from throughline.records.sharing_reason import of_decision
from throughline.records.withdrawal import WITHDRAWABLE
from throughline.terms.record_kind import RecordKind

CAUTIONED = (*WITHDRAWABLE, RecordKind.SHARING_DECISION, RecordKind.SERVICE_AGREEMENT)
"""A sharing decision's stands on its reason too. A support report's stands on its parts, and is amended with them."""

_WHICH = " union all ".join(
    f"select '{kind}' kind from {KINDS[kind].__table__} where id = $1"  # names of our own
    for kind in CAUTIONED
)


async def amend(session: Session, record_id: UUID, version: int, caution: Caution) -> None:
    """Say it anew, or take it away, on a record of the own agency's. Raises Refused."""
    row = await session.fetchrow(_WHICH, record_id)
    if row is None:
        raise not_found("id")
    kind = RecordKind(row["kind"])
    record = await own(session, kind, KINDS[kind], record_id, version)
    said = await amended(session, caution, record, "new")
    await changed(session, kind, KINDS[kind], record, **said)
    if kind is RecordKind.SHARING_DECISION:
        await of_decision(session, record_id, **said)
