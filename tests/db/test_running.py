"""A command finds the database of a portal that runs in another process."""

import asyncio
from pathlib import Path

import asyncpg

from throughline.db.bootstrap import APP_ROLE, bootstrap_embedded
from throughline.db.embedded import EmbeddedPostgres
from throughline.db.running import running_app_url


async def who_am_i(url: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        return str(await connection.fetchval("select current_user"))
    finally:
        await connection.close()


def test_it_is_found_while_it_runs_and_only_then(tmp_path: Path) -> None:
    assert running_app_url(tmp_path) is None
    with EmbeddedPostgres(tmp_path, durable=False) as cluster:
        assert running_app_url(tmp_path) is None  # nothing of ours in it yet
        asyncio.run(bootstrap_embedded(cluster))
        url = running_app_url(tmp_path)
        assert url is not None
        assert asyncio.run(who_am_i(url)) == APP_ROLE
    assert running_app_url(tmp_path) is None
