"""The team around a family."""

import datetime

import strawberry

from throughline.api.agency import Agency, Practitioner
from throughline.api.described import said
from throughline.api.membership import Household
from throughline.api.record import Record
from throughline.api.vocabulary import Position


@strawberry.type(
    description="A place in the team around a family, held by a practitioner of any agency. It covers one household and the people "
    "named in `about`, and opens nothing until a second agency has confirmed it."
)
class TeamPosition(Record):
    holder: Practitioner = said("Who holds it.")
    household: Household = said("The household that it is for.")
    position: Position = said("Which place.")
    is_confirmed: bool = said("Whether a second agency has said yes.")
    confirmed_by: Agency | None = said("The agency that said yes; null until then.")
    from_on: datetime.date = said("The first day.")
    until_on: datetime.date | None = said("The last day; null while it goes on.")
