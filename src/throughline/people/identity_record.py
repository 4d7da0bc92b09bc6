"""What one agency's own system says about a person, and the numbers that it gives for them."""

from datetime import date
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Index, Integer, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Custody, Id, Instant, belongs, has_belongings, one_of, refers
from throughline.terms.sensitivity import Sensitivity
from throughline.terms.work import Sex


class IdentityRecord(Base):
    """`own_id`: the agency's id for the person. `person_id` is the only place where a link shows; only the ledger writes it.

    A confidential service keeps identity records of its own (`service_id` set, CONFIDENTIAL): nobody else meets them.
    `is_made_here`: the agency got it here, by naming a person whom it was shown; its own system does not know them.
    `set_apart_for`: who named somebody who does not exist for them, by an own id that means somebody else to their colleagues;
    `set_apart_turn`: 0 where it is not set apart, else how many times by now.
    `custodian_id`: the person is protected: to every agency but this one, its own id for them means nobody.
    """

    __tablename__ = "identity_record"

    id: Mapped[Id]
    person_id: Mapped[UUID] = refers("person")
    agency_id: Mapped[UUID] = refers("agency")
    service_id: Mapped[UUID | None] = refers("service")
    practitioner_id: Mapped[UUID | None] = refers("practitioner")
    sensitivity: Mapped[str] = mapped_column(Text)
    own_id: Mapped[str] = mapped_column(Text)
    given_name: Mapped[str | None] = mapped_column(Text)
    family_name: Mapped[str | None] = mapped_column(Text)
    date_of_birth: Mapped[date | None]
    is_unborn: Mapped[bool] = mapped_column(Boolean)
    sex: Mapped[str | None] = mapped_column(Text)
    source_rank: Mapped[int] = mapped_column(SmallInteger)
    made_at: Mapped[Instant]
    version: Mapped[int] = mapped_column(Integer)
    is_made_here: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    set_apart_for: Mapped[UUID | None] = refers("practitioner")
    set_apart_turn: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    custodian_id: Mapped[Custody]

    __table_args__ = (
        one_of("sensitivity", Sensitivity),
        one_of("sex", Sex),
        CheckConstraint("(set_apart_for is null) = (set_apart_turn = 0)", name="set_apart_by_turns"),
        CheckConstraint("(sensitivity = 'CONFIDENTIAL') = (service_id is not null)", name="confidential_has_service"),
        Index(None, "person_id"),
        Index(
            "uq_identity_record_own_id",
            "agency_id",
            text("coalesce(service_id, '00000000-0000-0000-0000-000000000000'::uuid)"),
            "own_id",
            text("coalesce(set_apart_for, '00000000-0000-0000-0000-000000000000'::uuid)"),
            "set_apart_turn",
            "is_made_here",
            text("coalesce(custodian_id, '00000000-0000-0000-0000-000000000000'::uuid)"),
            unique=True,
        ),
        has_belongings("identity_record"),
    )


class IdentityNumber(Base):
    """A UPN, ULN or NHS number: a row of its own, with sentences of its own. A POSTCODE is kept for linking: no sentence shows it."""

    __tablename__ = "identity_number"

    id: Mapped[Id]
    identity_record_id: Mapped[UUID]
    custodian_id: Mapped[Custody]
    agency_id: Mapped[UUID] = refers("agency")
    service_id: Mapped[UUID | None] = refers("service")
    sensitivity: Mapped[str] = mapped_column(Text)
    scheme: Mapped[str] = mapped_column(Text)
    value: Mapped[str] = mapped_column(Text)
    made_at: Mapped[Instant]

    __table_args__ = (
        CheckConstraint("scheme in ('UPN', 'FORMER_UPN', 'ULN', 'NHS_NUMBER', 'POSTCODE')", name="scheme_is_known"),
        one_of("sensitivity", Sensitivity),
        Index(None, "identity_record_id"),
        Index(None, "value", "scheme"),
        belongs("identity_record_id", "identity_record"),
    )
