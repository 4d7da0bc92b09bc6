"""Agreements to a service."""

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
from throughline.api.sharing_vocabulary import AgreementBy
from throughline.api.vocabulary import Sensitivity
from throughline.db.session import Session
from throughline.records import service_agreement as acts


@strawberry.type(
    description="That somebody agreed to be helped by a service, or refused. It is not a decision to share: see `SharingDecision`. An "
    "agreement that somebody else gave for a child lapses on the day on which they are 18."
)
class ServiceAgreement(Record):
    service: str = said("The service, as the family knows it. It is the agency's that made the record.")
    is_refusal: bool = said("True where they refused.")
    agreed_by: AgreementBy = said("By whose word they agreed or refused.")
    judged_able_reason: str | None = said("Why somebody under 18 was judged able to decide for themselves; null for anybody else.")
    from_on: datetime.date = said("The first day.")
    until_on: datetime.date | None = said("The last day, if one was agreed.")
    withdrawn_on: datetime.date | None = said("The day on which they withdrew their agreement; null while it stands.")


@strawberry.input(description="That somebody agreed to be helped by your agency's service, or refused.")
class ServiceAgreementRecordInput(MakingInput):
    about: AboutInput = asked("Who is to be helped.")
    service: str = asked("The service, as the family knows it.")
    from_on: datetime.date = asked("The first day.")
    until_on: datetime.date | None = asked("The last day, if one was agreed.", default=None)
    is_refusal: bool = asked("True to record that they refused.", default=False)
    agreed_by: AboutInput | None = asked(
        "Who agreed or refused for a child: somebody who holds parental responsibility. Without it: the person themselves.",
        default=None,
    )
    judged_able_reason: str | None = asked(
        "For somebody under 18 who agreed or refused themselves, and then required: why they are judged able to. There is no fixed age.",
        default=None,
    )
    service_id: strawberry.ID | None = asked(
        "Your service, from `Viewer.services`, if it is one. What a confidential service records exists for nobody else.",
        default=None,
    )
    sensitivity: Sensitivity | None = asked(
        "Only to raise it: it is at least as sensitive as that your agency works with them (`Involvement`).", default=None
    )


@strawberry.input(description="They agree no more.")
class ServiceAgreementWithdrawInput(ChangeInput):
    reason: str = asked("What they said.")


@strawberry.type
class _Shows(Payload):
    service_agreement: ServiceAgreement | None = shows(
        ServiceAgreement | None, "The agreement as you may see it; null if the act was refused, or you may not see it."
    )


@strawberry.type(description="The agreement, or why there is none.")
class ServiceAgreementRecordPayload(_Shows):
    pass


@strawberry.type(description="The withdrawn agreement, or why it was not withdrawn.")
class ServiceAgreementWithdrawPayload(_Shows):
    pass


async def record(info: Info, input: Given[ServiceAgreementRecordInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        wanted = acts.Agreement(
            about=about(input.about, session.today, "about"),
            service=input.service,
            from_on=input.from_on,
            until_on=input.until_on,
            is_refusal=input.is_refusal,
            agreed_by=about(input.agreed_by, session.today, "agreedBy") if input.agreed_by else None,
            judged_able_reason=input.judged_able_reason,
            service_id=as_uuid(input.service_id) if input.service_id else None,
            sensitivity=input.sensitivity,
        )
        await acts.record(session, record_id, wanted)

    return ServiceAgreementRecordPayload(
        **await act(info, input, perform, shows=("serviceAgreement",), type_name="ServiceAgreement")
    )


async def withdraw(info: Info, input: Given[ServiceAgreementWithdrawInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.withdraw(session, record_id, input.version, input.reason)

    done = act(info, input, perform, shows=("serviceAgreement",), type_name="ServiceAgreement", record_id=as_uuid(input.id))
    return ServiceAgreementWithdrawPayload(**await done)


@strawberry.type
class ServiceAgreementMutations:
    service_agreement_record: ServiceAgreementRecordPayload = mutation(
        record, ServiceAgreementRecordPayload, "Record who agreed to your agency's service, or refused it."
    )
    service_agreement_withdraw: ServiceAgreementWithdrawPayload = mutation(
        withdraw,
        ServiceAgreementWithdrawPayload,
        "Record that they agree no more: your service ends, and with it every sharing decision that rests on the agreement, from the next "
        "read on and never backwards. Other sharing about them stops ten days later unless `sharingDecisionReview` says that it goes on; "
        "the lead is told at once.",
    )
