"""Which kinds stand beneath a person and a family. One line for each; nothing else knows them all."""

from throughline.access.rule import Verb
from throughline.reading import (
    address,
    assignment,
    contact,
    court_order,
    emergency_access,
    enrolment,
    family,
    identity_record,
    involvement,
    legal_hold,
    legal_status,
    membership,
    need,
    parental_responsibility,
    person,
    protection,
    relationship,
    rights_request,
    service_agreement,
    sharing_decision,
    sharing_reason,
    support_report,
    team_position,
)
from throughline.reading.chronology import chronology
from throughline.reading.kind import Kind, closed
from throughline.reading.page import Page, connection
from throughline.reading.search import open_people
from throughline.reading.sections import sections
from throughline.reading.shape import json_list, row_object
from throughline.reading.statement import Emitted, Emitter, Scope
from throughline.reading.tree import Field
from throughline.reading.viewer_can import about_person

CHRONOLOGY: tuple[Kind, ...] = (
    support_report.KIND,
    involvement.KIND,
    need.KIND,
    legal_status.KIND,
    enrolment.KIND,
    enrolment.ATTENDANCE,
    membership.KIND,
    relationship.KIND,
    team_position.KIND,
    sharing_decision.KIND,
    address.KIND,
    contact.KIND,
    service_agreement.KIND,
    sharing_reason.KIND,
    parental_responsibility.KIND,
    court_order.KIND,
    emergency_access.KIND,
)
"""Every kind of record about people: a person's history, a family's records."""

ABOUT_PEOPLE: tuple[Kind, ...] = (
    *CHRONOLOGY,
    assignment.KIND,
    protection.KIND,
    rights_request.KIND,
    legal_hold.KIND,
    identity_record.KIND,
    identity_record.NUMBER,
)
"""Every kind that names people: whoever may see one of them may see the thin person."""

EVERY_KIND: tuple[Kind, ...] = (*ABOUT_PEOPLE, support_report.LIGHT_TOUCH)
SECTIONS: tuple[Kind, ...] = (support_report.KIND, involvement.KIND, need.KIND, legal_status.KIND, enrolment.KIND)


def listed(kind: Kind) -> Emitter:
    """All rows of the kind, earliest first: for kinds of which a person has few."""

    def emit(scope: Scope, wanted: Field) -> Emitted:
        if not scope.statement.opens(kind.kind):
            return Emitted("'[]'::json")
        alias = scope.statement.alias("c")
        inner = Scope(scope.statement, alias, alias, alias)
        one = row_object(inner, kind.type_name, wanted.of(kind.type_name), kind.fields)
        rows = kind.rows(scope.statement, scope.who)
        return json_list(scope, rows, f"{alias}.{kind.day} nulls first, {alias}.id", one, inner)

    return emit


def paged(kind: Kind, path: str) -> Emitter:
    """A connection of the kind, newest first."""

    def emit(scope: Scope, wanted: Field) -> Emitted:
        statement = scope.statement
        page = Page(statement, wanted, path, owner=scope.owner)
        inner = kind.scope(statement)
        rows = kind.rows(statement, scope.who) if statement.opens(kind.kind) else closed(kind)

        def node(place: Scope, item: Field) -> Emitted:
            return row_object(place, kind.type_name, item.of(kind.type_name), kind.fields)

        return connection(scope, page, f"{kind.type_name}Connection", rows, inner, node, kind.day, "id")

    return emit


def _history(path: str) -> Emitter:
    return lambda scope, wanted: chronology(scope, wanted, path, scope.who, CHRONOLOGY)


def _keeps_away(scope: Scope, wanted: Field) -> Emitted:
    """Whoever must keep away, where the viewer may see them by a record about them: the order is none."""
    which = f"i.person_id = (select w.person_id from portal.identity_record w where w.id = {scope.r}.keeps_away_id)"
    return person.one_person(scope, wanted, open_people(scope.statement, ABOUT_PEOPLE, which, Verb.SEE))


court_order.FIELDS.update({"keeps_away": _keeps_away})
person.FIELDS.update(
    {
        "families": family.families_of,
        "enrolments": listed(enrolment.KIND),
        "attendance": listed(enrolment.ATTENDANCE),
        "support_reports": paged(support_report.KIND, "Person.supportReports"),
        "involvements": paged(involvement.KIND, "Person.involvements"),
        "needs": paged(need.KIND, "Person.needs"),
        "legal_statuses": listed(legal_status.KIND),
        "relationships": listed(relationship.KIND),
        "parental_responsibilities": listed(parental_responsibility.KIND),
        "court_orders": listed(court_order.KIND),
        "addresses": listed(address.KIND),
        "contacts": listed(contact.KIND),
        "sharing_decisions": listed(sharing_decision.KIND),
        "sharing_reasons": listed(sharing_reason.KIND),
        "service_agreements": listed(service_agreement.KIND),
        "assignments": listed(assignment.KIND),
        "emergency_accesses": listed(emergency_access.KIND),
        "protections": listed(protection.KIND),
        "rights_requests": listed(rights_request.KIND),
        "legal_holds": listed(legal_hold.KIND),
        "identity_records": listed(identity_record.KIND),
        "numbers": listed(identity_record.NUMBER),
        "history": _history("Person.history"),
        "sections": sections(SECTIONS),
        "viewer_can": about_person(ABOUT_PEOPLE),
    }
)
family.FIELDS.update(
    {
        "support_reports": paged(support_report.KIND, "Family.supportReports"),
        "light_touch_reports": support_report.light_touch("r.family_id = {r}.id"),
        "involvements": paged(involvement.KIND, "Family.involvements"),
        "needs": paged(need.KIND, "Family.needs"),
        "records": _history("Family.records"),
        "team": listed(team_position.KIND),
        "sharing_decisions": listed(sharing_decision.KIND),
        "sharing_reasons": listed(sharing_reason.KIND),
        "relationships": listed(relationship.KIND),
        "parental_responsibilities": listed(parental_responsibility.KIND),
        "court_orders": listed(court_order.KIND),
        "lead_practitioner": family.lead_practitioner,
        "sections": sections(SECTIONS),
    }
)
