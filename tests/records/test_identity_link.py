"""A steward or triage worker says that two people are one."""

import pytest

from tests.records.case import Case
from tests.records.portal import Given, Portal
from tests.world import Someone
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio
IDENTITY = Purpose.IDENTITY


async def steward(portal: Portal) -> Someone:
    office = await portal.world.agency(AgencyKind.LOCAL_AUTHORITY)
    return await portal.world.practitioner(office, Role.IDENTITY_STEWARD)


async def same(portal: Portal, case: Case, **more: object) -> Given:
    other = await portal.world.person(case.teacher, "Adam", "Kahn")
    said = {"personId": str(case.adam.person_id), "otherPersonId": str(other.person_id)}
    return {**said, "reason": "same birth date, same mother", **more}


async def test_what_was_said_of_the_other_is_said_of_the_person(portal: Portal, case: Case) -> None:
    given = await same(portal, case)
    who = await steward(portal)
    payload = await portal.send(who, IDENTITY, "identityLink", given, "person { id }")
    assert payload["userErrors"] == []
    people = await portal.world.connection.fetch("select distinct person_id from portal.identity_record where given_name = 'Adam'")
    assert [row["person_id"] for row in people] == [case.adam.person_id]
    event = await portal.world.connection.fetchrow("select * from portal.link_event order by at desc limit 1")
    assert (event["because"], event["reason"], event["practitioner_id"]) == (
        "DECIDED",
        given["reason"],
        who.id,
    )
    assert (await portal.last_entry(who))["verb"] == "identityLink"
    assert await portal.world.connection.fetchval("select verb from portal.outbox where kind = 'PERSON'") == "LINK"


async def test_a_reason_is_asked_for(portal: Portal, case: Case) -> None:
    given = await same(portal, case, reason="same")
    await portal.refuses(await steward(portal), IDENTITY, "identityLink", given, "BAD_USER_INPUT", "reason")


async def test_somebody_who_does_not_exist_is_not_found(portal: Portal, case: Case) -> None:
    given = await same(portal, case, otherPersonId="nobody")
    await portal.refuses(await steward(portal), IDENTITY, "identityLink", given, "NOT_FOUND", "otherPersonId")


async def test_who_may_find_nobody_links_nobody(portal: Portal, case: Case) -> None:
    given = await same(portal, case)
    await portal.refuses(case.lead, Purpose.SUPPORT, "identityLink", given, "NOT_FOUND", "personId")


async def test_a_steward_connected_with_one_of_them_links_nobody(portal: Portal, case: Case) -> None:
    given, who = await same(portal, case), await steward(portal)
    await portal.world.connected(who, case.adam.record_id)
    await portal.world.settle()
    await portal.refuses(who, IDENTITY, "identityLink", given, "NOT_FOUND", "personId")
