"""The thin fact that an agency is working with somebody, and how to reach it, without the content."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Day, refers
from throughline.records.record import Record, record_rules


class Involvement(Record, Base):
    __tablename__ = "involvement"

    identity_record_id: Mapped[UUID] = refers("identity_record")
    household_id: Mapped[UUID | None] = refers("household")
    how_to_reach: Mapped[str] = mapped_column(Text)
    from_on: Mapped[Day]
    until_on: Mapped[date | None]

    __table_args__ = record_rules(
        CheckConstraint("until_on is null or until_on >= from_on", name="ends_after_it_starts"),
        Index(None, "identity_record_id"),
    )
