"""The family picture: the members whose membership is open to the viewer, and whatever is open about them.

Everything under a family goes through those members, so that a family tells nobody more than its memberships do.
"""

from collections.abc import Callable

from throughline.access.rules import household_bits
from throughline.access.standing import PERSON_COLUMNS, held_today, people
from throughline.reading import membership, team_position
from throughline.reading.shape import column, joined, json_list, one_or_null, row_object, seen_row
from throughline.reading.statement import Emitted, Emitter, Scope, Statement
from throughline.reading.tree import Field

FIELDS: dict[str, Emitter] = {"id": column("id")}
"""The collections of a family are added in `catalogue.py`."""


def family_select(statement: Statement, wanted: Field, family_id: str, also: Callable[[str], str] | None = None) -> str:
    """A select of j and s: the family with this id, no row where no membership is open to the viewer. `also`: a further condition,
    made of the name under which the people shown stand."""
    everybody, members, shown = (statement.alias(stem) for stem in ("everybody", "members", "shown"))
    alias = statement.alias("f")
    inner = Scope(statement, alias, None, alias, people=f"{shown} m")
    inner.joins.append(f"cross join lateral (select min(x.because) because from {members} x) {alias}b")
    inner.b = f"{alias}b"
    one = row_object(inner, "Family", wanted.of("Family"), _with_members(members))
    seen = joined([seen_row(inner), one.seen])
    return (
        f"with {everybody} as materialized ({people(_current_members(family_id))}), "
        f"{members} as materialized ({_memberships(statement, everybody, family_id)}), "
        f"{shown} as materialized (select distinct on (x.person_id) {_columns('x')} from {members} x order by x.person_id) "
        f"select {one.sql} j, {seen} s from portal.family {alias} {' '.join(inner.joins)} "
        f"where {alias}.id = {family_id} and {inner.b}.because is not null{f' and {also(shown)}' if also else ''}"
    )


def _current_members(family_id: str) -> str:
    return (
        "i.person_id in (select w.person_id from portal.membership v join portal.identity_record w "
        f"on w.id = v.identity_record_id where v.family_id = {family_id} and {is_current('v')})"
    )


def is_current(alias: str) -> str:
    runs = f"{alias}.from_on <= me.today and ({alias}.until_on is null or {alias}.until_on >= me.today)"
    return f"{runs} and {alias}.withdrawn_at is null"


def _memberships(statement: Statement, everybody: str, family_id: str) -> str:
    if not statement.opens(membership.KIND.kind):
        return f"select r.*, m.*, null::int2 because, 0 why from portal.membership r, {everybody} m where false"
    return membership.KIND.rows(statement, f"{everybody} m", f"r.family_id = {family_id} and {is_current('r')}")


def _columns(alias: str) -> str:
    return ", ".join(f"{alias}.{name}" for name in PERSON_COLUMNS)


def _with_members(members: str) -> dict[str, Emitter]:
    """A family's fields; its members are those already found, not looked up again."""

    def emit(scope: Scope, wanted: Field) -> Emitted:
        alias = scope.statement.alias("c")
        inner = Scope(scope.statement, alias, alias, alias)
        kind = membership.KIND
        one = row_object(inner, kind.type_name, wanted.of(kind.type_name), kind.fields)
        return json_list(scope, f"select * from {members}", f"{alias}.from_on, {alias}.id", one, inner)

    return {**FIELDS, "members": emit, "households": _households(members)}


def _households(members: str) -> Emitter:
    def emit(scope: Scope, wanted: Field) -> Emitted:
        alias = scope.statement.alias("y")
        inner = Scope(scope.statement, alias)
        one = row_object(inner, "Household", wanted.of("Household"), membership.HOUSEHOLD)
        rows = f"select y.* from portal.household y where y.id in (select x.household_id from {members} x)"
        return json_list(scope, rows, f"{alias}.made_at, {alias}.id", one, inner)

    return emit


def lead_practitioner(scope: Scope, wanted: Field) -> Emitted:
    """The confirmed lead today, as a team position that is open to the viewer, or null."""
    kind = team_position.KIND
    if not scope.statement.opens(kind.kind):
        return Emitted("null::json")
    alias = scope.statement.alias("c")
    inner = Scope(scope.statement, alias, None, alias)
    one = row_object(inner, kind.type_name, wanted.of(kind.type_name), kind.fields)
    where = f"r.position = 'LEAD' and r.confirmed_by_agency_id is not null and {is_current('r')}"
    rows = f"{kind.rows(scope.statement, scope.who, where)} order by c.from_on desc, c.id"
    return one_or_null(scope, rows, one, inner)


def families_of(scope: Scope, wanted: Field) -> Emitted:
    """The families of a person, through memberships that are open to the viewer."""
    if not scope.statement.opens(membership.KIND.kind):
        return Emitted("'[]'::json")
    mine = membership.KIND.rows(scope.statement, scope.who, is_current("r"))
    alias = scope.statement.alias("v")
    select = family_select(scope.statement, wanted, f"{alias}.family_id")
    gathered = scope.lateral(
        "l",
        "select coalesce(json_agg(z.j order by z.family_id), '[]'::json) j, string_agg(z.s, ''::bytea order by z.family_id) s from ("
        f"select {alias}.family_id, x.j, x.s from (select distinct c.family_id from ({mine}) c) {alias} "
        f"cross join lateral ({select}) x) z",
    )
    return Emitted(f"{gathered}.j", f"{gathered}.s")


def candidates(statement: Statement) -> str:
    """Ids of families that may be open: those of households for which the viewer holds an opening that some sentence on
    memberships asks for, so no open family is missed; what is open is decided by `family_select` alone."""
    bits = household_bits(membership.KIND.kind, statement.role, statement.purpose)
    asked = "" if bits is None else f" and o.because & {bits} <> 0"
    return (
        "select distinct y.family_id id from portal.opening o join portal.household y on y.id = o.subject_id "
        f"where {held_today('o')}{asked}"
    )
