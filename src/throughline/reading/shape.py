"""The JSON shapes: an object of a row, a list of rows, a page of rows; each with what the audit keeps of it."""

from collections.abc import Sequence

from throughline.reading.statement import Emitted, Emitter, Fields, Scope
from throughline.reading.tree import Field

LONGEST_NAME = 63
"""PostgreSQL cuts identifiers here (bytes); a longer response key cannot be a column name."""


def column(name: str) -> Emitter:
    """A column of the row, as PostgreSQL writes it in JSON."""
    return lambda scope, _: Emitted(f"{scope.r}.{name}")


def expression(template: str) -> Emitter:
    """An expression over `{r}` (the row), `{m}` (its person's standing) and `me`."""
    return lambda scope, _: Emitted(template.format(r=scope.r, m=scope.m))


def instant(name: str) -> Emitter:
    """UTC with microseconds, as Python's isoformat prints it with a Z."""
    return expression(f"to_char({{r}}.{name} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")


def row_object(scope: Scope, type_name: str, wanted: Sequence[Field], fields: Fields) -> Emitted:
    """One row as a JSON object of the fields that are wanted, and the seen bytes of whatever stands beneath."""
    pairs: list[tuple[str, str]] = []
    seen: list[str] = []
    for item in wanted:
        emitted = Emitted(f"'{type_name}'::text") if item.name == "__typename" else fields[item.name](scope, item)
        pairs.append((item.key, emitted.sql))
        if emitted.seen:
            seen.append(emitted.seen)
    return Emitted(json_object(scope, pairs), joined(seen))


def json_object(scope: Scope, pairs: Sequence[tuple[str, str]]) -> str:
    """`row_to_json` over a row of the scope's FROM, which the planner dissolves: cheapest, and without a limit of keys;
    concatenation where a key is too long."""
    if not pairs:
        return "'{}'::json"
    if any(len(key) > LONGEST_NAME for key, _ in pairs):
        members = " || ',' || ".join(f"'{quoted(key)}:' || coalesce(to_json({sql})::text, 'null')" for key, sql in pairs)
        return f"('{{' || {members} || '}}')::json"
    row = scope.lateral("o", "select " + ", ".join(f'{sql} as "{key}"' for key, sql in pairs))
    return f"row_to_json({row}.*)"  # .* is the row, even where a key has its name


def joined(seen: Sequence[str | None]) -> str | None:
    """Seen bytes one after another; null pieces count as empty."""
    pieces = [f"coalesce({piece}, ''::bytea)" for piece in seen if piece]
    return " || ".join(pieces) or None


def seen_row(scope: Scope, id_column: str = "id") -> str | None:
    """This row's own entry: its id and the number of the sentence that let it in."""
    return f"uuid_send({scope.r}.{id_column}) || int2send({scope.b}.because)" if scope.b else None


def json_list(scope: Scope, rows: str, order: str, one: Emitted, inner: Scope) -> Emitted:
    """All rows of a select (named `inner.r`) as a JSON array, in order."""
    seen = joined([seen_row(inner), one.seen])
    picked = (
        f"select {one.sql} j, {seen or 'null::bytea'} s from ({rows}) {inner.b or inner.r} {' '.join(inner.joins)} order by {order}"
    )
    alias = scope.lateral("l", f"select coalesce(json_agg(z.j), '[]'::json) j, string_agg(z.s, ''::bytea) s from ({picked}) z")
    return Emitted(f"{alias}.j", f"{alias}.s")


def one_or_null(scope: Scope, rows: str, one: Emitted, inner: Scope) -> Emitted:
    """The only row of a select as a JSON object, or null."""
    seen = joined([seen_row(inner), one.seen])
    picked = f"select {one.sql} j, {seen or 'null::bytea'} s from ({rows}) {inner.b or inner.r} {' '.join(inner.joins)} limit 1"
    alias = scope.statement.alias("l")
    scope.joins.append(f"left join lateral ({picked}) {alias} on true")
    return Emitted(f"{alias}.j", f"{alias}.s")


def quoted(key: str) -> str:
    """A GraphQL name holds letters, digits and underscores only; anything else never gets here."""
    if not key.replace("_", "a").isalnum() or not key.isascii():
        raise ValueError(key)
    return f'"{key}"'
