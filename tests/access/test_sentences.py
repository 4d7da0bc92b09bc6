"""Each sentence lets in whom it names, and nobody who misses it by one thing. Reads go through the reader, writes through an act."""

import pytest

from tests.access.case import ASKS, Case, Made, failures, neighbours, ways
from tests.access.portal import Portal
from tests.access.sentences_to_see import TO_SEE
from tests.access.sentences_to_write import TO_WRITE

pytestmark = pytest.mark.anyio

CASES = (*TO_SEE, *TO_WRITE)


@pytest.mark.parametrize(("case", "place", "way"), [*ways(CASES)])
async def test_lets_in(stage: Portal, case: Case, place: int | None, way: str) -> None:
    scene, record = await case.play(stage, place, way)
    for role in case.roles:
        for purpose in case.purposes:
            assert case.number in await case.outcome(scene, record, role, purpose), (role, purpose)


@pytest.mark.parametrize(("case", "place", "way"), [*failures(CASES)])
async def test_keeps_out(stage: Portal, case: Case, place: int, way: str) -> None:
    scene, record = await case.play(stage, place, way)
    for role in case.roles:
        for purpose in case.purposes:
            assert await case.outcome(scene, record, role, purpose) == (), (role, purpose)


@pytest.mark.parametrize(("case", "record"), [*neighbours(CASES)])
async def test_speaks_of_nothing_else(stage: Portal, case: Case, record: Made) -> None:
    scene, beside = await case.play(stage, record=record)
    for role in case.roles:
        for purpose in case.purposes:
            assert await case.outcome(scene, beside, role, purpose) == (), (role, purpose)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
async def test_lets_in_no_other_role_and_for_no_other_purpose(stage: Portal, case: Case) -> None:
    scene, record = await case.play(stage)
    seen = {ask: because for ask in ASKS if (because := await case.outcome(scene, record, *ask))}
    assert set(seen) == {ask for ask in ASKS if case.expected(*ask)}
    if case.verb == "SEE":
        assert all(case.expected(*ask) in because for ask, because in seen.items())
