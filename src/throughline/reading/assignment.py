"""Assignments: who of an agency supports whom."""

from throughline.reading.agency import practitioner
from throughline.reading.caution import none
from throughline.reading.kind import Kind, about_one, whose_one
from throughline.reading.record import about_its_person, record_fields
from throughline.reading.shape import column
from throughline.terms.record_kind import RecordKind

KIND = Kind(
    "Assignment",
    RecordKind.ASSIGNMENT,
    "portal.assignment",
    "from_on",
    {
        **record_fields(RecordKind.ASSIGNMENT, about_its_person, none),
        "holder": practitioner("holder_id"),
        "from_on": column("from_on"),
        "until_on": column("until_on"),
    },
    about_one,
    whose_one,
)
