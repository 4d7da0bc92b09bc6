"""Assignments: who of an agency supports whom."""

import datetime
from typing import Any
from uuid import UUID

import strawberry

from throughline.api.agency import Practitioner
from throughline.api.context import Info
from throughline.api.described import asked, said
from throughline.api.identity import own_id
from throughline.api.mutation import ActInput, Given, Payload, act, mutation, shows
from throughline.api.record import Record
from throughline.api.selection import as_uuid
from throughline.db.session import Session
from throughline.records import assignment as acts


@strawberry.type(
    description="That a practitioner supports somebody, or holds their case, for their own agency. It opens what their agency itself "
    "made about the person, and nothing that another agency made."
)
class Assignment(Record):
    holder: Practitioner = said("Who is assigned.")
    from_on: datetime.date = said("The first day.")
    until_on: datetime.date | None = said("The last day; null while it goes on.")


@strawberry.input
class _Which(ActInput):
    practitioner_id: strawberry.ID = asked("Who is assigned: a practitioner of your agency, and never you.")
    local_id: str = asked("Whom they support: your agency's own system's id for the person, as it stands in `ownId` elsewhere.")
    service_id: strawberry.ID | None = asked(
        "Your confidential service, if it is one of its people, whom it knows by ids of its own.", default=None
    )


@strawberry.input(description="Somebody of your agency begins to support somebody.")
class AssignmentStartInput(_Which):
    from_on: datetime.date = asked("The first day.")
    until_on: datetime.date | None = asked("The last day, if it is known.", default=None)


@strawberry.input(description="Somebody of your agency ends supporting somebody.")
class AssignmentEndInput(_Which):
    until_on: datetime.date = asked("The last day. Never later than one that is set already.")


@strawberry.type(description="That the assignment was set, or why not. Of the person it tells nothing.")
class AssignmentStartPayload(Payload):
    assignment: Assignment | None = shows(
        Assignment | None,
        "The assignment as you may see it; null if the act was refused, and to whoever may set assignments without seeing them: "
        "then `recordedId` says that it was set.",
    )


@strawberry.type(
    description="That the assignment was ended (then `userErrors` is empty), or why not. Who names it by practitioner and own id is told "
    "nothing of it: `recordedId` is null."
)
class AssignmentEndPayload(Payload):
    pass


def _which(given: _Which) -> acts.Which:
    service = as_uuid(given.service_id) if given.service_id else None
    return acts.Which(as_uuid(given.practitioner_id), own_id(given.local_id, "localId"), service)


async def start(info: Info, input: Given[AssignmentStartInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.start(session, record_id, _which(input), input.from_on, input.until_on)

    return AssignmentStartPayload(**await act(info, input, perform, shows=("assignment",), type_name="Assignment"))


async def end(info: Info, input: Given[AssignmentEndInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.end(session, _which(input), input.until_on)

    answer = await act(info, input, perform, shows=(), type_name="Assignment")
    return AssignmentEndPayload(read={}, user_errors=answer["user_errors"])


@strawberry.type
class AssignmentMutations:
    assignment_start: AssignmentStartPayload = mutation(
        start,
        AssignmentStartPayload,
        "Assign a practitioner of your agency to somebody. For administrators and team managers, never for themselves.",
    )
    assignment_end: AssignmentEndPayload = mutation(
        end, AssignmentEndPayload, "Say when an assignment ends. From the next day on it opens nothing."
    )
