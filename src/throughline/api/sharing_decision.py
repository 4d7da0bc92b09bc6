"""Sharing decisions."""

import datetime

import strawberry

from throughline.api.agency import Agency
from throughline.api.described import said
from throughline.api.record import Record
from throughline.api.vocabulary import Purpose, RecordKind


@strawberry.type(
    description="A decision that certain kinds of records about certain people may be shared with certain agencies for one purpose, or "
    "that they may not. It opens nothing until a second agency has confirmed it. Not the same as a family's agreement to be helped."
)
class SharingDecision(Record):
    purpose: Purpose = said("The one purpose for which it counts.")
    kinds: list[RecordKind] = said("The kinds whose STANDARD records it covers.")
    sensitive_kinds: list[RecordKind] = said("The kinds whose SENSITIVE records it covers.")
    receivers: list[str] = said(
        "Who may see: names of agencies, a kind of agency such as `HEALTH`, or `SCHOOL_ON_ROLL`, the school where the child is on "
        "roll, whichever that is: it moves with the child."
    )
    is_refusal: bool = said("True where the decision is not to share. It opens nothing.")
    is_confirmed: bool = said("Whether a second agency has said yes.")
    confirmed_by: Agency | None = said("The agency that said yes; null until then.")
    from_on: datetime.date = said("The first day on which it counts.")
    review_on: datetime.date = said("The day by which it must be looked at again.")
    until_on: datetime.date = said("The last day on which it counts.")
    withdrawn_on: datetime.date | None = said("The day on which it was withdrawn: from then on it counts no more. Null while it stands.")
