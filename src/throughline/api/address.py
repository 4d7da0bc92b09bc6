"""Addresses."""

import datetime

import strawberry

from throughline.api.described import said
from throughline.api.record import Record


@strawberry.type(description="Where somebody lives or lived.")
class Address(Record):
    lines: str = said("House, street and town, one below the other.")
    postcode: str | None = said("The postcode, where there is one.")
    is_confidential: bool = said(
        "Whether only practitioners whom its keeper has named may see it. You are one of them if this is true."
    )
    from_on: datetime.date = said("The first day.")
    until_on: datetime.date | None = said("The last day; null while they live there.")
