"""Requests for one's own data."""

from throughline.reading.agency import agency, practitioner
from throughline.reading.caution import none
from throughline.reading.kind import Kind, about_one, whose_one
from throughline.reading.page import Page, connection
from throughline.reading.record import about_its_person, record_fields
from throughline.reading.shape import column, instant, json_list, row_object
from throughline.reading.statement import Emitted, Scope
from throughline.reading.tree import Field
from throughline.terms.record_kind import RecordKind
from throughline.terms.role import Role

LEFT_OUT = {"left_out_id": column("left_out_id"), "reason": column("reason"), "at": instant("at")}


def _leaves_out(scope: Scope, wanted: Field) -> Emitted:
    inner = Scope(scope.statement, scope.statement.alias("x"))
    one = row_object(inner, "LeftOut", wanted.of("LeftOut"), LEFT_OUT)
    rows = f"select l.* from portal.left_out l where l.request_id = {scope.r}.id"
    return json_list(scope, rows, f"{inner.r}.at, {inner.r}.left_out_id", one, inner)


DISCLOSURE = {
    "id": column("id"),
    "day": column("day"),
    "agency": agency("agency_id"),
    "purpose": column("purpose"),
}


def _disclosures(scope: Scope, wanted: Field) -> Emitted:
    """The database itself says what may be told, and to whom: `app.disclosures`."""
    page = Page(scope.statement, wanted, "RightsRequest.disclosures", owner=f"{scope.r}.id")
    inner = Scope(scope.statement, scope.statement.alias("y"))

    def node(place: Scope, item: Field) -> Emitted:
        return row_object(place, "Disclosure", item.of("Disclosure"), DISCLOSURE)

    is_officer = "true" if scope.statement.role is Role.PRIVACY_OFFICER else "false"
    rows = f"select d.* from app.disclosures({scope.r}.id) d where {is_officer}"
    return connection(scope, page, "DisclosureConnection", rows, inner, node, "day", "id")


KIND = Kind(
    "RightsRequest",
    RecordKind.RIGHTS_REQUEST,
    "portal.rights_request",
    "received_on",
    {
        **record_fields(RecordKind.RIGHTS_REQUEST, about_its_person, none),
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
        "disclosures": _disclosures,
    },
    about_one,
    whose_one,
)
