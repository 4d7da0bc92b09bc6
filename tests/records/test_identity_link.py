"""A steward or triage worker says that two people are one."""

from datetime import date

import pytest

from tests.records.case import Case
from tests.records.portal import Given, Portal
from tests.world import Someone, day
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
    await portal.refuses(case.lead, Purpose.SUPPORT, "identityLink", given, "FORBIDDEN")
    await portal.refuses(case.lead, Purpose.SUPPORT, "identityLink", {**given, "personId": str(case.hub)}, "FORBIDDEN")


async def test_triage_does_not_open_somebody_to_itself(portal: Portal, case: Case) -> None:
    """Linked to somebody about whom a contact waits, the other's story would lie open to the same worker."""
    given = await same(portal, case)
    contact = await portal.world.contact(case.teacher, case.adam, case.front_door)
    await portal.world.settle()
    for one in (given, given | {"personId": given["otherPersonId"], "otherPersonId": given["personId"]}):
        await portal.refuses(case.triage, Purpose.TRIAGE, "identityLink", one, "FORBIDDEN")
    await portal.world.change("contact", contact, decided_on=day(-1))
    await portal.world.settle()
    await portal.does(case.triage, Purpose.TRIAGE, "identityLink", given, "person { id }", told="LINK")


async def test_nobody_is_made_one_against_their_numbers(portal: Portal, case: Case) -> None:
    given = await same(portal, case)
    other = await portal.world.connection.fetchval(
        "select id from portal.identity_record where person_id = $1::text::uuid", given["otherPersonId"]
    )
    await portal.world.number(case.adam.record_id, "NHS_NUMBER", "9990000018")
    theirs = await portal.world.number(other, "NHS_NUMBER", "9990000026")
    await portal.refuses(await steward(portal), IDENTITY, "identityLink", given, "BAD_USER_INPUT", "otherPersonId")
    await portal.world.change("identity_number", theirs, value="9990000018")
    await portal.does(await steward(portal), IDENTITY, "identityLink", given, "person { id }", told="LINK")


async def test_nobody_is_made_one_against_their_names_and_birth_dates(portal: Portal, case: Case) -> None:
    given = await same(portal, case)
    other = await portal.world.person(case.teacher, "Victor", "Kahn", date(2014, 4, 4))
    one = {**given, "otherPersonId": str(other.person_id)}
    await portal.refuses(await steward(portal), IDENTITY, "identityLink", one, "BAD_USER_INPUT", "otherPersonId")
    await portal.world.change("identity_record", other.record_id, given_name="Adam")
    await portal.does(await steward(portal), IDENTITY, "identityLink", one, "person { id }", told="LINK")


async def test_a_steward_connected_with_one_of_them_links_nobody(portal: Portal, case: Case) -> None:
    given, who = await same(portal, case), await steward(portal)
    await portal.world.connected(who, case.adam.record_id)
    await portal.world.settle()
    await portal.refuses(who, IDENTITY, "identityLink", given, "NOT_FOUND", "personId")
