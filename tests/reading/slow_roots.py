"""The roots: what a question begins with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.reading import slow_directory, slow_explanation, slow_fields, slow_may_do
from tests.reading.rows import runs_on
from tests.reading.slow_pages import Refused, page
from tests.reading.verdicts import meets
from throughline.access.policy import NEVER_SEARCH
from throughline.api.families import FamilyFilter
from throughline.api.families import prepare as prepare_filter
from throughline.api.person_search import PersonSearchInput, prepare
from throughline.api.vocabulary import Position, SearchReason
from throughline.terms.names import fold
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind
from throughline.terms.role import Role

if TYPE_CHECKING:
    from tests.reading.slow_fields import Desk

LEAD = 32
FINDERS = (Role.TRIAGE_WORKER, Role.SOCIAL_WORKER, Role.IDENTITY_STEWARD)
FINDING = (Purpose.TRIAGE, Purpose.PROTECTION, Purpose.IDENTITY)


def root(desk: Desk, name: str, arguments: Mapping[str, Any]) -> Any:
    if name == "viewer":
        return _viewer(desk)
    if name == "supportKinds":
        return [slow_fields.Plain(row) for row in sorted(desk.eye.rows.of("support_kind"), key=lambda row: str(row.code))]
    if name == "agencies":
        return _agencies(desk, arguments.get("kinds"), arguments.get("name"))
    if name == "practitioners":
        found = slow_directory.practitioners(desk, _id(arguments["agencyId"]), arguments.get("name"))
        return [slow_fields.Plain(row) for row in found]
    if name == "publishedCounts":
        return _published(desk)
    if name == "families":
        return _families(desk, arguments)
    if name == "sharingDecisionsDue":
        return _due(desk, arguments)
    if name == "emergencyAccesses":
        return _emergencies(desk, arguments)
    if name == "personSearch":
        return _search(desk, arguments)
    if name == "accessExplanation":
        return _explanation(desk, arguments["input"])
    wanted = _id(arguments["id"])
    return {"person": _person, "family": slow_fields.home_of, "node": _node}[name](desk, wanted) if wanted else None


def _published(desk: Desk) -> list[Any]:
    """Sentence 59: for an analyst, for OVERSIGHT, the newest year first; for nobody else."""
    if (desk.eye.me.role, desk.eye.me.purpose) != (Role.ANALYST, Purpose.OVERSIGHT):
        return []
    rows = sorted(desk.eye.rows.of("published_count"), key=lambda row: (-row.year, row.area))
    return [slow_fields.Plain(row) for row in rows]


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _person(desk: Desk, wanted: UUID) -> Any:
    return slow_fields.Someone(wanted) if wanted in desk.eye.visible else None


def _node(desk: Desk, wanted: UUID) -> Any:
    found = [one for one in desk.eye.seen if one.row.id == wanted]
    return found[0] if found else _person(desk, wanted) or slow_fields.home_of(desk, wanted)


async def _explanation(desk: Desk, given: Mapping[str, Any]) -> Any:
    wanted = _id(given["personId"])
    shown = await slow_explanation.explanation(desk, wanted, RecordKind(given["kind"])) if wanted else None
    if shown:
        slow_fields.note(desk, shown["person"])
    return shown


def _agencies(desk: Desk, kinds: list[str] | None, begins: str | None) -> list[Any]:
    found = [row for row in desk.eye.rows.of("agency") if row.suspended_at is None and (kinds is None or row.kind in kinds)]
    return [slow_fields.Plain(row) for row in found if row.name.lower().startswith((begins or "").lower())][:100]


def _families(desk: Desk, arguments: Mapping[str, Any]) -> dict[str, Any]:
    given = arguments.get("filter")
    asked = prepare_filter(family_filter(given)) if given else None
    found = {family for family in desk.eye.rows.family if desk.eye.members(family)}
    homes = [slow_fields.Home(family, desk.eye.members(family)) for family in found]
    homes = [home for home in homes if asked is None or _fits(desk, home, asked)]
    return page(desk.cursors, "Query.families", {**arguments, "filter": asked}, homes, lambda home: (None, home.id))


def _due(desk: Desk, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Among the decisions that the viewer may see: their agency's own, and those about people whom they lead."""
    eye = desk.eye
    found = [one for one in eye.seen if one.kind is RecordKind.SHARING_DECISION and slow_fields.is_due(desk, one.row)]
    led = {person for person, towards in eye.standing.items() if towards.w & LEAD}
    theirs = [one for one in found if one.row.agency_id == eye.me.agency_id or led & set(one.people)]
    return page(desk.cursors, "Query.sharingDecisionsDue", arguments, theirs, lambda one: (one.row.review_on, one.row.id))


def _emergencies(desk: Desk, arguments: Mapping[str, Any]) -> dict[str, Any]:
    eye, state = desk.eye, arguments.get("state")
    found = [one for one in eye.seen if one.kind is RecordKind.EMERGENCY_ACCESS and one.row.agency_id == eye.me.agency_id]
    chosen = [one for one in found if state is None or slow_fields.review_state(desk, one.row) == state]
    return page(desk.cursors, "Query.emergencyAccesses", arguments, chosen, lambda one: (one.day, one.row.id))


def family_filter(given: Mapping[str, Any]) -> FamilyFilter:
    position, since = given.get("myPosition"), given.get("reportedSince")
    return FamilyFilter(
        person_id=given.get("personId"), my_position=Position(position) if position else None,
        reported_since=date.fromisoformat(since) if since else None,
    )  # fmt: skip


def _fits(desk: Desk, home: slow_fields.Home, asked: Mapping[str, Any]) -> bool:
    """By the members, the team and the reports that the family itself would show."""
    eye = desk.eye
    if asked["person_id"] is not None and asked["person_id"] not in home.people:
        return False
    if asked["position"] is not None:
        held = [
            one.row
            for one in eye.about(home.people, RecordKind.TEAM_POSITION)
            if one.row.family_id == home.id and one.row.holder_id == eye.me.actor_id and one.row.position == asked["position"]
        ]
        if not any(row.confirmed_by_agency_id and runs_on(row, eye.me.today) and row.withdrawn_at is None for row in held):
            return False
    reports = eye.about(home.people, RecordKind.SUPPORT_REPORT)
    return asked["since"] is None or any(one.row.given_on >= asked["since"] for one in reports)


def _viewer(desk: Desk) -> dict[str, Any]:
    me, rows = desk.eye.me, desk.eye.rows
    return {
        "agency": slow_fields.Plain(rows.agency[me.agency_id]),
        "role": str(me.role),
        "purpose": str(me.purpose),
        "services": [slow_fields.Plain(row) for row in rows.of("service") if row.id in me.services],
        "lightTouchReports": slow_fields.light_touch(desk, lambda row: row.practitioner_id == me.actor_id),
        "practitioner": None if me.is_tool else slow_fields.Plain(rows.practitioner[me.actor_id]),
        "tool": slow_fields.Plain(rows.tool[me.actor_id]) if me.is_tool else None,
        "mayDo": slow_may_do.may_do(me),
    }


async def _search(desk: Desk, arguments: Mapping[str, Any]) -> dict[str, Any]:
    me = desk.eye.me
    is_finder = me.role in FINDERS and me.purpose in FINDING
    prepared = prepare(desk.secret, _checked(desk, arguments["input"], is_finder=is_finder))
    hits = _hits(desk, set(prepared["keys"]), is_finder=is_finder)
    allowed = desk.eye.findable if is_finder else desk.eye.visible
    found = []
    for person in set(hits) & allowed:
        score = await _score(desk, person, hits[person], prepared)
        found.append(slow_fields.Someone(person, (2,) if is_finder else (1,), score))
    given = {**arguments, "input": prepared}
    shown = page(desk.cursors, "Query.personSearch", given, found, lambda one: (one.score, one.id))
    slow_fields.note(desk, shown)
    return shown


def _checked(desk: Desk, given: Mapping[str, Any], *, is_finder: bool) -> PersonSearchInput:
    """What may not be asked is refused; the words are those of the program, the order too."""
    if desk.eye.me.role in NEVER_SEARCH:
        raise Refused("FORBIDDEN", "Your role does not search for people.")
    name, parts = fold(given.get("name")), fold(given.get("givenName")) or fold(given.get("familyName"))
    if not name and not parts:
        raise Refused("BAD_USER_INPUT", "Give a name to search for.")
    if name and parts:
        raise Refused("BAD_USER_INPUT", "Give 'name', or 'givenName' and 'familyName', not both.")
    if is_finder and given.get("reason") is None:
        raise Refused("BAD_USER_INPUT", "Say why you search: give a 'reason'.")
    born, reason = given.get("dateOfBirth"), given.get("reason")
    return PersonSearchInput(
        name=given.get("name"), given_name=given.get("givenName"), family_name=given.get("familyName"),
        date_of_birth=date.fromisoformat(born) if born else None, reason=SearchReason(reason) if reason else None,
    )  # fmt: skip


def _hits(desk: Desk, wanted: set[str], *, is_finder: bool) -> dict[UUID, int]:
    """How many of the keys each person has, on identity records that the viewer may meet; where the viewer's own agency
    names the person, on its own records only, unless the viewer may find anybody."""
    found: dict[UUID, set[str]] = {}
    me = desk.eye.me
    named = {r.person_id for r in desk.eye.rows.of("identity_record") if meets(me, r) and slow_fields.names_itself(me, r)}
    for row in desk.eye.rows.of("search_key"):
        identity = desk.eye.rows.identity[row.identity_record_id]
        is_theirs = is_finder or identity.agency_id == me.agency_id or identity.person_id not in named
        if row.key in wanted and is_theirs and meets(me, identity):
            found.setdefault(identity.person_id, set()).add(row.key)
    return {person: len(keys) for person, keys in found.items()}


async def _score(desk: Desk, person: UUID, hits: int, prepared: Mapping[str, Any]) -> int:
    """How well somebody fits; how alike two names are is PostgreSQL's to say."""
    names = slow_fields.named(desk, person)
    said = " ".join(name for name in (names["givenName"], names["familyName"]) if name is not None)
    fits = 60 if prepared["born"] is not None and names["dateOfBirth"] == prepared["born"] else 0
    async with desk.engine.connect() as connection:
        sql = "select ($1::int * 10 + (similarity(lower($2::text), $3::text) * 100 + $4::int))::int"
        score = (await connection.exec_driver_sql(sql, (hits, said, prepared["name"], fits))).scalar_one()
    return int(score)
