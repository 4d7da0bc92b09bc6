"""A start is a proposal; another agency's yes makes it certain; the end closes it."""

import pytest

from tests.records.case import Case, identity, person
from tests.records.portal import Given, Portal
from tests.world import day
from throughline.access.opening import Because
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.purpose import Purpose

pytestmark = pytest.mark.anyio
TRANSITION = Purpose.TRANSITION
SHOWS = "enrolment { id version state fromOn untilOn school { name } confirmedBy { name } }"


def start(case: Case, **more: object) -> Given:
    return {
        "about": identity("P1", "Adam", "Khan", "2015-05-06"),
        "schoolId": str(case.school),
        "fromOn": "2026-03-01",
        **more,
    }


async def proposed(portal: Portal, case: Case) -> str:
    made = await portal.does(case.inclusion_lead, TRANSITION, "enrolmentStart", start(case), SHOWS)
    return str(made["id"])


async def test_a_school_proposes_and_it_opens_nothing(portal: Portal, case: Case) -> None:
    made = await portal.does(case.inclusion_lead, TRANSITION, "enrolmentStart", start(case), SHOWS)
    assert (made["state"], made["version"], made["confirmedBy"]) == ("PROPOSED", 1, None)
    assert await portal.opened(Because.ON_ROLL, made["id"]) == set()


async def test_another_agency_confirms_and_the_school_has_the_child_on_roll(portal: Portal, case: Case) -> None:
    enrolment = await proposed(portal, case)
    given = {"id": enrolment, "version": 1}
    done = await portal.does(case.coordinator, TRANSITION, "enrolmentConfirm", given, SHOWS, told="CONFIRM")
    assert (done["state"], done["version"], done["confirmedBy"]) == ("CONFIRMED", 2, {"name": "Family hub"})
    row = await portal.row("enrolment", enrolment)
    assert (row["identity_record_id"], case.school) in await portal.opened(Because.ON_ROLL, enrolment)
    await portal.refuses(case.coordinator, TRANSITION, "enrolmentConfirm", given, "CONFLICT", "version")


async def test_nobody_confirms_their_own_agencys_proposal(portal: Portal, case: Case) -> None:
    given = {"id": await proposed(portal, case), "version": 1}
    await portal.refuses(case.inclusion_lead, TRANSITION, "enrolmentConfirm", given, "FORBIDDEN")


async def test_who_may_not_see_it_is_told_that_it_does_not_exist(portal: Portal, case: Case) -> None:
    given = {"id": await proposed(portal, case), "version": 1}
    await portal.refuses(case.lead, Purpose.SUPPORT, "enrolmentConfirm", given, "FORBIDDEN")
    absent = {"id": str(case.adam.person_id), "version": 1}
    await portal.refuses(case.inclusion_lead, TRANSITION, "enrolmentConfirm", absent, "NOT_FOUND", "id")


async def test_the_school_ends_it_and_cannot_take_it_up_again_alone(portal: Portal, case: Case) -> None:
    enrolment = await proposed(portal, case)
    await portal.does(
        case.coordinator,
        TRANSITION,
        "enrolmentConfirm",
        {"id": enrolment, "version": 1},
        SHOWS,
        told="CONFIRM",
    )
    given = {"id": enrolment, "version": 2, "untilOn": "2026-03-10"}
    ended = await portal.does(case.inclusion_lead, TRANSITION, "enrolmentEnd", given, SHOWS)
    assert ended["untilOn"] == "2026-03-10"
    last = await portal.world.connection.fetchval("select max(until_on) from portal.opening where because = $1", Because.ON_ROLL)
    assert last == day(-1)
    longer = {"id": enrolment, "version": 3, "untilOn": "2026-07-10"}
    await portal.refuses(case.inclusion_lead, TRANSITION, "enrolmentEnd", longer, "BAD_USER_INPUT", "untilOn")


async def test_only_a_school_has_children_on_roll(portal: Portal, case: Case) -> None:
    given = start(case, schoolId=str(case.health))
    await portal.refuses(case.inclusion_lead, TRANSITION, "enrolmentStart", given, "NOT_FOUND", "schoolId")


async def test_an_inclusion_lead_enrols_at_their_own_school_only(portal: Portal, case: Case) -> None:
    other = await portal.world.agency(AgencyKind.SCHOOL, "Far School", "Elsewhere")
    given = start(case, schoolId=str(other))
    await portal.refuses(case.inclusion_lead, TRANSITION, "enrolmentStart", given, "FORBIDDEN")


async def test_a_child_whom_the_viewer_may_not_see_is_not_found(portal: Portal, case: Case) -> None:
    given = start(case, about=person(case.adam))
    await portal.refuses(case.inclusion_lead, TRANSITION, "enrolmentStart", given, "NOT_FOUND", "about", "personId")


async def test_a_day_too_far_away_is_refused(portal: Portal, case: Case) -> None:
    for wrong in ("1970-01-01", "2040-01-01"):
        given = start(case, fromOn=wrong)
        await portal.refuses(case.inclusion_lead, TRANSITION, "enrolmentStart", given, "BAD_USER_INPUT", "fromOn")
