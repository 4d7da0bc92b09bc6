"""Protected identities and whereabouts, for their custodian and whoever it names."""

from throughline.reading.agency import PRACTITIONER
from throughline.reading.caution import none
from throughline.reading.kind import Kind, about_one, whose_one
from throughline.reading.record import about_its_person, record_fields
from throughline.reading.shape import column, json_list, row_object
from throughline.reading.statement import Emitted, Scope
from throughline.reading.tree import Field
from throughline.terms.record_kind import RecordKind


def _readers(scope: Scope, wanted: Field) -> Emitted:
    inner = Scope(scope.statement, scope.statement.alias("d"))
    one = row_object(inner, "Practitioner", wanted.of("Practitioner"), PRACTITIONER)
    rows = (
        "select p.* from portal.protection_reader x join portal.practitioner p on p.id = x.practitioner_id "
        f"where x.protection_id = {scope.r}.id"
    )
    return json_list(scope, rows, f"{inner.r}.id", one, inner)


KIND = Kind(
    "Protection",
    RecordKind.PROTECTION,
    "portal.protection",
    "from_on",
    {
        **record_fields(RecordKind.PROTECTION, about_its_person, none),
        **{name: column(name) for name in ("what", "reason", "from_on", "until_on", "lifted_because")},
        "readers": _readers,
    },
    about_one,
    whose_one,
)
