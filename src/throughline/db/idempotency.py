"""One key, one act: a second request with the same key finds what the first one made.

A key is the practitioner's or tool's own: a colleague's would tell of acts that they may not know of.

Kept 30 days (`housekeeping.py`); after that the key is as good as new. Only successes are kept: the row stands in the
transaction of the act that it names.
"""

from uuid import UUID

from sqlalchemy import Index, LargeBinary, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Instant


class IdempotencyKey(Base):
    __tablename__ = "idempotency_key"

    agency_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    client_id: Mapped[str] = mapped_column(Text, primary_key=True)
    actor_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    mutation: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    input_digest: Mapped[bytes] = mapped_column(LargeBinary)
    record_id: Mapped[UUID] = mapped_column(Uuid)
    at: Mapped[Instant]

    __table_args__ = (Index(None, "at"),)
