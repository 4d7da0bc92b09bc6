"""A family's agreement to be helped by a service, or their refusal: not the same as a decision to share.

It is recorded by the agency that gives the service. Withdrawn, it ends the service and whatever rests on it from the next read on,
never backwards; other sharing about that person stops some days later unless somebody records that it goes on
(`access/implied.py`).
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Custody, Day, one_of, refers
from throughline.db.refusal import bad_input, stale
from throughline.db.session import Session
from throughline.records.about import About, named_one
from throughline.records.agreement import judged_able, spoken
from throughline.records.change import changed, own, runs, words
from throughline.records.involvement import Involvement, sensitivity_of
from throughline.records.record import Cautioned, Record, cautioned_rules, record_rules
from throughline.terms.record_kind import RecordKind
from throughline.terms.sensitivity import Sensitivity
from throughline.terms.sharing import AgreementBy

LONGEST_SERVICE = 500


class ServiceAgreement(Record, Cautioned, Base):
    """`service`: as the family knows it. `agreed_by_record_id`: who agreed or refused, by an identity record of the maker's agency."""

    __tablename__ = "service_agreement"

    identity_record_id: Mapped[UUID] = refers("identity_record")
    custodian_id: Mapped[Custody]
    service: Mapped[str] = mapped_column(Text)
    is_refusal: Mapped[bool] = mapped_column(Boolean)
    agreed_by: Mapped[str] = mapped_column(Text)
    agreed_by_record_id: Mapped[UUID] = refers("identity_record")
    judged_able_reason: Mapped[str | None] = mapped_column(Text)
    from_on: Mapped[Day]
    until_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]

    __table_args__ = record_rules(
        *cautioned_rules(),
        one_of("agreed_by", AgreementBy),
        CheckConstraint("until_on is null or until_on >= from_on", name="ends_after_it_starts"),
        Index(None, "identity_record_id"),
    )


@dataclass(frozen=True, slots=True)
class Agreement:
    """`agreed_by`: None where the person themselves did. `service_id`: a confidential one's exists for it alone."""

    about: About
    service: str
    from_on: date
    until_on: date | None = None
    is_refusal: bool = False
    agreed_by: About | None = None
    judged_able_reason: str | None = None
    service_id: UUID | None = None
    sensitivity: Sensitivity | None = None


async def record(session: Session, agreement_id: UUID, wanted: Agreement) -> None:
    """Write down who agreed to the own agency's service, or refused it. It opens nothing. Raises Refused."""
    runs(wanted.from_on, wanted.until_on, session.today)
    judged = judged_able(wanted.judged_able_reason)
    sensitivity = await sensitivity_of(session, wanted.service_id, wanted.sensitivity)
    confidential = wanted.service_id if sensitivity is Sensitivity.CONFIDENTIAL else None
    person = await named_one(session, wanted.about, "about", service_id=confidential)
    by = await named_one(session, wanted.agreed_by, "agreedBy", service_id=confidential) if wanted.agreed_by else person
    session.add_record(
        RecordKind.SERVICE_AGREEMENT,
        ServiceAgreement,
        [person],
        id=agreement_id,
        service_id=wanted.service_id,
        sensitivity=sensitivity,
        identity_record_id=person,
        service=words(wanted.service, "service", LONGEST_SERVICE),
        is_refusal=wanted.is_refusal,
        agreed_by=AgreementBy.PERSON if by == person else AgreementBy.PARENTAL_RESPONSIBILITY,
        agreed_by_record_id=by,
        judged_able_reason=judged,
        from_on=wanted.from_on,
        until_on=wanted.until_on,
    )
    await session.check()
    await spoken(session, [person], by, judged)


async def withdraw(session: Session, agreement_id: UUID, version: int, reason: str) -> None:
    """They agree no more. The service ends, and the lead is told that something has to be decided; of a confidential service's nobody is.
    Raises Refused."""
    row = await own(session, RecordKind.SERVICE_AGREEMENT, ServiceAgreement, agreement_id, version)
    if row["is_refusal"]:
        raise bad_input("They refused: there is nothing to withdraw. If they agree now, record that.", "id")
    if row["withdrawn_on"] is not None or (row["until_on"] and row["until_on"] < session.today):
        raise bad_input("This agreement has ended already.", "id")
    said = words(reason, "reason")
    await changed(session, RecordKind.SERVICE_AGREEMENT, ServiceAgreement, row, withdrawn_on=session.today, withdrawn_reason=said)
    for one in await session.fetch(_INVOLVED, row["identity_record_id"], session.agency_id, row["service_id"], session.today):
        if not await session.replace(Involvement, one["id"], one["version"], until_on=session.today):
            raise stale()
        session.wrote(RecordKind.INVOLVEMENT, one["id"], row["about"])
    if row["sensitivity"] != Sensitivity.CONFIDENTIAL:
        for lead in await session.fetch(_LEADS, row["identity_record_id"], session.today):
            session.happened(RecordKind.TEAM_POSITION, AGREEMENT_WITHDRAWN, lead["id"], told=lead["holder_agency_id"])


AGREEMENT_WITHDRAWN = "AGREEMENT_WITHDRAWN"
"""What the lead's agency is told, of the lead's position: neither whose agreement nor to what."""

_INVOLVED = """
    select i.id, i.version from portal.involvement i where i.identity_record_id = $1 and i.agency_id = $2
      and i.service_id is not distinct from $3 and i.withdrawn_at is null and i.from_on <= $4
      and (i.until_on is null or i.until_on > $4)
"""
_LEADS = """
    select distinct p.id, p.holder_agency_id from portal.identity_record a
    join portal.identity_record i on i.person_id = a.person_id
    join portal.team_position_person l on l.identity_record_id = i.id
    join portal.team_position p on p.id = l.position_id and p.position = 'LEAD'
    where a.id = $1 and p.confirmed_by_agency_id is not null and p.withdrawn_at is null and p.sensitivity <> 'CONFIDENTIAL'
      and p.from_on <= $2 and (p.until_on is null or p.until_on >= $2)
"""
