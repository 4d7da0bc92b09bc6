"""An agency's own part of the trail, and which agencies saw its records: for its privacy officer, for ASSURANCE (sentence 55).

No entry tells whom it was about. The second wall says so again: of the trail the app role may read only the columns that stand here, only
of the agency that has entered, and only in a statement whose first step let an officer in (`access/entering.py`).
"""

from typing import Any

from throughline.access.policy import AUDITS
from throughline.reading.agency import PRACTITIONER, agency, one_of, practitioner
from throughline.reading.page import Page, connection
from throughline.reading.shape import column, instant, json_list, row_object
from throughline.reading.statement import Emitted, Scope, Statement
from throughline.reading.tree import Field

ENTRY = {
    "id": column("id"),
    "at": instant("at"),
    "practitioner": one_of("portal.practitioner", "Practitioner", PRACTITIONER, "actor_id"),
    "tool": one_of("portal.tool", "Tool", {"id": column("id"), "name": column("name")}, "actor_id"),
    **{name: column(name) for name in ("role", "purpose", "act", "outcome")},
}
SIGHT = {"agency": agency("agency_id"), **{name: column(name) for name in ("purpose", "records", "last_on")}}
_DONE = "('SHOWN', 'ABSENT', 'WRITTEN')"


def audits(statement: Statement) -> bool:
    return (statement.role, statement.purpose) == AUDITS


def audit_entries(scope: Scope, wanted: Field) -> Emitted:
    """An AuditEntryConnection, newest first. Its argument `input`: a mapping with `from_on`, `until_on` and, each null where nothing is
    asked of it, `actor_id`, `purpose`, `is_refused` and `person_id`."""
    statement = scope.statement
    page = Page(statement, wanted, "Query.auditEntries")
    inner = Scope(statement, statement.alias("y"))

    def node(place: Scope, item: Field) -> Emitted:
        return row_object(place, "AuditEntry", item.of("AuditEntry"), ENTRY)

    return connection(scope, page, "AuditEntryConnection", _entries(statement, wanted), inner, node, "day", "id")


def _entries(statement: Statement, wanted: Field) -> str:
    columns = "e.id, e.at, e.actor_id, e.role, e.purpose, e.verb act, e.outcome, (e.at at time zone 'Europe/London')::date as day"
    if not audits(statement):
        return f"select {columns} from audit.entry e where false"
    asked = _asked(statement, wanted)
    first, last, actor = asked("from_on", "date"), asked("until_on", "date"), asked("actor_id", "uuid")
    purpose, refused, person = asked("purpose", "text"), asked("is_refused", "boolean"), asked("person_id", "uuid")
    return (
        f"select {columns} from audit.entry e where e.agency_id = me.agency_id "
        f"and e.at >= {first}::timestamp at time zone 'Europe/London' and e.at < ({last} + 1)::timestamp at time zone 'Europe/London' "
        f"and ({actor} is null or e.actor_id = {actor}) and ({purpose} is null or e.purpose = {purpose}) "
        f"and ({refused} is null or (e.outcome not in {_DONE}) = {refused}) "
        f"and ({person} is null or e.id in (select app.entries_about({person}, {first}, {last})))"
    )


def disclosures(scope: Scope, wanted: Field) -> Emitted:
    """Which agencies saw the viewer's agency's records, and for what: a list. Its argument `input`: a mapping with `from_on` and `until_on`."""
    statement = scope.statement
    if not audits(statement):
        return Emitted("'[]'::json")
    asked = _asked(statement, wanted)
    inner = Scope(statement, statement.alias("y"))
    one = row_object(inner, "RecordsSeen", wanted.of("RecordsSeen"), SIGHT)
    rows = f"select * from app.agencies_that_saw({asked('from_on', 'date')}, {asked('until_on', 'date')})"
    return json_list(scope, rows, f"{inner.r}.records desc, {inner.r}.agency_id, {inner.r}.purpose", one, inner)


UNUSUAL = {
    **{name: column(name) for name in ("id", "kind", "on_day", "count", "finding")},
    **{name: instant(name) for name in ("raised_at", "reviewed_at")},
    "practitioner": ENTRY["practitioner"],
    "tool": ENTRY["tool"],
    "reviewed_by": practitioner("reviewed_by_id"),
}


def unusual_access(scope: Scope, wanted: Field) -> Emitted:
    """An UnusualAccessConnection, newest first: never what was raised about the viewer."""
    statement = scope.statement
    page = Page(statement, wanted, "Query.unusualAccess")
    inner = Scope(statement, statement.alias("y"))

    def node(place: Scope, item: Field) -> Emitted:
        return row_object(place, "UnusualAccess", item.of("UnusualAccess"), UNUSUAL)

    mine = "u.agency_id = me.agency_id and u.actor_id <> me.actor_id" if audits(statement) else "false"
    rows = f"select u.*, u.on_day as day from portal.unusual_access u where {mine}"
    return connection(scope, page, "UnusualAccessConnection", rows, inner, node, "day", "id")


def _asked(statement: Statement, wanted: Field) -> Any:
    def bound(name: str, sql_type: str) -> str:
        return statement.bind(("asked", id(wanted), name), lambda o: wanted.arguments["input"](o.variables)[name], sql_type)

    return bound
