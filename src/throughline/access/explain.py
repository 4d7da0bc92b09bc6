"""Why somebody may, or may not, see a record; and who may. An operator's tool: it asks as the database's owner, evaluates the
very phrases of the policy, and answers with sentences, never with anything that a record says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from throughline.access.entering import me
from throughline.access.judging import Source, kind_of, source
from throughline.access.policy import RULES
from throughline.access.rule import Phrase, Rule, Verb, Wall
from throughline.access.rules import Names, allowed_purposes, because, rules_for, walls_for
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind
from throughline.terms.role import Role

_NAMES = Names(r="r", m="m", hw="h.w", about="g.id")
_ANY_CLIENT = (
    "(select c.client_id from portal.oauth_client c left join portal.tool t on t.id = c.tool_id and t.disabled_at is null "
    "join portal.practitioner p on p.id = {actor} where c.disabled_at is null and (c.practitioner_id = p.id or t.agency_id = p.agency_id) "
    "limit 1)"
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
class Explanation:
    """`judged` is empty for somebody who is not in force. `elsewhere`: sentences about this kind that speak to others."""

    kind: RecordKind
    role: Role
    purpose: Purpose
    is_in_force: bool
    judged: tuple[Judged, ...]
    elsewhere: tuple[Rule, ...]

    @property
    def open_parts(self) -> tuple[int, ...]:
        """Those which are open for everybody in them."""
        parts = dict.fromkeys(one.part for one in self.judged)
        return tuple(part for part in parts if all(one.because for one in self.judged if one.part == part))

    @property
    def is_seen(self) -> bool:
        return bool(self.open_parts)

    @property
    def numbers(self) -> tuple[int, ...]:
        """Every sentence that lets the viewer in to a part that is open."""
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


async def explain(
    connection: Any, practitioner_id: UUID, record_id: UUID, role: Role, purpose: Purpose, today: date
) -> Explanation:
    """Why this practitioner may or may not see this record, in this role and for this purpose. Raises Unexplainable."""
    kind = await _kind(connection, record_id)
    rules, walls = rules_for(Verb.SEE, kind, role, purpose), walls_for(Verb.SEE, kind, role)
    rows = await connection.fetch(_judge(source(kind), rules, walls), record_id, practitioner_id, str(role), str(purpose), today)
    judged = tuple(_judged(row, rules, walls) for row in rows if row["part"] is not None)
    elsewhere = tuple(rule for rule in RULES if Verb.SEE in rule.may and kind in rule.what and rule not in rules)
    return Explanation(kind, role, purpose, bool(rows), judged, elsewhere)


async def who_can_see(connection: Any, record_id: UUID, today: date) -> list[Seer]:
    """Every practitioner in force who can see the record, in each of their roles and for each purpose. Raises Unexplainable."""
    kind = await _kind(connection, record_id)
    found: list[Seer] = []
    for role in Role:
        for purpose in sorted(allowed_purposes(role)):
            if rules_for(Verb.SEE, kind, role, purpose):
                rows = await connection.fetch(_who(source(kind), role, purpose), record_id, str(role), str(purpose), today)
                found += [Seer(row["name"], row["email"], row["agency"], role, purpose, row["because"]) for row in rows]
    return sorted(found, key=lambda seer: (seer.agency, seer.practitioner, seer.email, seer.role, seer.purpose))


async def _kind(connection: Any, record_id: UUID) -> RecordKind:
    kind = await kind_of(connection, record_id)
    if kind is None:
        raise Unexplainable(f"there is no record {record_id}; a person or family is seen through its records: name one of those")
    return kind


def _entering(actor: str, first: int) -> str:
    """`me` for somebody whose id is this expression, with role, purpose and today from $first on."""
    role, purpose, today = (f"${first + place}" for place in range(3))
    client = _ANY_CLIENT.format(actor=actor)
    return me(is_tool=False, actor=actor, client=client, role=f"{role}::text", purpose=f"{purpose}::text", today=f"{today}::date")


def _judge(judged: Source, rules: Sequence[Rule], walls: Sequence[Wall]) -> str:
    """Binds: record, practitioner, role, purpose, today. One row for each part and person; part is null where there is none."""
    asked = [f"({_fill(phrase, judged)}) p{place}" for place, phrase in enumerate(_phrases(rules))]
    asked += [f"({_fill(rule.when, judged)}) s{place}" for place, rule in enumerate(rules)]
    asked += [f"({_fill(wall.stands, judged)}) w{place}" for place, wall in enumerate(walls)]
    person = "null::uuid person_id" if judged.kind is RecordKind.LIGHT_TOUCH_REPORT else "g.person_id"
    return (
        f"with me as materialized ({_entering('$2::uuid', 3)}) select x.* from me left join lateral ("
        f"select g.part::int, {person}, m.w is null is_unknown, {', '.join(asked)} from {judged.rows}) x on true order by part, person_id"
    )


def _who(judged: Source, role: Role, purpose: Purpose) -> str:
    """Binds: record, role, purpose, today."""
    verdict = because(Verb.SEE, judged.kind, role, purpose, _NAMES)
    parts = (
        f"select case when bool_and(x.because is not null) then min(x.because) end because "
        f"from (select g.part, {verdict} because from {judged.rows}) x group by x.part"
    )
    return (
        "select v.because, p.name, p.email, a.name agency from (select practitioner_id from portal.practitioner_role where role = $2) holder "
        f"cross join lateral ({_entering('holder.practitioner_id', 2)}) me "
        f"cross join lateral (select min(z.because)::int because from ({parts}) z) v "
        "join portal.practitioner p on p.id = me.actor_id join portal.agency a on a.id = me.agency_id where v.because is not null"
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
