"""One throw-away PostgreSQL for the whole run, a migrated template in it, a copy for each test that asks."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.access.portal import Portal
from tests.world import World
from throughline.db import migrate
from throughline.db.bootstrap import APP_ROLE, OWNER_ROLE, bootstrap
from throughline.db.embedded import EmbeddedPostgres
from throughline.db.engine import make_pool

TEMPLATE = "template_of_tests"
OWNER_PASSWORD = "owner-of-tests"
APP_PASSWORD = "app-of-tests"
os.environ.setdefault("PGSSLMODE", "disable")  # it offers no TLS; asking first is a way to be cut off that production has not


@dataclass(frozen=True)
class Database:
    """One test's own database, by the three roles of production."""

    name: str
    app_url: str = field(repr=False)
    owner_url: str = field(repr=False)
    superuser_url: str = field(repr=False)


class Administrator:
    """One superuser connection, kept open for the whole run on an event loop of its own."""

    def __init__(self, cluster: EmbeddedPostgres) -> None:
        self._cluster = cluster
        self._loop = asyncio.new_event_loop()
        self._connection: asyncpg.Connection = self._loop.run_until_complete(asyncpg.connect(cluster.url()))
        self._numbers = count(1)

    def execute(self, *statements: str) -> None:
        for statement in statements:
            self._loop.run_until_complete(self._connection.execute(statement))

    def make_database(self, template: str | None) -> Database:
        """Without a template: empty, but for what bootstrap makes."""
        name = f"test_{next(self._numbers)}"
        if template is None:
            self._loop.run_until_complete(bootstrapped(self._cluster, name))
        else:
            self.execute(
                f"create database {name} template {template} owner {OWNER_ROLE}",
                f"revoke all on database {name} from public",  # a copy does not inherit this
                f"grant connect on database {name} to {APP_ROLE}",
            )
        return Database(
            name=name,
            app_url=self._cluster.url(name, APP_ROLE, APP_PASSWORD),
            owner_url=self._cluster.url(name, OWNER_ROLE, OWNER_PASSWORD),
            superuser_url=self._cluster.url(name),
        )

    def drop_database(self, database: Database) -> None:
        self.execute(f"drop database if exists {database.name} with (force)")

    def close(self) -> None:
        self._loop.run_until_complete(self._connection.close())
        self._loop.close()


async def bootstrapped(cluster: EmbeddedPostgres, name: str) -> None:
    await bootstrap(cluster.url(), database=name, owner_password=OWNER_PASSWORD, app_password=APP_PASSWORD)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def cluster() -> Iterator[EmbeddedPostgres]:
    with (
        tempfile.TemporaryDirectory(prefix="throughline-tests-") as folder,
        EmbeddedPostgres(Path(folder), durable=False, settings={"autovacuum": "off"}) as running,
    ):
        yield running


@pytest.fixture(scope="session")
def administrator(cluster: EmbeddedPostgres) -> Iterator[Administrator]:
    opened = Administrator(cluster)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def template_database(cluster: EmbeddedPostgres) -> str:
    """The name of a database at the newest migration, made as production makes it."""
    asyncio.run(bootstrapped(cluster, TEMPLATE))
    migrate.upgrade(cluster.url(TEMPLATE, OWNER_ROLE, OWNER_PASSWORD))
    return TEMPLATE


@pytest.fixture
def make_database(administrator: Administrator, request: pytest.FixtureRequest) -> Iterator[Callable[..., Database]]:
    """`make_database()` is a migrated one, `make_database(migrated=False)` an empty one."""
    made: list[Database] = []

    def make(*, migrated: bool = True) -> Database:
        template: Any = request.getfixturevalue("template_database") if migrated else None
        database = administrator.make_database(template)
        made.append(database)
        return database

    yield make
    for database in made:
        administrator.drop_database(database)


@pytest.fixture
def database(make_database: Callable[..., Database]) -> Database:
    """A migrated database of this test's own. The role's passwords are the same in all of them."""
    return make_database()


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    """A world of the test's own, to be built by hand."""
    connection = await asyncpg.connect(database.owner_url)
    made = World(connection)
    await made.kinds_of_support()
    yield made
    await connection.close()


@pytest.fixture
async def portal(world: World, database: Database) -> AsyncIterator[Portal]:
    """The real reader and the real acts on it."""
    async with make_pool(database.app_url, fewest=1, most=2) as pool:
        yield Portal(world, pool)
