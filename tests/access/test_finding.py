"""Sentences 1 and 2: whose thin person shows, and who may be found by search."""

from typing import Any

import orjson
import pytest

from tests.access.portal import Portal
from tests.access.scene import Scene, open_scene
from tests.access.surface import SEARCH, Surface
from tests.conftest import Database
from tests.world import STANDARD, World, day
from throughline.access.rules import allowed_purposes
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.purpose import Purpose as P
from throughline.terms.role import Role as R

pytestmark = pytest.mark.anyio

FINDERS = {(r, p) for r in (R.TRIAGE_WORKER, R.SOCIAL_WORKER, R.IDENTITY_STEWARD) for p in (P.TRIAGE, P.PROTECTION, P.IDENTITY)}


@pytest.fixture
async def scene(portal: Portal) -> Scene:
    return await open_scene(portal, A.LOCAL_AUTHORITY)


async def found(surface: Surface, scene: Scene, role: R, purpose: P, name: str, **more: Any) -> set[str] | None:
    """Given names of whoever was found; None where the search was refused."""
    given = {"name": name, "reason": "CONCERN", **more}
    said = orjson.loads(await surface.raw(scene.as_(role), purpose, SEARCH, input=given))
    if "errors" in said:
        assert said["errors"][0]["extensions"]["code"] in ("FORBIDDEN", "UNAUTHENTICATED", "BAD_USER_INPUT")
        return None
    answer = said["data"]["personSearch"]
    assert answer["totalCount"] == len(answer["edges"])
    return {edge["node"]["givenName"] for edge in answer["edges"]}


async def test_2_only_triage_social_workers_and_stewards_find_anybody(surface: Surface, scene: Scene) -> None:
    await scene.settle()
    for role in R:
        for purpose in allowed_purposes(role):
            expected = {"Tom"} if (role, purpose) in FINDERS else set()
            assert (await found(surface, scene, role, purpose, "Tom Reed") or set()) == expected, (role, purpose)


async def test_2_asks_for_a_reason(surface: Surface, scene: Scene) -> None:
    await scene.settle()
    assert await found(surface, scene, R.TRIAGE_WORKER, P.TRIAGE, "Tom Reed", reason=None) is None


async def test_2_finds_a_thin_person_and_opens_nothing(surface: Surface, portal: Portal, scene: Scene) -> None:
    await scene.world.report(scene.maker, ([scene.stranger], STANDARD))
    await scene.settle()
    assert await found(surface, scene, R.SOCIAL_WORKER, P.PROTECTION, "Tom Reed") == {"Tom"}
    assert await portal.person(scene.as_(R.SOCIAL_WORKER), P.PROTECTION, scene.stranger.person_id) is None


async def test_2_finds_nobody_with_whom_the_finder_is_connected(surface: Surface, scene: Scene) -> None:
    await scene.world.connected(scene.viewer, scene.stranger.record_id)
    await scene.settle()
    assert await found(surface, scene, R.TRIAGE_WORKER, P.TRIAGE, "Tom Reed") == set()
    assert await found(surface, scene, R.IDENTITY_STEWARD, P.IDENTITY, "Tom Reed") == set()


async def test_2_finds_no_adult_of_the_other_household(surface: Surface, scene: Scene) -> None:
    father = await scene.world.person(scene.maker, "Dan", "Moss", None)
    await scene.world.home(scene.maker, scene.home.family_id, father)
    await scene.settle()
    assert await found(surface, scene, R.SOCIAL_WORKER, P.PROTECTION, "Dan Moss") == {"Dan"}
    await scene.world.position(scene.maker, scene.viewer, scene.home, [scene.child], confirmed_by=scene.board.agency_id)
    await scene.settle()
    assert await found(surface, scene, R.SOCIAL_WORKER, P.PROTECTION, "Dan Moss") == set()


@pytest.mark.parametrize("role", [R.VOLUNTARY_WORKER, R.ANALYST, R.PRIVACY_OFFICER, R.AGENCY_ADMINISTRATOR])
async def test_some_roles_never_search(surface: Surface, scene: Scene, role: R) -> None:
    await scene.settle()
    for purpose in allowed_purposes(role):
        assert await found(surface, scene, role, purpose, "Sara Khan") is None


async def test_1_whoever_may_see_a_record_finds_its_person_and_nobody_else(surface: Surface, portal: Portal, scene: Scene) -> None:
    roll = await scene.world.enrolled(scene.maker, scene.child, scene.viewer.agency_id, confirmed_by=scene.board.agency_id)
    await scene.settle()
    assert await found(surface, scene, R.SAFEGUARDING_LEAD, P.SUPPORT, "Sara Khan") == {"Sara"}
    assert await found(surface, scene, R.SAFEGUARDING_LEAD, P.SUPPORT, "Mia Khan") == {"Sara"}, "the mother is not on roll"
    assert await portal.person(scene.as_(R.SAFEGUARDING_LEAD), P.SUPPORT, scene.child.person_id)
    assert await portal.person(scene.as_(R.SAFEGUARDING_LEAD), P.ASSURANCE, scene.child.person_id) is None, "for the same purpose"
    await scene.world.change("enrolment", roll, until_on=day(-1))
    await scene.settle()
    assert await found(surface, scene, R.SAFEGUARDING_LEAD, P.SUPPORT, "Sara Khan") == set()
    assert await portal.person(scene.as_(R.SAFEGUARDING_LEAD), P.SUPPORT, scene.child.person_id) is None


async def test_whoever_is_not_in_force_is_told_nothing(surface: Surface, scene: Scene, world: World, database: Database) -> None:
    await scene.world.enrolled(scene.maker, scene.child, scene.viewer.agency_id, confirmed_by=scene.board.agency_id)
    await scene.settle()
    who = scene.viewer.id
    for stop, start in (
        (f"update portal.practitioner set disabled_at = now() where id = '{who}'", "disabled_at = null"),
        (f"update portal.practitioner_role set until_on = '{day(-1)}' where practitioner_id = '{who}'", "until_on = null"),
        (f"update portal.agency set suspended_at = now() where id = '{scene.viewer.agency_id}'", "suspended_at = null"),
        (f"update portal.oauth_client set disabled_at = now() where client_id = '{scene.viewer.client_id}'", "disabled_at = null"),
    ):
        assert await found(surface, scene, R.SAFEGUARDING_LEAD, P.SUPPORT, "Sara Khan") == {"Sara"}
        await world.connection.execute(stop)
        assert await found(surface, scene, R.SAFEGUARDING_LEAD, P.SUPPORT, "Sara Khan") is None, stop
        table, condition = stop.split(" set ")[0], stop.split(" where ")[1]
        await world.connection.execute(f"{table} set {start} where {condition}")
