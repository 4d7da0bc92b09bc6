"""What has served its time goes, nothing younger does, and nobody waits for it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.access.portal import Portal
from tests.conftest import Database
from tests.served import Served
from tests.world import SECRET, Someone, World
from throughline.access.acting import Act, Acting
from throughline.access.gate import Gate
from throughline.db import housekeeping
from throughline.db.columns import new_id
from throughline.db.engine import make_pool
from throughline.db.housekeeping import Removed, kept_house, tidy
from throughline.db.refusal import Refused
from throughline.settings import Settings
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio

NOTHING = Removed(0, 0, 0)
DAY = timedelta(days=1)


@pytest.fixture
async def pool(world: World, database: Database) -> AsyncIterator[Any]:  # `world`: its owner sees what is left
    async with make_pool(database.app_url, fewest=1, most=2) as opened:
        yield opened


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, public_url="", secret="", signing_key="")


async def key(world: World, age: timedelta) -> None:
    await world.join(
        "idempotency_key", agency_id=new_id(), client_id="c", actor_id=new_id(), mutation="m", key="k", input_digest=b"", record_id=new_id(),
        at=datetime.now(UTC) - age,
    )  # fmt: skip


async def file(world: World, age: timedelta) -> None:
    begun_at = datetime.now(UTC) - age
    await world.add("imported_file", agency_id=new_id(), sha256=f"{age}", begun_at=begun_at, content=b"<CTfile/>")


async def assertion(world: World, age: timedelta) -> None:
    await world.join("oauth_assertion", client_id="c", jti=str(new_id()), expires_at=datetime.now(UTC) - age)


async def left(world: World) -> list[int]:
    counts = "select (select count(*) from portal.idempotency_key), (select count(content) from portal.imported_file), "
    row = await world.connection.fetchrow(counts + "(select count(*) from portal.oauth_assertion)")
    return list(row)


async def old_and_young(world: World) -> None:
    for age in (30 * DAY + timedelta(minutes=1), 400 * DAY, 30 * DAY - timedelta(minutes=1), timedelta()):
        await key(world, age)
        await file(world, age)
    for age in (timedelta(seconds=1), 9 * DAY, timedelta(minutes=-5)):
        await assertion(world, age)


async def test_what_is_over_goes_and_nothing_younger(pool: Any, world: World, settings: Settings) -> None:
    await old_and_young(world)
    assert await tidy(pool, settings) == Removed(idempotency_keys=2, imported_files=2, assertions=2)
    assert await left(world) == [2, 2, 1]
    assert await world.connection.fetchval("select count(*) from portal.imported_file") == 4
    assert await tidy(pool, settings) == NOTHING


async def test_days_are_those_that_are_set(pool: Any, world: World, settings: Settings) -> None:
    await key(world, 59 * DAY)
    await key(world, 61 * DAY)
    await file(world, timedelta(hours=23))
    await file(world, timedelta(hours=25))
    patient = replace(settings, idempotency_days=60, import_retention_days=1)
    assert await tidy(pool, patient) == Removed(idempotency_keys=1, imported_files=1, assertions=0)


async def test_more_than_a_batch_goes_in_batches(
    pool: Any, world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "ROWS_AT_ONCE", 2)
    for _ in range(5):
        await key(world, 31 * DAY)
        await assertion(world, DAY)
    assert await pool.fetchval("select app.forget_idempotency_keys(30, 2)") == 2
    assert await tidy(pool, settings) == Removed(idempotency_keys=3, imported_files=0, assertions=5)


async def test_a_row_that_another_server_has_in_hand_is_passed_over(pool: Any, world: World, settings: Settings) -> None:
    await key(world, 31 * DAY)
    await key(world, 32 * DAY)
    async with world.connection.transaction():
        await world.connection.execute("select from portal.idempotency_key order by at limit 1 for update")
        assert (await asyncio.wait_for(tidy(pool, settings), 5)).idempotency_keys == 1
    assert (await tidy(pool, settings)).idempotency_keys == 1


async def test_several_servers_at_once_remove_each_row_once(pool: Any, world: World, settings: Settings) -> None:
    for _ in range(40):
        await key(world, 31 * DAY)
    rounds = await asyncio.gather(*(tidy(pool, settings) for _ in range(4)))
    assert sum(one.idempotency_keys for one in rounds) == 40
    assert await left(world) == [0, 0, 0]


async def test_the_app_cannot_go_beyond_what_is_promised(pool: Any, world: World) -> None:
    await key(world, 29 * DAY)
    await file(world, timedelta(hours=1))
    await assertion(world, timedelta(minutes=-5))
    assert await pool.fetchval("select app.forget_idempotency_keys(-1, 10)") == 0
    assert await pool.fetchval("select app.forget_imported_bytes(0, 10)") == 0
    for table in ("idempotency_key", "imported_file", "oauth_assertion"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(f"delete from portal.{table}")
    assert await left(world) == [1, 1, 1]


@dataclass
class Acts:
    """One mutation of one practitioner, on a clock of its own."""

    portal: Portal
    pool: Any
    who: Someone
    done: list[str] = field(default_factory=list)

    async def send(self, given: bytes, at: datetime) -> None:
        acting = Acting(Gate(self.pool), secret=SECRET, clock=lambda: at, sees=self.portal.reader.sees)

        async def perform(_: Any) -> None:
            self.done.append(given.decode())

        await acting.do(self.who.asks(Purpose.SUPPORT), Act("wave", "key-1", given, new_id(), perform, "test"))


async def test_an_old_key_is_as_good_as_new_once_it_went(portal: Portal, pool: Any, settings: Settings) -> None:
    now = datetime.now(UTC)
    agency = await portal.world.agency(AgencyKind.SCHOOL)
    acts = Acts(portal, pool, await portal.world.practitioner(agency, Role.SAFEGUARDING_LEAD))
    await acts.send(b"first", now - 29 * DAY)
    assert await tidy(pool, settings) == NOTHING
    await acts.send(b"first", now)
    assert acts.done == ["first"]
    with pytest.raises(Refused, match="another input"):
        await acts.send(b"second", now)
    await portal.world.connection.execute("update portal.idempotency_key set at = at - interval '2 days'")
    assert (await tidy(pool, settings)).idempotency_keys == 1
    await acts.send(b"second", now)
    assert acts.done == ["first", "second"]


async def test_a_key_that_goes_while_it_is_looked_up_is_as_good_as_new(
    portal: Portal, pool: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    agency = await portal.world.agency(AgencyKind.SCHOOL)
    acts = Acts(portal, pool, await portal.world.practitioner(agency, Role.SAFEGUARDING_LEAD))
    await acts.send(b"first", now)
    ordinary = Acting._again

    async def just_too_late(self: Acting, *asked: Any) -> Any:
        await portal.world.connection.execute("delete from portal.idempotency_key")
        return await ordinary(self, *asked)

    monkeypatch.setattr(Acting, "_again", just_too_late)
    await acts.send(b"second", now)
    assert acts.done == ["first", "second"]


class Flaky:
    """A pool that fails at first, and says when it was asked."""

    def __init__(self) -> None:
        self.asked, self.recovered = 0, asyncio.Event()

    async def fetchval(self, *_: Any) -> int:
        self.asked += 1
        if self.asked <= 2:
            raise OSError if self.asked == 1 else RuntimeError
        self.recovered.set()
        return 0


async def test_the_keeper_survives_whatever_happens_and_stops_with_the_server(settings: Settings) -> None:
    flaky: Any = Flaky()
    async with kept_house(flaky, settings, soon_s=0.001, then_s=0.001):
        await asyncio.wait_for(flaky.recovered.wait(), 5)
    asked = flaky.asked
    await asyncio.sleep(0.05)
    assert flaky.asked == asked
    assert [task for task in asyncio.all_tasks() if task.get_name() == "housekeeping"] == []


async def test_the_keeper_tidies_by_itself(pool: Any, world: World, settings: Settings) -> None:
    await old_and_young(world)
    async with kept_house(pool, settings, soon_s=0.001):
        for _ in range(500):
            if await left(world) == [2, 2, 1]:
                return
            await asyncio.sleep(0.02)
    pytest.fail("nothing was tidied")


async def test_the_command_says_what_went(database: Database, world: World, tmp_path: Path) -> None:
    await old_and_young(world)
    served = Served(database.app_url, tmp_path)
    said = await asyncio.to_thread(served.command, "tidy")
    assert said.stderr == ""
    assert said.stdout.splitlines() == ["keys of acts: 2", "bytes of imported files: 2", "spent assertions: 2"]
    again = await asyncio.to_thread(served.command, "tidy")
    assert again.stdout.splitlines() == ["keys of acts: 0", "bytes of imported files: 0", "spent assertions: 0"]
