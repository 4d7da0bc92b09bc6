"""Who must not be told, and safe contact: shown with the record on which it stands, to whoever sees that. Whom the words mean is
no field: it is never shown.

Nearly no record says either, so nothing is joined for it: it is written from the record's own row, where there is something to say.
"""

from throughline.reading.shape import quoted
from throughline.reading.statement import Emitted, Emitter, Scope
from throughline.reading.tree import Field

FIELDS = ("must_not_be_told", "safe_contact")
_COLUMNS, _IN_BODY = "{r}.{name}", "({r}.body ->> '{name}')"
"""Where it stands: in columns of the record, or in the body of an earlier version."""
_COMMA, _NOTHING = " || ',' || ", "''"


def of_record(scope: Scope, wanted: Field) -> Emitted:
    """An array of the one that stands on the record, or of none."""
    one = _object(scope.r, wanted, _COLUMNS)
    return Emitted(f"(case when {_says(scope.r, _COLUMNS)} then '[' || {one} || ']' else '[]' end)::json")


def of_parts(scope: Scope, wanted: Field) -> Emitted:
    """An array of those that stand on the report's open parts, in their order."""
    alias = scope.statement.alias("x")
    all_of_them = f"string_agg({_object(alias, wanted, _COLUMNS)}, ', ' order by {alias}.ordinal)"
    return Emitted(
        f"(select '[' || coalesce({all_of_them}, '') || ']' from portal.support_report_part {alias} "
        f"where {alias}.id = any({scope.b}.parts) and {_says(alias, _COLUMNS)})::json"
    )


def of_one(template: str = _COLUMNS) -> Emitter:
    """What stands on the row, or null."""
    return lambda scope, wanted: Emitted(
        f"(case when {_says(scope.r, template)} then {_object(scope.r, wanted, template)} end)::json"
    )


of_part, of_part_then = of_one(), of_one(_IN_BODY)


def none(_scope: Scope, _wanted: Field) -> Emitted:
    return Emitted("'[]'::json")


def _says(r: str, template: str) -> str:
    return f"coalesce({', '.join(template.format(r=r, name=name) for name in FIELDS)}) is not null"


def _object(r: str, wanted: Field, template: str) -> str:
    """A Caution as JSON text."""
    members = []
    for item in wanted.of("Caution"):
        said = (
            "'\"Caution\"'"
            if item.name == "__typename"
            else f"coalesce(to_json({template.format(r=r, name=item.name)})::text, 'null')"
        )
        members.append(f"'{quoted(item.key)}:' || {said}")
    return f"('{{' || {_COMMA.join(members) or _NOTHING} || '}}')"
