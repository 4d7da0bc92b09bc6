"""The records of a random world: every kind, in every state that the tables allow."""

from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from tests.reading.family_law import make_cautions, make_family_law
from tests.reading.sharing import make_sharing
from tests.reading.worlds import (
    AREAS,
    NOW,
    TODAY,
    Kin,
    Who,
    World,
    make_directory,
    make_people,
    make_staff,
    publish_counts,
)
from throughline.terms.agency_kind import SCHOOLS, AgencyKind
from throughline.terms.holder import KIND_HOLDER, SCHOOL_ON_ROLL
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind
from throughline.terms.work import ConnectionKind, Delivery, HouseholdRole, RelationshipKind

EVERY_KIND = sum(kind.bit for kind in RecordKind)
NEED_AND_INVOLVEMENT = RecordKind.NEED.bit | RecordKind.INVOLVEMENT.bit


def make_world(seed: int) -> World:
    world = World(seed)
    make_directory(world)
    make_staff(world)
    make_people(world)
    for kin in world.kin:
        make_memberships(world, kin)
        make_team(world, kin)
        make_decisions(world, kin)
        make_reports(world, kin)
    for who in world.people:
        make_schooling(world, who)
        make_facts(world, who)
        make_openers(world, who)
    make_sharing(world, Random(seed))  # noqa: S311  # as below
    for kin in world.kin:
        make_family_law(world, kin, made, record_of)
    make_cautions(world, Random(seed + 1))  # noqa: S311
    make_emergencies(world, Random(seed + 1))  # noqa: S311  # as the next
    for who in world.people:  # last, so that the rest stays as it was
        make_protection(world, who)
    for who in world.people:
        make_requests(world, who)
    make_earlier_versions(world, Random(seed))  # noqa: S311  # repeatable; of its own, so that the rest stays as it was
    publish_counts(world, Random(seed))  # noqa: S311  # as these
    return world


def made(world: World, agency_id: UUID | None = None, *, sensitive: float = 0.3) -> dict[str, Any]:
    """The columns that every record has."""
    agency = agency_id or world.pick(world.agencies())["id"]
    ordinary = [s["id"] for s in world.rows["service"] if s["agency_id"] == agency and not s["is_confidential"]]
    is_withdrawn = world.happens(0.1)
    return {
        "agency_id": agency,
        "service_id": world.pick(ordinary) if ordinary and world.happens(0.3) else None,
        "practitioner_id": world.pick(world.staff(agency))["id"] if world.staff(agency) and world.happens(0.85) else None,
        "version": world.chance.randint(1, 3),
        "sensitivity": "SENSITIVE" if world.happens(sensitive) else "STANDARD",
        "made_at": world.instant(),
        "withdrawn_at": world.instant() if is_withdrawn else None,
        "withdrawn_reason": "a wrong child" if is_withdrawn else None,
    }


def of_service(world: World, service: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The columns of a record that a confidential service made."""
    columns = made(world, service["agency_id"])
    members = world.members(service["id"])
    maker = world.pick(members) if members else None
    return {**columns, "service_id": service["id"], "practitioner_id": maker, "sensitivity": "CONFIDENTIAL", **changes}


def record_of(world: World, who: Who, made_by: dict[str, Any] | None = None) -> UUID:
    """One of a person's identity records: its maker's own where there is one; a service's own only for that service."""
    if made_by and made_by["sensitivity"] == "CONFIDENTIAL":
        own = [r for r in who.records if r["service_id"] == made_by["service_id"]]
        return UUID(str(world.pick(own or who.ordinary())["id"]))
    own = [r for r in who.ordinary() if made_by and r["agency_id"] == made_by["agency_id"]]
    chosen = world.pick(who.records if world.happens(0.03) else own or who.ordinary())
    return UUID(str(chosen["id"]))


def confirmed(world: World, agency_id: UUID, share: float = 0.85) -> dict[str, Any]:
    others = [a["id"] for a in world.agencies() if a["id"] != agency_id]
    by = world.pick(others) if world.happens(share) else None
    return {"confirmed_by_agency_id": by, "confirmed_by_id": None, "confirmed_at": world.instant() if by else None}


def one_about(world: World, table: str, who: Who, **columns: Any) -> UUID:
    services = [r["service_id"] for r in who.records if r["service_id"]]
    if services and world.happens(0.15):
        service = next(s for s in world.rows["service"] if s["id"] == services[0])
        by = of_service(world, service)
    else:
        by = made(world)
    return world.add(table, identity_record_id=record_of(world, who, by), **by, **columns)


def make_memberships(world: World, kin: Kin) -> None:
    for place, who in enumerate(kin.people):
        homes = kin.households if who.is_child and world.happens(0.5) else [kin.households[place % len(kin.households)]]
        for home in homes:
            role = HouseholdRole.CHILD if who.is_child else HouseholdRole.PARENT
            one_about(world, "membership", who, household_id=home, family_id=kin.id, role=str(role), **world.dated(0.85))
    for _ in range(world.chance.randint(1, 4)):
        one, other = world.chance.sample(kin.people, 2)
        by = made(world, sensitive=0.15)
        world.add(
            "relationship", identity_record_id=record_of(world, one, by), other_identity_record_id=record_of(world, other, by),
            household_id=world.pick((None, *kin.households)), kind=str(world.pick(list(RelationshipKind))),
            how_known=world.pick((None, "said by the mother\n«so»")),
            from_on=world.pick((None, world.day(-900, 0))), until_on=None, **by,
        )  # fmt: skip


def make_team(world: World, kin: Kin) -> None:
    for position in ("LEAD", "MEMBER", "MEMBER", "ALLOCATED_SOCIAL_WORKER", "LEAD", "MEMBER"):
        holders = world.rows["practitioner"]
        if position == "ALLOCATED_SOCIAL_WORKER":
            social = {r["practitioner_id"] for r in world.rows["practitioner_role"] if r["role"] == "SOCIAL_WORKER"}
            holders = [p for p in holders if p["id"] in social]
        holder = world.pick(holders)
        by = made(world, sensitive=0.1)
        position_id = world.add(
            "team_position", household_id=world.pick(kin.households), family_id=kin.id, holder_id=holder["id"],
            holder_agency_id=holder["agency_id"], position=position, **world.dated(0.8), **confirmed(world, by["agency_id"]), **by,
        )  # fmt: skip
        named = {record_of(world, who, by) for who in world.some(kin.people, len(kin.people))}
        for record_id in named:
            world.join("team_position_person", position_id=position_id, identity_record_id=record_id, agency_id=by["agency_id"])


def make_decisions(world: World, kin: Kin) -> None:
    holders = [*KIND_HOLDER.values(), SCHOOL_ON_ROLL, SCHOOL_ON_ROLL, *(a["id"] for a in world.agencies())]
    for _ in range(world.chance.randint(2, 5)):
        by = made(world, sensitive=0.1)
        until = world.pick((TODAY, world.day(0, 200), world.day(0, 200), world.day(-200, -1)))
        first = min(world.day(-300, 0), until)
        is_gone = world.happens(0.1)
        decision = world.add(
            "sharing_decision", lawful_basis="PUBLIC_TASK", special_category=None, crime_condition=None, confidence_met=None,
            purpose=str(world.pick((Purpose.SUPPORT, Purpose.SUPPORT, Purpose.SUPPORT, Purpose.PROTECTION))),
            kinds=world.pick((EVERY_KIND, EVERY_KIND, RecordKind.SUPPORT_REPORT.bit, NEED_AND_INVOLVEMENT)),
            sensitive_kinds=world.pick((0, EVERY_KIND, RecordKind.SUPPORT_REPORT.bit)), is_agreed_by_person=world.happens(0.6),
            is_refusal=world.happens(0.1), decided_by="the mother", from_on=first, review_on=first, until_on=until,
            withdrawn_on=world.pick((TODAY, TODAY + timedelta(days=1), world.day(-30, 0))) if is_gone else None,
            reviewed_on=None, review_outcome=None,
            **confirmed(world, by["agency_id"]), **by,
        )  # fmt: skip
        for record_id in {record_of(world, who, by) for who in world.some(kin.people, len(kin.people))}:
            world.join("sharing_decision_person", decision_id=decision, identity_record_id=record_id, agency_id=by["agency_id"])
        for receiver in set(world.some(holders, 6, 2)):
            world.join("sharing_decision_receiver", decision_id=decision, receiver_id=receiver, agency_id=by["agency_id"])


def make_reports(world: World, kin: Kin) -> None:
    for _ in range(world.chance.randint(6, 14)):
        is_confidential = world.happens(0.15)
        by = of_service(world, world.pick(world.confidential_services())) if is_confidential else made(world, sensitive=0)
        _report(world, kin, by)
    for _ in range(2):
        by = {**made(world, world.pick(world.agencies(AgencyKind.VOLUNTARY))["id"], sensitive=0), "service_id": None}
        _common(world, by, 0, kind="GROUP", is_light_touch=True, family_id=world.pick((None, kin.id)), household_id=None)


def _common(world: World, by: dict[str, Any], parts: int, *, kind: str, **columns: Any) -> UUID:
    return world.add(
        "support_report", kind_of_support=kind, given_on=world.day(-60, 0), delivery=str(world.pick(list(Delivery))),
        people_reached=world.pick((None, 1, 10_000)), need_level=world.pick((None, "ADDITIONAL")), parts_made=parts,
        **{"is_light_touch": False, "family_id": None, **columns}, **by,
    )  # fmt: skip


def _report(world: World, kin: Kin, by: dict[str, Any]) -> None:
    """One to three parts, each about one to three people, of whom one may be of another family."""
    parts = world.pick((1, 1, 2, 3))
    home = world.pick((None, None, *kin.households))
    report = _common(world, by, parts, kind=world.pick(("LISTEN", "THERAPY")), household_id=home)
    for ordinal in range(1, parts + 1):
        about = world.some(kin.people, world.pick((1, 1, 2, 3)))
        if world.happens(0.1):
            about.append(world.pick(world.people))
        records = {record_of(world, who, by) for who in about}
        walls = {
            "agency_id": by["agency_id"],
            "service_id": by["service_id"],
            "sensitivity": by["sensitivity"]
            if by["sensitivity"] == "CONFIDENTIAL"
            else world.pick(("STANDARD", "STANDARD", "SENSITIVE")),
        }
        part = world.add(
            "support_report_part", report_id=report, ordinal=ordinal, what_was_done="«We» talked;\r\n\"well\" \x07 \\ done",
            outcome=world.pick((None, "better")), is_released=world.happens(0.5), people=len(records), **walls,
        )  # fmt: skip
        for record_id in records:
            world.join("support_report_part_person", part_id=part, identity_record_id=record_id, **walls)


def make_earlier_versions(world: World, chance: Random) -> None:
    """What amendments replaced: a part that was more, or less, sensitive once, or not released yet."""
    parts = world.rows["support_report_part"]
    for report in world.rows["support_report"]:
        for version in range(1, report["version"]):
            changed = [part for part in parts if part["report_id"] == report["id"] and chance.random() < 0.6]
            for kind, row in (("support_report", report), *(("support_report_part", part) for part in changed)):
                then = {}
                if kind == "support_report_part":
                    is_open = row["sensitivity"] != "CONFIDENTIAL"
                    then = {
                        "what_was_done": f"as it stood in «{version}»", "outcome": chance.choice((None, "\"none\" yet")),
                        "is_released": chance.random() < 0.5,
                        "sensitivity": chance.choice(("STANDARD", "STANDARD", "SENSITIVE")) if is_open else "CONFIDENTIAL",
                        "must_not_be_told": chance.choice((None, f"not «{version}»")), "safe_contact": row["safe_contact"],
                        "must_not_be_told_id": row["must_not_be_told_id"] and str(row["must_not_be_told_id"]),
                    }  # fmt: skip
                walls = {name: row[name] for name in ("agency_id", "service_id")}
                world.join(
                    "record_history", record_id=row["id"], version=version, kind=kind, body=then, replaced_at=_replaced(chance),
                    sensitivity=then.get("sensitivity", row["sensitivity"]), **walls,
                )  # fmt: skip


def _replaced(chance: Random) -> datetime:
    return datetime.combine(TODAY - timedelta(days=chance.randint(1, 90)), time(9, 0, 0, chance.randint(0, 999_999)), UTC)


def make_schooling(world: World, who: Who) -> None:
    if not who.is_child:
        return
    for _ in range(world.pick((1, 2, 3))):
        school = world.pick(world.agencies(*SCHOOLS))["id"]
        by = made(world, sensitive=0.05)
        settled = confirmed(world, by["agency_id"])
        if settled["confirmed_by_agency_id"] == school and by["agency_id"] == school:
            continue
        state = "CONFIRMED" if settled["confirmed_by_agency_id"] else "PROPOSED"
        world.add(
            "enrolment",
            identity_record_id=record_of(world, who, by),
            school_id=school,
            state=state,
            **settled,
            **world.dated(0.7),
            **by,
        )
    one_about(
        world, "attendance", who, school_id=None, school_name="A school", counted_on=world.day(-300, 0), academic_year=2025,
        sessions_possible=100, sessions_attended=90, sessions_authorised=6, sessions_unauthorised=4,
    )  # fmt: skip


def make_facts(world: World, who: Who) -> None:
    """What is recorded about one person."""
    homes = [home for kin in world.kin if who in kin.people for home in kin.households]
    for _ in range(world.pick((0, 1, 2))):
        one_about(world, "involvement", who, household_id=world.pick((None, *homes)), how_to_reach="ring", **world.dated())
    for _ in range(world.pick((0, 1, 2))):
        one_about(
            world, "need", who, household_id=world.pick((None, *homes)),
            severity=world.pick(("ADDITIONAL", "INTENSIVE", "UNIVERSAL")), reason="tired", area=world.pick(AREAS), **world.dated(),
        )  # fmt: skip
    if world.happens(0.5):
        one_about(world, "legal_status", who, status=world.pick(("CHILD_IN_NEED", "LOOKED_AFTER")), **world.dated())
    if world.happens(0.3):
        ended = world.pick((None, TODAY))
        one_about(
            world, "legal_hold", who, kinds=world.pick(([], ["NEED", "SUPPORT_REPORT"])), reason="the inquiry", from_on=world.day(-30, 0),
            until_on=ended, lifted_because="it is over" if ended else None,
        )  # fmt: skip
    for _ in range(world.pick((0, 1, 1))):
        address = one_about(
            world, "address", who, household_id=world.pick((None, *homes)), lines="1 High Street\nNorthshire", postcode=None,
            is_confidential=world.happens(0.4), **world.dated(),
        )  # fmt: skip
        for reader in world.some(world.rows["practitioner"], 6, 0):
            world.join(
                "address_reader", address_id=address, practitioner_id=reader["id"], agency_id=world.rows["address"][-1]["agency_id"]
            )


def make_protection(world: World, who: Who) -> None:
    """Now and then, who or where somebody is, is for one agency to say."""
    if world.happens(0.06):
        mark = one_about(
            world, "protection", who, what=world.pick(("IDENTITY", "WHEREABOUTS", "WHEREABOUTS")), reason="a threat",
            lifted_because=None, **world.dated(0.8),
        )  # fmt: skip
        made_so = world.rows["protection"][-1]
        custodian = made_so["agency_id"]
        if (
            made_so["sensitivity"] == "CONFIDENTIAL"
        ):  # by no act: a mark is never a confidential service's, nor names anybody by its records
            made_so |= {"sensitivity": "STANDARD", "service_id": None}
        if made_so["identity_record_id"] not in [row["id"] for row in who.ordinary()]:
            made_so["identity_record_id"] = who.ordinary()[0]["id"]
        for reader in world.some(world.rows["practitioner"], 3, 0):
            world.join("protection_reader", protection_id=mark, practitioner_id=reader["id"], agency_id=custodian)


def make_openers(world: World, who: Who) -> None:
    """What opens access to one person and is no record: assignments, connections; and contacts, which are."""
    for record in who.records:
        for colleague in world.staff(record["agency_id"]):
            if world.happens(0.4):
                world.add(
                    "assignment", agency_id=record["agency_id"], holder_id=colleague["id"], version=1, sensitivity=record["sensitivity"],
                    service_id=record["service_id"], made_at=world.instant(),
                    identity_record_id=record["id"], **world.dated(0.8),
                )  # fmt: skip
    if world.happens(0.3):
        by = made(world)
        doors = [a["id"] for a in world.agencies(AgencyKind.LOCAL_AUTHORITY) if a["id"] != by["agency_id"]]
        decided = world.pick((None, None, TODAY, world.day(0, 5)))
        world.add(
            "contact", identity_record_id=record_of(world, who, by), front_door_id=world.pick(doors), channel="PHONE",
            reason="noise", received_on=world.day(-30, 0), decided_on=decided, decision="no action" if decided else None, **by,
        )  # fmt: skip
    if world.happens(0.15):
        walled = world.pick(world.rows["practitioner"])
        world.add(
            "connection", agency_id=walled["agency_id"], practitioner_id=walled["id"], identity_record_id=record_of(world, who),
            kind=str(world.pick(list(ConnectionKind))), made_at=world.instant(),
            ended_on=world.pick((None, None, world.day(-10, 5))),
        )  # fmt: skip


def make_emergencies(world: World, chance: Random) -> None:
    """Records opened for hours: some run now, to the microsecond; some were reviewed, or are overdue."""
    openers = {
        row["practitioner_id"] for row in world.rows["practitioner_role"]
        if row["role"] in ("SAFEGUARDING_LEAD", "HEALTH_PRACTITIONER", "TRIAGE_WORKER", "SOCIAL_WORKER")
    }  # fmt: skip
    for opener in [row for row in world.rows["practitioner"] if row["id"] in openers]:
        for who in chance.sample(world.people, min(3, len(world.people))):
            open_in_emergency(world, chance, opener, who)


def open_in_emergency(world: World, chance: Random, opener: dict[str, Any], who: Who) -> None:
    hours = chance.choice((1, 24))
    late = timedelta(microseconds=chance.choice((0, 1)))
    made_at = chance.choice((NOW, NOW - timedelta(hours=hours) + late, NOW - timedelta(minutes=59), NOW - timedelta(days=9)))
    colleagues = [row["id"] for row in world.staff(opener["agency_id"]) if row["id"] != opener["id"]]
    is_reviewed = bool(colleagues) and chance.random() < 0.3
    world.add(
        "emergency_access", identity_record_id=chance.choice(who.ordinary())["id"], agency_id=opener["agency_id"],
        service_id=None, practitioner_id=opener["id"], version=1, sensitivity="SENSITIVE", made_at=made_at,
        withdrawn_at=None, withdrawn_reason=None, ground="URGENT_CARE", reason="«hurt»\n\"badly\"", hours=hours,
        opened_on=made_at.date(), until_at=made_at + timedelta(hours=hours),
        ended_at=chance.choice((None, None, None, NOW, NOW + timedelta(microseconds=1))),
        review_due_on=made_at.date() + timedelta(days=5), outcome="JUSTIFIED" if is_reviewed else None,
        findings="it was right" if is_reviewed else None, reviewed_at=NOW if is_reviewed else None,
        reviewed_by_id=chance.choice(colleagues) if is_reviewed else None,
    )  # fmt: skip


def make_requests(world: World, who: Who) -> None:
    """Somebody asks an agency for what it keeps about them; mostly a second person has approved it."""
    for _ in range(world.pick((0, 1, 2))):
        state = world.pick(("OPEN", "CHECKED", "CLOSED", "APPROVED", "APPROVED", "APPROVED"))
        one_about(
            world, "rights_request", who, asked_by=world.pick(("PERSON", "PARENT")), received_on=world.day(-30, 0), due_on=world.day(1, 30),
            state=state, identity_check=None if state == "OPEN" else "PHOTO_DOCUMENT", outcome="REFUSED" if state == "CLOSED" else None,
            approved_by_id=None, approved_at=None,
        )  # fmt: skip
        made_by = world.rows["rights_request"][-1]
        if state == "APPROVED":
            opener, approver = world.chance.sample(world.rows["practitioner"], 2)
            made_by |= {"practitioner_id": opener["id"], "approved_by_id": approver["id"], "approved_at": world.instant()}
        if world.happens(0.4):
            owner = {name: made_by[name] for name in ("agency_id", "service_id", "sensitivity", "practitioner_id")}
            world.join(
                "left_out", request_id=made_by["id"], left_out_id=world.new_id(), reason="THIRD_PARTY", at=world.instant(), **owner
            )
