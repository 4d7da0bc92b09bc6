"""Legal holds: what is kept, whatever its schedule says."""

import datetime
from typing import Any
from uuid import UUID

import strawberry

from throughline.api.context import Info
from throughline.api.described import asked, said
from throughline.api.identity import own_id
from throughline.api.mutation import ActInput, ChangeInput, Given, Payload, act, mutation, shows
from throughline.api.record import Record
from throughline.api.selection import as_uuid
from throughline.api.vocabulary import RecordKind
from throughline.db.session import Session
from throughline.records import legal_hold as acts


@strawberry.type(
    description="While it runs, nothing that any agency holds about the person is deleted, nor what names others beside them; neither "
    "a retention schedule nor a granted request for erasure goes before it. It lets nobody see anything."
)
class LegalHold(Record):
    kinds: list[RecordKind] = said("The kinds of record that it keeps; empty: every kind.")
    reason: str = said("What it is for.")
    from_on: datetime.date = said("The first day.")
    until_on: datetime.date | None = said("The day on which it was lifted, its last; null while it runs.")
    lifted_because: str | None = said("Why it was lifted.")


@strawberry.input(description="Whose records are to be kept, and what for.")
class LegalHoldPlaceInput(ActInput):
    local_id: str = asked("Whose: your agency's own system's id for the person, as it stands in `ownId` elsewhere.")
    reason: str = asked("What it is for: 1 to 2000 characters. Name the proceedings or the inquiry, not what the person did.")
    kinds: list[RecordKind] = asked("Only these kinds of record; without it: every kind.", default_factory=list)


@strawberry.input(description="The end of a legal hold.")
class LegalHoldLiftInput(ChangeInput):
    reason: str = asked("Why it is no longer needed: 1 to 2000 characters.")


@strawberry.type
class _Shows(Payload):
    legal_hold: LegalHold | None = shows(LegalHold | None, "The hold as you may see it; null if the act was refused.")


@strawberry.type(description="The hold, or why there is none.")
class LegalHoldPlacePayload(_Shows):
    pass


@strawberry.type(description="The hold with its last day, or why it has none.")
class LegalHoldLiftPayload(_Shows):
    pass


async def place(info: Info, input: Given[LegalHoldPlaceInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        wanted = acts.Held(own_id(input.local_id, "localId"), input.reason, tuple(input.kinds))
        await acts.place(session, record_id, wanted)

    return LegalHoldPlacePayload(**await act(info, input, perform, shows=("legalHold",), type_name="LegalHold"))


async def lift(info: Info, input: Given[LegalHoldLiftInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.lift(session, record_id, input.version, input.reason)

    done = await act(info, input, perform, shows=("legalHold",), type_name="LegalHold", record_id=as_uuid(input.id))
    return LegalHoldLiftPayload(**done)


@strawberry.type
class LegalHoldMutations:
    legal_hold_place: LegalHoldPlacePayload = mutation(
        place, LegalHoldPlacePayload, "Keep what is held about somebody, whatever would delete it. For privacy officers."
    )
    legal_hold_lift: LegalHoldLiftPayload = mutation(
        lift, LegalHoldLiftPayload, "Say that a legal hold is no longer needed. From the next day on schedules count again."
    )
