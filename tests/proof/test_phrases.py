"""Each phrase of the page that tells of an end, an instant or a wall: the oracle's word on worlds of a few facts, both ways.

Every case changes one thing of a world in which the record shows, or does not.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.proof.fact import Actor, Agency, Part, Record, Tie, Viewer, World
from tests.proof.oracle import SCHOOL_WHERE_ON_ROLL, case, sentences, visible

TODAY, NOW = date(2026, 3, 16), datetime(2026, 3, 16, 11, 30, tzinfo=UTC)
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
VIEWER = Viewer(actor="sam", agency="us", role="FAMILY_PRACTITIONER", purpose="SUPPORT")
LEAST: dict[str, Any] = {"agency": "them", "start": TODAY}
CHILD = Record(id="i-child", kind="IDENTITY_RECORD", agency="them", people=("child",), birth_date=date(2014, 5, 6))
MOTHER = Record(id="i-mother", kind="IDENTITY_RECORD", agency="them", people=("mother",), birth_date=date(1985, 5, 6))
FATHER = Record(id="i-father", kind="IDENTITY_RECORD", agency="them", people=("father",))
TEAM = Record(id="team", kind="TEAM_POSITION", people=("child",), holder="sam", role="MEMBER", household="home", **LEAST)
NEED = Record(id="need", kind="NEED", people=("child",), **LEAST)
DECISION = Record(
    id="decision", kind="SHARING_DECISION", people=("child",), covers=frozenset({("NEED", "STANDARD"), ("COURT_ORDER", "SENSITIVE")}),
    purposes=frozenset({"SUPPORT"}), receivers=frozenset({"us"}), made=TODAY - 90 * DAY, word_of="mother", **LEAST,
)  # fmt: skip
AGREEMENT = Record(id="agreement", kind="SERVICE_AGREEMENT", people=("child",), word_of="mother", **LEAST)
REFUSAL = replace(DECISION, id="refusal", refusal=True, state="PROPOSED")


def shows(record: str, *records: Record, viewer: Viewer = VIEWER, now: datetime = NOW, **more: Any) -> bool:
    world = World(
        agencies=(
            Agency(id="us", kind="HEALTH_SERVICE"),
            Agency(id="them", kind="SCHOOL"),
            Agency(id="others", kind="HEALTH_SERVICE"),
        ),
        actors=(Actor(id="sam", agency="us"),),
        roles_held=(Tie(actor="sam", to=viewer.role),),
        records=records,
        now=now,
        **more,
    )
    return record in visible(world, viewer, TODAY).records


def is_covered(*others: Record, decision: Record = DECISION, child: Record = CHILD) -> bool:
    """Whether the team sees the child's need: by sentence 33, if «covered»."""
    return shows("need", child, MOTHER, FATHER, TEAM, NEED, decision, *others)


EIGHTEEN = replace(CHILD, birth_date=date(2008, 3, 16))
ALMOST = replace(CHILD, birth_date=date(2008, 3, 17))


@pytest.mark.parametrize(
    ("decision", "child", "expected"),
    [
        (DECISION, ALMOST, True),
        (DECISION, EIGHTEEN, False),
        (replace(DECISION, word_of="child"), EIGHTEEN, True),
        (replace(DECISION, word_of=None), EIGHTEEN, True),
        (replace(DECISION, stopped=TODAY), CHILD, False),
        (replace(DECISION, stopped=TODAY + DAY), CHILD, True),
    ],
)
def test_sharing_that_somebody_else_agreed_to_ends_at_18(decision: Record, child: Record, expected: bool) -> None:
    assert is_covered(decision=decision, child=child) is expected


@pytest.mark.parametrize(
    ("ends", "child", "expected"),
    [
        ({}, CHILD, True),
        ({"stopped": TODAY}, CHILD, False),
        ({"stopped": TODAY + DAY}, CHILD, True),
        ({"end": TODAY}, CHILD, True),
        ({"end": TODAY - DAY}, CHILD, False),
        ({}, EIGHTEEN, False),
        ({"word_of": "child"}, EIGHTEEN, True),
        ({"withdrawn": True}, CHILD, False),
        ({"withdrawn": True, "sensitivity": "CONFIDENTIAL"}, CHILD, True),
    ],
)
def test_sharing_ends_with_the_agreement_to_a_service(ends: dict[str, Any], child: Record, expected: bool) -> None:
    decision = replace(DECISION, ends_with="agreement", word_of=None, made=TODAY + DAY)  # not by the ten days
    assert is_covered(replace(AGREEMENT, **ends), decision=decision, child=child) is expected
    assert is_covered(replace(AGREEMENT, **ends), decision=replace(decision, ends_with=None), child=child)


GONE = TODAY - 10 * DAY


@pytest.mark.parametrize(
    ("changes", "agreement", "expected"),
    [
        ({}, {"stopped": GONE}, False),
        ({}, {"stopped": GONE + DAY}, True),
        ({}, {"stopped": GONE, "people": ("father",)}, True),
        ({}, {"stopped": GONE, "refusal": True}, True),
        ({"made": GONE}, {"stopped": GONE}, False),
        ({"made": GONE + DAY}, {"stopped": GONE}, True),
        ({"goes_on": GONE}, {"stopped": GONE}, True),
        ({"goes_on": GONE - DAY}, {"stopped": GONE}, False),
    ],
)
def test_sharing_stops_ten_days_after_an_agreement_unless_it_goes_on(
    changes: dict[str, Any], agreement: dict[str, Any], expected: bool
) -> None:
    assert is_covered(replace(AGREEMENT, **agreement), decision=replace(DECISION, **changes)) is expected


@pytest.mark.parametrize(
    ("decision", "refusal", "expected"),
    [
        ({}, {}, False),
        ({"word_of": None}, {}, True),
        ({}, {"word_of": "father"}, True),
        ({}, {"word_of": "child"}, False),
        ({}, {"word_of": None}, True),
        ({}, {"people": ("mother",)}, True),
        ({}, {"purposes": frozenset({"PROTECTION"})}, True),
        ({}, {"covers": frozenset({("NEED", "SENSITIVE")})}, False),
        ({}, {"covers": frozenset({("INVOLVEMENT", "STANDARD")})}, True),
        ({}, {"end": TODAY}, False),
        ({}, {"end": TODAY - DAY}, True),
        ({}, {"stopped": TODAY}, True),
        ({}, {"stopped": TODAY + DAY}, False),
        ({}, {"receivers": frozenset({"HEALTH_SERVICE"})}, False),
        ({}, {"receivers": frozenset({"others"})}, True),
        ({"receivers": frozenset({"HEALTH_SERVICE"})}, {"receivers": frozenset({"others"})}, False),
        ({"receivers": frozenset({"us", "others"})}, {"receivers": frozenset({"others"})}, True),
        ({}, {"receivers": frozenset({SCHOOL_WHERE_ON_ROLL})}, True),
        ({}, {"withdrawn": True}, True),
    ],
)
def test_a_refusal_ends_what_the_same_people_agreed_to(decision: dict[str, Any], refusal: dict[str, Any], expected: bool) -> None:
    assert is_covered(replace(REFUSAL, **refusal), decision=replace(DECISION, **decision)) is expected


def test_of_the_school_where_the_child_is_on_roll_every_school_is_meant() -> None:
    met = case(World(agencies=(Agency(id="s", kind="SCHOOL"), Agency(id="h", kind="HEALTH_SERVICE"))), VIEWER, TODAY).meet
    meeting = (("s", SCHOOL_WHERE_ON_ROLL), (SCHOOL_WHERE_ON_ROLL, "NURSERY"), ("h", "HEALTH_SERVICE"), ("h", "h"))
    apart = (("h", SCHOOL_WHERE_ON_ROLL), ("s", "h"), ("s", "COLLEGE"))
    assert [met(*two) for two in (*meeting, *apart)] == [True] * 4 + [False] * 3


def lives(person: str, home: str) -> Record:
    return Record(id=f"{person} at {home}", kind="MEMBERSHIP", people=(person,), household=home, role="PARENT", **LEAST)


FEARED = (Tie(actor="sam", to="i-father"),)


@pytest.mark.parametrize(
    ("meant", "connections", "expected"),
    [
        (None, FEARED, True),
        ("i-father", FEARED, False),
        ("i-father", (), True),
        ("i-father", (replace(FEARED[0], end=TODAY - DAY),), True),
        ("i-mother", FEARED, False),  # who lives with him
        ("i-child", FEARED, True),
    ],
)
def test_who_is_connected_with_whoever_must_not_be_told_does_not_see_it(
    meant: str | None, connections: tuple[Tie, ...], expected: bool
) -> None:
    homes = (lives("i-mother", "other home"), lives("i-father", "other home"))
    need = replace(NEED, meant=meant)
    assert shows("need", CHILD, MOTHER, FATHER, TEAM, need, DECISION, *homes, connections=connections) is expected


def test_who_is_connected_with_whoever_must_keep_away_does_not_see_the_order() -> None:
    viewer = replace(VIEWER, role="SOCIAL_WORKER", purpose="PROTECTION")
    case_held = replace(TEAM, role="ALLOCATED_SOCIAL_WORKER")
    order = Record(id="order", kind="COURT_ORDER", people=("child",), sensitivity="SENSITIVE", keeps_away="i-father", **LEAST)
    others = (CHILD, MOTHER, FATHER, case_held)
    assert shows("order", *others, order, viewer=viewer)
    assert not shows("order", *others, order, viewer=viewer, connections=FEARED)
    assert shows("order", *others, replace(order, keeps_away="i-mother"), viewer=viewer, connections=FEARED)


def test_earlier_versions_show_to_nobody_who_was_not_to_be_told_then() -> None:
    viewer = replace(VIEWER, role="TEAM_MANAGER")
    assigned = Record(id="assigned", kind="ASSIGNMENT", agency="us", people=("child",), holder="sam", start=TODAY)

    def recalls(*earlier: tuple[str, bool, str | None]) -> bool:
        part = Part(id="part", people=("i-child",), earlier=earlier)
        report = Record(id="report", kind="SUPPORT_REPORT", agency="us", parts=(part,))
        world = World(
            agencies=(Agency(id="us", kind="HEALTH_SERVICE"),), actors=(Actor(id="sam", agency="us"),),
            roles_held=(Tie(actor="sam", to="TEAM_MANAGER"),), connections=FEARED, records=(CHILD, FATHER, assigned, report),
        )  # fmt: skip
        return case(world, viewer, TODAY).recalls(report)

    assert recalls(("STANDARD", False, None))
    assert recalls(("STANDARD", False, "i-child"))
    assert not recalls(("STANDARD", False, None), ("STANDARD", False, "i-father"))


@pytest.mark.parametrize(
    ("made", "until", "by", "expected"),
    [
        (NOW, NOW + TICK, "sam", True),
        (NOW - timedelta(hours=1), NOW, "sam", False),
        (NOW + TICK, NOW + timedelta(hours=1), "sam", False),
        (NOW, NOW + TICK, "somebody else", False),
    ],
)
def test_an_emergency_opens_from_an_instant_to_an_instant(made: datetime, until: datetime, by: str, expected: bool) -> None:
    viewer = replace(VIEWER, role="HEALTH_PRACTITIONER", purpose="PROTECTION")
    access = Record(
        id="access", kind="EMERGENCY_ACCESS", agency="us", practitioner=by, people=("i-child",), sensitivity="SENSITIVE",
        recorded=made, until=until,
    )  # fmt: skip
    assert shows("need", CHILD, NEED, access, viewer=viewer) is expected
    assert not shows("need", EIGHTEEN, NEED, access, viewer=viewer)


@pytest.mark.parametrize(
    ("own", "other", "expected"),
    [
        ({"birth_date": date(2014, 5, 6)}, {"birth_date": date(1990, 1, 1)}, True),
        ({"birth_date": None}, {"birth_date": date(2014, 5, 6)}, False),
        ({"birth_date": date(1990, 1, 1)}, {"birth_date": date(2014, 5, 6)}, False),
        ({"birth_date": None, "unborn": True}, {}, True),
        ({"birth_date": None, "own_system": False}, {"birth_date": date(2014, 5, 6)}, True),
        ({"birth_date": None, "own_system": False}, {"birth_date": date(1990, 1, 1)}, False),
    ],
)
def test_who_is_said_to_be_a_child(own: dict[str, Any], other: dict[str, Any], expected: bool) -> None:
    viewer = replace(VIEWER, role="HEALTH_PRACTITIONER", purpose="PROTECTION")
    access = Record(
        id="access", kind="EMERGENCY_ACCESS", agency="us", practitioner="sam", people=("i-own",), sensitivity="SENSITIVE"
    )
    records = (replace(CHILD, id="i-own", agency="us", **own), replace(CHILD, **other), access)
    world = World(
        agencies=(Agency(id="us", kind="HEALTH_SERVICE"),), actors=(Actor(id="sam", agency="us"),),
        roles_held=(Tie(actor="sam", to="HEALTH_PRACTITIONER"),), records=records, now=NOW,
    )  # fmt: skip
    assert sentences(world, viewer, TODAY, "WRITE", access) == ([60] if expected else [])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"agreement": True}, False),
        ({"decided": True}, False),
        ({"second": "somebody"}, False),
        ({"second": "sam", "decided": True}, True),  # signed by the viewer: 41
        ({"end": TODAY}, True),
        ({"end": TODAY - DAY}, False),
        ({"practitioner": "sam", "decided": True}, True),
        ({"agency": "others"}, False),
    ],
)
def test_a_reason_waits_for_a_manager_until_it_is_signed(changes: dict[str, Any], expected: bool) -> None:
    viewer = replace(VIEWER, role="TEAM_MANAGER")
    reason = Record(id="reason", kind="SHARING_REASON", agency="us", practitioner="colleague", people=("child",), start=TODAY)
    assert shows("reason", CHILD, replace(reason, **changes), viewer=viewer) is expected


def test_a_refusal_to_share_shows_to_the_lead_alone() -> None:
    lead = replace(TEAM, role="LEAD")
    others = (CHILD, MOTHER)
    assert shows("decision", *others, TEAM, DECISION)
    assert not shows("refusal", *others, TEAM, REFUSAL)
    assert shows("refusal", *others, lead, REFUSAL)


@pytest.mark.parametrize("kind", ["RELATIONSHIP", "PARENTAL_RESPONSIBILITY", "SHARING_REASON"])
def test_what_is_about_two_must_be_open_for_both(kind: str) -> None:
    two = Record(id="two", kind=kind, people=("mother", "child"), household="home", **LEAST)
    lead = replace(TEAM, role="LEAD", people=("mother", "child"))
    assert shows("two", CHILD, MOTHER, lead, two)
    assert not shows("two", CHILD, MOTHER, lead, two, connections=(Tie(actor="sam", to="i-mother"),))
