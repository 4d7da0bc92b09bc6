"""A legal hold: nothing that is held about a person is deleted while it runs, whatever schedule or request would delete it.

It keeps what every agency made, and what names others beside the person: an inquiry asks about a child, not about an agency, and what
is gone cannot be called back. It opens nothing to anybody.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Custody, Day, refers
from throughline.db.refusal import bad_input, not_found
from throughline.db.session import Session
from throughline.records.change import changed, own, words
from throughline.records.record import Record, record_rules
from throughline.terms.record_kind import RecordKind


class LegalHold(Record, Base):
    """`kinds`: the kinds of record that it keeps; none: everything. `until_on`: the day on which it was lifted, on which it still
    keeps."""

    __tablename__ = "legal_hold"

    identity_record_id: Mapped[UUID] = refers("identity_record")
    custodian_id: Mapped[Custody]
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    reason: Mapped[str] = mapped_column(Text)
    from_on: Mapped[Day]
    until_on: Mapped[date | None]
    lifted_because: Mapped[str | None] = mapped_column(Text)

    __table_args__ = record_rules(
        CheckConstraint("(until_on is null) = (lifted_because is null)", name="lifted_with_a_reason"),
        CheckConstraint("until_on is null or until_on >= from_on", name="ends_after_it_starts"),
        Index(None, "identity_record_id"),
    )


LONGEST_REASON = 2_000

_WHOM = """
    select id from portal.identity_record
    where agency_id = $1 and service_id is null and own_id = $2 and set_apart_for is null and not is_made_here
"""


@dataclass(frozen=True, slots=True)
class Held:
    """Whom, by the agency's own id, and what about them: no kinds mean everything."""

    own_id: str
    reason: str
    kinds: tuple[RecordKind, ...] = ()


async def place(session: Session, hold_id: UUID, wanted: Held) -> None:
    """From now on it is kept. Somebody whom the agency does not know so, and somebody behind a wall, are answered alike: a hold that
    kept nothing would look like one that keeps. Raises Refused."""
    row = await session.fetchrow(_WHOM, session.agency_id, wanted.own_id)
    if row is None or await session.walled("SEE", RecordKind.IDENTITY_RECORD, row["id"], (row["id"],)):
        raise not_found("localId")
    record_id = row["id"]
    session.add_record(
        RecordKind.LEGAL_HOLD,
        LegalHold,
        [record_id],
        id=hold_id,
        identity_record_id=record_id,
        kinds=[str(kind) for kind in RecordKind if kind in wanted.kinds],
        reason=words(wanted.reason, "reason", LONGEST_REASON),
        from_on=session.today,
    )
    session.touched.add(record_id)


async def lift(session: Session, hold_id: UUID, version: int, reason: str) -> None:
    """Today is the last day on which it keeps anything. Raises Refused."""
    row = await own(session, RecordKind.LEGAL_HOLD, LegalHold, hold_id, version)
    if row["until_on"] is not None:
        raise bad_input("This hold has been lifted already.", "id")
    because = words(reason, "reason", LONGEST_REASON)
    await changed(session, RecordKind.LEGAL_HOLD, LegalHold, row, until_on=session.today, lifted_because=because)
