"""What may be shared: scope, whom it covers, from when until when. Why, is a kind of its own (`sharing_reason.py`)."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Index, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Custody, Instant, belongs, has_belongings, new_id, one_of, refers
from throughline.db.refusal import bad_input, not_found
from throughline.db.session import Session
from throughline.records import sharing_reason
from throughline.records.about import About, named, named_one
from throughline.records.agreement import judged_able, spoken
from throughline.records.change import changed, confirmed, own, proposed, words
from throughline.records.record import Cautioned, Record, cautioned_rules, record_rules
from throughline.records.sharing_reason import Rests
from throughline.records.sharing_scope import (
    Decision,
    Receiver,
    SharingScope,
    check_scope,
    columns_of,
    receivers_of,
    scope_rules,
)
from throughline.terms.record_kind import RecordKind
from throughline.terms.sharing import AgreementBy, ConfidenceMet, ReviewOutcome

__all__ = ["Decision", "Receiver", "SharingDecision", "Word", "confirm", "issue", "record", "review", "withdraw"]


class SharingDecision(Record, Cautioned, SharingScope, Base):
    """Opens nothing until a second agency has said yes; ends on `until_on`, or on the day it is withdrawn. `is_agreed_by_person`: the only
    one whom it covers agreed themselves."""

    __tablename__ = "sharing_decision"

    is_agreed_by_person: Mapped[bool] = mapped_column(Boolean)
    is_refusal: Mapped[bool] = mapped_column(Boolean)
    confirmed_by_agency_id: Mapped[UUID | None] = refers("agency")
    confirmed_by_id: Mapped[UUID | None] = refers("practitioner")
    confirmed_at: Mapped[Instant | None]
    withdrawn_on: Mapped[date | None]
    reviewed_on: Mapped[date | None]
    review_outcome: Mapped[str | None] = mapped_column(Text)

    __table_args__ = record_rules(
        *cautioned_rules(),
        *scope_rules(),
        one_of("review_outcome", ReviewOutcome),
        CheckConstraint("until_on >= from_on", name="ends_after_it_starts"),
        CheckConstraint("review_on between from_on and until_on", name="is_reviewed_while_it_runs"),
        CheckConstraint("confirmed_by_agency_id is distinct from agency_id", name="confirmed_by_another_agency"),
        Index(None, "review_on"),
        has_belongings("sharing_decision"),
    )


class SharingDecisionPerson(Base):
    """A person whom the decision covers, by the identity record that it was decided on."""

    __tablename__ = "sharing_decision_person"

    decision_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    identity_record_id: Mapped[UUID] = refers("identity_record", primary_key=True)
    custodian_id: Mapped[Custody]
    agency_id: Mapped[UUID] = refers("agency")

    __table_args__ = (Index(None, "identity_record_id"), belongs("decision_id", "sharing_decision"))


class SharingDecisionReceiver(Base):
    """Who may see: an agency, or a holder that stands for many (`terms/holder.py`)."""

    __tablename__ = "sharing_decision_receiver"

    decision_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    receiver_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    agency_id: Mapped[UUID] = refers("agency")

    __table_args__ = (belongs("decision_id", "sharing_decision"),)


@dataclass(frozen=True, slots=True)
class Word:
    """Whose word the decision rests on: who agreed or refused, and, under 18 and for themselves, why they are judged able to decide.
    `service_agreement_id`: an agreement to a service with which it is to end."""

    agreed_by: About | None = None
    judged_able_reason: str | None = None
    service_agreement_id: UUID | None = None


async def record(session: Session, decision_id: UUID, decision: Decision, word: Word) -> None:
    """Write down that information may be shared because somebody agreed, or that it may not. It opens nothing until a second agency has
    said yes.
    Raises Refused."""
    check_scope(decision, session.today)
    _check_agreed(decision, word)
    judged = judged_able(word.judged_able_reason)
    receivers = await receivers_of(session, decision.receivers)
    people = await named(session, decision.about)
    agreed_by = await named_one(session, word.agreed_by, "agreedBy") if word.agreed_by else None
    await _rests_on(session, word.service_agreement_id, people)
    by = None
    if agreed_by:
        by = AgreementBy.PERSON if set(people) == {agreed_by} else AgreementBy.PARENTAL_RESPONSIBILITY
    rests = Rests(by, agreed_by, judged, word.service_agreement_id)
    reason_id, caution = new_id(), session.beside.pop(decision_id, {})
    session.beside[reason_id] = caution
    sharing_reason.write(session, reason_id, people, receivers, decision, rests, decision_id)
    agreed = {"is_agreed_by_person": by is AgreementBy.PERSON and not decision.is_refusal, "is_refusal": decision.is_refusal}
    issue(session, decision_id, people, receivers, {**columns_of(decision), **agreed, **caution})
    session.wrote(RecordKind.SHARING_DECISION, decision_id, people)
    await session.check()
    if agreed_by:
        await spoken(session, people, agreed_by, judged)


def issue(session: Session, decision_id: UUID, people: list[UUID], receivers: list[UUID], columns: dict[str, Any]) -> None:
    """The decision itself, in the name of whoever decided first."""
    maker = {"agency_id": session.agency_id, "practitioner_id": session.practitioner_id, "service_id": None}
    session.add(SharingDecision, id=decision_id, version=1, sensitivity="STANDARD", **{**maker, **columns})
    for record_id in people:
        session.add(SharingDecisionPerson, decision_id=decision_id, identity_record_id=record_id, agency_id=session.agency_id)
    for receiver_id in receivers:
        session.add(SharingDecisionReceiver, decision_id=decision_id, receiver_id=receiver_id, agency_id=session.agency_id)
    session.touched.update(people)


async def confirm(session: Session, decision_id: UUID, version: int) -> None:
    """Say yes to another agency's decision: it opens what sentences give, from now and on its days. Raises
    Refused."""
    row = await proposed(session, RecordKind.SHARING_DECISION, SharingDecision, decision_id, version)
    if row["withdrawn_on"] is not None:
        raise bad_input("This decision has been withdrawn.", "id")
    await confirmed(session, RecordKind.SHARING_DECISION, SharingDecision, row)


async def withdraw(session: Session, decision_id: UUID, version: int, reason: str) -> None:
    """It counts no more, from the next read on and never backwards. Why, is told where its reason is. Raises
    Refused."""
    row = await _own_and_standing(session, decision_id, version)
    said = words(reason, "reason")
    await changed(session, RecordKind.SHARING_DECISION, SharingDecision, row, withdrawn_on=session.today)
    await sharing_reason.of_decision(session, decision_id, note=said)


async def review(
    session: Session, decision_id: UUID, version: int, outcome: ReviewOutcome, reason: str, next_review_on: date | None
) -> None:
    """Looked at again: it goes on, to be looked at once more while it runs, or it ends now. Raises Refused."""
    row = await _own_and_standing(session, decision_id, version)
    said = words(reason, "reason")
    done: dict[str, Any] = {"reviewed_on": session.today, "review_outcome": outcome}
    if outcome is ReviewOutcome.ENDED:
        done["withdrawn_on"] = session.today
    elif next_review_on is None:
        raise bad_input("Say when it is to be looked at again.", "nextReviewOn")
    elif not max(session.today, row["from_on"]) <= next_review_on <= row["until_on"]:
        raise bad_input("A decision is reviewed while it runs. To go on beyond its last day, record a new one.", "nextReviewOn")
    else:
        done["review_on"] = next_review_on
    await changed(session, RecordKind.SHARING_DECISION, SharingDecision, row, **done)
    await sharing_reason.of_decision(session, decision_id, note=said)


async def _own_and_standing(session: Session, decision_id: UUID, version: int) -> Any:
    row = await own(session, RecordKind.SHARING_DECISION, SharingDecision, decision_id, version)
    if row["withdrawn_on"] is not None:
        raise bad_input("This decision has been withdrawn already.", "id")
    return row


def _check_agreed(decision: Decision, word: Word) -> None:
    if word.agreed_by is None and not decision.is_refusal:
        raise bad_input(
            "Say who agreed. Sharing without agreement is proposed by `sharingReasonPropose`, and signed by two.", "agreedBy"
        )
    if word.agreed_by is None and word.judged_able_reason is not None:
        raise bad_input("Say who refused.", "agreedBy")
    if not decision.is_refusal and decision.confidence_met is ConfidenceMet.PUBLIC_INTEREST:
        raise bad_input("Where somebody agreed, it is the agreement that meets the duty of confidence.", "confidenceMet")
    if decision.is_refusal and word.service_agreement_id is not None:
        raise bad_input("A refusal rests on no agreement.", "serviceAgreementId")


async def _rests_on(session: Session, agreement_id: UUID | None, people: list[UUID]) -> None:
    """An agreement to a service that the viewer may see, about somebody whom the decision covers, and that stands. Raises Refused."""
    if agreement_id is None:
        return
    row = await session.fetchrow(_AGREEMENT, agreement_id, people)
    about = (row["identity_record_id"],) if row else ()
    if not row or not await session.allows("SEE", RecordKind.SERVICE_AGREEMENT, agreement_id, about):
        raise not_found("serviceAgreementId")
    if row["is_refusal"] or row["withdrawn_on"] is not None or (row["until_on"] and row["until_on"] < session.today):
        raise bad_input("That agreement does not stand.", "serviceAgreementId")


_AGREEMENT = """
    select a.identity_record_id, a.is_refusal, a.withdrawn_on, a.until_on from portal.service_agreement a
    join portal.identity_record ai on ai.id = a.identity_record_id
    where a.id = $1 and a.withdrawn_at is null and a.sensitivity <> 'CONFIDENTIAL'
      and ai.person_id in (select i.person_id from portal.identity_record i where i.id = any($2))
"""
