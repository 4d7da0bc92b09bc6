"""The rows of a database, read as its owner, told to the oracle in the words of the printed page.

Nothing is worked out here: each row becomes one fact, each column the attribute of the same meaning.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tests.proof.fact import Actor, Agency, Part, Promise, Record, Tie, World
from tests.proof.oracle import SCHOOL_WHERE_ON_ROLL
from throughline.db.base import Base
from throughline.terms.holder import KIND_HOLDER, SCHOOL_ON_ROLL
from throughline.terms.record_kind import RecordKind

LONDON = ZoneInfo("Europe/London")
KINDS = {"HEALTH": "HEALTH_SERVICE", "POLICE": "POLICE_FORCE", "VOLUNTARY": "VOLUNTARY_GROUP"}
"""Kinds of agency that the page calls by a longer name."""
HOLDERS: dict[Any, Any] = {SCHOOL_ON_ROLL: SCHOOL_WHERE_ON_ROLL, **{h: KINDS.get(k, str(k)) for k, h in KIND_HOLDER.items()}}
OF_THEIR_OWN = (
    "IDENTITY_RECORD", "IDENTITY_NUMBER", "RELATIONSHIP", "PARENTAL_RESPONSIBILITY", "TEAM_POSITION", "SHARING_DECISION",
    "SHARING_REASON",
)  # fmt: skip
"""Kinds that say more than whom they are about, each told below."""
COLUMNS = {table.name: table.c.keys() for table in Base.metadata.sorted_tables if table.schema == "portal"}
OTHERS = [(str(kind), kind.lower()) for kind in RecordKind if kind not in OF_THEIR_OWN]
ABOUT_ONE = [(kind, name) for kind, name in OTHERS if {"identity_record_id", "version"} <= set(COLUMNS.get(name, ()))]
"""Kinds about one person, each with its table: found by their columns, so that a kind that is built later is told too."""
ABOUT_SOME = [
    (kind, name, f"{name}_person", next(iter(set(COLUMNS[f"{name}_person"]) - {"identity_record_id", "agency_id"})))
    for kind, name in OTHERS
    if f"{name}_person" in COLUMNS
]
"""Kinds about several, each with its tables and the column by which those name it."""
Rows = Mapping[str, Sequence[Any]]
"""By table."""


def told(rows: Rows, today: date, now: datetime) -> World:
    """Everything, as it stands at this instant of today."""
    records = (
        *_about_one(rows, today),
        *_about_some(rows),
        *_identities(rows),
        *_reports(rows),
        *_named(rows),
        *_decisions(rows),
        *_reasons(rows),
    )
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
        now=now,
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
        "meant": row.get("must_not_be_told_id"), "safe_contact": row.get("safe_contact"),
    }  # fmt: skip


def _about_one(rows: Rows, today: date) -> Iterable[Record]:
    readers, marked = _grouped(rows["address_reader"], "address_id"), _grouped(rows["protection_reader"], "protection_id")
    for kind, table in ABOUT_ONE:
        for row in rows[table]:
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
            elif kind == "SERVICE_AGREEMENT":
                told |= {"refusal": row["is_refusal"], "word_of": row["agreed_by_record_id"], "stopped": row["withdrawn_on"]}
            elif kind == "COURT_ORDER":
                told |= {"keeps_away": row["keeps_away_id"]}
            elif kind == "EMERGENCY_ACCESS":
                told |= {"recorded": row["made_at"], "until": min(row["until_at"], row["ended_at"] or row["until_at"])}
            elif kind == "PROTECTION":
                named = [r["practitioner_id"] for r in marked[row["id"]]]
                told |= {"protects": row["what"], "recorded": row["made_at"], "named": frozenset(named)}
            elif kind == "RIGHTS_REQUEST":
                told |= {"state": row["state"]}
            yield Record(**told)


def _about_some(rows: Rows) -> Iterable[Record]:
    for kind, table, links, column in ABOUT_SOME:
        people = _grouped(rows[links], column)
        for row in rows[table]:
            yield Record(**_plain(row), kind=kind, people=_named_by(people[row["id"]]))


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
                released=part["is_released"], meant=part["must_not_be_told_id"], earlier=tuple(_earlier(then) for then in history[part["id"]]),
            )
            for part in parts[row["id"]]
        )  # fmt: skip
        yield Record(**_given(row), kind="SUPPORT_REPORT", parts=told)


def _given(report: Any) -> dict[str, Any]:
    return _plain(report) | {"start": report["given_on"]}


def _earlier(then: Any) -> tuple[str, bool, UUID | None]:
    body = json.loads(then["body"]) if isinstance(then["body"], str) else then["body"]
    meant = body.get("must_not_be_told_id")
    return body["sensitivity"], body["is_released"], meant and UUID(meant)


def _named(rows: Rows) -> Iterable[Record]:
    for kind in ("RELATIONSHIP", "PARENTAL_RESPONSIBILITY"):
        for row in rows[kind.lower()]:
            yield Record(**_plain(row), kind=kind, people=(row["identity_record_id"], row["other_identity_record_id"]))
    people = _grouped(rows["team_position_person"], "position_id")
    for row in rows["team_position"]:
        state = "CONFIRMED" if row["confirmed_by_agency_id"] else "PROPOSED"
        yield Record(
            **_plain(row), kind="TEAM_POSITION", people=_named_by(people[row["id"]]), holder=row["holder_id"],
            role=row["position"], state=state,
        )  # fmt: skip


def _decisions(rows: Rows) -> Iterable[Record]:
    people, receivers = (_grouped(rows[f"sharing_decision_{of}"], "decision_id") for of in ("person", "receiver"))
    why = {row["decision_id"]: row for row in rows["sharing_reason"]}
    for row in rows["sharing_decision"]:
        named = _named_by(people[row["id"]])
        covers = [(kind, "STANDARD") for kind in _kinds(row["kinds"])] + [(k, "SENSITIVE") for k in _kinds(row["sensitive_kinds"])]
        yield Record(
            **_plain(row), kind="SHARING_DECISION", people=named, made=row["made_at"].astimezone(LONDON).date(),
            stopped=row["withdrawn_on"], goes_on=row["reviewed_on"] if row["review_outcome"] == "GOES_ON" else None,
            word_of=why[row["id"]]["agreed_by_record_id"] if row["id"] in why else None,
            ends_with=why[row["id"]]["service_agreement_id"] if row["id"] in why else None,
            state="CONFIRMED" if row["confirmed_by_agency_id"] else "PROPOSED", covers=frozenset(covers),
            purposes=frozenset({row["purpose"]}), refusal=row["is_refusal"],
            receivers=frozenset(HOLDERS.get(r["receiver_id"], r["receiver_id"]) for r in receivers[row["id"]]),
            agreed_by=frozenset(named if row["is_agreed_by_person"] and len(named) == 1 else ()),
        )  # fmt: skip


def _reasons(rows: Rows) -> Iterable[Record]:
    people = _grouped(rows["sharing_reason_person"], "reason_id")
    for row in rows["sharing_reason"]:
        yield Record(
            **_plain(row), kind="SHARING_REASON", people=_named_by(people[row["id"]]), agreement=row["agreement"] is not None,
            decided=row["decision_id"] is not None, second=row["signed_by_id"],
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
