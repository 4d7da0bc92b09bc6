"""Four agencies support one family; each sees its own picture; the history follows the child to the next school."""

import pytest

from tests.journey import words as w
from tests.journey.conftest import Told

pytestmark = pytest.mark.slow

HOME = {"Sara", "Adam", "Layla", "Yusuf"}
NURSES = {w.SLEEP, w.WORRIES, w.SECRET_FEAR, w.EYES}
OWN_WORK = {
    "teacher": {w.GATE},
    "old lead": {w.GATE, w.MORNINGS},
    "old office": {w.GATE, w.MORNINGS},
    "nurse": NURSES,
    "other nurse": NURSES,
    "recovery worker": {w.SESSION, w.TREATMENT},
    "officer": {w.VISIT},
    "youth worker": {w.CLUB},
}
"""What each agency reported itself, as far as the viewer's role shows it."""
WITH_POLICE = {w.GATE, w.MORNINGS, w.SLEEP, w.EYES, w.SESSION, w.VISIT, w.CLUB}
"""STANDARD reports: a police officer sees no SENSITIVE ones."""
LATER = {w.LATER, w.NEW_SCHOOL}
ABSENT = {
    "person": b'{"data":{"person":null}}', "history": b'{"data":{"person":null}}',
    "family": b'{"data":{"family":null}}', "node": b'{"data":{"node":null}}',
}  # fmt: skip
SCHOOLS = ("teacher", "old lead", "old office", "new lead", "new teacher")


def reports(told: Told, moment: str) -> dict[str, set[str]]:
    """Who sees which reports about Sara; whoever sees none is left out."""
    return {called: set(one.reports) for called, one in told.pictures[moment].items() if one.reports}


def members(told: Told, moment: str) -> dict[str, set[str]]:
    """For whom the family exists, and who belongs to it for them."""
    return {called: set(one.members) for called, one in told.pictures[moment].items() if one.members is not None}


def test_until_a_second_agency_says_yes_everybody_sees_their_own_work(told: Told) -> None:
    triage = {"triage": w.BEFORE_THE_MOVE}  # while the school's contact is undecided
    assert reports(told, "apart") == OWN_WORK | triage


def test_a_decision_confirmed_opens_what_it_names_and_no_more(told: Told) -> None:
    everything = w.BEFORE_THE_MOVE
    shared = {"nurse": everything, "lead": everything, "officer": WITH_POLICE, "brother": WITH_POLICE}
    assert reports(told, "shared") == OWN_WORK | shared | {"old lead": w.SHARED_WITH_THE_SCHOOL}


def test_the_family_exists_for_its_team_and_for_the_school_where_the_child_is_on_roll(told: Told) -> None:
    team = dict.fromkeys(("nurse", "officer", "lead"), HOME) | {"weekend lead": {"Adam", "Kofi"}}
    assert members(told, "apart") == team | {"brother": HOME}
    assert members(told, "shared") == team | {"brother": HOME, "old lead": HOME}
    assert members(told, "moved") == team | {"new lead": HOME}
    assert members(told, "later") == members(told, "moved")


def test_the_picture_of_the_family_holds_what_is_shown_about_its_members(told: Told) -> None:
    for moment, pictures in told.pictures.items():
        for called, one in pictures.items():
            if one.members and "Sara" in one.members:
                assert one.told == one.reports, (moment, called)
                assert one.family_sections == one.sections, (moment, called)
            else:
                assert one.told == frozenset(), (moment, called)


def test_every_section_says_whether_there_is_something_to_see(told: Told) -> None:
    """Support reports, involvements, needs. Needs are fed late here, so nothing is said of them to strangers."""
    own, none = ("VISIBLE", "NONE_RECORDED", "STALE"), ("NONE_RECORDED", "NONE_RECORDED", "STALE")
    full = ("VISIBLE", "VISIBLE", "VISIBLE")
    ours = {"teacher": own, "old office": own, "other nurse": own, "recovery worker": own, "youth worker": own}
    thin = {"hub manager": none, "coordinator": none}
    withheld = {
        "old lead": ("VISIBLE", "VISIBLE", "WITHHELD"), "nurse": ("VISIBLE", "VISIBLE", "WITHHELD"),
        "officer": ("VISIBLE", "VISIBLE", "WITHHELD"), "brother": ("WITHHELD", "VISIBLE", "WITHHELD"),
        "lead": ("WITHHELD", "VISIBLE", "VISIBLE"), "triage": ("VISIBLE", "VISIBLE", "WITHHELD"),
    }  # fmt: skip
    assert sections(told, "apart") == ours | thin | withheld
    team = {"nurse": full, "officer": full, "lead": full}
    assert sections(told, "shared") == ours | thin | team | {"brother": full, "old lead": full, "triage": none}
    moved = ours | thin | team | {"triage": none, "old lead": own, "new lead": full, "new teacher": none}
    assert sections(told, "moved") == sections(told, "later") == moved


def sections(told: Told, moment: str) -> dict[str, tuple[str, ...]]:
    return {called: one.sections for called, one in told.pictures[moment].items() if one.is_known}


def test_the_new_safeguarding_lead_sees_the_shared_history(told: Told) -> None:
    assert not told.pictures["shared"]["new lead"].is_known
    assert told.pictures["moved"]["new lead"].reports == w.SHARED_WITH_THE_SCHOOL
    assert told.pictures["later"]["new lead"].reports == w.SHARED_WITH_THE_SCHOOL | LATER


def test_the_old_school_keeps_its_own_and_sees_nothing_later(told: Told) -> None:
    for moment in ("moved", "later"):
        pictures = told.pictures[moment]
        assert {called: set(pictures[called].reports) for called in ("teacher", "old lead", "old office")} == {
            called: OWN_WORK[called] for called in ("teacher", "old lead", "old office")
        }
        assert {pictures[called].kinds for called in ("teacher", "old office")} == {frozenset({"SupportReport"})}
        assert pictures["old lead"].kinds == {"SupportReport", "Contact"}  # the contact that she made herself


def test_the_move_changes_nothing_for_those_who_are_no_school(told: Told) -> None:
    for called in ("nurse", "officer", "lead", "recovery worker", "youth worker"):
        assert told.pictures["moved"][called].reports == told.pictures["shared"][called].reports
    added = {called for called, one in told.pictures["later"].items() if one.reports != told.pictures["moved"][called].reports}
    assert added == {"new lead", "nurse", "other nurse", "lead", "officer"}


def test_the_fathers_treatment_reaches_no_school(told: Told) -> None:
    readers = {called for one in told.pictures.values() for called in one if w.TREATMENT in one[called].reports}
    assert readers == {"recovery worker", "nurse", "lead", "triage"}
    for called in SCHOOLS:
        assert said_to(told, called, "treatment") == []
        assert said_to(told, called, w.SECRET_FEAR) == []
    assert w.SESSION in told.pictures["later"]["new lead"].reports  # the child's part of the same report


def said_to(told: Told, called: str, text: str) -> list[str]:
    """The routes by which these words reach somebody."""
    return [route for route, answer in told.after[called].items() if text.encode() in answer]


def test_the_officer_who_is_the_mothers_brother_sees_nothing_by_any_route(told: Told) -> None:
    """Before he said so he saw what his colleague sees; now every answer is a stranger's: the new school's pupil does not exist."""
    assert told.pictures["shared"]["brother"] == told.pictures["shared"]["officer"]
    for route, answer in told.after["brother"].items():
        kind = route.partition(" ")[0]
        if kind in ABSENT:
            assert answer == ABSENT[kind], route
    assert b'"totalCount":0' in told.after["brother"]["families"]
    searches = [answer for route, answer in told.after["brother"].items() if route.startswith("search")]
    assert searches
    assert all(b'"totalCount":0' in answer for answer in searches)


def test_the_confidential_drop_in_changed_nothing_for_anybody_else(told: Told) -> None:
    assert w.DROP_IN.encode() in told.after["nurse"]["history Sara"]
    new = "person the drop-in", "history the drop-in", "family the drop-in", "node the drop-in"
    for called, answers in told.after.items():
        if called != "nurse":
            assert {route: answer for route, answer in answers.items() if route not in new} == told.before[called], called
            assert {answers[route] for route in new} == set(ABSENT.values())
            assert said_to(told, called, w.DROP_IN_NAME) == []


def test_people_without_a_part_in_it_never_hear_of_the_child(told: Told) -> None:
    for called in ("privacy officer", "analyst", "administrator", "school administrator", "health administrator", "social worker"):
        for one in told.pictures.values():
            assert not one[called].is_known
        assert said_to(told, called, "Sara") == []


def test_the_steward_finds_thin_people_and_nothing_about_them(told: Told) -> None:
    for route, answer in told.after["steward"].items():
        assert (b"Sara" in answer) == (route == "search Sara Darwish"), route
