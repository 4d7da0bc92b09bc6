"""The only way to the records on somebody's behalf: one statement for a read, one transaction for an act.

Both begin with `me` (`entering.py`): whoever is not in force gets nothing, and nothing is read. Both end with a row in the
trail, in the same statement or transaction: no audit, no data.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from throughline.access.entering import me
from throughline.access.viewer import Viewer
from throughline.terms.agency_kind import AgencyKind

LONDON: Final = ZoneInfo("Europe/London")


class NotInForce(Exception):  # noqa: N818  # an answer, not a fault
    """The viewer may not act at this moment: left, disabled, suspended, or the role is no longer theirs."""

    def __init__(self) -> None:
        super().__init__("Sign in again: this sign-in is no longer in force.")


def day_in_london(instant: datetime) -> date:
    """Days are Europe/London days, everywhere."""
    return instant.astimezone(LONDON).date()


@dataclass(frozen=True, slots=True)
class Entered:
    """The viewer as they stand in this transaction."""

    agency_id: UUID
    agency_kind: AgencyKind
    area: str
    services: tuple[UUID, ...]
    today: date


class Gate:
    """Holds the pool of the app role. Nothing else in the program opens a connection on somebody's behalf."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def read(self, sql: str, values: Sequence[Any]) -> str | None:
        """The answer of one compiled statement (JSON text, or None for absent). Raises NotInForce."""
        async with self._pool.acquire() as connection:
            return await answered(connection, sql, values)

    @asynccontextmanager
    async def enter(self, viewer: Viewer, today: date) -> AsyncIterator[tuple["asyncpg.Connection", Entered]]:
        """A transaction in the viewer's name; it is rolled back unless the body ends well. Raises NotInForce."""
        async with self._pool.acquire() as connection, connection.transaction():
            row = await connection.fetchrow(_enter(viewer.is_tool), *_who(viewer, today))
            if row is None:
                raise NotInForce
            yield connection, _entered(row)


async def answered(connection: Any, sql: str, values: Sequence[Any]) -> str | None:
    row = await connection.fetchrow(sql, *values)
    if row is None:
        raise NotInForce
    answer: str | None = row[0]
    return answer


def _enter(is_tool: bool) -> str:
    return me(is_tool=is_tool, actor="$1::uuid", client="$2::text", role="$3::text", purpose="$4::text", today="$5::date")


def _who(viewer: Viewer, today: date) -> tuple[Any, ...]:
    return (viewer.actor_id, viewer.client_id, str(viewer.role), str(viewer.purpose), today)


def _entered(row: Any) -> Entered:
    return Entered(
        agency_id=row["agency_id"],
        agency_kind=AgencyKind(row["agency_kind"]),
        area=row["area"],
        services=tuple(row["services"]),
        today=row["today"],
    )
