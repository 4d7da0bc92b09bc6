"""Sentence 59: what confidential services did, as counts that are published once, for analysts alone."""

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.access.portal import Portal
from tests.conftest import Database
from tests.world import AREA, CONFIDENTIAL, STANDARD, TODAY, Human, Someone, World
from throughline.access.rules import allowed_purposes
from throughline.audit.trail import seen_rows
from throughline.reading.tree import Field
from throughline.records.published_count import PublishError, last_year, publish
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.purpose import Purpose as P
from throughline.terms.role import Role as R

pytestmark = pytest.mark.anyio

YEAR, APRIL = 2024, date(2025, 4, 1)
THEN = (date(YEAR, 5, 6) - TODAY).days
FIELDS = tuple(Field(name, name) for name in ("area", "year", "reports", "people"))
PUBLISHED = Field("publishedCounts", "published_counts", children={"PublishedCount": FIELDS})


@dataclass
class Town:
    """A drop-in with twelve young people in the year, and a refuge with nine; another area has no such service."""

    world: World
    nurse: Someone
    refuge: Someone

    async def came(self, who: Someone, count: int, given: int = THEN) -> list[Human]:
        humans = [await self.world.person(who) for _ in range(count)]
        for human in humans:
            await self.world.report(who, ([human], CONFIDENTIAL), given=given)
        return humans

    async def would_be(self, year: int = YEAR, **fewest: int) -> dict[str, tuple[int | None, int | None]]:
        """What would be published now, by area: reports and people."""
        transaction = self.world.connection.transaction()
        await transaction.start()
        found = await publish(self.world.connection, year, TODAY, fewest)
        await transaction.rollback()
        return {one.area: (one.reports, one.people) for one in found}


@pytest.fixture
async def town(world: World) -> Town:
    staff = []
    for kind in (A.HEALTH, A.VOLUNTARY):
        agency = await world.agency(kind)
        staff.append(await world.practitioner(agency, R.HEALTH_PRACTITIONER, services=[await world.service(agency)]))
    await world.agency(A.SCHOOL, area="Faraway")
    made = Town(world, *staff)
    await made.came(made.nurse, 12)
    await made.came(made.refuge, 9)
    return made


async def test_a_service_with_few_people_changes_nothing_until_they_are_not_few(town: Town) -> None:
    assert await town.would_be() == {AREA: (10, 10), "Faraway": (None, None)}
    await town.came(town.nurse, 1)
    assert await town.would_be() == {AREA: (15, 15), "Faraway": (None, None)}  # whoever pads lifts their own alone
    await town.came(town.refuge, 1)
    assert await town.would_be() == {AREA: (25, 25), "Faraway": (None, None)}


async def test_what_is_counted(town: Town) -> None:
    first, *others = await town.came(town.nurse, 4)  # sixteen people
    assert await town.would_be() == {AREA: (15, 15), "Faraway": (None, None)}
    for human in (first, *others):
        await town.world.report(town.nurse, ([human], CONFIDENTIAL), given=THEN)  # once more: no more people
    assert (await town.would_be())[AREA] == (20, 15)
    await town.came(town.nurse, 9, given=(date(YEAR - 1, 12, 31) - TODAY).days)
    await town.came(town.nurse, 9, given=(date(YEAR + 1, 1, 1) - TODAY).days)
    elsewhere = await town.world.practitioner(town.nurse.agency_id, R.HEALTH_PRACTITIONER)
    for _ in range(10):
        await town.world.report(elsewhere, ([await town.world.person(elsewhere)], STANDARD), given=THEN)
    assert (await town.would_be())[AREA] == (20, 15)
    await town.world.connection.execute(
        "update portal.support_report_part_person set withdrawn_at = now() where service_id is not null"
    )
    assert (await town.would_be())[AREA] == (None, None)


async def test_whom_two_services_know_is_not_told_by_a_figure(town: Town) -> None:
    await town.came(town.refuge, 1)
    assert (await town.would_be())[AREA] == (20, 20)
    of_service = "select id, person_id from portal.identity_record where service_id = $1 order by id"
    nurse = await town.world.connection.fetch(of_service, town.nurse.service_id)
    refuge = await town.world.connection.fetch(of_service, town.refuge.service_id)
    for mine, theirs in zip(nurse, refuge, strict=False):
        await town.world.change("identity_record", theirs["id"], person_id=mine["person_id"])
    assert (await town.would_be())[AREA] == (20, 20)


async def test_a_session_for_many_counts_as_no_figure(town: Town) -> None:
    """Ten people in one session: that it was one would be told by hardly any reports."""
    await town.world.connection.execute("delete from portal.support_report_part_person where service_id is not null")
    people = [await town.world.person(town.nurse) for _ in range(12)]
    await town.world.report(town.nurse, (people, CONFIDENTIAL), given=THEN)
    assert (await town.would_be())[AREA] == (None, None)


async def test_an_area_asks_for_more_and_goes_on_with_it(town: Town) -> None:
    assert (await town.would_be(Marlbeck=13))[AREA] == (None, None)
    await publish(town.world.connection, YEAR - 1, TODAY, {AREA: 13})
    assert (await town.would_be())[AREA] == (None, None)
    assert (await town.would_be(Marlbeck=12))[AREA] == (10, 10)


async def test_what_cannot_be_published_is_refused_with_a_code(town: Town) -> None:
    wrong: list[tuple[str, int, date, dict[str, int]]] = [
        ("NOT_YET", YEAR, date(2025, 3, 31), {}),
        ("NOT_YET", 2025, date(2025, 12, 31), {}),
        ("BAD_YEAR", 2026, APRIL, {}),
        ("BAD_YEAR", 1999, APRIL, {}),
        ("TOO_FEW", YEAR, APRIL, {AREA: 9}),
        ("UNKNOWN_AREA", YEAR, APRIL, {"Nowhere": 20}),
    ]
    for code, year, today, fewest in wrong:
        with pytest.raises(PublishError) as refused:
            await publish(town.world.connection, year, today, fewest)
        assert refused.value.code == code
    assert await town.world.connection.fetchval("select count(*) from portal.published_count") == 0


async def test_the_first_of_april_is_the_day(town: Town) -> None:
    assert (last_year(APRIL), last_year(date(2025, 3, 31))) == (YEAR, YEAR - 1)
    assert len(await publish(town.world.connection, YEAR, APRIL)) == 2


async def test_a_year_is_published_once_even_by_two_at_once(town: Town, database: Database) -> None:
    async def one() -> Any:
        connection = await asyncpg.connect(database.owner_url)
        try:
            async with connection.transaction():
                return await publish(connection, YEAR, APRIL)
        finally:
            await connection.close()

    done = await asyncio.gather(one(), one(), return_exceptions=True)
    assert sorted(getattr(found, "code", "done") for found in done) == ["ALREADY_PUBLISHED", "done"]


# Reading


async def shown(portal: Portal, who: Someone, purpose: P) -> tuple[Any, Any]:
    answer = await portal.ask(who, purpose, PUBLISHED)
    return answer, await portal.last_entry(who)


async def test_an_analyst_sees_what_was_published_whatever_happens_afterwards(town: Town, portal: Portal) -> None:
    council = await town.world.agency(A.LOCAL_AUTHORITY)
    analyst = await town.world.practitioner(council, R.ANALYST)
    assert (await shown(portal, analyst, P.OVERSIGHT))[0] == []
    await publish(town.world.connection, YEAR, TODAY)
    before, entry = await shown(portal, analyst, P.OVERSIGHT)
    assert [tuple(one.values()) for one in before] == [("Faraway", YEAR, None, None), (AREA, YEAR, 10, 10)]
    ids: set[UUID] = {row["id"] for row in await town.world.connection.fetch("select id from portal.published_count")}
    assert set(seen_rows(entry["seen"])) == {(one, 59) for one in ids}
    await town.came(town.nurse, 5)
    await town.came(town.refuge, 5)
    assert (await shown(portal, analyst, P.OVERSIGHT))[0] == before
    await town.world.connection.execute("update portal.support_report_part_person set withdrawn_at = now()")
    assert (await shown(portal, analyst, P.OVERSIGHT))[0] == before


async def test_for_everybody_else_nothing_is_published(town: Town, portal: Portal) -> None:
    """Members of the services too; and each look is in the trail, with nothing in it."""
    await publish(town.world.connection, YEAR, TODAY)
    for role in R:
        await town.world.connection.execute(
            "insert into portal.practitioner_role (practitioner_id, role) values ($1, $2) on conflict do nothing",
            town.nurse.id, str(role),
        )  # fmt: skip
        for purpose in allowed_purposes(role):
            who = Someone(town.nurse.id, town.nurse.agency_id, role, town.nurse.client_id)
            if (role, purpose) == (R.ANALYST, P.OVERSIGHT):
                assert len((await shown(portal, who, purpose))[0]) == 2
                continue
            answer, entry = await shown(portal, who, purpose)
            assert answer == []
            assert entry["seen"] in (None, b"")
            assert (entry["role"], entry["purpose"]) == (role, purpose)


# The second wall


async def test_the_portal_itself_publishes_nothing(town: Town, database: Database) -> None:
    await publish(town.world.connection, YEAR, TODAY)
    connection = await asyncpg.connect(database.app_url)
    assert await connection.fetchval("select count(*) from portal.published_count") == 0  # nobody has entered
    await connection.execute("select set_config('app.agency', $1, false)", str(town.nurse.agency_id))
    assert await connection.fetchval("select count(*) from portal.published_count") == 2
    for statement in (
        "insert into portal.published_count select gen_random_uuid(), area, 2020, 10, 10, 10, published_on from portal.published_count",
        "update portal.published_count set people = 15",
        "delete from portal.published_count",
        "lock table portal.published_count in share row exclusive mode",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with connection.transaction():
                await connection.execute(statement)
    await connection.close()


async def test_not_even_the_owner_changes_what_is_published(town: Town) -> None:
    await publish(town.world.connection, YEAR, TODAY)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await town.world.connection.execute("update portal.published_count set people = 15, reports = 15")
