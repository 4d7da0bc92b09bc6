"""Access that is out of the ordinary is raised to the agency's privacy officer, each once, and says nothing about anybody."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.audit.test_own_trail import saw
from tests.conftest import Database
from tests.transfer.desk import Desk, opened
from tests.world import NOW
from throughline.audit.unusual import find
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio
SUPPORT = Purpose.SUPPORT


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(database, tmp_path) as made:
        await made.world.connection.execute("update portal.unusual_threshold set most = 5 where kind in ('BULK', 'CELEBRITY')")
        yield made


async def raised(desk: Desk) -> list[Any]:
    return list(await desk.world.connection.fetch("select * from portal.unusual_access order by kind"))


async def test_many_people_in_an_hour_and_no_fewer(desk: Desk) -> None:
    people = [await desk.world.person(desk.case.lead, f"P{number}", f"Family{number}") for number in range(5)]
    for number, human in enumerate(people):
        await saw(desk, desk.case.lead, SUPPORT, human.person_id, at=NOW + timedelta(minutes=number))
        await saw(desk, desk.case.nurse, SUPPORT, human.person_id, at=NOW - timedelta(hours=2 * number))
    assert await find(desk.pool, NOW) == {"BULK": 1}
    (alert,) = await raised(desk)
    assert (alert["agency_id"], alert["actor_id"], alert["count"]) == (desk.case.hub, desk.case.lead.id, 5)
    assert await find(desk.pool, NOW) == {}
    told = "select count(*) from portal.outbox where record_id = $1 and kind = 'UNUSUAL_ACCESS'"
    assert await desk.world.connection.fetchval(told, alert["id"]) == 1


async def test_one_person_read_by_many_who_have_nothing_to_do_with_them(desk: Desk) -> None:
    world, case = desk.world, desk.case
    staff = [await world.practitioner(case.hub, Role.FAMILY_PRACTITIONER) for _ in range(6)]
    for who in staff[:4]:
        await saw(desk, who, SUPPORT, case.adam.person_id)
    await world.assigned(staff[4], case.adam.record_id)
    await world.settle()
    await saw(desk, staff[4], SUPPORT, case.adam.person_id)
    assert await find(desk.pool, NOW) == {}
    await saw(desk, staff[5], SUPPORT, case.adam.person_id)
    assert await find(desk.pool, NOW) == {"CELEBRITY": 1}
    assert await find(desk.pool, NOW + timedelta(days=1)) == {}


async def test_a_reader_of_the_same_rare_name_and_a_tool_that_wakes(desk: Desk) -> None:
    world, case = desk.world, desk.case
    rare = await world.person(case.lead, "Mabel", "Featherstonehaugh")
    for number in range(11):
        await world.person(case.lead, f"J{number}", "Jones")
    common = await world.connection.fetchval("select person_id from portal.identity_record where family_name = 'Jones' limit 1")
    cousin = await world.practitioner(case.hub, Role.FAMILY_PRACTITIONER, name="Guy Featherstonehaugh")
    jones = await world.practitioner(case.hub, Role.FAMILY_PRACTITIONER, name="Ann Jones")
    for who, person in ((cousin, rare.person_id), (jones, common), (jones, rare.person_id), (cousin, common)):
        await saw(desk, who, SUPPORT, person)
    woken, busy = await world.tool(case.hub, Role.FAMILY_PRACTITIONER), await world.tool(case.hub, Role.FAMILY_PRACTITIONER)
    for tool, days in ((woken, (200, 0)), (busy, (89, 0))):
        for ago in days:
            await saw(desk, tool, SUPPORT, case.adam.person_id, at=NOW - timedelta(days=ago))
    assert await find(desk.pool, NOW) == {"OWN_FAMILY": 1, "DORMANT_TOOL": 1}
    dormant, family = await raised(desk)
    assert (dormant["actor_id"], dormant["count"]) == (woken.id, 200)
    assert (family["actor_id"], family["person_id"]) == (cousin.id, rare.person_id)
    texts = " ".join(str(value) for alert in (dormant, family) for value in alert.values())
    assert "Featherstonehaugh" not in texts


LIST = "{ unusualAccess(first: 10) { totalCount edges { node { id kind finding reviewedBy { id } } } } }"
REVIEW = "mutation($input: UnusualAccessReviewInput!) { unusualAccessReview(input: $input) { isReviewed userErrors { code } } }"


async def test_the_agencys_officer_alone_sees_and_reviews_it_and_never_their_own(desk: Desk) -> None:
    people = [await desk.world.person(desk.case.lead, f"P{number}", f"Family{number}") for number in range(5)]
    for who in (desk.case.lead, desk.officer, desk.case.nurse):
        await saw(desk, who, SUPPORT, *(human.person_id for human in people))
    assert await find(desk.pool, NOW) == {"BULK": 3}
    of = {row["actor_id"]: str(row["id"]) for row in await raised(desk)}

    async def listed(who: Any, purpose: Purpose = Purpose.ASSURANCE) -> set[str]:
        page = (await desk.ask(who, purpose, LIST))["unusualAccess"]
        assert page["totalCount"] == len(page["edges"])
        return {edge["node"]["id"] for edge in page["edges"]}

    async def says(who: Any, alert: str, purpose: Purpose = Purpose.ASSURANCE) -> str:
        given = {"idempotencyKey": f"{who.id} {alert} {purpose}", "id": alert, "finding": "EXPECTED"}
        done = (await desk.ask(who, purpose, REVIEW, input=given))["unusualAccessReview"]
        return "done" if done["isReviewed"] else str(done["userErrors"][0]["code"])

    assert await listed(desk.officer) == {of[desk.case.lead.id]}
    assert await listed(desk.second) == {of[desk.case.lead.id], of[desk.officer.id]}
    assert await listed(desk.elsewhere) == {of[desk.case.nurse.id]}
    assert await listed(desk.second, Purpose.RIGHTS) == await listed(desk.case.manager, SUPPORT) == set()
    assert await says(desk.officer, of[desk.officer.id]) == await says(desk.elsewhere, of[desk.case.lead.id]) == "NOT_FOUND"
    assert await says(desk.second, of[desk.case.lead.id], Purpose.RIGHTS) == "FORBIDDEN"
    assert await says(desk.case.manager, of[desk.case.lead.id], SUPPORT) == "FORBIDDEN"
    assert await desk.trail(desk.case.manager) != []
    assert await says(desk.officer, of[desk.case.lead.id]) == "done"
    assert await says(desk.second, of[desk.case.lead.id]) == "NOT_FOUND"
    assert [row["reviewed_by_id"] for row in await raised(desk) if row["finding"]] == [desk.officer.id]
