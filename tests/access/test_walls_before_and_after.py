"""Nobody takes down a wall by what they write behind it: walls are asked by the openings that were there and by those that an act
makes."""

import pytest

from tests.access.portal import Portal, Writing
from tests.access.scene import Scene, open_scene
from tests.access.test_two_households import two_homes
from tests.access.walled import sees
from tests.world import ORDINARY, STANDARD, Human, day
from throughline.db.columns import new_id
from throughline.db.session import Session
from throughline.records.involvement import Involvement
from throughline.records.membership import Membership
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.purpose import Purpose as P
from throughline.terms.record_kind import RecordKind as K
from throughline.terms.role import Role as R

pytestmark = pytest.mark.anyio


async def known(stage: Portal) -> tuple[Scene, Human]:
    scene = await open_scene(stage, A.LOCAL_AUTHORITY)
    return scene, Human(scene.child.person_id, await stage.world.known_to(scene.viewer, scene.child.person_id))


@pytest.mark.parametrize("is_connected", [True, False])
async def test_ending_what_connects_opens_nothing_in_the_same_act(stage: Portal, is_connected: bool) -> None:
    scene, child = await known(stage)
    if is_connected:
        await stage.world.connected(scene.viewer, scene.mother.record_id)
    await scene.settle()
    lives = await stage.world.connection.fetchval(
        "select id from portal.membership where identity_record_id = $1", scene.mother.record_id
    )
    record_id = new_id()

    async def perform(session: Session) -> None:
        await session.replace(Membership, lives, 1, until_on=day(-1))
        session.touched.add(scene.mother.record_id)
        session.add_record(
            K.INVOLVEMENT,
            Involvement,
            [child.record_id],
            id=record_id,
            identity_record_id=child.record_id,
            **ORDINARY["involvement"],
        )

    outcome = await stage.writes(scene.as_(R.FAMILY_PRACTITIONER), P.SUPPORT, Writing(record_id, perform, "involvement"))
    assert outcome == ("FORBIDDEN" if is_connected else "done")


@pytest.mark.parametrize("is_connected", [True, False])
async def test_a_wall_that_an_act_puts_up_stands_before_what_it_checked_earlier(stage: Portal, is_connected: bool) -> None:
    scene, child = await known(stage)
    if is_connected:
        await stage.world.connected(scene.viewer, scene.stranger.record_id)
    await scene.settle()
    own_stranger = await stage.world.known_to(scene.viewer, scene.stranger.person_id)
    record_id = new_id()

    async def perform(session: Session) -> None:
        session.add_record(
            K.INVOLVEMENT,
            Involvement,
            [child.record_id],
            id=record_id,
            identity_record_id=child.record_id,
            **ORDINARY["involvement"],
        )
        await session.check()
        session.add(
            Membership, agency_id=session.agency_id, practitioner_id=session.practitioner_id, version=1, sensitivity="STANDARD",
            identity_record_id=own_stranger, household_id=scene.home.household_id, family_id=scene.home.family_id, role="OTHER_ADULT",
            from_on=day(0),
        )  # fmt: skip
        session.touched.add(own_stranger)

    outcome = await stage.writes(scene.as_(R.FAMILY_PRACTITIONER), P.SUPPORT, Writing(record_id, perform, "involvement"))
    assert outcome == ("FORBIDDEN" if is_connected else "done")


@pytest.mark.parametrize("is_own_word", [True, False])
async def test_w8_stands_before_an_adult_whom_the_viewers_own_agency_alone_puts_into_the_household(
    stage: Portal, is_own_word: bool
) -> None:
    scene, father = await two_homes(stage)
    own = Human(father.person_id, await stage.world.known_to(scene.viewer.agency_id, father.person_id))
    await stage.world.lives(scene.colleague if is_own_word else scene.maker, own if is_own_word else father, scene.home)
    about_him = await stage.world.report(scene.maker, ([father], STANDARD))
    await stage.world.contact(scene.maker, father, scene.viewer.agency_id)
    assert await sees(scene, R.TRIAGE_WORKER, K.SUPPORT_REPORT, about_him, P.TRIAGE) is not is_own_word
