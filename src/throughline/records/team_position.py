"""The team around a family: positions held by a practitioner of any agency and role, for a household and named people."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Day, Instant, one_of, refers
from throughline.records.record import Record, record_rules
from throughline.terms.work import Position


class TeamPosition(Record, Base):
    """Opens nothing until a second agency has said yes (`confirmed_by_agency_id`), and from then only on its days."""

    __tablename__ = "team_position"

    household_id: Mapped[UUID] = refers("household")
    family_id: Mapped[UUID] = refers("family")
    holder_id: Mapped[UUID] = refers("practitioner")
    holder_agency_id: Mapped[UUID] = refers("agency")
    position: Mapped[str] = mapped_column(Text)
    from_on: Mapped[Day]
    until_on: Mapped[date | None]
    confirmed_by_agency_id: Mapped[UUID | None] = refers("agency")
    confirmed_by_id: Mapped[UUID | None] = refers("practitioner")
    confirmed_at: Mapped[Instant | None]

    __table_args__ = record_rules(
        one_of("position", Position),
        CheckConstraint("confirmed_by_agency_id is distinct from agency_id", name="confirmed_by_another_agency"),
        CheckConstraint("until_on is null or until_on >= from_on", name="ends_after_it_starts"),
        Index(None, "household_id"),
        Index(None, "family_id"),
        Index(None, "holder_id"),
    )


class TeamPositionPerson(Base):
    """A person whom the position covers, by the identity record that it was decided on."""

    __tablename__ = "team_position_person"

    position_id: Mapped[UUID] = refers("team_position", primary_key=True)
    identity_record_id: Mapped[UUID] = refers("identity_record", primary_key=True)
    agency_id: Mapped[UUID] = refers("agency")

    __table_args__ = (Index(None, "identity_record_id"),)
