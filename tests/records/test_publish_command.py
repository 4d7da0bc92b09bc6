"""`throughline publish-counts`, as somebody at a terminal meets it."""

import asyncio
from typing import Any

import asyncpg
import pytest
from click.testing import CliRunner, Result

from tests.conftest import Database
from throughline.__main__ import main

AN_AREA = (
    "insert into portal.agency (id, kind, name, area, source_rank) values (gen_random_uuid(), 'SCHOOL', 'A school', 'Marlbeck', 1)"
)


def publish(url: str, *arguments: str) -> Result:
    cleared = dict.fromkeys(("DATABASE_URL", "THROUGHLINE_SECRET"), None)
    return CliRunner().invoke(main, ["publish-counts", *arguments], env={**cleared, "DATABASE_OWNER_URL": url})


def sql(database: Database, statement: str) -> Any:
    async def run() -> Any:
        connection = await asyncpg.connect(database.owner_url)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(run())


def test_a_dry_run_says_what_would_be_and_does_nothing_and_then_it_is_done_once(database: Database) -> None:
    sql(database, AN_AREA)
    count = "select count(*) from portal.published_count"
    dry = publish(database.owner_url, "--year", "2024", "--fewest", "Marlbeck=20", "--dry-run")
    assert dry.exit_code == 0, dry.output
    assert "Marlbeck: no figure (no service with at least 20 people and reports)" in dry.output
    assert "a dry run" in dry.output
    assert sql(database, count) == 0
    done = publish(database.owner_url, "--year", "2024")
    assert (done.exit_code, sql(database, count)) == (0, 1), done.output
    again = publish(database.owner_url, "--year", "2024", "--dry-run")  # another edition would tell what lies between
    assert again.exit_code == 1
    assert "ALREADY_PUBLISHED" in again.output


@pytest.mark.parametrize(
    ("said", "arguments", "code"),
    [
        ("BAD_YEAR", ["--year", "1066"], 1),
        ("UNKNOWN_AREA", ["--year", "2024", "--fewest", "Nowhere=12"], 1),
        ("say AREA=N", ["--year", "2024", "--fewest", "Marlbeck"], 2),
        ("--year", [], 2),
    ],
)
def test_what_is_wrong_is_said(database: Database, said: str, arguments: list[str], code: int) -> None:
    refused = publish(database.owner_url, *arguments)
    assert refused.exit_code == code
    assert said in refused.output


def test_the_portals_own_role_is_told_that_it_does_not_publish(database: Database) -> None:
    refused = publish(database.app_url, "--year", "2024")
    assert refused.exit_code == 1
    assert "NOT_THE_OWNER" in refused.output
