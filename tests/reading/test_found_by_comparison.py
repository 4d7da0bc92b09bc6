"""What the comparison once found: each stays found. And faults that are put in on purpose are noticed."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import Database
from tests.reading.casework import confirmed, make_world
from tests.reading.portal import Portal, opened, viewers
from tests.reading.small import Small, own_record, same
from tests.reading.worlds import NOW, TODAY, client_of
from throughline.access import rules
from throughline.access.rule import Verb, Wall
from throughline.access.viewer import Viewer
from throughline.reading import support_report
from throughline.terms.agency_kind import SCHOOLS
from throughline.terms.holder import SCHOOL_ON_ROLL
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio

SEEN = """query Seen($id: ID!) { person(id: $id) { id sharingDecisions { id }
  supportReports { totalCount edges { node { parts { about { id } } } } } } }"""
PICTURE = """query Picture($id: ID!) { family(id: $id) { leadPractitioner { id } members { person { id } } team { position }
  records { edges { node { id } } } } }"""
PAGE = """query Page($id: ID!, $kinds: [RecordKind!], $after: String) { person(id: $id) {
  history(first: 1, after: $after%s) { edges { cursor node { id } } } } }"""


@pytest.fixture
def small() -> Small:
    return Small()


async def test_a_key_named_like_a_row_of_the_statement_is_only_a_key(database: Database) -> None:
    names = " ".join(f"o{number}: name" for number in range(1, 12))
    async with opened(database, 1) as portal:
        answer = await same(portal, viewers(portal.world)[0], f"{{ agencies {{ {names} kind }} }}", {})
    assert len(answer["agencies"][0]) == 12


async def test_a_record_about_several_is_found_only_beneath_those_whom_it_is_open_for(database: Database, small: Small) -> None:
    """Else a decision or report about the other one would say that it is about this one too."""
    small.position("MEMBER", 0)
    small.decision([small.worker["agency_id"]], 0, 1)
    small.report((0,), (1,))
    small.world.add(
        "assignment", agency_id=small.worker["agency_id"], holder_id=small.worker["id"], identity_record_id=own_record(small, 1),
        from_on=TODAY, until_on=None, version=1, sensitivity="STANDARD", made_at=NOW,
    )  # fmt: skip
    async with opened(database, small.world) as portal:
        named = (await same(portal, small.viewer, SEEN, {"id": str(small.people[0].id)}))["person"]
        other = (await same(portal, small.viewer, SEEN, {"id": str(small.people[1].id)}))["person"]
        stranger = (await same(portal, small.viewer, SEEN, {"id": str(small.people[2].id)}))["person"]
    assert len(named["sharingDecisions"]) == 1
    assert named["supportReports"]["edges"][0]["node"]["parts"] == [{"about": [{"id": str(small.people[0].id)}]}]
    assert other["sharingDecisions"] == []
    assert other["supportReports"] == {"totalCount": 0, "edges": []}
    assert stranger is None


async def test_a_decision_on_a_person_whom_one_may_not_see_does_not_show_the_person(database: Database, small: Small) -> None:
    small.position("MEMBER", 0)
    small.decision([small.worker["agency_id"]], 0, 2)
    async with opened(database, small.world) as portal:
        assert (await same(portal, small.viewer, SEEN, {"id": str(small.people[2].id)}))["person"] is None


async def test_a_light_touch_report_of_ones_own_opens_nobody(database: Database, small: Small) -> None:
    holds = next(row for row in small.world.rows["practitioner_role"] if row["role"] == Role.VOLUNTARY_WORKER)
    writer = next(row for row in small.world.rows["practitioner"] if row["id"] == holds["practitioner_id"])
    report = small.world.add(
        "support_report", kind_of_support="GROUP", given_on=TODAY, delivery="GROUP", people_reached=3, need_level=None,
        parts_made=0, is_light_touch=True, family_id=None, household_id=None,
        **small.by(agency_id=writer["agency_id"], practitioner_id=writer["id"]),
    )  # fmt: skip
    viewer = Viewer(writer["id"], client_of(writer["id"]), Role.VOLUNTARY_WORKER, Purpose.SUPPORT)
    async with opened(database, small.world) as portal:
        own = await same(portal, viewer, "query($id: ID!) { node(id: $id) { id } }", {"id": str(report)})
        assert own["node"] == {"id": str(report)}
        for who in small.people:
            assert (await same(portal, viewer, SEEN, {"id": str(who.id)}))["person"] is None


async def test_a_withdrawn_membership_or_lead_is_no_member_and_no_lead(database: Database, small: Small) -> None:
    """Their maker still sees the records; the picture of today goes without them."""
    small.position("MEMBER", 0, 1)
    small.member(0)
    taken_back = {"withdrawn_at": small.world.instant(), "withdrawn_reason": "x", "agency_id": small.worker["agency_id"]}
    gone = small.member(1, **taken_back)
    small.position("LEAD", 0, **taken_back)
    async with opened(database, small.world) as portal:
        family = (await same(portal, small.viewer, PICTURE, {"id": str(small.family)}))["family"]
        kept = await same(portal, small.viewer, "query($id: ID!) { node(id: $id) { id } }", {"id": str(gone)})
    assert family["leadPractitioner"] is None
    assert [one["person"]["id"] for one in family["members"]] == [str(small.people[0].id)]
    assert sorted(one["position"] for one in family["team"]) == ["LEAD", "MEMBER"]
    assert kept["node"]


async def test_a_cursor_serves_the_same_list_whether_an_argument_is_null_or_left_out(database: Database, small: Small) -> None:
    small.position("MEMBER", 0, 1)
    small.member(0)
    small.member(1)
    async with opened(database, small.world) as portal:
        given = {"id": str(small.people[0].id)}
        first = (await same(portal, small.viewer, PAGE % ", kinds: $kinds", {**given, "kinds": None}))["person"]["history"][
            "edges"
        ][0]
        for kinds in ("", ", kinds: null", ", kinds: $kinds"):
            text = PAGE % kinds if "$kinds" in kinds else (PAGE % kinds).replace(" $kinds: [RecordKind!],", "")
            second = await same(portal, small.viewer, text, {**given, "after": first["cursor"]})
            assert second["person"]["history"]["edges"][0]["node"] != first["node"]


async def test_who_was_found_by_search_is_seen_by_the_sentence_on_searching(database: Database) -> None:
    async with opened(database, 2) as portal:
        finder = next(one for one in viewers(portal.world) if one.role is Role.TRIAGE_WORKER and one.purpose is Purpose.TRIAGE)
        text = '{ personSearch(input: {name: "Zoë Khan", reason: CONCERN}) { edges { node { seenBecause { number } } } } }'
        found = (await same(portal, finder, text, {}))["personSearch"]["edges"]
    assert found
    assert {one["number"] for edge in found for one in edge["node"]["seenBecause"]} == {2}


async def test_a_decision_that_names_a_school_and_the_school_on_roll_opens_it_once(database: Database, small: Small) -> None:
    school = small.world.agencies(*SCHOOLS)[0]["id"]
    small.decision([school, SCHOOL_ON_ROLL], 0)
    by = small.by()
    small.world.add(
        "enrolment", identity_record_id=small.record(0), school_id=school, state="CONFIRMED", from_on=TODAY - timedelta(days=30),
        until_on=None, **{**confirmed(small.world, by["agency_id"], 1), "confirmed_by_agency_id": small.worker["agency_id"]}, **by,
    )  # fmt: skip
    async with opened(database, small.world) as portal:
        opened_by = [row for row in portal.slow.rows.of("opening") if row.because == 256 and row.holder_id == school]
    assert len(opened_by) == 1


def test_a_writers_sentence_keeps_its_place_among_the_others() -> None:
    for kind in RecordKind:
        for role in Role:
            for purpose in Purpose:
                numbers = rules.numbers(Verb.SEE, kind, role, purpose)
                assert numbers == sorted(numbers)


def _without(name: str) -> Callable[..., list[Wall]]:
    plain = rules.walls_for
    return lambda verb, kind, role: [wall for wall in plain(verb, kind, role) if wall.name != name]


def _any_person(*asked: Any, **how: Any) -> str:
    """W5 forgotten: open for any of a part's people is enough."""
    return _PLAIN_WHOLE(*asked, **how).replace("bool_and(x.because is not null)", "bool_or(x.because is not null)")


_PLAIN_WHOLE = support_report._whole
FAULTS: dict[str, tuple[Any, str, Any]] = {
    "W1": (rules, "walls_for", _without("W1")),
    "W8": (rules, "walls_for", _without("W8")),
    "W6": (rules, "walls_for", _without("W6")),
    "WITHDRAWN": (rules, "walls_for", _without("WITHDRAWN")),
    "W5": (support_report, "_whole", _any_person),
}


WHOLE_HISTORY = """query Whole($id: ID!) { person(id: $id) { id
  history(first: 100) { totalCount edges { node { id about { id } ... on SupportReport { parts { id about { id } } } } } } } }"""


@pytest.fixture
def databases(make_database: Callable[[], Database]) -> list[Database]:
    return [make_database() for _ in range(3)]


async def everybodys_histories(databases: list[Database]) -> None:
    """Every viewer asks for everybody: the most telling question of all."""
    for seed, database in enumerate(databases, 5):
        async with opened(database, seed) as asked:
            for viewer in (one for one in viewers(asked.world) if one.purpose in (Purpose.SUPPORT, Purpose.PROTECTION)):
                for who in asked.world.people:
                    await same(asked, viewer, WHOLE_HISTORY, {"id": str(who.id)})


@pytest.mark.slow
async def test_everybodys_history_is_the_same(databases: list[Database]) -> None:
    await everybodys_histories(databases[:1])


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_planted_fault_is_noticed(fault: str, databases: list[Database], monkeypatch: pytest.MonkeyPatch) -> None:
    place, name, faulty = FAULTS[fault]
    monkeypatch.setattr(place, name, faulty)
    with pytest.raises(AssertionError, match="person"):
        await everybodys_histories(databases)


@pytest.fixture
async def portal(database: Database) -> AsyncIterator[Portal]:
    async with opened(database, make_world(3)) as made_portal:
        yield made_portal


@pytest.mark.parametrize(
    "after", ["", "AAAA", "not base64 é", "MTAgOGY4OGY1ZjUtYmIzNS00NGY0LTgyZTctMjYzNmJjOGE0YjhmTSJWhJu6VVB6O_HBnmL_zw"]
)
async def test_a_forged_cursor_is_refused_on_every_list(portal: Portal, after: str) -> None:
    viewer = next(one for one in viewers(portal.world) if one.role is Role.SOCIAL_WORKER)
    who = portal.world.people[0].id
    for text in (
        "query($a: String) { families(after: $a) { totalCount edges { cursor } } }",
        'query($a: String) { personSearch(after: $a, input: {name: "Zoë", reason: CONCERN}) { edges { cursor } } }',
        *(
            f'query($a: String) {{ person(id: "{who}") {{ {name}(after: $a) {{ edges {{ node {{ id }} }} }} }} }}'
            for name in ("history", "supportReports", "involvements", "needs")
        ),
    ):
        answer = await portal.post(viewer, text, {"a": after})
        assert b'"BAD_USER_INPUT"' in answer, (text, answer)
