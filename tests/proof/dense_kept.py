"""What is kept from others in a random world, and asked for: protected people, and what privacy officers do.

By a chance of its own, so that the rest of a world stays as it was.
"""

from random import Random
from typing import Any
from uuid import UUID

from tests.proof.dense_caution import own_record
from tests.reading.casework import confirmed, made, record_of
from tests.reading.worlds import TODAY, Kin, Who, World, make_person
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.role import Role

Row = dict[str, Any]


def make_kept(world: World, focused: list[tuple[Row, Role, Kin]], chance: Random) -> None:
    """Around each practitioner to whom everything happens; `focused`: with their role and the family that is theirs."""
    whole, world.chance = world.chance, chance
    for who, role, kin in focused:
        by_own = made(world, who["agency_id"], sensitive=0.3)
        others = [row["id"] for row in world.agencies() if row["id"] != who["agency_id"]]
        if world.happens(0.3):
            _protect(
                world, who, world.pick(kin.people), "IDENTITY", by_own if world.happens(0.5) else made(world, world.pick(others))
            )
        if world.happens(0.45):
            _protect(
                world, who, world.pick(kin.people), "WHEREABOUTS", by_own if world.happens(0.2) else made(world, world.pick(others))
            )
            _light(world, kin)
            _safe_contact(world, kin)
            if world.happens(0.4):
                _around(world, who, kin, kin.people, "LEAD")
        if world.happens(0.25):
            _awaited(world, who, kin)
        if role in (Role.PRIVACY_OFFICER, Role.TEAM_MANAGER) or world.happens(0.08):
            _answers(world, who, kin)
            held = [row["role"] for row in world.rows["practitioner_role"] if row["practitioner_id"] == who["id"]]
            if role is not Role.TEAM_MANAGER and "PRIVACY_OFFICER" not in held:
                world.join("practitioner_role", practitioner_id=who["id"], role="PRIVACY_OFFICER", until_on=None)
    world.chance = whole


def _protect(world: World, who: Row, whom: Who, what: str, by: Row) -> None:
    """Mostly in force; the practitioner is named now and then."""
    days: Row = {"from_on": world.day(-90, 0), "until_on": None}
    if world.happens(0.2):
        days = world.dated(0.2)
    mark = world.add(
        "protection", identity_record_id=_openly(whom, by), what=what, reason="a threat", lifted_because=None, **days,
        **by | {"withdrawn_at": None, "withdrawn_reason": None} if world.happens(0.8) else by,
    )  # fmt: skip
    readers = {who["id"]} if what == "WHEREABOUTS" and world.happens(0.35) else set()
    readers |= {one["id"] for one in world.some(world.rows["practitioner"], 2, 0)} if what == "WHEREABOUTS" else set()
    for reader in sorted(readers):
        world.join("protection_reader", protection_id=mark, practitioner_id=reader, agency_id=by["agency_id"])


def _openly(whom: Who, by: Row) -> UUID:
    """The maker's own record of them, if it has one; never a confidential service's."""
    found = [row["id"] for row in whom.ordinary() if row["agency_id"] == by["agency_id"]] or [row["id"] for row in whom.ordinary()]
    return UUID(str(found[0]))


def _safe_contact(world: World, kin: Kin) -> None:
    """What is said of the family's households says how to be in touch."""
    for table in ("membership", "relationship", "parental_responsibility"):
        for row in world.rows[table]:
            if row["household_id"] in kin.households and world.happens(0.3):
                row["safe_contact"] = "by text, before noon"


def _around(world: World, who: Row, kin: Kin, people: list[Who], position: str) -> None:
    by = made(world, sensitive=0)
    held = world.add(
        "team_position", household_id=world.pick(kin.households), family_id=kin.id, holder_id=who["id"],
        holder_agency_id=who["agency_id"], position=position, from_on=TODAY, until_on=None, **confirmed(world, by["agency_id"], 1), **by,
    )  # fmt: skip
    for person in people:
        world.join(
            "team_position_person", position_id=held, identity_record_id=_openly(person, by), agency_id=by["agency_id"],
        )  # fmt: skip


def _awaited(world: World, who: Row, kin: Kin) -> None:
    """A child who is not yet born, of whom no decision speaks; some know of it by their own records."""
    child = make_person(world, is_child=True)
    for row in child.records:
        row |= {"is_unborn": True, "date_of_birth": None}
    if world.happens(0.3):
        own_record(world, child, who["agency_id"])
    home = world.pick(kin.households)
    for by in (made(world, sensitive=0), made(world, who["agency_id"], sensitive=0) | {"practitioner_id": who["id"]}):
        record_id = _openly(child, by)
        world.add(
            "membership",
            identity_record_id=record_id,
            household_id=home,
            family_id=kin.id,
            role="CHILD",
            from_on=TODAY,
            until_on=None,
            **by,
        )
        world.add(
            "involvement", identity_record_id=record_id, household_id=None, how_to_reach="ring", from_on=TODAY, until_on=None, **by
        )
    _around(world, who, kin, [child], world.pick(("MEMBER", "LEAD", "MEMBER", "ALLOCATED_SOCIAL_WORKER")))


def _light(world: World, kin: Kin) -> None:
    """A volunteer's report about the whole family."""
    by = made(world, world.pick(world.agencies(AgencyKind.VOLUNTARY))["id"], sensitive=0) | {"service_id": None}
    world.add(
        "support_report", kind_of_support="GROUP", given_on=TODAY, delivery="VISIT", people_reached=4, need_level=None, parts_made=0,
        is_light_touch=True, family_id=kin.id, household_id=None, **by,
    )  # fmt: skip


def _answers(world: World, who: Row, kin: Kin) -> None:
    """Their agency is asked for what it keeps, and must keep it."""
    for person in kin.people:
        by = made(world, who["agency_id"], sensitive=0.2)
        if world.happens(0.5):
            by |= {"practitioner_id": who["id"]}
        record_id = record_of(world, person, by)
        if world.happens(0.7):
            state = world.pick(("OPEN", "CHECKED", "CLOSED", *["APPROVED"] * 5))
            is_approved = state == "APPROVED"
            in_service = {} if world.happens(0.2) else {"service_id": None}
            clerk = by["practitioner_id"] or who["id"]
            approver = world.pick([row["id"] for row in world.rows["practitioner"] if row["id"] != clerk])
            world.add(
                "rights_request", identity_record_id=record_id, asked_by="PERSON", received_on=TODAY, due_on=world.day(1, 30),
                state=state, identity_check=None if state == "OPEN" else "PHOTO_DOCUMENT", outcome="REFUSED" if state == "CLOSED" else None,
                approved_by_id=approver if is_approved else None, approved_at=world.instant() if is_approved else None,
                **by | {"practitioner_id": clerk} | in_service,
            )  # fmt: skip
        if world.happens(0.4):
            world.add(
                "legal_hold", identity_record_id=record_id, kinds=[], reason="the inquiry", from_on=TODAY, until_on=None,
                lifted_because=None, **by,
            )  # fmt: skip
