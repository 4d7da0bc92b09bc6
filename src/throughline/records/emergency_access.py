"""Opening one child's records for hours, because a child is in danger and nothing else opens them in time.

It opens at once and asks nobody; so everybody who answers for it is told in the same transaction, somebody else must say afterwards
whether it was right, and it stays for ever: nobody amends, withdraws or deletes it. Whoever lets a review fall due without asking for
it opens the same child no more until it is done, nor twice at a time: else hours could be strung together with nobody looking. A
colleague still may, in their own name, so no child waits for a review.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Custody, Day, Instant, one_of, refers
from throughline.db.refusal import bad_input, forbidden
from throughline.db.session import Session
from throughline.records.about import About, found_one, named_one
from throughline.records.change import allowed, changed, own, seen, words
from throughline.records.record import Record, record_rules
from throughline.terms.because import Because
from throughline.terms.emergency import MOST_HOURS, REVIEWED_WITHIN, EmergencyGround, EmergencyOutcome
from throughline.terms.record_kind import RecordKind
from throughline.terms.sensitivity import Sensitivity

KIND = RecordKind.EMERGENCY_ACCESS
TOLD_PRIVACY_OFFICERS, TOLD_LEADS_AGENCY = "ALERT_PRIVACY_OFFICERS", "ALERT_LEADS_AGENCY"
"""What the alerts are called in the outbox."""


class EmergencyAccess(Record, Base):
    """It opens from `made_at` up to, and not including, `until_at` or `ended_at`. SENSITIVE: its reason may tell anything.

    `findings`: what its reviewer says, with the `outcome`.
    """

    __tablename__ = "emergency_access"

    identity_record_id: Mapped[UUID] = refers("identity_record")
    custodian_id: Mapped[Custody]
    ground: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    hours: Mapped[int] = mapped_column(Integer)
    opened_on: Mapped[Day]
    until_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    review_due_on: Mapped[Day]
    outcome: Mapped[str | None] = mapped_column(Text)
    findings: Mapped[str | None] = mapped_column(Text)
    reviewed_at: Mapped[Instant | None]
    reviewed_by_id: Mapped[UUID | None] = refers("practitioner")

    __table_args__ = record_rules(
        one_of("ground", EmergencyGround),
        one_of("outcome", EmergencyOutcome),
        CheckConstraint("sensitivity = 'SENSITIVE'", name="is_sensitive"),
        CheckConstraint("withdrawn_at is null", name="stays_for_ever"),
        CheckConstraint("practitioner_id is not null", name="opened_by_a_person"),
        CheckConstraint("hours > 0 and until_at = made_at + hours * interval '1 hour'", name="runs_for_hours"),
        CheckConstraint("num_nulls(outcome, findings, reviewed_at, reviewed_by_id) in (0, 4)", name="reviewed_whole"),
        CheckConstraint("reviewed_by_id is distinct from practitioner_id", name="reviewed_by_another"),
        Index(None, "identity_record_id"),
        Index(None, "practitioner_id"),
        Index(None, "agency_id", "review_due_on"),
    )


@dataclass(frozen=True, slots=True)
class Emergency:
    """Which child, why, and for how many hours."""

    about: About
    ground: EmergencyGround
    reason: str
    hours: int


_SAYS_AGE = "select is_made_here or is_unborn or date_of_birth is not null says from portal.identity_record where id = $1"
_EARLIER = """
    select x.outcome is null and x.review_due_on < $3 is_overdue, x.ended_at is null and x.until_at > $4 is_open
    from portal.emergency_access x join portal.identity_record xi on xi.id = x.identity_record_id
    join portal.identity_record i on i.person_id = xi.person_id
    where i.id = $1 and x.practitioner_id = $2 and x.id <> $5
"""
_LEADS = f"""
    select distinct o.holder_id from portal.identity_record w join portal.identity_record i on i.person_id = w.person_id
    join portal.opening o on o.subject_id = i.id and o.because = {Because.LEADS:d}
      and o.from_on <= $2 and (o.until_on is null or o.until_on >= $2)
    where w.id = $1 order by 1
"""


async def open_access(session: Session, access_id: UUID, wanted: Emergency) -> None:
    """Open one child's STANDARD and SENSITIVE records to whoever asks, for hours. Raises Refused.

    Whether others know the child, and what of them is hidden for good, shows in nothing that this answers: a child named by `identity`
    is found or made exactly as in a report, and age is told from what the own agency says.
    """
    if not 1 <= wanted.hours <= MOST_HOURS:
        raise bad_input(f"An emergency access runs for 1 to {MOST_HOURS} hours.", "hours")
    reason = words(wanted.reason, "reason")
    if session.practitioner_id is None:
        raise forbidden()  # a person answers for it
    record_id = await _child(session, wanted.about)
    session.add_record(
        KIND,
        EmergencyAccess,
        [record_id],
        id=access_id,
        sensitivity=Sensitivity.SENSITIVE,
        identity_record_id=record_id,
        ground=wanted.ground,
        reason=reason,
        hours=wanted.hours,
        opened_on=session.today,
        until_at=session.now + timedelta(hours=wanted.hours),
        review_due_on=session.today + REVIEWED_WITHIN,
    )
    await session.check()
    for row in await session.fetch(_EARLIER, record_id, session.practitioner_id, session.today, session.now, access_id):
        _check_earlier(is_overdue=row["is_overdue"], is_open=row["is_open"])
    session.touched.add(record_id)
    await _alert(session, access_id, record_id)


async def end(session: Session, access_id: UUID, version: int) -> None:
    """Close it early: whoever opened it does. Raises Refused."""
    row = await own(session, KIND, EmergencyAccess, access_id, version)
    if _is_over(row["until_at"], row["ended_at"], session.now):
        raise bad_input("It has ended already.", "id")
    await changed(session, KIND, EmergencyAccess, row, ended_at=session.now)


async def review(session: Session, access_id: UUID, version: int, outcome: EmergencyOutcome, findings: str) -> None:
    """Say whether it was right. Once, by a privacy officer of the same agency who did not open it. Raises Refused."""
    row = await seen(session, KIND, EmergencyAccess, access_id)
    await allowed(session, KIND, row, version, "CONFIRM")
    if row["outcome"] is not None:
        raise bad_input("This emergency access has been reviewed already.", "id")
    said = {"outcome": outcome, "findings": words(findings, "findings")}
    reviewed = {"reviewed_at": session.now, "reviewed_by_id": session.practitioner_id}
    await changed(session, KIND, EmergencyAccess, row, "CONFIRM", **said, **reviewed)


async def _child(session: Session, about: About) -> UUID:
    """The agency's own identity record of the child, who is named as everywhere; whoever may find somebody by search may also name
    them by what the search showed."""
    if about.person_id and not about.identity and not await session.sees_person(about.person_id):
        record_id = await found_one(session, about.person_id, "about.personId")
    else:
        record_id = await named_one(session, about, "about")
    if not (await session.fetchrow(_SAYS_AGE, record_id))["says"]:
        raise bad_input("Name the child by `identity`, with the date of birth: your own agency's record says none.", "about")
    return record_id


def _check_earlier(*, is_overdue: bool, is_open: bool) -> None:
    if is_overdue:
        raise bad_input(
            "Your earlier emergency access to this child was not reviewed in time: your privacy officer must review it first. "
            "A colleague may open one.",
            "about",
        )
    if is_open:
        raise bad_input("You have this child open already. End that one first if you need it for longer.", "about")


def _is_over(until_at: datetime, ended_at: datetime | None, now: datetime) -> bool:
    return ended_at is not None or until_at <= now


async def _alert(session: Session, access_id: UUID, record_id: UUID) -> None:
    """Rows in the outbox, in the same transaction: ids, an agency and a time, and nothing about anybody."""
    session.happened(KIND, TOLD_PRIVACY_OFFICERS, access_id, told=session.agency_id)
    for row in await session.fetch(_LEADS, record_id, session.today):
        session.happened(KIND, TOLD_LEADS_AGENCY, access_id, told=row["holder_id"])
