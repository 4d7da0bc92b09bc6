"""Addresses."""

from throughline.reading.kind import Kind, about_one, whose_one
from throughline.reading.record import about_its_person, record_fields
from throughline.reading.shape import column
from throughline.terms.record_kind import RecordKind

KIND = Kind(
    "Address",
    RecordKind.ADDRESS,
    "portal.address",
    "from_on",
    {
        **record_fields(RecordKind.ADDRESS, about_its_person),
        **{name: column(name) for name in ("lines", "postcode", "is_confidential", "from_on", "until_on")},
    },
    about_one,
    whose_one,
    has_household=True,
)
