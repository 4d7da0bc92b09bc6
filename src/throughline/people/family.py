"""A family and its households. Who belongs to them is a record (`membership`), dated and governed."""

from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Id, Instant, refers


class Family(Base):
    __tablename__ = "family"

    id: Mapped[Id]
    agency_id: Mapped[UUID] = refers("agency")
    made_at: Mapped[Instant]


class Household(Base):
    """The people of one family living at one address. Teams attach to it."""

    __tablename__ = "household"

    id: Mapped[Id]
    family_id: Mapped[UUID] = refers("family")
    agency_id: Mapped[UUID] = refers("agency")
    label: Mapped[str] = mapped_column(Text)
    made_at: Mapped[Instant]

    __table_args__ = (Index(None, "family_id"),)
