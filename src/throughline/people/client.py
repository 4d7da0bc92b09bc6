"""OAuth clients: how a tool, or a practitioner of the demo, proves who it is at the token endpoint."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Id, Instant, one_of, refers


class ClientAuthentication(StrEnum):
    """The names that RFC 7591 and OpenID Connect give to them."""

    SECRET = "client_secret_basic"  # noqa: S105  # the name of a method, not a secret
    PRIVATE_KEY = "private_key_jwt"


class OAuthClient(Base):
    __tablename__ = "oauth_client"

    id: Mapped[Id]
    client_id: Mapped[str] = mapped_column(Text, unique=True)
    tool_id: Mapped[UUID | None] = refers("tool")
    practitioner_id: Mapped[UUID | None] = refers("practitioner")
    secret_hash: Mapped[str | None] = mapped_column(Text)  # sha256 in hex of 256 random bits
    jwks: Mapped[dict[str, Any] | None] = mapped_column(JSONB)  # public keys only
    auth_method: Mapped[str] = mapped_column(Text)
    disabled_at: Mapped[Instant | None]

    __table_args__ = (
        one_of("auth_method", ClientAuthentication),
        CheckConstraint("num_nonnulls(tool_id, practitioner_id) = 1", name="signs_in_as_one"),
        Index(None, "tool_id"),
        Index(None, "practitioner_id"),
    )


class OAuthAssertion(Base):
    """An assertion that a client has spent. Kept until it expires, so that nobody can spend it twice."""

    __tablename__ = "oauth_assertion"

    client_id: Mapped[str] = mapped_column(Text, primary_key=True)
    jti: Mapped[str] = mapped_column(Text, primary_key=True)
    expires_at: Mapped[Instant]

    __table_args__ = (Index(None, "expires_at"),)
