"""One chronology over several kinds of record: found together, ordered and cut, and only then written out."""

from collections.abc import Sequence

from throughline.access.standing import PERSON_COLUMNS
from throughline.reading.kind import Kind
from throughline.reading.page import Page, connection
from throughline.reading.shape import joined, row_object
from throughline.reading.statement import Emitted, Scope, Statement
from throughline.reading.tree import Field

_STANDING = ", ".join(f"c.{column}" for column in PERSON_COLUMNS)


def chronology(scope: Scope, wanted: Field, path: str, who: str, kinds: Sequence[Kind]) -> Emitted:
    """A RecordConnection over `kinds` about `who`; its argument `kinds` narrows it."""
    statement = scope.statement
    page = Page(statement, wanted, path, owner=scope.owner)
    open_kinds = [kind for kind in kinds if statement.opens(kind.kind)]
    chosen = wanted.arguments.get("kinds")
    only = statement.bind(
        ("kinds", id(wanted)),
        lambda o: None if not chosen or (said := chosen(o.variables)) is None else [str(getattr(k, "value", k)) for k in said],
        "text[]",
    )
    rows = " union all ".join(_rows(statement, kind, who, only) for kind in open_kinds) or _NO_ROWS
    alias = statement.alias("u")
    inner = Scope(statement, alias, alias, alias)

    def node(place: Scope, item: Field) -> Emitted:
        return _one_of_kinds(place, item, open_kinds)

    return connection(scope, page, "RecordConnection", rows, inner, node, "day", "id")


def _rows(statement: Statement, kind: Kind, who: str, only: str) -> str:
    carried = ", ".join(f"{f'c.{name}' if name in kind.carries else 'null::uuid[]'} {name}" for name in ("parts", "shown"))
    where = f"({only} is null or '{kind.kind}' = any({only}))"
    return (
        f"select '{kind.kind}' kind, c.id, c.{kind.day} as day, c.because, c.why, {carried}, {_STANDING} "
        f"from ({kind.rows(statement, who, where)}) c"
    )


_NO_ROWS = "select null::text kind, null::uuid id, null::date as day, null::int2 because, 0 why where false"


def _one_of_kinds(scope: Scope, wanted: Field, kinds: Sequence[Kind]) -> Emitted:
    """The record of row `scope.r`, read by its id from the table of its kind."""
    cases, seen = [], []
    for kind in kinds:
        alias = scope.statement.alias("r")
        inner = Scope(scope.statement, alias, scope.m, scope.b)
        one = row_object(inner, kind.type_name, wanted.of(kind.type_name), kind.fields)
        found = scope.statement.alias("k")
        scope.joins.append(
            f"left join lateral (select {one.sql} j, {one.seen or 'null::bytea'} s from {kind.table} {alias} "
            f"{' '.join(inner.joins)} where {alias}.id = {scope.r}.id and {scope.r}.kind = '{kind.kind}') {found} on true"
        )
        cases.append(f"when '{kind.kind}' then {found}.j")
        seen.append(f"{found}.s" if one.seen else None)
    sql = f"(case {scope.r}.kind {' '.join(cases)} end)" if cases else "null::json"
    return Emitted(sql, joined(seen))
