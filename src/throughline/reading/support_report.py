"""Support reports: the common part shows where at least one part does; a part, where it is open for everybody in it."""

from throughline.access.rule import Verb
from throughline.access.rules import Names
from throughline.access.standing import family_openings, household_openings, people
from throughline.reading.caution import none as no_cautions
from throughline.reading.caution import of_part, of_parts
from throughline.reading.earlier_version import earlier_versions
from throughline.reading.kind import NOBODY, Kind, judged
from throughline.reading.record import about_people, record_fields
from throughline.reading.shape import column, json_list, row_object
from throughline.reading.statement import Emitted, Emitter, Fields, Scope, Statement
from throughline.reading.tree import Field
from throughline.terms.record_kind import RecordKind

_HOUSEHOLD = f"cross join lateral (select {household_openings('r.household_id')} w offset 0) h"
_NAMES = Names(r="r", m="m", hw="h.w", about="r.identity_record_id")

_IS_SIMPLE = "({0}.people = 1 and {0}.parts_made = 1)"
"""One part about one person: the row that names them is all that there is to judge."""


def _whole(statement: Statement, report_id: str, only: str) -> str:
    """Where `only` holds, all open parts of one report, whoever they are about: because, why and their ids. A part is open where it is open for
    each of its people (wall W5); somebody whom the viewer cannot even count closes it."""
    verdict, household = judged(statement, RecordKind.SUPPORT_REPORT, _NAMES)
    rows = (
        f"select r.part_id, r.people, {verdict} "
        "from portal.support_report_part_person r join portal.identity_record w on w.id = r.identity_record_id "
        f"cross join lateral ({people('i.person_id = w.person_id')}) m {household} where r.report_id = {report_id} and {only} offset 0"
    )
    parts = (
        f"select x.part_id, min(x.because)::int2 because, bit_or(x.why) why from ({rows}) x group by x.part_id "
        "having count(*) = max(x.people) and bool_and(x.because is not null)"
    )
    return f"select min(p.because)::int2 because, bit_or(p.why) why, array_agg(p.part_id) parts from ({parts}) p"


def reach(kind: Kind, statement: Statement, who: str, where: str) -> str:
    """Reports with an open part about `who`, judged on the rows that name its people (`r`), before any report is read.

    Parts about nobody else are judged by the standing at hand; only a report that also speaks of other people is judged
    anew, as a whole, so that every route shows the same parts.
    """
    found, (verdict, household) = statement.alias("found"), judged(statement, kind.kind, _NAMES)
    reached = (
        f"select r.report_id, r.part_id, r.given_on, r.people, r.parts_made, {verdict} from {who} "
        f"join portal.support_report_part_person r on r.identity_record_id = any(m.ids) {household} where {where} offset 0"
    )
    grouped = (
        "select g.report_id, min(g.given_on) given_on, min(g.because)::int2 because, "
        "bit_or(g.why) filter (where g.because is not null) why, "
        "array_agg(g.part_id) filter (where g.because is not null) parts, "
        f"max(g.people) = 1 and count(*) = max(g.parts_made) alone from {found} g "
        f"where not {_IS_SIMPLE.format('g')} group by g.report_id"
    )
    return (
        f"with {found} as materialized ({reached}) select * from ("
        f"select j.report_id id, j.given_on, {NOBODY}, j.because, j.why, array[j.part_id] parts from {found} j "
        f"where {_IS_SIMPLE.format('j')} union all select g.report_id id, g.given_on, {NOBODY}, "
        "case when g.alone then g.because else f.because end because, case when g.alone then g.why else f.why end why, "
        f"case when g.alone then g.parts else f.parts end parts from ({grouped}) g "
        f"left join lateral ({_whole(statement, 'g.report_id', 'not g.alone')}) f on f.parts && g.parts) c "
        "where c.because is not null"
    )


def one(statement: Statement, report_id: str) -> str:
    """The report with this id, judged as a whole: by its id it is reached whoever it is about."""
    return (
        f"select {report_id} id, {NOBODY}, f.because, f.why, f.parts from ({_whole(statement, report_id, 'true')}) f "
        "where f.because is not null"
    )


def whose(_: Kind, record_id: str) -> str:
    return (
        "select w.person_id from portal.support_report_part v join portal.support_report_part_person l on l.part_id = v.id "
        f"join portal.identity_record w on w.id = l.identity_record_id where v.report_id = {record_id}"
    )


def _parts(scope: Scope, wanted: Field) -> Emitted:
    alias = scope.statement.alias("t")
    inner = Scope(scope.statement, alias, None, alias)
    one = row_object(inner, "SupportReportPart", wanted.of("SupportReportPart"), PART_FIELDS)
    rows = f"select v.*, {scope.b}.because from portal.support_report_part v where v.id = any({scope.b}.parts)"
    return json_list(scope, rows, f"{alias}.ordinal", one, inner)


SUPPORT_KIND: Fields = {name: column(name) for name in ("code", "label", "floor")}


def _support(scope: Scope, wanted: Field) -> Emitted:
    inner = Scope(scope.statement, scope.statement.alias("d"))
    one = row_object(inner, "SupportKind", wanted.of("SupportKind"), SUPPORT_KIND)
    return Emitted(
        f"(select {one.sql} from portal.support_kind {inner.r} {' '.join(inner.joins)} where {inner.r}.code = {scope.r}.kind_of_support)"
    )


PART_FIELDS = {
    "id": column("id"),
    "caution": of_part,
    "sensitivity": column("sensitivity"),
    "what_was_done": column("what_was_done"),
    "outcome": column("outcome"),
    "is_released": column("is_released"),
    "about": about_people(
        "i.person_id in (select w.person_id from portal.support_report_part_person l "
        "join portal.identity_record w on w.id = l.identity_record_id where l.part_id = {r}.id)"
    ),
}

COMMON_FIELDS = {
    "kind_of_support": _support,
    "given_on": column("given_on"),
    "delivery": column("delivery"),
    "is_light_touch": column("is_light_touch"),
    "people_reached": column("people_reached"),
    "need_level": column("need_level"),
}

FIELDS = {
    **record_fields(
        RecordKind.SUPPORT_REPORT,
        about_people(
            "i.person_id in (select w.person_id from portal.support_report_part_person l "
            "join portal.identity_record w on w.id = l.identity_record_id where l.part_id = any({b}.parts))"
        ),
        of_parts,
    ),
    **COMMON_FIELDS,
    "parts": _parts,
    "earlier_versions": earlier_versions,
}


def known(kind: Kind, statement: Statement, who: str) -> str:
    """Whether a part is about nobody but `who`'s people taken one by one, and each of them may be known of."""
    return (
        f"exists (select from (select {statement.because(kind.kind, _NAMES, Verb.KNOW_OF)} because from {who} "
        "join portal.support_report_part_person r on r.identity_record_id = any(m.ids) and r.people = 1 "
        f"{_HOUSEHOLD} offset 0) c where c.because is not null)"
    )


KIND = Kind(
    "SupportReport",
    RecordKind.SUPPORT_REPORT,
    "portal.support_report",
    "given_on",
    FIELDS,
    reach,
    whose,
    known=known,
    key="r.report_id",
    one=one,
    carries=("parts",),
    is_late=True,
)


def _light_reach(kind: Kind, statement: Statement, who: str, where: str) -> str:
    """Light-touch reports name nobody: `who` is the families that the viewer may see, or nobody at all."""
    names = Names(r="r", m="m", hw="h.w")
    nobody = f"(select {NOBODY}) m"
    return (
        f"select * from (select r.*, {NOBODY}, {statement.because(kind.kind, names)} because, "
        f"{statement.why(kind.kind, names)} why, '{{}}'::uuid[] parts from {kind.table} r "
        f"cross join {nobody} cross join lateral ({family_openings('r')}) h where r.is_light_touch and {where} offset 0) c "
        "where c.because is not null"
    )


LIGHT_TOUCH = Kind(
    "SupportReport",
    RecordKind.LIGHT_TOUCH_REPORT,
    "portal.support_report",
    "given_on",
    {
        **record_fields(RecordKind.LIGHT_TOUCH_REPORT, lambda _scope, _wanted: Emitted("'[]'::json"), no_cautions),
        **COMMON_FIELDS,
        "parts": lambda _scope, _wanted: Emitted("'[]'::json"),
        "earlier_versions": lambda _scope, _wanted: Emitted("'[]'::json"),
    },
    _light_reach,
    whose,
    carries=("parts",),
)


def light_touch(where: str) -> Emitter:
    """The light-touch reports open to the viewer of which `where` (over `{r}`, the row above) is true, earliest first."""

    def emit(scope: Scope, wanted: Field) -> Emitted:
        if not scope.statement.opens(LIGHT_TOUCH.kind):
            return Emitted("'[]'::json")
        inner = LIGHT_TOUCH.scope(scope.statement)
        one = row_object(inner, LIGHT_TOUCH.type_name, wanted.of(LIGHT_TOUCH.type_name), LIGHT_TOUCH.fields)
        rows = LIGHT_TOUCH.rows(scope.statement, "", where.format(r=scope.r))
        return json_list(scope, rows, f"{inner.r}.given_on, {inner.r}.id", one, inner)

    return emit
