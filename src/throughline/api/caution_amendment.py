"""Amending who must not be told and safe contact."""

from typing import Any
from uuid import UUID

import strawberry

from throughline.api.caution import CautionInput, caution
from throughline.api.context import Info
from throughline.api.described import asked
from throughline.api.mutation import ChangeInput, Given, Payload, act, mutation, shows
from throughline.api.record import Record
from throughline.api.selection import as_uuid
from throughline.api.withdrawal import TYPES
from throughline.db.session import Session
from throughline.records.caution import Caution
from throughline.records.caution_amendment import amend


@strawberry.input(
    description="Say anew who must not be told and how to be in touch safely, on a record of your agency's. On a support report it "
    "stands on the parts: use `supportReportAmend`."
)
class CautionAmendInput(ChangeInput):
    new: CautionInput = asked(
        "The whole of it: what you leave out is taken away. But whoever was named as `whom` stays named while somebody must not be "
        "told, unless you name somebody else."
    )


@strawberry.type(description="The record with its caution, or why that was not amended.")
class CautionAmendPayload(Payload):
    record: Record | None = shows(
        Record | None,
        "The record as you may see it; null if the act was refused, or you may no longer see it.",
    )


async def amend_caution(info: Info, input: Given[CautionAmendInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await amend(session, record_id, input.version, caution(input.new, session.today, "new") or Caution())

    done = act(
        info,
        input,
        perform,
        shows=("record",),
        type_name=(*TYPES, "SharingDecision", "ServiceAgreement"),
        record_id=as_uuid(input.id),
    )
    return CautionAmendPayload(**await done)


@strawberry.type
class CautionMutations:
    caution_amend: CautionAmendPayload = mutation(
        amend_caution,
        CautionAmendPayload,
        "Say anew who must not be told, and how to be in touch safely. Only the agency that made the record; what stood there is kept.",
    )
