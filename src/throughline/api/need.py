"""Needs."""

import datetime

import strawberry

from throughline.api.described import said
from throughline.api.record import Record
from throughline.api.vocabulary import Severity


@strawberry.type(
    description="How much help somebody needs, from when until when, and why. A change of level is a new need; the earlier one ends "
    "and stays. Nobody assessed is not the same as no need."
)
class Need(Record):
    severity: Severity = said("The level, by a name that means the same everywhere.")
    label: str | None = said("What the area itself calls this level, such as «Level 3»; null where it has no name for it.")
    reason: str = said("Why this level.")
    from_on: datetime.date = said("The first day.")
    until_on: datetime.date | None = said("The last day; null while it stands.")
