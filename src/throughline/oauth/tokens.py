"""Access tokens after RFC 9068: made here, and believed only when everything about them is exactly right."""

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from throughline.oauth.keys import ALGORITHM, SigningKeys
from throughline.oauth.scope import Scope
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

TYPE = "at+jwt"
ORDINARY_LIFETIME_S = 600
DEMO_LIFETIME_S = 12 * 3600
CLOCK_SKEW_S = 30  # how far in the future an issuing worker's clock may be
LONGEST_TOKEN = 4096
LONGEST_NAME = 255
VERIFIED_TOKENS_KEPT = 10_000
_HEADERS = frozenset({"typ", "alg", "kid"})  # crit, jwk, jku, x5u and the like are refused, known or not


class TokenError(Exception):
    """The token is not believed. The message is for the log; the caller hears only `invalid_token`."""


@dataclass(frozen=True, slots=True)
class Claims:
    subject: str
    client_id: str
    role: Role
    purpose: Purpose
    token_id: str
    issued_at: int  # seconds since 1970, as expires_at
    expires_at: int
    actor: str | None = None  # the tool that acts for the subject (RFC 8693, `act`)


def longest_lifetime(*, is_demo: bool) -> int:
    return DEMO_LIFETIME_S if is_demo else ORDINARY_LIFETIME_S


class TokenMint:
    def __init__(
        self,
        *,
        issuer: str,
        audience: str,
        keys: SigningKeys,
        is_demo: bool = False,
        now: Callable[[], float] = time.time,
    ) -> None:
        if keys.is_demo and not is_demo:
            raise ValueError("demo keys sign tokens of the demo only")
        self._issuer = issuer
        self._audience = audience
        self._keys = keys
        self._longest = longest_lifetime(is_demo=is_demo)
        self._now = now

    def mint(
        self,
        subject: str,
        client_id: str,
        scope: Scope,
        *,
        lifetime_s: int = ORDINARY_LIFETIME_S,
        actor: str | None = None,
    ) -> str:
        if not 0 < lifetime_s <= self._longest:
            raise ValueError(f"a token lives at most {self._longest} seconds here")
        issued_at = int(self._now())
        claims: dict[str, Any] = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": subject,
            "client_id": client_id,
            "scope": str(scope),
            "iat": issued_at,
            "exp": issued_at + lifetime_s,
            "jti": secrets.token_urlsafe(16),
        }
        if actor is not None:
            claims["act"] = {"sub": actor}
        header = {"typ": TYPE, "alg": ALGORITHM, "kid": self._keys.kid}
        return jwt.encode(header, claims, self._keys.current, algorithms=[ALGORITHM])


class TokenVerifier:
    """Verifies a signature once; while the token lives, its claims are remembered under its hash."""

    def __init__(
        self,
        *,
        issuer: str,
        audience: str,
        keys: SigningKeys,
        is_demo: bool = False,
        kept: int = VERIFIED_TOKENS_KEPT,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys = keys
        self._longest = longest_lifetime(is_demo=is_demo)
        self._kept = kept
        self._now = now
        self._verified: OrderedDict[bytes, Claims] = OrderedDict()

    def rotate(self, keys: SigningKeys) -> None:
        """From now on only these keys count, also for tokens that were believed before."""
        self._keys = keys
        self._verified.clear()

    def verify(self, token: str) -> Claims:
        if len(token) > LONGEST_TOKEN or not token.isascii():
            raise TokenError("not a token of ours")
        fingerprint = hashlib.sha256(token.encode()).digest()
        claims = self._verified.get(fingerprint)
        if claims is None:
            claims = self._believe(self._signed(token))
            self._remember(fingerprint, claims)
        elif claims.expires_at <= self._now():
            del self._verified[fingerprint]
            raise TokenError("expired")
        else:
            self._verified.move_to_end(fingerprint)
        return claims

    def _signed(self, token: str) -> dict[str, Any]:
        key = self._key_of(token)
        try:
            claims = jwt.decode(token, key, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError) as error:
            raise TokenError(f"signature: {type(error).__name__}") from error
        return claims

    def _key_of(self, token: str) -> ECKey:
        """The header is read unverified, only to choose among our own keys by exact name."""
        try:
            header = jws.extract_compact(token.encode()).headers()
        except (JoseError, ValueError, TypeError, RecursionError) as error:
            raise TokenError("malformed") from error
        kind, kid = header.get("typ"), header.get("kid")
        if not isinstance(kind, str) or kind.lower().removeprefix("application/") != TYPE:
            raise TokenError("not an access token")
        if header.get("alg") != ALGORITHM:
            raise TokenError("algorithm")
        if not header.keys() <= _HEADERS:
            raise TokenError("unknown header")
        key = self._keys.find(kid) if isinstance(kid, str) else None
        if key is None:
            raise TokenError("unknown key")
        return key

    def _believe(self, claims: dict[str, Any]) -> Claims:
        if claims.get("iss") != self._issuer:
            raise TokenError("issuer")
        if claims.get("aud") not in (self._audience, [self._audience]):
            raise TokenError("audience")
        issued_at, expires_at = self._times(claims)
        try:
            scope = Scope.parse(_text(claims, "scope"))
        except ValueError as error:
            raise TokenError("scope") from error
        names = (_text(claims, name) for name in ("sub", "client_id", "jti"))
        subject, client_id, token_id = names
        return Claims(subject, client_id, scope.role, scope.purpose, token_id, issued_at, expires_at, _actor(claims))

    def _times(self, claims: dict[str, Any]) -> tuple[int, int]:
        issued_at, expires_at, not_before = (claims.get(name) for name in ("iat", "exp", "nbf"))
        if type(issued_at) is not int or type(expires_at) is not int:
            raise TokenError("times")
        now = self._now()
        if expires_at <= now:
            raise TokenError("expired")
        if expires_at - issued_at > self._longest:
            raise TokenError("lives too long")
        if issued_at > now + CLOCK_SKEW_S:
            raise TokenError("issued in the future")
        if not_before is not None and (type(not_before) is not int or not_before > now + CLOCK_SKEW_S):
            raise TokenError("not valid yet")
        return issued_at, expires_at

    def _remember(self, fingerprint: bytes, claims: Claims) -> None:
        self._verified[fingerprint] = claims
        if len(self._verified) > self._kept:
            self._verified.popitem(last=False)


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_NAME:
        raise TokenError(name)
    return value


def _actor(claims: dict[str, Any]) -> str | None:
    act = claims.get("act")
    if act is None:
        return None
    if not isinstance(act, dict):
        raise TokenError("act")
    return _text(act, "sub")
