"""Legal statuses."""

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
from throughline.api.vocabulary import LegalStatusKind
from throughline.db.session import Session
from throughline.records import legal_status as acts


@strawberry.type(description="A formal status of a child in law, with its dates.")
class LegalStatus(Record):
    status: LegalStatusKind = said("Which status.")
    from_on: datetime.date = said("The first day.")
    until_on: datetime.date | None = said("The last day; null while it stands.")


@strawberry.input(description="A formal status of a child in law.")
class LegalStatusRecordInput(MakingInput):
    about: AboutInput = asked("The child.")
    status: LegalStatusKind = asked("Which status.")
    from_on: datetime.date = asked("The first day.")
    until_on: datetime.date | None = asked("The last day, if it is over or known already.", default=None)


@strawberry.input(description="The end of a formal status.")
class LegalStatusEndInput(ChangeInput):
    until_on: datetime.date = asked("The last day.")


@strawberry.type
class _Shows(Payload):
    legal_status: LegalStatus | None = shows(
        LegalStatus | None,
        "The status as you may see it; null if the act was refused, or you may not see it.",
    )


@strawberry.type(description="The status, or why there is none.")
class LegalStatusRecordPayload(_Shows):
    pass


@strawberry.type(description="The status with its last day, or why it has none.")
class LegalStatusEndPayload(_Shows):
    pass


async def record(info: Info, input: Given[LegalStatusRecordInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        whom = about(input.about, session.today, "about")
        await acts.record(session, record_id, acts.Status(whom, input.status, input.from_on, input.until_on))

    return LegalStatusRecordPayload(**await act(info, input, perform, shows=("legalStatus",), type_name="LegalStatus"))


async def end(info: Info, input: Given[LegalStatusEndInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.end(session, record_id, input.version, input.until_on)

    done = await act(info, input, perform, shows=("legalStatus",), type_name="LegalStatus", record_id=as_uuid(input.id))
    return LegalStatusEndPayload(**done)


@strawberry.type
class LegalStatusMutations:
    legal_status_record: LegalStatusRecordPayload = mutation(
        record, LegalStatusRecordPayload, "Record a formal status. The allocated social worker does."
    )
    legal_status_end: LegalStatusEndPayload = mutation(end, LegalStatusEndPayload, "Say when a formal status ended.")
