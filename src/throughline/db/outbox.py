"""What happened, written in the transaction that made it happen. Readers follow `xid`, because ids commit out of order."""

from uuid import UUID

from sqlalchemy import Index, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Id, Instant, Xid8


class OutboxEvent(Base):
    """`agency_id`: of whoever acted. `told_agency_id`: whom it concerns, where it is told to one agency, be it their own."""

    __tablename__ = "outbox"

    id: Mapped[Id]
    xid: Mapped[int] = mapped_column(Xid8(), server_default=text("pg_current_xact_id()"))
    kind: Mapped[str] = mapped_column(Text)
    verb: Mapped[str] = mapped_column(Text)
    record_id: Mapped[UUID] = mapped_column(Uuid)
    agency_id: Mapped[UUID] = mapped_column(Uuid)
    told_agency_id: Mapped[UUID | None] = mapped_column(Uuid)
    at: Mapped[Instant]

    __table_args__ = (Index(None, "xid"),)
