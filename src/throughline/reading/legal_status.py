"""Legal statuses."""

from throughline.reading.kind import Kind, about_one, whose_one
from throughline.reading.record import about_its_person, record_fields
from throughline.reading.shape import column
from throughline.terms.record_kind import RecordKind

KIND = Kind(
    "LegalStatus",
    RecordKind.LEGAL_STATUS,
    "portal.legal_status",
    "from_on",
    {
        **record_fields(RecordKind.LEGAL_STATUS, about_its_person),
        **{name: column(name) for name in ("status", "from_on", "until_on")},
    },
    about_one,
    whose_one,
)
