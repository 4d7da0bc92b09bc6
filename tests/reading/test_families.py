"""Families, narrowed: by what the viewer may see and by nothing else. Every answer is the slow executor's too."""

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import Database
from tests.reading.portal import Portal, opened, viewers
from tests.reading.small import Small, same
from tests.reading.worlds import TODAY, make_person
from throughline.access.viewer import Viewer
from throughline.reading.plan import compile_plan
from throughline.reading.tree import Field
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio

LIST = """query List($filter: FamilyFilter, $first: Int, $after: String) { families(filter: $filter, first: $first, after: $after) {
  totalCount edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }"""
NOBODY = "00000000-0000-4000-8000-000000000007"


@pytest.fixture
def small() -> Small:
    """The viewer is on the team of a family of three."""
    made = Small()
    made.position("MEMBER", 0, 1)
    for place in range(3):
        made.member(place)
    return made


async def listed(portal: Portal, viewer: Viewer, **asked: Any) -> list[str]:
    shown = (await same(portal, viewer, LIST, {"filter": asked or None}))["families"]
    assert shown["totalCount"] == len(shown["edges"])
    return [edge["node"]["id"] for edge in shown["edges"]]


async def test_by_a_member_whom_one_may_see(database: Database, small: Small) -> None:
    stranger = make_person(small.world, is_child=False)
    async with opened(database, small.world) as portal:
        family = [str(small.family)]
        assert await listed(portal, small.viewer) == family
        assert await listed(portal, small.viewer, personId=str(small.people[0].id)) == family
        assert await listed(portal, small.viewer, personId=str(stranger.id)) == []


async def test_a_hidden_member_is_answered_like_nobody(database: Database, small: Small) -> None:
    """The viewer's own relative lives in the family too, and is walled off with the household."""
    relative = make_person(small.world, is_child=False)
    small.people.append(relative)
    other = small.home
    small.home = small.world.add("household", family_id=small.family, agency_id=small.by()["agency_id"], label="B",
                                 made_at=small.world.instant())  # fmt: skip
    small.member(3)
    small.home = other
    small.world.add(
        "connection", agency_id=small.worker["agency_id"], practitioner_id=small.worker["id"], identity_record_id=small.record(3),
        kind="RELATIVE", made_at=small.world.instant(), ended_on=None,
    )  # fmt: skip
    async with opened(database, small.world) as portal:
        hidden, absent, no_id = [
            await portal.post(small.viewer, LIST, {"filter": {"personId": one}}) for one in (str(relative.id), NOBODY, "no id")
        ]
        assert hidden == absent == no_id
        assert await listed(portal, small.viewer, personId=str(relative.id)) == []
        assert await listed(portal, small.viewer, personId=str(small.people[0].id)) == [str(small.family)]


async def test_a_former_member_belongs_to_it_no_more(database: Database, small: Small) -> None:
    small.world.rows["membership"][-1]["until_on"] = TODAY - timedelta(days=1)
    async with opened(database, small.world) as portal:
        assert await listed(portal, small.viewer, personId=str(small.people[2].id)) == []
        assert await listed(portal, small.viewer, personId=str(small.people[1].id)) == [str(small.family)]


async def test_by_the_position_that_one_holds_and_was_confirmed_in(database: Database, small: Small) -> None:
    proposed = small.position("LEAD", 0)
    for row in small.world.rows["team_position"]:
        if row["id"] == proposed:
            row |= {"confirmed_by_agency_id": None, "confirmed_at": None}
    async with opened(database, small.world) as portal:
        assert await listed(portal, small.viewer, myPosition="MEMBER") == [str(small.family)]
        assert await listed(portal, small.viewer, myPosition="LEAD") == []
        assert await listed(portal, small.viewer, myPosition="MEMBER", personId=NOBODY) == []


async def test_a_position_that_is_over_or_somebody_elses_does_not_count(database: Database, small: Small) -> None:
    over = small.position("LEAD", 0)
    theirs = small.position("ALLOCATED_SOCIAL_WORKER", 0)
    other = next(one for one in small.world.rows["practitioner"] if one["id"] != small.worker["id"])
    for row in small.world.rows["team_position"]:
        if row["id"] == over:
            row |= {"from_on": TODAY - timedelta(days=9), "until_on": TODAY - timedelta(days=1)}
        if row["id"] == theirs:
            row |= {"holder_id": other["id"], "holder_agency_id": other["agency_id"]}
    async with opened(database, small.world) as portal:
        assert await listed(portal, small.viewer, myPosition="LEAD") == []
        assert await listed(portal, small.viewer, myPosition="ALLOCATED_SOCIAL_WORKER") == []
        assert await listed(portal, small.viewer, myPosition="MEMBER") == [str(small.family)]


async def test_by_the_day_of_a_report_that_one_may_see(database: Database, small: Small) -> None:
    small.report((2,))  # of today, about somebody of whose reports no sentence lets the viewer see any
    seen = small.report((0,))
    next(row for row in small.world.rows["support_report"] if row["id"] == seen)["given_on"] = TODAY - timedelta(days=5)
    small.decision([small.worker["agency_id"]], 0)
    async with opened(database, small.world) as portal:
        for days, expected in ((6, [str(small.family)]), (5, [str(small.family)]), (4, []), (0, [])):
            since = (TODAY - timedelta(days=days)).isoformat()
            assert await listed(portal, small.viewer, reportedSince=since) == expected, days


@pytest.mark.parametrize("asked", ["edges { cursor }", "pageInfo { endCursor }", "edges { node { __typename } }"])
async def test_the_trail_names_a_family_whose_cursor_alone_was_asked_for(database: Database, small: Small, asked: str) -> None:
    """A cursor holds the id, as anybody can read."""
    async with opened(database, small.world) as portal:
        await portal.ask(small.viewer, f"{{ families {{ {asked} }} }}")
        assert await portal.seen_because() == [(small.family, 8)]


async def test_whatever_is_left_out_or_null_narrows_nothing(database: Database, small: Small) -> None:
    async with opened(database, small.world) as portal:
        plain = await portal.post(small.viewer, LIST, {})
        for narrowed in (None, {}, {"personId": None}, {"personId": None, "myPosition": None, "reportedSince": None}):
            assert await portal.post(small.viewer, LIST, {"filter": narrowed}) == plain  # cursors too
        assert await listed(portal, small.viewer) == [str(small.family)]


async def test_a_cursor_serves_the_list_of_its_own_filter_only(database: Database, small: Small) -> None:
    person = {"personId": str(small.people[0].id)}
    async with opened(database, small.world) as portal:
        shown = (await same(portal, small.viewer, LIST, {"filter": person}))["families"]
        after = shown["pageInfo"]["endCursor"]
        rest = await same(portal, small.viewer, LIST, {"filter": person, "after": after})
        assert rest["families"]["edges"] == []
        for other in (None, {"personId": str(small.people[1].id)}, {**person, "myPosition": "MEMBER"}):
            answer = await portal.post(small.viewer, LIST, {"filter": other, "after": after})
            assert b'"BAD_USER_INPUT"' in answer, other


def test_a_list_that_nothing_narrows_asks_nothing_more() -> None:
    """The filter's tables and binds are in no statement that was not asked for one."""
    bare = Field("edges", "edges", children={"FamilyEdge": (Field("cursor", "cursor"),)})
    plain = Field("families", "families", {}, {"FamilyConnection": (bare,)})
    narrowed = Field("families", "families", {"filter": lambda _: None}, {"FamilyConnection": (bare,)})
    asked = Role.FAMILY_PRACTITIONER, Purpose.SUPPORT
    without, given = (compile_plan(one, *asked, is_tool=False) for one in (plain, narrowed))
    assert len(given.binds) == len(without.binds) + 3
    assert "team_position" not in without.sql
    assert "support_report" not in without.sql
    assert "team_position" in given.sql


@pytest.mark.slow
async def test_whoever_asks_by_whatever_both_executors_answer_alike(database: Database) -> None:
    """In a random world: by each person, seen or not, each position and several days."""
    told = 0
    async with opened(database, 2) as portal:
        people = [{"personId": str(who.id)} for who in portal.world.people]
        positions = [{"myPosition": one} for one in ("LEAD", "MEMBER", "ALLOCATED_SOCIAL_WORKER")]
        days = [{"reportedSince": (TODAY - timedelta(days=back)).isoformat()} for back in (60, 20, 5, 0)]
        for viewer in (one for one in viewers(portal.world) if one.purpose is Purpose.SUPPORT):
            if not (await same(portal, viewer, LIST, {}))["families"]["totalCount"]:
                continue
            for asked in (*people, *positions, *days, {**positions[1], **days[0]}):
                told += (await same(portal, viewer, LIST, {"filter": asked}))["families"]["totalCount"]
    assert told > 20
