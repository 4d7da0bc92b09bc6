"""Sharing decisions."""

import datetime
from typing import Any
from uuid import UUID

import strawberry

from throughline.api.agency import Agency
from throughline.api.context import Info
from throughline.api.described import asked, said
from throughline.api.identity import AboutInput, about, abouts
from throughline.api.mutation import ChangeInput, Given, MakingInput, Payload, act, mutation, shows
from throughline.api.record import Record
from throughline.api.selection import as_uuid
from throughline.api.sharing_vocabulary import (
    ConfidenceMet,
    CrimeCondition,
    LawfulBasis,
    ReceiverPosition,
    ReviewOutcome,
    SpecialCategoryCondition,
)
from throughline.api.vocabulary import AgencyKind, Purpose, RecordKind
from throughline.db.session import Session
from throughline.records import sharing_decision as acts
from throughline.records.sharing_scope import Decision, Receiver


@strawberry.type(
    description="When a sharing decision is looked at again. One that is due goes on until it is ended: nothing stops by being forgotten, "
    "and nothing that is forgotten is hidden (`sharingDecisionsDue`)."
)
class SharingReview:
    due_on: datetime.date = said("The day by which it must be looked at again.")
    is_due: bool = said("Whether that day has come, and the decision runs.")
    reviewed_on: datetime.date | None = said("When it was looked at the last time; null if it never was.")
    outcome: ReviewOutcome | None = said("What came of that.")


@strawberry.type(
    description="A decision that certain kinds of records about certain people may be shared with certain "
    "agencies for one purpose, or that they may not. It opens nothing until a second agency has confirmed "
    "it. Not the same as a family's agreement to be helped (`ServiceAgreement`). Why it was made, and whether anybody agreed, is told by its "
    "`SharingReason`, to few."
)
class SharingDecision(Record):
    purpose: Purpose = said("The one purpose for which it counts.")
    kinds: list[RecordKind] = said("The kinds whose STANDARD records it covers.")
    sensitive_kinds: list[RecordKind] = said("The kinds whose SENSITIVE records it covers.")
    receivers: list[str] = said(
        "Who may see: names of agencies, a kind of agency such as `HEALTH`, or `SCHOOL_ON_ROLL`, the school "
        "where the child is on roll, whichever that is: it moves with the child."
    )
    is_refusal: bool = said("True where the decision is not to share. It opens nothing.")
    is_confirmed: bool = said("Whether a second agency has said yes.")
    confirmed_by: Agency | None = said("The agency that said yes; null until then.")
    from_on: datetime.date = said("The first day on which it counts.")
    review_on: datetime.date = said("The day by which it must be looked at again.")
    review: SharingReview = said("When it is to be looked at again, and what came of it the last time.")
    until_on: datetime.date = said("The last day on which it counts, if nothing ends it earlier.")
    withdrawn_on: datetime.date | None = said(
        "The day on which it was withdrawn: from then on it counts no more. Null while it stands. Why, its `SharingReason` says."
    )


@strawberry.input(description="Who may see: an agency, every agency of a kind, or whoever is in a position. Give one of the three.")
class SharingReceiverInput:
    agency_id: strawberry.ID | None = asked("An agency, by an id from `agencies`. It does not move with the child.", default=None)
    kind_of_agency: AgencyKind | None = asked("Every agency of this kind.", default=None)
    position: ReceiverPosition | None = asked("Whoever is in this position: it moves with the child.", default=None)


@strawberry.input
class SharingScopeInput(MakingInput):
    """What may be shared, with whom, for how long, on what basis."""

    about: list[AboutInput] = asked("Whom it covers: 1 to 20 people.")
    purpose: Purpose = asked("The one purpose for which it counts: SUPPORT, TRANSITION, TRIAGE or PROTECTION.")
    kinds: list[RecordKind] = asked("The kinds whose STANDARD records it covers: SUPPORT_REPORT, INVOLVEMENT, NEED or MEMBERSHIP.")
    sensitive_kinds: list[RecordKind] = asked(
        "The kinds whose SENSITIVE records it covers. Any needs `specialCategory` and `confidenceMet`.",
        default_factory=list,
    )
    receivers: list[SharingReceiverInput] = asked("Who may see: 1 to 20.")
    lawful_basis: LawfulBasis = asked("What the decision rests on.")
    special_category: SpecialCategoryCondition | None = asked(
        "What allows data about health and the like to be shared.", default=None
    )
    crime_condition: CrimeCondition | None = asked("What allows data about crime to be shared.", default=None)
    confidence_met: ConfidenceMet | None = asked("How the duty of confidence is met.", default=None)
    decided_by: str = asked("Who decided, as the family knows them.")
    from_on: datetime.date = asked("The first day on which it counts: at most 31 days back.")
    review_on: datetime.date = asked("The day by which it must be looked at again.")
    until_on: datetime.date = asked("The last day on which it counts: at most twelve months after the first.")


@strawberry.input(
    description="What may be shared about certain people because they agreed, with whom and for how "
    "long; or that it may not. A basis that the scope needs and that is missing is refused. Where nobody agreed: `sharingReasonPropose`."
)
class SharingDecisionRecordInput(SharingScopeInput):
    agreed_by: AboutInput | None = asked(
        "Who agreed, or refused: the one person whom it covers, or, for children, somebody who holds parental responsibility. Everybody of "
        "18 agrees for themselves: one decision for each. May be left out of a refusal only.",
        default=None,
    )
    judged_able_reason: str | None = asked(
        "For somebody under 18 who agreed or refused themselves, and then required: why they are judged able to. There is no fixed age.",
        default=None,
    )
    service_agreement_id: strawberry.ID | None = asked(
        "An agreement to a service with which the decision is to end, if it rests on one: by the id of a `ServiceAgreement`.",
        default=None,
    )
    is_refusal: bool = asked(
        "True to record that it was decided not to share. It opens nothing, and ends, for its days, what whoever refused had agreed to; a "
        "young person's own refusal also what was agreed for them.",
        default=False,
    )


@strawberry.input(description="Yes to a decision that another agency recorded.")
class SharingDecisionConfirmInput(ChangeInput):
    pass


@strawberry.input(description="A decision that is to count no more, from the next read on.")
class SharingDecisionWithdrawInput(ChangeInput):
    reason: str = asked(
        "Why: the family no longer agrees, or the purpose is met. Only those see it who may see why the decision was made."
    )


@strawberry.input(description="A decision that was looked at again.")
class SharingDecisionReviewInput(ChangeInput):
    outcome: ReviewOutcome = asked("Whether it goes on, or ends today.")
    reason: str = asked("Why. Only those see it who may see why the decision was made.")
    next_review_on: datetime.date | None = asked(
        "If it goes on, and then required: when it is to be looked at again, while it runs.", default=None
    )


@strawberry.type
class _Shows(Payload):
    sharing_decision: SharingDecision | None = shows(
        SharingDecision | None,
        "The decision as you may see it; null if the act was refused, or you may not see it.",
    )


@strawberry.type(description="The decision, or why there is none.")
class SharingDecisionRecordPayload(_Shows):
    pass


@strawberry.type(description="The confirmed decision, or why it was not confirmed.")
class SharingDecisionConfirmPayload(_Shows):
    pass


@strawberry.type(description="The withdrawn decision, or why it was not withdrawn.")
class SharingDecisionWithdrawPayload(_Shows):
    pass


@strawberry.type(description="The reviewed decision, or why it was not reviewed.")
class SharingDecisionReviewPayload(_Shows):
    pass


async def record(info: Info, input: Given[SharingDecisionRecordInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.record(
            session, record_id, decision_of(input, session.today, is_refusal=input.is_refusal), _word(input, session.today)
        )

    return SharingDecisionRecordPayload(**await act(info, input, perform, shows=("sharingDecision",), type_name="SharingDecision"))


async def confirm(info: Info, input: Given[SharingDecisionConfirmInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.confirm(session, record_id, input.version)

    done = await act(
        info,
        input,
        perform,
        shows=("sharingDecision",),
        type_name="SharingDecision",
        record_id=as_uuid(input.id),
    )
    return SharingDecisionConfirmPayload(**done)


async def withdraw(info: Info, input: Given[SharingDecisionWithdrawInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.withdraw(session, record_id, input.version, input.reason)

    done = await act(
        info,
        input,
        perform,
        shows=("sharingDecision",),
        type_name="SharingDecision",
        record_id=as_uuid(input.id),
    )
    return SharingDecisionWithdrawPayload(**done)


async def review(info: Info, input: Given[SharingDecisionReviewInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.review(session, record_id, input.version, input.outcome, input.reason, input.next_review_on)

    done = await act(
        info,
        input,
        perform,
        shows=("sharingDecision",),
        type_name="SharingDecision",
        record_id=as_uuid(input.id),
    )
    return SharingDecisionReviewPayload(**done)


def decision_of(given: SharingScopeInput, today: datetime.date, *, is_refusal: bool = False) -> Decision:
    """Raises Refused."""
    return Decision(
        about=abouts(given.about, today),
        purpose=given.purpose,
        kinds=tuple(given.kinds),
        sensitive_kinds=tuple(given.sensitive_kinds),
        receivers=tuple(_receiver(one) for one in given.receivers),
        lawful_basis=given.lawful_basis,
        special_category=given.special_category,
        crime_condition=given.crime_condition,
        confidence_met=given.confidence_met,
        is_refusal=is_refusal,
        decided_by=given.decided_by,
        from_on=given.from_on,
        review_on=given.review_on,
        until_on=given.until_on,
    )


def _word(given: SharingDecisionRecordInput, today: datetime.date) -> acts.Word:
    agreement = given.service_agreement_id
    return acts.Word(
        agreed_by=about(given.agreed_by, today, "agreedBy") if given.agreed_by else None,
        judged_able_reason=given.judged_able_reason,
        service_agreement_id=None if agreement is None else as_uuid(agreement),
    )


def _receiver(given: SharingReceiverInput) -> Receiver:
    agency_id = as_uuid(given.agency_id) if given.agency_id else None
    return Receiver(agency_id, given.kind_of_agency, given.position)


@strawberry.type
class SharingDecisionMutations:
    sharing_decision_record: SharingDecisionRecordPayload = mutation(
        record,
        SharingDecisionRecordPayload,
        "Record why information may be shared, or that it may not. It opens nothing until a second agency has confirmed it.",
    )
    sharing_decision_confirm: SharingDecisionConfirmPayload = mutation(
        confirm, SharingDecisionConfirmPayload, "Confirm a decision that another agency recorded."
    )
    sharing_decision_withdraw: SharingDecisionWithdrawPayload = mutation(
        withdraw,
        SharingDecisionWithdrawPayload,
        "Withdraw a decision of your agency's. It counts no more from the next read on, and never backwards.",
    )
    sharing_decision_review: SharingDecisionReviewPayload = mutation(
        review,
        SharingDecisionReviewPayload,
        "Say that a decision of your agency's was looked at again, and goes on or ends. What has to be decided anew because an agreement to a "
        "service was withdrawn (`SharingReason.decisionNeededBy`) goes on by this alone.",
    )
