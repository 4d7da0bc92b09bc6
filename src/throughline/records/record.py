"""Columns that every kind of record has: who made it, when, how careful one must be with it, which version."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Custody, Id, Instant, one_of, refers
from throughline.terms.sensitivity import Sensitivity


class Record:
    """Nothing is ever overwritten: a trigger keeps the old row in `record_history` on every update."""

    id: Mapped[Id]
    version: Mapped[int] = mapped_column(Integer)
    sensitivity: Mapped[str] = mapped_column(Text)
    made_at: Mapped[Instant]
    withdrawn_at: Mapped[Instant | None]
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)

    @declared_attr
    def agency_id(cls) -> Mapped[UUID]:
        return refers("agency")

    @declared_attr
    def service_id(cls) -> Mapped[UUID | None]:
        return refers("service")

    @declared_attr
    def practitioner_id(cls) -> Mapped[UUID | None]:
        return refers("practitioner")


Rule = CheckConstraint | Index | UniqueConstraint


def record_rules(*more: Rule) -> tuple[Rule, ...]:
    """What must hold of every record: a known sensitivity, and a service behind whatever is CONFIDENTIAL."""
    return (
        one_of("sensitivity", Sensitivity),
        CheckConstraint("sensitivity <> 'CONFIDENTIAL' or service_id is not null", name="confidential_has_service"),
        *more,
    )


class RecordHistory(Base):
    """The versions that amendments and withdrawals replaced, each as it stood."""

    __tablename__ = "record_history"

    record_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    agency_id: Mapped[UUID] = mapped_column(Uuid)
    service_id: Mapped[UUID | None] = mapped_column(Uuid)
    custodian_id: Mapped[Custody]
    sensitivity: Mapped[str] = mapped_column(Text)
    body: Mapped[dict[str, object]] = mapped_column(JSONB)
    replaced_at: Mapped[Instant]
