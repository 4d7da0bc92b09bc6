"""A scene on a world that many scenes share, each with people and agencies of its own."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from tests.access.portal import Portal
from tests.access.surface import Surface
from tests.conftest import Administrator, Database
from tests.world import World
from throughline.db.engine import make_pool


@pytest.fixture(scope="session")
def shared_database(administrator: Administrator, template_database: str) -> Iterator[Database]:
    made = administrator.make_database(template_database)
    yield made
    administrator.drop_database(made)


@pytest.fixture(scope="session")
async def stage(shared_database: Database) -> AsyncIterator[Portal]:
    """The portal on which scenes are played."""
    connection = await asyncpg.connect(shared_database.owner_url)
    world = World(connection)
    await world.kinds_of_support()
    async with make_pool(shared_database.app_url, fewest=1, most=1) as pool:
        yield Portal(world, pool)
    await connection.close()


@pytest.fixture
async def surface(world: World, database: Database, tmp_path: Path) -> AsyncIterator[Surface]:
    async with make_pool(database.app_url, fewest=1, most=2) as pool:
        opened = Surface(pool, tmp_path)
        yield opened
        await opened.close()
