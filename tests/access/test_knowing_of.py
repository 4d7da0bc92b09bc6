"""Sentence 61: who may know that STANDARD reports and needs exist which they may not see. Nobody else, nothing else."""

from typing import Any

import pytest

from tests.access.given import CASE, CONTACT, ON_ROLL, TEAM, Given
from tests.access.portal import Portal
from tests.access.scene import Scene, open_scene
from tests.access.sentences_to_see import about, another_services_report, report
from tests.world import NOW, SENSITIVE, STANDARD
from throughline.reading.tree import Field
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.purpose import Purpose as P
from throughline.terms.role import Role as R

pytestmark = pytest.mark.anyio

_SECTION = (Field("kind", "kind"), Field("state", "state"))
_SECTIONS = Field("sections", "sections", children={"PictureSection": _SECTION})
SECTIONS = Field("person", "person", {"id": lambda v: v["id"]}, {"Person": (Field("id", "id"), _SECTIONS)})
KNOWERS: dict[str, tuple[R, P, Given, A]] = {
    "a safeguarding lead for a child on roll": (R.SAFEGUARDING_LEAD, P.SUPPORT, ON_ROLL, A.SCHOOL),
    "a team member": (R.FAMILY_PRACTITIONER, P.SUPPORT, TEAM, A.LOCAL_AUTHORITY),
    "a triage worker with the contact": (R.TRIAGE_WORKER, P.TRIAGE, CONTACT, A.LOCAL_AUTHORITY),
    "a social worker with the case": (R.SOCIAL_WORKER, P.SUPPORT, CASE, A.LOCAL_AUTHORITY),
}
EVERYBODY = pytest.mark.parametrize(("role", "purpose", "given", "works_at"), KNOWERS.values(), ids=KNOWERS)


async def states(scene: Scene, role: R, purpose: P) -> dict[str, str] | None:
    await scene.settle()
    answer: Any = await scene.portal.ask(scene.as_(role), purpose, SECTIONS, id=scene.child.person_id)
    return answer and {one["kind"]: one["state"] for one in answer["sections"]}


async def known(scene: Scene, role: R, purpose: P) -> set[str]:
    """Kinds of which the viewer is told that something is withheld."""
    return {kind for kind, state in (await states(scene, role, purpose) or {}).items() if state == "WITHHELD"}


@EVERYBODY
async def test_knows_that_standard_reports_and_needs_exist(stage: Portal, role: R, purpose: P, given: Given, works_at: A) -> None:
    scene = await open_scene(stage, works_at)
    await given.arrange(scene, "from today")
    assert await known(scene, role, purpose) == set()
    await report(STANDARD)(scene)
    await about("need")(scene)
    if role is R.TRIAGE_WORKER:  # who sees the reports themselves, by 27
        assert (await states(scene, role, purpose) or {})["SUPPORT_REPORT"] == "VISIBLE"
        assert await known(scene, role, purpose) == {"NEED"}
    else:
        assert await known(scene, role, purpose) == {"SUPPORT_REPORT", "NEED"}


@EVERYBODY
async def test_knows_of_nothing_else(stage: Portal, role: R, purpose: P, given: Given, works_at: A) -> None:
    scene = await open_scene(stage, works_at)
    await given.arrange(scene, "from today")
    await report(SENSITIVE)(scene)
    await about("need", SENSITIVE)(scene)
    await about("legal_status")(scene)
    await another_services_report(scene)
    await scene.world.report(scene.maker, ([scene.child, scene.mother], STANDARD))
    await report(STANDARD, whom="mother")(scene)
    for table, make in (("need", about("need")), ("support_report", report(STANDARD))):
        await scene.world.change(table, await make(scene), withdrawn_at=NOW)
    assert await known(scene, role, purpose) == set()


@EVERYBODY
async def test_nobody_beside_them_knows(stage: Portal, role: R, purpose: P, given: Given, works_at: A) -> None:
    for fail in given.fails:
        if fail in ("only the lead", "only a member"):
            continue  # who is on the team, as well
        scene = await open_scene(stage, works_at)
        await given.arrange(scene, fail)
        await report(STANDARD)(scene)
        await about("need")(scene)
        await scene.world.known_to(scene.viewer.agency_id, scene.child.person_id)
        await about("involvement", by="viewer")(scene)
        assert await known(scene, role, purpose) == set(), fail
        if role in (R.FAMILY_PRACTITIONER, R.SAFEGUARDING_LEAD):
            assert await states(scene, role, purpose), "they see the child all the same, by what they wrote themselves"


async def test_school_staff_and_volunteers_on_the_team_know_of_no_reports(stage: Portal) -> None:
    """What they must never see they are not told of."""
    scene = await open_scene(stage, A.LOCAL_AUTHORITY)
    await TEAM.arrange(scene, "from today")
    await report(STANDARD)(scene)
    await about("need")(scene)
    assert await known(scene, R.SCHOOL_STAFF, P.SUPPORT) == set()
    assert await known(scene, R.VOLUNTARY_WORKER, P.SUPPORT) == {"NEED"}


async def test_a_connection_hides_that_anything_is_withheld(stage: Portal) -> None:
    scene = await open_scene(stage, A.LOCAL_AUTHORITY)
    await TEAM.arrange(scene, "from today")
    await report(STANDARD)(scene)
    await scene.world.connected(scene.viewer, scene.mother.record_id)
    assert await states(scene, R.FAMILY_PRACTITIONER, P.SUPPORT) is None
