"""Connections of the app role, and the database behind them: one that was named, or our own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg

from throughline.db.bootstrap import DatabaseUrls, bootstrap_embedded
from throughline.db.embedded import EmbeddedPostgres
from throughline.db.migrate import heads, is_known
from throughline.settings import Settings

FEWEST, MOST = 2, 16
STATEMENTS_KEPT = 256
"""Prepared statements of each connection. Planning a family picture costs more than running it."""
SERVER_SETTINGS = {
    "application_name": "throughline",
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",
    # Every statement here walks from one person or family along indexes. A generic plan cannot know how few
    # rows that is, and where statistics are young it would read whole tables instead.
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_bitmapscan": "off",  # dear to begin for the handful of rows that each step finds
}

CONNECT_TIMEOUT_S = 5.0
AWAY = (
    OSError,  # refused, reset, no answer in time
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # shutting down, starting up, and the statement timeout
    asyncpg.InsufficientResourcesError,  # connections, memory, disk
    asyncpg.LockNotAvailableError,  # the lock timeout
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.ReadOnlySQLTransactionError,  # a standby that is not promoted yet
    asyncpg.DeadlockDetectedError,
    asyncpg.InternalClientError,  # the last words of a server that went while the connection was idle
)
"""What the driver raises when the database cannot serve at this moment and the same request may well be served later."""
RETRY_AFTER_S = 5

_FITNESS = """
    select r.rolsuper or r.rolbypassrls passes_by,
      exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
              where n.nspname in ('portal', 'audit')
                and pg_has_role(current_user, c.relowner, 'member')) owns,
      to_regclass('portal.agency') is not null is_migrated,
      has_table_privilege(to_regclass('public.alembic_version'), 'select') tells_version
    from pg_roles r where r.rolname = current_user
"""
_VERSION = "select version_num from public.alembic_version"


class UnfitDatabaseError(Exception):
    """The database, or the role that we sign in with, must not be served from; the message says what to
    do."""


class Unreset(asyncpg.Connection):
    """Nothing here sets session state (settings are transaction-local), so nothing needs a reset after each
    use.

    A transaction that was left open is rolled back all the same.
    """

    def get_reset_query(self) -> str:
        return ""


def make_pool(app_url: str, *, fewest: int = FEWEST, most: int = MOST) -> "asyncpg.Pool[asyncpg.Record]":
    """To be opened with `async with`, on the event loop that will use it."""
    options: dict[str, Any] = {"connection_class": Unreset, "server_settings": SERVER_SETTINGS}
    return asyncpg.create_pool(
        app_url,
        min_size=fewest,
        max_size=most,
        statement_cache_size=STATEMENTS_KEPT,
        max_cacheable_statement_size=0,  # however long its text: ours are
        command_timeout=20,
        timeout=CONNECT_TIMEOUT_S,
        **options,
    )


async def check_fitness(app_url: str) -> None:
    """Raises UnfitDatabaseError for a role that could pass the second wall by, and for a database that is not at our newest
    migration."""
    connection = await asyncpg.connect(app_url)
    try:
        facts = await connection.fetchrow(_FITNESS)
        # at 0001 the app role may not ask yet
        version = await connection.fetchval(_VERSION) if facts and facts["tells_version"] else None
    finally:
        await connection.close()
    if facts is None or facts["passes_by"]:
        raise UnfitDatabaseError("the role in DATABASE_URL may pass row security by; use throughline_app")
    if facts["owns"]:
        raise UnfitDatabaseError("the role in DATABASE_URL owns the tables; use throughline_app")
    if not facts["is_migrated"]:
        raise UnfitDatabaseError("the database is empty: run `throughline migrate` first")
    _check_version(version)


def _check_version(version: str | None) -> None:
    (newest,) = heads()
    if version is None or (version != newest and is_known(version)):
        raise UnfitDatabaseError(
            f"the database is at migration {version or 'before 0002'} and needs {newest}: run `throughline migrate` first"
        )
    if version != newest:
        raise UnfitDatabaseError(f"the database is at migration {version}, which this program does not know: install the newer one")


@contextmanager
def own_database(settings: Settings) -> Iterator[EmbeddedPostgres]:
    """Our own PostgreSQL in the data folder, for as long as the block runs. Not from inside a running event
    loop."""
    with EmbeddedPostgres(settings.data_dir, postgres_bin=settings.postgres_bin) as cluster:
        yield cluster


async def own_urls(cluster: EmbeddedPostgres) -> DatabaseUrls:
    return await bootstrap_embedded(cluster)
