"""What is published of confidential services, for whoever may see it (`access/published.py`)."""

from throughline.access.published import NUMBER, may_see_published
from throughline.reading.shape import column, json_list, row_object
from throughline.reading.statement import Emitted, Fields, Scope
from throughline.reading.tree import Field

PUBLISHED_COUNT: Fields = {name: column(name) for name in ("area", "year", "reports", "people", "fewest", "published_on")}


def published_counts(scope: Scope, wanted: Field) -> Emitted:
    """Newest year first, then by area. For everybody else an empty list, and the table is not read at all."""
    statement = scope.statement
    if not may_see_published(statement.role, statement.purpose):
        return Emitted("'[]'::json")
    inner = Scope(statement, statement.alias("d"))
    one = row_object(inner, "PublishedCount", wanted.of("PublishedCount"), PUBLISHED_COUNT)
    shown = Emitted(one.sql, f"uuid_send({inner.r}.id) || int2send({NUMBER}::int2)")
    return json_list(scope, "select * from portal.published_count", f"{inner.r}.year desc, {inner.r}.area", shown, inner)
