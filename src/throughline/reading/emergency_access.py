"""Emergency accesses, and the list of an agency's own: what waits for its review, and what is overdue."""

from typing import Any

from throughline.reading.agency import practitioner
from throughline.reading.caution import none
from throughline.reading.kind import Kind, about_one, closed, standing_of, whose_one
from throughline.reading.page import Page, connection
from throughline.reading.record import about_its_person, record_fields
from throughline.reading.shape import column, expression, instant, row_object
from throughline.reading.statement import Emitted, Scope
from throughline.reading.tree import Field
from throughline.terms.emergency import EmergencyReviewState as State
from throughline.terms.record_kind import RecordKind

_STATE = (
    f"(case when {{r}}.outcome is not null then '{State.REVIEWED}' "
    f"when {{r}}.review_due_on < me.today then '{State.OVERDUE}' else '{State.WAITING}' end)"
)

KIND = Kind(
    "EmergencyAccess",
    RecordKind.EMERGENCY_ACCESS,
    "portal.emergency_access",
    "opened_on",
    {
        **record_fields(RecordKind.EMERGENCY_ACCESS, about_its_person, none),
        **{name: column(name) for name in ("ground", "reason", "hours", "review_due_on", "outcome", "findings")},
        **{name: instant(name) for name in ("until_at", "ended_at", "reviewed_at")},
        "review_state": expression(_STATE),
        "reviewed_by": practitioner("reviewed_by_id"),
    },
    about_one,
    whose_one,
)


def emergency_accesses(scope: Scope, wanted: Field) -> Emitted:
    """An EmergencyAccessConnection, newest first: those of the viewer's own agency that they may see. Its argument `state`, where
    it is given: one state, or null."""
    statement = scope.statement
    page = Page(statement, wanted, "Query.emergencyAccesses")

    def state(occasion: Any) -> str | None:
        said = wanted.arguments["state"](occasion.variables) if "state" in wanted.arguments else None
        return None if said is None else str(getattr(said, "value", said))

    only = statement.bind(("state", id(wanted)), state, "text")
    theirs = f"{{r}}.agency_id = me.agency_id and ({only} is null or {_STATE} = {only})"
    whose = (
        "select w.person_id from portal.emergency_access v join portal.identity_record w on w.id = v.identity_record_id "
        f"where {theirs.format(r='v')}"
    )
    rows = KIND.rows(statement, standing_of(whose), theirs.format(r="r")) if statement.opens(KIND.kind) else closed(KIND)
    inner = KIND.scope(statement)

    def node(place: Scope, item: Field) -> Emitted:
        return row_object(place, KIND.type_name, item.of(KIND.type_name), KIND.fields)

    return connection(scope, page, f"{KIND.type_name}Connection", rows, inner, node, KIND.day, "id")
