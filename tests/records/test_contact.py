"""Asking a front door for help, and its answer."""

import pytest

from tests.records.case import Case, identity, person
from tests.records.portal import Given, Portal
from throughline.access.opening import Because
from throughline.terms.purpose import Purpose

pytestmark = pytest.mark.anyio
SUPPORT, TRIAGE = Purpose.SUPPORT, Purpose.TRIAGE
SHOWS = "contact { id version channel receivedOn decidedOn decision }"


def asked(case: Case, **more: object) -> Given:
    return {
        "about": identity("P1", "Adam", "Khan"),
        "frontDoorId": str(case.front_door),
        "reason": "worried",
        **more,
    }


async def test_a_teacher_asks_and_triage_may_look(portal: Portal, case: Case) -> None:
    made = await portal.does(case.teacher, SUPPORT, "contactMake", asked(case), SHOWS)
    assert (made["channel"], made["receivedOn"], made["decision"]) == ("FORM", "2026-03-11", None)
    row = await portal.row("contact", made["id"])
    assert (row["identity_record_id"], case.front_door) in await portal.opened(Because.CONTACT, made["id"])


async def test_triage_decides_and_looks_no_more(portal: Portal, case: Case) -> None:
    made = await portal.does(case.teacher, SUPPORT, "contactMake", asked(case), SHOWS)
    given = {"id": made["id"], "version": 1, "decision": "Early help; the hub will ring."}
    await portal.refuses(case.teacher, SUPPORT, "contactDecide", given, "FORBIDDEN")
    await portal.refuses(case.triage, TRIAGE, "contactDecide", {**given, "version": 3}, "CONFLICT", "version")
    done = await portal.does(case.triage, TRIAGE, "contactDecide", given, SHOWS, told="CONFIRM")
    assert (done["decidedOn"], done["version"]) == ("2026-03-11", 2)
    today = "select count(*) from portal.opening where because = $1 and (until_on is null or until_on >= '2026-03-11')"
    assert await portal.world.connection.fetchval(today, Because.CONTACT) == 0
    await portal.refuses(case.triage, TRIAGE, "contactDecide", {**given, "version": 2}, "BAD_USER_INPUT", "id")


async def test_who_asked_is_told(portal: Portal, case: Case) -> None:
    made = await portal.does(case.teacher, SUPPORT, "contactMake", asked(case), SHOWS)
    given = {"id": made["id"], "version": 1, "decision": "Early help"}
    await portal.does(case.triage, TRIAGE, "contactDecide", given, SHOWS, told="CONFIRM")
    query = "query($id: ID!) { node(id: $id) { ... on Contact { decision } } }"
    assert await portal.ask(case.teacher, SUPPORT, query, id=made["id"]) == {"node": {"decision": "Early help"}}


async def test_the_lead_of_another_agency_sees_no_contact(portal: Portal, case: Case) -> None:
    made = await portal.does(case.teacher, SUPPORT, "contactMake", asked(case), SHOWS)
    given = {"id": made["id"], "version": 1, "decision": "No"}
    await portal.refuses(case.lead, SUPPORT, "contactDecide", given, "FORBIDDEN")


async def test_a_contact_is_made_to_another_agencys_front_door(portal: Portal, case: Case) -> None:
    own = asked(case, frontDoorId=str(case.school))
    await portal.refuses(case.teacher, SUPPORT, "contactMake", own, "BAD_USER_INPUT", "frontDoorId")
    for_nobody = asked(case, frontDoorId=str(case.health))
    await portal.refuses(case.teacher, SUPPORT, "contactMake", for_nobody, "NOT_FOUND", "frontDoorId")


async def test_a_child_whom_the_viewer_may_not_see_is_not_found(portal: Portal, case: Case) -> None:
    given = asked(case, about=person(case.adam))
    await portal.refuses(case.teacher, SUPPORT, "contactMake", given, "NOT_FOUND", "about", "personId")


async def test_what_somebody_connected_with_the_child_asks_is_set_apart(portal: Portal, case: Case) -> None:
    there = await portal.world.known_to(case.teacher, case.adam.person_id, own_id="P1")
    await portal.world.connected(case.teacher, there)
    await portal.world.settle()
    made = await portal.does(case.teacher, SUPPORT, "contactMake", asked(case), SHOWS)
    apart = (await portal.row("contact", made["id"]))["identity_record_id"]
    row = await portal.row("identity_record", apart)
    assert (row["own_id"], row["set_apart_for"]) == ("P1", case.teacher.id)
    assert row["person_id"] != case.adam.person_id
