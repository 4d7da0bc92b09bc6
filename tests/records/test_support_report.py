"""Reporting support: no search first, once for each key, amended and taken back by its own agency alone."""

from dataclasses import replace
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


async def test_a_colleagues_key_is_no_question_about_what_they_did(portal: Portal, case: Case) -> None:
    """By the same client: the same key is each practitioner's own, whatever the colleague's act was about."""
    given = talked(identity("P1", "Adam"), idempotencyKey="report-1001")
    colleague = await portal.world.practitioner(case.school, Role.SCHOOL_STAFF)
    tool = await portal.world.tool(case.school, Role.SCHOOL_STAFF)  # the front-end that both use
    teacher, colleague = replace(case.teacher, client_id=tool.client_id), replace(colleague, client_id=tool.client_id)
    await portal.does(teacher, SUPPORT, "supportReportSubmit", given, SHOWS)
    other = {**given, "delivery": "PHONE"}
    assert (await portal.does(colleague, SUPPORT, "supportReportSubmit", other, SHOWS))["id"]
    await portal.refuses(teacher, SUPPORT, "supportReportSubmit", other, "IDEMPOTENCY_CONFLICT", "idempotencyKey")


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


async def test_a_nul_that_is_only_spelt_out_is_a_text_like_any_other(portal: Portal, case: Case) -> None:
    given = talked({"identity": {"ownId": "P\\u00001"}})
    await portal.does(case.teacher, SUPPORT, "supportReportSubmit", given, SHOWS)


async def test_numbers_of_a_confidential_service_stay_with_it(portal: Portal, case: Case) -> None:
    service = await portal.world.service(case.health)
    await portal.world.member(service, case.nurse.id)
    for number in (None, "9434765919"):
        about = identity("SN1", "Adam")
        about["identity"] |= {"nhsNumber": number} if number else {}
        await portal.does(case.nurse, SUPPORT, "supportReportSubmit", talked(about, serviceId=str(service)), SHOWS)
    row = await portal.world.connection.fetchrow("select * from portal.identity_number")
    assert (row["service_id"], row["sensitivity"]) == (service, "CONFIDENTIAL")


async def test_support_that_only_a_confidential_service_gives_is_reported_by_one(portal: Portal, case: Case) -> None:
    """Refused by the act itself and before anybody is named: not by row security, which would let an ordinary service's be."""
    await portal.world.join("support_kind", code="CLINIC", label="Clinic", floor="CONFIDENTIAL")
    ordinary, clinic = [await portal.world.service(case.health, confidential=it) for it in (False, True)]
    for service in (ordinary, clinic):
        await portal.world.member(service, case.nurse.id)
    given = talked(identity("SN1", "Adam"), kindOfSupport="CLINIC")
    for where in ({}, {"serviceId": str(ordinary)}):
        await portal.refuses(case.nurse, SUPPORT, "supportReportSubmit", given | where, "BAD_USER_INPUT", "kindOfSupport")
    await portal.does(case.nurse, SUPPORT, "supportReportSubmit", given | {"serviceId": str(clinic)}, SHOWS)
    kept = await portal.world.connection.fetch("select sensitivity, service_id from portal.support_report_part")
    assert [tuple(row) for row in kept] == [("CONFIDENTIAL", clinic)]


EARLIER = "query($id: ID!) { node(id: $id) { ... on SupportReport { earlierVersions { version parts { whatWasDone } } } } }"


async def test_a_correction_is_read_by_its_own_agency_alone(portal: Portal, case: Case) -> None:
    """The nurse, who may see the report, learns nothing of the line that was corrected; nor does whoever sees the corrected one."""
    made = await reported(portal, case)
    await portal.world.position(case.lead, case.nurse, case.home, [case.adam], confirmed_by=case.front_door)
    await portal.world.decision(case.lead, [case.health], [case.adam], confirmed_by=case.front_door)
    await portal.world.settle()
    change = {"id": made["parts"][0]["id"], "whatWasDone": "Talked about school."}
    await portal.does(case.lead, SUPPORT, "supportReportAmend", {"id": made["id"], "version": 1, "parts": [change]}, SHOWS)
    own = (await portal.ask(case.lead, SUPPORT, EARLIER, id=made["id"]))["node"]
    other = (await portal.ask(case.nurse, SUPPORT, EARLIER, id=made["id"]))["node"]
    assert own == {"earlierVersions": [{"version": 1, "parts": [{"whatWasDone": "Talked about sleep."}]}]}
    assert other == {"earlierVersions": []}
    given = {"id": made["id"], "version": 2, "reason": "the wrong Adam"}
    shown = await portal.does(
        case.lead, SUPPORT, "supportReportWithdraw", given, "supportReport { id earlierVersions { version } }"
    )
    assert [one["version"] for one in shown["earlierVersions"]] == [2, 1]


async def test_an_amendment_raises_sensitivity_and_never_lowers_it(portal: Portal, case: Case) -> None:
    given = talked(person(case.adam))
    given["parts"][0]["sensitivity"] = "SENSITIVE"
    shows = "supportReport { id version parts { id sensitivity } }"
    made = await portal.does(case.lead, SUPPORT, "supportReportSubmit", given, shows)
    for version, said, kept in ((1, "STANDARD", "SENSITIVE"), (2, "SENSITIVE", "SENSITIVE")):
        part = {"id": made["parts"][0]["id"], "sensitivity": said}
        change = {"id": made["id"], "version": version, "parts": [part]}
        amended = await portal.does(case.lead, SUPPORT, "supportReportAmend", change, shows)
        assert [one["sensitivity"] for one in amended["parts"]] == [kept]


async def test_a_reason_to_withdraw_has_a_length(portal: Portal, case: Case) -> None:
    shows = "supportReport { id version }"
    made = await portal.does(case.lead, SUPPORT, "supportReportSubmit", talked(person(case.adam)), shows)
    given = {"id": made["id"], "version": 1, "reason": "x" * 10_001}
    await portal.refuses(case.lead, SUPPORT, "supportReportWithdraw", given, "BAD_USER_INPUT", "reason")
    await portal.does(case.lead, SUPPORT, "supportReportWithdraw", {**given, "reason": "x" * 10_000}, shows)


async def test_a_light_touch_report_is_taken_back_by_whoever_made_it(portal: Portal, case: Case) -> None:
    group = await portal.world.agency(AgencyKind.VOLUNTARY)
    volunteer, other = [await portal.world.practitioner(group, Role.VOLUNTARY_WORKER) for _ in range(2)]
    given = talked(None, parts=[], isLightTouch=True, peopleReached=4)
    made = await portal.does(volunteer, SUPPORT, "supportReportSubmit", given, SHOWS)
    back = {"id": made["id"], "version": 1, "reason": "another day"}
    await portal.refuses(other, SUPPORT, "supportReportWithdraw", back, "NOT_FOUND", "id")
    done = await portal.does(volunteer, SUPPORT, "supportReportWithdraw", back, SHOWS)
    assert (done["version"], done["withdrawnReason"]) == (2, "another day")


async def test_a_report_for_a_household_tells_nothing_of_members_out_of_sight(portal: Portal, case: Case) -> None:
    """A safeguarding lead sees the covered child there; that the mother lives there too, nobody let them know."""
    world = portal.world
    guard = await world.practitioner(case.school, Role.SAFEGUARDING_LEAD)
    for human, own_id in ((case.adam, "P1"), (case.sara, "P2")):
        await world.known_to(case.school, human.person_id, own_id=own_id)
    await world.enrolled(case.lead, case.adam, case.school, confirmed_by=case.front_door)
    await world.decision(case.lead, [case.school], [case.adam], confirmed_by=case.front_door)
    await world.settle()
    there = str(case.home.household_id)
    await portal.does(guard, SUPPORT, "supportReportSubmit", talked({"identity": {"ownId": "P1"}}, householdId=there), SHOWS)
    for own_id in ("P2", "P3"):
        given = talked({"identity": {"ownId": own_id}}, householdId=there)
        await portal.refuses(guard, SUPPORT, "supportReportSubmit", given, "NOT_FOUND", "householdId")
