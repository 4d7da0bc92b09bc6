"""Keeping house: what has served its time goes, by the database's own clock, in small batches.

Every server does it; rows that another one has in hand are passed over, so nobody waits and nothing goes twice.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import astuple, dataclass

import asyncpg

from throughline.settings import Settings

log = logging.getLogger(__name__)

ROWS_AT_ONCE, FILES_AT_ONCE = 1_000, 20
"""In one transaction: a file may weigh twenty megabytes."""
SOON_S, THEN_S = 60.0, 3_600.0
"""Seconds until the first round after a start, and from one to the next; each is stretched or cut by up to a half."""

# 0002_finish_the_first_house.py: the app role itself may delete none of these rows
_KEYS = "select app.forget_idempotency_keys($1, $2)"
_FILES = "select app.forget_imported_bytes($1, $2)"
_ASSERTIONS = "select app.forget_assertions($1)"

Pool = asyncpg.Pool


@dataclass(frozen=True, slots=True)
class Removed:
    """How many of each went. `imported_files`: only their bytes; who brought them and what came of it stays."""

    idempotency_keys: int
    imported_files: int
    assertions: int


async def tidy(pool: "Pool[asyncpg.Record]", settings: Settings) -> Removed:
    """Remove everything that is over. Each batch is a transaction of its own: to be stopped at any moment."""
    return Removed(
        idempotency_keys=await _emptied(pool, ROWS_AT_ONCE, _KEYS, settings.idempotency_days),
        imported_files=await _emptied(pool, FILES_AT_ONCE, _FILES, settings.import_retention_days),
        assertions=await _emptied(pool, ROWS_AT_ONCE, _ASSERTIONS),
    )


async def _emptied(pool: "Pool[asyncpg.Record]", batch: int, statement: str, *values: int) -> int:
    total = 0
    while True:
        removed: int = await pool.fetchval(statement, *values, batch)
        total += removed
        if removed < batch:
            return total


@asynccontextmanager
async def kept_house(
    pool: "Pool[asyncpg.Record]", settings: Settings, *, soon_s: float = SOON_S, then_s: float = THEN_S
) -> AsyncIterator[None]:
    """Tidies now and then for as long as the block runs, and stops with it."""
    keeper = asyncio.create_task(_keep(pool, settings, soon_s, then_s), name="housekeeping")
    try:
        yield
    finally:
        keeper.cancel()
        with suppress(asyncio.CancelledError):
            await keeper


async def _keep(pool: "Pool[asyncpg.Record]", settings: Settings, soon_s: float, then_s: float) -> None:
    pause = soon_s
    while True:
        await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311  # so that servers do not all come at once
        pause = then_s
        try:
            removed = await tidy(pool, settings)
        except Exception as error:  # whatever it is, the next round comes
            log.warning("housekeeping failed: %s", type(error).__name__)
            continue
        if any(astuple(removed)):
            log.info("housekeeping: %s", removed)
