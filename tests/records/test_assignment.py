"""Who supports whom is set by the agency, by its own id for the person; whoever sets it is told nothing of them."""

from typing import Any

import pytest

from tests.records.case import Case, identity, person
from tests.records.portal import Given, Portal
from tests.world import Someone, day
from throughline.access.opening import Because
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio
SUPPORT, ADMINISTRATION = Purpose.SUPPORT, Purpose.ADMINISTRATION
SHOWS = "assignment { id fromOn untilOn holder { id } about { givenName } seenBecause { number } }"
OPEN = "query($id: ID!) { node(id: $id) { __typename } }"


async def administrator(portal: Portal, case: Case) -> Someone:
    return await portal.world.practitioner(case.health, Role.AGENCY_ADMINISTRATOR)


async def another_nurse(portal: Portal, case: Case) -> Someone:
    return await portal.world.practitioner(case.health, Role.HEALTH_PRACTITIONER, manager=case.nurses_manager)


def to(who: Someone, **more: object) -> Given:
    return {"practitionerId": str(who.id), "localId": "NHS1", "fromOn": "2026-03-11", **more}


def ending(who: Someone, until_on: str = "2026-03-11", **more: object) -> Given:
    return {"practitionerId": str(who.id), "localId": "NHS1", "untilOn": until_on, **more}


async def reported(portal: Portal, who: Someone, key: str = "1", own_id: str = "NHS1", **numbers: str) -> Any:
    about = {"identity": {**identity(own_id)["identity"], **numbers}}
    parts = [{"about": [about], "whatWasDone": "We talked."}]
    given = {"kindOfSupport": "TALK", "givenOn": "2026-03-10", "delivery": "VISIT", "parts": parts, "idempotencyKey": key}
    return await portal.does(who, SUPPORT, "supportReportSubmit", given, "supportReport { id about { id } }")


async def sees(portal: Portal, who: Someone, record_id: Any) -> bool:
    return (await portal.ask(who, SUPPORT, OPEN, id=str(record_id)))["node"] is not None


async def test_reporting_opens_nothing_of_what_colleagues_reported(portal: Portal, case: Case) -> None:
    colleague = await another_nurse(portal, case)
    theirs, own = await reported(portal, colleague), await reported(portal, case.nurse)
    assert theirs["about"] == own["about"]
    assert await sees(portal, case.nurse, own["id"])
    assert not await sees(portal, case.nurse, theirs["id"])
    assert not await sees(portal, case.nurses_manager, theirs["id"])


async def test_an_assignment_opens_what_the_own_agency_made_from_its_first_to_its_last_day(portal: Portal, case: Case) -> None:
    colleague, admin = await another_nurse(portal, case), await administrator(portal, case)
    theirs, elsewhere = await reported(portal, colleague), await reported(portal, case.lead)
    payload = await portal.send(admin, ADMINISTRATION, "assignmentStart", to(case.nurse), f"recordedId {SHOWS}")
    assert (payload["userErrors"], payload["assignment"]) == ([], None)
    row = await portal.row("assignment", payload["recordedId"])
    assert (row["holder_id"], row["practitioner_id"], row["sensitivity"]) == (case.nurse.id, admin.id, "STANDARD")
    assert await portal.opened(Because.ASSIGNED, row["id"]) == {(row["identity_record_id"], case.nurse.id)}
    assert await sees(portal, case.nurse, theirs["id"])
    assert not await sees(portal, case.nurse, elsewhere["id"])
    assert row["id"] in await portal.named_in_trail(admin, "assignmentStart")
    done = await portal.send(admin, ADMINISTRATION, "assignmentEnd", ending(case.nurse, "2026-03-11"), "recordedId")
    assert (done["userErrors"], done["recordedId"]) == ([], None)
    assert row["id"] in await portal.named_in_trail(admin, "assignmentEnd")
    assert (await portal.row("assignment", row["id"]))["until_on"] == day(0)
    assert await sees(portal, case.nurse, theirs["id"])


async def test_a_team_manager_assigns_their_team_and_both_see_it(portal: Portal, case: Case) -> None:
    colleague = await another_nurse(portal, case)
    theirs = await reported(portal, case.nurse)
    made = await portal.does(case.nurses_manager, SUPPORT, "assignmentStart", to(colleague, fromOn="2026-03-10"), SHOWS)
    assert made["holder"] == {"id": str(colleague.id)}
    assert made["seenBecause"] == [{"number": 67}]
    assert await sees(portal, colleague, made["id"])
    assert await sees(portal, case.nurses_manager, theirs["id"])
    assert not await sees(portal, case.nurse, made["id"])
    await portal.send(case.nurses_manager, SUPPORT, "assignmentEnd", ending(colleague, "2026-03-10"))
    for who in (colleague, case.nurses_manager):
        assert not await sees(portal, who, made["id"])
        assert not await sees(portal, who, theirs["id"])


async def test_nobody_assigns_themselves_or_whoever_works_elsewhere(portal: Portal, case: Case) -> None:
    admin = await administrator(portal, case)
    for verb, given in (("assignmentStart", to), ("assignmentEnd", ending)):
        await portal.refuses(admin, ADMINISTRATION, verb, given(admin), "FORBIDDEN")
        await portal.refuses(case.nurses_manager, SUPPORT, verb, given(case.nurses_manager), "FORBIDDEN")
        await portal.refuses(admin, ADMINISTRATION, verb, given(case.lead), "NOT_FOUND", "practitionerId")
        await portal.refuses(case.nurse, SUPPORT, verb, given(await another_nurse(portal, case)), "FORBIDDEN")


async def test_whom_nobody_named_yet_is_assigned_all_the_same(portal: Portal, case: Case) -> None:
    """Else an administrator would learn of whom the portal knows."""
    admin = await administrator(portal, case)
    known = await portal.world.known_to(case.health, case.adam.person_id, own_id="NHS2")
    shows = f"recordedId {SHOWS}"
    answers = [
        await portal.send(admin, ADMINISTRATION, "assignmentStart", to(case.nurse, localId=local_id), shows)
        for local_id in ("NHS1", "NHS2")
    ]
    assert [(one["userErrors"], one["assignment"], bool(one["recordedId"])) for one in answers] == [([], None, True)] * 2
    rows = [await portal.row("assignment", one["recordedId"]) for one in answers]
    assert rows[1]["identity_record_id"] == known
    theirs = await reported(portal, await another_nurse(portal, case))
    assert await sees(portal, case.nurse, theirs["id"])


async def test_nobody_is_assigned_twice_at_once_and_only_what_runs_ends(portal: Portal, case: Case) -> None:
    admin = await administrator(portal, case)
    await portal.refuses(admin, ADMINISTRATION, "assignmentEnd", ending(case.nurse), "NOT_FOUND", "localId")
    await portal.send(admin, ADMINISTRATION, "assignmentStart", to(case.nurse, untilOn="2026-03-20"))
    again = to(case.nurse, fromOn="2026-03-20")
    await portal.refuses(admin, ADMINISTRATION, "assignmentStart", again, "BAD_USER_INPUT", "fromOn")
    await portal.refuses(admin, ADMINISTRATION, "assignmentEnd", ending(case.nurse, "2026-03-21"), "BAD_USER_INPUT", "untilOn")
    after = await portal.send(admin, ADMINISTRATION, "assignmentStart", to(case.nurse, fromOn="2026-03-21"))
    assert after["userErrors"] == []


async def test_in_a_confidential_service_only_a_manager_who_is_its_member_assigns(portal: Portal, case: Case) -> None:
    service, admin = await portal.world.service(case.health), await administrator(portal, case)
    colleague = await another_nurse(portal, case)
    for who in (admin, case.nurse, colleague):
        await portal.world.member(service, who.id)
    given = to(case.nurse, serviceId=str(service))
    parts = [{"about": [identity("S1")], "whatWasDone": "Listened."}]
    secret = {"kindOfSupport": "TALK", "givenOn": "2026-03-10", "delivery": "VISIT", "parts": parts, "serviceId": str(service)}
    theirs = await portal.does(colleague, SUPPORT, "supportReportSubmit", secret, "supportReport { id }")
    await portal.refuses(admin, ADMINISTRATION, "assignmentStart", given, "FORBIDDEN")
    await portal.refuses(case.nurses_manager, SUPPORT, "assignmentStart", given, "NOT_FOUND", "serviceId")
    await portal.world.member(service, case.nurses_manager.id)
    outside = await another_nurse(portal, case)
    elsewhere = to(outside, serviceId=str(service))
    await portal.refuses(case.nurses_manager, SUPPORT, "assignmentStart", elsewhere, "NOT_FOUND", "practitionerId")
    assert not await sees(portal, case.nurse, theirs["id"])
    given["localId"] = "S1"
    assert (await portal.send(case.nurses_manager, SUPPORT, "assignmentStart", given))["userErrors"] == []
    assert await sees(portal, case.nurse, theirs["id"])
    row = await portal.world.connection.fetchrow("select sensitivity, service_id from portal.assignment")
    assert tuple(row) == ("CONFIDENTIAL", service)


async def test_by_a_person_id_nobody_is_assigned(portal: Portal, case: Case) -> None:
    """The agency's own id is all that an administrator may say: whoever is shown a person assigns nobody to them by it."""
    admin = await administrator(portal, case)
    given = to(case.nurse, localId=person(case.adam)["personId"])
    made = await portal.send(admin, ADMINISTRATION, "assignmentStart", given, "recordedId")
    row = await portal.row("assignment", made["recordedId"])
    named = await portal.row("identity_record", row["identity_record_id"])
    assert named["person_id"] != case.adam.person_id


async def test_whom_an_assignment_alone_had_named_is_linked_by_the_first_number(portal: Portal, case: Case) -> None:
    admin = await administrator(portal, case)
    number = {"nhsNumber": "9434765919"}
    known = await reported(portal, case.lead, own_id="F1", **number)
    made = await portal.send(admin, ADMINISTRATION, "assignmentStart", to(case.nurse), "recordedId")
    theirs = await reported(portal, await another_nurse(portal, case), **number)
    assert theirs["about"] == known["about"]
    row = await portal.row("assignment", made["recordedId"])
    assert (row["identity_record_id"], case.nurse.id) in await portal.opened(Because.ASSIGNED, row["id"])
    assert await sees(portal, case.nurse, theirs["id"])
    assert not await sees(portal, case.nurse, known["id"])
