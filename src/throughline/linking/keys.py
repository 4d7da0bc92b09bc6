"""Search keys as they are stored: keyed digests, so that whoever reads the table alone learns no name or birth date."""

import base64
import hmac
from collections.abc import Iterable

DIGEST_BYTES = 16
_PURPOSE = b"search-key|"


def hashed_keys(secret: bytes, keys: Iterable[str]) -> list[str]:
    """HMAC-SHA256 of each key, cut to 16 bytes, in base64url; sorted. The same on writing and on searching."""
    return sorted({_digest(secret, key) for key in keys})


def _digest(secret: bytes, key: str) -> str:
    digest = hmac.digest(secret, _PURPOSE + key.encode(), "sha256")[:DIGEST_BYTES]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
