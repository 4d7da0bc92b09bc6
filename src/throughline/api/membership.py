"""Households, and who belongs to them."""

import datetime
from typing import Any

import strawberry

from throughline.api.described import PERSON, said
from throughline.api.record import Record
from throughline.api.vocabulary import HouseholdRole


@strawberry.type(
    description="The people of one family who live at one address. A family can have several, as when parents live apart, and a "
    "child can belong to two."
)
class Household:
    id: strawberry.ID = said("Identifies the household.")
    label: str = said("A short name to tell it from the family's other households.")


@strawberry.type(description="That somebody belongs to a household of the family, with dates.")
class FamilyMember(Record):
    person: Any = said("Who it is.", PERSON)
    household: Household = said("Where they live.")
    role: HouseholdRole = said("What they are in that household.")
    from_: datetime.date = said("The first day.", name="from")
    to: datetime.date | None = said("The last day; null while it lasts.")
