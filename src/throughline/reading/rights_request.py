"""Requests for one's own data."""

from throughline.reading.agency import practitioner
from throughline.reading.kind import Kind, about_one, whose_one
from throughline.reading.record import about_its_person, record_fields
from throughline.reading.shape import column, instant, json_list, row_object
from throughline.reading.statement import Emitted, Scope
from throughline.reading.tree import Field
from throughline.terms.record_kind import RecordKind

LEFT_OUT = {"left_out_id": column("left_out_id"), "reason": column("reason"), "at": instant("at")}


def _leaves_out(scope: Scope, wanted: Field) -> Emitted:
    inner = Scope(scope.statement, scope.statement.alias("x"))
    one = row_object(inner, "LeftOut", wanted.of("LeftOut"), LEFT_OUT)
    rows = f"select l.* from portal.left_out l where l.request_id = {scope.r}.id"
    return json_list(scope, rows, f"{inner.r}.at, {inner.r}.left_out_id", one, inner)


KIND = Kind(
    "RightsRequest",
    RecordKind.RIGHTS_REQUEST,
    "portal.rights_request",
    "received_on",
    {
        **record_fields(RecordKind.RIGHTS_REQUEST, about_its_person),
        **{
            name: column(name)
            for name in (
                "asked_by",
                "received_on",
                "due_on",
                "extended_because",
                "state",
                "identity_check",
                "entitlement",
                "outcome",
            )
        },
        **{name: instant(name) for name in ("checked_at", "approved_at", "closed_at")},
        "checked_by": practitioner("checked_by_id"),
        "approved_by": practitioner("approved_by_id"),
        "leaves_out": _leaves_out,
    },
    about_one,
    whose_one,
)
