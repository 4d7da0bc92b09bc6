"""What a front-end fills its lists from."""

import pytest

from tests.records.case import Case
from tests.records.portal import Portal
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.purpose import Purpose

pytestmark = pytest.mark.anyio


async def test_agencies_by_kind_and_by_the_beginning_of_their_name(portal: Portal, case: Case) -> None:
    query = "query($kinds: [AgencyKind!], $name: String) { agencies(kinds: $kinds, name: $name) { name } }"
    schools = await portal.ask(case.lead, Purpose.SUPPORT, query, kinds=["SCHOOL"])
    assert schools == {"agencies": [{"name": "Hill Primary"}]}
    named = await portal.ask(case.lead, Purpose.SUPPORT, query, name="f")
    assert named == {"agencies": [{"name": "Family hub"}, {"name": "Front door"}]}
    assert len((await portal.ask(case.lead, Purpose.SUPPORT, query))["agencies"]) == 4


async def test_at_most_a_hundred(portal: Portal, case: Case) -> None:
    for number in range(101):
        await portal.world.agency(AgencyKind.NURSERY, f"Nursery {number:03}")
    found = await portal.ask(case.lead, Purpose.SUPPORT, "{ agencies(kinds: [NURSERY]) { name } }")
    assert [one["name"] for one in found["agencies"]] == [f"Nursery {number:03}" for number in range(100)]


async def test_a_suspended_agency_is_not_listed(portal: Portal, case: Case) -> None:
    await portal.world.connection.execute("update portal.agency set suspended_at = now() where id = $1", case.health)
    assert await portal.ask(case.lead, Purpose.SUPPORT, "{ agencies(kinds: HEALTH) { name } }") == {"agencies": []}


async def test_the_viewers_own_services(portal: Portal, case: Case) -> None:
    service = await portal.world.service(case.health)
    await portal.world.service(case.health)
    await portal.world.member(service, case.nurse.id)
    query = "{ viewer { services { id isConfidential } } }"
    assert await portal.ask(case.nurse, Purpose.SUPPORT, query) == {
        "viewer": {"services": [{"id": str(service), "isConfidential": True}]}
    }
    assert await portal.ask(case.lead, Purpose.SUPPORT, query) == {"viewer": {"services": []}}
