"""What every route must answer, worked out from the oracle alone: which ids stand beneath which field, for one viewer.

An answer is compared as a tree without order: a list is a mapping from id to what was asked of it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, cast
from uuid import UUID

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, build_schema, get_named_type

from tests.access.portal import TYPE_NAMES
from tests.proof.fact import Record, Viewer, World
from tests.proof.oracle import Seen, case, finds, section, sentences, visible
from throughline.api.schema import make_schema

SECTIONS = ("SUPPORT_REPORT", "INVOLVEMENT", "NEED", "LEGAL_STATUS", "ENROLMENT")
SCHEMA: GraphQLSchema = build_schema(make_schema().as_str())
TYPES = {str(kind): name for kind, name in TYPE_NAMES.items()}
KIND_OF = {name: kind for kind, name in TYPES.items() if kind != "LIGHT_TOUCH_REPORT"}
"""Of what a type of the schema is (a light-touch report is told as a support report)."""
APART = ("Assignment", "Protection", "RightsRequest", "LegalHold")
"""Who works with somebody or hides them, and what is done with the records, is no part of their history."""
HISTORY = tuple(
    KIND_OF[one.name]
    for one in SCHEMA.get_possible_types(cast(GraphQLInterfaceType, SCHEMA.type_map["Record"]))
    if one.name in KIND_OF and one.name not in APART
)


@dataclass(frozen=True)
class Chosen:
    """What is asked of an object of one type: `fields` by response key; `plainly`: fields of which the oracle does not speak."""

    fields: Mapping[str, "Field"]
    plainly: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """A field with its arguments; `of` says what is asked of what stands beneath it, by the name of its type."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    of: Mapping[str, Chosen] = field(default_factory=dict)
    is_paged: bool = False


@dataclass(frozen=True)
class Facts:
    """A world, and what the page does not speak of: names and words."""

    world: World
    names: Mapping[UUID, tuple[str | None, str | None]]
    """Given and family name by identity record."""
    cautions: Mapping[UUID, tuple[str | None, str | None]] = field(default_factory=dict)
    """Who must not be told, and safe contact, by record or by part of a report."""

    @cached_property
    def by_id(self) -> dict[Any, Record]:
        return {record.id: record for record in self.world.records}

    @cached_property
    def family_of(self) -> dict[Any, Any]:
        return dict(self.world.families)


class Truth:
    """What one viewer may be answered. `without`: as if a sentence or a wall were not there."""

    def __init__(self, facts: Facts, viewer: Viewer, today: date, **without: Any) -> None:
        self.facts, self.viewer, self.today, self.without = facts, viewer, today, without
        self.world = facts.world
        self.others: dict[str, Truth] = {}
        self._sections: dict[tuple[str, frozenset[Any]], str | None] = {}

    @cached_property
    def seen(self) -> Seen:
        if self.without:
            self._judge_what_it_touches()
        return visible(self.world, self.viewer, self.today, **self.without)

    def _judge_what_it_touches(self) -> None:
        """Of a policy without one rule only that is judged anew of which the rule speaks."""
        whole, other = (case(self.world, self.viewer, self.today, **less) for less in ({}, self.without))
        opened = dict(whole.opened)
        for one in touched(self.world, self.viewer, self.today).get(next(iter(self.without.values())), ()):
            record = self.facts.by_id[one]
            opened.pop(one, None)
            if its := [part for part in self.world.parts[one] if other.part("SEE", record, part)]:
                opened[one] = its
        other.__dict__.setdefault("opened", opened)

    @property
    def is_as_whole(self) -> bool:
        """Whether the same records show as without leaving anything out."""
        seen = self.seen
        whole, other = (case(self.world, self.viewer, self.today, **less) for less in ({}, self.without))
        return whole.opened == other.opened and seen == visible(self.world, self.viewer, self.today)

    @cached_property
    def beneath(self) -> dict[UUID, dict[str, set[UUID]]]:
        """Records by person and kind."""
        found: dict[Any, dict[str, set[Any]]] = defaultdict(lambda: defaultdict(set))
        for record_id, people in self.seen.records.items():
            for person in people:
                found[person][self.facts.by_id[record_id].kind].add(record_id)
        return found

    def because(self, record_id: Any) -> list[int]:
        record = self.facts.by_id[record_id]
        return sorted(sentences(self.world, self.viewer, self.today, "SEE", record, **self.without))

    def members(self, family: Any) -> set[Any]:
        return self.seen.families.get(family, set())

    def about(self, people: Iterable[Any], kinds: Iterable[str]) -> set[Any]:
        kinds = tuple(kinds)
        return {one for person in people for kind in kinds for one in self.beneath.get(person, {}).get(kind, ())}

    def section(self, kind: str, people: set[Any]) -> str | None:
        asked = (kind, frozenset(people))
        if asked not in self._sections:
            self._sections[asked] = section(self.world, self.viewer, self.today, kind, people, **self.without)
        return self._sections[asked]

    def finds(self, person: Any) -> list[int]:
        return finds(self.world, self.viewer, self.today, person, **self.without)

    def type_of(self, node: Any) -> str | None:
        """What this id is to the viewer, if it is anything."""
        if node in self.seen.records:
            return TYPES[self.facts.by_id[node].kind]
        return "Person" if node in self.seen.persons else "Family" if node in self.seen.families else None

    def records(self, wanted: Callable[[Record], bool]) -> set[Any]:
        return {one for one in self.seen.records if wanted(self.facts.by_id[one])}

    def named(self, person: Any, which: int) -> str | None:
        """The agency's own names where its own system knows the person, else others', best source first, then the latest."""
        return next((name for one in self._naming(person) if (name := self.facts.names[one][which]) is not None), None)

    def names_in_one(self, person: Any) -> set[tuple[str | None, str | None]]:
        """The pairs of names that some record says together, of those from which the person's names come."""
        return {self.facts.names[one] for one in self._naming(person)}

    def _naming(self, person: Any) -> list[Any]:
        c = case(self.world, self.viewer, self.today, **self.without)
        known = [one for one in c.live("IDENTITY_RECORD") if c.person[one.id] == person]
        own = [one for one in known if one.agency == c.us]
        if any(one.own_system for one in own):
            known = own
        known.sort(
            key=lambda one: (one.agency != c.us, one.source_rank, -(one.recorded.timestamp() if one.recorded else 0), one.id)
        )
        return [one.id for one in known]

    # What is expected

    def answer(self, fields: Mapping[str, Field]) -> dict[str, Any]:
        owner = {"lightTouchReports": "Viewer"}
        return {key: self._value(owner.get(one.name, "Query"), None, one) for key, one in fields.items()}

    def _value(self, type_name: str, owner: Any, asked: Field) -> Any:
        if asked.name in SCALARS:
            return SCALARS[asked.name](self, type_name, owner)
        found = ROUTES[type_name, asked.name](self, owner, asked.arguments)
        if isinstance(found, One):
            return None if found.id is None else self._object(found.id, asked)
        return {str(one): self._object(one, asked) for one in found}

    def _object(self, node: Any, asked: Field) -> dict[str, Any]:
        type_name = next(iter(asked.of)) if len(asked.of) == 1 else self.type_of(node)
        assert type_name is not None
        chosen = asked.of[type_name].fields
        return {"id": str(node), **{key: self._value(type_name, node, one) for key, one in chosen.items()}}


@lru_cache(maxsize=64)
def touched(world: World, viewer: Viewer, today: date) -> dict[str, set[Any]]:
    """By rule: the records that it may open or close for this viewer."""
    c = case(world, viewer, today)
    assert c.opened is not None  # everything is judged
    found: dict[str, set[Any]] = defaultdict(set)
    for (verb, _, record_id, *_), (walls, opening) in c.judged.items():
        for rule in walls | {rule.id for rule in opening.values()} if verb == "SEE" else ():
            found[rule].add(record_id)
    people = {record_id for (_, kind, record_id, *_) in c.judged if kind == "PERSON"}
    found = defaultdict(set, {rule: which - people for rule, which in found.items()})
    found["W5"] = {r.id for r in world.records if any(len(part.people) > 1 for part in world.parts[r.id])}
    return found


@dataclass(frozen=True)
class One:
    """A single thing, or none."""

    id: Any


Route = Callable[[Truth, Any, Mapping[str, Any]], Any]


def _because(truth: Truth, type_name: str, owner: Any) -> list[int]:
    return [1] if type_name == "Person" else truth.because(owner)


def _sections(truth: Truth, type_name: str, owner: Any) -> dict[str, str | None]:
    people = {owner} if type_name == "Person" else truth.members(owner)
    return {kind: truth.section(kind, people) for kind in SECTIONS}


def _earlier(truth: Truth, _: str, owner: Any) -> list[str]:
    """The parts of which an earlier version is told."""
    record = truth.facts.by_id[owner]
    c = case(truth.world, truth.viewer, truth.today, **truth.without)
    return sorted(str(part.id) for part in record.parts if part.earlier) if c.recalls(record) else []


def _cautions(truth: Truth, _: str, owner: Any) -> list[tuple[str | None, str | None]]:
    """Part of the record or part on which they stand; with a report, those of its parts that show."""
    record = truth.facts.by_id.get(owner)
    standing = [owner, *(part.id for part in record.parts if part.id in truth.seen.parts)] if record else [owner]
    return sorted((truth.facts.cautions[one] for one in standing if one in truth.facts.cautions), key=str)


SCALARS: dict[str, Callable[[Truth, str, Any], Any]] = {
    "seenBecause": _because,
    "sections": _sections,
    "earlierVersions": _earlier,
    "cautions": _cautions,
    "givenName": lambda truth, _, person: truth.named(person, 0),
    "familyName": lambda truth, _, person: truth.named(person, 1),
}


def _families(truth: Truth, _: Any, arguments: Mapping[str, Any]) -> set[Any]:
    asked = arguments.get("filter") or {}
    found = set(truth.seen.families)
    if "personId" in asked:
        found = {family for family in found if UUID(asked["personId"]) in truth.members(family)}
    if "myPosition" in asked:
        found = {family for family in found if _held(truth, family, asked["myPosition"])}
    if "reportedSince" in asked:
        since = date.fromisoformat(asked["reportedSince"])
        found = {
            f for f in found if any(_started(truth, one) >= since for one in truth.about(truth.members(f), ["SUPPORT_REPORT"]))
        }
    return found


def _started(truth: Truth, record_id: Any) -> date:
    return truth.facts.by_id[record_id].start or date.min


def _held(truth: Truth, family: Any, position: str) -> bool:
    team = (truth.facts.by_id[one] for one in truth.about(truth.members(family), ["TEAM_POSITION"]))
    return any(one.holder == truth.viewer.actor and one.role == position and _stands(truth, one, family) for one in team)


def _stands(truth: Truth, position: Record, family: Any) -> bool:
    of_family = truth.facts.family_of.get(position.household) == family
    return of_family and position.state == "CONFIRMED" and not position.withdrawn and position.runs(truth.today)


def _lead(truth: Truth, family: Any, _: Mapping[str, Any]) -> One:
    team = [truth.facts.by_id[one] for one in truth.about(truth.members(family), ["TEAM_POSITION"])]
    leads = [one for one in team if one.role == "LEAD" and _is_current(truth, one)]
    first = min(leads, key=lambda one: (-(one.start or date.min).toordinal(), one.id), default=None)
    return One(first and first.id)


def _is_current(truth: Truth, position: Record) -> bool:
    return position.state == "CONFIRMED" and not position.withdrawn and position.runs(truth.today)


def _family_members(truth: Truth, family: Any, _: Mapping[str, Any]) -> set[Any]:
    def is_member(record: Record) -> bool:
        in_family = record.kind == "MEMBERSHIP" and truth.facts.family_of.get(record.household) == family
        return in_family and not record.withdrawn and record.runs(truth.today)

    return truth.records(is_member)


def _history(truth: Truth, people: Iterable[Any], arguments: Mapping[str, Any]) -> set[Any]:
    kinds = arguments.get("kinds")
    return truth.about(people, [kind for kind in HISTORY if kinds is None or kind in kinds])


def _only(people: Iterable[Any]) -> One:
    found = list(people)
    return One(found[0])


ROUTES: dict[tuple[str, str], Route] = {
    ("Query", "node"): lambda t, _, a: One(n if t.type_of(n := UUID(a["id"])) else None),
    ("Query", "person"): lambda t, _, a: One(p if (p := UUID(a["id"])) in t.seen.persons else None),
    ("Query", "family"): lambda t, _, a: One(f if (f := UUID(a["id"])) in t.seen.families else None),
    ("Query", "families"): _families,
    ("Query", "emergencyAccesses"): lambda t, _, a: t.records(
        lambda r: r.kind == "EMERGENCY_ACCESS" and r.agency == t.viewer.agency
    ),
    ("Viewer", "lightTouchReports"): lambda t, _, a: t.records(
        lambda r: r.kind == "LIGHT_TOUCH_REPORT" and r.practitioner == t.viewer.actor
    ),
    ("Person", "families"): lambda t, person, _: {f for f, people in t.seen.families.items() if person in people},
    ("Person", "history"): lambda t, person, a: _history(t, [person], a),
    ("Family", "records"): lambda t, family, a: _history(t, t.members(family), a),
    ("Family", "members"): _family_members,
    ("Family", "leadPractitioner"): _lead,
    ("Family", "lightTouchReports"): lambda t, family, _: t.records(
        lambda r: r.kind == "LIGHT_TOUCH_REPORT" and r.family == family
    ),
    ("FamilyMember", "person"): lambda t, one, _: _only(t.seen.records[one]),
    ("Relationship", "person"): lambda t, one, _: One(_side(t, one, 0)),
    ("Relationship", "other"): lambda t, one, _: One(_side(t, one, 1)),
    ("ParentalResponsibility", "holder"): lambda t, one, _: One(_side(t, one, 0)),
    ("ParentalResponsibility", "child"): lambda t, one, _: One(_side(t, one, 1)),
    ("CourtOrder", "keepsAway"): lambda t, one, _: One(_kept_away(t, one)),
    ("SupportReport", "parts"): lambda t, one, _: {p.id for p in t.facts.by_id[one].parts if p.id in t.seen.parts},
    ("SupportReportPart", "about"): lambda t, part, _: t.seen.parts[part],
}


def _side(truth: Truth, record_id: Any, which: int) -> Any:
    c = case(truth.world, truth.viewer, truth.today, **truth.without)
    return c.person[truth.facts.by_id[record_id].people[which]]


def _kept_away(truth: Truth, order: Any) -> Any:
    """Whoever must keep away, where they show by another record."""
    c = case(truth.world, truth.viewer, truth.today, **truth.without)
    person = c.person.get(truth.facts.by_id[order].keeps_away or "")
    return person if person in truth.seen.persons else None


def _listed(kind: str, owner: str) -> Route:
    if owner == "Person":
        return lambda t, person, _: t.about([person], [kind])
    return lambda t, family, _: t.about(t.members(family), [kind])


def _lists() -> Iterator[tuple[str, str, str]]:
    """Every list of records beneath a person or a family, in the schema as it stands: whose, its name, and of what kind."""
    for owner in ("Person", "Family"):
        for name, one in cast(GraphQLObjectType, SCHEMA.type_map[owner]).fields.items():
            kind = KIND_OF.get(get_named_type(one.type).name.removesuffix("Connection"))
            if kind and (owner, name) not in ROUTES:
                yield owner, name, kind


ROUTES |= {(owner, name): _listed(kind, owner) for owner, name, kind in list(_lists())}
ABOUT: Route = lambda t, one, _: t.seen.records[one]  # noqa: E731
ROUTES |= {(name, "about"): ABOUT for name in TYPES.values() if name not in ("Person", "IdentityRecord", "IdentityNumber")}
