"""Keys as they are stored: keyed digests, so that whoever reads the table alone learns no name, number or
birth date.

Search keys find candidates for a person to look at. Link keys say that two agencies speak of one person: a
number with forename and birth date. Of a pupil without early help only link keys are kept, and they work as
well as the number itself.
"""

import base64
import hmac
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from throughline.linking.sameness import is_temporary
from throughline.terms.names import fold

DIGEST_BYTES = 16
_SEARCH, _LINK, _APART = b"search-key|", b"link-key|", b"apart-key|"
_LINKING = {"UPN": "UPN", "FORMER_UPN": "UPN", "NHS_NUMBER": "NHS"}


def hashed_keys(secret: bytes, keys: Iterable[str]) -> list[str]:
    """HMAC-SHA256 of each key, cut to 16 bytes, in base64url; sorted. The same on writing and on
    searching."""
    return sorted({_digest(secret, _SEARCH, key) for key in keys})


def link_keys(secret: bytes, numbers: Iterable[tuple[str, str]], given_name: str | None, date_of_birth: date | None) -> list[str]:
    """One for each UPN, former UPN or NHS number; none without forename and birth date, nor for a temporary
    UPN.

    `numbers`: (scheme, value). Two people who share a key are one person.
    """
    forename = fold(given_name or "")
    if not forename or date_of_birth is None:
        return []
    said = {(_LINKING[scheme], value) for scheme, value in numbers if scheme in _LINKING and not is_temporary(scheme, value)}
    return sorted(_digest(secret, _LINK, f"{name} {value}|{forename}|{date_of_birth.isoformat()}") for name, value in said)


def apart_keys(secret: bytes, keys: Iterable[str], whose: UUID) -> list[str]:
    """The same link keys, as only this practitioner's own words are found by them, or only this confidential service's."""
    return sorted(_digest(secret, _APART, f"{key}|{whose}") for key in keys)


def _digest(secret: bytes, purpose: bytes, key: str) -> str:
    digest = hmac.digest(secret, purpose + key.encode(), "sha256")[:DIGEST_BYTES]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
