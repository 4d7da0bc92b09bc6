"""One database, one server in process; worlds take turns in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from tests.conftest import Database
from tests.proof import facts
from tests.proof.dense import make_dense
from tests.proof.truth import Facts
from tests.reading.portal import BOUNDLESS, SETTINGS, Portal
from tests.reading.worlds import NOW, TODAY, World, keep
from throughline import app
from throughline.access.viewer import Viewer
from throughline.api.budget import Budget
from throughline.audit.trail import seen_rows
from throughline.db.base import Base
from throughline.db.engine import make_pool
from throughline.db.migrate import driver_url

TABLES = ", ".join(table.fullname for table in Base.metadata.sorted_tables if table.schema == "portal")


@dataclass
class Stage:
    view: Any
    engine: AsyncEngine
    owner: asyncpg.Connection
    worlds: list[World] = field(default_factory=list)
    """The one that stands, if any."""
    focus: list[UUID] = field(default_factory=list)
    """The practitioners of it to whom everything happens."""

    async def arrange(self, seed: int) -> Facts:
        """Another world in the place of the last one."""
        world, self.focus = make_dense(seed)
        async with self.engine.begin() as connection:
            await connection.exec_driver_sql(f"truncate {TABLES}, audit.entry cascade")
            await keep(world, connection)
        self.worlds[:] = [world]
        names = {row["id"]: (row["given_name"], row["family_name"]) for row in world.rows["identity_record"]}
        return Facts(await facts.read(self.owner, TODAY), names)

    async def ask(self, viewer: Viewer, text: str, variables: dict[str, Any]) -> tuple[dict[str, Any], dict[UUID, set[int]]]:
        """The answer of the real server, and what the trail says of it: ids, each with the sentences noted."""
        portal: Any = Portal(self.worlds[0], None, self.view, None, self.engine)  # type: ignore[arg-type]
        before = await self.owner.fetchval("select count(*) from audit.entry")
        answer = orjson.loads(await portal.post(viewer, text, variables))
        rows = await self.owner.fetch("select seen from audit.entry order by xid, id offset $1", before)
        noted: dict[UUID, set[int]] = {}
        for row in rows:
            for row_id, sentence in seen_rows(row["seen"]):
                noted.setdefault(row_id, set()).add(sentence)
        return answer, noted


@asynccontextmanager
async def staged(database: Database) -> AsyncIterator[Stage]:
    engine = create_async_engine(driver_url(database.owner_url))
    owner = await asyncpg.connect(database.owner_url)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(app, "LIMITS", BOUNDLESS)
            patch.setattr(Budget, "spend", lambda *_: None)
            async with make_pool(database.app_url, fewest=1, most=2) as pool:
                yield Stage(
                    app.make_view(SETTINGS, pool, app.Signing.of(SETTINGS).verifier, clock=lambda: NOW, step=0.0), engine, owner
                )
    finally:
        await owner.close()
        await engine.dispose()
