"""One small borough for all of these tests; whoever changes it asks for a `database` of their own."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from tests.conftest import Administrator, Database
from throughline.app import build
from throughline.demo.run import token
from throughline.demo.seed import Seeded, seed
from throughline.demo.viewers import DemoViewer, demo_viewers, families_to_ask
from throughline.settings import Settings
from throughline.terms.role import Role

CHILDREN, SEED = 200, 7


@dataclass
class Borough:
    database: Database
    settings: Settings
    held: Seeded
    viewers: dict[Role, DemoViewer] = field(default_factory=dict)
    families: list[Any] = field(default_factory=list)

    async def sql(self, statement: str, *values: Any) -> list[Any]:
        return await fetched(self.database, statement, *values)

    async def value(self, statement: str, *values: Any) -> Any:
        return (await self.sql(statement, *values))[0][0]

    @asynccontextmanager
    async def portal(self) -> AsyncIterator[httpx.AsyncClient]:
        app = build(self.settings, self.database.app_url)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=self.settings.public_url) as client,
        ):
            yield client

    async def ask(self, client: httpx.AsyncClient, viewer: DemoViewer, query: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        answer = await client.post(
            "/graphql",
            json={"query": query, "variables": variables},
            headers={"authorization": f"Bearer {token(self.settings, viewer)}"},
        )
        said = answer.json()
        assert "errors" not in said, said
        return said["data"]


async def fetched(database: Database, statement: str, *values: Any) -> list[Any]:
    connection = await asyncpg.connect(database.owner_url)
    try:
        return list(await connection.fetch(statement, *values))
    finally:
        await connection.close()


async def seeded(
    database: Database, secret: str, *, fresh: bool = False, children: int = CHILDREN, as_of: date | None = None
) -> Seeded:
    return await seed(database.owner_url, secret=secret, seed=SEED, children=children, fresh=fresh, as_of=as_of)


@pytest.fixture(scope="session")
def borough(administrator: Administrator, template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Borough]:
    folder: Path = tmp_path_factory.mktemp("demo")
    settings = Settings.for_demo({"HOME": str(folder)}, data_dir=folder, port=8123)
    database = administrator.make_database(template_database)
    made = Borough(database, settings, asyncio.run(seeded(database, settings.secret)))
    asyncio.run(_meet(made))
    yield made
    administrator.drop_database(database)


async def _meet(made: Borough) -> None:
    connection = await asyncpg.connect(made.database.owner_url)
    try:
        viewers = await demo_viewers(connection, made.held.named)
        made.viewers = {viewer.role: viewer for viewer in viewers}
        made.families = await families_to_ask(connection, viewers)
    finally:
        await connection.close()
