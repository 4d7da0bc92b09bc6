"""Why somebody may, or may not, see a record, a person or a family; and who may. An operator's tool: it answers with sentences, never
with anything that a record says, and leaves a row of its own in the trail (`Gate.note_operator`).

Whether somebody sees it is read by the planner in their place (`Looks`); why, by the very phrases of the policy, in the same place.
Every transaction in somebody's place is taken back: they have looked at nothing.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from throughline.access.entering import me
from throughline.access.gate import Gate
from throughline.access.judging import Source, kind_of, memberships_of, records_about, source
from throughline.access.policy import RULES
from throughline.access.rule import Phrase, Rule, Verb, Wall
from throughline.access.rules import Names, allowed_purposes, rules_for, walls_for
from throughline.access.viewer import Viewer
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind
from throughline.terms.role import Role

Asked = RecordKind | Literal["FAMILY"]
"""What is asked about: a kind of record, PERSON, or a family."""

Looks = Callable[[Any, Viewer, RecordKind | None, UUID], Awaitable[tuple[int, ...] | None]]
"""Every sentence that lets a viewer in, as they would read it; None for one who is not in force (`reading/looking.py`)."""

_NAMES = Names(r="r", m="m", hw="h.w", about="g.id")
_CLIENT = (
    "select c.client_id from portal.oauth_client c left join portal.tool t on t.id = c.tool_id and t.disabled_at is null "
    "where c.disabled_at is null and (c.practitioner_id = p.id or t.agency_id = p.agency_id) order by c.client_id limit 1"
)
"""Explanations hold for whatever client somebody signs in with, as long as they may and it is in force."""


class Unexplainable(Exception):  # noqa: N818  # an answer, not a fault
    """There is no such practitioner or record; the message says which."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One sentence, or one of its parts, and the phrases that are missing; none, where it lets the viewer in."""

    rule: Rule
    missing: tuple[Phrase, ...]
    lets_in: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """One part of the record for one of its people. `person_id` is None where the record names nobody, and `is_unknown` where
    the viewer cannot know that there is such a person."""

    part: int
    person_id: UUID | None
    is_unknown: bool
    walls: tuple[Wall, ...]
    tried: tuple[Tried, ...]

    @property
    def because(self) -> int | None:
        """The number of the first sentence that lets the viewer in; None behind a wall, or where no sentence does."""
        found = [one.rule.number for one in self.tried if one.lets_in]
        return found[0] if found and not self.walls and not self.is_unknown else None


@dataclass(frozen=True, slots=True)
class Open:
    """Of the records of one kind beneath a person or family: how many there are, how many of them are open, by which sentences."""

    kind: RecordKind
    count: int
    shown: int
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """`numbers`: every sentence that lets the viewer in; empty where none does. `judged`: why, part by part. `beneath`: of a person,
    the records about them, of a family its memberships of today. `elsewhere`: sentences about this kind that speak to others."""

    kind: Asked
    role: Role
    purpose: Purpose
    is_in_force: bool
    numbers: tuple[int, ...]
    judged: tuple[Judged, ...]
    beneath: tuple[Open, ...]
    elsewhere: tuple[Rule, ...]

    @property
    def is_seen(self) -> bool:
        return bool(self.numbers)

    @property
    def open_parts(self) -> tuple[int, ...]:
        """Those which are open for everybody in them."""
        parts = dict.fromkeys(one.part for one in self.judged)
        return tuple(part for part in parts if all(one.because for one in self.judged if one.part == part))

    @property
    def judged_numbers(self) -> tuple[int, ...]:
        """Every sentence that lets the viewer in to a part that is open, by what was judged."""
        found = (t.rule.number for one in self.judged if one.part in self.open_parts for t in one.tried if t.lets_in)
        return tuple(sorted(set(found)))


@dataclass(frozen=True, slots=True)
class Seer:
    """Somebody who can see the record, and the first sentence that lets them in."""

    practitioner: str
    email: str
    agency: str
    role: Role
    purpose: Purpose
    number: int


async def practitioner_named(connection: Any, named: str) -> UUID:
    """By e-mail address or id. Raises Unexplainable."""
    found: UUID | None = await connection.fetchval(
        "select id from portal.practitioner where lower(email) = lower($1) or id::text = lower($1)", named
    )
    if found is None:
        raise Unexplainable(f"there is no practitioner {named}")
    return found


async def roles_of(connection: Any, practitioner_id: UUID) -> list[Role]:
    rows = await connection.fetch(
        "select role from portal.practitioner_role where practitioner_id = $1 order by role", practitioner_id
    )
    return [Role(row[0]) for row in rows]


@dataclass(frozen=True, slots=True)
class Explainer:
    """`owner`: a connection of the database's owner, to find what is there. `gate`: the way of the viewers themselves."""

    owner: Any
    gate: Gate
    looks: Looks
    today: date

    async def explain(self, practitioner_id: UUID, row_id: UUID, role: Role, purpose: Purpose) -> Explanation:
        """Why this practitioner may or may not see this, in this role and for this purpose. Raises Unexplainable."""
        kind = await self._kind(row_id)
        viewer = await self._viewer(practitioner_id, role, purpose)
        async with self._in_their_place() as connection:
            numbers = await self.looks(connection, viewer, _record(kind), row_id)
            if numbers is None:
                return Explanation(kind, role, purpose, False, (), (), (), ())
            judged = () if kind == "FAMILY" else await self._judged(connection, viewer, kind, row_id)
            beneath = await self._beneath(connection, viewer, kind, row_id)
        rules = () if kind == "FAMILY" else rules_for(Verb.SEE, kind, role, purpose)
        elsewhere = tuple(rule for rule in RULES if Verb.SEE in rule.may and kind in rule.what and rule not in rules)
        return Explanation(kind, role, purpose, True, numbers, judged, beneath, elsewhere)

    async def who_can_see(self, row_id: UUID) -> list[Seer]:
        """Every practitioner in force who can see this, in each of their roles and for each purpose. Raises Unexplainable."""
        kind = await self._kind(row_id)
        found: list[Seer] = []
        for row in await self.owner.fetch(_PRACTITIONERS):
            role = Role(row["role"])
            for purpose in sorted(allowed_purposes(role)):
                if kind != "FAMILY" and not rules_for(Verb.SEE, kind, role, purpose):
                    continue
                viewer = Viewer(row["id"], row["client_id"] or "", role, purpose)
                async with self._in_their_place() as connection:
                    numbers = await self.looks(connection, viewer, _record(kind), row_id)
                if numbers:
                    found.append(Seer(row["name"], row["email"], row["agency"], role, purpose, numbers[0]))
        return sorted(found, key=lambda seer: (seer.agency, seer.practitioner, seer.email, seer.role, seer.purpose))

    async def _kind(self, row_id: UUID) -> Asked:
        kind = await kind_of(self.owner, row_id)
        if kind is None:
            raise Unexplainable(f"there is no record, person or family {row_id}")
        return kind

    async def _viewer(self, practitioner_id: UUID, role: Role, purpose: Purpose) -> Viewer:
        client = await self.owner.fetchval(f"select ({_CLIENT}) from portal.practitioner p where p.id = $1", practitioner_id)
        return Viewer(practitioner_id, client or "", role, purpose)

    @asynccontextmanager
    async def _in_their_place(self) -> AsyncIterator[Any]:
        """A transaction behind the second wall, that is taken back."""
        try:
            async with self.gate.transaction() as connection:
                yield connection
                raise _TakenBack
        except _TakenBack:
            pass

    async def _judged(self, connection: Any, viewer: Viewer, kind: RecordKind, row_id: UUID) -> tuple[Judged, ...]:
        """Part by part. What the second wall hides whole, as the owner sees it: there a wall of the policy stands too."""
        rules, walls = rules_for(Verb.SEE, kind, viewer.role, viewer.purpose), walls_for(Verb.SEE, kind, viewer.role)
        asked = _judge(source(kind), rules, walls)
        values = (row_id, viewer.actor_id, viewer.client_id, str(viewer.role), str(viewer.purpose), self.today)
        for place in (connection, self.owner):
            rows = [row for row in await place.fetch(asked, *values) if row["part"] is not None]
            if rows:
                return tuple(_judged(row, rules, walls) for row in rows)
        return ()

    async def _beneath(self, connection: Any, viewer: Viewer, kind: Asked, row_id: UUID) -> tuple[Open, ...]:
        if kind == "FAMILY":
            found = await memberships_of(self.owner, row_id, self.today)
        elif kind is RecordKind.PERSON:
            found = await records_about(self.owner, row_id)
        else:
            return ()
        said = [(one, await self.looks(connection, viewer, one, record)) for one, record in found]
        return tuple(
            _open(one, [numbers for other, numbers in said if other is one]) for one in dict.fromkeys(one for one, _ in said)
        )


class _TakenBack(Exception):  # noqa: N818  # how a transaction in somebody's place ends
    pass


def _open(kind: RecordKind, said: Sequence[tuple[int, ...] | None]) -> Open:
    numbers = {number for one in said for number in one or ()}
    return Open(kind, len(said), len([one for one in said if one]), tuple(sorted(numbers)))


def _record(kind: Asked) -> RecordKind | None:
    return None if kind == "FAMILY" else kind


_PRACTITIONERS = (
    f"select p.id, p.name, p.email, a.name agency, h.role, ({_CLIENT}) client_id from portal.practitioner p "
    "join portal.practitioner_role h on h.practitioner_id = p.id join portal.agency a on a.id = p.agency_id"
)


def _judge(judged: Source, rules: Sequence[Rule], walls: Sequence[Wall]) -> str:
    """Binds: record, practitioner, client, role, purpose, today. One row for each part and person; part is null where there is none."""
    entered = me(is_tool=False, actor="$2::uuid", client="$3::text", role="$4::text", purpose="$5::text", today="$6::date")
    asked = [f"({_fill(phrase, judged)}) p{place}" for place, phrase in enumerate(_phrases(rules))]
    asked += [f"({_fill(rule.when, judged)}) s{place}" for place, rule in enumerate(rules)]
    asked += [f"({_fill(wall.stands, judged)}) w{place}" for place, wall in enumerate(walls)]
    person = "null::uuid person_id" if judged.kind is RecordKind.LIGHT_TOUCH_REPORT else "g.person_id"
    return (
        f"with me as materialized ({entered}) select x.* from me left join lateral ("
        f"select g.part::int, {person}, m.w is null is_unknown, {', '.join(asked)} from {judged.rows}) x on true order by part, person_id"
    )


def _phrases(rules: Sequence[Rule]) -> list[Phrase]:
    """Every single phrase of these rules, once."""
    return list(dict.fromkeys(leaf for rule in rules for leaf in rule.when.leaves()))


def _fill(phrase: Phrase, judged: Source) -> str:
    return _NAMES.fill(phrase.sql, judged.kind)


def _judged(row: Any, rules: Sequence[Rule], walls: Sequence[Wall]) -> Judged:
    holds = {phrase: row[f"p{place}"] is True for place, phrase in enumerate(_phrases(rules))}
    tried = []
    for place, rule in enumerate(rules):
        lets_in = row[f"s{place}"] is True
        missing = () if lets_in else tuple(dict.fromkeys(leaf for leaf in rule.when.leaves() if not holds[leaf]))
        tried.append(Tried(rule, missing, lets_in))
    standing = tuple(wall for place, wall in enumerate(walls) if row[f"w{place}"] is not False)
    return Judged(row["part"], row["person_id"], row["is_unknown"], () if row["is_unknown"] else standing, tuple(tried))
