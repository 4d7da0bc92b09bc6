"""One line of migrations, which goes up, all the way down, and up again to the same database."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from throughline.db import migrate

NAME = re.compile(r"\d{4}_[a-z0-9]+(_[a-z0-9]+)*\.py")
OURS = "not in ('pg_catalog', 'information_schema', 'pg_toast')"

# What the database consists of, apart from what the extensions brought.
SHAPE = f"""
    with own as (select oid from pg_namespace where nspname {OURS})
    select 'column' as kind, c.relnamespace::regnamespace || '.' || c.relname || '.' || a.attname as name,
           concat_ws(' ', c.relkind, format_type(a.atttypid, a.atttypmod), a.attnotnull, c.relrowsecurity,
                     c.relforcerowsecurity, c.relacl::text, pg_get_expr(d.adbin, d.adrelid)) as says
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
     where c.relnamespace in (select oid from own)
    union all select 'constraint', conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid)
      from pg_constraint where connamespace in (select oid from own)
    union all select 'index', indexrelid::regclass::text, pg_get_indexdef(indexrelid)
      from pg_index where indrelid in (select oid from pg_class where relnamespace in (select oid from own))
    union all select 'policy', polrelid::regclass || ' ' || polname,
           concat_ws(' ', polcmd, polroles::regrole[]::text, pg_get_expr(polqual, polrelid),
                     pg_get_expr(polwithcheck, polrelid)) from pg_policy
    union all select 'function', p.oid::regprocedure::text,
           concat_ws(' ', p.prosecdef, p.proacl::text, pg_get_functiondef(p.oid))
      from pg_proc p where p.pronamespace in (select oid from own) and p.prokind in ('f', 'p')
       and not exists (select from pg_depend where objid = p.oid and deptype = 'e')
    union all select 'trigger', tgrelid::regclass || ' ' || tgname, pg_get_triggerdef(oid)
      from pg_trigger where not tgisinternal
    union all select 'schema', nspname, nspacl::text from pg_namespace where oid in (select oid from own)
    order by 1, 2
"""


def migrations_exist() -> bool:
    return any((migrate.migrations_dir() / "versions").glob("*.py"))


needs_migrations = pytest.mark.skipif(not migrations_exist(), reason="there are no migrations yet")


async def shape(url: str) -> list[tuple[str, str, str]]:
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(SHAPE)]
    finally:
        await connection.close()


@needs_migrations
def test_there_is_one_head() -> None:
    assert len(migrate.heads()) == 1


def test_each_is_numbered_and_named_for_what_it_does() -> None:
    names = [path.name for path in (migrate.migrations_dir() / "versions").glob("*.py")]
    assert [name for name in names if not NAME.fullmatch(name)] == []
    assert len({name[:4] for name in names}) == len(names)


@needs_migrations
def test_up_down_and_up_again_is_the_same_database(make_database: Callable[..., Any]) -> None:
    url = make_database(migrated=False).owner_url
    empty = asyncio.run(shape(url))
    migrate.upgrade(url)
    first = asyncio.run(shape(url))
    assert len(first) > len(empty)
    migrate.downgrade(url, "base")
    left = [row for row in asyncio.run(shape(url)) if "alembic_version" not in row[1]]
    assert left == empty
    migrate.upgrade(url)
    assert asyncio.run(shape(url)) == first
