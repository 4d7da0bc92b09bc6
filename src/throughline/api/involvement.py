"""Involvements."""

import datetime
from typing import Any
from uuid import UUID

import strawberry

from throughline.api.context import Info
from throughline.api.described import asked, said
from throughline.api.identity import AboutInput, about
from throughline.api.mutation import ChangeInput, Given, MakingInput, Payload, act, mutation, shows
from throughline.api.record import Record
from throughline.api.selection import as_uuid
from throughline.api.vocabulary import Sensitivity
from throughline.db.session import Session
from throughline.records import involvement as acts


@strawberry.type(
    description="The thin fact that an agency is working with somebody, and how to reach it. What it does "
    "for them is not here: that is in support reports."
)
class Involvement(Record):
    how_to_reach: str = said("Whom to ask for, and how.")
    from_on: datetime.date = said("The first day.")
    until_on: datetime.date | None = said("The last day; null while it goes on.")


@strawberry.input(description="That your agency works with somebody, and how to reach it.")
class InvolvementStartInput(MakingInput):
    about: AboutInput = asked("With whom.")
    how_to_reach: str = asked("Whom to ask for, and how.")
    from_on: datetime.date = asked("The first day.")
    until_on: datetime.date | None = asked("The last day, if it is over or known already.", default=None)
    household_id: strawberry.ID | None = asked("The household to which they belong, where the family has two.", default=None)
    service_id: strawberry.ID | None = asked(
        "Your service, from `Viewer.services`, if it is one. What a confidential service records exists for nobody else.",
        default=None,
    )
    sensitivity: Sensitivity | None = asked("Only to raise it: that the police are involved is SENSITIVE at least.", default=None)


@strawberry.input(description="The end of your agency's work with somebody.")
class InvolvementEndInput(ChangeInput):
    until_on: datetime.date = asked("The last day.")


@strawberry.type
class _Shows(Payload):
    involvement: Involvement | None = shows(
        Involvement | None,
        "The involvement as you may see it; null if the act was refused, or you may not see it.",
    )


@strawberry.type(description="The involvement, or why there is none.")
class InvolvementStartPayload(_Shows):
    pass


@strawberry.type(description="The involvement with its last day, or why it has none.")
class InvolvementEndPayload(_Shows):
    pass


async def start(info: Info, input: Given[InvolvementStartInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        wanted = acts.Start(
            about=about(input.about, session.today, "about"),
            how_to_reach=input.how_to_reach,
            from_on=input.from_on,
            until_on=input.until_on,
            household_id=as_uuid(input.household_id) if input.household_id else None,
            service_id=as_uuid(input.service_id) if input.service_id else None,
            sensitivity=input.sensitivity,
        )
        await acts.start(session, record_id, wanted)

    return InvolvementStartPayload(**await act(info, input, perform, shows=("involvement",), type_name="Involvement"))


async def end(info: Info, input: Given[InvolvementEndInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.end(session, record_id, input.version, input.until_on)

    done = await act(info, input, perform, shows=("involvement",), type_name="Involvement", record_id=as_uuid(input.id))
    return InvolvementEndPayload(**done)


@strawberry.type
class InvolvementMutations:
    involvement_start: InvolvementStartPayload = mutation(
        start,
        InvolvementStartPayload,
        "Say that your agency works with somebody. What it does for them belongs in support reports.",
    )
    involvement_end: InvolvementEndPayload = mutation(
        end, InvolvementEndPayload, "Say when your agency's work with somebody ended."
    )
