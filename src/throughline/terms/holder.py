"""Who can hold an opening: a practitioner, an agency, or one of these, which stand for many.

A kind of agency and a position have no row of their own; their ids are made once, here, from their names.
"""

from uuid import UUID, uuid5

from throughline.terms.agency_kind import AgencyKind

_SPACE = UUID("0b8f2f0e-6c53-5c43-9a0f-7a3a52a3f5d1")

SCHOOL_ON_ROLL = uuid5(_SPACE, "position:school-on-roll")
"""The school where the child is on roll, whichever that is: it moves with the child."""

KIND_HOLDER: dict[AgencyKind, UUID] = {kind: uuid5(_SPACE, f"kind:{kind}") for kind in AgencyKind}
