"""Every field of the schema, resolved in the plainest way: by a function of its own, or as a column of its row."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from tests.reading import slow_directory, slow_roots, slow_viewer_can
from tests.reading.rows import runs_on
from tests.reading.sight import LONDON, Seen, Sight
from tests.reading.slow_pages import Cursors, page
from tests.reading.verdicts import meets
from throughline.access.policy import RULES
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.holder import KIND_HOLDER, SCHOOL_ON_ROLL
from throughline.terms.record_kind import RecordKind as K


@dataclass
class Desk:
    """One request: who asks, and the ids of whatever was handed out."""

    engine: AsyncEngine
    sight: Sight | None
    cursors: Cursors
    secret: bytes
    seen: set[UUID] = field(default_factory=set)

    @property
    def eye(self) -> Sight:
        assert self.sight is not None
        return self.sight


@dataclass(eq=False)
class Someone:
    id: UUID
    sentences: tuple[int, ...] = (1,)
    score: int = 0
    type_name: str = "Person"


@dataclass(eq=False)
class Home:
    """A family."""

    id: UUID
    members: list[Seen]
    type_name: str = "Family"

    @property
    def people(self) -> set[UUID]:
        return {person for member in self.members for person in member.people}


@dataclass(eq=False)
class Plain:
    """A row of the directory, or a part of a report: nothing to judge."""

    row: Any


HISTORY = (
    K.SUPPORT_REPORT, K.INVOLVEMENT, K.NEED, K.LEGAL_STATUS, K.ENROLMENT, K.ATTENDANCE, K.MEMBERSHIP, K.RELATIONSHIP,
    K.TEAM_POSITION, K.SHARING_DECISION, K.ADDRESS, K.CONTACT, K.SERVICE_AGREEMENT, K.SHARING_REASON, K.PARENTAL_RESPONSIBILITY, K.COURT_ORDER,
    K.EMERGENCY_ACCESS,
)  # fmt: skip
SECTIONS = (K.SUPPORT_REPORT, K.INVOLVEMENT, K.NEED, K.LEGAL_STATUS, K.ENROLMENT)
PAGED = {"supportReports": K.SUPPORT_REPORT, "involvements": K.INVOLVEMENT, "needs": K.NEED}
LISTED = {
    "enrolments": K.ENROLMENT, "attendance": K.ATTENDANCE, "legalStatuses": K.LEGAL_STATUS, "relationships": K.RELATIONSHIP,
    "parentalResponsibilities": K.PARENTAL_RESPONSIBILITY, "courtOrders": K.COURT_ORDER,
    "addresses": K.ADDRESS, "contacts": K.CONTACT, "sharingDecisions": K.SHARING_DECISION, "sharingReasons": K.SHARING_REASON,
    "serviceAgreements": K.SERVICE_AGREEMENT, "team": K.TEAM_POSITION,
    "assignments": K.ASSIGNMENT, "identityRecords": K.IDENTITY_RECORD, "numbers": K.IDENTITY_NUMBER,
    "emergencyAccesses": K.EMERGENCY_ACCESS, "protections": K.PROTECTION, "rightsRequests": K.RIGHTS_REQUEST, "legalHolds": K.LEGAL_HOLD,
}  # fmt: skip
NAMES = ("givenName", "familyName", "dateOfBirth", "isUnborn")
DIRECTORY = {
    "madeBy": ("agency", "agency_id"), "madeByService": ("service", "service_id"),
    "madeByPractitioner": ("practitioner", "practitioner_id"),
    "agency": ("agency", "agency_id"), "school": ("agency", "school_id"), "frontDoor": ("agency", "front_door_id"),
    "confirmedBy": ("agency", "confirmed_by_agency_id"), "holder": ("practitioner", "holder_id"),
    "signedBy": ("practitioner", "signed_by_id"), "reviewedBy": ("practitioner", "reviewed_by_id"),
    "checkedBy": ("practitioner", "checked_by_id"), "approvedBy": ("practitioner", "approved_by_id"),
    "household": ("household", "household_id"),
}  # fmt: skip
COLUMNS = {("FamilyMember", "from"): "from_on", ("FamilyMember", "to"): "until_on"}
HOLDERS = {**{holder: str(kind) for kind, holder in KIND_HOLDER.items()}, SCHOOL_ON_ROLL: "SCHOOL_ON_ROLL"}
assert len(HOLDERS) == len(AgencyKind) + 1


def value(desk: Desk, source: Any, type_name: str, name: str, arguments: Mapping[str, Any]) -> Any:
    found = _value(desk, source, type_name, name, arguments)
    for one in found if isinstance(found, list) else [found]:
        note(desk, one)
    return found


def note(desk: Desk, shown: Any) -> None:
    """What is handed out is noted, as the trail must."""
    if isinstance(shown, Someone | Home):
        desk.seen.add(shown.id)
    elif isinstance(shown, Seen) or (isinstance(shown, Plain) and shown.row.__tablename__ == "support_report_part"):
        desk.seen.add(shown.row.id)
    elif isinstance(shown, Plain) and shown.row.__tablename__ == "record_history":
        desk.seen.add(shown.row.record_id)
    elif isinstance(shown, dict) and "edges" in shown:
        for edge in shown["edges"]:
            note(desk, edge["node"])


def _value(desk: Desk, source: Any, type_name: str, name: str, arguments: Mapping[str, Any]) -> Any:
    if type_name == "Query":
        return slow_roots.root(desk, name, arguments)
    if isinstance(source, dict):
        return source[name]
    if isinstance(source, Someone | Home) and name == "id":
        return source.id
    if isinstance(source, Someone):
        return _of_person(desk, source, name, arguments)
    if isinstance(source, Home):
        return _of_family(desk, source, name, arguments)
    if (type_name, name) == ("RightsRequest", "disclosures"):  # nothing has been unfolded from the trail of these worlds
        return _page(desk, "RightsRequest.disclosures", arguments, [], source.row.id)
    return _of_row(desk, source, type_name, name)


def _of_person(desk: Desk, who: Someone, name: str, arguments: Mapping[str, Any]) -> Any:
    if name in NAMES:
        return named(desk, who.id)[name]
    if name == "seenBecause":
        return sentences(who.sentences)
    if name == "viewerCan":
        return slow_viewer_can.about_person(desk, who.id)
    if name == "families":
        found = {one.row.family_id for one in desk.eye.about([who.id], K.MEMBERSHIP) if _is_current(desk, one)}
        return [home for family in sorted(found) if (home := home_of(desk, family))]
    return _of_people(desk, "Person", who.id, {who.id}, name, arguments)


def _of_family(desk: Desk, home: Home, name: str, arguments: Mapping[str, Any]) -> Any:
    if name == "members":
        return sorted(home.members, key=lambda one: (one.row.from_on, one.row.id))
    if name == "households":
        found = {one.row.household_id: desk.eye.rows.household[one.row.household_id] for one in home.members}
        return [Plain(row) for row in sorted(found.values(), key=lambda row: (row.made_at, row.id))]
    if name == "leadPractitioner":
        team = desk.eye.about(home.people, K.TEAM_POSITION)
        leads = [one for one in team if one.row.position == "LEAD" and one.row.confirmed_by_agency_id and _is_current(desk, one)]
        return min(leads, key=lambda one: (-one.row.from_on.toordinal(), one.row.id), default=None)
    if name == "lightTouchReports":
        return light_touch(desk, lambda row: row.family_id == home.id)
    return _of_people(desk, "Family", home.id, home.people, name, arguments)


def light_touch(desk: Desk, test: Callable[[Any], bool]) -> list[Seen]:
    found = [one for one in desk.eye.seen if one.kind is K.LIGHT_TOUCH_REPORT and test(one.row)]
    return sorted(found, key=lambda one: (one.row.given_on, one.row.id))


def _of_people(desk: Desk, type_name: str, owner: UUID, people: set[UUID], name: str, arguments: Mapping[str, Any]) -> Any:
    """What stands beneath a person and beneath a family alike."""
    if name in PAGED:
        return _page(desk, f"{type_name}.{name}", arguments, desk.eye.about(people, PAGED[name]), owner)
    if name in LISTED:
        found = desk.eye.about(people, LISTED[name])
        return sorted(found, key=lambda one: (one.day is not None, one.day, one.row.id) if one.day else (False, one.row.id))
    if name in ("history", "records"):
        kinds = arguments.get("kinds")
        chosen = [kind for kind in HISTORY if kinds is None or kind in kinds]
        return _page(desk, f"{type_name}.{name}", arguments, desk.eye.about(people, *chosen) if chosen else [], owner)
    assert name == "sections", name
    return [_section(desk, people, kind) for kind in SECTIONS]


def _page(desk: Desk, path: str, arguments: Mapping[str, Any], found: list[Seen], owner: UUID) -> dict[str, Any]:
    return page(desk.cursors, path, arguments, found, lambda one: (one.day, one.row.id), owner)


def _section(desk: Desk, people: set[UUID], kind: K) -> dict[str, Any]:
    eye = desk.eye
    feeds = [feed for feed in eye.rows.of("feed") if feed.area == eye.me.area and feed.kind == kind]
    days_late = [(eye.me.today - feed.covered_to).days - feed.promised_every_days for feed in feeds]
    states = {
        "VISIBLE": bool(eye.about(people, kind)),
        "WITHHELD": bool(people & eye.known.get(kind, set())),
        "NOT_CONNECTED": not feeds,
        "STALE": bool(feeds) and min(days_late) > 0,
        "NONE_RECORDED": True,
    }
    return {
        "kind": str(kind),
        "state": next(state for state, holds in states.items() if holds),
        "coveredFrom": min((feed.covered_from for feed in feeds), default=None),
        "coveredTo": max((feed.covered_to for feed in feeds), default=None),
    }


def _of_row(desk: Desk, source: Any, type_name: str, name: str) -> Any:
    row = source.row
    if isinstance(source, Seen) and name in _OF_RECORD:
        return _OF_RECORD[name](desk, source)
    if (type_name, name) in _OF_TYPE:
        return _OF_TYPE[type_name, name](desk, source)
    if name in DIRECTORY:
        table, key = DIRECTORY[name]
        wanted = getattr(row, key)
        return Plain(getattr(desk.eye.rows, table)[wanted]) if wanted else None
    return getattr(row, COLUMNS.get((type_name, name)) or re.sub("(?=[A-Z])", "_", name).lower())


def _kinds_in(bits: int) -> list[str]:
    return [str(kind) for kind in K if bits & kind.bit]


def _receivers(desk: Desk, source: Seen) -> list[str]:
    found = [row for row in desk.eye.rows.of("sharing_decision_receiver") if row.decision_id == source.row.id]
    agencies = desk.eye.rows.agency
    ordered = sorted(row.receiver_id for row in found)
    return [agencies[one].name if one in agencies else HOLDERS[one] for one in ordered]


def _receivers_of_reason(desk: Desk, source: Seen) -> list[str]:
    agencies = desk.eye.rows.agency
    return [agencies[one].name if one in agencies else HOLDERS[one] for one in sorted(source.row.receiver_ids)]


def is_due(desk: Desk, row: Any) -> bool:
    today = desk.eye.me.today
    return bool(row.review_on <= today <= row.until_on and row.withdrawn_on is None and row.withdrawn_at is None)


def _needed_by(desk: Desk, source: Seen) -> date | None:
    """Ten days from the first withdrawal of an agreement by one of its people after which nobody has decided, that day included."""
    rows, reason = desk.eye.rows, source.row
    decision = next((row for row in rows.of("sharing_decision") if row.id == reason.decision_id), None)
    if decision is None or decision.withdrawn_on or decision.is_refusal:
        return None
    agreements = rows.of("service_agreement")
    if any(one.id == reason.service_agreement_id and one.withdrawn_on for one in agreements):
        return None
    whose = {rows.identity[link.identity_record_id].person_id for link in rows.in_reason[reason.id]}
    days = [
        one.withdrawn_on for one in agreements
        if one.withdrawn_on and one.withdrawn_at is None and not one.is_refusal and one.sensitivity != "CONFIDENTIAL"
        and rows.identity[one.identity_record_id].sensitivity != "CONFIDENTIAL"
        and rows.identity[one.identity_record_id].person_id in whose
        and decision.made_at.astimezone(LONDON).date() <= one.withdrawn_on
        and not (decision.review_outcome == "GOES_ON" and decision.reviewed_on >= one.withdrawn_on)
    ]  # fmt: skip
    return min(days) + timedelta(days=9) if days else None


def review_state(desk: Desk, row: Any) -> str:
    if row.outcome is not None:
        return "REVIEWED"
    return "OVERDUE" if row.review_due_on < desk.eye.me.today else "WAITING"


def _readers(desk: Desk, source: Seen) -> list[Plain]:
    found = [row.practitioner_id for row in desk.eye.rows.of("protection_reader") if row.protection_id == source.row.id]
    return [Plain(desk.eye.rows.practitioner[one]) for one in sorted(found)]


def _label(desk: Desk, source: Seen) -> str | None:
    found = [one for one in desk.eye.rows.of("need_label") if (one.area, one.severity) == (source.row.area, source.row.severity)]
    return found[0].label if found else None


def _about_part(desk: Desk, source: Plain) -> list[Someone]:
    links = desk.eye.rows.in_part[source.row.id]
    return people_of({desk.eye.rows.identity[link.identity_record_id].person_id for link in links})


def _earlier_versions(desk: Desk, source: Seen) -> list[Plain]:
    stood = desk.eye.rows.replaced[source.row.id] if source.row.id in desk.eye.recalled else []
    return [Plain(row) for row in sorted(stood, key=lambda row: -int(row.version))][:20]


def _parts_replaced(desk: Desk, source: Plain) -> list[Plain]:
    parts = sorted(desk.eye.rows.parts[source.row.record_id], key=lambda part: int(part.ordinal))
    return [Plain(row) for part in parts for row in desk.eye.rows.replaced[part.id] if row.version == source.row.version]


def _as_it_stood(name: str) -> Callable[[Desk, Plain], Any]:
    return lambda _, source: source.row.body[name]


def _about_part_then(desk: Desk, source: Plain) -> list[Someone]:
    links = desk.eye.rows.in_part[source.row.record_id]
    return people_of({desk.eye.rows.identity[link.identity_record_id].person_id for link in links})


def _one_of_two(key: str) -> Callable[[Desk, Seen], Someone]:
    return lambda desk, source: Someone(desk.eye.rows.identity[getattr(source.row, key)].person_id)


def _keeps_away(desk: Desk, source: Seen) -> Someone | None:
    """Whoever must keep away shows by a record about them, and not by the order."""
    if source.row.keeps_away_id is None:
        return None
    person = desk.eye.person_of(source.row.keeps_away_id)
    return Someone(person) if person in desk.eye.visible else None


def _cautions(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    told, safe = row.get("must_not_be_told"), row.get("safe_contact")
    return [{"mustNotBeTold": told, "safeContact": safe}] if told is not None or safe is not None else []


def _leaves_out(desk: Desk, source: Seen) -> list[Plain]:
    found = [row for row in desk.eye.rows.of("left_out") if row.request_id == source.row.id]
    return [Plain(row) for row in sorted(found, key=lambda row: (row.at, row.left_out_id))]


def _kind_of_support(desk: Desk, source: Seen) -> Plain:
    return Plain(next(row for row in desk.eye.rows.of("support_kind") if row.code == source.row.kind_of_support))


_OF_RECORD: dict[str, Callable[[Desk, Seen], Any]] = {
    "about": lambda _, source: people_of(set(source.people)),
    "seenBecause": lambda _, source: sentences(source.sentences),
    "viewerCan": slow_viewer_can.with_record,
    "cautions": lambda _, source: [one for row in (source.parts or [source.row]) for one in _cautions(vars(row))],
}
_OF_TYPE: dict[tuple[str, str], Callable[[Desk, Any], Any]] = {
    ("FamilyMember", "person"): lambda _, source: Someone(source.people[0]),
    ("Relationship", "person"): _one_of_two("identity_record_id"),
    ("Relationship", "other"): _one_of_two("other_identity_record_id"),
    ("ParentalResponsibility", "holder"): _one_of_two("identity_record_id"),
    ("ParentalResponsibility", "child"): _one_of_two("other_identity_record_id"),
    ("CourtOrder", "keepsAway"): _keeps_away,
    ("SupportReportPart", "caution"): lambda _, source: next(iter(_cautions(vars(source.row))), None),
    ("SupportReportPartVersion", "caution"): lambda _, source: next(iter(_cautions(source.row.body)), None),
    ("Need", "label"): _label,
    ("SupportReport", "parts"): lambda _, source: [Plain(part) for part in source.parts],
    ("SupportReport", "kindOfSupport"): _kind_of_support,
    ("SupportReportPart", "about"): _about_part,
    ("SupportReport", "earlierVersions"): _earlier_versions,
    ("SupportReportVersion", "replacedBy"): lambda desk, source: Plain(desk.eye.rows.agency[source.row.agency_id]),
    ("SupportReportVersion", "parts"): _parts_replaced,
    ("SupportReportPartVersion", "partId"): lambda _, source: source.row.record_id,
    ("SupportReportPartVersion", "about"): _about_part_then,
    ("SupportReportPartVersion", "whatWasDone"): _as_it_stood("what_was_done"),
    ("SupportReportPartVersion", "outcome"): _as_it_stood("outcome"),
    ("SupportReportPartVersion", "isReleased"): _as_it_stood("is_released"),
    ("Colleague", "roles"): slow_directory.roles_held,
    ("SharingDecision", "kinds"): lambda _, source: _kinds_in(source.row.kinds),
    ("SharingDecision", "sensitiveKinds"): lambda _, source: _kinds_in(source.row.sensitive_kinds),
    ("SharingDecision", "receivers"): _receivers,
    ("SharingDecision", "isConfirmed"): lambda _, source: source.row.confirmed_by_agency_id is not None,
    ("SharingDecision", "review"): lambda _, source: Plain(source.row),
    ("SharingReview", "dueOn"): lambda _, source: source.row.review_on,
    ("SharingReview", "isDue"): lambda desk, source: is_due(desk, source.row),
    ("SharingReview", "outcome"): lambda _, source: source.row.review_outcome,
    ("SharingReason", "kinds"): lambda _, source: _kinds_in(source.row.kinds),
    ("SharingReason", "sensitiveKinds"): lambda _, source: _kinds_in(source.row.sensitive_kinds),
    ("SharingReason", "receivers"): _receivers_of_reason,
    ("SharingReason", "decisionNeededBy"): _needed_by,
    ("EmergencyAccess", "reviewState"): lambda desk, source: review_state(desk, source.row),
    ("Protection", "readers"): _readers,
    ("RightsRequest", "leavesOut"): _leaves_out,
    ("TeamPosition", "isConfirmed"): lambda _, source: source.row.confirmed_by_agency_id is not None,
}


def people_of(people: set[UUID]) -> list[Someone]:
    return [Someone(person) for person in sorted(people)]


def home_of(desk: Desk, family_id: UUID) -> Home | None:
    members = desk.eye.members(family_id)
    return Home(family_id, members) if members else None


def _is_current(desk: Desk, one: Seen) -> bool:
    return runs_on(one.row, desk.eye.me.today) and one.row.withdrawn_at is None


def names_itself(me: Any, row: Any) -> bool:
    """The viewer's own agency knows the person by its own system, not only by having met them here."""
    return bool(row.agency_id == me.agency_id and not row.is_made_here)


def named(desk: Desk, person_id: UUID) -> dict[str, Any]:
    """What one's own agency says, where its own system knows the person, and nothing of others' then; else each name by itself
    from the first identity record that has one: by rank, then the latest."""
    eye = desk.eye
    met = [row for row in eye.rows.by_person[person_id] if meets(eye.me, row)]
    own = [row for row in met if row.agency_id == eye.me.agency_id]
    if any(names_itself(eye.me, row) for row in own):
        met = own
    met.sort(key=lambda row: (row.agency_id != eye.me.agency_id, row.source_rank, -row.made_at.timestamp(), row.id))

    def first(column: str) -> Any:
        return next((said for row in met if (said := getattr(row, column)) is not None), None)

    return dict(zip(NAMES, map(first, ("given_name", "family_name", "date_of_birth", "is_unborn")), strict=True))


def sentences(numbers: list[int] | tuple[int, ...]) -> list[dict[str, Any]]:
    rules = [next(rule for rule in RULES if rule.number == number) for number in numbers]
    return [{"number": rule.number, "text": rule.sentence, "basis": [basis.name for basis in rule.basis]} for rule in rules]


def instant(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
