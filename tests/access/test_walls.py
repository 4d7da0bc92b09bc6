"""The walls W1 and W5: whatever a sentence allows, what stands behind one does not exist."""

import pytest

from tests.access.given import TEAM, covered
from tests.access.portal import Portal
from tests.access.scene import open_scene
from tests.access.sentences_to_see import report
from tests.access.walled import leading, sees
from tests.world import STANDARD, Human, day
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.purpose import Purpose as P
from throughline.terms.record_kind import RecordKind as K
from throughline.terms.role import Role as R

pytestmark = pytest.mark.anyio


CONNECTED = {
    "with the child": ("child", {}, True),
    "with the mother, who lives with the child": ("mother", {}, True),
    "until today": ("child", {"ended": 0}, True),
    "until yesterday": ("child", {"ended": -1}, False),
    "with a stranger": ("stranger", {}, False),
}


@pytest.mark.parametrize(("whom", "days", "is_walled"), CONNECTED.values(), ids=CONNECTED)
async def test_w1_nobody_sees_anything_about_their_own(stage: Portal, whom: str, days: dict[str, int], is_walled: bool) -> None:
    scene = await leading(stage)
    record = await report(STANDARD)(scene)
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, record)
    await scene.world.connected(scene.viewer, getattr(scene, whom).record_id, **days)
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, record) is not is_walled
    person = await stage.person(scene.as_(R.FAMILY_PRACTITIONER), P.SUPPORT, scene.child.person_id)
    assert (person is None) is is_walled


async def test_w1_a_connection_of_a_colleague_walls_nobody_else(stage: Portal) -> None:
    scene = await leading(stage)
    record = await report(STANDARD)(scene)
    await scene.world.connected(scene.colleague, scene.child.record_id)
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, record)


async def test_w1_stands_before_a_household_that_was_left_only_while_it_was_shared(stage: Portal) -> None:
    scene = await leading(stage)
    aunt = await scene.world.person(scene.maker, "Ada")
    moved = await scene.world.lives(scene.maker, aunt, scene.home, -100, 0)
    record = await report(STANDARD)(scene)
    await scene.world.connected(scene.viewer, aunt.record_id)
    assert not await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, record)
    await scene.world.change("membership", moved, until_on=day(-1))
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, record)


async def test_w1_stands_by_whichever_record_of_the_person_it_was_declared(stage: Portal) -> None:
    scene = await leading(stage)
    record = await report(STANDARD)(scene)
    elsewhere = await scene.world.known_to(scene.elsewhere, scene.child.person_id)
    await scene.world.connected(scene.viewer, elsewhere)
    assert not await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, record)


async def test_w1_hides_even_what_one_wrote_oneself_and_whom_one_may_find(stage: Portal) -> None:
    scene = await open_scene(stage, A.LOCAL_AUTHORITY)
    own = await report(STANDARD, by="viewer")(scene)
    position = await scene.world.position(scene.maker, scene.viewer, scene.home, [scene.child], confirmed_by=scene.board.agency_id)
    await scene.world.connected(scene.viewer, scene.child.record_id)
    assert not await sees(scene, R.SCHOOL_STAFF, K.SUPPORT_REPORT, own)
    assert not await sees(scene, R.FAMILY_PRACTITIONER, K.TEAM_POSITION, position)


async def test_w1_a_record_about_somebody_else_as_well_is_hidden_too(stage: Portal) -> None:
    scene = await leading(stage)
    both = await scene.world.report(scene.maker, ([scene.child, scene.stranger], STANDARD))
    await scene.world.position(scene.maker, scene.viewer, scene.other_home, [scene.stranger], confirmed_by=scene.board.agency_id)
    await scene.world.decision(scene.maker, [scene.viewer.agency_id], [scene.stranger], confirmed_by=scene.board.agency_id)
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, both)
    await scene.world.connected(scene.viewer, scene.stranger.record_id)
    assert not await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, both)


# W5: a part is open only for whoever may see it for everybody in it


async def test_w5_a_part_about_two_people_is_not_shown_to_whom_only_one_is_open(stage: Portal) -> None:
    scene = await open_scene(stage, A.LOCAL_AUTHORITY)
    for given in (TEAM, covered(K.SUPPORT_REPORT)):
        await given.arrange(scene, given.ways[0])
    together = await scene.world.report(scene.maker, ([scene.child, scene.mother], STANDARD))
    assert not await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, together)
    apart = await scene.world.report(scene.maker, ([scene.child], STANDARD), ([scene.mother], STANDARD))
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, apart)


async def test_w5_two_records_of_one_person_in_one_part_are_one_person(stage: Portal) -> None:
    scene = await open_scene(stage, A.LOCAL_AUTHORITY)
    for given in (TEAM, covered(K.SUPPORT_REPORT)):
        await given.arrange(scene, given.ways[0])
    again = Human(scene.child.person_id, await scene.world.known_to(scene.maker, scene.child.person_id))
    both = await scene.world.report(scene.maker, ([scene.child, again], STANDARD))
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, both)
    with_mother = await scene.world.report(scene.maker, ([scene.child, again, scene.mother], STANDARD))
    assert not await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, with_mother)


async def test_w5_somebody_in_the_part_whom_nobody_may_know_of_closes_it(stage: Portal) -> None:
    """An identity record of a confidential service, named by mistake in an ordinary part."""
    scene = await leading(stage)
    service = await scene.world.service(scene.maker.agency_id)
    keeper = type(scene.maker)(scene.maker.id, scene.maker.agency_id, scene.maker.role, scene.maker.client_id, service)
    hidden = await scene.world.person(keeper, "Zed")
    mixed = await scene.world.report(scene.maker, ([scene.child, hidden], STANDARD))
    assert not await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, mixed)


async def test_w5_a_relationship_shows_only_where_both_are_open(stage: Portal) -> None:
    scene = await open_scene(stage, A.LOCAL_AUTHORITY)
    await scene.world.position(scene.maker, scene.viewer, scene.home, [scene.child], confirmed_by=scene.board.agency_id)
    tie = await scene.world.related(scene.maker, scene.mother, scene.child)
    assert not await sees(scene, R.FAMILY_PRACTITIONER, K.RELATIONSHIP, tie)
    await scene.world.position(scene.maker, scene.viewer, scene.home, [scene.mother], confirmed_by=scene.board.agency_id)
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.RELATIONSHIP, tie)


async def test_w1_and_w8_stand_before_what_is_opened_in_an_emergency(stage: Portal) -> None:
    scene = await open_scene(stage, A.LOCAL_AUTHORITY)
    record = await scene.world.report(scene.maker, ([scene.child], STANDARD), household_id=scene.home.household_id)
    await scene.world.emergency(scene.viewer, scene.child)
    for role in (R.SOCIAL_WORKER, R.HEALTH_PRACTITIONER):
        assert await sees(scene, role, K.SUPPORT_REPORT, record, P.PROTECTION)
    other = await scene.world.home(scene.maker, scene.home.family_id)
    held = await scene.world.position(scene.maker, scene.viewer, other, [scene.mother], confirmed_by=scene.board.agency_id)
    assert not await sees(scene, R.SOCIAL_WORKER, K.SUPPORT_REPORT, record, P.PROTECTION)
    await scene.world.change("team_position", held, until_on=day(-1))
    assert await sees(scene, R.SOCIAL_WORKER, K.SUPPORT_REPORT, record, P.PROTECTION)
    await scene.world.connected(scene.viewer, scene.mother.record_id)
    assert not await sees(scene, R.SOCIAL_WORKER, K.SUPPORT_REPORT, record, P.PROTECTION)
    assert await stage.person(scene.as_(R.SOCIAL_WORKER), P.PROTECTION, scene.child.person_id) is None
