"""W6: SENSITIVE content about an adult reaches no school and no voluntary group."""

from datetime import date
from typing import Any

import pytest

from tests.access.portal import Portal
from tests.access.scene import Scene, open_scene
from tests.access.sentences_to_see import report
from tests.access.walled import leading, sees
from tests.world import SENSITIVE, Human
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.purpose import Purpose as P
from throughline.terms.record_kind import RecordKind as K
from throughline.terms.role import Role as R

pytestmark = pytest.mark.anyio


ADULTS = {
    "18 today": ({"born": date(2008, 3, 11)}, True),
    "18 tomorrow": ({"born": date(2008, 3, 12)}, False),
    "not yet born": ({"born": None, "is_unborn": True}, False),
    "of no known age": ({"born": None}, True),
}


async def lay_lead(stage: Portal, born: dict[str, Any], **decided: Any) -> tuple[Scene, Any]:
    scene = await open_scene(stage, A.SCHOOL)
    somebody = await scene.world.person(scene.maker, "Lee", "Moss", **born)
    await scene.world.lives(scene.maker, somebody, scene.home)
    await scene.world.position(scene.maker, scene.viewer, scene.home, [somebody], "LEAD", confirmed_by=scene.board.agency_id)
    values = {"sensitive": [K.SUPPORT_REPORT], "kinds": [], "confirmed_by": scene.board.agency_id, **decided}
    await scene.world.decision(scene.maker, [scene.viewer.agency_id], [somebody], **values)
    return scene, await scene.world.report(scene.maker, ([somebody], SENSITIVE))


@pytest.mark.parametrize(("born", "is_adult"), ADULTS.values(), ids=ADULTS)
async def test_w6_sensitive_content_about_an_adult_reaches_no_school(stage: Portal, born: dict[str, Any], is_adult: bool) -> None:
    scene, record = await lay_lead(stage, born)
    assert await sees(scene, R.SAFEGUARDING_LEAD, K.SUPPORT_REPORT, record) is not is_adult


async def test_w6_a_lead_sees_it_where_that_adult_agreed(stage: Portal) -> None:
    scene, record = await lay_lead(stage, {"born": date(1990, 1, 1)}, agreed=True)
    assert await sees(scene, R.SAFEGUARDING_LEAD, K.SUPPORT_REPORT, record)


DISAGREED = {
    "agreed to STANDARD records only": {"kinds": [K.SUPPORT_REPORT], "sensitive": [], "agreed": True},
    "agreed to another kind": {"sensitive": [K.INVOLVEMENT], "agreed": True},
    "agreed for another purpose": {"purpose": P.PROTECTION, "agreed": True},
    "took it back today": {"withdrawn": 0, "agreed": True},
    "refused": {"is_refusal": True, "agreed": True},
}


@pytest.mark.parametrize("said", DISAGREED.values(), ids=DISAGREED)
async def test_w6_stands_where_the_adult(stage: Portal, said: dict[str, Any]) -> None:
    """A second decision, made without that adult, covers the report all the while."""
    scene, record = await lay_lead(stage, {"born": date(1990, 1, 1)})
    adult = await scene.world.connection.fetchrow(
        "select w.person_id, w.id from portal.support_report_part_person l join portal.identity_record w "
        "on w.id = l.identity_record_id where l.report_id = $1", record,
    )  # fmt: skip
    decided = {"sensitive": [K.SUPPORT_REPORT], "kinds": [], "confirmed_by": scene.board.agency_id, **said}
    await scene.world.decision(scene.maker, [scene.viewer.agency_id], [Human(adult[0], adult[1])], **decided)
    assert not await sees(scene, R.SAFEGUARDING_LEAD, K.SUPPORT_REPORT, record)


async def test_w6_stands_where_the_decision_was_agreed_by_somebody_together_with_the_adult(stage: Portal) -> None:
    scene = await open_scene(stage, A.SCHOOL)
    both = [scene.mother, scene.child]
    await scene.world.position(scene.maker, scene.viewer, scene.home, both, "LEAD", confirmed_by=scene.board.agency_id)
    await scene.world.decision(
        scene.maker, [scene.viewer.agency_id], both, sensitive=tuple(K), agreed=True, confirmed_by=scene.board.agency_id
    )
    record = await report(SENSITIVE, whom="mother")(scene)
    assert not await sees(scene, R.SAFEGUARDING_LEAD, K.SUPPORT_REPORT, record)


@pytest.mark.parametrize(
    ("works_at", "role", "is_walled"),
    [
        (A.NURSERY, R.HEALTH_PRACTITIONER, True), (A.COLLEGE, R.FAMILY_PRACTITIONER, True), (A.VOLUNTARY, R.TEAM_MANAGER, True),
        (A.LOCAL_AUTHORITY, R.SAFEGUARDING_LEAD, True), (A.LOCAL_AUTHORITY, R.FAMILY_PRACTITIONER, False), (A.HEALTH, R.HEALTH_PRACTITIONER, False),
    ],
)  # fmt: skip
async def test_w6_goes_by_the_agency_as_well_as_by_the_role(stage: Portal, works_at: A, role: R, is_walled: bool) -> None:
    scene = await leading(stage, works_at)
    record = await report(SENSITIVE, whom="mother")(scene)
    assert await sees(scene, role, K.SUPPORT_REPORT, record) is not is_walled


async def test_w6_no_agency_makes_an_adult_a_child_by_saying_so(stage: Portal) -> None:
    scene, record = await lay_lead(stage, {"born": date(1990, 1, 1)})
    person = await scene.world.connection.fetchval(
        "select w.person_id from portal.support_report_part_person l join portal.identity_record w on w.id = l.identity_record_id "
        "where l.report_id = $1", record,
    )  # fmt: skip
    await scene.world.known_to(scene.viewer, person, born=date(2015, 1, 1))
    await scene.world.known_to(scene.viewer, person, is_unborn=True)
    assert not await sees(scene, R.SAFEGUARDING_LEAD, K.SUPPORT_REPORT, record)
