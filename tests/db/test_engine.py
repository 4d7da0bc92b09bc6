import asyncio
from collections.abc import Callable

import asyncpg
import pytest

from tests.conftest import Database
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


async def test_a_transaction_left_open_does_not_reach_the_next_user(database: Database) -> None:
    async with make_pool(database.app_url, fewest=1, most=1) as pool:
        async with pool.acquire() as connection:
            await connection.execute("begin; select set_config('app.agency', 'left behind', true)")
        async with pool.acquire() as connection:
            assert not connection.is_in_transaction()
            assert await connection.fetchval("select nullif(current_setting('app.agency', true), '')") is None
