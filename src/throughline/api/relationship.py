"""Relationships."""

import datetime
from typing import Any

import strawberry

from throughline.api.described import PERSON, said
from throughline.api.record import Record
from throughline.api.vocabulary import RelationshipKind


@strawberry.type(description="How two people are related. Read it as a sentence: «person» KIND «other», as in «Sara PARENT_OF Adam».")
class Relationship(Record):
    person: Any = said("The person of whom it is said.", PERSON)
    other: Any = said("The person to whom they are related.", PERSON)
    kind: RelationshipKind = said("In which way.")
    how_known: str | None = said("How this is known: seen on a birth certificate, said by the mother.")
    from_on: datetime.date | None = said("The first day, where it is known and matters.")
    until_on: datetime.date | None = said("The last day; null while it lasts.")
