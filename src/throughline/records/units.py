"""What is kept or deleted as one, and whom it names: read from the tables, so that a kind made tomorrow is kept and deleted like the others.

A unit is a record, or one part of a support report. It names a person by a column of the record or of a row that belongs to it. Every
text yields the same columns, so that all kinds are asked at once.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final

from sqlalchemy import Column, Date, Table

from throughline.db.base import Base
from throughline.people.family import Family, Household
from throughline.people.identity_record import IdentityRecord
from throughline.people.person import Person
from throughline.records.catalogue import KINDS
from throughline.terms.record_kind import RecordKind

PERSON, IDENTITY, HOUSEHOLD, FAMILY = (
    Base.metadata.tables[f"portal.{one.__tablename__}"] for one in (Person, IdentityRecord, Household, Family)
)

WORK: Final = (
    RecordKind.SUPPORT_REPORT, RecordKind.INVOLVEMENT, RecordKind.TEAM_POSITION, RecordKind.ASSIGNMENT, RecordKind.CONTACT,
)  # fmt: skip
"""The kinds by which a case is open or closed (`KeptFrom.CASE_CLOSED`)."""

GOES_LAST: Final = (
    RecordKind.MEMBERSHIP, RecordKind.ADDRESS, RecordKind.PROTECTION, RecordKind.SERVICE_AGREEMENT, RecordKind.SHARING_REASON,
    RecordKind.SHARING_DECISION, RecordKind.EMERGENCY_ACCESS,
)  # fmt: skip
"""The kinds on which walls rest: who shares a household with whom, whose address is confidential, who and where is protected; and what
ends sharing: who agreed, until when, who refused since. They are kept as long as anything is that names their people; of a membership or
a protection, anybody of the family. Else what time takes away would open something. An emergency access stays as long, for whoever asks
who looked."""
OF_THE_FAMILY: Final = (RecordKind.MEMBERSHIP, RecordKind.PROTECTION)
"""Of these the kinds that wall for whoever belongs to the family."""

ENDS: Final = ("until_on", "withdrawn_on", "decided_on", "closed_at")
"""Columns that hold the last day, or the instant, until which something runs, the earliest of them; null: it runs."""
DAYS: Final = ("given_on", "counted_on", "opened_on")
"""Columns that hold the one day of which a record speaks."""

MEANT: Final = ("must_not_be_told_id", "keeps_away_id", "agreed_by_record_id")
"""Columns that point at somebody whom a record is not about. It does not wait for their time, nor go with them; but who they are stays as
long as it does."""

GOES_WITH_IDENTITY: Final = ("identity_number", "search_key", "link_event", "connection")
"""Tables whose rows say no more than who somebody is, or whom a practitioner must not meet: they go with the person."""


def table(kind: RecordKind) -> Table:
    found: Table = KINDS[kind].__table__  # type: ignore[assignment]
    return found


@cache
def kinds() -> tuple[RecordKind, ...]:
    """In the order in which they go: what refers to others before what it refers to, and at the end what walls rest on."""
    order = {one: place for place, one in enumerate(Base.metadata.sorted_tables)}
    return tuple(sorted(KINDS, key=lambda kind: (kind in GOES_LAST, -order[table(kind)])))


def referring(target: Table) -> Iterator[Column[object]]:
    """Columns of other tables that hold ids of this one. Of several columns that refer together, the one that holds the id."""
    for one in Base.metadata.sorted_tables:
        for key in one.foreign_keys:
            if key.column is target.c.id and one is not target:
                yield key.parent


def belonging(target: Table) -> list[Column[object]]:
    """The same, of tables that are no kind of record: what belongs to a row of this one and goes with it. With an identity record goes
    only what says who somebody is: on anything else it stands."""
    if target is IDENTITY:
        return [column for column in referring(target) if column.table.name in GOES_WITH_IDENTITY]
    records = {table(kind) for kind in KINDS} - {target}
    return [column for column in referring(target) if column.table not in records]


def referring_records(kind: RecordKind) -> list[Column[object]]:
    """Columns of other kinds of record that refer to this kind: while one does, the record stands."""
    records = {table(one) for one in KINDS}
    return [column for column in referring(table(kind)) if column.table in records]


@cache
def about() -> str:
    """A select, one row for each unit and person in it: kind, record_id, unit_id, person_id, agency_id, made_on, last_on (infinity while
    it runs)."""
    return " union all ".join(_about(kind) for kind in kinds())


@cache
def about_nobody() -> str:
    """The same for records that name no person, with family_id where one is named."""
    return " union all ".join(_about_nobody(kind) for kind in kinds())


IDENTITIES = (
    "select 'IDENTITY_RECORD' kind, i.person_id record_id, i.person_id unit_id, i.person_id, i.agency_id, "
    "(i.made_at at time zone 'Europe/London')::date made_on, (i.made_at at time zone 'Europe/London')::date last_on "
    "from portal.identity_record i"
)
"""The same for people themselves: a person's identity records go together, so that nobody is split in two."""


def _about(kind: RecordKind) -> str:
    made, last = _made(), _last(table(kind))
    return (
        f"select '{kind}' kind, n.record_id, n.unit_id, n.person_id, r.agency_id, {made} made_on, {last} last_on "
        f"from ({_concerned(kind)}) n join {table(kind).fullname} r on r.id = n.record_id"
    )


def _concerned(kind: RecordKind) -> str:
    """Whose time a unit waits for: whom it names, and for some kinds everybody of the family."""
    if kind not in OF_THE_FAMILY:
        return named(kind)
    family = "join portal.membership u on u.family_id = v.family_id join portal.identity_record i on i.id = u.identity_record_id"
    if kind is RecordKind.MEMBERSHIP:
        return f"select v.id record_id, v.id unit_id, i.person_id from portal.membership v {family}"
    return (
        f"{named(kind)} union select n.record_id, n.unit_id, i.person_id from ({named(kind)}) n "
        f"join portal.identity_record o on o.person_id = n.person_id join portal.membership v on v.identity_record_id = o.id {family}"
    )


def _about_nobody(kind: RecordKind) -> str:
    label = (
        f"case when r.is_light_touch then '{RecordKind.LIGHT_TOUCH_REPORT}' else '{kind}' end"
        if kind is RecordKind.SUPPORT_REPORT
        else f"'{kind}'"
    )
    family = "r.family_id" if "family_id" in table(kind).c else "null::uuid"
    return (
        f"select {label} kind, r.id record_id, r.id unit_id, r.agency_id, {_last(table(kind))} last_on, {family} family_id "
        f"from {table(kind).fullname} r where not exists (select from ({named(kind)}) n where n.record_id = r.id)"
    )


def _made() -> str:
    return "(r.made_at at time zone 'Europe/London')::date"


def _last(one: Table) -> str:
    withdrawn = "(r.withdrawn_at at time zone 'Europe/London')::date"
    ends = [one.c[name] for name in ENDS if name in one.c]
    if ends:
        days = (
            f"r.{end.name}" if isinstance(end.type, Date) else f"(r.{end.name} at time zone 'Europe/London')::date" for end in ends
        )
        return f"coalesce({withdrawn}, least({', '.join(days)}), 'infinity'::date)"
    return next((f"r.{name}" for name in DAYS if name in one.c), _made())


@cache
def named(kind: RecordKind) -> str:
    """A select of record_id, unit_id and person_id."""
    if kind is RecordKind.SUPPORT_REPORT:
        return (
            "select l.report_id record_id, l.part_id unit_id, i.person_id from portal.support_report_part_person l "
            "join portal.identity_record i on i.id = l.identity_record_id"
        )
    one = table(kind)
    selects = [_names(column, f"t.{owner.name}" if owner is not None else "t.id") for column, owner in naming(kind)]
    if not selects:
        raise AssertionError(f"{one.name} names nobody, by whatever way: say in units.py what it is about")
    return " union all ".join(selects)


def naming_one(person: str) -> str:
    """A select of kind and unit_id: whatever names this person."""
    return " union all ".join(f"select '{kind}', n.unit_id from ({named(kind)}) n where n.person_id = {person}" for kind in kinds())


def naming(kind: RecordKind) -> list[tuple[Column[object], Column[object] | None]]:
    """The columns that name somebody, each with the column that says to which record its row belongs; None: the record itself."""
    own: list[tuple[Column[object], Column[object] | None]] = [(column, None) for column in _people(table(kind))]
    return own + [(column, owner) for owner in belonging(table(kind)) for column in _people(owner.table)]


def _names(column: Column[object], record: str) -> str:
    refers = next(iter(column.foreign_keys)).column.table
    joined = " join portal.identity_record i on i.id = t." + column.name if refers is IDENTITY else ""
    person = "i.person_id" if joined else f"t.{column.name}"
    return (
        f"select {record} record_id, {record} unit_id, {person} person_id from {column.table} t{joined} where {person} is not null"
    )


def _people(one: Table) -> list[Column[object]]:
    ids = (IDENTITY.c.id, PERSON.c.id)
    return [column for column in one.c if column.name not in MEANT and any(key.column in ids for key in column.foreign_keys)]


def meaning() -> list[Column[object]]:
    """The columns that point at somebody whom their record is not about."""
    return [column for column in referring(IDENTITY) if column.name in MEANT]


def goes_whole(kind: RecordKind) -> bool:
    """Whether a unit of this kind goes with any one of its people. Of the others their name goes, while they name somebody else."""
    return kind is RecordKind.SUPPORT_REPORT or any(owner is None for _, owner in naming(kind))


def standing_on(target: Table) -> list[Column[object]]:
    """Whatever refers to it and does not go with it."""
    return [column for column in referring(target) if column.table.name not in GOES_WITH_IDENTITY]
