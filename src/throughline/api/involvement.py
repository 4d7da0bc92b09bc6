"""Involvements."""

import datetime

import strawberry

from throughline.api.described import said
from throughline.api.record import Record


@strawberry.type(
    description="The thin fact that an agency is working with somebody, and how to reach it. What it does for them is not here: "
    "that is in support reports."
)
class Involvement(Record):
    how_to_reach: str = said("Whom to ask for, and how.")
    from_on: datetime.date = said("The first day.")
    until_on: datetime.date | None = said("The last day; null while it goes on.")
