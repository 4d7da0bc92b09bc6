"""Relationships."""

import datetime
from typing import Any
from uuid import UUID

import strawberry

from throughline.api.context import Info
from throughline.api.described import PERSON, asked, said
from throughline.api.identity import AboutInput, about
from throughline.api.mutation import ChangeInput, Given, MakingInput, Payload, act, mutation, shows
from throughline.api.record import Record
from throughline.api.selection import as_uuid
from throughline.api.vocabulary import RelationshipKind
from throughline.db.session import Session
from throughline.records import relationship as acts


@strawberry.type(
    description="How two people are related. Read it as a sentence: «person» KIND «other», as in «Sara PARENT_OF Adam»."
)
class Relationship(Record):
    person: Any = said("The person of whom it is said.", PERSON)
    other: Any = said("The person to whom they are related.", PERSON)
    kind: RelationshipKind = said("In which way.")
    how_known: str | None = said("How this is known: seen on a birth certificate, said by the mother.")
    from_on: datetime.date | None = said("The first day, where it is known and matters.")
    until_on: datetime.date | None = said("The last day; null while it lasts.")


@strawberry.input(description="How two people are related. Read it as a sentence: «person» KIND «other».")
class RelationshipRecordInput(MakingInput):
    household_id: strawberry.ID = asked("The household that you lead, to which at least one of the two belongs.")
    person: AboutInput = asked("The person of whom it is said.")
    other: AboutInput = asked("The person to whom they are related.")
    kind: RelationshipKind = asked("In which way.")
    how_known: str | None = asked("How this is known: seen on a birth certificate, said by the mother.", default=None)
    from_on: datetime.date | None = asked("The first day, where it is known and matters.", default=None)


@strawberry.input(description="The end of a relationship, as of a partnership.")
class RelationshipEndInput(ChangeInput):
    until_on: datetime.date = asked("The last day.")


@strawberry.type
class _Shows(Payload):
    relationship: Relationship | None = shows(
        Relationship | None,
        "The relationship as you may see it; null if the act was refused, or you may not see it.",
    )


@strawberry.type(description="The relationship, or why there is none.")
class RelationshipRecordPayload(_Shows):
    pass


@strawberry.type(description="The relationship with its last day, or why it has none.")
class RelationshipEndPayload(_Shows):
    pass


async def record(info: Info, input: Given[RelationshipRecordInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        related = acts.Related(
            household_id=as_uuid(input.household_id),
            person=about(input.person, session.today, "person"),
            other=about(input.other, session.today, "other"),
            kind=input.kind,
            how_known=input.how_known,
            from_on=input.from_on,
        )
        await acts.record(session, record_id, related)

    return RelationshipRecordPayload(**await act(info, input, perform, shows=("relationship",), type_name="Relationship"))


async def end(info: Info, input: Given[RelationshipEndInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.end(session, record_id, input.version, input.until_on)

    done = await act(info, input, perform, shows=("relationship",), type_name="Relationship", record_id=as_uuid(input.id))
    return RelationshipEndPayload(**done)


@strawberry.type
class RelationshipMutations:
    relationship_record: RelationshipRecordPayload = mutation(
        record, RelationshipRecordPayload, "Say how two people are related, parental responsibility included."
    )
    relationship_end: RelationshipEndPayload = mutation(end, RelationshipEndPayload, "Say that a relationship is over.")
