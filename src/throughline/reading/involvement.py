"""Involvements."""

from throughline.reading.kind import Kind, about_one, whose_one
from throughline.reading.record import about_its_person, record_fields
from throughline.reading.shape import column
from throughline.terms.record_kind import RecordKind

KIND = Kind(
    "Involvement",
    RecordKind.INVOLVEMENT,
    "portal.involvement",
    "from_on",
    {
        **record_fields(RecordKind.INVOLVEMENT, about_its_person),
        **{name: column(name) for name in ("how_to_reach", "from_on", "until_on")},
    },
    about_one,
    whose_one,
    has_household=True,
)
