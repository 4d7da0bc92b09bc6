"""Positions are proposed by one agency, confirmed by another, and closed by a date."""

import pytest

from tests.records.case import Case, identity, person
from tests.records.portal import Given, Portal
from tests.world import day
from throughline.access.opening import Because
from throughline.terms.purpose import Purpose

pytestmark = pytest.mark.anyio
SUPPORT, TRIAGE, PROTECTION = Purpose.SUPPORT, Purpose.TRIAGE, Purpose.PROTECTION
SHOWS = "teamPosition { id version position isConfirmed untilOn confirmedBy { name } about { givenName } }"
VISIBLE = "query($id: ID!) { node(id: $id) { id } }"


def nurse_joins(case: Case, **more: object) -> Given:
    return {
        "householdId": str(case.home.household_id), "holderId": str(case.nurse.id), "position": "MEMBER",
        "about": [person(case.adam)], "fromOn": "2026-03-11", **more,
    }  # fmt: skip


async def proposed(portal: Portal, case: Case, **more: object) -> str:
    made = await portal.does(case.lead, SUPPORT, "teamPositionPropose", nurse_joins(case, **more), SHOWS)
    return str(made["id"])


async def undecided(portal: Portal, case: Case) -> None:
    """A contact from the hub lets the front door's triage look at Adam."""
    await portal.world.contact(case.lead, case.adam, case.front_door)
    await portal.world.settle()


async def test_the_lead_proposes_and_it_opens_nothing(portal: Portal, case: Case) -> None:
    made = await portal.does(case.lead, SUPPORT, "teamPositionPropose", nurse_joins(case), SHOWS)
    assert (made["position"], made["isConfirmed"], made["version"]) == ("MEMBER", False, 1)
    assert made["about"] == [{"givenName": "Adam"}]
    assert await portal.opened(Because.TEAM, made["id"]) == set()


async def test_triage_with_the_contact_confirms_and_the_nurse_is_on_the_team(portal: Portal, case: Case) -> None:
    position = await proposed(portal, case)
    await undecided(portal, case)
    assert await portal.ask(case.nurse, SUPPORT, VISIBLE, id=position) == {"node": None}
    given = {"id": position, "version": 1}
    done = await portal.does(case.triage, TRIAGE, "teamPositionConfirm", given, SHOWS, told="CONFIRM")
    assert (done["isConfirmed"], done["confirmedBy"], done["version"]) == (True, {"name": "Front door"}, 2)
    assert (case.adam.record_id, case.nurse.id) in await portal.opened(Because.TEAM, position)
    assert await portal.ask(case.nurse, SUPPORT, VISIBLE, id=position) == {"node": {"id": position}}
    await portal.refuses(case.triage, TRIAGE, "teamPositionConfirm", given, "CONFLICT", "version")
    await portal.refuses(case.triage, TRIAGE, "teamPositionConfirm", {**given, "version": 2}, "BAD_USER_INPUT", "id")


async def test_the_leads_agency_confirms_what_another_agency_proposed(portal: Portal, case: Case) -> None:
    given = nurse_joins(case, about=[identity("NHS1", "Adam", "Khan", "2015-05-06")])
    adam_there = await portal.world.known_to(case.nurses_manager, case.adam.person_id, own_id="NHS1")
    made = await portal.does(case.nurses_manager, SUPPORT, "teamPositionPropose", given, SHOWS)
    confirm = {"id": made["id"], "version": 1}
    await portal.refuses(case.nurses_manager, SUPPORT, "teamPositionConfirm", confirm, "FORBIDDEN")
    await portal.does(case.manager, SUPPORT, "teamPositionConfirm", confirm, SHOWS, told="CONFIRM")
    assert (adam_there, case.nurse.id) in await portal.opened(Because.TEAM, made["id"])


async def test_the_leads_agency_confirms_for_anybody_of_the_household(portal: Portal, case: Case) -> None:
    """The lead's own position need not name them, as long as it is for that household; and not where it is for another."""
    noor = await portal.world.person(case.nurses_manager.agency_id, "Noor", "Khan", own_id="NHS2")
    other = await portal.world.home(case.hub, case.home.family_id)
    for home, ends in ((case.home, "done"), (other, "NOT_FOUND")):
        await portal.world.lives(case.hub, noor, home)
        await portal.world.settle()
        given = nurse_joins(case, householdId=str(home.household_id), about=[identity("NHS2", "Noor", "Khan", "2015-05-06")])
        made = await portal.does(case.nurses_manager, SUPPORT, "teamPositionPropose", given, SHOWS)
        confirm = {"id": made["id"], "version": 1}
        if ends == "done":
            await portal.does(case.manager, SUPPORT, "teamPositionConfirm", confirm, SHOWS, told="CONFIRM")
            assert (noor.record_id, case.nurse.id) in await portal.opened(Because.TEAM, made["id"])
        else:
            await portal.refuses(case.manager, SUPPORT, "teamPositionConfirm", confirm, "NOT_FOUND", "id")


async def test_nobody_confirms_their_own_agencys_proposal(portal: Portal, case: Case) -> None:
    given = {"id": await proposed(portal, case), "version": 1}
    await portal.refuses(case.lead, SUPPORT, "teamPositionConfirm", given, "FORBIDDEN")


async def test_without_an_undecided_contact_it_does_not_exist_for_triage(portal: Portal, case: Case) -> None:
    given = {"id": await proposed(portal, case), "version": 1}
    await portal.refuses(case.triage, TRIAGE, "teamPositionConfirm", given, "NOT_FOUND", "id")


async def test_a_household_has_one_lead(portal: Portal, case: Case) -> None:
    position = await proposed(portal, case, position="LEAD")
    await undecided(portal, case)
    given = {"id": position, "version": 1}
    await portal.refuses(case.triage, TRIAGE, "teamPositionConfirm", given, "BAD_USER_INPUT", "id")
    end = {"id": str(case.leading), "version": 1, "untilOn": "2026-03-10"}
    await portal.does(case.lead, SUPPORT, "teamPositionEnd", end, "teamPosition { id }", told=None)
    await portal.does(case.triage, TRIAGE, "teamPositionConfirm", given, SHOWS, told="CONFIRM")
    assert (case.adam.record_id, case.nurse.id) in await portal.opened(Because.LEAD, position)


async def test_it_covers_people_of_the_household_only(portal: Portal, case: Case) -> None:
    given = nurse_joins(case, about=[identity("N1")])
    await portal.refuses(case.lead, SUPPORT, "teamPositionPropose", given, "BAD_USER_INPUT", "about")


async def test_the_household_does_not_exist_for_a_colleague_who_may_not_propose(portal: Portal, case: Case) -> None:
    await portal.world.change("identity_record", case.adam.record_id, own_id="A1")
    given = nurse_joins(case, about=[identity("A1", "Adam", "Khan", "2015-05-06")])
    await portal.refuses(case.colleague, SUPPORT, "teamPositionPropose", given, "NOT_FOUND", "householdId")


async def test_only_a_social_worker_is_allocated_a_case(portal: Portal, case: Case) -> None:
    given = nurse_joins(case, position="ALLOCATED_SOCIAL_WORKER")
    await portal.refuses(case.lead, SUPPORT, "teamPositionPropose", given, "BAD_USER_INPUT", "holderId")
    given["holderId"] = str(case.social_worker.id)
    await portal.does(case.lead, SUPPORT, "teamPositionPropose", given, SHOWS)


async def test_a_holder_who_does_not_exist_is_not_found(portal: Portal, case: Case) -> None:
    given = nurse_joins(case, holderId=str(case.hub))
    await portal.refuses(case.lead, SUPPORT, "teamPositionPropose", given, "NOT_FOUND", "holderId")


async def test_the_holder_steps_down_and_sees_nothing_from_the_next_day(portal: Portal, case: Case) -> None:
    position = str(await portal.world.position(case.lead, case.nurse, case.home, [case.adam], confirmed_by=case.front_door))
    await portal.world.settle()
    given = {"id": position, "version": 1, "untilOn": "2026-03-10"}
    await portal.does(case.nurse, SUPPORT, "teamPositionEnd", given, SHOWS, told=None)
    assert (await portal.row("team_position", position))["until_on"] == day(-1)
    assert await portal.ask(case.nurse, SUPPORT, VISIBLE, id=position) == {"node": None}
    again = {"id": position, "version": 2, "untilOn": "2026-12-31"}
    await portal.refuses(case.nurse, SUPPORT, "teamPositionEnd", again, "NOT_FOUND", "id")
    await portal.refuses(case.lead, SUPPORT, "teamPositionEnd", again, "BAD_USER_INPUT", "untilOn")


async def test_a_lead_of_another_agency_ends_a_position(portal: Portal, case: Case) -> None:
    position = str(await portal.world.position(case.nurse, case.nurse, case.home, [case.adam], confirmed_by=case.front_door))
    await portal.world.settle()
    given = {"id": position, "version": 1, "untilOn": "2026-03-11"}
    ended = await portal.does(case.lead, SUPPORT, "teamPositionEnd", given, SHOWS)
    assert (ended["untilOn"], ended["version"]) == ("2026-03-11", 2)


async def test_another_member_sees_it_and_may_not_end_it(portal: Portal, case: Case) -> None:
    await portal.world.position(case.lead, case.nurse, case.home, [case.adam], confirmed_by=case.front_door)
    await portal.world.settle()
    given = {"id": str(case.leading), "version": 1, "untilOn": "2026-03-11"}
    await portal.refuses(case.nurse, SUPPORT, "teamPositionEnd", given, "FORBIDDEN")
    await portal.refuses(case.colleague, SUPPORT, "teamPositionEnd", given, "NOT_FOUND", "id")


async def test_who_may_not_propose_is_told_that_whoever_they_name(portal: Portal, case: Case) -> None:
    """Else the refusal would tell who belongs to the household."""
    await portal.world.position(case.front_door, case.nurse, case.home, [case.adam], confirmed_by=case.hub)
    await portal.world.settle()
    for whom in (identity("NHS1", "Adam", "Khan", "2015-05-06"), identity("NHS9", "Tom", "Reed"), person(case.adam)):
        await portal.refuses(case.nurse, SUPPORT, "teamPositionPropose", nurse_joins(case, about=[whom]), "FORBIDDEN")
    stranger = nurse_joins(case, about=[identity("L9", "Tom", "Reed")])
    await portal.refuses(case.lead, SUPPORT, "teamPositionPropose", stranger, "BAD_USER_INPUT", "about")
