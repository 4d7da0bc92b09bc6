"""Legal holds."""

from throughline.reading.caution import none
from throughline.reading.kind import Kind, about_one, whose_one
from throughline.reading.record import about_its_person, record_fields
from throughline.reading.shape import column
from throughline.terms.record_kind import RecordKind

KIND = Kind(
    "LegalHold",
    RecordKind.LEGAL_HOLD,
    "portal.legal_hold",
    "from_on",
    {
        **record_fields(RecordKind.LEGAL_HOLD, about_its_person, none),
        **{name: column(name) for name in ("kinds", "reason", "from_on", "until_on", "lifted_because")},
    },
    about_one,
    whose_one,
)
