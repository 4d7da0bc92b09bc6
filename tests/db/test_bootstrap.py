"""The three roles of production: what a superuser makes once, and what the other two cannot do."""

import asyncio
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from tests.conftest import Database
from throughline.db.bootstrap import APP_ROLE, OWNER_ROLE, BootstrapError, bootstrap, bootstrap_embedded
from throughline.db.embedded import EmbeddedPostgres

pytestmark = pytest.mark.anyio


@pytest.fixture
def database(make_database: Callable[..., Database]) -> Database:
    return make_database(migrated=False)


async def value(url: str, statement: str) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_neither_role_may_pass_row_security_by(database: Database) -> None:
    powers = """select bool_or(rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication)
        from pg_roles where rolname = current_user"""
    assert await value(database.owner_url, powers) is False
    assert await value(database.app_url, powers) is False


async def test_the_owner_owns_the_database_and_can_make_a_schema(database: Database) -> None:
    owner = "select pg_get_userbyid(datdba) from pg_database where datname = current_database()"
    assert await value(database.app_url, owner) == OWNER_ROLE
    await value(database.owner_url, "create schema probe")


async def test_the_app_role_makes_nothing(database: Database) -> None:
    for statement in (
        "create schema probe",
        "create table public.probe (n int)",
        "create temp table probe ()",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await value(database.app_url, statement)


async def test_the_app_role_waits_for_nothing_without_end(database: Database) -> None:
    for setting in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        assert await value(database.app_url, f"show {setting}") != "0"
        assert await value(database.owner_url, f"show {setting}") == "0"


async def test_accents_and_trigrams_work(database: Database) -> None:
    assert await value(database.app_url, "select public.unaccent('Zoë')") == "Zoe"
    assert await value(database.app_url, "select public.similarity('Zoë', 'Zoë')") == 1
    assert await value(database.app_url, "select public.similarity('Zoë', 'Zo')") < 1
    assert await value(database.app_url, "select public.levenshtein('Jon', 'John')") == 1


async def test_doing_it_again_keeps_the_data_and_takes_the_new_passwords(cluster: EmbeddedPostgres, database: Database) -> None:
    await value(database.owner_url, "create table public.kept as select 1 as n")
    words = {"owner_password": "owner-of-tests", "app_password": "app-of-tests"}
    urls = await bootstrap(cluster.url(), database=database.name, **words)
    assert await value(urls.owner, "select n from public.kept") == 1
    assert await value(urls.app, "select current_user") == APP_ROLE


async def test_a_role_that_may_pass_row_security_by_is_not_taken_over(cluster: EmbeddedPostgres, database: Database) -> None:
    await value(cluster.url(), f"alter role {APP_ROLE} bypassrls")
    try:
        with pytest.raises(BootstrapError, match="pass row security by"):
            await bootstrap(
                cluster.url(),
                database=database.name,
                owner_password="long-enough",
                app_password="long-enough",
            )
    finally:
        await value(cluster.url(), f"alter role {APP_ROLE} nobypassrls password 'app-of-tests'")
        await value(cluster.url(), f"alter role {OWNER_ROLE} password 'owner-of-tests'")


async def test_a_password_that_cannot_be_kept_is_refused(cluster: EmbeddedPostgres) -> None:
    with pytest.raises(BootstrapError, match="8 characters"):
        await bootstrap(cluster.url(), database="none", owner_password="pâsswörd!", app_password="short")


def test_embedded_roles_keep_their_passwords_over_a_restart(tmp_path: Any) -> None:
    passwords = []
    for _ in range(2):
        with EmbeddedPostgres(tmp_path / "data", durable=True) as server:
            urls = asyncio.run(bootstrap_embedded(server))
            assert asyncio.run(value(urls.app, "select current_user")) == APP_ROLE
            passwords.append((tmp_path / "data" / "app.password").read_text())
    assert passwords[0] == passwords[1]
    assert (tmp_path / "data" / "app.password").stat().st_mode & 0o077 == 0
