"""Agencies, the clusters that schools stand in, and the services inside an agency."""

from datetime import date
from uuid import UUID

from sqlalchemy import Boolean, Index, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Day, Id, Instant, one_of, refers
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.sensitivity import Sensitivity


class Cluster(Base):
    __tablename__ = "cluster"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(Text)
    area: Mapped[str] = mapped_column(Text)


class Agency(Base):
    """`source_rank`: whose word on names and birth dates comes first where a viewer may see several (data).
    `involvement_floor`: how sensitive it is at least that this agency works with somebody (data): CAMHS, probation.
    """

    __tablename__ = "agency"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    area: Mapped[str] = mapped_column(Text)
    cluster_id: Mapped[UUID | None] = refers("cluster")
    laestab: Mapped[str | None] = mapped_column(Text, unique=True)
    urn: Mapped[str | None] = mapped_column(Text)
    ukprn: Mapped[str | None] = mapped_column(Text)
    telephone: Mapped[str | None] = mapped_column(Text)
    source_rank: Mapped[int] = mapped_column(SmallInteger)
    involvement_floor: Mapped[str] = mapped_column(Text, server_default="STANDARD")
    suspended_at: Mapped[Instant | None]

    __table_args__ = (one_of("kind", AgencyKind), one_of("involvement_floor", Sensitivity))


class Service(Base):
    """A team inside an agency with its own member list. Confidentiality belongs to the service, and so may a higher
    `involvement_floor`: substance misuse, domestic abuse, sexual health."""

    __tablename__ = "service"

    id: Mapped[Id]
    agency_id: Mapped[UUID] = refers("agency")
    name: Mapped[str] = mapped_column(Text)
    is_confidential: Mapped[bool] = mapped_column(Boolean)
    involvement_floor: Mapped[str] = mapped_column(Text, server_default="STANDARD")

    __table_args__ = (one_of("involvement_floor", Sensitivity), Index(None, "agency_id"))


class ServiceMember(Base):
    __tablename__ = "service_member"

    id: Mapped[Id]
    service_id: Mapped[UUID] = refers("service")
    practitioner_id: Mapped[UUID] = refers("practitioner")
    from_on: Mapped[Day]
    until_on: Mapped[date | None]

    __table_args__ = (Index(None, "practitioner_id"),)


class Feed(Base):
    """An agency's promise to send one kind of record. Coverage comes from here, never from records."""

    __tablename__ = "feed"

    id: Mapped[Id]
    agency_id: Mapped[UUID] = refers("agency")
    area: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    covered_from: Mapped[Day]
    covered_to: Mapped[Day]
    promised_every_days: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (Index(None, "area", "kind"),)
