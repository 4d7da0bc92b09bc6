"""A child on roll at a school, with dates. A start is a proposal until another agency confirms it."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Day, Instant, one_of, refers
from throughline.records.record import Record, record_rules
from throughline.terms.work import EnrolmentState


class Enrolment(Record, Base):
    """`from_on` and `until_on` are both days on roll (inclusive, Europe/London days)."""

    __tablename__ = "enrolment"

    identity_record_id: Mapped[UUID] = refers("identity_record")
    school_id: Mapped[UUID] = refers("agency")
    state: Mapped[str] = mapped_column(Text)
    from_on: Mapped[Day]
    until_on: Mapped[date | None]
    confirmed_by_agency_id: Mapped[UUID | None] = refers("agency")
    confirmed_by_id: Mapped[UUID | None] = refers("practitioner")
    confirmed_at: Mapped[Instant | None]

    __table_args__ = record_rules(
        one_of("state", EnrolmentState),
        CheckConstraint("until_on is null or until_on >= from_on", name="ends_after_it_starts"),
        CheckConstraint(
            "(state = 'CONFIRMED') = (confirmed_by_agency_id is not null)", name="confirmed_by_somebody"
        ),
        CheckConstraint("confirmed_by_agency_id is distinct from school_id", name="never_confirmed_by_the_school"),
        Index(None, "identity_record_id"),
        Index(None, "school_id", "state"),
    )


class Attendance(Record, Base):
    """Sessions (half days) in one academic year at one school, as the school counted them."""

    __tablename__ = "attendance"

    identity_record_id: Mapped[UUID] = refers("identity_record")
    school_id: Mapped[UUID | None] = refers("agency")
    school_name: Mapped[str | None] = mapped_column(Text)
    counted_on: Mapped[Day]
    academic_year: Mapped[int] = mapped_column(Integer)
    sessions_possible: Mapped[int] = mapped_column(Integer)
    sessions_attended: Mapped[int] = mapped_column(Integer)
    sessions_authorised: Mapped[int] = mapped_column(Integer)
    sessions_unauthorised: Mapped[int] = mapped_column(Integer)

    __table_args__ = record_rules(Index(None, "identity_record_id"))
