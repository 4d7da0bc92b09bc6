"""Need level: a change is a new need, and the earlier one ends and stays."""

import pytest

from tests.records.case import Case, identity, person
from tests.records.portal import Given, Portal
from tests.world import AREA, Human, day
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio
SUPPORT = Purpose.SUPPORT
SHOWS = "need { id version severity reason fromOn untilOn }"


def additional(case: Case, **more: object) -> Given:
    return {
        "about": person(case.adam),
        "severity": "ADDITIONAL",
        "reason": "tired",
        "fromOn": "2026-01-10",
        **more,
    }


async def test_the_lead_records_a_need(portal: Portal, case: Case) -> None:
    made = await portal.does(case.lead, SUPPORT, "needRecord", additional(case), SHOWS)
    assert (made["severity"], made["untilOn"], made["version"]) == ("ADDITIONAL", None, 1)
    assert (await portal.row("need", made["id"]))["area"] == AREA


async def test_a_new_level_ends_the_earlier_one_on_the_day_before(portal: Portal, case: Case) -> None:
    first = await portal.does(case.lead, SUPPORT, "needRecord", additional(case), SHOWS)
    given = additional(case, severity="INTENSIVE", fromOn="2026-03-11")
    await portal.does(case.lead, SUPPORT, "needRecord", given, SHOWS)
    row = await portal.row("need", first["id"])
    assert (row["until_on"], row["version"]) == (day(-1), 2)
    assert await portal.world.connection.fetchval("select count(*) from portal.record_history") == 1


async def test_no_level_begins_before_the_one_that_stands(portal: Portal, case: Case) -> None:
    await portal.does(case.lead, SUPPORT, "needRecord", additional(case), SHOWS)
    await portal.refuses(case.lead, SUPPORT, "needRecord", additional(case), "BAD_USER_INPUT", "fromOn")


async def test_another_agencys_need_is_left_alone(portal: Portal, case: Case) -> None:
    theirs = await portal.world.about("need", case.nurse, case.adam)
    await portal.does(case.lead, SUPPORT, "needRecord", additional(case), SHOWS)
    assert (await portal.row("need", theirs))["until_on"] is None


async def test_who_does_not_lead_records_no_need(portal: Portal, case: Case) -> None:
    given = additional(case, about=identity("NHS1", "Adam", "Khan"))
    await portal.refuses(case.nurse, SUPPORT, "needRecord", given, "FORBIDDEN")
    await portal.refuses(case.nurse, SUPPORT, "needRecord", additional(case), "NOT_FOUND", "about", "personId")


@pytest.mark.parametrize("role", [Role.ANALYST, Role.SCHOOL_STAFF, Role.HEALTH_PRACTITIONER])
async def test_a_colleague_does_not_learn_of_one_by_being_refused(portal: Portal, case: Case, role: Role) -> None:
    record_id = await portal.world.known_to(case.nurse, case.adam.person_id, given="Adam", family="Khan")
    await portal.world.change("identity_record", record_id, own_id="NHS1")
    await portal.world.about("need", case.nurse, Human(case.adam.person_id, record_id), from_on=day(-50))
    colleague = await portal.world.practitioner(case.health, role)
    for first in (day(-60), day(-40)):
        given = additional(case, about={"identity": {"ownId": "NHS1"}}, fromOn=first.isoformat())
        await portal.refuses(colleague, SUPPORT, "needRecord", given, "FORBIDDEN")


async def test_a_need_has_a_reason(portal: Portal, case: Case) -> None:
    await portal.refuses(case.lead, SUPPORT, "needRecord", additional(case, reason=""), "BAD_USER_INPUT", "reason")
