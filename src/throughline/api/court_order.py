"""Court orders."""

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
from throughline.api.vocabulary import CourtOrderKind
from throughline.db.session import Session
from throughline.records import court_order as acts


@strawberry.type(description="What a court has ordered about somebody, most often a child.")
class CourtOrder(Record):
    kind: CourtOrderKind = said("What kind of order it is.")
    what_it_says: str | None = said("What it says: who may do what, and who may not.")
    keeps_away: Any = said(
        "Who must keep away; null where nobody is named, and where you see nothing else about whoever is.",
        PERSON | None,
    )
    from_on: datetime.date = said("The first day.")
    until_on: datetime.date | None = said("The last day; null while it stands.")


@strawberry.input(description="What a court has ordered about somebody. It is SENSITIVE from the start.")
class CourtOrderRecordInput(MakingInput):
    about: AboutInput = asked("Whom it is about, or whom it protects.")
    kind: CourtOrderKind = asked("What kind of order it is.")
    what_it_says: str | None = asked("What it says: 1 to 2,000 characters. An order of kind OTHER must say it.", default=None)
    keeps_away: AboutInput | None = asked(
        "Who must keep away, if the order says so. Practitioners who are connected with them will not see the order.", default=None
    )
    from_on: datetime.date = asked("The first day.")
    until_on: datetime.date | None = asked("The last day, if the order names one.", default=None)


@strawberry.input(description="What the order says, better. Another kind, day or person is another order: withdraw this one.")
class CourtOrderAmendInput(ChangeInput):
    what_it_says: str = asked("What it says: 1 to 2,000 characters.")


@strawberry.input(description="The end of a court order.")
class CourtOrderEndInput(ChangeInput):
    until_on: datetime.date = asked("The last day.")


@strawberry.type
class _Shows(Payload):
    court_order: CourtOrder | None = shows(
        CourtOrder | None,
        "The order as you may see it; null if the act was refused, or you may not see it.",
    )


@strawberry.type(description="The order, or why there is none.")
class CourtOrderRecordPayload(_Shows):
    pass


@strawberry.type(description="The amended order, or why it was not amended.")
class CourtOrderAmendPayload(_Shows):
    pass


@strawberry.type(description="The order with its last day, or why it has none.")
class CourtOrderEndPayload(_Shows):
    pass


async def record(info: Info, input: Given[CourtOrderRecordInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        order = acts.Order(
            about=about(input.about, session.today, "about"),
            kind=input.kind,
            from_on=input.from_on,
            until_on=input.until_on,
            what_it_says=input.what_it_says,
            keeps_away=about(input.keeps_away, session.today, "keepsAway") if input.keeps_away else None,
        )
        await acts.record(session, record_id, order)

    return CourtOrderRecordPayload(**await _done(info, input, perform))


async def amend(info: Info, input: Given[CourtOrderAmendInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.amend(session, record_id, input.version, input.what_it_says)

    return CourtOrderAmendPayload(**await _done(info, input, perform, as_uuid(input.id)))


async def end(info: Info, input: Given[CourtOrderEndInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.end(session, record_id, input.version, input.until_on)

    return CourtOrderEndPayload(**await _done(info, input, perform, as_uuid(input.id)))


async def _done(info: Info, given: ActInput, perform: Any, record_id: UUID | None = None) -> dict[str, Any]:
    return await act(info, given, perform, shows=("courtOrder",), type_name="CourtOrder", record_id=record_id)


@strawberry.type
class CourtOrderMutations:
    court_order_record: CourtOrderRecordPayload = mutation(
        record, CourtOrderRecordPayload, "Record what a court has ordered. The allocated social worker does."
    )
    court_order_amend: CourtOrderAmendPayload = mutation(amend, CourtOrderAmendPayload, "Say better what an order says.")
    court_order_end: CourtOrderEndPayload = mutation(end, CourtOrderEndPayload, "Say when an order ended.")
