"""A child on roll at a school, with dates. A start is a proposal until another agency confirms it."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Custody, Day, Instant, one_of, refers
from throughline.db.refusal import bad_input, not_found
from throughline.db.session import Session
from throughline.records.about import About, named_one
from throughline.records.change import allowed, changed, confirmed, ends, seen
from throughline.records.record import Cautioned, Record, cautioned_rules, record_rules
from throughline.terms.agency_kind import SCHOOLS
from throughline.terms.record_kind import RecordKind
from throughline.terms.work import EnrolmentState


class Enrolment(Record, Cautioned, Base):
    """`from_on` and `until_on` are both days on roll (inclusive, Europe/London days)."""

    __tablename__ = "enrolment"

    identity_record_id: Mapped[UUID] = refers("identity_record")
    custodian_id: Mapped[Custody]
    school_id: Mapped[UUID] = refers("agency")
    state: Mapped[str] = mapped_column(Text)
    from_on: Mapped[Day]
    until_on: Mapped[date | None]
    confirmed_by_agency_id: Mapped[UUID | None] = refers("agency")
    confirmed_by_id: Mapped[UUID | None] = refers("practitioner")
    confirmed_at: Mapped[Instant | None]

    __table_args__ = record_rules(
        *cautioned_rules(),
        one_of("state", EnrolmentState),
        CheckConstraint("until_on is null or until_on >= from_on", name="ends_after_it_starts"),
        CheckConstraint("(state = 'CONFIRMED') = (confirmed_by_agency_id is not null)", name="confirmed_by_somebody"),
        CheckConstraint(
            "confirmed_by_agency_id is distinct from school_id or agency_id <> school_id",
            name="never_a_school_alone",
        ),
        Index(None, "identity_record_id"),
        Index(None, "school_id", "state"),
    )


class Attendance(Record, Cautioned, Base):
    """Sessions (half days) in one academic year at one school, as the school counted them."""

    __tablename__ = "attendance"

    identity_record_id: Mapped[UUID] = refers("identity_record")
    custodian_id: Mapped[Custody]
    school_id: Mapped[UUID | None] = refers("agency")
    school_name: Mapped[str | None] = mapped_column(Text)
    counted_on: Mapped[Day]
    academic_year: Mapped[int] = mapped_column(Integer)
    sessions_possible: Mapped[int] = mapped_column(Integer)
    sessions_attended: Mapped[int] = mapped_column(Integer)
    sessions_authorised: Mapped[int] = mapped_column(Integer)
    sessions_unauthorised: Mapped[int] = mapped_column(Integer)

    __table_args__ = record_rules(*cautioned_rules(), Index(None, "identity_record_id"))


@dataclass(frozen=True, slots=True)
class Start:
    """A child is to be on roll at this school from this day."""

    school_id: UUID
    from_on: date
    about: About


_EARLIEST, _LATEST = timedelta(days=366 * 25), timedelta(days=366 * 2)


async def start(session: Session, enrolment_id: UUID, wanted: Start) -> None:
    """Propose an enrolment. It opens nothing until another agency confirms it. Raises Refused."""
    if not session.today - _EARLIEST <= wanted.from_on <= session.today + _LATEST:
        raise bad_input("The first day on roll is too long ago or too far ahead.", "fromOn")
    school = await session.fetchrow("select kind from portal.agency where id = $1", wanted.school_id)
    if school is None or school["kind"] not in SCHOOLS:
        raise not_found("schoolId")
    record_id = await named_one(session, wanted.about, "about")
    session.add_record(
        RecordKind.ENROLMENT,
        Enrolment,
        [record_id],
        id=enrolment_id,
        identity_record_id=record_id,
        school_id=wanted.school_id,
        state=EnrolmentState.PROPOSED,
        from_on=wanted.from_on,
    )
    session.touched.add(record_id)


async def confirm(session: Session, enrolment_id: UUID, version: int) -> None:
    """Say yes to another agency's proposal: from its first day the school's roll opens what sentences give it. Raises Refused."""
    row = await seen(session, RecordKind.ENROLMENT, Enrolment, enrolment_id)
    await allowed(session, RecordKind.ENROLMENT, row, version, "CONFIRM")
    if row["state"] != EnrolmentState.PROPOSED:
        raise bad_input("This enrolment is no longer a proposal.", "id")
    await confirmed(session, RecordKind.ENROLMENT, Enrolment, row, state=EnrolmentState.CONFIRMED)


async def end(session: Session, enrolment_id: UUID, version: int, until_on: date) -> None:
    """The last day on roll. From the next day the school keeps its own records and sees nothing of others'. Raises Refused."""
    row = await seen(session, RecordKind.ENROLMENT, Enrolment, enrolment_id)
    await allowed(session, RecordKind.ENROLMENT, row, version)
    until_on = ends(row, until_on, session.today)
    await changed(session, RecordKind.ENROLMENT, Enrolment, row, until_on=until_on)
