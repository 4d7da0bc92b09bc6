"""The only way to the records on somebody's behalf: one statement for a read, one transaction for an act.

Both begin with `me` (`entering.py`): whoever is not in force gets nothing, and nothing is read. Both end with a row in the
trail, in the same statement or transaction: no audit, no data.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from functools import cache
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from throughline.access.entering import me
from throughline.access.version import policy_version
from throughline.access.viewer import Viewer
from throughline.audit.trail import seen_bytes
from throughline.db.columns import new_id
from throughline.db.engine import AWAY
from throughline.db.refusal import forbidden

LONDON: Final = ZoneInfo("Europe/London")
NOBODY: Final = UUID(int=0)
"""Stands in the trail for the agency and the practitioner of an operator, who has neither."""


class NotInForce(Exception):  # noqa: N818  # an answer, not a fault
    """The viewer may not act at this moment: left, disabled, suspended, or the role is no longer theirs."""

    def __init__(self) -> None:
        super().__init__("Sign in again: this sign-in is no longer in force.")


def day_in_london(instant: datetime) -> date:
    """Days are Europe/London days, everywhere."""
    return instant.astimezone(LONDON).date()


class Gate:
    """Holds the pool of the app role. Nothing else in the program opens a connection on somebody's behalf."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def read(self, sql: str, values: Sequence[Any]) -> str | None:
        """The answer of one compiled statement (JSON text, or None for absent). Raises NotInForce."""
        async with self._pool.acquire() as connection:
            return await answered(connection, sql, values)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        """One transaction; it is rolled back unless the body ends well. Nobody has entered it yet."""
        try:
            async with self._pool.acquire() as connection, connection.transaction():
                yield connection
        except asyncpg.InterfaceError as error:
            # the connection was lost: the driver cannot roll back any more, and would hide why behind that
            if isinstance(error.__context__, AWAY):
                raise error.__context__ from None
            raise

    @staticmethod
    def who(viewer: Viewer, now: datetime) -> tuple[Any, ...]:
        """The five binds of `me`, in its order: actor, client, role, purpose, today."""
        return (viewer.actor_id, viewer.client_id, str(viewer.role), str(viewer.purpose), day_in_london(now))

    async def note_refusal(self, viewer: Viewer, verb: str, operation: str, outcome: str, now: datetime) -> None:
        """A refused act changed nothing; that it was tried is in the trail all the same."""
        async with self._pool.acquire() as connection:
            await connection.execute(
                _refusal(viewer.is_tool), *self.who(viewer, now), new_id(), now, verb, operation,
                policy_version(), outcome,
            )  # fmt: skip

    async def note_written(self, connection: Any, viewer: Viewer, verb: str, operation: str, seen: bytes, now: datetime) -> None:
        """In the act's own transaction, where nothing is read back: what was written, and by which sentences (`audit/trail.py`)."""
        done: str = await connection.execute(
            _written(viewer.is_tool), *self.who(viewer, now), new_id(), now, verb, operation,
            policy_version(), "WRITTEN", seen,
        )  # fmt: skip
        if done != "INSERT 0 1":
            raise NotInForce

    async def note_operator(self, verb: str, operation: str, looked_at: Iterable[UUID], now: datetime) -> None:
        """An operator asked about these records: on behalf of no agency, and seeing nothing of what they say."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute("select set_config('app.agency', $1, true)", str(NOBODY))
            await connection.execute(
                "insert into audit.entry (id, at, agency_id, actor_id, client_id, role, purpose, verb, operation, policy_version, "
                "outcome, seen) values ($1, $2, $3, $3, 'throughline', 'OPERATOR', 'ASSURANCE', $4, $5, $6, 'EXPLAINED', $7)",
                new_id(), now, NOBODY, verb, operation, policy_version(), seen_bytes((one, 0) for one in looked_at),
            )  # fmt: skip


_ENTRY = (
    "with me as materialized ({me}) insert into audit.entry "
    "(id, at, agency_id, actor_id, client_id, role, purpose, verb, operation, policy_version, outcome{columns}) "
    "select $6, $7, me.agency_id, me.actor_id, me.client_id, me.role, me.purpose, $8, $9, $10, $11{binds} from me"
)


@cache
def _refusal(is_tool: bool) -> str:
    return _ENTRY.format(me=_entering(is_tool), columns="", binds="")


@cache
def _written(is_tool: bool) -> str:
    return _ENTRY.format(me=_entering(is_tool), columns=", seen", binds=", $12")


def _entering(is_tool: bool) -> str:
    return me(is_tool=is_tool, actor="$1::uuid", client="$2::text", role="$3::text", purpose="$4::text", today="$5::date")


async def answered(connection: Any, sql: str, values: Sequence[Any], *, is_judged: bool = False) -> str | None:
    """`is_judged`: the second column is the sentence that lets be what an act wrote. Raises NotInForce or Refused."""
    row = await connection.fetchrow(sql, *values)
    if row is None:
        raise NotInForce
    if is_judged and row[1] is None:
        raise forbidden()
    answer: str | None = row[0]
    return answer
