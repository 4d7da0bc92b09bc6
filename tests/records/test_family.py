"""A family begins with a household and a proposal; it opens nothing until a second agency has said yes."""

from typing import Any
from uuid import UUID

import pytest

from tests.records.case import Case, identity
from tests.records.portal import Given, Portal
from throughline.access.opening import Because
from throughline.terms.purpose import Purpose

pytestmark = pytest.mark.anyio
SUPPORT, TRIAGE = Purpose.SUPPORT, Purpose.TRIAGE
SHOWS = "teamPosition { id version position isConfirmed holder { id } household { id label } about { givenName } }"
CONTACT = "contact { id version }"


def noors_family(case: Case, **more: object) -> Given:
    return {
        "label": "12 High Street", "leadId": str(case.lead.id), "about": [identity("N1")], "fromOn": "2026-03-11", **more
    }  # fmt: skip


async def confirmed(portal: Portal, case: Case) -> Any:
    """A contact about Noor, the family that the hub starts for her, and the front door's yes to its lead."""
    wanted = {"about": identity("N1"), "frontDoorId": str(case.front_door), "reason": "worried"}
    await portal.does(case.manager, SUPPORT, "contactMake", wanted, CONTACT)
    made = await portal.does(case.manager, SUPPORT, "familyStart", noors_family(case), SHOWS)
    given = {"id": made["id"], "version": 1}
    return await portal.does(case.triage, TRIAGE, "teamPositionConfirm", given, SHOWS, told="CONFIRM")


async def test_a_team_manager_starts_a_family_and_proposes_its_lead(portal: Portal, case: Case) -> None:
    made = await portal.does(case.manager, SUPPORT, "familyStart", noors_family(case), SHOWS)
    assert (made["position"], made["isConfirmed"], made["household"]["label"]) == (
        "LEAD",
        False,
        "12 High Street",
    )
    assert made["holder"] == {"id": str(case.lead.id)}
    assert made["about"] == [{"givenName": "Noor"}]
    assert await portal.opened(Because.LEAD, made["id"]) == set()


async def test_the_confirmed_lead_sees_the_position_and_adds_the_members(portal: Portal, case: Case) -> None:
    position = await confirmed(portal, case)
    household = position["household"]["id"]
    seen = await portal.ask(case.lead, SUPPORT, "query($id: ID!) { node(id: $id) { id } }", id=position["id"])
    assert seen == {"node": {"id": position["id"]}}
    member = {"householdId": household, "about": identity("N1"), "role": "CHILD", "fromOn": "2026-01-01"}
    added = await portal.does(case.lead, SUPPORT, "membershipStart", member, "member { id person { givenName families { id } } }")
    assert [family["id"] for family in added["person"]["families"]]


async def test_a_practitioner_who_would_lead_may_not_start_it_alone(portal: Portal, case: Case) -> None:
    await portal.refuses(case.lead, SUPPORT, "familyStart", noors_family(case), "FORBIDDEN")


async def test_the_lead_is_of_the_own_agency(portal: Portal, case: Case) -> None:
    given = noors_family(case, leadId=str(case.nurse.id))
    await portal.refuses(case.manager, SUPPORT, "familyStart", given, "NOT_FOUND", "leadId")


async def test_it_has_a_label_and_somebody(portal: Portal, case: Case) -> None:
    await portal.refuses(case.manager, SUPPORT, "familyStart", noors_family(case, label=" "), "BAD_USER_INPUT", "label")
    await portal.refuses(case.manager, SUPPORT, "familyStart", noors_family(case, about=[]), "BAD_USER_INPUT", "about")


async def test_no_text_holds_a_nul(portal: Portal, case: Case) -> None:
    payload = await portal.send(case.manager, SUPPORT, "familyStart", noors_family(case, label="a\x00b"))
    assert payload["userErrors"][0]["code"] == "BAD_USER_INPUT"


async def test_the_same_request_twice_is_one_family(portal: Portal, case: Case) -> None:
    given = noors_family(case, idempotencyKey="once")
    first = await portal.does(case.manager, SUPPORT, "familyStart", given, SHOWS)
    assert (await portal.send(case.manager, SUPPORT, "familyStart", given, SHOWS))["teamPosition"] == first
    assert await portal.world.connection.fetchval("select count(*) from portal.family") == 2
    other = noors_family(case, idempotencyKey="once", label="elsewhere")
    await portal.refuses(case.manager, SUPPORT, "familyStart", other, "IDEMPOTENCY_CONFLICT", "idempotencyKey")


async def test_the_lead_starts_a_second_household_of_which_they_then_see_nothing(portal: Portal, case: Case) -> None:
    given = {"familyId": str(case.home.family_id), "label": "At his father's"}
    made = await portal.does(case.lead, SUPPORT, "householdStart", given, "householdId", told=None)
    told = await portal.world.connection.fetch("select kind, verb, record_id from portal.outbox")
    assert [tuple(row) for row in told] == [("HOUSEHOLD", "START", UUID(made))]
    row = await portal.row("household", made)
    assert (row["family_id"], row["label"], row["agency_id"]) == (
        case.home.family_id,
        "At his father's",
        case.hub,
    )
    member = {"householdId": made, "about": identity("F1", "Omar", "Khan", "1985-01-01"), "role": "PARENT"}
    await portal.refuses(case.lead, SUPPORT, "membershipStart", {**member, "fromOn": "2026-01-01"}, "NOT_FOUND", "householdId")


async def test_a_family_that_the_viewer_may_not_see_gets_no_second_household(portal: Portal, case: Case) -> None:
    given = {"familyId": str(case.home.family_id), "label": "Elsewhere"}
    await portal.refuses(case.colleague, SUPPORT, "householdStart", given, "NOT_FOUND", "familyId")


async def test_a_team_member_who_does_not_lead_starts_no_household(portal: Portal, case: Case) -> None:
    await portal.world.position(case.lead, case.nurse, case.home, [case.adam], confirmed_by=case.front_door)
    await portal.world.settle()
    given = {"familyId": str(case.home.family_id), "label": "Elsewhere"}
    await portal.refuses(case.nurse, SUPPORT, "householdStart", given, "FORBIDDEN")
