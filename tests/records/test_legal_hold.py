"""A privacy officer keeps what is held about somebody, and says when that is no longer needed."""

from uuid import UUID

import pytest

from tests.records.case import Case
from tests.records.portal import Portal
from tests.world import Someone
from throughline.db.columns import new_id
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio
ASSURANCE = Purpose.ASSURANCE
SHOWS = "legalHold { id version kinds reason fromOn untilOn liftedBecause about { id } seenBecause { number } }"
NODE = "query($id: ID!) { node(id: $id) { id ... on LegalHold { reason } } }"


async def officer(portal: Portal, agency_id: UUID) -> Someone:
    return await portal.world.practitioner(agency_id, Role.PRIVACY_OFFICER)


async def local_id(portal: Portal, case: Case) -> str:
    found: str = await portal.world.connection.fetchval(
        "select own_id from portal.identity_record where id = $1", case.adam.record_id
    )
    return found


async def test_a_privacy_officer_places_and_lifts_it_and_nobody_else_knows_of_it(portal: Portal, case: Case) -> None:
    keeper, outsider = await officer(portal, case.hub), await officer(portal, case.health)
    given = {"localId": await local_id(portal, case), "reason": "The inquiry", "kinds": ["SUPPORT_REPORT", "NEED", "NEED"]}
    made = await portal.does(keeper, ASSURANCE, "legalHoldPlace", given, SHOWS)
    assert (made["kinds"], made["untilOn"], made["seenBecause"]) == (["SUPPORT_REPORT", "NEED"], None, [{"number": 85}])
    assert made["about"] == [{"id": str(case.adam.person_id)}]
    for somebody, purpose in ((outsider, ASSURANCE), (case.lead, Purpose.SUPPORT), (case.manager, Purpose.SUPPORT)):
        assert await portal.ask(somebody, purpose, NODE, id=made["id"]) == {"node": None}
    this = {"id": made["id"], "version": 1, "reason": "It has reported"}
    await portal.refuses(outsider, ASSURANCE, "legalHoldLift", this, "NOT_FOUND", "id")
    await portal.refuses(keeper, ASSURANCE, "legalHoldLift", {**this, "version": 2}, "CONFLICT", "version")
    await portal.refuses(keeper, ASSURANCE, "legalHoldLift", {**this, "reason": " "}, "BAD_USER_INPUT", "reason")
    lifted = await portal.does(keeper, ASSURANCE, "legalHoldLift", this, SHOWS)
    assert (lifted["untilOn"], lifted["liftedBecause"], lifted["version"]) == ("2026-03-11", "It has reported", 2)
    await portal.refuses(keeper, ASSURANCE, "legalHoldLift", {**this, "version": 2}, "BAD_USER_INPUT", "id")


async def test_whom_the_agency_does_not_know_so_and_whom_a_wall_hides_are_answered_alike(portal: Portal, case: Case) -> None:
    keeper, outsider = await officer(portal, case.hub), await officer(portal, case.health)
    given = {"localId": await local_id(portal, case), "reason": "The inquiry"}
    await portal.refuses(outsider, ASSURANCE, "legalHoldPlace", given, "NOT_FOUND", "localId")
    await portal.refuses(keeper, ASSURANCE, "legalHoldPlace", {**given, "localId": str(new_id())}, "NOT_FOUND", "localId")
    await portal.world.connected(keeper, case.adam.record_id)
    await portal.world.settle()
    await portal.refuses(keeper, ASSURANCE, "legalHoldPlace", given, "NOT_FOUND", "localId")
    await portal.refuses(case.lead, Purpose.SUPPORT, "legalHoldPlace", given, "FORBIDDEN")
