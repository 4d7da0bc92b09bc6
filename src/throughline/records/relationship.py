"""How two people are related: typed, dated, parental responsibility included. About both: both must be open."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Day, one_of, refers
from throughline.records.record import Record, record_rules
from throughline.terms.work import RelationshipKind


class Relationship(Record, Base):
    """«The person is KIND the other»: Sara PARENT_OF Adam. `how_known`: seen on a certificate, said by the mother."""

    __tablename__ = "relationship"

    identity_record_id: Mapped[UUID] = refers("identity_record")
    other_identity_record_id: Mapped[UUID] = refers("identity_record")
    household_id: Mapped[UUID | None] = refers("household")
    kind: Mapped[str] = mapped_column(Text)
    how_known: Mapped[str | None] = mapped_column(Text)
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]

    __table_args__ = record_rules(
        one_of("kind", RelationshipKind), Index(None, "identity_record_id"), Index(None, "other_identity_record_id")
    )
