"""Legal statuses."""

import datetime

import strawberry

from throughline.api.described import said
from throughline.api.record import Record
from throughline.api.vocabulary import LegalStatusKind


@strawberry.type(description="A formal status of a child in law, with its dates.")
class LegalStatus(Record):
    status: LegalStatusKind = said("Which status.")
    from_on: datetime.date = said("The first day.")
    until_on: datetime.date | None = said("The last day; null while it stands.")
