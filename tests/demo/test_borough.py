"""The borough before it is written: repeatable, of the right shape, sparing about pupils without help."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from throughline.demo.borough import BoroughError, build
from throughline.demo.names import ORIGINS
from throughline.demo.world import World
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.numbers import parse_nhs_number, parse_uln, parse_upn
from throughline.terms.role import Role

AUTUMN, SUMMER = date(2026, 11, 20), date(2027, 8, 30)


def made(children: int = 200, seed: int = 7, as_of: date = AUTUMN) -> World:
    return build(children, seed, as_of, lambda number: f"hash of {number}")[0]


def by_id(world: World, table: str) -> dict[Any, dict[str, Any]]:
    return {row["id"]: row for row in world.rows[table]}


def test_the_same_seed_size_and_day_make_the_same_rows() -> None:
    assert made().rows == made().rows
    assert made(seed=8).rows["person"] != made().rows["person"]


@pytest.mark.parametrize("as_of", [SUMMER, date(2027, 9, 1), date(2028, 2, 29), date(2026, 1, 1)])
def test_on_another_day_the_ids_are_the_same(as_of: date) -> None:
    one, other = made(), made(as_of=as_of)
    assert {t: [row.get("id") for row in rows] for t, rows in one.rows.items()} == {
        t: [row.get("id") for row in rows] for t, rows in other.rows.items()
    }


def test_ids_are_time_ordered_uuids_and_all_different() -> None:
    ids = [row["id"] for rows in made().rows.values() for row in rows if "id" in row]
    assert len(set(ids)) == len(ids)
    assert {(found.version, found.variant) for found in ids} == {(7, "specified in RFC 4122")}


@pytest.mark.parametrize("children", [200, 1000, 5000])
def test_the_counts_follow_the_number_of_children(children: int) -> None:
    world, figures = build(children, 7, AUTUMN, str)
    assert figures.open_children == round(children * 990 / 5000)
    assert figures.partner_cases == round(children * 588 / 5000)
    nameless = [row for row in world.rows["identity_record"] if "given_name" not in row]
    assert len(nameless) + figures.known == children


def test_a_borough_may_be_too_small_or_too_large() -> None:
    for children in (10, 1_000_000):
        with pytest.raises(BoroughError):
            made(children)


def test_there_are_forty_schools_in_five_clusters_and_every_other_kind_of_agency() -> None:
    world = made()
    kinds = Counter(row["kind"] for row in world.rows["agency"])
    assert len(world.rows["cluster"]) == 5
    assert sum(kinds[kind] for kind in ("NURSERY", "SCHOOL", "COLLEGE")) == 40
    assert kinds["COLLEGE"] == 2
    assert kinds["VOLUNTARY"] == 12
    assert set(kinds) == set(AgencyKind)
    assert {row["role"] for row in world.rows["practitioner_role"]} == set(Role)


def test_of_a_pupil_without_early_help_a_hash_and_dates_are_kept_and_nothing_else() -> None:
    world = made()
    nameless = {row["id"]: row for row in world.rows["identity_record"] if "given_name" not in row}
    for row in nameless.values():
        assert row["own_id"].startswith("hash of ")
        assert not {"family_name", "date_of_birth", "sex"} & row.keys()
    about = {
        table: len(rows) for table, rows in world.rows.items() if any(row.get("identity_record_id") in nameless for row in rows)
    }
    assert set(about) == {"link_event", "enrolment"}


def test_numbers_are_well_formed_and_synthetic() -> None:
    check = {"UPN": parse_upn, "NHS_NUMBER": parse_nhs_number, "ULN": parse_uln}
    numbers = made(1000).rows["identity_number"]
    assert {row["scheme"] for row in numbers} == set(check)
    for row in numbers:
        check[row["scheme"]](row["value"])
        assert row["scheme"] != "NHS_NUMBER" or row["value"].startswith("999")


def test_no_two_people_share_a_number() -> None:
    world = made(1000)
    records = by_id(world, "identity_record")
    holders: dict[str, set[Any]] = {}
    for row in world.rows["identity_number"]:
        holders.setdefault(row["value"], set()).add(records[row["identity_record_id"]]["person_id"])
    assert {value for value, people in holders.items() if len(people) > 1} <= confidential_values(world)


def confidential_values(world: World) -> set[str]:
    """What a confidential service was told may stand apart: nobody may link it to what others know."""
    return {row["value"] for row in world.rows["identity_number"] if row["sensitivity"] == "CONFIDENTIAL"}


def test_nothing_lies_in_the_future_but_what_is_planned() -> None:
    planned = {"review_on", "review_due_on", "due_on", "until_on", "covered_to"}
    for table, rows in made().rows.items():
        for row in rows:
            for name, value in row.items():
                if name.endswith("_on") and name not in planned and row.get("state") != "PROPOSED":
                    assert value is None or value <= AUTUMN, (table, name)
                if name == "made_at":
                    assert value.date() <= AUTUMN, table


def test_families_are_of_many_kinds() -> None:
    world = made(5000)
    roles = Counter(row["role"] for row in world.rows["membership"])
    assert roles["GRANDPARENT"] > 20
    assert roles["UNBORN_CHILD"] >= 1
    homes = Counter(row["family_id"] for row in world.rows["household"])
    assert sum(count == 2 for count in homes.values()) > 30
    records = by_id(world, "identity_record")
    parents = {records[row["identity_record_id"]]["person_id"] for row in world.rows["membership"] if row["role"] == "PARENT"}
    children = {records[row["identity_record_id"]]["person_id"] for row in world.rows["membership"] if row["role"] == "CHILD"}
    assert parents & children  # a parent under 18 is a child in another family
    born = Counter((row["family_name"], row["date_of_birth"]) for row in records.values() if "given_name" in row)
    assert max(born.values()) > 1
    assert len(ORIGINS) == 8


def test_siblings_go_to_different_schools() -> None:
    world = made(1000)
    records = by_id(world, "identity_record")
    school = {
        records[row["identity_record_id"]]["person_id"]: row["school_id"]
        for row in world.rows["enrolment"]
        if row.get("until_on") is None
    }
    apart = [
        row
        for row in world.rows["relationship"]
        if row["kind"] == "SIBLING_OF"
        and school.get(records[row["identity_record_id"]]["person_id"])
        != school.get(records[row["other_identity_record_id"]]["person_id"])
    ]
    assert apart
