"""The ledger of links: append-only. A person is the fold of its events; `identity_record.person_id` is that fold."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Custody, Id, Instant, refers


class LinkEvent(Base):
    """`because`: OWN_ID, NUMBER or NEW decided by rule, DECIDED by a steward or triage worker with a reason."""

    __tablename__ = "link_event"

    id: Mapped[Id]
    identity_record_id: Mapped[UUID] = refers("identity_record")
    from_person_id: Mapped[UUID | None] = refers("person")
    person_id: Mapped[UUID] = refers("person")
    because: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    agency_id: Mapped[UUID] = refers("agency")
    service_id: Mapped[UUID | None] = refers("service")
    practitioner_id: Mapped[UUID | None] = refers("practitioner")
    at: Mapped[Instant]

    __table_args__ = (
        CheckConstraint("because in ('NEW', 'NUMBER', 'DECIDED')", name="because_is_known"),
        Index(None, "identity_record_id"),
        Index(None, "person_id"),
        Index(None, "from_person_id", postgresql_where=text("from_person_id is not null")),
    )


class LinkKey(Base):
    """A link key that somebody said: whoever says it first claims it, so that two who say it at one moment do not make two people."""

    __tablename__ = "link_key"

    key: Mapped[str] = mapped_column(Text, primary_key=True)


class SearchKey(Base):
    """Blocking keys of an identity record, so that a search tolerates spelling, accents, order and swapped dates; and its link
    keys, by which two agencies' records of one person meet (`keys.py`). `service_id`: of a confidential service's."""

    __tablename__ = "search_key"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    identity_record_id: Mapped[UUID] = refers("identity_record", primary_key=True)
    service_id: Mapped[UUID | None] = refers("service")
    custodian_id: Mapped[Custody]

    __table_args__ = (Index(None, "identity_record_id"),)
