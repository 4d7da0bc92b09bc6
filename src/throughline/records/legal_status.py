"""Child in need, enquiry, protection plan, looked after: facts with dates, apart from need level."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Day, one_of, refers
from throughline.records.record import Record, record_rules
from throughline.terms.severity import LegalStatusKind


class LegalStatus(Record, Base):
    __tablename__ = "legal_status"

    identity_record_id: Mapped[UUID] = refers("identity_record")
    status: Mapped[str] = mapped_column(Text)
    from_on: Mapped[Day]
    until_on: Mapped[date | None]

    __table_args__ = record_rules(one_of("status", LegalStatusKind), Index(None, "identity_record_id"))
