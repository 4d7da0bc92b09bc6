"""Who belongs to a household, in which role, from when until when. A child may be in two."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Day, one_of, refers
from throughline.records.record import Record, record_rules
from throughline.terms.work import HouseholdRole


class Membership(Record, Base):
    __tablename__ = "membership"

    identity_record_id: Mapped[UUID] = refers("identity_record")
    household_id: Mapped[UUID] = refers("household")
    family_id: Mapped[UUID] = refers("family")
    role: Mapped[str] = mapped_column(Text)
    from_on: Mapped[Day]
    until_on: Mapped[date | None]

    __table_args__ = record_rules(
        one_of("role", HouseholdRole),
        CheckConstraint("until_on is null or until_on >= from_on", name="ends_after_it_starts"),
        Index(None, "identity_record_id"),
        Index(None, "household_id"),
        Index(None, "family_id"),
    )
