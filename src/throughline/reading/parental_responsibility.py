"""Parental responsibility: about whoever has it and the child, open where both are."""

from throughline.reading.kind import Kind, about_both, whose_both
from throughline.reading.record import about_people, record_fields
from throughline.reading.relationship import BOTH, one_of_them
from throughline.reading.shape import column
from throughline.terms.record_kind import RecordKind

KIND = Kind(
    "ParentalResponsibility",
    RecordKind.PARENTAL_RESPONSIBILITY,
    "portal.parental_responsibility",
    "from_on",
    {
        **record_fields(RecordKind.PARENTAL_RESPONSIBILITY, about_people(BOTH)),
        "holder": one_of_them("identity_record_id"),
        "child": one_of_them("other_identity_record_id"),
        **{name: column(name) for name in ("known_by", "from_on", "until_on")},
    },
    about_both,
    whose_both,
    has_household=True,
)
