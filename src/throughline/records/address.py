"""Where somebody lives. A confidential address shows only to practitioners whom its custodian names."""

from datetime import date
from uuid import UUID

from sqlalchemy import Boolean, Index, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Custody, Day, belongs, has_belongings, refers
from throughline.records.record import Cautioned, Record, cautioned_rules, record_rules


class Address(Record, Cautioned, Base):
    __tablename__ = "address"

    identity_record_id: Mapped[UUID] = refers("identity_record")
    custodian_id: Mapped[Custody]
    household_id: Mapped[UUID | None] = refers("household")
    lines: Mapped[str] = mapped_column(Text)
    postcode: Mapped[str | None] = mapped_column(Text)
    is_confidential: Mapped[bool] = mapped_column(Boolean)
    from_on: Mapped[Day]
    until_on: Mapped[date | None]

    __table_args__ = record_rules(*cautioned_rules(), Index(None, "identity_record_id"), has_belongings("address"))


class AddressReader(Base):
    """A practitioner whom the custodian of a confidential address has named."""

    __tablename__ = "address_reader"

    address_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    practitioner_id: Mapped[UUID] = refers("practitioner", primary_key=True)
    agency_id: Mapped[UUID] = refers("agency")

    __table_args__ = (belongs("address_id", "address"),)
