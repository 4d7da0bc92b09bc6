"""Protected identities and whereabouts."""

import datetime
from typing import Any
from uuid import UUID

import strawberry

from throughline.api.agency import Practitioner
from throughline.api.context import Info
from throughline.api.described import asked, said
from throughline.api.identity import AboutInput, about
from throughline.api.mutation import ActInput, ChangeInput, Given, Payload, act, mutation, shows
from throughline.api.record import Record
from throughline.api.selection import as_uuid
from throughline.api.vocabulary import Protected
from throughline.db.session import Session
from throughline.records import protection as acts


@strawberry.type(description="That who somebody is, or where they are, is for one agency to say: its custodian, which made it.")
class Protection(Record):
    what: Protected = said("What is protected.")
    reason: str = said("Why.")
    from_on: datetime.date = said("The first day.")
    until_on: datetime.date | None = said("The last day; null while it stands.")
    lifted_because: str | None = said("Why it was lifted; null while it stands.")
    readers: list[Practitioner] = said("Practitioners whom the custodian lets know where the person is.")


@strawberry.input(description="Protect who somebody is, or where they are. It begins at once.")
class ProtectionPlaceInput(ActInput):
    about: AboutInput = asked("Who is protected.")
    what: Protected = asked("What is protected of them.")
    reason: str = asked("Why.")
    reader_ids: list[strawberry.ID] = asked(
        "Ids of practitioners, of whatever agency, who may know where the person is. Only for WHEREABOUTS; everybody of your own "
        "agency may already, as far as they may see anything about the person.",
        default_factory=list,
    )


@strawberry.input(description="The end of a protection, at once.")
class ProtectionLiftInput(ChangeInput):
    reason: str = asked("Why it is lifted.")


@strawberry.type
class _Shows(Payload):
    protection: Protection | None = shows(
        Protection | None, "The protection as you may see it; null if the act was refused, or you may not see it."
    )


@strawberry.type(description="The protection, or why there is none.")
class ProtectionPlacePayload(_Shows):
    pass


@strawberry.type(description="The protection with its last day, or why it stands.")
class ProtectionLiftPayload(_Shows):
    pass


async def place(info: Info, input: Given[ProtectionPlaceInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        whom = about(input.about, session.today, "about")
        readers = tuple(as_uuid(one) for one in input.reader_ids)
        await acts.place(session, record_id, acts.Mark(whom, input.what, input.reason, readers))

    return ProtectionPlacePayload(**await act(info, input, perform, shows=("protection",), type_name="Protection"))


async def lift(info: Info, input: Given[ProtectionLiftInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.lift(session, record_id, input.version, input.reason)

    done = await act(info, input, perform, shows=("protection",), type_name="Protection", record_id=as_uuid(input.id))
    return ProtectionLiftPayload(**done)


@strawberry.type
class ProtectionMutations:
    protection_place: ProtectionPlacePayload = mutation(
        place,
        ProtectionPlacePayload,
        "Protect who somebody is, or where they are: your agency is the custodian. The allocated social worker does.",
    )
    protection_lift: ProtectionLiftPayload = mutation(
        lift, ProtectionLiftPayload, "Lift a protection of your own agency's, with a reason."
    )
