"""A request for help reaching the front door. While it is undecided, triage at that front door may look."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Day, one_of, refers
from throughline.records.record import Record, record_rules
from throughline.terms.work import Channel


class Contact(Record, Base):
    """`front_door_id`: the agency whose triage decides. Made by the agency that asks, never by the front door itself."""

    __tablename__ = "contact"

    identity_record_id: Mapped[UUID] = refers("identity_record")
    front_door_id: Mapped[UUID] = refers("agency")
    channel: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    received_on: Mapped[Day]
    decided_on: Mapped[date | None]
    decision: Mapped[str | None] = mapped_column(Text)

    __table_args__ = record_rules(
        one_of("channel", Channel),
        CheckConstraint("front_door_id <> agency_id", name="made_by_another_agency"),
        Index(None, "identity_record_id"),
        Index(None, "front_door_id"),
    )
