"""Opening a child's records in an emergency, and the review of it."""

import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from throughline.api.agency import Practitioner
from throughline.api.connection import AFTER, FIRST
from throughline.api.context import Info
from throughline.api.described import asked, said
from throughline.api.identity import AboutInput, about
from throughline.api.mutation import ActInput, ChangeInput, Given, Payload, act, mutation, shows
from throughline.api.record import Record
from throughline.api.selection import as_uuid
from throughline.api.vocabulary import EmergencyGround, EmergencyOutcome, EmergencyReviewState
from throughline.db.session import Session
from throughline.records import emergency_access as acts


@strawberry.type(
    description="That somebody opened one child's records for hours, because the child was in danger. It stays for ever: nobody "
    "withdraws it. Whoever made it is who opened the records, from `madeAt` on."
)
class EmergencyAccess(Record):
    ground: EmergencyGround = said("On which of the grounds there are.")
    reason: str = said("Why, in the words of whoever opened them.")
    hours: int = said("For how many hours at most.")
    until_at: datetime.datetime = said("When the hours are over: from then on it opens nothing.")
    ended_at: datetime.datetime | None = said("When it was ended early; null if it was not.")
    review_state: EmergencyReviewState = said("Whether it has been reviewed.")
    review_due_on: datetime.date = said("The last day on which the review is in time.")
    outcome: EmergencyOutcome | None = said("What the review found; null until there was one.")
    findings: str | None = said("What the reviewer says about it.")
    reviewed_at: datetime.datetime | None = said("When it was reviewed.")
    reviewed_by: Practitioner | None = said("Who reviewed it: never whoever opened it.")


@strawberry.input(description="A child in danger, whose records you must see at once.")
class EmergencyAccessOpenInput(ActInput):
    about: AboutInput = asked("The child. Named by `identity`, with the date of birth, unless you have been shown the child.")
    ground: EmergencyGround = asked("On which ground.")
    reason: str = asked("Why, in words. Your privacy officer reads them, and so may whoever leads the work with the child.")
    hours: int = asked("For how many hours: as few as will do, and 24 at most.")


@strawberry.input(description="An emergency access that you need no longer.")
class EmergencyAccessEndInput(ChangeInput):
    pass


@strawberry.input(description="What a review of an emergency access found.")
class EmergencyAccessReviewInput(ChangeInput):
    outcome: EmergencyOutcome = asked("Whether it was right.")
    findings: str = asked("What you looked at, and why you say so.")


@strawberry.type
class _Shows(Payload):
    emergency_access: EmergencyAccess | None = shows(
        EmergencyAccess | None,
        "The emergency access as you may see it; null if the act was refused, or you may not see it.",
    )


@strawberry.type(description="The emergency access, or why there is none.")
class EmergencyAccessOpenPayload(_Shows):
    pass


@strawberry.type(description="The emergency access that has ended, or why it has not.")
class EmergencyAccessEndPayload(_Shows):
    pass


@strawberry.type(description="The emergency access with its review, or why it has none.")
class EmergencyAccessReviewPayload(_Shows):
    pass


async def open_access(info: Info, input: Given[EmergencyAccessOpenInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        whom = about(input.about, session.today, "about")
        await acts.open_access(session, record_id, acts.Emergency(whom, input.ground, input.reason, input.hours))

    info.context.request.even_time.ask()  # whom a wall keeps from the opener takes no longer than somebody unknown
    done = await act(info, input, perform, shows=("emergencyAccess",), type_name="EmergencyAccess")
    return EmergencyAccessOpenPayload(**done)


async def end(info: Info, input: Given[EmergencyAccessEndInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.end(session, record_id, input.version)

    done = await act(info, input, perform, shows=("emergencyAccess",), type_name="EmergencyAccess", record_id=as_uuid(input.id))
    return EmergencyAccessEndPayload(**done)


async def review(info: Info, input: Given[EmergencyAccessReviewInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.review(session, record_id, input.version, input.outcome, input.findings)

    done = await act(info, input, perform, shows=("emergencyAccess",), type_name="EmergencyAccess", record_id=as_uuid(input.id))
    return EmergencyAccessReviewPayload(**done)


@strawberry.type
class EmergencyMutations:
    emergency_access_open: EmergencyAccessOpenPayload = mutation(
        open_access,
        EmergencyAccessOpenPayload,
        "Open one child's support, involvement, need and legal status for hours, because the child is in danger. Your privacy officer "
        "and the agency that leads the work with the child are alerted at once, it is reviewed, and it stays visible for ever. What is "
        "confidential or protected stays hidden, and so does what is also about somebody else.",
    )
    emergency_access_end: EmergencyAccessEndPayload = mutation(
        end, EmergencyAccessEndPayload, "Close what you opened in an emergency, before its hours are over."
    )
    emergency_access_review: EmergencyAccessReviewPayload = mutation(
        review,
        EmergencyAccessReviewPayload,
        "Say whether an emergency access was right. A privacy officer of the same agency does, who did not open it; once.",
    )


STATE = Annotated[
    EmergencyReviewState | None,
    strawberry.argument(description="Only those in this state of review. Without it, or with null: all."),
]


async def emergency_accesses(
    info: Info, state: STATE = strawberry.UNSET, first: FIRST = 20, after: AFTER = strawberry.UNSET
) -> Any:
    return await info.context.read(info.context.selected(info))
