"""Contacts at a front door."""

import datetime

import strawberry

from throughline.api.agency import Agency
from throughline.api.described import said
from throughline.api.record import Record
from throughline.api.vocabulary import Channel


@strawberry.type(
    description="A request for help for somebody, made by one agency to a front door: the team of the council that decides what "
    "happens next. Several contacts can be about one child, so never count children by them."
)
class Contact(Record):
    front_door: Agency = said("The agency whose triage decides.")
    channel: Channel = said("How it arrived.")
    reason: str = said("What is asked for, and why.")
    received_on: datetime.date = said("The day on which it arrived.")
    decided_on: datetime.date | None = said("The day on which it was decided; null until then.")
    decision: str | None = said("What was decided; null until then.")
