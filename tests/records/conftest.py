"""A family with a lead, its agencies, and the portal around them."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from tests.conftest import Database
from tests.records.case import Case, make_case
from tests.records.portal import Portal
from tests.world import NOW, World
from throughline.app import Signing, routes
from throughline.db.engine import make_pool
from throughline.settings import Settings


@pytest.fixture
async def portal(database: Database, tmp_path: Path) -> AsyncIterator[Portal]:
    settings = Settings.for_demo({}, data_dir=tmp_path, port=0)
    connection = await asyncpg.connect(database.owner_url)
    world = World(connection)
    await world.kinds_of_support()
    async with make_pool(database.app_url, fewest=1, most=2) as pool:
        app = Starlette(routes=routes(settings, pool, clock=lambda: NOW))
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
            yield Portal(world, client, Signing.of(settings))
    await connection.close()


@pytest.fixture
async def case(portal: Portal) -> Case:
    return await make_case(portal.world)
