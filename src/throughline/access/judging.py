"""One record, taken apart as the policy judges it: each part, each person in it, and how the viewer stands to both.

For `explain.py`, which asks in the viewer's own place, behind the second wall, and where that hides the record, once more as the
database's owner. `reading` judges many records at once and writes its own joins; the phrases, the walls and the standing are the same.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Table

from throughline.access.standing import family_openings, household_openings, people
from throughline.records.catalogue import KINDS
from throughline.terms.record_kind import RecordKind

_LINKS = {
    RecordKind.TEAM_POSITION: ("portal.team_position_person", "position_id"),
    RecordKind.SHARING_DECISION: ("portal.sharing_decision_person", "decision_id"),
}
_NOBODY = "(select null::uuid person_id, false is_adult, false is_own, false is_named, false is_kept, false is_awaited, 0 w, 0 c0, 0 c1, 0 ag) m"
_BARE_PERSON = (
    "(select 'STANDARD' sensitivity, null::uuid service_id, null::timestamptz withdrawn_at, null::uuid agency_id, "
    "null::uuid practitioner_id) r"
)


@dataclass(frozen=True, slots=True)
class Source:
    """`rows`: a FROM clause over the viewer's row `me`, with `$1` the record's id. It yields the record (or part) as `r`, a
    person's standing as `m` (null where the viewer can know of no such person), `h.w` for its household, and `g.part`:
    whatever has the same part is judged together, and must be open for everybody in it."""

    kind: RecordKind
    rows: str


def source(kind: RecordKind) -> Source:
    if kind is RecordKind.LIGHT_TOUCH_REPORT:
        record = "(select * from portal.support_report where id = $1) r"
        return Source(
            kind,
            f"{record} cross join {_NOBODY} cross join (select 1 part, null::uuid id) g cross join lateral ({family_openings('r')}) h",
        )
    if kind is RecordKind.PERSON:
        return Source(kind, f"{_BARE_PERSON} cross join (select $1::uuid person_id, 1 part, null::uuid id) g "
                            f"left join lateral ({people('i.person_id = g.person_id')}) m on true cross join (select 0 w) h")  # fmt: skip
    record, named, has_household = _named(kind)
    household = household_openings("r.household_id") if has_household else "0"
    persons = f"(select i0.person_id, n.part, n.id from ({named}) n join portal.identity_record i0 on i0.id = n.id) g"
    return Source(
        kind,
        f"{record} cross join lateral {persons} left join lateral ({people('i.person_id = g.person_id')}) m on true "
        f"cross join lateral (select {household} w) h",
    )


def _named(kind: RecordKind) -> tuple[str, str, bool]:
    """The FROM item `r`; a select of id and part over the identity records that it names; whether it may name a household."""
    if kind is RecordKind.SUPPORT_REPORT:
        part = (
            "(select p.*, s.practitioner_id, s.withdrawn_at, s.household_id from portal.support_report_part p "
            "join portal.support_report s on s.id = p.report_id where s.id = $1) r"
        )
        return (
            part,
            "select l.identity_record_id id, r.ordinal part from portal.support_report_part_person l where l.part_id = r.id",
            True,
        )
    if kind is RecordKind.IDENTITY_RECORD:
        return _bare("identity_record"), "select r.id, 1 part", False
    if kind is RecordKind.IDENTITY_NUMBER:
        row = _bare("identity_number", "null::uuid practitioner_id")
        return row, "select r.identity_record_id id, 1 part", False
    table: Table = KINDS[kind].__table__  # type: ignore[assignment]
    record, has_household = f"(select * from {table.fullname} where id = $1) r", "household_id" in table.c
    if kind in _LINKS:
        link, key = _LINKS[kind]
        named = f"select l.identity_record_id id, row_number() over () part from {link} l where l.{key} = r.id"
        return record, named, has_household
    if kind is RecordKind.SHARING_REASON:
        return record, "select l.identity_record_id id, 1 part from portal.sharing_reason_person l where l.reason_id = r.id", False
    if kind in (RecordKind.RELATIONSHIP, RecordKind.PARENTAL_RESPONSIBILITY):
        return record, "select unnest(array[r.identity_record_id, r.other_identity_record_id]) id, 1 part", has_household
    return record, "select r.identity_record_id id, 1 part", has_household


def _bare(table: str, *more: str) -> str:
    """A row that lacks some of the columns that every record has."""
    columns = ", ".join(("t.*", "null::timestamptz withdrawn_at", *more))
    return f"(select {columns} from portal.{table} t where t.id = $1) r"


async def kind_of(connection: Any, row_id: UUID) -> RecordKind | Literal["FAMILY"] | None:
    """What has this id: a record, a person or a family."""
    kinds = (*KINDS, RecordKind.IDENTITY_RECORD, RecordKind.IDENTITY_NUMBER, RecordKind.PERSON, "FAMILY")
    tables = {kind: f"portal.{kind.lower()}" for kind in kinds if kind is not RecordKind.SUPPORT_REPORT}
    selects = [f"select '{kind}' from {table} where id = $1" for kind, table in tables.items()]
    light, full = RecordKind.LIGHT_TOUCH_REPORT, RecordKind.SUPPORT_REPORT
    selects.append(f"select case when is_light_touch then '{light}' else '{full}' end from portal.support_report where id = $1")
    found = await connection.fetchval(" union all ".join(selects), row_id)
    if found is None or found == "FAMILY":
        return found and "FAMILY"
    return RecordKind(found)


async def records_about(connection: Any, person_id: UUID) -> list[tuple[RecordKind, UUID]]:
    """Every record that names a person, as the owner finds them: by kind, then by id."""
    rows = await connection.fetch(f"select distinct kind, id from ({_ABOUT_PERSON}) x order by kind, id", person_id)
    return [(RecordKind(row["kind"]), row["id"]) for row in rows]


_BY_IDENTITY = {
    **{kind: (f"portal.{kind.lower()}", "id") for kind, table in KINDS.items() if "identity_record_id" in table.__table__.c},
    **{kind: (link, key) for kind, (link, key) in _LINKS.items()},
    RecordKind.SUPPORT_REPORT: ("portal.support_report_part_person", "report_id"),
    RecordKind.SHARING_REASON: ("portal.sharing_reason_person", "reason_id"),
    RecordKind.IDENTITY_NUMBER: ("portal.identity_number", "id"),
}
_ABOUT_PERSON = " union all ".join(
    [
        *(
            f"select '{kind}' kind, t.{key} id from {table} t join portal.identity_record i on i.id = t.identity_record_id "
            "where i.person_id = $1"
            for kind, (table, key) in _BY_IDENTITY.items()
        ),
        *(
            f"select '{kind}', t.id from portal.{kind.lower()} t join portal.identity_record i on i.id = t.other_identity_record_id "
            "where i.person_id = $1"
            for kind in (RecordKind.RELATIONSHIP, RecordKind.PARENTAL_RESPONSIBILITY)
        ),
        f"select '{RecordKind.IDENTITY_RECORD}', i.id from portal.identity_record i where i.person_id = $1",
    ]
)


async def memberships_of(connection: Any, family_id: UUID, today: date) -> list[tuple[RecordKind, UUID]]:
    """Those of a family that run today and stand."""
    rows = await connection.fetch(
        "select id from portal.membership where family_id = $1 and withdrawn_at is null and from_on <= $2 "
        "and (until_on is null or until_on >= $2) order by id",
        family_id, today,
    )  # fmt: skip
    return [(RecordKind.MEMBERSHIP, row["id"]) for row in rows]
