"""The measure of time tells what it should: equal from unequal, and a hidden thing that takes 2 ms longer."""

import pytest

from tests.conftest import Database
from tests.proof.timing import area, timed

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("hidden", "absent", "expected"),
    [([1, 2], [3, 4], 0.0), ([3, 4], [1, 2], 1.0), ([1, 4], [2, 3], 0.5), ([5, 5], [5, 5], 0.5), ([1, 3], [1, 2], 0.625)],
)
def test_the_area_counts_pairs(hidden: list[float], absent: list[float], expected: float) -> None:
    assert area(hidden, absent) == expected


async def test_two_planted_milliseconds_are_noticed(database: Database) -> None:
    routes = await timed(database, 60, 0.002, "person as SAFEGUARDING_LEAD", step=0.0)
    assert [route.area > 0.6 for route in routes] == [True]
