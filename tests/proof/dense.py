"""A random world, and in it some people to whom everything happens: without them, what is rare would hardly be tried."""

from collections.abc import Mapping
from functools import cache
from random import Random
from typing import Any

from tests.proof.dense_caution import guard, own_record
from tests.proof.dense_kept import make_kept
from tests.proof.dense_sharing import share
from tests.reading.casework import EVERY_KIND, confirmed, made, make_world, of_service, one_about, record_of
from tests.reading.worlds import SECRET, TODAY, Kin, World
from throughline.linking.keys import link_keys
from throughline.terms.agency_kind import SCHOOLS, AgencyKind
from throughline.terms.numbers import make_upn
from throughline.terms.role import Role

FOCUSED = 4
TURNS = (
    *Role, *[Role.SAFEGUARDING_LEAD] * 6, *[Role.INCLUSION_LEAD] * 2, *[Role.TRIAGE_WORKER] * 3, Role.SOCIAL_WORKER,
    *[Role.VOLUNTARY_WORKER] * 2,
)  # fmt: skip
"""Whose turn it is: roles with many sentences, or with rare ones, come more often."""


def make_dense(seed: int) -> tuple[World, list[Any]]:
    """The world of this seed and the practitioners to whom everything happens, each in a role whose turn it is."""
    world = make_world(seed)
    turns, found = Random(seed).sample(TURNS, FOCUSED), []  # noqa: S311  # repeatable, not secret
    focused = []
    for place, role in enumerate(turns):
        held = [row["practitioner_id"] for row in world.rows["practitioner_role"] if row["role"] == role]
        statutory = {row["id"] for row in world.agencies(AgencyKind.HEALTH, AgencyKind.POLICE, AgencyKind.LOCAL_AUTHORITY)}
        strays = [
            row["id"] for row in world.rows["practitioner"] if role is not Role.VOLUNTARY_WORKER or row["agency_id"] in statutory
        ]
        chosen = world.pick(held) if held and world.happens(0.3 if role is Role.VOLUNTARY_WORKER else 0.6) else world.pick(strays)
        practitioner = next(row for row in world.rows["practitioner"] if row["id"] == chosen)
        if not any(row["role"] == role for row in world.rows["practitioner_role"] if row["practitioner_id"] == chosen):
            world.join("practitioner_role", practitioner_id=chosen, role=str(role), until_on=None)
        kin = world.kin[(seed + place) % len(world.kin)]
        _focus(world, practitioner, role, kin)
        agency = next(row for row in world.agencies() if row["id"] == practitioner["agency_id"])
        share(world, practitioner, role, agency, kin)
        guard(world, practitioner, role, agency, kin)
        if role is Role.VOLUNTARY_WORKER and practitioner["agency_id"] in statutory:
            _on_the_team(world, practitioner, kin)
        found.append(chosen)
        focused.append((practitioner, role, kin))
    make_kept(world, focused, Random(f"kept of {seed}"))  # noqa: S311
    _link_keys(world)
    return world, found


def _on_the_team(world: World, who: dict[str, Any], kin: Kin) -> None:
    """A volunteer of a statutory agency: only what volunteers never see is between them and a child's legal status."""
    _position(world, who, kin, "MEMBER")
    for child in (one for one in kin.people if one.is_child):
        one_about(world, "legal_status", child, status="CHILD_IN_NEED", from_on=TODAY, until_on=None)


def _link_keys(world: World) -> None:
    """Most people have a number by which whoever names them meets them."""
    for row in world.rows["identity_record"]:
        if row["service_id"] is None and row["person_id"].int % 4:
            for key in meeting_keys(row):
                world.join("search_key", key=key, identity_record_id=row["id"], service_id=None)


def meeting_keys(row: Mapping[str, Any]) -> list[str]:
    """By which whoever says the number of this identity record's person, with their forename and birth date, meets them."""
    return link_keys(SECRET.encode(), [("UPN", upn_of(row["person_id"]))], row["given_name"], row["date_of_birth"])


@cache
def upn_of(person_id: Any) -> str:
    """A UPN for each person, for good."""
    return make_upn(f"301{person_id.int % 10**9:09d}")


def _focus(world: World, who: dict[str, Any], role: Role, kin: Kin) -> None:
    agency = next(row for row in world.rows["agency"] if row["id"] == who["agency_id"])
    services = [row for row in world.rows["service"] if row["agency_id"] == agency["id"] and row["is_confidential"]]
    is_apart = role is Role.SAFEGUARDING_LEAD and world.happens(0.7)  # sees by the roll alone, not as one of the team
    for position in () if is_apart else world.some(("LEAD", "MEMBER", "ALLOCATED_SOCIAL_WORKER"), 2, world.pick((0, 1))):
        _position(world, who, kin, position)
    if world.happens(0.85):
        _decision(world, who, agency, kin)
    for service in services[:1]:
        world.add("service_member", service_id=service["id"], practitioner_id=who["id"], from_on=TODAY, until_on=None)
    for person in kin.people:
        if world.happens(0.5):
            own_record(world, person, agency["id"])
        own = [row for row in person.records if row["agency_id"] == agency["id"]]
        for row in own if world.happens(0.6) else ():
            world.add(
                "assignment", agency_id=agency["id"], holder_id=who["id"], version=1, sensitivity=row["sensitivity"],
                service_id=row["service_id"], made_at=world.instant(), identity_record_id=row["id"], **world.dated(0.9),
            )  # fmt: skip
        if agency["kind"] in SCHOOLS and person.is_child and world.happens(0.8):
            by = _by_another(world, agency)
            world.add(
                "enrolment", identity_record_id=record_of(world, person, by), school_id=agency["id"],
                state="CONFIRMED", **confirmed(world, by["agency_id"], 1), **world.dated(0.75), **by,
            )  # fmt: skip
        _about(world, who, agency, person, kin)
    if world.happens(0.25):
        world.add(
            "connection", agency_id=agency["id"], practitioner_id=who["id"], identity_record_id=record_of(world, world.pick(kin.people)),
            kind="RELATIVE", made_at=world.instant(), ended_on=None,
        )  # fmt: skip


def _by_another(world: World, agency: dict[str, Any]) -> dict[str, Any]:
    other = world.pick([row for row in world.agencies() if row["id"] != agency["id"]])
    return made(world, other["id"], sensitive=0.1)


def _position(world: World, who: dict[str, Any], kin: Kin, position: str) -> None:
    by = made(world, sensitive=0.05)
    position_id = world.add(
        "team_position", household_id=world.pick(kin.households), family_id=kin.id, holder_id=who["id"],
        holder_agency_id=who["agency_id"], position=position, from_on=TODAY, until_on=None,
        **confirmed(world, by["agency_id"], 1), **by,
    )  # fmt: skip
    for record_id in {record_of(world, one, by) for one in world.some(kin.people, len(kin.people))}:
        world.join("team_position_person", position_id=position_id, identity_record_id=record_id, agency_id=by["agency_id"])


def _decision(world: World, who: dict[str, Any], agency: dict[str, Any], kin: Kin) -> None:
    by = made(world, agency["id"] if world.happens(0.3) else None, sensitive=0.05)
    if by["agency_id"] == agency["id"] and world.happens(0.7):
        by["practitioner_id"] = who["id"]
    people = kin.people if world.happens(0.6) else [world.pick(kin.people)]
    decision = world.add(
        "sharing_decision", lawful_basis="PUBLIC_TASK", special_category=None, crime_condition=None, confidence_met=None,
        purpose=world.pick(("SUPPORT", "SUPPORT", "PROTECTION")), kinds=EVERY_KIND, sensitive_kinds=EVERY_KIND,
        is_agreed_by_person=len(people) == 1, is_refusal=False, decided_by="the mother", from_on=TODAY, review_on=TODAY,
        until_on=TODAY, withdrawn_on=None, **confirmed(world, by["agency_id"], 0.9), **by,
    )  # fmt: skip
    for record_id in {record_of(world, one, by) for one in people}:
        world.join("sharing_decision_person", decision_id=decision, identity_record_id=record_id, agency_id=by["agency_id"])
    world.join("sharing_decision_receiver", decision_id=decision, receiver_id=agency["id"], agency_id=by["agency_id"])


def _about(world: World, who: dict[str, Any], agency: dict[str, Any], person: Any, kin: Kin) -> None:
    """Records of every kind about one person, some of them the focused practitioner's own."""
    mine = made(world, agency["id"], sensitive=0.4) | {"practitioner_id": who["id"]}
    health = made(world, world.pick(world.agencies(AgencyKind.HEALTH))["id"], sensitive=0.6)
    for by in (mine, health, _by_another(world, agency)):
        record_id, home = record_of(world, person, by), world.pick((None, *kin.households))
        days = {"from_on": TODAY, "until_on": None}
        if world.happens(0.4):
            world.add("involvement", identity_record_id=record_id, household_id=home, how_to_reach="ring", **days, **by)
        if world.happens(0.4):
            world.add(
                "need", identity_record_id=record_id, household_id=home, severity="ADDITIONAL", reason="x", area=agency["area"],
                **days, **by,
            )  # fmt: skip
        if world.happens(0.3):
            world.add("legal_status", identity_record_id=record_id, status="CHILD_IN_NEED", **days, **by)
        if world.happens(0.3):
            world.add("legal_hold", identity_record_id=record_id, kinds=[], reason="x", lifted_because=None, **days, **by)
        if world.happens(0.5):
            _report(world, by, person)
    if world.happens(0.3):
        one_about(
            world, "address", person, household_id=world.pick((None, *kin.households)), lines="2 High Street", postcode=None,
            is_confidential=world.happens(0.3), **world.dated(),
        )  # fmt: skip
    doors = world.agencies(AgencyKind.LOCAL_AUTHORITY)
    door = agency if agency["kind"] == "LOCAL_AUTHORITY" else world.pick(doors)
    by = _by_another(world, door) if door is agency or world.happens(0.5) else mine
    if world.happens(0.4):
        world.add(
            "contact", identity_record_id=record_of(world, person, by), front_door_id=door["id"], channel="PHONE", reason="x",
            received_on=TODAY, decided_on=None, decision=None, **by,
        )  # fmt: skip
    own = [row for row in world.rows["service"] if row["agency_id"] == agency["id"] and row["is_confidential"]]
    if own and world.happens(0.4):
        _report(world, of_service(world, own[0]), person)
    if world.happens(0.4):  # of a confidential service, and about somebody whom others know
        by = of_service(world, world.pick(world.confidential_services()))
        _confidential(world, by, record_of(world, person), kin)
    if agency["kind"] == "VOLUNTARY" and world.happens(0.3):
        _light(world, {**mine, "service_id": None, "sensitivity": "STANDARD"}, kin)


def _confidential(world: World, by: dict[str, Any], record_id: Any, kin: Kin) -> None:
    if world.happens(0.5):
        world.add(
            "attendance", identity_record_id=record_id, school_id=None, school_name="x", counted_on=TODAY, academic_year=2025,
            sessions_possible=9, sessions_attended=9, sessions_authorised=0, sessions_unauthorised=0, **by,
        )  # fmt: skip
    else:
        world.add(
            "membership", identity_record_id=record_id, household_id=world.pick(kin.households), family_id=kin.id, role="PARENT",
            from_on=TODAY, until_on=None, **by,
        )  # fmt: skip


def _light(world: World, by: dict[str, Any], kin: Kin) -> None:
    world.add(
        "support_report", kind_of_support="GROUP", given_on=TODAY, delivery="VISIT", people_reached=4, need_level=None, parts_made=0,
        is_light_touch=True, family_id=kin.id, household_id=None, **by,
    )  # fmt: skip


def _report(world: World, by: dict[str, Any], person: Any) -> None:
    by = {**by, "sensitivity": by["sensitivity"] if by["sensitivity"] == "CONFIDENTIAL" else "STANDARD"}
    report = world.add(
        "support_report", kind_of_support="LISTEN", given_on=TODAY, delivery="VISIT", people_reached=None, need_level=None,
        parts_made=1, is_light_touch=False, family_id=None, household_id=None, **by,
    )  # fmt: skip
    walls = {name: by[name] for name in ("agency_id", "service_id")}
    how = by["sensitivity"] if by["sensitivity"] == "CONFIDENTIAL" else world.pick(("STANDARD", "SENSITIVE"))
    part = world.add(
        "support_report_part", report_id=report, ordinal=1, what_was_done="x", outcome=None, is_released=world.happens(0.7),
        people=1, sensitivity=how, **walls,
    )  # fmt: skip
    world.join(
        "support_report_part_person", part_id=part, identity_record_id=record_of(world, person, by), sensitivity=how, **walls
    )
    if by["version"] > 1:
        said = {
            "what_was_done": "said once",
            "outcome": None,
            "is_released": False,
            "sensitivity": how if how == "CONFIDENTIAL" else "SENSITIVE",
        }
        for kind, record, then in (("support_report", report, {}), ("support_report_part", part, said)):
            world.join(
                "record_history", record_id=record, version=1, kind=kind, body=then, replaced_at=by["made_at"],
                sensitivity=then.get("sensitivity", by["sensitivity"]), **walls,
            )  # fmt: skip
