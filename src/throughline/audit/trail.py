"""The trail: who looked, as whom, why, what was shown and by which sentence. Append-only, in the reader's transaction."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Index, LargeBinary, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Id, Instant, Xid8

SEEN_ENTRY_BYTES = 18
"""One entry of `seen`: the row's id (16 bytes) and the number of the sentence that let it in (2 bytes, big-endian)."""


class TrailEntry(Base):
    """No personal data: ids, and search terms as salted digests only, so that erasure never breaks a chain."""

    __tablename__ = "entry"

    id: Mapped[Id]
    xid: Mapped[int] = mapped_column(Xid8(), server_default=text("pg_current_xact_id()"))
    at: Mapped[Instant]
    agency_id: Mapped[UUID] = mapped_column(Uuid)
    actor_id: Mapped[UUID] = mapped_column(Uuid)
    client_id: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    verb: Mapped[str] = mapped_column(Text)
    operation: Mapped[str] = mapped_column(Text)
    policy_version: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    seen: Mapped[bytes | None] = mapped_column(LargeBinary)
    terms: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (Index(None, "xid"), Index(None, "agency_id", "at"), {"schema": "audit"})


def seen_bytes(rows: Iterable[tuple[UUID, int]]) -> bytes:
    """What `seen_rows` reads back."""
    return b"".join(row_id.bytes + sentence.to_bytes(2, "big") for row_id, sentence in rows)


def seen_rows(seen: bytes | None) -> list[tuple[UUID, int]]:
    """The (id, sentence number) pairs of one entry, in the order in which they were gathered."""
    data = seen or b""
    starts = range(0, len(data), SEEN_ENTRY_BYTES)
    return [(UUID(bytes=data[s : s + 16]), int.from_bytes(data[s + 16 : s + 18], "big")) for s in starts]
