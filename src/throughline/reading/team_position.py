"""The team around a family."""

from throughline.reading.agency import agency, one_of, practitioner
from throughline.reading.kind import Kind, about_each, whose_each
from throughline.reading.membership import HOUSEHOLD
from throughline.reading.record import about_people, record_fields
from throughline.reading.shape import column, expression
from throughline.terms.record_kind import RecordKind

_LINK = ("portal.team_position_person", "position_id")

KIND = Kind(
    "TeamPosition",
    RecordKind.TEAM_POSITION,
    "portal.team_position",
    "from_on",
    {
        **record_fields(RecordKind.TEAM_POSITION, about_people("i.person_id = any({b}.shown)")),
        "holder": practitioner("holder_id"),
        "household": one_of("portal.household", "Household", HOUSEHOLD, "household_id"),
        "position": column("position"),
        "is_confirmed": expression("({r}.confirmed_by_agency_id is not null)"),
        "confirmed_by": agency("confirmed_by_agency_id"),
        "from_on": column("from_on"),
        "until_on": column("until_on"),
    },
    about_each(*_LINK),
    whose_each(*_LINK),
    has_household=True,
    carries=("shown",),
)
