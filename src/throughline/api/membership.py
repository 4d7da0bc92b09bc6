"""Households, and who belongs to them."""

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
from throughline.api.vocabulary import HouseholdRole
from throughline.db.session import Session
from throughline.records import membership as acts


@strawberry.type(
    description="The people of one family who live at one address. A family can have several, as when "
    "parents live apart, and a child can belong to two."
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


@strawberry.input(
    description="Somebody who belongs to a household. Positions in its team cover them only when a position names them."
)
class MembershipStartInput(MakingInput):
    household_id: strawberry.ID = asked("The household that you lead.")
    about: AboutInput = asked("Who it is.")
    role: HouseholdRole = asked("What they are in that household.")
    from_on: datetime.date = asked("The first day.")
    until_on: datetime.date | None = asked("The last day, if it is over or known already.", default=None)


@strawberry.input(description="The end of somebody's belonging to a household.")
class MembershipEndInput(ChangeInput):
    until_on: datetime.date = asked("Their last day there.")


@strawberry.type
class _Shows(Payload):
    member: FamilyMember | None = shows(
        FamilyMember | None,
        "The membership as you may see it; null if the act was refused, or you may not see it.",
    )


@strawberry.type(description="The membership, or why there is none.")
class MembershipStartPayload(_Shows):
    pass


@strawberry.type(description="The membership with its last day, or why it has none.")
class MembershipEndPayload(_Shows):
    pass


async def start(info: Info, input: Given[MembershipStartInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        whom = about(input.about, session.today, "about")
        wanted = acts.Start(as_uuid(input.household_id), whom, input.role, input.from_on, input.until_on)
        await acts.start(session, record_id, wanted)

    return MembershipStartPayload(**await act(info, input, perform, shows=("member",), type_name="FamilyMember"))


async def end(info: Info, input: Given[MembershipEndInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.end(session, record_id, input.version, input.until_on)

    done = await act(info, input, perform, shows=("member",), type_name="FamilyMember", record_id=as_uuid(input.id))
    return MembershipEndPayload(**done)


@strawberry.type
class MembershipMutations:
    membership_start: MembershipStartPayload = mutation(
        start,
        MembershipStartPayload,
        "Add somebody to a household. The lead practitioner or the allocated social worker of that household does.",
    )
    membership_end: MembershipEndPayload = mutation(end, MembershipEndPayload, "Say when somebody left a household.")
