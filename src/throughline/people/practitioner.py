"""Practitioners and tools: who signs in on behalf of one agency, in which roles, and whom they must not meet here."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Custody, Id, Instant, one_of, refers
from throughline.terms.role import Role
from throughline.terms.work import ConnectionKind


class Practitioner(Base):
    __tablename__ = "practitioner"

    id: Mapped[Id]
    agency_id: Mapped[UUID] = refers("agency")
    name: Mapped[str] = mapped_column(Text)
    job_title: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text, unique=True)
    manager_id: Mapped[UUID | None] = refers("practitioner")
    disabled_at: Mapped[Instant | None]

    __table_args__ = (Index(None, "agency_id"), Index(None, "manager_id"))


class PractitionerRole(Base):
    """A role that a practitioner may sign in with."""

    __tablename__ = "practitioner_role"

    practitioner_id: Mapped[UUID] = refers("practitioner", primary_key=True)
    role: Mapped[str] = mapped_column(Text, primary_key=True)
    until_on: Mapped[date | None]

    __table_args__ = (one_of("role", Role),)


class Tool(Base):
    """A program that signs in as itself: a dashboard, a case system."""

    __tablename__ = "tool"

    id: Mapped[Id]
    agency_id: Mapped[UUID] = refers("agency")
    name: Mapped[str] = mapped_column(Text)
    disabled_at: Mapped[Instant | None]


class ToolRole(Base):
    __tablename__ = "tool_role"

    tool_id: Mapped[UUID] = refers("tool", primary_key=True)
    role: Mapped[str] = mapped_column(Text, primary_key=True)

    __table_args__ = (one_of("role", Role),)


class Connection(Base):
    """A practitioner's own connection with a person: the wall W1 stands on it."""

    __tablename__ = "connection"

    id: Mapped[Id]
    agency_id: Mapped[UUID] = refers("agency")
    practitioner_id: Mapped[UUID] = refers("practitioner")
    identity_record_id: Mapped[UUID] = refers("identity_record")
    custodian_id: Mapped[Custody]
    kind: Mapped[str] = mapped_column(Text)
    made_at: Mapped[Instant]
    ended_on: Mapped[date | None]

    __table_args__ = (one_of("kind", ConnectionKind), Index(None, "identity_record_id"), Index(None, "practitioner_id"))
