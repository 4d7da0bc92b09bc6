"""The two walls agree: what a sentence lets somebody change, the database lets them change; and where it does not, an act is
refused like any other, with a row in the trail."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from tests.access.portal import Portal, Writing
from tests.access.scene import Scene, open_scene
from tests.access.sentences_to_see import enrolment, membership, position, responsibility
from tests.world import day
from throughline.db.session import Session
from throughline.records import enrolment as enrolments
from throughline.records import membership as memberships
from throughline.records import relationship as relationships
from throughline.records import team_position as positions
from throughline.records.enrolment import Enrolment
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.purpose import Purpose as P
from throughline.terms.record_kind import RecordKind as K
from throughline.terms.role import Role as R

pytestmark = pytest.mark.anyio

Ending = Callable[[Session, UUID, int, Any], Awaitable[None]]
MOVERS = (R.TRANSITION_COORDINATOR, R.INCLUSION_LEAD, R.SAFEGUARDING_LEAD)


def ends(act: Ending, record_id: UUID) -> Writing:
    return Writing(record_id, lambda session: act(session, record_id, 1, day(0)))


async def an_enrolment(scene: Scene, by: Any, school_id: UUID, confirmed_by: UUID | None) -> UUID:
    made = await scene.world.enrolled(by, scene.child, school_id, confirmed_by=confirmed_by)
    await scene.settle()
    return made


@pytest.mark.parametrize("role", MOVERS)
async def test_the_maker_the_confirmer_and_the_school_end_an_enrolment(stage: Portal, role: R) -> None:
    scene = await open_scene(stage, A.LOCAL_AUTHORITY)
    own, board = scene.viewer.agency_id, scene.board.agency_id
    school = await stage.world.agency(A.SCHOOL, area="Marlbeck")
    own_record = await stage.world.known_to(scene.viewer, scene.child.person_id)
    child = scene.child
    scene.child = type(child)(child.person_id, own_record)
    made = await an_enrolment(scene, scene.viewer, school, board)
    scene.child = child
    confirmed = await an_enrolment(scene, scene.maker, school, own)
    others = await an_enrolment(scene, scene.maker, school, board)
    for record_id, outcome in ((made, "done"), (confirmed, "done"), (others, "FORBIDDEN")):
        assert await stage.writes(scene.as_(role), P.TRANSITION, ends(enrolments.end, record_id)) == outcome
    there = await open_scene(stage, A.SCHOOL)
    at_school = await enrolment("viewer")(there)
    assert await stage.writes(there.as_(role), P.TRANSITION, ends(enrolments.end, at_school)) == "done"


@pytest.mark.parametrize("role", MOVERS)
async def test_a_proposal_elsewhere_for_a_child_on_roll_is_seen_and_not_ended(stage: Portal, role: R) -> None:
    scene = await open_scene(stage, A.SCHOOL)
    await an_enrolment(scene, scene.maker, scene.viewer.agency_id, scene.board.agency_id)
    proposed = await an_enrolment(scene, scene.maker, scene.elsewhere.agency_id, None)
    assert await stage.sees(scene.as_(role), P.TRANSITION, K.ENROLMENT, proposed)
    assert await stage.writes(scene.as_(role), P.TRANSITION, ends(enrolments.end, proposed)) == "FORBIDDEN"


@pytest.mark.parametrize(
    ("act", "record"),
    [(memberships.end, membership), (relationships.end, responsibility), (positions.end, position())],
    ids=["membership", "relationship", "team position"],
)
async def test_a_lead_ends_what_another_agency_recorded_of_the_household(stage: Portal, act: Ending, record: Any) -> None:
    scene = await open_scene(stage, A.HEALTH)
    await stage.world.position(
        scene.maker, scene.viewer, scene.home, [scene.child, scene.mother], "LEAD", confirmed_by=scene.board.agency_id
    )
    record_id = await record(scene)
    await scene.settle()
    assert await stage.writes(scene.as_(R.HEALTH_PRACTITIONER), P.SUPPORT, ends(act, record_id)) == "done"


async def test_what_the_second_wall_alone_refuses_is_a_refusal_in_the_trail(stage: Portal) -> None:
    """Whatever sentence may be too wide one day: FORBIDDEN, not a fault (`writes` looks at the trail)."""
    scene = await open_scene(stage, A.SCHOOL)
    others = await an_enrolment(scene, scene.maker, scene.elsewhere.agency_id, None)

    async def perform(session: Session) -> None:
        await session.replace(Enrolment, others, 1, until_on=day(0))

    assert await stage.writes(scene.as_(R.INCLUSION_LEAD), P.TRANSITION, Writing(others, perform)) == "FORBIDDEN"
    assert await stage.world.connection.fetchval("select version from portal.enrolment where id = $1", others) == 1
