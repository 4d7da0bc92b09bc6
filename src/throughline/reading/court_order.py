"""Court orders."""

from throughline.reading.kind import Kind, about_one, whose_one
from throughline.reading.record import about_its_person, record_fields
from throughline.reading.shape import column
from throughline.terms.record_kind import RecordKind

FIELDS = {
    **record_fields(RecordKind.COURT_ORDER, about_its_person),
    **{name: column(name) for name in ("kind", "what_it_says", "from_on", "until_on")},
}
"""Who must keep away shows where that person shows by any kind of record: added where all kinds are known (`catalogue.py`)."""

KIND = Kind("CourtOrder", RecordKind.COURT_ORDER, "portal.court_order", "from_on", FIELDS, about_one, whose_one)
