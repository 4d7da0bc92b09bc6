"""Need level, with the reason for it. A change is a new need: the earlier one ends and stays."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Day, one_of, refers
from throughline.records.record import Record, record_rules
from throughline.terms.severity import Severity


class NeedLabel(Base):
    """An area's own name for a severity: one council numbers 1 to 4 upwards, another downwards."""

    __tablename__ = "need_label"

    area: Mapped[str] = mapped_column(Text, primary_key=True)
    severity: Mapped[str] = mapped_column(Text, primary_key=True)
    label: Mapped[str] = mapped_column(Text)

    __table_args__ = (one_of("severity", Severity),)


class Need(Record, Base):
    __tablename__ = "need"

    identity_record_id: Mapped[UUID] = refers("identity_record")
    household_id: Mapped[UUID | None] = refers("household")
    severity: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    area: Mapped[str] = mapped_column(Text)
    from_on: Mapped[Day]
    until_on: Mapped[date | None]

    __table_args__ = record_rules(one_of("severity", Severity), Index(None, "identity_record_id"))
