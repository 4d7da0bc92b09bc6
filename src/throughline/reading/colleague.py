"""Who works for an agency, for whoever may look it up (`access/directory.py`)."""

from throughline.access.directory import is_found, may_look_up, roles_of
from throughline.reading.agency import agency
from throughline.reading.shape import column, json_list, row_object
from throughline.reading.statement import Emitted, Fields, Scope
from throughline.reading.tree import Field

MOST_COLLEAGUES = 100

COLLEAGUE: Fields = {
    "id": column("id"),
    "name": column("name"),
    "roles": lambda scope, _: Emitted(f"(select json_agg(x.role order by x.role) from ({roles_of(scope.r)}) x)"),
    "agency": agency("agency_id"),
}


def colleagues(scope: Scope, wanted: Field, agency_id: str, name: str) -> Emitted:
    """By name, the first 100. `agency_id`: a uuid; `name`: how one of their names begins, as text, or null."""
    statement = scope.statement
    inner = Scope(statement, statement.alias("d"))
    one = row_object(inner, "Colleague", wanted.of("Colleague"), COLLEAGUE)
    begins = f"({name} is null or position(' ' || lower({name}) in ' ' || lower(p.name)) > 0)"
    rows = (
        "select p.id, p.name, p.agency_id from portal.practitioner p join portal.agency a on a.id = p.agency_id "
        f"where p.agency_id = {agency_id} and a.suspended_at is null and {is_found('p')} and {begins} "
        f"and {may_look_up(statement.role, statement.purpose, agency_id)} order by p.name, p.id limit {MOST_COLLEAGUES}"
    )
    return json_list(scope, rows, f"{inner.r}.name, {inner.r}.id", one, inner)
