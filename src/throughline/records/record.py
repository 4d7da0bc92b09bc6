"""Columns that every kind of record has: who made it, when, how careful one must be with it, which version."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Custody, Id, Instant, belongs, one_of, refers
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


class Cautioned:
    """Who must not be told, and how to be in touch safely: it stands on the record, shows wherever that shows, and is kept with its
    earlier versions. `must_not_be_told_id` names somebody whom the words mean: it is never shown, and whoever is connected with
    them does not see the record (`access/policy.py`)."""

    must_not_be_told: Mapped[str | None] = mapped_column(Text)
    must_not_be_told_id: Mapped[UUID | None] = mapped_column(Uuid)
    safe_contact: Mapped[str | None] = mapped_column(Text)


CAUTION = ("must_not_be_told", "must_not_be_told_id", "safe_contact")

Rule = CheckConstraint | Index | UniqueConstraint | ForeignKeyConstraint


def record_rules(*more: Rule) -> tuple[Rule, ...]:
    """What must hold of every record: a known sensitivity, and a service behind whatever is CONFIDENTIAL."""
    return (
        one_of("sensitivity", Sensitivity),
        CheckConstraint("sensitivity <> 'CONFIDENTIAL' or service_id is not null", name="confidential_has_service"),
        *more,
    )


def cautioned_rules(*more: Rule) -> tuple[Rule, ...]:
    """Whoever is meant by the words is named by an identity record of the maker's own."""
    return (
        belongs("must_not_be_told_id", "identity_record"),
        CheckConstraint("must_not_be_told_id is null or must_not_be_told is not null", name="says_who_must_not_be_told"),
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
