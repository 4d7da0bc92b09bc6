"""Who says a link key first: two acts that name one child at the same moment do not make two people of it.

A claim is a row under a unique key, written with everything else that an act writes. Whoever comes second runs into it, and is done
again (`access/acting.py`): by then the first one is there to be met. Claims of a confidential service, and of what is set apart for
one practitioner, are under keys of their own: nobody else runs into them.
"""

from collections.abc import Iterable
from uuid import UUID

from throughline.db.session import Session
from throughline.linking.keys import apart_keys
from throughline.linking.ledger import LinkKey

CLAIMED = "array(select c.key from portal.link_key c where c.key = any({0}::text[])) claimed"
"""The item of a question: which of these claims are made."""


def claims_of(secret: bytes, keys: Iterable[str], service_id: UUID | None) -> list[str]:
    """Under which keys these link keys are claimed."""
    return apart_keys(secret, keys, service_id) if service_id else sorted(keys)


def claim(session: Session, keys: Iterable[str], service_id: UUID | None, person_id: UUID) -> None:
    """Nobody makes another person of whom these keys mean."""
    for key in claims_of(session.secret, keys, service_id):
        if key not in session.claims:
            session.claims[key] = person_id
            session.add(LinkKey, key=key)


def made_already(session: Session, keys: Iterable[str], service_id: UUID | None) -> UUID | None:
    """Whom this very act made for one of these keys."""
    claims = claims_of(session.secret, keys, service_id)
    return next((person for key in claims if (person := session.claims.get(key))), None)
