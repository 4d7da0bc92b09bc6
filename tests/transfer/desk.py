"""A privacy officer's desk: the portal over HTTP, and a family of whom several agencies keep something."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from starlette.applications import Starlette

from tests.conftest import Database
from tests.records.case import Case, make_case
from tests.world import NOW, Someone, World
from throughline.app import GRAPHQL_PATH, Signing, routes
from throughline.db.engine import make_pool
from throughline.oauth.scope import Scope
from throughline.settings import Settings
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role


@dataclass
class Desk:
    world: World
    case: Case
    pool: Any
    client: httpx.AsyncClient
    signing: Signing
    officer: Someone
    second: Someone
    elsewhere: Someone

    async def get(
        self, who: Someone | None, request_id: UUID, form: str = "json", purpose: Purpose = Purpose.RIGHTS
    ) -> httpx.Response:
        headers = self._headers(who, purpose) if who else {}
        return await self.client.get(f"/rights-requests/{request_id}/export.{form}", headers=headers)

    async def ask(self, who: Someone, purpose: Purpose, query: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        body = {"query": query, "variables": variables}
        said = (await self.client.post(GRAPHQL_PATH, json=body, headers=self._headers(who, purpose))).json()
        assert "errors" not in said, said
        return said["data"]

    def _headers(self, who: Someone, purpose: Purpose) -> dict[str, str]:
        token = self.signing.mint.mint(f"practitioner:{who.id}", who.client_id, Scope(who.role, purpose))
        return {"authorization": f"Bearer {getattr(token, 'token', token)}"}

    async def trail(self, who: Someone) -> list[tuple[str, str]]:
        rows = await self.world.connection.fetch(
            "select verb, outcome from audit.entry where actor_id = $1 order by xid, id", who.id
        )
        return [tuple(row) for row in rows]


@asynccontextmanager
async def opened(database: Database, tmp_path: Path) -> AsyncIterator[Desk]:
    settings = Settings.for_demo({}, data_dir=tmp_path, port=0)
    connection = await asyncpg.connect(database.owner_url)
    world = World(connection)
    await world.kinds_of_support()
    case = await make_case(world)
    async with make_pool(database.app_url, fewest=1, most=2) as pool:
        app = Starlette(routes=routes(settings, pool, clock=lambda: NOW))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://portal.test") as client:
            yield Desk(
                world, case, pool, client, Signing.of(settings),
                await world.practitioner(case.hub, Role.PRIVACY_OFFICER),
                await world.practitioner(case.hub, Role.PRIVACY_OFFICER),
                await world.practitioner(case.health, Role.PRIVACY_OFFICER),
            )  # fmt: skip
    await connection.close()
