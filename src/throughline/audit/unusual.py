"""Access that is out of the ordinary, found in what the trail says was shown, and raised to the agency's privacy officer: each once.

The database itself finds it (`app.find_unusual_access`), against thresholds that are data. An alert holds ids and a count, and nothing
about anybody. Every server looks now and then; rows that are raised already are passed over.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from throughline.audit.shown import index_trail
from throughline.db.base import Base
from throughline.db.columns import Id, Instant, one_of, refers
from throughline.terms.unusual import Finding, UnusualKind

log = logging.getLogger(__name__)

PAUSE_S, LOOK_S = 30.0, 300.0
"""Seconds between unfolding the trail, and between looking for what is unusual."""


class UnusualAccess(Base):
    """`agency_id`: of whoever looked. `person_id`: where it is about one; what is known of them is not here."""

    __tablename__ = "unusual_access"

    id: Mapped[Id]
    agency_id: Mapped[UUID] = refers("agency")
    kind: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[UUID] = mapped_column(Uuid)
    person_id: Mapped[UUID] = mapped_column(Uuid)
    on_day: Mapped[date] = mapped_column(Date)
    count: Mapped[int] = mapped_column(Integer)
    raised_at: Mapped[Instant]
    finding: Mapped[str | None] = mapped_column(Text)
    reviewed_at: Mapped[Instant | None]
    reviewed_by_id: Mapped[UUID | None] = refers("practitioner")

    __table_args__ = (
        one_of("kind", UnusualKind),
        one_of("finding", Finding),
        UniqueConstraint("agency_id", "kind", "actor_id", "person_id", "on_day", name="uq_unusual_access_once"),
    )


class UnusualThreshold(Base):
    """From how many on it is unusual. BULK: people in an hour; CELEBRITY: practitioners of one agency who neither are assigned to the
    person nor on a team, in a week; DORMANT_TOOL: days of silence; OWN_FAMILY: people known here by a family name, at most."""

    __tablename__ = "unusual_threshold"

    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    most: Mapped[int] = mapped_column(Integer)

    __table_args__ = (one_of("kind", UnusualKind),)


async def find(pool: Any, now: datetime) -> dict[str, int]:
    """Unfold the trail, and raise what is unusual in it. How many of each kind were raised."""
    await index_trail(pool)
    return {row["kind"]: row["raised"] for row in await pool.fetch("select * from app.find_unusual_access($1)", now)}


@asynccontextmanager
async def watched(
    pool: Any, clock: Callable[[], datetime], *, pause_s: float = PAUSE_S, look_s: float = LOOK_S
) -> AsyncIterator[None]:
    """Looks for as long as the block runs, and stops with it."""
    watcher = asyncio.create_task(_watch(pool, clock, pause_s, look_s), name="unusual access")
    try:
        yield
    finally:
        watcher.cancel()
        with suppress(asyncio.CancelledError):
            await watcher


async def _watch(pool: Any, clock: Callable[[], datetime], pause_s: float, look_s: float) -> None:
    due = time.monotonic()
    while True:
        await asyncio.sleep(pause_s)
        try:
            if time.monotonic() < due:
                await index_trail(pool)
                continue
            due = time.monotonic() + look_s
            if raised := await find(pool, clock()):
                log.warning("unusual access: %s", ", ".join(f"{kind} {count}" for kind, count in sorted(raised.items())))
        except Exception as error:  # whatever it is, the next round comes
            log.warning("the trail was not looked through: %s", type(error).__name__)
