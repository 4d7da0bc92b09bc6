"""Relationships: about two people, open where both are."""

from throughline.access.standing import people
from throughline.reading import person
from throughline.reading.kind import Kind, about_both, whose_both
from throughline.reading.record import about_people, record_fields
from throughline.reading.shape import column
from throughline.reading.statement import Emitted, Emitter, Scope
from throughline.reading.tree import Field
from throughline.terms.record_kind import RecordKind

BOTH = (
    "i.person_id in (select w.person_id from portal.identity_record w "
    "where w.id in ({r}.identity_record_id, {r}.other_identity_record_id))"
)
"""The two people whom a record names."""


def one_of_them(key: str) -> Emitter:
    def emit(scope: Scope, wanted: Field) -> Emitted:
        which = f"i.person_id = (select w.person_id from portal.identity_record w where w.id = {scope.r}.{key})"
        return person.one_person(scope, wanted, f"select n.*, 1::int2 because from ({people(which)}) n")

    return emit


KIND = Kind(
    "Relationship",
    RecordKind.RELATIONSHIP,
    "portal.relationship",
    "from_on",
    {
        **record_fields(
            RecordKind.RELATIONSHIP,
            about_people(BOTH),
        ),
        "person": one_of_them("identity_record_id"),
        "other": one_of_them("other_identity_record_id"),
        **{name: column(name) for name in ("kind", "how_known", "from_on", "until_on")},
    },
    about_both,
    whose_both,
    has_household=True,
)
