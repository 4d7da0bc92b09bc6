"""Parental responsibility."""

import datetime
from typing import Any
from uuid import UUID

import strawberry

from throughline.api.context import Info
from throughline.api.described import PERSON, asked, said
from throughline.api.identity import AboutInput, about
from throughline.api.mutation import ActInput, ChangeInput, Given, MakingInput, Payload, act, mutation, shows
from throughline.api.record import Record
from throughline.api.selection import as_uuid
from throughline.api.vocabulary import ResponsibilityBasis
from throughline.db.session import Session
from throughline.records import parental_responsibility as acts

_HOW, _SINCE = "By what it is known.", "The first day, where that is known."


@strawberry.type(description="That somebody has parental responsibility for a child: the rights and duties of a parent in law.")
class ParentalResponsibility(Record):
    holder: Any = said("Who has it.", PERSON)
    child: Any = said("For whom.", PERSON)
    known_by: ResponsibilityBasis = said(_HOW)
    from_on: datetime.date | None = said(_SINCE)
    until_on: datetime.date | None = said("The last day; null while it lasts.")


@strawberry.input(description="That somebody has parental responsibility for a child.")
class ParentalResponsibilityRecordInput(MakingInput):
    household_id: strawberry.ID = asked("The household that you lead, to which at least one of the two belongs.")
    holder: AboutInput = asked("Who has it.")
    child: AboutInput = asked("For whom.")
    known_by: ResponsibilityBasis = asked(_HOW)
    from_on: datetime.date | None = asked(_SINCE, default=None)
    until_on: datetime.date | None = asked("The last day, if it is over or known already.", default=None)


@strawberry.input(description="By what parental responsibility is known now, as when a paper has been seen.")
class ParentalResponsibilityAmendInput(ChangeInput):
    known_by: ResponsibilityBasis = asked(_HOW)
    from_on: datetime.date | None = asked(_SINCE, default=None)


@strawberry.input(description="The end of parental responsibility.")
class ParentalResponsibilityEndInput(ChangeInput):
    until_on: datetime.date = asked("The last day.")


@strawberry.type
class _Shows(Payload):
    parental_responsibility: ParentalResponsibility | None = shows(
        ParentalResponsibility | None,
        "The record as you may see it; null if the act was refused, or you may not see it.",
    )


@strawberry.type(description="The record of parental responsibility, or why there is none.")
class ParentalResponsibilityRecordPayload(_Shows):
    pass


@strawberry.type(description="The amended record, or why it was not amended.")
class ParentalResponsibilityAmendPayload(_Shows):
    pass


@strawberry.type(description="The record with its last day, or why it has none.")
class ParentalResponsibilityEndPayload(_Shows):
    pass


async def record(info: Info, input: Given[ParentalResponsibilityRecordInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        wanted = acts.Responsibility(
            household_id=as_uuid(input.household_id),
            holder=about(input.holder, session.today, "holder"),
            child=about(input.child, session.today, "child"),
            known_by=input.known_by,
            from_on=input.from_on,
            until_on=input.until_on,
        )
        await acts.record(session, record_id, wanted)

    return ParentalResponsibilityRecordPayload(**await _done(info, input, perform))


async def amend(info: Info, input: Given[ParentalResponsibilityAmendInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.amend(session, record_id, input.version, input.known_by, input.from_on)

    return ParentalResponsibilityAmendPayload(**await _done(info, input, perform, as_uuid(input.id)))


async def end(info: Info, input: Given[ParentalResponsibilityEndInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.end(session, record_id, input.version, input.until_on)

    return ParentalResponsibilityEndPayload(**await _done(info, input, perform, as_uuid(input.id)))


async def _done(info: Info, given: ActInput, perform: Any, record_id: UUID | None = None) -> dict[str, Any]:
    shown = ("parentalResponsibility",)
    return await act(info, given, perform, shows=shown, type_name="ParentalResponsibility", record_id=record_id)


@strawberry.type
class ParentalResponsibilityMutations:
    parental_responsibility_record: ParentalResponsibilityRecordPayload = mutation(
        record,
        ParentalResponsibilityRecordPayload,
        "Say who has parental responsibility for a child. The lead practitioner or the allocated social worker of the household does.",
    )
    parental_responsibility_amend: ParentalResponsibilityAmendPayload = mutation(
        amend, ParentalResponsibilityAmendPayload, "Say by what else it is known now. Only the agency that made the record."
    )
    parental_responsibility_end: ParentalResponsibilityEndPayload = mutation(
        end, ParentalResponsibilityEndPayload, "Say that parental responsibility has ended."
    )
