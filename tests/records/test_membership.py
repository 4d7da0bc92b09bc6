"""Who belongs to a household is written by whoever leads there."""

import pytest

from tests.records.case import Case, identity, person
from tests.records.portal import Given, Portal
from throughline.terms.purpose import Purpose

pytestmark = pytest.mark.anyio
SUPPORT = Purpose.SUPPORT
SHOWS = "member { id version role from to person { givenName } household { id } }"


def noor(case: Case, **more: object) -> Given:
    household = str(case.home.household_id)
    return {
        "householdId": household,
        "about": identity("N1"),
        "role": "CHILD",
        "fromOn": "2020-01-01",
        **more,
    }


async def test_the_lead_adds_a_child_to_the_household(portal: Portal, case: Case) -> None:
    member = await portal.does(case.lead, SUPPORT, "membershipStart", noor(case), SHOWS)
    assert (member["version"], member["role"], member["from"], member["to"]) == (
        1,
        "CHILD",
        "2020-01-01",
        None,
    )
    assert member["person"] == {"givenName": "Noor"}
    row = await portal.row("membership", member["id"])
    assert (row["agency_id"], row["practitioner_id"], row["family_id"]) == (
        case.hub,
        case.lead.id,
        case.home.family_id,
    )


async def test_a_membership_lets_nobodys_position_cover_the_new_member(portal: Portal, case: Case) -> None:
    member = await portal.does(case.lead, SUPPORT, "membershipStart", noor(case), SHOWS)
    record_id = (await portal.row("membership", member["id"]))["identity_record_id"]
    assert record_id not in {subject for subject, _ in await portal.opened(32, case.leading)}


async def test_a_membership_does_not_assign_whoever_writes_it(portal: Portal, case: Case) -> None:
    await portal.does(case.lead, SUPPORT, "membershipStart", noor(case), SHOWS)
    assert await portal.world.connection.fetchval("select count(*) from portal.assignment") == 0


async def test_the_household_does_not_exist_for_a_colleague_without_a_position(portal: Portal, case: Case) -> None:
    await portal.refuses(case.colleague, SUPPORT, "membershipStart", noor(case), "NOT_FOUND", "householdId")


async def test_a_household_that_does_not_exist_is_not_found(portal: Portal, case: Case) -> None:
    for household in (str(case.hub), "no id at all"):
        given = noor(case, householdId=household)
        await portal.refuses(case.lead, SUPPORT, "membershipStart", given, "NOT_FOUND", "householdId")


async def test_nobody_belongs_twice_to_one_household_at_once(portal: Portal, case: Case) -> None:
    given = noor(case, about=person(case.adam))
    await portal.refuses(case.lead, SUPPORT, "membershipStart", given, "BAD_USER_INPUT", "about")


async def test_it_cannot_end_before_it_starts(portal: Portal, case: Case) -> None:
    given = noor(case, untilOn="2019-12-31")
    await portal.refuses(case.lead, SUPPORT, "membershipStart", given, "BAD_USER_INPUT", "untilOn")


async def test_a_person_is_named_in_one_way(portal: Portal, case: Case) -> None:
    given = noor(case, about={**person(case.adam), **identity("N1")})
    await portal.refuses(case.lead, SUPPORT, "membershipStart", given, "BAD_USER_INPUT", "about")
    await portal.refuses(case.lead, SUPPORT, "membershipStart", noor(case, about={}), "BAD_USER_INPUT", "about")


async def test_the_lead_ends_it_once(portal: Portal, case: Case) -> None:
    member = await portal.does(case.lead, SUPPORT, "membershipStart", noor(case), SHOWS)
    given = {"id": member["id"], "version": 1, "untilOn": "2026-03-11"}
    ended = await portal.does(case.lead, SUPPORT, "membershipEnd", given, SHOWS)
    assert (ended["version"], ended["to"]) == (2, "2026-03-11")
    await portal.refuses(case.lead, SUPPORT, "membershipEnd", given, "CONFLICT", "version")


async def test_what_is_over_is_not_taken_up_again(portal: Portal, case: Case) -> None:
    member = await portal.does(case.lead, SUPPORT, "membershipStart", noor(case, untilOn="2025-01-01"), SHOWS)
    given = {"id": member["id"], "version": 1, "untilOn": "2026-12-31"}
    await portal.refuses(case.lead, SUPPORT, "membershipEnd", given, "BAD_USER_INPUT", "untilOn")


async def test_a_new_lead_of_another_agency_ends_what_the_old_one_began(portal: Portal, case: Case) -> None:
    world = portal.world
    member = await portal.does(case.lead, SUPPORT, "membershipStart", noor(case), SHOWS)
    await world.position(case.lead, case.nurse, case.home, [case.adam], "LEAD", confirmed_by=case.front_door)
    await world.settle()
    given = {"id": member["id"], "version": 1, "untilOn": "2026-03-11"}
    ended = await portal.does(case.nurse, SUPPORT, "membershipEnd", given, SHOWS)
    assert ended["version"] == 2


async def test_a_team_member_who_does_not_lead_may_see_but_not_end_it(portal: Portal, case: Case) -> None:
    member = await portal.does(case.lead, SUPPORT, "membershipStart", noor(case), SHOWS)
    await portal.world.position(case.lead, case.nurse, case.home, [case.adam], confirmed_by=case.front_door)
    await portal.world.settle()
    given = {"id": member["id"], "version": 1, "untilOn": "2026-03-11"}
    await portal.refuses(case.nurse, SUPPORT, "membershipEnd", given, "FORBIDDEN")
    await portal.refuses(case.colleague, SUPPORT, "membershipEnd", given, "NOT_FOUND", "id")


async def test_the_same_request_twice_is_one_membership(portal: Portal, case: Case) -> None:
    given = noor(case, idempotencyKey="once")
    first = await portal.does(case.lead, SUPPORT, "membershipStart", given, SHOWS)
    before = await portal.everything()
    assert await portal.send(case.lead, SUPPORT, "membershipStart", given, SHOWS) == {
        "userErrors": [],
        "member": first,
    }
    assert await portal.everything() == before
    other = noor(case, idempotencyKey="once", role="CARER")
    await portal.refuses(case.lead, SUPPORT, "membershipStart", other, "IDEMPOTENCY_CONFLICT", "idempotencyKey")
