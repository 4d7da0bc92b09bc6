"""Taking a record back."""

from typing import Any
from uuid import UUID

import strawberry

from throughline.api.context import Info
from throughline.api.described import asked
from throughline.api.mutation import ChangeInput, Given, Payload, act, mutation, shows
from throughline.api.record import Record
from throughline.api.selection import as_uuid
from throughline.db.session import Session
from throughline.records.withdrawal import withdraw

TYPES = (
    "Involvement",
    "Need",
    "LegalStatus",
    "Enrolment",
    "FamilyMember",
    "Relationship",
    "TeamPosition",
    "Contact",
    "ParentalResponsibility",
    "CourtOrder",
)


@strawberry.input(
    description="Take back a record of your agency's that was wrong from the start. It stays, for your "
    "agency alone. Support reports and sharing decisions have mutations of their own: "
    "`supportReportWithdraw` and `sharingDecisionWithdraw`."
)
class RecordWithdrawInput(ChangeInput):
    reason: str = asked("Why: a wrong child, a wrong date.")


@strawberry.type(description="The withdrawn record, or why it was not withdrawn.")
class RecordWithdrawPayload(Payload):
    record: Record | None = shows(
        Record | None,
        "The record as you may see it; null if the act was refused, or you may no longer see it.",
    )


async def withdraw_record(info: Info, input: Given[RecordWithdrawInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await withdraw(session, record_id, input.version, input.reason)

    done = act(info, input, perform, shows=("record",), type_name=TYPES, record_id=as_uuid(input.id))
    return RecordWithdrawPayload(**await done)


@strawberry.type
class WithdrawalMutations:
    record_withdraw: RecordWithdrawPayload = mutation(
        withdraw_record,
        RecordWithdrawPayload,
        "Take back an involvement, need, legal status, enrolment, membership, relationship, team position, contact, parental "
        "responsibility or court order of your agency's.",
    )
