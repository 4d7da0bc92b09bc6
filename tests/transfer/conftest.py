"""Two schools and those around them, with the real acts on a database of the test's own."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.access.portal import Portal
from tests.conftest import Database
from tests.transfer.schools import Town
from tests.world import World
from throughline.db.engine import make_pool


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    connection = await asyncpg.connect(database.owner_url)
    made = World(connection)
    await made.kinds_of_support()
    yield made
    await connection.close()


@pytest.fixture
async def portal(world: World, database: Database) -> AsyncIterator[Portal]:
    async with make_pool(database.app_url, fewest=1, most=2) as pool:
        yield Portal(world, pool)


@pytest.fixture
async def town(portal: Portal) -> Town:
    return await Town.built(portal)
