"""A tool signs in as itself: it may what its agency and role may, holds no case, leads nothing and belongs to no service."""

from typing import Any

import pytest

from tests.access.portal import Portal
from tests.access.scene import open_scene
from tests.access.sentences_to_see import another_services_report, report
from tests.access.surface import Surface
from tests.access.test_submitting import submitted
from tests.world import SENSITIVE, STANDARD, Someone, World
from throughline.access.gate import NotInForce
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.purpose import Purpose as P
from throughline.terms.record_kind import RecordKind as K
from throughline.terms.role import Role as R

pytestmark = pytest.mark.anyio


async def test_a_schools_tool_sees_what_is_open_to_the_school(stage: Portal) -> None:
    scene = await open_scene(stage, A.SCHOOL)
    tool = await scene.world.tool(scene.viewer.agency_id, R.SAFEGUARDING_LEAD)
    standard, sensitive = await report(STANDARD)(scene), await report(SENSITIVE)(scene)
    await scene.world.enrolled(scene.maker, scene.child, tool.agency_id, confirmed_by=scene.board.agency_id)
    await scene.world.decision(scene.maker, [tool.agency_id], [scene.child], confirmed_by=scene.board.agency_id)
    await scene.settle()
    assert await stage.sees(tool, P.SUPPORT, K.SUPPORT_REPORT, standard)
    assert not await stage.sees(tool, P.SUPPORT, K.SUPPORT_REPORT, sensitive)
    assert not await stage.sees(tool, P.PROTECTION, K.SUPPORT_REPORT, standard)


async def test_a_tool_is_in_no_service_and_wrote_nothing(stage: Portal) -> None:
    scene = await open_scene(stage, A.HEALTH)
    tool = await scene.world.tool(scene.viewer.agency_id, R.VOLUNTARY_WORKER)
    hidden = await another_services_report(scene)
    by_nobody = await scene.world.report(scene.viewer.agency_id, ([scene.child], STANDARD))
    await scene.settle()
    assert not await stage.sees(tool, P.SUPPORT, K.SUPPORT_REPORT, hidden)
    assert not await stage.sees(tool, P.SUPPORT, K.SUPPORT_REPORT, by_nobody)


async def test_a_tool_in_a_role_that_it_was_not_given_is_not_in_force(stage: Portal) -> None:
    scene = await open_scene(stage, A.SCHOOL)
    tool = await scene.world.tool(scene.viewer.agency_id, R.SAFEGUARDING_LEAD)
    other = Someone(tool.id, tool.agency_id, R.TRIAGE_WORKER, tool.client_id, is_tool=True)
    with pytest.raises(NotInForce):
        await stage.person(other, P.TRIAGE, scene.child.person_id)
    as_practitioner = Someone(tool.id, tool.agency_id, tool.role, tool.client_id)
    with pytest.raises(NotInForce):
        await stage.person(as_practitioner, P.SUPPORT, scene.child.person_id)


async def test_a_tool_reports_and_is_shown_nothing_on_that_account(world: World, surface: Surface) -> None:
    tool = await world.tool(await world.agency(A.HEALTH), R.HEALTH_PRACTITIONER)
    said: Any = await submitted(surface, tool, ownId="1", givenName="Sam", dateOfBirth="2012-04-05")
    assert said == {"userErrors": [], "supportReport": None}
    assert await world.connection.fetchval("select count(*) from portal.support_report") == 1
    assert await world.connection.fetchval("select count(*) from portal.assignment") == 0
