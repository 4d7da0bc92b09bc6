"""Sharing though nobody agreed: a reason of a closed list, two who sign, and nothing to be seen by anybody else until both have.

The decision comes to be with the second signature, in the name of whoever decided first: by its shape, its time and its version it
could as well rest on an agreement.
"""

from dataclasses import dataclass
from uuid import UUID

from throughline.db.columns import new_id
from throughline.db.refusal import bad_input, forbidden
from throughline.db.session import Session
from throughline.records.about import named
from throughline.records.change import allowed, changed, seen, words
from throughline.records.record import CAUTION
from throughline.records.sharing_decision import issue
from throughline.records.sharing_reason import Rests, SharingReason, write
from throughline.records.sharing_scope import SCOPE, Decision, check_days, check_scope, columns_of, receivers_of
from throughline.terms.record_kind import RecordKind
from throughline.terms.sharing import (
    LONGEST_AT_RISK,
    ConfidenceMet,
    CrimeCondition,
    LawfulBasis,
    SpecialCategoryCondition,
    WithoutAgreement,
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is to be shared, why nobody was asked or why it goes ahead all the same, and what makes that reason hold."""

    decision: Decision
    reason: WithoutAgreement
    explanation: str


async def propose(session: Session, reason_id: UUID, proposal: Proposal) -> None:
    """Sign first. Where a life is at risk it is decided with that, for a few days; else a team manager decides too. Raises Refused."""
    decision = proposal.decision
    check_scope(decision, session.today)
    _check(proposal)
    receivers = await receivers_of(session, decision.receivers)
    people = await named(session, decision.about)
    at_once = new_id() if proposal.reason is WithoutAgreement.LIFE_AT_RISK else None
    rests = Rests(without_agreement=proposal.reason, explanation=words(proposal.explanation, "explanation"))
    caution = session.beside.get(reason_id, {})
    write(session, reason_id, people, receivers, decision, rests, at_once)
    if at_once:
        issue(session, at_once, people, receivers, {**columns_of(decision), **_PLAIN, **caution})
        session.wrote(RecordKind.SHARING_DECISION, at_once, people)


async def sign(session: Session, reason_id: UUID, version: int) -> None:
    """Sign second: now it is decided. A second agency's yes is still to come. Raises Refused."""
    row = await seen(session, RecordKind.SHARING_REASON, SharingReason, reason_id)
    await allowed(session, RecordKind.SHARING_REASON, row, version, "CONFIRM")
    if session.practitioner_id is None:  # a tool signs nothing
        raise forbidden()
    check_days(row["from_on"], row["review_on"], row["until_on"], session.today)
    decision_id, people = new_id(), list(row["about"])
    scope = {name: row[name] for name in (*SCOPE, *CAUTION)}
    issue(session, decision_id, people, list(row["receiver_ids"]), {**scope, **_PLAIN, "practitioner_id": row["practitioner_id"]})
    signed = {"decision_id": decision_id, "signed_by_id": session.practitioner_id, "signed_at": session.now}
    await changed(session, RecordKind.SHARING_REASON, SharingReason, row, "CONFIRM", **signed)
    session.wrote(RecordKind.SHARING_DECISION, decision_id, people, is_checked=True)
    session.sentences[decision_id] = session.sentences[reason_id]


_PLAIN = {"is_agreed_by_person": False, "is_refusal": False}


def _check(proposal: Proposal) -> None:
    decision = proposal.decision
    if decision.confidence_met is ConfidenceMet.AGREEMENT:
        raise bad_input("Nobody agreed: the duty of confidence is met by a public interest.", "confidenceMet")
    if decision.special_category is SpecialCategoryCondition.EXPLICIT_CONSENT:
        raise bad_input("Nobody agreed: it needs another condition.", "specialCategory")
    if decision.crime_condition is CrimeCondition.CONSENT:
        raise bad_input("Nobody agreed: it needs another condition.", "crimeCondition")
    if proposal.reason is not WithoutAgreement.LIFE_AT_RISK:
        return
    if decision.lawful_basis is not LawfulBasis.VITAL_INTERESTS:
        raise bad_input("Where a life is at risk the basis is vital interests.", "lawfulBasis")
    if decision.until_on >= decision.from_on + LONGEST_AT_RISK:
        raise bad_input(f"What one person decides alone runs for {LONGEST_AT_RISK.days} days at most.", "untilOn")
