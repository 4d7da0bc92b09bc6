"""The rows of a database, read as its owner, told to the oracle in the words of the printed page.

Nothing is worked out here: each row becomes one fact, each column the attribute of the same meaning.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from tests.proof.oracle import SCHOOL_WHERE_ON_ROLL, Actor, Agency, Part, Promise, Record, Tie, World
from throughline.terms.holder import KIND_HOLDER, SCHOOL_ON_ROLL
from throughline.terms.record_kind import RecordKind

LONDON = ZoneInfo("Europe/London")
KINDS = {"HEALTH": "HEALTH_SERVICE", "POLICE": "POLICE_FORCE", "VOLUNTARY": "VOLUNTARY_GROUP"}
"""Kinds of agency that the page calls by a longer name."""
HOLDERS: dict[Any, Any] = {SCHOOL_ON_ROLL: SCHOOL_WHERE_ON_ROLL, **{h: KINDS.get(k, str(k)) for k, h in KIND_HOLDER.items()}}
TABLES = (
    "agency", "service", "service_member", "feed", "practitioner", "practitioner_role", "tool", "tool_role", "oauth_client",
    "connection", "household", "identity_record", "identity_number", "support_report", "support_report_part",
    "support_report_part_person", "record_history", "team_position", "team_position_person", "sharing_decision",
    "sharing_decision_person", "sharing_decision_receiver", "address", "address_reader", "relationship", "contact",
)  # fmt: skip
ABOUT_ONE = ("INVOLVEMENT", "NEED", "LEGAL_STATUS", "ENROLMENT", "ATTENDANCE", "MEMBERSHIP", "ADDRESS", "CONTACT", "ASSIGNMENT",
             "LEGAL_HOLD")  # fmt: skip
Rows = dict[str, list[Any]]


async def read(connection: asyncpg.Connection, today: date) -> World:
    """Everything, as it stands today."""
    tables = {*TABLES, *(kind.lower() for kind in ABOUT_ONE)}
    rows = {table: await connection.fetch(f"select * from portal.{table}") for table in tables}
    records = (*_about_one(rows, today), *_identities(rows), *_reports(rows), *_named(rows), *_decisions(rows))
    return World(
        agencies=tuple(
            Agency(id=a["id"], kind=KINDS.get(a["kind"], a["kind"]), area=a["area"], end=_until(a["suspended_at"]))
            for a in rows["agency"]
        ),
        actors=tuple(_actors(rows)),
        roles_held=tuple(_roles(rows)),
        service_members=tuple(_tie(row, "practitioner_id", "service_id") for row in rows["service_member"]),
        connections=tuple(
            Tie(actor=row["practitioner_id"], to=row["identity_record_id"], end=row["ended_on"]) for row in rows["connection"]
        ),
        confidential_services=frozenset(row["id"] for row in rows["service"] if row["is_confidential"]),
        families=tuple((row["id"], row["family_id"]) for row in rows["household"]),
        promises=tuple(
            Promise(agency=f["agency_id"], kind=f["kind"], due=f["covered_to"] + timedelta(days=f["promised_every_days"]))
            for f in rows["feed"]
        ),
        records=records,
    )


def _until(instant: Any) -> date | None:
    """The last day of what was ended at this instant: the day before, since it no longer stands today."""
    return instant.astimezone(LONDON).date() - timedelta(days=1) if instant else None


def _tie(row: Any, actor: str, to: str) -> Tie:
    return Tie(actor=row[actor], to=row[to], start=row.get("from_on"), end=row.get("until_on"))


def _actors(rows: Rows) -> Iterable[Actor]:
    home = {row["id"]: row["agency_id"] for table in ("practitioner", "tool") for row in rows[table]}
    for row in rows["practitioner"]:
        yield Actor(id=row["id"], agency=row["agency_id"], manager=row["manager_id"], end=_until(row["disabled_at"]))
    for row in rows["tool"]:
        yield Actor(id=row["id"], agency=row["agency_id"], end=_until(row["disabled_at"]))
    for row in rows["oauth_client"]:
        agency = home[row["practitioner_id"] or row["tool_id"]]
        yield Actor(id=row["client_id"], agency=agency, end=_until(row["disabled_at"]))


def _roles(rows: Rows) -> Iterable[Tie]:
    yield from (_tie(row, "practitioner_id", "role") for row in rows["practitioner_role"])
    yield from (_tie(row, "tool_id", "role") for row in rows["tool_role"])


def _plain(row: Any) -> dict[str, Any]:
    """What every record says of itself."""
    return {
        "id": row["id"], "agency": row["agency_id"], "service": row["service_id"], "practitioner": row.get("practitioner_id"),
        "sensitivity": row["sensitivity"], "withdrawn": row.get("withdrawn_at") is not None,
        "start": row.get("from_on"), "end": row.get("until_on"), "household": row.get("household_id"),
    }  # fmt: skip


def _about_one(rows: Rows, today: date) -> Iterable[Record]:
    readers = _grouped(rows["address_reader"], "address_id")
    for kind in ABOUT_ONE:
        for row in rows[kind.lower()]:
            told = _plain(row) | {"kind": kind, "people": (row["identity_record_id"],)}
            if kind == "ENROLMENT":
                told |= {"school": row["school_id"], "state": row["state"], "confirmed_by": row["confirmed_by_agency_id"]}
            elif kind == "MEMBERSHIP":
                told |= {"role": row["role"]}
            elif kind == "ASSIGNMENT":
                told |= {"holder": row["holder_id"]}
            elif kind == "CONTACT":
                decided = row["decided_on"] is not None and row["decided_on"] <= today
                told |= {"front_door": row["front_door_id"], "decided": decided}
            elif kind == "ADDRESS":
                named = [r["practitioner_id"] for r in readers[row["id"]] if r["agency_id"] == row["agency_id"]]
                told |= {"marked_confidential": row["is_confidential"], "named": frozenset(named)}
            yield Record(**told)


def _identities(rows: Rows) -> Iterable[Record]:
    for row in rows["identity_record"]:
        yield Record(
            **_plain(row), kind="IDENTITY_RECORD", people=(row["person_id"],), birth_date=row["date_of_birth"],
            unborn=row["is_unborn"], own_system=not row["is_made_here"], source_rank=row["source_rank"],
            recorded=row["made_at"],
        )  # fmt: skip
    for row in rows["identity_number"]:
        yield Record(**_plain(row), kind="IDENTITY_NUMBER", people=(row["identity_record_id"],), number_type=row["scheme"])


def _reports(rows: Rows) -> Iterable[Record]:
    people, history = _grouped(rows["support_report_part_person"], "part_id"), _grouped(rows["record_history"], "record_id")
    parts = _grouped(sorted(rows["support_report_part"], key=lambda row: int(row["ordinal"])), "report_id")
    for row in rows["support_report"]:
        if row["is_light_touch"]:
            yield Record(**_given(row), kind="LIGHT_TOUCH_REPORT", family=row["family_id"])
            continue
        told = tuple(
            Part(
                id=part["id"], people=_named_by(people[part["id"]]), sensitivity=part["sensitivity"],
                released=part["is_released"], earlier=tuple(_earlier(then) for then in history[part["id"]]),
            )
            for part in parts[row["id"]]
        )  # fmt: skip
        yield Record(**_given(row), kind="SUPPORT_REPORT", parts=told)


def _given(report: Any) -> dict[str, Any]:
    return _plain(report) | {"start": report["given_on"]}


def _earlier(then: Any) -> tuple[str, bool]:
    body = json.loads(then["body"]) if isinstance(then["body"], str) else then["body"]
    return body["sensitivity"], body["is_released"]


def _named(rows: Rows) -> Iterable[Record]:
    for row in rows["relationship"]:
        both = (row["identity_record_id"], row["other_identity_record_id"])
        yield Record(**_plain(row), kind="RELATIONSHIP", people=both)
    people = _grouped(rows["team_position_person"], "position_id")
    for row in rows["team_position"]:
        state = "CONFIRMED" if row["confirmed_by_agency_id"] else "PROPOSED"
        yield Record(
            **_plain(row), kind="TEAM_POSITION", people=_named_by(people[row["id"]]), holder=row["holder_id"],
            role=row["position"], state=state,
        )  # fmt: skip


def _decisions(rows: Rows) -> Iterable[Record]:
    people, receivers = (_grouped(rows[f"sharing_decision_{of}"], "decision_id") for of in ("person", "receiver"))
    for row in rows["sharing_decision"]:
        named = _named_by(people[row["id"]])
        ends = [row["until_on"], row["withdrawn_on"] and row["withdrawn_on"] - timedelta(days=1)]
        covers = [(kind, "STANDARD") for kind in _kinds(row["kinds"])] + [(k, "SENSITIVE") for k in _kinds(row["sensitive_kinds"])]
        yield Record(
            **_plain(row) | {"end": min((end for end in ends if end), default=None)}, kind="SHARING_DECISION", people=named,
            state="CONFIRMED" if row["confirmed_by_agency_id"] else "PROPOSED", covers=frozenset(covers),
            purposes=frozenset({row["purpose"]}), refusal=row["is_refusal"],
            receivers=frozenset(HOLDERS.get(r["receiver_id"], r["receiver_id"]) for r in receivers[row["id"]]),
            agreed_by=frozenset(named if row["is_agreed_by_person"] and len(named) == 1 else ()),
        )  # fmt: skip


def _kinds(bits: int) -> list[str]:
    return [str(kind) for kind in RecordKind if bits & kind.bit]


def _named_by(links: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(link["identity_record_id"] for link in links)


def _grouped(rows: Iterable[Any], key: str) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[row[key]].append(row)
    return found
