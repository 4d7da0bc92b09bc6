"""Who decides for a child, what courts have ordered, and what is said beside a record: in the records of a random world."""

from collections.abc import Callable
from random import Random
from typing import Any

from tests.reading.worlds import Kin, World
from throughline.terms.family_law import CourtOrderKind, ResponsibilityBasis

CAUTIONED = (
    "support_report_part", "involvement", "need", "legal_status", "enrolment", "attendance", "membership", "relationship",
    "team_position", "sharing_decision", "address", "contact", "parental_responsibility", "court_order",
    "service_agreement", "sharing_reason",
)  # fmt: skip
WORDS = ("not the «father»", 'her "new" partner\nor his mother')

Made = Callable[..., dict[str, Any]]


def make_family_law(world: World, kin: Kin, made: Made, record_of: Callable[..., Any]) -> None:
    for child in (one for one in kin.people if one.is_child):
        by, holder = made(world, sensitive=0.1), world.pick(kin.people)
        if holder is not child:
            world.add(
                "parental_responsibility", identity_record_id=record_of(world, holder, by),
                other_identity_record_id=record_of(world, child, by), household_id=world.pick(kin.households),
                known_by=str(world.pick(list(ResponsibilityBasis))), from_on=world.pick((None, world.day(-900, 0))), until_on=None, **by,
            )  # fmt: skip
    for who in kin.people:
        if world.happens(0.6):
            by = {**made(world), "sensitivity": "SENSITIVE"}
            world.add(
                "court_order", identity_record_id=record_of(world, who, by), kind=str(world.pick(list(CourtOrderKind))),
                what_it_says=world.pick((None, "keeps «away»")), keeps_away_id=_meant(world, by, world.chance, 0.6), **world.dated(), **by,
            )  # fmt: skip


def make_cautions(world: World, chance: Random) -> None:
    for table in CAUTIONED:
        for row in world.rows.get(table, ()):
            says = chance.random() < 0.3
            row["must_not_be_told"] = chance.choice((None, *WORDS)) if says else None
            row["safe_contact"] = chance.choice((None, "by text, never after five")) if says else None
            row["must_not_be_told_id"] = _meant(world, row, chance, 0.7) if row["must_not_be_told"] else None


def _meant(world: World, by: dict[str, Any], chance: Random, share: float) -> Any:
    """Somebody whom the maker's agency knows; often somebody with whom a practitioner is connected."""
    if chance.random() >= share:
        return None
    known = [row for row in world.rows["identity_record"] if row["agency_id"] == by["agency_id"]]
    of = {row["id"]: row["person_id"] for row in world.rows["identity_record"]}
    walled = {of[row["identity_record_id"]] for row in world.rows.get("connection", ())}
    feared = [row for row in known if row["person_id"] in walled]
    chosen = feared if feared and chance.random() < 0.6 else known
    return chance.choice(chosen)["id"] if chosen else None
