"""W8: one household's team sees nothing of the other household's adults, address or work."""

from datetime import date
from typing import Any

import pytest

from tests.access.portal import Portal
from tests.access.scene import Scene, open_scene
from tests.access.sentences_to_see import about, light_touch, report
from tests.access.walled import sees
from tests.world import STANDARD, Human
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.purpose import Purpose as P
from throughline.terms.record_kind import RecordKind as K
from throughline.terms.role import Role as R

pytestmark = pytest.mark.anyio


async def two_homes(stage: Portal) -> tuple[Scene, Human]:
    """The viewer leads around the mother's home; the father has the child every other week in his own."""
    scene = await open_scene(stage, A.LOCAL_AUTHORITY)
    father = await scene.world.person(scene.maker, "Dan", "Reed", date(1985, 1, 1))
    scene.other_home = await scene.world.home(scene.maker, scene.home.family_id, father, scene.child)
    await scene.world.position(scene.maker, scene.viewer, scene.home, [scene.child], "LEAD", confirmed_by=scene.board.agency_id)
    await scene.world.decision(
        scene.maker,
        [scene.viewer.agency_id],
        [scene.child, father, scene.mother],
        sensitive=tuple(K),
        confirmed_by=scene.board.agency_id,
    )
    return scene, father


async def test_w8_nothing_of_the_other_households_adults_address_or_work(stage: Portal) -> None:
    scene, father = await two_homes(stage)
    there: dict[str, Any] = {"household_id": scene.other_home.household_id}
    lives = await scene.world.connection.fetchval(
        "select id from portal.membership where identity_record_id = $1", father.record_id
    )
    for kind, record in (
        (K.MEMBERSHIP, lives),
        (K.ADDRESS, await scene.world.about("address", scene.maker, scene.child, **there)),
        (K.NEED, await scene.world.about("need", scene.maker, scene.child, **there)),
        (K.INVOLVEMENT, await scene.world.about("involvement", scene.maker, scene.child, **there)),
    ):
        assert not await sees(scene, R.FAMILY_PRACTITIONER, kind, record), kind
    assert await stage.person(scene.as_(R.FAMILY_PRACTITIONER), P.SUPPORT, father.person_id) is None


async def test_w8_what_the_viewers_own_agency_made_is_not_the_other_households(stage: Portal) -> None:
    """Else a link that nobody told the author of would take from them what they wrote. Names are the agency's own."""
    scene, father = await two_homes(stage)
    own = Human(father.person_id, await scene.world.known_to(scene.viewer.agency_id, father.person_id, given="Daniel"))
    await scene.world.assigned(scene.viewer, own.record_id)
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, await scene.world.report(scene.colleague, ([own], STANDARD)))
    person = await stage.person(scene.as_(R.FAMILY_PRACTITIONER), P.SUPPORT, father.person_id)
    assert person == {"id": str(father.person_id), "givenName": "Daniel"}
    there: dict[str, Any] = {"household_id": scene.other_home.household_id}
    by_colleague = await scene.world.report(scene.colleague, ([scene.child], STANDARD), **there)
    assert not await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, by_colleague)
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, await report(STANDARD, by="colleague")(scene))


async def test_w8_the_child_of_both_homes_stays_in_sight(stage: Portal) -> None:
    scene, _ = await two_homes(stage)
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, await report(STANDARD)(scene))
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.NEED, await about("need", at_home=True)(scene))


BOTH_TEAMS = {
    "holds a position there too": ({}, True),
    "holds one there that nobody confirmed": ({"confirmed_by": None}, False),
    "held one there until yesterday": ({"first": -30, "last": -1}, False),
    "holds one there until today": ({"first": -30, "last": 0}, True),
}


@pytest.mark.parametrize(("days", "is_open"), BOTH_TEAMS.values(), ids=BOTH_TEAMS)
async def test_w8_falls_for_a_practitioner_of_both_teams(stage: Portal, days: dict[str, Any], is_open: bool) -> None:
    scene, father = await two_homes(stage)
    held = {"confirmed_by": scene.board.agency_id, **days}
    await scene.world.position(scene.maker, scene.viewer, scene.other_home, [father], **held)
    record = await scene.world.about("need", scene.maker, scene.child, household_id=scene.other_home.household_id)
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.NEED, record) is is_open
    lives = await scene.world.connection.fetchval(
        "select id from portal.membership where identity_record_id = $1", father.record_id
    )
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.MEMBERSHIP, lives) is is_open


FATHERS = {
    "he is 18 today": ({"born": date(2008, 3, 11)}, True),
    "he is 18 tomorrow": ({"born": date(2008, 3, 12)}, False),
    "he moved out yesterday": ({"last": -1}, False),
    "he moves out today": ({"last": 0}, True),
    "he lives in both": ({"also": True}, False),
}


@pytest.mark.parametrize(("how", "is_walled"), FATHERS.values(), ids=FATHERS)
async def test_w8_stands_before_adults_who_live_only_there(stage: Portal, how: dict[str, Any], is_walled: bool) -> None:
    scene, _ = await two_homes(stage)
    brother = await scene.world.person(scene.maker, "Al", "Reed", how.get("born", date(1980, 1, 1)))
    await scene.world.lives(scene.maker, brother, scene.other_home, -100, how.get("last"))
    if how.get("also"):
        await scene.world.lives(scene.maker, brother, scene.home)
    await scene.world.contact(scene.maker, brother, scene.viewer.agency_id)
    record = await scene.world.report(scene.maker, ([brother], STANDARD))
    assert await sees(scene, R.TRIAGE_WORKER, K.SUPPORT_REPORT, record, P.TRIAGE) is not is_walled


async def test_w8_a_position_around_nobody_but_the_protected_is_none_there_too(stage: Portal) -> None:
    """Whoever lives in both homes by the word of an agency with such a position stays in sight: else it would tell of the position."""
    scene, _ = await two_homes(stage)
    brother = await scene.world.person(scene.maker, "Al", "Reed", date(1980, 1, 1))
    for home in (scene.home, scene.other_home):
        await scene.world.lives(scene.maker, brother, home)
    await scene.world.contact(scene.maker, brother, scene.viewer.agency_id)
    record = await scene.world.report(scene.maker, ([brother], STANDARD))
    await scene.world.protected(scene.board, scene.stranger)
    for named, is_open in ((scene.stranger, True), (scene.child, False)):
        await scene.world.position(scene.board, scene.maker, scene.home, [named], confirmed_by=scene.viewer.agency_id)
        assert await sees(scene, R.TRIAGE_WORKER, K.SUPPORT_REPORT, record, P.TRIAGE) is is_open


async def test_w8_a_lead_of_one_household_sees_light_touch_reports_about_the_family(stage: Portal) -> None:
    scene, _ = await two_homes(stage)
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.LIGHT_TOUCH_REPORT, await light_touch()(scene))


async def test_w8_where_both_households_are_held_no_adult_of_either_is_another_households(stage: Portal) -> None:
    """It once stood before an adult who lives there by the viewer's own agency's word alone, though no household was another's."""
    scene, _ = await two_homes(stage)
    brother = await scene.world.person(scene.maker, "Al", "Reed", date(1980, 1, 1))
    await scene.world.lives(scene.colleague, brother, scene.other_home)
    await scene.world.contact(scene.maker, brother, scene.viewer.agency_id)
    record = await scene.world.report(scene.maker, ([brother], STANDARD))
    assert not await sees(scene, R.TRIAGE_WORKER, K.SUPPORT_REPORT, record, P.TRIAGE)
    named = [scene.child]
    await scene.world.position(scene.maker, scene.viewer, scene.other_home, named, confirmed_by=scene.board.agency_id)
    assert await sees(scene, R.TRIAGE_WORKER, K.SUPPORT_REPORT, record, P.TRIAGE)
