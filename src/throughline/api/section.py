"""The sections of a picture: for each kind of record, whether there is something to see, and if not, why."""

import datetime

import strawberry

from throughline.api.described import said
from throughline.api.vocabulary import RecordKind, SectionState


@strawberry.type(
    description="What a picture holds of one kind of record. Show it wherever a list is empty, so that "
    "nobody takes «not connected» "
    "for «no help»."
)
class PictureSection:
    kind: RecordKind = said("The kind of record.")
    state: SectionState = said("What there is to see, or why there is nothing. The first that applies, in the order of the states.")
    covered_from: datetime.date | None = said(
        "The first day for which agencies of this area send such records; null where none does. The same for "
        "every family of an area."
    )
    covered_to: datetime.date | None = said("The last day for which they have sent them so far; null where none does.")
