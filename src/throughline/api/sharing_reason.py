"""Why sharing decisions were made, and sharing without agreement."""

import datetime
from typing import Any
from uuid import UUID

import strawberry

from throughline.api.agency import Practitioner
from throughline.api.context import Info
from throughline.api.described import asked, said
from throughline.api.mutation import ChangeInput, Given, Payload, act, mutation, shows
from throughline.api.record import Record
from throughline.api.selection import as_uuid
from throughline.api.sharing_decision import SharingScopeInput, decision_of
from throughline.api.sharing_vocabulary import (
    AgreementBy,
    ConfidenceMet,
    CrimeCondition,
    LawfulBasis,
    SpecialCategoryCondition,
    WithoutAgreement,
)
from throughline.api.vocabulary import Purpose, RecordKind
from throughline.db.session import Session
from throughline.records import sharing_without_agreement as acts


@strawberry.type(
    description="Why a sharing decision was made: who agreed, or why it was made without agreement, on which bases, and who signed it. Every "
    "decision has one; only its signers, the lead and the privacy officer of its agency see it. One without a `decisionId` waits for its "
    "second signature, and nothing of it shows to anybody else."
)
class SharingReason(Record):
    decision_id: strawberry.ID | None = said(
        "The `SharingDecision` of which this is the reason; null until it has been signed twice."
    )
    is_refusal: bool = said("True where the decision is not to share.")
    purpose: Purpose = said("The one purpose for which it counts.")
    kinds: list[RecordKind] = said("The kinds whose STANDARD records it covers.")
    sensitive_kinds: list[RecordKind] = said("The kinds whose SENSITIVE records it covers.")
    receivers: list[str] = said("Who may see, as in `SharingDecision.receivers`.")
    from_on: datetime.date = said("The first day on which it is to count.")
    review_on: datetime.date = said("The day by which it is to be looked at again, as it was decided at first.")
    until_on: datetime.date = said("The last day on which it is to count.")
    agreement: AgreementBy | None = said("By whose word they agreed or refused; null where nobody did.")
    judged_able_reason: str | None = said("Why somebody under 18 was judged able to decide for themselves; null for anybody else.")
    service_agreement_id: strawberry.ID | None = said("The `ServiceAgreement` with which the decision ends, if it rests on one.")
    without_agreement: WithoutAgreement | None = said("Why nobody's agreement was needed; null where somebody agreed.")
    explanation: str | None = said("What makes that reason hold, in words; null where somebody agreed.")
    signed_by: Practitioner | None = said("Who decided as the second; null where one is enough, and until then.")
    signed_at: datetime.datetime | None = said("When they did.")
    lawful_basis: LawfulBasis = said("What the decision rests on.")
    special_category: SpecialCategoryCondition | None = said("What allows data about health and the like to be shared.")
    crime_condition: CrimeCondition | None = said("What allows data about crime to be shared.")
    confidence_met: ConfidenceMet | None = said("How the duty of confidence is met.")
    decided_by: str = said("Who decided, as the family knows them.")
    decision_needed_by: datetime.date | None = said(
        "Somebody has withdrawn an agreement to a service: unless `sharingDecisionReview` says by this day that it goes on, sharing stops "
        "after it. Null where nothing waits."
    )
    note: str | None = said("Why it was withdrawn, or ended or left to go on at its last review.")


@strawberry.input(
    description="To share though nobody agreed. You sign first; it is not decided before a team manager of your agency has signed too "
    "(`sharingReasonSign`), except where a life is at risk. A second agency's yes is needed after that, as ever."
)
class SharingReasonProposeInput(SharingScopeInput):
    without_agreement: WithoutAgreement = asked("Why.")
    explanation: str = asked(
        "What makes that reason hold: who said what, when. Only the signers, the lead and the privacy officer see it."
    )


@strawberry.input(description="The second signature, by a team manager who is not the first signer.")
class SharingReasonSignInput(ChangeInput):
    pass


@strawberry.type
class _Shows(Payload):
    sharing_reason: SharingReason | None = shows(
        SharingReason | None, "The reason as you may see it; null if the act was refused, or you may not see it."
    )


@strawberry.type(description="The reason, signed once, or why there is none.")
class SharingReasonProposePayload(_Shows):
    pass


@strawberry.type(description="The reason, signed twice, or why it was not signed.")
class SharingReasonSignPayload(_Shows):
    pass


async def propose(info: Info, input: Given[SharingReasonProposeInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        decision = decision_of(input, session.today)
        await acts.propose(session, record_id, acts.Proposal(decision, input.without_agreement, input.explanation))

    return SharingReasonProposePayload(**await act(info, input, perform, shows=("sharingReason",), type_name="SharingReason"))


async def sign(info: Info, input: Given[SharingReasonSignInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.sign(session, record_id, input.version)

    done = act(info, input, perform, shows=("sharingReason",), type_name="SharingReason", record_id=as_uuid(input.id))
    return SharingReasonSignPayload(**await done)


@strawberry.type
class SharingReasonMutations:
    sharing_reason_propose: SharingReasonProposePayload = mutation(
        propose, SharingReasonProposePayload, "Propose to share without agreement, for one reason of a closed list, and sign first."
    )
    sharing_reason_sign: SharingReasonSignPayload = mutation(
        sign, SharingReasonSignPayload, "Sign second: from now on it is a decision like any other, which a second agency confirms."
    )
