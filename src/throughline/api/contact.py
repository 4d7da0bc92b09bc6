"""Contacts at a front door."""

import datetime
from typing import Any
from uuid import UUID

import strawberry

from throughline.api.agency import Agency
from throughline.api.context import Info
from throughline.api.described import asked, said
from throughline.api.identity import AboutInput, about
from throughline.api.mutation import ChangeInput, Given, MakingInput, Payload, act, mutation, shows
from throughline.api.record import Record
from throughline.api.selection import as_uuid
from throughline.api.vocabulary import Channel
from throughline.db.session import Session
from throughline.records import contact as acts


@strawberry.type(
    description="A request for help for somebody, made by one agency to a front door: the team of the "
    "council that decides what happens next. Several contacts can be about one child, so never count "
    "children by them."
)
class Contact(Record):
    front_door: Agency = said("The agency whose triage decides.")
    channel: Channel = said("How it arrived.")
    reason: str = said("What is asked for, and why.")
    received_on: datetime.date = said("The day on which it arrived.")
    decided_on: datetime.date | None = said("The day on which it was decided; null until then.")
    decision: str | None = said("What was decided; null until then.")


@strawberry.input(description="A request for help for somebody with whom your agency works.")
class ContactMakeInput(MakingInput):
    about: AboutInput = asked("For whom.")
    front_door_id: strawberry.ID = asked("The agency whose triage is to decide: an id from `agencies`.")
    reason: str = asked("What is asked for, and why.")
    channel: Channel = asked("How it reaches the front door.", default=Channel.FORM)


@strawberry.input(description="What the front door decided.")
class ContactDecideInput(ChangeInput):
    decision: str = asked("What was decided and what happens next, in words that the asking agency may read.")


@strawberry.type
class _Shows(Payload):
    contact: Contact | None = shows(
        Contact | None, "The contact as you may see it; null if the act was refused, or you may not see it."
    )


@strawberry.type(description="The contact, or why there is none.")
class ContactMakePayload(_Shows):
    pass


@strawberry.type(description="The decided contact, or why it was not decided.")
class ContactDecidePayload(_Shows):
    pass


async def make(info: Info, input: Given[ContactMakeInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        whom = about(input.about, session.today, "about")
        request = acts.Request(as_uuid(input.front_door_id), whom, input.reason, input.channel)
        await acts.make(session, record_id, request)

    return ContactMakePayload(**await act(info, input, perform, shows=("contact",), type_name="Contact"))


async def decide(info: Info, input: Given[ContactDecideInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.decide(session, record_id, input.version, input.decision)

    done = await act(info, input, perform, shows=("contact",), type_name="Contact", record_id=as_uuid(input.id))
    return ContactDecidePayload(**done)


@strawberry.type
class ContactMutations:
    contact_make: ContactMakePayload = mutation(
        make,
        ContactMakePayload,
        "Ask a front door for help. Until it has decided, its triage may look at what there is about the child and the household.",
    )
    contact_decide: ContactDecidePayload = mutation(
        decide,
        ContactDecidePayload,
        "Decide a contact at your front door. From then on it opens nothing to triage.",
    )
