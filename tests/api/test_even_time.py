"""Answers that say «nothing there» end on a stroke; answers that show something do not wait."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from tests.access.surface import NODE, PERSON, SEARCH, Surface
from tests.conftest import Database
from tests.world import STANDARD, Someone, World, day
from throughline.api.even_time import STEP, until_the_stroke
from throughline.db.engine import make_pool
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.purpose import Purpose as P
from throughline.terms.role import Role as R

pytestmark = pytest.mark.anyio
SUBMIT = "mutation($input: SupportReportSubmitInput!) { supportReportSubmit(input: $input) { recordedId } }"


@pytest.mark.parametrize(("took", "rest"), [(0.0, 0.02), (0.005, 0.015), (0.021, 0.019), (0.0399, 0.0001)])
def test_what_is_left_until_the_next_stroke(took: float, rest: float) -> None:
    assert until_the_stroke(took, 0.02) == pytest.approx(rest)
    assert until_the_stroke(took, 0.0) == 0.0


async def test_what_is_hidden_or_absent_ends_on_a_stroke(database: Database, world: World, tmp_path: Any) -> None:
    school = await world.agency(A.SCHOOL)
    teacher = await world.practitioner(school, R.SAFEGUARDING_LEAD)
    elsewhere = await world.person(await world.agency(A.HEALTH), "Zoe", "Marsh")
    pupil = await world.person(school, "Ann", "Lee", day(-3000), own_id="L")
    await world.assigned(teacher, pupil.record_id)
    await world.report(teacher, ([pupil], STANDARD))
    await world.settle()
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    async with make_pool(database.app_url, fewest=1, most=1) as pool:
        surface = Surface(pool, tmp_path, STEP)

        async def waits(who: Someone, query: str, **variables: Any) -> bool:
            waited.clear()
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("throughline.api.server.asyncio.sleep", wait)
                await surface.raw(who, P.SUPPORT, query, **variables)
            assert all(0 < seconds <= STEP for seconds in waited)
            return bool(waited)

        def about(person: Any) -> dict[str, Any]:
            part = {"about": [{"personId": str(person)}], "whatWasDone": "We talked."}
            given = {"kindOfSupport": "TALK", "givenOn": str(day(0)), "delivery": "VISIT", "parts": [part]}
            return {"input": {"idempotencyKey": str(person), **given}}

        for query in (PERSON, NODE):
            assert await waits(teacher, query, id=str(elsewhere.person_id))
            assert await waits(teacher, query, id=str(uuid4()))
            assert not await waits(teacher, query, id=str(pupil.person_id))
        for person, is_even in ((elsewhere.person_id, True), (uuid4(), True), (pupil.person_id, False)):
            assert await waits(teacher, SUBMIT, **about(person)) is is_even
        for name in ("Zoe Marsh", "Nobody Whosoever", "Ann Lee"):
            assert await waits(teacher, SEARCH, input={"name": name, "reason": "CONCERN"})
        assert asyncio.sleep is not wait
        await surface.close()
