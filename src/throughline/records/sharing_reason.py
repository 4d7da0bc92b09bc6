"""Why a sharing decision was made: who agreed, or why nobody was asked, on what it rests and who signed it.

A kind of its own, with a sentence of its own. Every decision has one, so that having one tells nobody whether anybody agreed; and of
a decision that waits for its second signature there is nothing else.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, CheckConstraint, Index, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Custody, Instant, belongs, has_belongings, one_of, refers
from throughline.db.session import Session
from throughline.records.record import Cautioned, Record, cautioned_rules, record_rules
from throughline.records.sharing_scope import Decision, SharingScope, columns_of, scope_rules
from throughline.terms.record_kind import RecordKind
from throughline.terms.sensitivity import Sensitivity
from throughline.terms.sharing import AgreementBy, WithoutAgreement


class SharingReason(Record, Cautioned, SharingScope, Base):
    """`decision_id`: null until it was signed by as many as it needs. `agreed_by_record_id`: who agreed or refused, by an identity record
    of the maker's agency. `service_agreement_id`: the agreement with which it ends. `note`: why it was ended or goes on."""

    __tablename__ = "sharing_reason"

    decision_id: Mapped[UUID | None] = mapped_column(Uuid)
    is_refusal: Mapped[bool] = mapped_column(Boolean)
    receiver_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    agreement: Mapped[str | None] = mapped_column(Text)
    agreed_by_record_id: Mapped[UUID | None] = refers("identity_record")
    judged_able_reason: Mapped[str | None] = mapped_column(Text)
    service_agreement_id: Mapped[UUID | None] = refers("service_agreement")
    without_agreement: Mapped[str | None] = mapped_column(Text)
    explanation: Mapped[str | None] = mapped_column(Text)
    signed_by_id: Mapped[UUID | None] = refers("practitioner")
    signed_at: Mapped[Instant | None]
    note: Mapped[str | None] = mapped_column(Text)
    custodian_id: Mapped[Custody]

    __table_args__ = record_rules(
        *cautioned_rules(),
        *scope_rules(),
        one_of("agreement", AgreementBy),
        one_of("without_agreement", WithoutAgreement),
        CheckConstraint("agreement is null or without_agreement is null", name="rests_on_one_of_two"),
        CheckConstraint("(agreement is null) = (agreed_by_record_id is null)", name="says_who_agreed"),
        CheckConstraint("(without_agreement is null) = (explanation is null)", name="says_why_nobody_agreed"),
        CheckConstraint("signed_by_id is distinct from practitioner_id or signed_by_id is null", name="signed_by_two_people"),
        CheckConstraint(
            "decision_id is null or without_agreement is null or without_agreement = 'LIFE_AT_RISK' or signed_by_id is not null",
            name="decided_by_two",
        ),
        UniqueConstraint("decision_id"),
        Index(None, "agreed_by_record_id"),
        Index(None, "service_agreement_id"),
        belongs("decision_id", "sharing_decision"),
        has_belongings("sharing_reason"),
    )


class SharingReasonPerson(Base):
    """A person whom the decision covers, or is to cover."""

    __tablename__ = "sharing_reason_person"

    reason_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    identity_record_id: Mapped[UUID] = refers("identity_record", primary_key=True)
    agency_id: Mapped[UUID] = refers("agency")
    custodian_id: Mapped[Custody]

    __table_args__ = (Index(None, "identity_record_id"), belongs("reason_id", "sharing_reason"))


@dataclass(frozen=True, slots=True)
class Rests:
    """On what a decision rests: somebody's agreement or, without one, a reason of the closed list and why it holds."""

    agreement: AgreementBy | None = None
    agreed_by: UUID | None = None
    judged_able_reason: str | None = None
    service_agreement_id: UUID | None = None
    without_agreement: WithoutAgreement | None = None
    explanation: str | None = None


def write(
    session: Session, reason_id: UUID, people: list[UUID], receivers: list[UUID], decision: Decision, rests: Rests,
    decision_id: UUID | None,
) -> None:  # fmt: skip
    """What a reason tells where nobody agreed is SENSITIVE."""
    session.add_record(
        RecordKind.SHARING_REASON,
        SharingReason,
        people,
        id=reason_id,
        sensitivity=Sensitivity.SENSITIVE if rests.without_agreement else Sensitivity.STANDARD,
        decision_id=decision_id,
        is_refusal=decision.is_refusal,
        receiver_ids=receivers,
        agreement=rests.agreement,
        agreed_by_record_id=rests.agreed_by,
        judged_able_reason=rests.judged_able_reason,
        service_agreement_id=rests.service_agreement_id,
        without_agreement=rests.without_agreement,
        explanation=rests.explanation,
        **columns_of(decision),
    )
    for record_id in people:
        session.add(SharingReasonPerson, reason_id=reason_id, identity_record_id=record_id, agency_id=session.agency_id)


async def of_decision(session: Session, decision_id: UUID, **said: Any) -> None:
    """What is said of a decision where its reason is told, and nowhere else."""
    row = await session.fetchrow(_OF_DECISION, decision_id)
    if row and await session.replace(SharingReason, row["id"], row["version"], **said):
        session.wrote(RecordKind.SHARING_REASON, row["id"], row["about"], is_checked=True)


_OF_DECISION = (
    "select g.id, g.version, array(select l.identity_record_id from portal.sharing_reason_person l where l.reason_id = g.id) about "
    "from portal.sharing_reason g where g.decision_id = $1"
)
