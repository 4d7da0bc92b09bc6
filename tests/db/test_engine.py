import asyncio
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from tests.conftest import Database
from tests.served import Served
from throughline.db import migrate
from throughline.db.engine import UnfitDatabaseError, check_fitness, make_pool

pytestmark = pytest.mark.anyio


async def test_the_app_role_on_a_migrated_database_is_fit(database: Database) -> None:
    await check_fitness(database.app_url)


async def test_an_owner_and_a_superuser_are_refused(database: Database) -> None:
    with pytest.raises(UnfitDatabaseError, match="owns the tables"):
        await check_fitness(database.owner_url)
    with pytest.raises(UnfitDatabaseError, match="row security"):
        await check_fitness(database.superuser_url)


async def test_a_member_of_the_owner_is_refused(database: Database) -> None:
    connection = await asyncpg.connect(database.superuser_url)
    try:
        await connection.execute("grant throughline_owner to throughline_app")
        with pytest.raises(UnfitDatabaseError, match="owns the tables"):
            await check_fitness(database.app_url)
    finally:
        await connection.execute("revoke throughline_owner from throughline_app")
        await connection.close()


def test_an_empty_database_is_refused(make_database: Callable[..., Database]) -> None:
    empty = make_database(migrated=False)
    with pytest.raises(UnfitDatabaseError, match="throughline migrate"):
        asyncio.run(check_fitness(empty.app_url))


async def moved_to(database: Database, version: str) -> None:
    connection = await asyncpg.connect(database.owner_url)
    await connection.execute(f"update public.alembic_version set version_num = '{version}'")
    await connection.close()


def test_an_older_database_is_refused(make_database: Callable[..., Database], tmp_path: Path) -> None:
    oldest = make_database(migrated=False)
    migrate.upgrade(oldest.owner_url, "0001")
    with pytest.raises(UnfitDatabaseError, match=r"before 0002.*throughline migrate"):
        asyncio.run(check_fitness(oldest.app_url))
    older = make_database()
    asyncio.run(moved_to(older, "0001"))
    with pytest.raises(UnfitDatabaseError, match=r"at migration 0001.*throughline migrate"):
        asyncio.run(check_fitness(older.app_url))
    said = Served(older.app_url, tmp_path).command("serve")
    assert said.returncode == 1
    assert said.stderr.splitlines()[-1].startswith("Error: the database is at migration 0001 and needs 0")
    migrate.upgrade(oldest.owner_url)
    asyncio.run(check_fitness(oldest.app_url))


def test_a_newer_database_is_refused_and_not_touched(make_database: Callable[..., Database], tmp_path: Path) -> None:
    newer = make_database()
    asyncio.run(moved_to(newer, "9999"))
    with pytest.raises(UnfitDatabaseError, match="9999, which this program does not know"):
        asyncio.run(check_fitness(newer.app_url))
    with pytest.raises(migrate.MigrationError, match="9999, which this program does not know"):
        migrate.upgrade(newer.owner_url)
    for words in (("serve",), ("tidy",)):
        said = Served(newer.app_url, tmp_path).command(*words)
        assert said.returncode == 1
        assert said.stderr.splitlines()[-1].startswith("Error: the database is at migration 9999, which this program")


async def test_a_transaction_left_open_does_not_reach_the_next_user(database: Database) -> None:
    async with make_pool(database.app_url, fewest=1, most=1) as pool:
        async with pool.acquire() as connection:
            await connection.execute("begin; select set_config('app.agency', 'left behind', true)")
        async with pool.acquire() as connection:
            assert not connection.is_in_transaction()
            assert await connection.fetchval("select nullif(current_setting('app.agency', true), '')") is None
