"""The sealer: chains what has been committed to the trail, and puts signed checkpoints where the database cannot write.

It runs in every server, with no more power than the app role has: the database itself chains (`app.seal_trail`). Where several
run, the first to seal an entry wins; the others' attempt breaks a key and leaves nothing.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any

import asyncpg
from joserfc.jwk import ECKey

from throughline.audit.checkpoint import Checkpoint, CheckpointFolder, Head, place, signed
from throughline.audit.seal import START

log = logging.getLogger(__name__)

BATCH = 2000
PAUSE_SECONDS = 1.0
LAST_SECONDS = 10.0
"""How long a server that stops may go on sealing."""

_HEADS = "select *, pg_snapshot_xmax(pg_current_snapshot()) as next_xid from app.trail_heads() order by shard"
_HINDRANCES = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)


class Sealer:
    """`every`: seconds between checkpoints, at most 60. `pool`: of the app role."""

    def __init__(
        self, pool: Any, folder: CheckpointFolder, key: ECKey, *, clock: Callable[[], datetime], every: float, batch: int = BATCH
    ) -> None:
        self._pool = pool
        self._folder = folder
        self._key = key
        self._clock = clock
        self._every = every
        self._batch = batch

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Seals for as long as the block lasts, and once more at its end."""
        stopped = asyncio.Event()
        task = asyncio.create_task(self._run(stopped))
        try:
            yield
        finally:
            stopped.set()  # never cancelled: a line that is being written would go on without its lock
            await task
            await self._end()

    async def seal(self) -> int:
        """The next entries, at most one batch. 0 where none waits, or where another sealer was first."""
        try:
            count: int = await self._pool.fetchval("select app.seal_trail($1)", self._batch)
        except asyncpg.UniqueViolationError:
            return 0
        return count

    async def checkpoint(self) -> bool:
        """False where another server is adding one to the same folder at this moment."""
        with self._folder.turn() as is_ours:
            if not is_ours:
                return False
            rows = await self._pool.fetch(_HEADS)
            last = await asyncio.to_thread(self._folder.last)
            made = _checkpoint(rows, last, self._clock())
            _complain(made, last[0] if last else None, rows[0]["next_xid"])
            await asyncio.to_thread(self._folder.add, signed(made, self._key), f"{made.at:%Y-%m}")
            return True

    async def _run(self, stopped: asyncio.Event) -> None:
        due = time.monotonic()
        while not stopped.is_set():
            sealed = await _tried(self.seal)
            if time.monotonic() >= due:
                await _tried(self.checkpoint)
                due = time.monotonic() + self._every
            if sealed != self._batch:
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(PAUSE_SECONDS, self._every)):
                        await stopped.wait()

    async def _end(self) -> None:
        until = time.monotonic() + LAST_SECONDS
        while await _tried(self.seal) == self._batch and time.monotonic() < until:
            pass
        await _tried(self.checkpoint)


async def _tried(step: Callable[[], Awaitable[int]]) -> int:
    """What hinders it now may be over soon: nobody is refused because of it, the log says so, and the tail grows."""
    try:
        return await step()
    except Exception as error:
        log.error("the trail is not being sealed: %s", error, exc_info=not isinstance(error, _HINDRANCES))
        return 0


def _checkpoint(rows: list[Any], last: tuple[Checkpoint, bytes] | None, at: datetime) -> Checkpoint:
    """The one after `last`, of these heads."""
    return Checkpoint(
        number=last[0].number + 1 if last else 1,
        at=at,
        previous=last[1] if last else START,
        heads=tuple(Head(row["position"], row["hash"]) for row in rows),
        until=max((place(row["xid"], row["entry_id"]) for row in rows if row["position"]), default=b""),
    )


def _complain(made: Checkpoint, last: Checkpoint | None, next_xid: int) -> None:
    """What only somebody who looks can mend is said at once, and again with every checkpoint."""
    if last and any(now.position < before.position for now, before in zip(made.heads, last.heads, strict=True)):
        log.critical("the trail is shorter than checkpoint %d attests; run `throughline verify-audit`", last.number)
    if made.until and int.from_bytes(made.until[:8], "big") >= next_xid:
        log.critical("transaction ids went back (a dump brought into another server?): nothing new can be sealed")
