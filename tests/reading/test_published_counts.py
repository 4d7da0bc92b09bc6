"""What is published of confidential services: the planner and the slow executor agree for everybody, and only analysts see any."""

import pytest

from tests.conftest import Database
from tests.reading.portal import opened, viewers
from tests.reading.small import same
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio

ASKED = "{ publishedCounts { __typename area year reports people fewest publishedOn } }"


async def test_analysts_alone_see_them_the_newest_year_first(database: Database) -> None:
    bodies: dict[bool, set[bytes]] = {False: set(), True: set()}
    async with opened(database, 3) as portal:
        for viewer in viewers(portal.world):
            found = await same(portal, viewer, ASKED, {})
            if found:  # and not refused at the door
                is_analyst = (viewer.role, viewer.purpose) == (Role.ANALYST, Purpose.OVERSIGHT)
                bodies[is_analyst].add(await portal.post(viewer, ASKED))
                years = [one["year"] for one in found["publishedCounts"]]
                assert years == ([2024, 2024, 2023, 2023] if is_analyst else [])
    assert bodies[False] == {b'{"data":{"publishedCounts":[]}}'}
    assert len(bodies[True]) == 1
