"""Enrolments, and attendance at them."""

from throughline.reading.agency import agency
from throughline.reading.kind import Kind, about_one, whose_one
from throughline.reading.record import about_its_person, record_fields
from throughline.reading.shape import column
from throughline.terms.record_kind import RecordKind

KIND = Kind(
    "Enrolment",
    RecordKind.ENROLMENT,
    "portal.enrolment",
    "from_on",
    {
        **record_fields(RecordKind.ENROLMENT, about_its_person),
        "school": agency("school_id"),
        "state": column("state"),
        "from_on": column("from_on"),
        "until_on": column("until_on"),
        "confirmed_by": agency("confirmed_by_agency_id"),
    },
    about_one,
    whose_one,
)

ATTENDANCE = Kind(
    "Attendance",
    RecordKind.ATTENDANCE,
    "portal.attendance",
    "counted_on",
    {
        **record_fields(RecordKind.ATTENDANCE, about_its_person),
        "school_name": column("school_name"),
        **{
            name: column(name)
            for name in (
                "academic_year",
                "sessions_possible",
                "sessions_attended",
                "sessions_authorised",
                "sessions_unauthorised",
            )
        },
    },
    about_one,
    whose_one,
)
