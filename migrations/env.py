"""How a migration runs: as the owner, in a transaction of its own, never queueing long for a lock.

A new one is drafted with `alembic revision --autogenerate --rev-id 0011 -m "add problem solving plan"`.
"""

import asyncio
import importlib
import os
from collections.abc import Collection, Mapping
from typing import Any

from alembic import context
from alembic.runtime.migration import MigrationContext, MigrationInfo
from sqlalchemy import Connection, MetaData, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from throughline.db.base import Base
from throughline.db.migrate import driver_url

LOCK_TIMEOUT = "5s"  # rather fail and be run again than make every reader wait behind us
SCHEMAS = {"portal", "audit"}


def owner_url() -> str:
    """From the caller, or, for the alembic command, from the environment."""
    url: str | None = context.config.attributes.get("owner_url") or os.environ.get("DATABASE_OWNER_URL")
    if not url:
        raise SystemExit("name the database's owner in DATABASE_OWNER_URL")
    return url


def target_metadata() -> MetaData:
    """Complete once these rooms have registered their tables; read only when a revision is drafted."""
    for module in (
        "records.catalogue",
        "access.opening",
        "audit.trail",
        "audit.seal",
        "audit.shown",
        "audit.unusual",
        "audit.deletion",
        "transfer.imported_file",
    ):
        importlib.import_module(f"throughline.{module}")
    return Base.metadata


def report_version(ctx: MigrationContext, step: MigrationInfo, heads: Collection[Any], run_args: Mapping[str, Any]) -> None:
    report = context.config.attributes.get("report")
    if report:
        done = "applied" if step.is_upgrade else "taken back"
        for revision in context.script.get_revisions(step.up_revision_ids):
            report(f"{done} {revision.revision}: {revision.doc}")


def run(connection: Connection) -> None:
    connection.execute(text(f"set lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=target_metadata(),
        include_schemas=True,
        include_name=lambda name, kind, _: kind != "schema" or name in SCHEMAS,
        version_table_schema="public",
        transaction_per_migration=True,
        on_version_apply=report_version,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_online() -> None:
    engine = create_async_engine(driver_url(owner_url()), poolclass=pool.NullPool)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(run)
    finally:
        await engine.dispose()


if context.is_offline_mode():
    raise SystemExit("migrations run against a database; there is no offline mode")
asyncio.run(run_online())
