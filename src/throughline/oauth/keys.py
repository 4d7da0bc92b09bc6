"""The keys that sign access tokens: ES256, named by RFC 7638 thumbprint, two live while one is rotated."""

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from joserfc.jwk import ECKey

from throughline.settings import DEMO_MARK

ALGORITHM = "ES256"


class SigningKeyError(Exception):
    """A signing key that must not be used; the message says why and holds nothing of the key."""


@dataclass(frozen=True)
class SigningKeys:
    """`current` signs; `other` is the one before it or the one to come, and only verifies."""

    current: ECKey
    other: ECKey | None = None
    is_demo: bool = False

    @property
    def kid(self) -> str:
        return self.current.thumbprint()

    def find(self, kid: str) -> ECKey | None:
        return next((key for key in self._live() if key.thumbprint() == kid), None)

    def jwks(self) -> dict[str, Any]:
        """The public half, as RFC 7517 writes it."""
        return {
            "keys": [
                {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": ALGORITHM} for key in self._live()
            ]
        }

    def _live(self) -> list[ECKey]:
        return [self.current] if self.other is None else [self.current, self.other]


def from_pem(current: bytes, other: bytes | None = None) -> SigningKeys:
    is_demo = any(DEMO_MARK.encode() in pem for pem in (current, other or b""))
    return SigningKeys(_key(current), _key(other) if other else None, is_demo)


def new_pem() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _key(pem: bytes) -> ECKey:
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise SigningKeyError("The signing key is not an unencrypted private key in PEM.") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise SigningKeyError("The signing key must be of the curve P-256, for ES256.")
    return ECKey.import_key(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
