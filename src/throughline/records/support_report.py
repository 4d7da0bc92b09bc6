"""Support given: a common part, and one part for each person it is about, each with its own sensitivity."""

from datetime import date
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Index, Integer, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Day, Id, one_of, refers
from throughline.records.record import Record, record_rules
from throughline.terms.sensitivity import Sensitivity
from throughline.terms.severity import Severity
from throughline.terms.work import Delivery


class SupportKind(Base):
    """What kinds of support there are, and how careful one must be with each at least: data of the area."""

    __tablename__ = "support_kind"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    label: Mapped[str] = mapped_column(Text)
    floor: Mapped[str] = mapped_column(Text)

    __table_args__ = (one_of("floor", Sensitivity),)


class SupportReport(Record, Base):
    """The common part. A light-touch report has no other: no free text, about a family or nobody by name.

    `parts_made`: how many parts the report has, whoever may see them; never shown.
    """

    __tablename__ = "support_report"

    kind_of_support: Mapped[str] = mapped_column(Text)
    given_on: Mapped[Day]
    delivery: Mapped[str] = mapped_column(Text)
    is_light_touch: Mapped[bool] = mapped_column(Boolean)
    people_reached: Mapped[int | None] = mapped_column(Integer)
    need_level: Mapped[str | None] = mapped_column(Text)
    household_id: Mapped[UUID | None] = refers("household")
    family_id: Mapped[UUID | None] = refers("family")
    parts_made: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = record_rules(
        one_of("delivery", Delivery),
        one_of("need_level", Severity),
        CheckConstraint("people_reached is null or people_reached between 1 and 10000", name="people_reached"),
        CheckConstraint("is_light_touch or family_id is null", name="only_light_touch_names_a_family"),
        Index(None, "family_id"),
        Index(None, "practitioner_id"),
    )


class SupportReportPart(Base):
    """What the report says about some of its people. `people`: how many, so that one is told from several at once."""

    __tablename__ = "support_report_part"

    id: Mapped[Id]
    report_id: Mapped[UUID] = refers("support_report")
    agency_id: Mapped[UUID] = refers("agency")
    service_id: Mapped[UUID | None] = refers("service")
    sensitivity: Mapped[str] = mapped_column(Text)
    ordinal: Mapped[int] = mapped_column(SmallInteger)
    what_was_done: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(Text)
    is_released: Mapped[bool] = mapped_column(Boolean)
    people: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (
        one_of("sensitivity", Sensitivity),
        CheckConstraint("sensitivity <> 'CONFIDENTIAL' or service_id is not null", name="confidential_has_service"),
        Index(None, "report_id"),
    )


class SupportReportPartPerson(Base):
    """Whom a part is about. `agency_id`, `service_id` and `sensitivity` repeat the part's, for the second wall."""

    __tablename__ = "support_report_part_person"

    part_id: Mapped[UUID] = refers("support_report_part", primary_key=True)
    identity_record_id: Mapped[UUID] = refers("identity_record", primary_key=True)
    agency_id: Mapped[UUID] = refers("agency")
    service_id: Mapped[UUID | None] = refers("service")
    sensitivity: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index(None, "identity_record_id"),)
