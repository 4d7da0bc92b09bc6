"""What was shown to whom, by the hour: gathered from the trail afterwards, so that a read costs nothing more.

The trail keeps an entry's ids in one value, which no index reaches. `app.index_trail` unfolds what has been committed since it last ran,
each record once for each hour, reader and purpose; the app role can call it, and reads none of this.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, DateTime, Index, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Xid8

BATCH = 1_000
YEARS = 6
"""How long a look is told of, where what was looked at is kept longer (Limitation Act 1980). The sealed trail stays as it is."""
_FORGOTTEN_AT_ONCE = 10_000
_INDEX = "select app.index_trail($1)"
_OLDER = f"hour < ($1::date - make_interval(years => {YEARS})) at time zone 'Europe/London'"
_FORGET = f"""
    delete from audit.shown where ctid = any (array(select ctid from audit.shown where {_OLDER} limit {_FORGOTTEN_AT_ONCE}))
"""  # noqa: S608  # ours


class Shown(Base):
    """`row_id`: a record, part or person. `agency_id`: the reader's; `maker_id`: whose record it is, and `service_id` the confidential
    service that made it; both null for a person."""

    __tablename__ = "shown"

    row_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    hour: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    actor_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    purpose: Mapped[str] = mapped_column(Text, primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(Uuid)
    maker_id: Mapped[UUID | None] = mapped_column(Uuid)
    service_id: Mapped[UUID | None] = mapped_column(Uuid)

    __table_args__ = (Index(None, "maker_id", "hour"), Index(None, "actor_id", "hour"), {"schema": "audit"})


class ShownUntil(Base):
    """The last entry that was unfolded: one row."""

    __tablename__ = "shown_until"

    is_only: Mapped[bool] = mapped_column(Boolean, primary_key=True)
    xid: Mapped[int] = mapped_column(Xid8())
    entry_id: Mapped[UUID] = mapped_column(Uuid)

    __table_args__ = (CheckConstraint("is_only", name="is_only"), {"schema": "audit"})


async def older(connection: Any, today: date) -> int:
    """How many looks are older than that."""
    count: int = await connection.fetchval(f"select count(*) from audit.shown where {_OLDER}", today)  # noqa: S608  # ours
    return count


async def forget_older(connection: Any, today: date) -> int:
    """Deletes them, some at a time, as the owner. How many."""
    total = 0
    while True:
        done = await connection.execute(_FORGET, today)
        count = int(done.rsplit(" ", 1)[-1])
        total += count
        if count < _FORGOTTEN_AT_ONCE:
            return total


async def index_trail(pool: Any, batch: int = BATCH) -> int:
    """Everything that waits, batch by batch. How many entries; 0 where another server is at it."""
    total = 0
    while True:
        count: int = await pool.fetchval(_INDEX, batch)
        total += count
        if count < batch:
            return total
