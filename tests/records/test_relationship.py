"""How two people are related, as the household's lead knows it."""

import pytest

from tests.records.case import Case, identity, person
from tests.records.portal import Given, Portal
from throughline.terms.purpose import Purpose

pytestmark = pytest.mark.anyio
SUPPORT = Purpose.SUPPORT
SHOWS = "relationship { id version kind howKnown person { givenName } other { givenName } untilOn }"


def mother(case: Case, **more: object) -> Given:
    said = {"person": person(case.sara), "other": person(case.adam), "kind": "PARENT_OF"}
    return {"householdId": str(case.home.household_id), **said, "howKnown": "birth certificate", **more}


async def test_the_lead_says_how_two_people_are_related(portal: Portal, case: Case) -> None:
    made = await portal.does(case.lead, SUPPORT, "relationshipRecord", mother(case), SHOWS)
    assert (made["person"], made["other"]) == ({"givenName": "Sara"}, {"givenName": "Adam"})
    assert made["howKnown"] == "birth certificate"


async def test_the_household_does_not_exist_for_a_colleague_who_knows_who_lives_there(portal: Portal, case: Case) -> None:
    said = {"person": identity("S9", "Sara"), "other": identity("A9", "Adam")}
    given = {**mother(case), **said}
    await portal.refuses(case.colleague, SUPPORT, "relationshipRecord", given, "NOT_FOUND", "householdId")
    await portal.world.change("identity_record", case.sara.record_id, own_id="S9")
    await portal.refuses(case.colleague, SUPPORT, "relationshipRecord", given, "NOT_FOUND", "householdId")


async def test_nobody_is_related_to_themselves(portal: Portal, case: Case) -> None:
    given = mother(case, other=person(case.sara))
    await portal.refuses(case.lead, SUPPORT, "relationshipRecord", given, "BAD_USER_INPUT", "other")


async def test_it_ends_once(portal: Portal, case: Case) -> None:
    made = await portal.does(case.lead, SUPPORT, "relationshipRecord", mother(case, kind="CARER_OF"), SHOWS)
    given = {"id": made["id"], "version": 1, "untilOn": "2026-03-01"}
    assert (await portal.does(case.lead, SUPPORT, "relationshipEnd", given, SHOWS))["untilOn"] == "2026-03-01"
    await portal.refuses(case.lead, SUPPORT, "relationshipEnd", given, "CONFLICT", "version")
    given = {"id": made["id"], "version": 2, "untilOn": "2026-03-01"}
    await portal.refuses(case.colleague, SUPPORT, "relationshipEnd", given, "NOT_FOUND", "id")
