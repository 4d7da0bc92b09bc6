"""Tokens forged by hand, keys, and a store of clients in memory."""

import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from throughline.oauth.client import Client
from throughline.oauth.keys import SigningKeys, from_pem, new_pem
from throughline.oauth.scope import Scope
from throughline.oauth.tokens import TokenMint, TokenVerifier
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

ISSUER = "http://127.0.0.1:8000"
AUDIENCE = "http://127.0.0.1:8000/graphql"
LEAD = Scope(Role.SAFEGUARDING_LEAD, Purpose.SUPPORT)
NOW = 1_800_000_000


def keys() -> SigningKeys:
    return from_pem(new_pem())


@dataclass
class Clock:
    now: float = NOW

    def __call__(self) -> float:
        return self.now


@dataclass
class Issuing:
    """One pair of mint and verifier on one clock, and a pen to write tokens that the mint would not."""

    keys: SigningKeys = field(default_factory=keys)
    clock: Clock = field(default_factory=Clock)
    is_demo: bool = False

    def mint(self, **options: Any) -> str:
        mint = TokenMint(issuer=ISSUER, audience=AUDIENCE, keys=self.keys, is_demo=self.is_demo, now=self.clock)
        return mint.mint("practitioner-1", "tool-1", LEAD, **options)

    def verifier(self, **options: Any) -> TokenVerifier:
        settings = {"is_demo": self.is_demo, "now": self.clock, **options}
        return TokenVerifier(issuer=ISSUER, audience=AUDIENCE, keys=self.keys, **settings)

    def claims(self, **changes: Any) -> dict[str, Any]:
        """A change to None leaves the claim out."""
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": "practitioner-1",
            "client_id": "tool-1",
            "scope": str(LEAD),
            "iat": NOW,
            "exp": NOW + 300,
            "jti": "token-1",
            **changes,
        }
        return {name: value for name, value in claims.items() if value is not None}

    def signed(self, claims: dict[str, Any], key: ECKey | None = None, **header: Any) -> str:
        full = {"typ": "at+jwt", "alg": "ES256", "kid": self.keys.kid, **header}
        written = {name: value for name, value in full.items() if value is not None}
        return jwt.encode(written, claims, key or self.keys.current, default_type=None)


def by_hand(header: dict[str, Any], claims: dict[str, Any], secret: bytes | None = None) -> str:
    """A token that no library would write: unsigned, or signed with HMAC under any 'secret'."""
    head = ".".join(_encode(json.dumps(part).encode()) for part in (header, claims))
    signature = hmac.new(secret, head.encode(), hashlib.sha256).digest() if secret is not None else b""
    return f"{head}.{_encode(signature)}"


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class MemoryStore:
    clients: dict[str, Client] = field(default_factory=dict)
    spent: dict[tuple[str, str], datetime] = field(default_factory=dict)

    async def find(self, client_id: str) -> Client | None:
        return self.clients.get(client_id)

    async def spend_assertion(self, client_id: str, token_id: str, expires_at: datetime) -> bool:
        assert expires_at > datetime.now(UTC)
        return self.spent.setdefault((client_id, token_id), expires_at) is expires_at


def assertion(key: Any, client_id: str, audience: str, **changes: Any) -> str:
    """A client assertion after RFC 7523; `alg` and header changes come as `header`."""
    header = {"alg": "ES256", **changes.pop("header", {})}
    now = int(time.time())
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "exp": now + 60,
        "iat": now,
        "jti": f"a-{time.monotonic_ns()}",
        **changes,
    }
    return jwt.encode(header, {k: v for k, v in claims.items() if v is not None}, key)


def public_jwks(*own: ECKey) -> dict[str, Any]:
    return dict(KeySet(list(own)).as_dict(private=False))
