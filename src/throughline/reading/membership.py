"""Who belongs to a household: shown as members of the family."""

from throughline.reading import person
from throughline.reading.agency import one_of
from throughline.reading.kind import Kind, about_one, whose_one
from throughline.reading.record import about_its_person, record_fields
from throughline.reading.shape import column
from throughline.reading.statement import Emitted, Scope
from throughline.reading.tree import Field
from throughline.terms.record_kind import RecordKind


def _person(scope: Scope, wanted: Field) -> Emitted:
    return person.same_person(scope, wanted)


HOUSEHOLD = {"id": column("id"), "label": column("label")}

KIND = Kind(
    "FamilyMember",
    RecordKind.MEMBERSHIP,
    "portal.membership",
    "from_on",
    {
        **record_fields(RecordKind.MEMBERSHIP, about_its_person),
        "person": _person,
        "household": one_of("portal.household", "Household", HOUSEHOLD, "household_id"),
        "role": column("role"),
        "from": column("from_on"),
        "to": column("until_on"),
    },
    about_one,
    whose_one,
    has_household=True,
)
