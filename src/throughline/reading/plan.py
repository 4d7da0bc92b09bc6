"""Root field → one SQL statement: the viewer in force and entered, the answer with the policy inside, the audit row.

The shape is load-bearing. FROM is `me` alone and everything else is one correlated subselect in its target list: sibling
CTEs or joins would run before `me` has filled the settings that the second wall reads.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from throughline.access.entering import me
from throughline.access.rule import Verb
from throughline.access.writing import how_many, verdict
from throughline.db.session import Written
from throughline.reading import catalogue, family, own_trail, person, search, sharing_decision, support_report
from throughline.reading.access_explanation import access_explanation
from throughline.reading.agency import AGENCY, PRACTITIONER, SERVICE, agency, one_of
from throughline.reading.colleague import colleagues
from throughline.reading.cursor import BadCursor
from throughline.reading.emergency_access import emergency_accesses
from throughline.reading.families import families
from throughline.reading.kind import Kind, closed
from throughline.reading.may_do import may_do
from throughline.reading.published_count import published_counts
from throughline.reading.shape import column, joined, json_list, one_or_null, row_object
from throughline.reading.statement import Bind, Emitted, Emitter, Occasion, Scope, Statement
from throughline.reading.tree import Field
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind
from throughline.terms.role import Role

_PLACEHOLDER = re.compile(r"\$(\d+)::")


_IS_TEXT = re.compile(r"[^\x00\ud800-\udfff]*")


class BadText(Exception):  # noqa: N818  # an answer, not a fault
    """A text that PostgreSQL keeps in no encoding. Shown to the caller as BAD_USER_INPUT."""

    def __init__(self) -> None:
        super().__init__("Texts hold no NUL characters and no halves of characters.")


@dataclass(frozen=True, slots=True)
class Plan:
    """`sql` yields one row (json text or null) for a viewer in force, none for one who is not."""

    sql: str
    binds: tuple[Bind, ...]
    cursors: tuple[Bind, ...] = ()

    def values(self, occasion: Occasion) -> list[Any]:
        """The values of the placeholders, in order. Raises BadCursor, BadPage or BadText for arguments that cannot be."""
        values = [bind(occasion) for bind in self.binds]
        for value in values:
            if isinstance(value, str) and not _IS_TEXT.fullmatch(value):
                raise BadText
        return values

    def check(self, occasion: Occasion, answer: str | None) -> str | None:
        """The answer. Raises BadCursor where it says that a cursor was made for the same field of another person or family."""
        if answer and any(cursor(occasion) is not None for cursor in self.cursors) and str(occasion.entry_id) in answer:
            raise BadCursor
        return answer


def compile_plan(
    wanted: Field, role: Role, purpose: Purpose, *, is_tool: bool, judges: tuple[Verb, RecordKind] | None = None
) -> Plan:
    """The plan of one root field for viewers of this role and purpose. `judges`: also what an act wrote (`Occasion.written`);
    then the row has a second column, the sentence that lets it be, or null."""
    statement = Statement(role, purpose, is_tool, asks_why=asks(wanted, "seen_because"), judges=judges)
    body = ROOTS[wanted.name](statement, wanted)
    return _of_used(_around(statement, body), statement)


def _of_used(sql: str, statement: Statement) -> Plan:
    """PostgreSQL refuses a parameter that the text never names, as a cursor's key is when no cursor was asked for."""
    used = sorted({int(number) for number in _PLACEHOLDER.findall(sql)})
    places = {number: place for place, number in enumerate(used, 1)}
    renumbered = _PLACEHOLDER.sub(lambda found: f"${places[int(found[1])]}::", sql)
    return Plan(renumbered, tuple(statement.binds[number - 1] for number in used), tuple(statement.cursors))


def asks(wanted: Field, name: str, seen: set[int] | None = None) -> bool:
    """Whether a field of this name stands anywhere in the tree; shared branches are walked once."""
    walked = set() if seen is None else seen
    if id(wanted) in walked:
        return False
    walked.add(id(wanted))
    return wanted.name == name or any(asks(one, name, walked) for fields in wanted.children.values() for one in fields)


def _around(statement: Statement, body: str) -> str:
    entered = me(
        is_tool=statement.is_tool,
        actor=statement.bind("actor", lambda o: o.viewer.actor_id, "uuid"),
        client=statement.bind("client", lambda o: o.viewer.client_id, "text"),
        role=statement.bind("role", lambda o: str(o.viewer.role), "text"),
        purpose=statement.bind("purpose", lambda o: str(o.viewer.purpose), "text"),
        today=statement.bind("today", lambda o: o.today, "date"),
        now=(now := statement.bind("now", lambda o: o.now, "timestamptz")),
        audits=own_trail.audits(statement),
    )
    entry = ", ".join(
        (
            statement.bind("entry", lambda o: o.entry_id, "uuid"),
            now,
            "me.agency_id, me.actor_id, me.client_id, me.role, me.purpose",
            statement.bind("verb", lambda o: o.verb, "text"),
            statement.bind("operation", lambda o: o.operation, "text"),
            statement.bind("policy", lambda o: o.policy_version, "text"),
            f"case when (answer.p).j is null then 'ABSENT' else 'SHOWN' end, (answer.p).s, {statement.terms}",
        )
    )
    judged = _judged(statement)
    return (
        f"with me as materialized ({entered}), "
        f"answer as materialized (select (select row(x.j, x.s)::app.answer from ({body}) x) p{judged} from me), "
        "trail as (insert into audit.entry (id, at, agency_id, actor_id, client_id, role, purpose, verb, operation, "
        f"policy_version, outcome, seen, terms) select {entry} from answer, me) "
        f"select (answer.p).j::text{', answer.because' if judged else ''} from answer"
    )


def _judged(statement: Statement) -> str:
    if statement.judges is None:
        return ""
    sentence = verdict(
        *statement.judges,
        statement.role,
        statement.purpose,
        record=statement.bind("written", lambda o: _written(o).record_id, "uuid"),
        expected=statement.bind("expected", lambda o: how_many(_written(o).kind, _written(o).about), "bigint"),
        about=statement.bind("about", lambda o: list(set(_written(o).about)), "uuid[]"),
    )
    return f", {sentence} because"


def _written(occasion: Occasion) -> Written:
    if occasion.written is None:
        raise ValueError("this plan judges what an act wrote, and nothing was written")
    return occasion.written


def _id(statement: Statement, wanted: Field) -> str:
    return statement.bind(("id", wanted.key), lambda o: wanted.arguments["id"](o.variables), "uuid")


def _person(statement: Statement, wanted: Field) -> str:
    root = Scope(statement, "me")
    rows = search.open_people(statement, catalogue.ABOUT_PEOPLE, f"i.person_id = {_id(statement, wanted)}", Verb.SEE)
    return _single(root, person.one_person(root, wanted, rows))


def _family(statement: Statement, wanted: Field) -> str:
    return family.family_select(statement, wanted, _id(statement, wanted))


def _families(statement: Statement, wanted: Field) -> str:
    root = Scope(statement, "me")
    return _single(root, families(root, wanted))


def _decisions_due(statement: Statement, wanted: Field) -> str:
    root = Scope(statement, "me")
    return _single(root, sharing_decision.due(root, wanted, closed(sharing_decision.KIND)))


def _emergencies(statement: Statement, wanted: Field) -> str:
    root = Scope(statement, "me")
    return _single(root, emergency_accesses(root, wanted))


def _search(statement: Statement, wanted: Field) -> str:
    root = Scope(statement, "me")
    said = wanted.arguments["input"]
    statement.terms = statement.bind("terms", lambda o: said(o.variables)["terms"], "bytea")
    emitted = search.search(
        root,
        wanted,
        catalogue.ABOUT_PEOPLE,
        lambda o: said(o.variables)["keys"],
        lambda o: said(o.variables)["name"],
        lambda o: said(o.variables)["born"],
    )
    return _single(root, emitted)


def _explanation(statement: Statement, wanted: Field) -> str:
    root, said = Scope(statement, "me"), wanted.arguments["input"]
    person_id, kind = (lambda o: said(o.variables)["person_id"]), (lambda o: said(o.variables)["kind"])
    return _single(root, access_explanation(root, wanted, catalogue.ABOUT_PEOPLE, person_id, kind))


def _node(statement: Statement, wanted: Field) -> str:
    """Whatever has this id, if it is open; each type is looked for only where the selection could show it."""
    root = Scope(statement, "me")
    row_id = _id(statement, wanted)
    possible = [kind for kind in catalogue.EVERY_KIND if kind.type_name in wanted.children]
    if statement.judges:  # what an act has just written is of a kind that it knows
        possible = [kind for kind in possible if kind.kind is statement.judges[1]]
    found = [_node_of_kind(root, wanted, kind, row_id) for kind in possible if statement.opens(kind.kind)]
    others = {"Person": _person, "Family": _family}
    found += [Emitted(*_both(root, select(statement, wanted))) for name, select in others.items() if name in wanted.children]
    answer = f"coalesce({', '.join(e.sql for e in found)})" if found else "null::json"
    return _single(root, Emitted(answer, joined([e.seen for e in found])))


def _both(root: Scope, select: str) -> tuple[str, str]:
    alias = root.statement.alias("q")
    root.joins.append(f"left join lateral ({select}) {alias} on true")
    return f"{alias}.j", f"{alias}.s"


def _node_of_kind(root: Scope, wanted: Field, kind: Kind, row_id: str) -> Emitted:
    statement = root.statement
    inner = kind.scope(statement)
    one = row_object(inner, kind.type_name, wanted.of(kind.type_name), kind.fields)
    return one_or_null(root, kind.by_id(statement, row_id), one, inner)


def _viewer(statement: Statement, wanted: Field) -> str:
    root = Scope(statement, "me")
    one = row_object(root, "Viewer", wanted.of("Viewer"), VIEWER)
    return _single(root, one)


def _support_kinds(statement: Statement, wanted: Field) -> str:
    """Data of the area, shown to everybody who has signed in."""
    root = Scope(statement, "me")
    inner = Scope(statement, statement.alias("d"))
    one = row_object(inner, "SupportKind", wanted.of("SupportKind"), support_report.SUPPORT_KIND)
    return _single(root, json_list(root, "select * from portal.support_kind", f"{inner.r}.code", one, inner))


MOST_AGENCIES = 100


def _agencies(statement: Statement, wanted: Field) -> str:
    """The directory, shown to everybody who has signed in."""

    def kinds(o: Occasion) -> list[str] | None:
        chosen = said(o.variables) if (said := wanted.arguments.get("kinds")) else None
        return None if chosen is None else [str(getattr(kind, "value", kind)) for kind in chosen]

    root = Scope(statement, "me")
    inner = Scope(statement, statement.alias("d"))
    only, begins = statement.bind("kinds", kinds, "text[]"), statement.bind("name", _beginning(wanted), "text")
    rows = (
        f"select * from portal.agency a where a.suspended_at is null and ({only} is null or a.kind = any({only})) "
        f"and ({begins} is null or starts_with(lower(a.name), lower({begins}))) order by a.name, a.id limit {MOST_AGENCIES}"
    )
    one = row_object(inner, "Agency", wanted.of("Agency"), AGENCY)
    return _single(root, json_list(root, rows, f"{inner.r}.name, {inner.r}.id", one, inner))


def _practitioners(statement: Statement, wanted: Field) -> str:
    root = Scope(statement, "me")
    agency_id = statement.bind("agency", lambda o: wanted.arguments["agency_id"](o.variables), "uuid")
    return _single(root, colleagues(root, wanted, agency_id, statement.bind("name", _beginning(wanted), "text")))


def _beginning(wanted: Field) -> Bind:
    """How names are to begin, or null."""
    said = wanted.arguments.get("name")

    def begins(o: Occasion) -> str | None:
        name = said(o.variables) if said else None
        return None if name is None else str(name)

    return begins


def _rooted(emit: Emitter) -> Callable[[Statement, Field], str]:
    def select(statement: Statement, wanted: Field) -> str:
        root = Scope(statement, "me")
        return _single(root, emit(root, wanted))

    return select


def _services(scope: Scope, wanted: Field) -> Emitted:
    inner = Scope(scope.statement, scope.statement.alias("d"))
    one = row_object(inner, "Service", wanted.of("Service"), SERVICE)
    rows = f"select * from portal.service s where s.id = any({scope.r}.services)"
    return json_list(scope, rows, f"{inner.r}.name, {inner.r}.id", one, inner)


def _single(root: Scope, one: Emitted) -> str:
    return f"select {one.sql} j, {one.seen or 'null::bytea'} s from (select) root {' '.join(root.joins)}"


VIEWER = {
    "agency": agency("agency_id"),
    "role": column("role"),
    "purpose": column("purpose"),
    "practitioner": one_of("portal.practitioner", "Practitioner", PRACTITIONER, "actor_id"),
    "services": _services,
    "light_touch_reports": support_report.light_touch("r.practitioner_id = me.actor_id"),
    "tool": one_of("portal.tool", "Tool", {"id": column("id"), "name": column("name")}, "actor_id"),
    "may_do": may_do,
}

ROOTS: dict[str, Callable[[Statement, Field], str]] = {
    "viewer": _viewer,
    "node": _node,
    "person": _person,
    "family": _family,
    "families": _families,
    "person_search": _search,
    "sharing_decisions_due": _decisions_due,
    "emergency_accesses": _emergencies,
    "support_kinds": _support_kinds,
    "agencies": _agencies,
    "practitioners": _practitioners,
    "audit_entries": _rooted(own_trail.audit_entries),
    "disclosures": _rooted(own_trail.disclosures),
    "unusual_access": _rooted(own_trail.unusual_access),
    "access_explanation": _explanation,
    "published_counts": _rooted(published_counts),
}
