"""Whom a practitioner must not meet here."""

import pytest

from tests.records.case import Case, identity, person
from tests.records.portal import Portal
from throughline.access.opening import Because
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio
SUPPORT = Purpose.SUPPORT


async def test_from_now_on_the_person_does_not_exist_for_them(portal: Portal, case: Case) -> None:
    given = {"about": person(case.sara), "kind": "RELATIVE"}
    query = "query($id: ID!) { person(id: $id) { givenName } }"
    sara = str(case.sara.person_id)
    assert (await portal.ask(case.lead, SUPPORT, query, id=sara))["person"] == {"givenName": "Sara"}
    assert await portal.does(case.lead, SUPPORT, "connectionDeclare", given, "isDeclared", told=None) is True
    connection = await portal.world.connection.fetchval("select id from portal.connection")
    assert await portal.opened(Because.CONNECTED, connection) == {
        (case.sara.record_id, case.lead.id), (case.adam.record_id, case.lead.id),
    }  # fmt: skip
    for human in (case.sara, case.adam):
        assert await portal.ask(case.lead, SUPPORT, query, id=str(human.person_id)) == {"person": None}


async def test_it_can_be_declared_about_somebody_whom_nobody_has_shown(portal: Portal, case: Case) -> None:
    given = {"about": identity("BROTHER", "Omar"), "kind": "RELATIVE"}
    assert await portal.does(case.teacher, SUPPORT, "connectionDeclare", given, "isDeclared", told=None) is True
    assert await portal.world.connection.fetchval("select count(*) from portal.assignment") == 0


async def test_a_person_whom_the_viewer_may_not_see_is_not_found(portal: Portal, case: Case) -> None:
    given = {"about": person(case.sara), "kind": "RELATIVE"}
    await portal.refuses(case.teacher, SUPPORT, "connectionDeclare", given, "NOT_FOUND", "about", "personId")


async def test_a_tool_has_no_relatives(portal: Portal, case: Case) -> None:
    tool = await portal.world.tool(case.hub, Role.FAMILY_PRACTITIONER)
    given = {"about": identity("X1"), "kind": "RELATIVE"}
    await portal.refuses(tool, SUPPORT, "connectionDeclare", given, "FORBIDDEN")


async def test_the_same_request_twice_is_one_connection(portal: Portal, case: Case) -> None:
    given = {"about": identity("BROTHER", "Omar"), "kind": "RELATIVE", "idempotencyKey": "once"}
    for _ in range(2):
        assert await portal.does(case.teacher, SUPPORT, "connectionDeclare", given, "isDeclared", told=None) is True
    assert await portal.world.connection.fetchval("select count(*) from portal.connection") == 1
    other = {**given, "kind": "PARTNER"}
    await portal.refuses(case.teacher, SUPPORT, "connectionDeclare", other, "IDEMPOTENCY_CONFLICT", "idempotencyKey")
    told = await portal.world.connection.fetch("select kind, verb, record_id from portal.outbox")
    (made,) = await portal.world.connection.fetch("select id from portal.connection")
    assert [tuple(row) for row in told] == [("CONNECTION", "DECLARE", made["id"])]
