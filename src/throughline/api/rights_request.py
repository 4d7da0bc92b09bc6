"""Requests for one's own data."""

import datetime
from typing import Any
from uuid import UUID

import strawberry

from throughline.api.agency import Agency, Practitioner
from throughline.api.connection import Connection, paged
from throughline.api.context import Info
from throughline.api.described import asked, said
from throughline.api.mutation import ActInput, ChangeInput, Given, Payload, act, mutation, shows
from throughline.api.record import Record
from throughline.api.rights_vocabulary import (
    Asker,
    Entitlement,
    Extension,
    IdentityCheck,
    LeftOutBecause,
    RightsOutcome,
    RightsState,
)
from throughline.api.selection import as_uuid
from throughline.api.vocabulary import Purpose
from throughline.db.session import Session
from throughline.records import rights_request as acts


@strawberry.type(description="Something that an officer took out of the answer to a request.")
class LeftOut:
    left_out_id: strawberry.ID = said("The id of a record, of a part of a report, or of an entry of a disclosure log.")
    reason: LeftOutBecause = said("Why it is left out.")
    at: datetime.datetime = said("When it was taken out.")


@strawberry.type(
    description="That an agency has seen what your agency keeps about the person, for a purpose, on a day. Never who: and not everything is "
    "told, without a sign of it, where to tell would endanger somebody, prejudice an enquiry, or give away a confidential service, "
    "somebody's whereabouts or what a child keeps private."
)
class Disclosure:
    id: strawberry.ID = said("Identifies it within the request, for taking it out of the answer.")
    day: datetime.date = said("On which day.")
    agency: Agency = said("Which agency.")
    purpose: Purpose = said("For which purpose.")


@strawberry.type(
    description="Somebody asks an agency for what it keeps about them. Nothing is given before it was checked who asks, and before a "
    "second person of the agency, never whoever opened the request, has approved it. Then, until the request is closed, the agency's own "
    "records about the person can be fetched as a document, and its part of who has seen them."
)
class RightsRequest(Record):
    asked_by: Asker = said("Who asks: the person, or somebody who may ask for them.")
    received_on: datetime.date = said("The day on which the request was received.")
    due_on: datetime.date = said("The last day to answer: one calendar month later, unless it was extended.")
    extended_because: Extension | None = said("Why it takes longer than a month; null where it does not.")
    state: RightsState = said("How far it is.")
    identity_check: IdentityCheck | None = said("How it was made sure who asks; null until it was checked.")
    entitlement: Entitlement | None = said(
        "How it was made sure that they may ask for somebody else; null where they ask for themselves."
    )
    checked_at: datetime.datetime | None = said("When that was checked.")
    checked_by: Practitioner | None = said("Who checked it.")
    approved_at: datetime.datetime | None = said("When a second person approved that it is given.")
    approved_by: Practitioner | None = said("Who approved it.")
    closed_at: datetime.datetime | None = said("When it was closed: nothing more is given.")
    outcome: RightsOutcome | None = said("What came of it; null until it is closed.")
    leaves_out: list[LeftOut] = said("What officers took out of the answer, and why. The answer does not show that it is missing.")
    disclosures: Connection[Disclosure] = paged(
        Disclosure, "Which agencies have seen what yours keeps about the person, newest first; empty for whoever only approves."
    )


@strawberry.input(description="Somebody asks for what your agency keeps about a person.")
class RightsRequestOpenInput(ActInput):
    local_id: str = asked("Whose data: your agency's own system's id for the person, as it stands in `ownId` elsewhere.")
    service_id: strawberry.ID | None = asked(
        "Your confidential service, where it answers for itself, about one of its people by an id of its own.", default=None
    )
    asked_by: Asker = asked("Who asks.")
    received_on: datetime.date = asked("The day on which the request was received.")


@strawberry.input(description="It is sure who asks, and that they may.")
class RightsRequestCheckInput(ChangeInput):
    identity_check: IdentityCheck = asked("How it was made sure who asks.")
    entitlement: Entitlement | None = asked("How it was made sure that they may ask for somebody else.", default=None)


@strawberry.input(description="A later day by which a request is to be answered.")
class RightsRequestExtendInput(ChangeInput):
    because: Extension = asked("Why it takes longer.")
    due_on: datetime.date = asked("The new last day: at most three months after the request was received.")


@strawberry.input(description="Something that is not to be given, and why.")
class RightsRequestLeaveOutInput(ChangeInput):
    left_out_id: strawberry.ID = asked("The id of a record, of a part of a report, or of an entry of a disclosure log.")
    reason: LeftOutBecause = asked("Why it is left out.")


@strawberry.input(description="A second person's yes to a request.")
class RightsRequestApproveInput(ChangeInput):
    pass


@strawberry.input(description="The end of a request.")
class RightsRequestCloseInput(ChangeInput):
    outcome: RightsOutcome = asked("What came of it.")


@strawberry.type
class _Shows(Payload):
    rights_request: RightsRequest | None = shows(
        RightsRequest | None, "The request as you may see it; null if the act was refused, or you may not see it."
    )


@strawberry.type(description="The request, or why there is none.")
class RightsRequestOpenPayload(_Shows):
    pass


@strawberry.type(description="The checked request, or why it is not checked.")
class RightsRequestCheckPayload(_Shows):
    pass


@strawberry.type(description="The request with its later day, or why it has none.")
class RightsRequestExtendPayload(_Shows):
    pass


@strawberry.type(description="The request with what it leaves out, or why nothing was taken out.")
class RightsRequestLeaveOutPayload(_Shows):
    pass


@strawberry.type(description="The approved request, or why it is not approved.")
class RightsRequestApprovePayload(_Shows):
    pass


@strawberry.type(description="The closed request, or why it is not closed.")
class RightsRequestClosePayload(_Shows):
    pass


_SHOWS: dict[str, Any] = {"shows": ("rightsRequest",), "type_name": "RightsRequest"}


async def open_request(info: Info, input: Given[RightsRequestOpenInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        service_id = as_uuid(input.service_id) if input.service_id else None
        given = acts.Asked(input.local_id, input.asked_by, input.received_on, service_id)
        await acts.open_request(session, record_id, given)

    return RightsRequestOpenPayload(**await act(info, input, perform, **_SHOWS))


async def check(info: Info, input: Given[RightsRequestCheckInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.check(session, record_id, input.version, input.identity_check, input.entitlement)

    return RightsRequestCheckPayload(**await act(info, input, perform, **_SHOWS, record_id=as_uuid(input.id)))


async def extend(info: Info, input: Given[RightsRequestExtendInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.extend(session, record_id, input.version, input.because, input.due_on)

    return RightsRequestExtendPayload(**await act(info, input, perform, **_SHOWS, record_id=as_uuid(input.id)))


async def leave_out(info: Info, input: Given[RightsRequestLeaveOutInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.leave_out(session, record_id, input.version, as_uuid(input.left_out_id), input.reason)

    return RightsRequestLeaveOutPayload(**await act(info, input, perform, **_SHOWS, record_id=as_uuid(input.id)))


async def approve(info: Info, input: Given[RightsRequestApproveInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.approve(session, record_id, input.version)

    return RightsRequestApprovePayload(**await act(info, input, perform, **_SHOWS, record_id=as_uuid(input.id)))


async def close(info: Info, input: Given[RightsRequestCloseInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.close(session, record_id, input.version, input.outcome)

    return RightsRequestClosePayload(**await act(info, input, perform, **_SHOWS, record_id=as_uuid(input.id)))


@strawberry.type
class RightsRequestMutations:
    rights_request_open: RightsRequestOpenPayload = mutation(
        open_request, RightsRequestOpenPayload, "Take down that somebody asks for what your agency keeps about a person."
    )
    rights_request_check: RightsRequestCheckPayload = mutation(
        check, RightsRequestCheckPayload, "Say how it was made sure who asks; other agencies are then asked for theirs."
    )
    rights_request_extend: RightsRequestExtendPayload = mutation(
        extend, RightsRequestExtendPayload, "Take more time to answer a request, for a reason that the law knows."
    )
    rights_request_leave_out: RightsRequestLeaveOutPayload = mutation(
        leave_out, RightsRequestLeaveOutPayload, "Take something out of the answer, with a reason; the answer does not show it."
    )
    rights_request_approve: RightsRequestApprovePayload = mutation(
        approve, RightsRequestApprovePayload, "Approve that a request is answered: a second person does, never whoever opened it."
    )
    rights_request_close: RightsRequestClosePayload = mutation(
        close, RightsRequestClosePayload, "Close a request: from now on nothing more is given under it."
    )
