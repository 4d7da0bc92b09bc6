"""A client of the token endpoint, as Authlib wants to ask it, and the store that finds it."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from authlib.oauth2.rfc6749 import ClientMixin

from throughline.oauth.scope import Scope
from throughline.people.client import ClientAuthentication


def new_secret() -> str:
    """256 random bits, shown once; only the hash is stored."""
    return secrets.token_urlsafe(32)


def secret_hash(secret: str) -> str:
    """A plain sha256 suffices: nobody guesses 256 random bits, so there is nothing to slow down."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True)
class Client(ClientMixin):  # type: ignore[misc]  # Authlib ships no types
    """`subject` becomes the token's `sub`; `scopes` are all pairs of role and purpose that it may ask for."""

    client_id: str
    subject: str
    auth_method: ClientAuthentication
    scopes: frozenset[Scope]
    secret_hash: str | None = field(default=None, repr=False)
    jwks: Mapping[str, Any] | None = field(default=None, repr=False)

    def get_client_id(self) -> str:
        return self.client_id

    def check_client_secret(self, client_secret: str) -> bool:
        return self.secret_hash is not None and hmac.compare_digest(self.secret_hash, secret_hash(client_secret))

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return endpoint == "token" and method == self.auth_method

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "client_credentials"


class ClientStore(Protocol):
    """Each call is a transaction of its own: what was spent stays spent, whatever the answer will be."""

    async def find(self, client_id: str) -> Client | None:
        """None when there is no such client, or it (or its tool, practitioner or agency) is disabled."""

    async def spend_assertion(self, client_id: str, token_id: str, expires_at: datetime) -> bool:
        """True the first time only."""
