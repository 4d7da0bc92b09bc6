"""Identity records, and the numbers on them: each a kind of its own."""

from throughline.access.rules import Names
from throughline.access.standing import PERSON_COLUMNS
from throughline.reading.agency import agency, service
from throughline.reading.because import sentences
from throughline.reading.kind import Kind, whose_one
from throughline.reading.shape import column, instant
from throughline.reading.statement import Statement
from throughline.terms.record_kind import RecordKind

_STANDING = ", ".join(f"m.{name}" for name in PERSON_COLUMNS if name != "person_id")


def _own(kind: Kind, statement: Statement, who: str, where: str) -> str:
    names = Names(r="r", m="m")
    return (
        f"select * from (select r.*, {_STANDING}, {statement.because(kind.kind, names)} because, "
        f"{statement.why(kind.kind, names)} why from {who} join (select i.*, null::timestamptz withdrawn_at, "
        f"(i.made_at at time zone 'Europe/London')::date made_on from portal.identity_record i) r "
        f"on r.id = any(m.ids) where {where} offset 0) c where c.because is not null"
    )


def _numbers(kind: Kind, statement: Statement, who: str, where: str) -> str:
    names = Names(r="r", m="m")
    return (
        f"select * from (select r.*, m.person_id, {_STANDING}, {statement.because(kind.kind, names)} because, "
        f"{statement.why(kind.kind, names)} why from {who} join (select x.*, null::timestamptz withdrawn_at, "
        "null::uuid practitioner_id, (x.made_at at time zone 'Europe/London')::date made_on from portal.identity_number x) r "
        f"on r.identity_record_id = any(m.ids) where {where} offset 0) c where c.because is not null"
    )


KIND = Kind(
    "IdentityRecord",
    RecordKind.IDENTITY_RECORD,
    "portal.identity_record",
    "made_on",
    {
        "id": column("id"),
        "made_by": agency("agency_id"),
        "made_by_service": service("service_id"),
        "made_at": instant("made_at"),
        "seen_because": sentences(RecordKind.IDENTITY_RECORD),
        **{name: column(name) for name in ("own_id", "given_name", "family_name", "date_of_birth", "is_unborn", "sex", "version")},
    },
    _own,
    lambda _, record_id: f"select v.person_id from portal.identity_record v where v.id = {record_id}",
)

NUMBER = Kind(
    "IdentityNumber",
    RecordKind.IDENTITY_NUMBER,
    "portal.identity_number",
    "made_on",
    {
        "id": column("id"),
        "made_by": agency("agency_id"),
        "made_by_service": service("service_id"),
        "scheme": column("scheme"),
        "value": column("value"),
        "seen_because": sentences(RecordKind.IDENTITY_NUMBER),
    },
    _numbers,
    whose_one,
)
