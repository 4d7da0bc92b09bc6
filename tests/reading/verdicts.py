"""The policy, asked about one row and one person at a time. Shares `policy.py` and its phrases with the program, no more:
who the viewer is, what they are to a person, which sentences speak and how they add up are worked out here, in Python."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncEngine

from tests.reading.rows import Rows, runs_on
from throughline.access import conditions
from throughline.access.conditions import LAY_ROLES
from throughline.access.opening import Because
from throughline.access.policy import RULES, WALLS
from throughline.access.rule import Phrase, Verb
from throughline.access.viewer import Viewer
from throughline.terms.holder import KIND_HOLDER
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind as K
from throughline.terms.role import Role

CASE, COVERED = 64, 256
CONNECTED = int(Because.CONNECTED)
LONDON = ZoneInfo("Europe/London")
SPOKEN_OF_AUTHORS = (K.LIGHT_TOUCH_REPORT, K.PERSON, K.ASSIGNMENT)
"""Their own sentences say what an author sees; of every other kind, who may write a record sees what they wrote."""


@dataclass(frozen=True)
class Me:
    """The viewer as they stand today."""

    actor_id: UUID
    agency_id: UUID
    agency_kind: str
    area: str
    services: tuple[UUID, ...]
    role: Role
    purpose: Purpose
    today: date
    now: datetime
    is_tool: bool
    connected: frozenset[UUID] = frozenset()
    """The identity records of everybody with whom the viewer is connected."""

    @property
    def holders(self) -> set[UUID]:
        return {self.actor_id, self.agency_id, *(holder for kind, holder in KIND_HOLDER.items() if kind == self.agency_kind)}

    def as_row(self) -> str:
        lay = self.agency_kind in ("NURSERY", "SCHOOL", "COLLEGE", "VOLUNTARY") or self.role in LAY_ROLES
        return json.dumps(
            {
                "actor_id": str(self.actor_id), "agency_id": str(self.agency_id), "agency_kind": self.agency_kind,
                "area": self.area, "adult_since": grown_since(self.today).isoformat(), "now": self.now.isoformat(),
                "services": [str(one) for one in self.services], "is_lay": lay, "today": self.today.isoformat(),
                "connected": sorted(map(str, self.connected)),
            }
        )  # fmt: skip


def in_force(rows: Rows, viewer: Viewer, now: datetime) -> Me | None:
    """Nobody, for whoever may not act at this moment."""
    today = now.astimezone(LONDON).date()
    held = rows.of("tool_role") if viewer.is_tool else rows.of("practitioner_role")
    owner = "tool_id" if viewer.is_tool else "practitioner_id"
    holds = [h for h in held if getattr(h, owner) == viewer.actor_id and h.role == viewer.role]
    holds = [h for h in holds if viewer.is_tool or h.until_on is None or h.until_on >= today]
    actor = (rows.tool if viewer.is_tool else rows.practitioner).get(viewer.actor_id)
    clients = [c for c in rows.of("oauth_client") if c.client_id == viewer.client_id and c.disabled_at is None]
    clients = [c for c in clients if getattr(c, owner) == viewer.actor_id]  # these worlds have no front-ends
    if not holds or not clients or actor is None or actor.disabled_at:
        return None
    agency = rows.agency[actor.agency_id]
    if agency.suspended_at:
        return None
    members = [m for m in rows.of("service_member") if m.practitioner_id == viewer.actor_id and runs_on(m, today)]
    services = tuple(m.service_id for m in members)
    mine = Me(actor.id, agency.id, agency.kind, agency.area, services, viewer.role, viewer.purpose, today, now, viewer.is_tool)
    return replace(mine, connected=_connected(rows, mine))


def _connected(rows: Rows, me: Me) -> frozenset[UUID]:
    openings = [one for held in rows.openings.values() for one in held if one.holder_id == me.actor_id and one.because == CONNECTED]
    people = {rows.identity[one.subject_id].person_id for one in openings if runs_on(one, me.today)}
    return frozenset(row.id for person in people for row in rows.by_person[person])


@dataclass
class Standing:
    """What the viewer is to one person."""

    person_id: UUID | None = None
    ids: set[UUID] = field(default_factory=set)
    is_adult: bool = False
    is_own: bool = False
    is_named: bool = False
    is_kept: bool = False
    is_awaited: bool = False
    w: int = 0
    c0: int = 0
    c1: int = 0
    ag: int = 0


def grown_since(today: date) -> date:
    """Whoever was born on this day or before is an adult."""
    return date(today.year - 18, today.month, today.day)


def meets(me: Me, identity: Any) -> bool:
    """Whether the identity record exists for this viewer: a confidential service's own do for it alone."""
    return bool(identity.sensitivity != "CONFIDENTIAL" or identity.service_id in me.services)


def standing_towards(rows: Rows, me: Me, person_id: UUID) -> Standing | None:
    """Nothing for a person of whom every identity record is another service's."""
    known = [one for one in rows.by_person.get(person_id, []) if meets(me, one)]
    if not known:
        return None
    grown = grown_since(me.today)
    born = [one.date_of_birth for one in known if one.date_of_birth is not None]
    is_young = any(one.is_unborn for one in known) or any(day > grown for day in born)
    is_grown = any(one.date_of_birth <= grown for one in known if one.date_of_birth is not None and not one.is_unborn)
    is_own = any(one.agency_id == me.agency_id for one in known)
    is_named = any(one.agency_id == me.agency_id and not one.is_made_here for one in known)
    is_kept = any(one.custodian_id not in (None, me.agency_id) for one in known)
    towards = Standing(person_id, {one.id for one in known}, is_grown or not is_young, is_own, is_named, is_kept)
    for opening in held(rows, me, towards.ids):
        towards.w |= opening.because
        if opening.because == COVERED and opening.purpose == me.purpose:
            towards.c0 |= opening.kinds
            towards.c1 |= opening.sensitive_kinds
            towards.ag |= opening.agreed_kinds
    is_unborn = any(one.is_unborn for one in known) and not born
    towards.is_awaited = is_unborn and not towards.w & (CASE | COVERED) and not (is_named and me.agency_kind == "HEALTH")
    return towards


def held(rows: Rows, me: Me, subjects: Iterable[UUID]) -> list[Any]:
    found = [opening for subject in subjects for opening in rows.openings.get(subject, [])]
    return [opening for opening in found if opening.holder_id in me.holders and runs_on(opening, me.today)]


def household_bits(rows: Rows, me: Me, household_id: UUID | None) -> int:
    bits = 0
    for opening in held(rows, me, [household_id] if household_id else []):
        bits |= opening.because
    return bits


R_COLUMNS = {
    "id": "uuid", "identity_record_id": "uuid", "agency_id": "uuid", "service_id": "uuid", "practitioner_id": "uuid",
    "must_not_be_told_id": "uuid", "safe_contact": "text", "keeps_away_id": "uuid", "household_id": "uuid", "school_id": "uuid", "holder_id": "uuid",
    "front_door_id": "uuid", "confirmed_by_agency_id": "uuid", "sensitivity": "text", "state": "text", "scheme": "text", "is_released": "bool",
    "is_confidential": "bool", "is_refusal": "bool", "without_agreement": "text", "decision_id": "uuid", "signed_by_id": "uuid",
    "withdrawn_at": "timestamptz", "from_on": "date", "until_on": "date",
}  # fmt: skip
"""Whatever a phrase may ask of a record."""
M_COLUMNS = {
    "person_id": "uuid",
    "is_adult": "bool",
    "is_own": "bool",
    "is_named": "bool",
    "is_kept": "bool",
    "is_awaited": "bool",
    "w": "int",
    "c0": "int",
    "c1": "int",
    "ag": "int",
    "hw": "int",
}
ME_COLUMNS = (
    "actor_id uuid, agency_id uuid, agency_kind text, area text, services uuid[], is_lay bool, today date, adult_since date, "
    "now timestamptz, connected uuid[]"
)


@dataclass(frozen=True)
class Question:
    """May the viewer see this row, as far as this person goes? `bits`: their openings for its household."""

    row: dict[str, Any]
    towards: Standing
    bits: int = 0

    def as_row(self, place: int) -> dict[str, Any]:
        said = {name: self.row.get(name) for name in R_COLUMNS}
        said |= {name: getattr(self.towards, name) for name in M_COLUMNS if name != "hw"}
        plain = {name: value if isinstance(value, bool | int) or value is None else str(value) for name, value in said.items()}
        return {**plain, "n": place, "hw": self.bits}


async def judge(engine: AsyncEngine, me: Me, verb: Verb, kind: K, questions: Sequence[Question]) -> list[list[int]]:
    """For each question the numbers of the sentences that say yes, in file order (that of the
    numbers); none where a wall stands."""
    spoken = speaking(verb, kind, me)
    if not questions or not spoken:
        return [[] for _ in questions]
    standing = [w for w in WALLS if (not w.roles or me.role in w.roles) and (not w.what or kind in w.what)]
    walls = [w.stands.sql for w in standing if verb in w.verbs]
    sql = (
        f"select {_array(walls, kind)}, {_array([text for _, text in spoken], kind)} "
        f"from jsonb_to_recordset($1::text::jsonb) r(n int, {_columns(R_COLUMNS)}) "
        f"join jsonb_to_recordset($1::text::jsonb) m(n int, {_columns(M_COLUMNS)}) on m.n = r.n "
        f"cross join jsonb_to_record($2::text::jsonb) me({ME_COLUMNS}) order by r.n"
    )
    asked = json.dumps([question.as_row(place) for place, question in enumerate(questions)])
    async with engine.connect() as connection:
        found = [tuple(row) for row in await connection.exec_driver_sql(sql, (asked, me.as_row()))]
    numbers = [number for number, _ in spoken]
    return [
        sorted({number for number, yes in zip(numbers, says, strict=True) if yes}) if all(wall is False for wall in stands) else []
        for stands, says in found
    ]


async def judge_phrases(engine: AsyncEngine, me: Me, kind: K, phrases: Sequence[Phrase], question: Question) -> list[bool]:
    """Of each single phrase whether it holds of the row, as far as this person goes."""
    sql = (
        f"select {_array([phrase.sql for phrase in phrases], kind)} from jsonb_to_record($1::text::jsonb) r(n int, {_columns(R_COLUMNS)}) "
        f"cross join jsonb_to_record($1::text::jsonb) m(n int, {_columns(M_COLUMNS)}) "
        f"cross join jsonb_to_record($2::text::jsonb) me({ME_COLUMNS})"
    )
    async with engine.connect() as connection:
        found = (await connection.exec_driver_sql(sql, (json.dumps(question.as_row(0)), me.as_row()))).scalar_one()
    return [one is True for one in found]


def speaking(verb: Verb, kind: K, me: Me) -> list[tuple[int, str]]:
    def of(may: Verb) -> list[Any]:
        spoken = [rule for rule in RULES if may in rule.may and kind in rule.what]
        return [rule for rule in spoken if me.role in rule.roles and me.purpose in rule.purposes]

    found = [(rule.number, rule.when.sql) for rule in of(verb)]
    if verb is Verb.SEE and kind not in SPOKEN_OF_AUTHORS:
        found += [(rule.number, f"({conditions.wrote.sql}) and ({rule.when.sql})") for rule in of(Verb.WRITE)]
    return found


def _array(templates: Sequence[str], kind: K) -> str:
    filled = [
        f"({text.format(r='r', m='m', me='me', hw='m.hw', about='r.identity_record_id', bit=kind.bit)})::bool" for text in templates
    ]
    return f"array[{', '.join(filled)}]::bool[]"


def _columns(columns: dict[str, str]) -> str:
    return ", ".join(f"{name} {sql_type}" for name, sql_type in columns.items())
