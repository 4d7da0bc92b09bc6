"""Enrolments, and attendance at them."""

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
from throughline.api.vocabulary import EnrolmentState
from throughline.db.session import Session
from throughline.records import enrolment as acts


@strawberry.type(
    description="A child's place at a school, college or nursery, with its dates. On these days the child is "
    "«on roll», and what the school may see depends on it."
)
class Enrolment(Record):
    school: Agency = said("The school, college or nursery.")
    state: EnrolmentState = said("Whether the place is certain.")
    from_on: datetime.date = said("The first day on roll.")
    until_on: datetime.date | None = said("The last day on roll, still included; null while no leaving date is known.")
    confirmed_by: Agency | None = said("The other agency that confirmed it; null while it is only proposed.")


@strawberry.type(
    description="How often a child was at school in one school year, counted in sessions: each school day "
    "has two, morning and afternoon."
)
class Attendance(Record):
    school_name: str | None = said("The school that counted.")
    academic_year: int = said("The calendar year in which the school year began: 2025 for September 2025 to August 2026.")
    sessions_possible: int = said("Sessions that there were.")
    sessions_attended: int = said("Sessions at which the child was present.")
    sessions_authorised: int = said("Sessions missed with the school's leave, as when ill.")
    sessions_unauthorised: int = said("Sessions missed without leave.")


@strawberry.input(description="A child who is to be on roll at a school. It opens nothing until another agency confirms it.")
class EnrolmentStartInput(MakingInput):
    about: AboutInput = asked("The child.")
    school_id: strawberry.ID = asked("The school, college or nursery: an id from `agencies`.")
    from_on: datetime.date = asked("The first day on roll.")


@strawberry.input(description="Yes to a proposal that another agency made.")
class EnrolmentConfirmInput(ChangeInput):
    pass


@strawberry.input(description="The end of a place at a school.")
class EnrolmentEndInput(ChangeInput):
    until_on: datetime.date = asked("The last day on roll, still included. Never later than one that is set already.")


@strawberry.type
class _Shows(Payload):
    enrolment: Enrolment | None = shows(
        Enrolment | None,
        "The enrolment as you may see it; null if the act was refused, or you may not see it.",
    )


@strawberry.type(description="The proposal, or why there is none.")
class EnrolmentStartPayload(_Shows):
    pass


@strawberry.type(description="The confirmed enrolment, or why it was not confirmed.")
class EnrolmentConfirmPayload(_Shows):
    pass


@strawberry.type(description="The enrolment with its last day, or why it has none.")
class EnrolmentEndPayload(_Shows):
    pass


async def start(info: Info, input: Given[EnrolmentStartInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        whom = about(input.about, session.today, "about")
        await acts.start(session, record_id, acts.Start(as_uuid(input.school_id), input.from_on, whom))

    return EnrolmentStartPayload(**await act(info, input, perform, shows=("enrolment",), type_name="Enrolment"))


async def confirm(info: Info, input: Given[EnrolmentConfirmInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.confirm(session, record_id, input.version)

    done = await act(info, input, perform, shows=("enrolment",), type_name="Enrolment", record_id=as_uuid(input.id))
    return EnrolmentConfirmPayload(**done)


async def end(info: Info, input: Given[EnrolmentEndInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.end(session, record_id, input.version, input.until_on)

    done = await act(info, input, perform, shows=("enrolment",), type_name="Enrolment", record_id=as_uuid(input.id))
    return EnrolmentEndPayload(**done)


@strawberry.type
class EnrolmentMutations:
    enrolment_start: EnrolmentStartPayload = mutation(
        start, EnrolmentStartPayload, "Propose that a child is to be on roll at a school."
    )
    enrolment_confirm: EnrolmentConfirmPayload = mutation(
        confirm,
        EnrolmentConfirmPayload,
        "Confirm another agency's proposal. From the first day the school sees what the policy gives a school.",
    )
    enrolment_end: EnrolmentEndPayload = mutation(
        end,
        EnrolmentEndPayload,
        "Say when a child leaves. From the next day the school keeps its own records and sees nothing of others'.",
    )
