"""What opens access, as dated rows: every sentence is then one indexed look-up, and closing is a date."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, Integer, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Custody, Day
from throughline.terms.because import Because

__all__ = ["Because", "Opening"]


class Opening(Base):
    """`subject_id`: an identity record or a household. `holder_id`: a practitioner, an agency or a kind of agency.

    `service_id`: of the confidential service whose identity record it is about: it shows to that service alone.
    `kinds`, `sensitive_kinds`, `agreed_kinds` and `purpose` are a sharing decision's scope; 0 and null elsewhere.
    """

    __tablename__ = "opening"

    subject_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    holder_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    because: Mapped[int] = mapped_column(Integer, primary_key=True)
    source_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    from_on: Mapped[Day] = mapped_column(primary_key=True)
    until_on: Mapped[date | None]
    kinds: Mapped[int] = mapped_column(Integer)
    sensitive_kinds: Mapped[int] = mapped_column(Integer)
    agreed_kinds: Mapped[int] = mapped_column(Integer)
    purpose: Mapped[str | None] = mapped_column(Text)
    service_id: Mapped[UUID | None] = mapped_column(Uuid)
    custodian_id: Mapped[Custody]

    __table_args__ = (Index(None, "source_id"), Index(None, "holder_id", "because"))
