"""Migrations, run from code as the database's owner; `migrations/env.py` says how each of them is run."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.engine import URL, make_url

PACKAGE = Path(__file__).parents[1]
DRIVER = "postgresql+asyncpg"

Report = Callable[[str], None]


class MigrationError(Exception):
    """The migrations cannot be found, or the database is not where they left it."""


def migrations_dir() -> Path:
    """Inside an installed wheel, else the repository's."""
    for folder in (PACKAGE / "_migrations", PACKAGE.parents[1] / "migrations"):
        if (folder / "env.py").is_file():
            return folder
    raise MigrationError("the migrations are missing from this installation")


def upgrade(owner_url: str, revision: str = "head", *, report: Report | None = None) -> None:
    """Not from inside a running event loop: the migrations run in one of their own."""
    at = current(owner_url)
    if at is not None and not is_known(at):
        raise MigrationError(f"the database is at migration {at}, which this program does not know: install the newer one")
    command.upgrade(_config(owner_url, report), revision)


def downgrade(owner_url: str, revision: str, *, report: Report | None = None) -> None:
    command.downgrade(_config(owner_url, report), revision)


def heads() -> tuple[str, ...]:
    return tuple(ScriptDirectory.from_config(_config()).get_heads())


def is_known(revision: str) -> bool:
    """Whether it is one of ours; a newer program's is not."""
    return revision in {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def current(owner_url: str) -> str | None:
    """The revision that the database is at; None before the first."""
    return asyncio.run(_current(owner_url))


def driver_url(url: str) -> URL:
    return make_url(url).set(drivername=DRIVER)


def run_script(connection: Connection, script: str) -> None:
    """Several statements at once, inside the migration's transaction. `op.execute` takes only one, because
    asyncpg prepares what it is given."""
    connection.execute(text("select 1"))  # the driver begins its transaction with the first statement
    driver_connection: Any = connection.connection.dbapi_connection
    driver_connection.run_async(lambda raw: raw.execute(script))


async def _current(owner_url: str) -> str | None:
    connection = await asyncpg.connect(owner_url)
    try:
        if await connection.fetchval("select to_regclass('public.alembic_version')") is None:
            return None
        revision: str | None = await connection.fetchval("select version_num from public.alembic_version")
        return revision
    finally:
        await connection.close()


def _config(owner_url: str | None = None, report: Report | None = None) -> Config:
    config = Config(attributes={"owner_url": owner_url, "report": report})
    config.set_main_option("script_location", str(migrations_dir()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
