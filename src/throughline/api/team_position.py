"""The team around a family."""

import datetime
from typing import Any
from uuid import UUID

import strawberry

from throughline.api.agency import Agency, Practitioner
from throughline.api.context import Info
from throughline.api.described import asked, said
from throughline.api.identity import AboutInput, abouts
from throughline.api.membership import Household
from throughline.api.mutation import ChangeInput, Given, MakingInput, Payload, act, mutation, shows
from throughline.api.record import Record
from throughline.api.selection import as_uuid
from throughline.api.vocabulary import Position
from throughline.db.session import Session
from throughline.records import team_position as acts


@strawberry.type(
    description="A place in the team around a family, held by a practitioner of any agency. It covers one "
    "household and the people named in `about`, and opens nothing until a second agency has confirmed it."
)
class TeamPosition(Record):
    holder: Practitioner = said("Who holds it.")
    household: Household = said("The household that it is for.")
    position: Position = said("Which place.")
    is_confirmed: bool = said("Whether a second agency has said yes.")
    confirmed_by: Agency | None = said("The agency that said yes; null until then.")
    from_on: datetime.date = said("The first day.")
    until_on: datetime.date | None = said("The last day; null while it goes on.")


@strawberry.input(
    description="A place in the team around a family, for one household and the people of it whom you name. "
    "To cover more people, propose another."
)
class TeamPositionProposeInput(MakingInput):
    household_id: strawberry.ID = asked("The household that the position is for.")
    holder_id: strawberry.ID = asked("The practitioner who is to hold it, of any agency.")
    position: Position = asked("Which place.")
    about: list[AboutInput] = asked("Whom the position covers: 1 to 20 people of the household.")
    from_on: datetime.date = asked("The first day.")
    until_on: datetime.date | None = asked("The last day, if it is known.", default=None)


@strawberry.input(description="Yes to a position that another agency proposed.")
class TeamPositionConfirmInput(ChangeInput):
    pass


@strawberry.input(description="The end of somebody's place in the team.")
class TeamPositionEndInput(ChangeInput):
    until_on: datetime.date = asked("The last day. Never later than one that is set already.")


@strawberry.type
class _Shows(Payload):
    team_position: TeamPosition | None = shows(
        TeamPosition | None,
        "The position as you may see it; null if the act was refused, or you may not see it.",
    )


@strawberry.type(description="The proposal, or why there is none.")
class TeamPositionProposePayload(_Shows):
    pass


@strawberry.type(description="The confirmed position, or why it was not confirmed.")
class TeamPositionConfirmPayload(_Shows):
    pass


@strawberry.type(description="The position with its last day, or why it has none.")
class TeamPositionEndPayload(_Shows):
    pass


async def propose(info: Info, input: Given[TeamPositionProposeInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        wanted = acts.Proposal(
            household_id=as_uuid(input.household_id),
            holder_id=as_uuid(input.holder_id),
            position=input.position,
            about=abouts(input.about, session.today),
            from_on=input.from_on,
            until_on=input.until_on,
        )
        await acts.propose(session, record_id, wanted)

    return TeamPositionProposePayload(**await act(info, input, perform, shows=("teamPosition",), type_name="TeamPosition"))


async def confirm(info: Info, input: Given[TeamPositionConfirmInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.confirm(session, record_id, input.version)

    done = await act(info, input, perform, shows=("teamPosition",), type_name="TeamPosition", record_id=as_uuid(input.id))
    return TeamPositionConfirmPayload(**done)


async def end(info: Info, input: Given[TeamPositionEndInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.end(session, record_id, input.version, input.until_on)

    done = await act(info, input, perform, shows=("teamPosition",), type_name="TeamPosition", record_id=as_uuid(input.id))
    return TeamPositionEndPayload(**done)


@strawberry.type
class TeamPositionMutations:
    team_position_propose: TeamPositionProposePayload = mutation(
        propose,
        TeamPositionProposePayload,
        "Propose who is to be on the team around a family. It opens nothing until a second agency has confirmed it.",
    )
    team_position_confirm: TeamPositionConfirmPayload = mutation(
        confirm,
        TeamPositionConfirmPayload,
        "Confirm a position that another agency proposed. From now on, and on its days, it opens what the policy gives its holder.",
    )
    team_position_end: TeamPositionEndPayload = mutation(
        end, TeamPositionEndPayload, "Say when somebody leaves the team. The holder may always step down."
    )
