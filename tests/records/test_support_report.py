"""Reporting support: no search first, once for each key, amended and taken back by its own agency alone."""

from typing import Any

import pytest

from tests.records.case import Case, identity, person
from tests.records.portal import Given, Portal
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio
SUPPORT = Purpose.SUPPORT
SHOWS = "supportReport { id version withdrawnReason parts { id whatWasDone about { givenName } } }"


def talked(about: Any, **more: object) -> Given:
    part = {"about": [about], "whatWasDone": "Talked about sleep."}
    return {"kindOfSupport": "TALK", "givenOn": "2026-03-10", "delivery": "VISIT", "parts": [part], **more}


async def reported(portal: Portal, case: Case) -> Any:
    return await portal.does(case.lead, SUPPORT, "supportReportSubmit", talked(person(case.adam)), SHOWS)


async def test_an_identity_is_enough(portal: Portal, case: Case) -> None:
    made = await portal.does(case.teacher, SUPPORT, "supportReportSubmit", talked(identity("P1", "Adam")), SHOWS)
    assert (made["version"], made["parts"][0]["about"]) == (1, [{"givenName": "Adam"}])


async def test_the_same_request_twice_is_one_report(portal: Portal, case: Case) -> None:
    given = talked(identity("P1", "Adam"), idempotencyKey="once")
    first = await portal.does(case.teacher, SUPPORT, "supportReportSubmit", given, SHOWS)
    assert (await portal.send(case.teacher, SUPPORT, "supportReportSubmit", given, SHOWS))["supportReport"] == first
    assert await portal.world.connection.fetchval("select count(*) from portal.support_report") == 1
    other = {**given, "delivery": "PHONE"}
    await portal.refuses(case.teacher, SUPPORT, "supportReportSubmit", other, "IDEMPOTENCY_CONFLICT", "idempotencyKey")


async def test_a_better_version_keeps_the_earlier_one(portal: Portal, case: Case) -> None:
    made = await reported(portal, case)
    change = {"id": made["parts"][0]["id"], "whatWasDone": "Talked about sleep and school."}
    given = {"id": made["id"], "version": 1, "parts": [change]}
    done = await portal.does(case.lead, SUPPORT, "supportReportAmend", given, SHOWS)
    assert (done["version"], done["parts"][0]["whatWasDone"]) == (2, "Talked about sleep and school.")
    assert await portal.world.connection.fetchval("select count(*) from portal.record_history") == 2
    await portal.refuses(case.lead, SUPPORT, "supportReportAmend", given, "CONFLICT", "version")


async def test_only_its_own_agency_takes_it_back(portal: Portal, case: Case) -> None:
    made = await reported(portal, case)
    given = {"id": made["id"], "version": 1, "reason": "the wrong Adam"}
    await portal.refuses(case.nurse, SUPPORT, "supportReportWithdraw", given, "NOT_FOUND", "id")
    done = await portal.does(case.lead, SUPPORT, "supportReportWithdraw", given, SHOWS)
    assert done["withdrawnReason"] == "the wrong Adam"
    await portal.refuses(case.lead, SUPPORT, "supportReportWithdraw", given, "NOT_FOUND", "id")


async def test_a_household_in_which_nobody_of_it_lives_is_not_found(portal: Portal, case: Case) -> None:
    for household in (case.home.household_id, case.hub):
        given = talked(identity("P1", "Adam"), householdId=str(household))
        await portal.refuses(case.teacher, SUPPORT, "supportReportSubmit", given, "NOT_FOUND", "householdId")


async def test_a_light_touch_report_is_about_a_family_that_the_viewer_may_see(portal: Portal, case: Case) -> None:
    group = await portal.world.agency(AgencyKind.VOLUNTARY)
    volunteer = await portal.world.practitioner(group, Role.VOLUNTARY_WORKER)
    given = talked(None, parts=[], isLightTouch=True, peopleReached=4)
    await portal.does(volunteer, SUPPORT, "supportReportSubmit", given, SHOWS)
    for family in (case.home.family_id, case.hub):
        about = {**given, "familyId": str(family)}
        await portal.refuses(volunteer, SUPPORT, "supportReportSubmit", about, "NOT_FOUND", "familyId")
    await portal.world.position(case.lead, volunteer, case.home, [case.adam], confirmed_by=case.front_door)
    await portal.world.settle()
    about = {**given, "familyId": str(case.home.family_id)}
    await portal.does(volunteer, SUPPORT, "supportReportSubmit", about, SHOWS)


async def test_a_report_with_a_nul_in_it_is_refused(portal: Portal, case: Case) -> None:
    given = talked({"identity": {"ownId": "P\x001"}})
    payload = await portal.send(case.teacher, SUPPORT, "supportReportSubmit", given)
    assert [error["code"] for error in payload["userErrors"]] == ["BAD_USER_INPUT"]


async def test_numbers_of_a_confidential_service_stay_with_it(portal: Portal, case: Case) -> None:
    service = await portal.world.service(case.health)
    await portal.world.member(service, case.nurse.id)
    for number in (None, "9434765919"):
        about = identity("SN1", "Adam")
        about["identity"] |= {"nhsNumber": number} if number else {}
        await portal.does(case.nurse, SUPPORT, "supportReportSubmit", talked(about, serviceId=str(service)), SHOWS)
    row = await portal.world.connection.fetchrow("select * from portal.identity_number")
    assert (row["service_id"], row["sensitivity"]) == (service, "CONFIDENTIAL")
