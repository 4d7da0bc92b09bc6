"""What courts ordered, who must not be told, and what was opened in an emergency near the focused practitioners: each both ways."""

from typing import Any
from uuid import UUID

from tests.reading.casework import made, open_in_emergency, record_of
from tests.reading.family_law import CAUTIONED, WORDS
from tests.reading.worlds import TODAY, Kin, Who, World, describe
from throughline.terms.family_law import CourtOrderKind, ResponsibilityBasis
from throughline.terms.role import Role

Row = dict[str, Any]
OPENERS = (Role.SAFEGUARDING_LEAD, Role.HEALTH_PRACTITIONER, Role.TRIAGE_WORKER, Role.SOCIAL_WORKER)
MEANT, MEANT_ONCE = 0.14, 0.2
"""How many of the records whose maker knows a feared person mean them, and how many earlier versions."""


def own_record(world: World, person: Who, agency_id: UUID) -> Row:
    """An identity record of this agency's, made like another one of this person."""
    row = {**world.pick(person.ordinary()), "id": world.new_id(), "agency_id": agency_id, "own_id": str(world.new_id())}
    row["practitioner_id"] = None
    row["is_made_here"] = world.happens(0.3)
    world.rows["identity_record"].append(row)
    person.records.append(row)
    describe(world, row)
    return row


def guard(world: World, who: Row, role: Role, agency: Row, kin: Kin) -> None:
    """Around one family, as this practitioner may see it."""
    feared = _feared(world, who, agency, kin) if world.happens(0.6) else {}
    children = [one for one in kin.people if one.is_child]
    for person in (world.pick(children), world.pick(kin.people)):
        by = made(world, world.pick((agency["id"], *feared, *feared, None)), sensitive=1)
        away = feared.get(by["agency_id"]) if world.happens(0.5) else world.pick((None, _of(world, by, world.pick(kin.people))))
        world.add(
            "court_order", identity_record_id=record_of(world, person, by), kind=str(world.pick(list(CourtOrderKind))),
            what_it_says="keeps away", keeps_away_id=away, from_on=TODAY, until_on=world.pick((None, TODAY)), **by,
        )  # fmt: skip
    by, child = made(world, sensitive=0.1), world.pick(children)
    holder = world.pick([one for one in kin.people if one is not child])
    world.add(
        "parental_responsibility", identity_record_id=record_of(world, holder, by), other_identity_record_id=record_of(world, child, by),
        household_id=world.pick(kin.households), known_by=str(world.pick(list(ResponsibilityBasis))), from_on=TODAY, until_on=None, **by,
    )  # fmt: skip
    _emergencies(world, who, role, agency, children)
    _cautions(world, feared)


def _of(world: World, by: Row, person: Who) -> Any:
    """By which the maker of a record names this person, if they know them."""
    return next((row["id"] for row in person.ordinary() if row["agency_id"] == by["agency_id"]), None)


def _feared(world: World, who: Row, agency: Row, kin: Kin) -> dict[UUID, UUID]:
    """Somebody outside the family with whom the practitioner is connected, or whose household they share: by which identity record
    each agency that knows them names them."""
    person = world.pick([one for one in world.people if one not in kin.people])
    connected = person
    if world.happens(0.3):  # by the household alone
        others = [one for its in world.kin if person in its.people for one in its.people if one not in (person, *kin.people)]
        connected = world.pick(others or [person])
    world.add(
        "connection", agency_id=agency["id"], practitioner_id=who["id"], identity_record_id=world.pick(connected.ordinary())["id"],
        kind="PARTNER", made_at=world.instant(), ended_on=world.pick((None, None, None, None, TODAY, world.day(-5, -1))),
    )  # fmt: skip
    known = {row["agency_id"]: row["id"] for row in person.ordinary()}
    if agency["id"] not in known:
        known[agency["id"]] = own_record(world, person, agency["id"])["id"]
    return known


def _cautions(world: World, feared: dict[UUID, UUID]) -> None:
    for table in CAUTIONED:
        for row in world.rows[table]:
            row.setdefault("must_not_be_told", None)
            row.setdefault("safe_contact", "by text" if world.happens(0.2) else None)
            row.setdefault("must_not_be_told_id", None)
            if row["agency_id"] in feared and not row["must_not_be_told"] and world.happens(MEANT):
                row |= {"must_not_be_told": world.pick(WORDS), "must_not_be_told_id": feared[row["agency_id"]]}
    for row in world.rows["record_history"]:
        if row["kind"] == "support_report_part" and row["agency_id"] in feared and world.happens(MEANT_ONCE):
            row["body"] |= {"must_not_be_told": "not then", "must_not_be_told_id": str(feared[row["agency_id"]])}


def _emergencies(world: World, who: Row, role: Role, agency: Row, children: list[Who]) -> None:
    if role in OPENERS:
        for child in world.some(children, 2):
            open_in_emergency(world, world.chance, who, child)
    others = [row for row in world.rows["practitioner"] if row["id"] != who["id"]]
    own = [row for row in others if row["agency_id"] == agency["id"]]
    for opener in world.some((world.pick(others), world.pick(own or others)), 2):
        open_in_emergency(world, world.chance, opener, world.pick(children))
