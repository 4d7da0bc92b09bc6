"""That an agency works with somebody, and how to reach it."""

import pytest

from tests.records.case import Case, identity, person
from tests.records.portal import Given, Portal
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio
SUPPORT = Purpose.SUPPORT
SHOWS = "involvement { id version sensitivity howToReach fromOn untilOn madeByService { id } }"


def visiting(**more: object) -> Given:
    return {
        "about": identity("NHS1", "Adam", "Khan"),
        "howToReach": "Ring the team",
        "fromOn": "2026-02-01",
        **more,
    }


async def test_a_nurse_says_that_health_visiting_works_with_the_child(portal: Portal, case: Case) -> None:
    made = await portal.does(case.nurse, SUPPORT, "involvementStart", visiting(), SHOWS)
    assert (made["howToReach"], made["sensitivity"], made["version"]) == ("Ring the team", "STANDARD", 1)
    assert await portal.world.connection.fetchval("select count(*) from portal.assignment") == 0


async def test_it_ends_once_and_by_its_own_agency_alone(portal: Portal, case: Case) -> None:
    made = await portal.does(case.lead, SUPPORT, "involvementStart", visiting(about=person(case.adam)), SHOWS)
    await portal.world.position(case.lead, case.nurse, case.home, [case.adam], confirmed_by=case.front_door)
    await portal.world.settle()
    given = {"id": made["id"], "version": 1, "untilOn": "2026-03-11"}
    await portal.refuses(case.nurse, SUPPORT, "involvementEnd", given, "FORBIDDEN")
    await portal.refuses(case.nurses_manager, SUPPORT, "involvementEnd", given, "NOT_FOUND", "id")
    ended = await portal.does(case.lead, SUPPORT, "involvementEnd", given, SHOWS)
    assert (ended["untilOn"], ended["version"]) == ("2026-03-11", 2)
    await portal.refuses(case.lead, SUPPORT, "involvementEnd", given, "CONFLICT", "version")


async def test_authors_raise_sensitivity_and_never_to_confidential(portal: Portal, case: Case) -> None:
    made = await portal.does(case.nurse, SUPPORT, "involvementStart", visiting(sensitivity="SENSITIVE"), SHOWS)
    assert made["sensitivity"] == "SENSITIVE"
    given = visiting(sensitivity="CONFIDENTIAL")
    await portal.refuses(case.nurse, SUPPORT, "involvementStart", given, "BAD_USER_INPUT", "sensitivity")


async def test_that_the_police_are_involved_is_sensitive(portal: Portal, case: Case) -> None:
    force = await portal.world.agency(AgencyKind.POLICE)
    officer = await portal.world.practitioner(force, Role.POLICE_OFFICER)
    made = await portal.does(officer, SUPPORT, "involvementStart", visiting(sensitivity="STANDARD"), SHOWS)
    assert made["sensitivity"] == "SENSITIVE"


async def test_a_confidential_services_involvement_exists_for_it_alone(portal: Portal, case: Case) -> None:
    service = await portal.world.service(case.health)
    await portal.world.member(service, case.nurse.id)
    made = await portal.does(case.nurse, SUPPORT, "involvementStart", visiting(serviceId=str(service)), SHOWS)
    assert (made["sensitivity"], made["madeByService"]) == ("CONFIDENTIAL", {"id": str(service)})
    query = "query($id: ID!) { node(id: $id) { id } }"
    assert await portal.ask(case.nurses_manager, SUPPORT, query, id=made["id"]) == {"node": None}
    given = visiting(serviceId=str(service))
    await portal.refuses(case.nurses_manager, SUPPORT, "involvementStart", given, "NOT_FOUND", "serviceId")


async def test_school_staff_write_an_involvement_and_do_not_see_it(portal: Portal, case: Case) -> None:
    payload = await portal.send(case.teacher, SUPPORT, "involvementStart", visiting(), f"recordedId {SHOWS}")
    assert (payload["userErrors"], payload["involvement"]) == ([], None)
    row = await portal.row("involvement", payload["recordedId"])
    assert row["practitioner_id"] == case.teacher.id
    refused = await portal.send(case.teacher, SUPPORT, "involvementStart", visiting(fromOn="1800-01-01"), "recordedId")
    assert refused["recordedId"] is None
    end = {"id": payload["recordedId"], "version": 1, "untilOn": "2026-03-11"}
    await portal.refuses(case.teacher, SUPPORT, "involvementEnd", end, "NOT_FOUND", "id")


async def test_a_household_in_which_they_do_not_live_is_not_found(portal: Portal, case: Case) -> None:
    given = visiting(householdId=str(case.home.household_id))
    await portal.refuses(case.nurse, SUPPORT, "involvementStart", given, "NOT_FOUND", "householdId")
