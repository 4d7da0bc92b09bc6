"""Needs, with the area's own label for the severity."""

from throughline.reading.kind import Kind, about_one, known_about_one, whose_one
from throughline.reading.record import about_its_person, record_fields
from throughline.reading.shape import column, expression
from throughline.terms.record_kind import RecordKind

KIND = Kind(
    "Need",
    RecordKind.NEED,
    "portal.need",
    "from_on",
    {
        **record_fields(RecordKind.NEED, about_its_person),
        "label": expression("(select x.label from portal.need_label x where x.area = {r}.area and x.severity = {r}.severity)"),
        **{name: column(name) for name in ("severity", "reason", "from_on", "until_on")},
    },
    about_one,
    whose_one,
    has_household=True,
    known=known_about_one,
)
