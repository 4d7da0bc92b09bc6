"""Sharing decisions: scope and dates. Why one was made, with or without agreement, is a kind of its own, and not here."""

from throughline.access.opening import Because
from throughline.access.standing import held_today
from throughline.reading.agency import agency
from throughline.reading.kind import Kind, about_each, standing_of, whose_each
from throughline.reading.page import Page, connection
from throughline.reading.record import about_people, record_fields
from throughline.reading.shape import column, expression, row_object
from throughline.reading.sharing_scope import SCOPE, receivers
from throughline.reading.statement import Emitted, Fields, Scope
from throughline.reading.tree import Field
from throughline.terms.record_kind import RecordKind

_LINK = ("portal.sharing_decision_person", "decision_id")
_IS_DUE = "({r}.review_on <= me.today and {r}.until_on >= me.today and {r}.withdrawn_on is null and {r}.withdrawn_at is null)"

REVIEW: Fields = {
    "due_on": column("review_on"),
    "is_due": expression(_IS_DUE),
    "reviewed_on": column("reviewed_on"),
    "outcome": column("review_outcome"),
}


def _review(scope: Scope, wanted: Field) -> Emitted:
    return row_object(scope, "SharingReview", wanted.of("SharingReview"), REVIEW)


KIND = Kind(
    "SharingDecision",
    RecordKind.SHARING_DECISION,
    "portal.sharing_decision",
    "from_on",
    {
        **record_fields(RecordKind.SHARING_DECISION, about_people("i.person_id = any({b}.shown)")),
        **SCOPE,
        "receivers": receivers("select d.receiver_id from portal.sharing_decision_receiver d where d.decision_id = {r}.id"),
        "is_confirmed": expression("({r}.confirmed_by_agency_id is not null)"),
        "confirmed_by": agency("confirmed_by_agency_id"),
        "is_refusal": column("is_refusal"),
        "withdrawn_on": column("withdrawn_on"),
        "review": _review,
    },
    about_each(*_LINK),
    whose_each(*_LINK),
    carries=("shown",),
)


def due(scope: Scope, wanted: Field, closed: str) -> Emitted:
    """A connection of the decisions that are to be reviewed, among those of the viewer's agency and those about people whom they lead.
    `closed`: no rows, for viewers to whom no sentence speaks of decisions."""
    statement = scope.statement
    page = Page(statement, wanted, "Query.sharingDecisionsDue")
    led = (
        "select from portal.opening o join portal.identity_record k on k.id = o.subject_id "
        f"where k.person_id = i.person_id and o.because = {Because.LEAD:d} and {held_today('o')}"
    )
    whose = (
        f"select i.person_id from portal.sharing_decision s join {_LINK[0]} l on l.decision_id = s.id "
        f"join portal.identity_record i on i.id = l.identity_record_id where {_IS_DUE.format(r='s')} "
        f"and (s.agency_id = me.agency_id or exists ({led}))"
    )
    rows = KIND.rows(statement, standing_of(whose), _IS_DUE.format(r="r")) if statement.opens(KIND.kind) else closed

    def node(place: Scope, item: Field) -> Emitted:
        return row_object(place, KIND.type_name, item.of(KIND.type_name), KIND.fields)

    return connection(scope, page, "SharingDecisionConnection", rows, KIND.scope(statement), node, "review_on", "id")
