"""Sealing: in the order of commit, without gaps, whoever runs and whoever dies; with no more power than it needs."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from tests.audit.trail import Trail, enter, write
from throughline.audit.seal import COLUMNS, entry_bytes
from throughline.audit.trail import TrailEntry
from throughline.audit.verify import _SENT
from throughline.db.columns import new_id

pytestmark = pytest.mark.anyio

REFUSED = asyncpg.InsufficientPrivilegeError
PROCESS = Path(__file__).with_name("seal_process.py")
IN_ORDER = "select entry_id from audit.seal order by xid, entry_id"
GAPS = "select count(*) from (select from audit.seal group by shard having max(position) <> count(*) or min(position) <> 1) x"


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110  # a file, or a log
            await asyncio.sleep(0.02)


def attested_total(trail: Trail) -> int:
    last = trail.folder.last()
    return last[0].total if last else 0


async def test_a_trail_is_sealed_and_verifies(trail: Trail) -> None:
    made = await trail.write(30, transactions=10)
    await trail.attest()
    report = await trail.whole()
    assert (report.verified, report.unsealed, report.unattested, report.attested.count) == (300, 0, 0, 1)
    assert {row["entry_id"] for row in await trail.root.fetch(IN_ORDER)} == set(made)
    assert await trail.root.fetchval("select count(distinct shard) from audit.seal") == 8
    assert await trail.root.fetchval(GAPS) == 0


async def test_an_empty_trail_is_whole(trail: Trail) -> None:
    assert (await trail.whole()).verified == 0
    await trail.attest()
    await trail.write(3)
    await trail.attest()
    assert (await trail.whole()).verified == 3


def test_every_column_of_an_entry_is_sealed() -> None:
    """A column that comes later needs an encoding of its own; rows that are sealed keep theirs."""
    assert [column.name for column in TrailEntry.__table__.columns] == list(COLUMNS)


async def test_database_and_verifier_write_an_entry_alike(trail: Trail) -> None:
    await trail.write(12)
    for row in await trail.root.fetch(f"select app.trail_bytes(e) as told, {_SENT} from audit.entry e"):
        assert row["told"] == entry_bytes(tuple(row)[1:])


async def test_the_unsealed_tail_is_reported(trail: Trail) -> None:
    await trail.write(4)
    await trail.attest()
    written_at = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    async with trail.pool.acquire() as connection:
        await write(connection, 2, at=datetime(2026, 11, 23, 8, 30, tzinfo=UTC))
        await write(connection, 1, at=written_at)
    report = await trail.whole()
    assert (report.verified, report.unsealed, report.oldest_unsealed_at) == (4, 3, written_at)


async def test_whoever_commits_late_is_sealed_in_order_and_raises_no_alarm(trail: Trail) -> None:
    slow = await asyncpg.connect(trail.database.app_url)
    transaction = slow.transaction()
    await transaction.start()
    first = await write(slow, 3)  # its transaction id is the earlier one
    second = await trail.write(3)
    await trail.attest()
    held_back = await trail.whole()
    assert (held_back.verified, held_back.unsealed) == (0, 3)
    await transaction.commit()
    await slow.close()
    await trail.attest()
    assert (await trail.whole()).verified == 6
    assert [row["entry_id"] for row in await trail.root.fetch(IN_ORDER)] == sorted(first) + sorted(second)


async def test_what_is_rolled_back_leaves_nothing(trail: Trail) -> None:
    async with trail.pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await write(connection, 3)
        await transaction.rollback()
    await trail.write(1)
    await trail.attest()
    assert (await trail.whole()).verified == 1


async def test_two_sealers_race_and_nothing_is_lost_or_sealed_twice(trail: Trail) -> None:
    await trail.write(40, transactions=20)

    async def race() -> int:
        sealer, total, idle = trail.sealer(batch=13), 0, 0
        while idle < 5:
            count = await sealer.seal()
            total, idle = total + count, 0 if count else idle + 1
            await asyncio.sleep(0)
        return total

    assert sum(await asyncio.gather(race(), race(), race())) == 800
    assert await trail.root.fetchval("select count(distinct entry_id) from audit.seal") == 800
    assert await trail.sealer().checkpoint()
    assert (await trail.whole()).verified == 800


async def test_whoever_comes_second_breaks_the_key_and_leaves_nothing(trail: Trail) -> None:
    await trail.write(40)
    winner = await asyncpg.connect(trail.database.app_url)
    transaction = winner.transaction()
    await transaction.start()
    assert await winner.fetchval("select app.seal_trail(10)") == 10
    loser = asyncio.create_task(trail.sealer().seal())
    await asyncio.sleep(0.2)
    assert not loser.done()
    await transaction.commit()
    await winner.close()
    assert await loser == 0
    assert await trail.root.fetchval("select count(*) from audit.seal") == 10
    await trail.attest()
    assert (await trail.whole()).verified == 40


async def test_a_sealer_that_is_killed_at_whatever_it_does_leaves_no_gap(trail: Trail, tmp_path: Path) -> None:
    await trail.write(40, transactions=30)
    key = tmp_path / "key.pem"
    key.write_text(trail.pem)
    command = [sys.executable, str(PROCESS), trail.database.app_url, str(trail.folder.folder), str(key)]
    for batches in (1, 4, 9):
        process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
        assert process.stdout
        assert await process.stdout.readexactly(batches)
        process.kill()
        await process.communicate()
        report = await trail.whole()
        assert 0 < report.verified < 1200
    await trail.attest()
    assert (await trail.whole()).verified == 1200
    assert await trail.root.fetchval(GAPS) == 0


async def test_it_runs_by_itself_and_seals_once_more_at_its_end(trail: Trail) -> None:
    async with trail.sealer(every=0.05).running():
        await trail.write(5)
        await until(lambda: attested_total(trail) == 5)
        before = (await trail.whole()).attested.count
    late = trail.sealer(every=60)
    async with late.running():
        await asyncio.sleep(0.1)  # it has had its first turn
        await trail.write(7)
    report = await trail.whole()
    assert (report.verified, report.unsealed, report.unattested) == (12, 0, 0)
    assert report.attested.count >= before + 2


async def test_it_goes_on_after_the_database_or_the_disk_failed(trail: Trail, caplog: pytest.LogCaptureFixture) -> None:
    await trail.root.execute("alter function app.seal_trail rename to seal_trail_away")
    with caplog.at_level(logging.ERROR, logger="throughline.audit.sealer"):
        async with trail.sealer(every=0.02).running():
            await trail.write(3)
            await until(lambda: bool(caplog.records))
            await trail.root.execute("alter function app.seal_trail_away rename to seal_trail")
    assert "not being sealed" in caplog.text
    assert (await trail.whole()).verified == 3


async def test_the_sealer_says_at_once_that_the_trail_became_shorter(trail: Trail, caplog: pytest.LogCaptureFixture) -> None:
    await trail.write(20)
    await trail.attest()
    with caplog.at_level(logging.CRITICAL, logger="throughline.audit.sealer"):
        await trail.sealer().checkpoint()
        assert caplog.records == []
        await trail.root.execute("truncate audit.entry, audit.seal")
        await trail.sealer().checkpoint()
    assert "shorter than checkpoint 2" in caplog.text


async def test_the_sealer_says_that_transaction_ids_went_back(trail: Trail, caplog: pytest.LogCaptureFixture) -> None:
    """As after a dump was brought into another server: nothing would ever be sealed again, and nobody would know."""
    await trail.write(1)
    await trail.seal()
    await trail.root.execute("update audit.seal set xid = '999999999999'")
    with caplog.at_level(logging.CRITICAL, logger="throughline.audit.sealer"):
        await trail.sealer().checkpoint()
    assert "went back" in caplog.text


async def test_the_app_role_can_seal_and_do_nothing_else(trail: Trail) -> None:
    await trail.write(3)
    async with trail.pool.acquire() as connection:
        assert await connection.fetchval("select app.seal_trail(1)") == 1
        for statement in (
            "select * from audit.seal",
            "insert into audit.seal values (0, 9, '3', gen_random_uuid(), '')",
            "update audit.seal set hash = ''",
            "delete from audit.seal",
            "truncate audit.seal",
            "create or replace function app.seal_trail(most integer) returns bigint language sql as 'select 0::bigint'",
        ):
            with pytest.raises(REFUSED):
                await connection.execute(statement)
        heads = await connection.fetch("select * from app.trail_heads()")
        assert sum(row["position"] for row in heads) == 1


async def test_nobody_antedates_what_they_write(trail: Trail) -> None:
    entry = (
        "insert into audit.entry (id, xid, at, agency_id, actor_id, client_id, role, purpose, verb, operation, policy_version, outcome)"
        " values ($1, {xid}, now(), app.agency(), $1, 'c', 'r', 'p', 'v', 'o', 'p', 'SHOWN')"
    )
    async with trail.pool.acquire() as connection:
        async with connection.transaction():
            await enter(connection)
            await connection.execute(entry.format(xid="pg_current_xact_id()"), new_id())
        for xid in ("'3'", "'99999999'"):
            async with connection.transaction():
                await enter(connection)
                with pytest.raises(REFUSED, match="row-level security"):
                    await connection.execute(entry.format(xid=xid), new_id())
