"""Whatever happens, in whatever order, what stands open is what the records imply: on every day, for everybody."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.access import opened
from tests.access.changes import Cast, Town, make_cast
from tests.conftest import Administrator, Database
from tests.world import NOW, TODAY, Human, World
from throughline.access import openings
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.holder import KIND_HOLDER, SCHOOL_ON_ROLL
from throughline.terms.role import Role as R

pytestmark = pytest.mark.anyio

FAR = (date(1998, 2, 28), date(2026, 2, 28), date(2026, 3, 1), date(2044, 1, 1))
DAYS = [*(TODAY + timedelta(days=n) for n in range(-7, 13)), *FAR]
_TABLE = "select * from portal.opening order by subject_id, holder_id, because, source_id, from_on"


@dataclass
class Place:
    world: World
    cast: Cast
    app: Any


@pytest.fixture(scope="module")
def one_database(administrator: Administrator, template_database: str) -> Iterator[Database]:
    database = administrator.make_database(template_database)
    yield database
    administrator.drop_database(database)


@pytest.fixture(scope="module")
async def place(one_database: Database) -> AsyncIterator[Place]:
    database = one_database
    owner, app = await asyncpg.connect(database.owner_url), await asyncpg.connect(database.app_url)
    world = World(owner)
    yield Place(world, await make_cast(world), app)
    await owner.close()
    await app.close()


async def refreshed(place: Place, people: list[Any], agency: Any, service: Any = None) -> None:
    """As an act does it: on the app's own connection, entered by somebody who, without `service`, meets no confidential rows."""
    async with place.app.transaction():
        await place.app.execute("select set_config('app.agency', $1, true)", str(agency))
        await place.app.execute("select set_config('app.services', $1, true)", str(service or ""))
        await openings.refresh(place.app, people)


async def stands_open(connection: Any, on: date) -> set[opened.Open]:
    rows = await connection.fetch(
        "select subject_id, holder_id, because, source_id, kinds, sensitive_kinds, agreed_kinds, purpose from portal.opening "
        "where from_on <= $1 and (until_on is null or until_on >= $1)", on,
    )  # fmt: skip
    return {tuple(row) for row in rows}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), length=st.integers(1, 25))
async def test_openings_are_what_the_records_imply_on_every_day(place: Place, seed: int, length: int) -> None:
    town = Town(place.world, place.cast, seed)
    await town.clear()
    for _ in range(length):
        people = await town.change()
        keeper = place.cast.service_worker
        if town.names_hidden:  # only the service itself can have done that
            await refreshed(place, people, keeper.agency_id, keeper.service_id)
        await refreshed(place, people, town.chance.choice(place.cast.agencies))
    kept = await place.world.connection.fetch(_TABLE)
    await openings.refresh_all(place.world.connection)
    assert await place.world.connection.fetch(_TABLE) == kept
    rows = await opened.Town.read(place.world.connection, SCHOOL_ON_ROLL, KIND_HOLDER.values())
    for on in DAYS:
        assert await stands_open(place.world.connection, on) == rows.opened(on), on


async def test_what_is_withdrawn_while_somebody_else_acts_does_not_stay_open(world: World, database: Database) -> None:
    """Two acts about one family at one moment: neither may bring back what the other closes."""
    hub, school, board = [await world.agency(kind) for kind in (A.LOCAL_AUTHORITY, A.SCHOOL, A.LOCAL_AUTHORITY)]
    child, sister = await world.person(hub, "Sara"), await world.person(hub, "Ann")
    await world.home(hub, None, child, sister)
    decision = await world.decision(hub, [school], [child], confirmed_by=board)
    await world.settle()
    await _withdrawn_meanwhile(world, database.app_url, hub, decision, child, sister)
    left = await world.connection.fetchval("select count(*) from portal.opening where source_id = $1", decision)
    assert left == 0


async def _withdrawn_meanwhile(world: World, url: str, hub: Any, decision: Any, child: Human, sister: Human) -> None:
    one, other = await asyncpg.connect(url), await asyncpg.connect(url)
    enter = "select set_config('app.agency', $1, true)"
    slow, quick = one.transaction(), other.transaction()
    await slow.start()
    await one.execute(enter, str(hub))
    await one.execute("update portal.sharing_decision set withdrawn_at = $2, version = version + 1 where id = $1", decision, NOW)
    await quick.start()
    await other.execute(enter, str(hub))
    meanwhile = asyncio.create_task(openings.refresh(other, [sister.person_id]))
    await asyncio.sleep(0.3)
    closing = asyncio.create_task(openings.refresh(one, [child.person_id]))
    await asyncio.sleep(0.3)
    if meanwhile.done():
        await quick.commit()
        await closing
        await slow.commit()
    else:
        await closing
        await slow.commit()
        await meanwhile
        await quick.commit()
    await one.close()
    await other.close()


async def test_a_birthday_on_29_february_is_kept_on_1_march(world: World) -> None:
    hub = await world.agency(A.LOCAL_AUTHORITY)
    board = await world.agency(A.LOCAL_AUTHORITY)
    worker = await world.practitioner(hub, R.FAMILY_PRACTITIONER)
    home = await world.home(hub)
    brother = await world.person(hub, "Al", "Reed", date(2008, 2, 29))
    await world.home(hub, home.family_id, brother)
    child = await world.person(hub, "Sara")
    await world.position(hub, worker, home, [child], confirmed_by=board, first=-60)
    await world.settle()
    walled = {on: any(row[0] == brother.record_id for row in await stands_open(world.connection, on)) for on in FAR[1:3]}
    assert walled == {date(2026, 2, 28): False, date(2026, 3, 1): True}
