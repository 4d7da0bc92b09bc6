"""PostgreSQL stands behind the gate: whatever the app role can touch is under forced row security."""

from typing import Any

import asyncpg
import pytest

from tests.conftest import Database
from tests.house.test_migrations import needs_migrations
from throughline.db.bootstrap import APP_ROLE, OWNER_ROLE

pytestmark = [pytest.mark.anyio, needs_migrations]

TOUCHABLE = f"""
    select c.oid, c.oid::regclass::text as name, c.relkind::text as kind, c.reloptions,
           c.relrowsecurity and c.relforcerowsecurity as is_guarded
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
       and c.relkind in ('r', 'p', 'v', 'm', 'f')
       and c.oid <> 'public.alembic_version'::regclass
       and (has_table_privilege('{APP_ROLE}', c.oid, 'delete, truncate, trigger')
            or has_any_column_privilege('{APP_ROLE}', c.oid, 'select, insert, update, references'))
"""


async def rows(database: Database, statement: str) -> list[Any]:
    connection = await asyncpg.connect(database.owner_url)
    try:
        return list(await connection.fetch(statement))
    finally:
        await connection.close()


async def test_every_table_that_the_app_can_touch_is_under_forced_row_security(database: Database) -> None:
    tables = [row for row in await rows(database, TOUCHABLE) if row["kind"] in "rpf"]
    assert tables
    open_ = [row["name"] for row in tables if not row["is_guarded"]]
    assert open_ == []


async def test_every_such_table_has_a_policy_of_its_own_for_the_app(database: Database) -> None:
    policies = f"""select polrelid, 0 = any(polroles) or '{APP_ROLE}'::regrole = any(polroles) as for_app,
        '{OWNER_ROLE}'::regrole = any(polroles) as for_owner from pg_policy"""
    held = await rows(database, policies)
    for_app = {row["polrelid"] for row in held if row["for_app"]}
    for_owner = {row["polrelid"] for row in held if row["for_owner"]}
    tables = [row for row in await rows(database, TOUCHABLE) if row["kind"] in "rpf"]
    assert [row["name"] for row in tables if row["oid"] not in for_app] == []
    # FORCE binds the owner too: without a policy its definer functions and backfills silently see no rows.
    assert [row["name"] for row in tables if row["oid"] not in for_owner] == []


async def test_no_view_lends_its_owners_eyes(database: Database) -> None:
    views = [row for row in await rows(database, TOUCHABLE) if row["kind"] == "v"]
    lending = [r["name"] for r in views if "security_invoker=true" not in (r["reloptions"] or [])]
    assert lending == []


async def test_the_app_reads_no_materialised_view(database: Database) -> None:
    assert [row["name"] for row in await rows(database, TOUCHABLE) if row["kind"] == "m"] == []


async def test_the_app_role_owns_nothing(database: Database) -> None:
    owned = f"""select classid::regclass::text, objid from pg_shdepend
        where deptype = 'o' and refobjid = '{APP_ROLE}'::regrole"""
    assert await rows(database, owned) == []


async def test_no_policy_reads_a_table(database: Database) -> None:
    """A subquery in a policy runs for every row, and bars the way to a distributed PostgreSQL."""
    conditions = """select polrelid::regclass::text || ' ' || polname as name from pg_policy
        where concat(pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) ~* '\\mselect\\M'"""
    assert [row["name"] for row in await rows(database, conditions)] == []


async def test_every_definer_function_fixes_its_search_path(database: Database) -> None:
    loose = """select oid::regprocedure::text as name from pg_proc where prosecdef
        and not coalesce(proconfig, '{}')::text like '%search_path=%'"""
    assert [row["name"] for row in await rows(database, loose)] == []
