"""Contacts at a front door."""

from throughline.reading.agency import agency
from throughline.reading.kind import Kind, about_one, whose_one
from throughline.reading.record import about_its_person, record_fields
from throughline.reading.shape import column
from throughline.terms.record_kind import RecordKind

KIND = Kind(
    "Contact",
    RecordKind.CONTACT,
    "portal.contact",
    "received_on",
    {
        **record_fields(RecordKind.CONTACT, about_its_person),
        "front_door": agency("front_door_id"),
        **{name: column(name) for name in ("channel", "reason", "received_on", "decided_on", "decision")},
    },
    about_one,
    whose_one,
)
