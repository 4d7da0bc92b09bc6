"""What stood in a support report before it was amended or withdrawn: all of it or nothing (sentence 66).

The rows that amendments replaced are kept by the database: the report's own under its version, and each part that changed under the
version that its report had then. A part's people never change, so whoever is judged is named by the part of today.
"""

from throughline.access.rule import Verb
from throughline.access.rules import Names
from throughline.access.standing import household_openings, people
from throughline.reading.agency import agency
from throughline.reading.caution import of_part_then
from throughline.reading.record import about_people
from throughline.reading.shape import column, instant, json_list, row_object
from throughline.reading.statement import Emitted, Fields, Scope, Statement
from throughline.reading.tree import Field
from throughline.terms.record_kind import RecordKind

MOST_VERSIONS = 20
_NAMES = Names(r="r", m="m", hw="h.w", about="r.identity_record_id")


def earlier_versions(scope: Scope, wanted: Field) -> Emitted:
    """The latest 20, newest first; none where the viewer may not see every part, as it is and as it ever was."""
    statement = scope.statement
    if not statement.opens(RecordKind.SUPPORT_REPORT, Verb.SEE_EARLIER):
        return Emitted("'[]'::json")
    alias = statement.alias("v")
    inner = Scope(statement, alias, None, alias)
    one = row_object(inner, "SupportReportVersion", wanted.of("SupportReportVersion"), FIELDS)
    rows = (
        "select h.record_id id, h.version, h.agency_id, h.replaced_at, j.because "
        f"from ({_all_open(statement, scope.r)}) j join portal.record_history h on h.record_id = {scope.r}.id "
        f"where j.because is not null and cardinality({scope.b}.parts) = {scope.r}.parts_made "
        f"order by h.version desc limit {MOST_VERSIONS}"
    )
    return json_list(scope, rows, f"{alias}.version desc", one, inner)


def _all_open(statement: Statement, report: str) -> str:
    """One row: the sentence that opens the report's earlier versions; null where a part, as it is or was, is closed for somebody
    in it, or names somebody whom the viewer cannot even count."""
    then = (
        "select l.sensitivity, l.is_released, l.must_not_be_told_id union all "
        "select h.sensitivity, (h.body ->> 'is_released')::boolean, (h.body ->> 'must_not_be_told_id')::uuid "
        "from portal.record_history h where h.record_id = l.part_id"
    )
    parts = (
        "(select l.identity_record_id, l.agency_id, l.service_id, l.practitioner_id, l.household_id, l.withdrawn_at, t.sensitivity, "
        f"t.is_released, t.must_not_be_told_id from portal.support_report_part_person l cross join lateral ({then}) t "
        f"where l.report_id = {report}.id) r"
    )
    kind = RecordKind.SUPPORT_REPORT
    judged = (
        f"select {statement.because(kind, _NAMES)} seen, {statement.because(kind, _NAMES, Verb.SEE_EARLIER)} because from {parts} "
        "left join portal.identity_record w on w.id = r.identity_record_id "
        f"left join lateral ({people('i.person_id = w.person_id')}) m on true "
        f"cross join lateral (select {household_openings('r.household_id')} w offset 0) h offset 0"
    )
    return (
        "select case when bool_and(x.seen is not null and x.because is not null) then min(x.because)::int2 end because "
        f"from ({judged}) x where {report}.version > 1"
    )


def _parts(scope: Scope, wanted: Field) -> Emitted:
    """Those that the next version changed, as they stood until then."""
    alias = scope.statement.alias("t")
    inner = Scope(scope.statement, alias, None, alias)
    one = row_object(inner, "SupportReportPartVersion", wanted.of("SupportReportPartVersion"), PART_FIELDS)
    rows = (
        "select p.id, p.ordinal, h.sensitivity, h.body ->> 'what_was_done' what_was_done, h.body ->> 'outcome' outcome, "
        f"(h.body ->> 'is_released')::boolean is_released, h.body, {scope.b}.because from portal.support_report_part p "
        f"join portal.record_history h on h.record_id = p.id where p.report_id = {scope.r}.id and h.version = {scope.r}.version"
    )
    return json_list(scope, rows, f"{alias}.ordinal", one, inner)


PART_FIELDS: Fields = {
    "part_id": column("id"),
    "caution": of_part_then,
    "sensitivity": column("sensitivity"),
    "what_was_done": column("what_was_done"),
    "outcome": column("outcome"),
    "is_released": column("is_released"),
    "about": about_people(
        "i.person_id in (select w.person_id from portal.support_report_part_person l "
        "join portal.identity_record w on w.id = l.identity_record_id where l.part_id = {r}.id)"
    ),
}
FIELDS: Fields = {
    "version": column("version"),
    "replaced_at": instant("replaced_at"),
    "replaced_by": agency("agency_id"),
    "parts": _parts,
}
