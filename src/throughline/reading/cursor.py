"""Signed keyset cursors: base64url of the sort keys and a digest that only we, for this viewer, field and owner, could make.

Made in SQL (built-in sha256, no round trip); the key never reaches the statement's text. Whose list it is (the person or family
beneath which the field stands) is in the digest too. Where it has no owner a cursor is checked in Python, else where the owner is
known: in the statement (`page.py`).
"""

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

import orjson

DIGEST_BYTES = 16
SortType = Literal["date", "int"]


class BadCursor(Exception):  # noqa: N818  # an answer, not a fault
    """The cursor was not made by us for this viewer, field and arguments."""

    def __init__(self) -> None:
        super().__init__("'after' is no cursor of this list: it serves the same viewer, field and arguments only.")


def key_for(secret: bytes, seal: bytes, path: str, arguments: Mapping[str, Any]) -> bytes:
    """The signing key of one viewer's cursors on one field with these arguments (paging arguments left out)."""
    said = orjson.dumps(arguments, option=orjson.OPT_SORT_KEYS, default=str)
    return hmac.digest(secret, seal + path.encode() + b"|" + said, "sha256")


@dataclass(frozen=True, slots=True)
class Place:
    """What a cursor says: the sort keys of a row, as they are and as they were signed, and the signature."""

    day: date | int | None
    row_id: UUID
    keys: bytes
    digest: bytes


def cursor_sql(key: str, day: str, row_id: str, owner: str | None = None) -> str:
    """The cursor of a row, as an expression; `key` is a bytea bind, `owner` the id of whose list it is."""
    keys = f"convert_to(coalesce({day}::text, '-') || ' ' || {row_id}::text, 'UTF8')"
    return f"translate(rtrim(encode({keys} || {digest_sql(key, keys, owner)}, 'base64'), '='), E'+/\\n', '-_')"


def digest_sql(key: str, keys: str, owner: str | None) -> str:
    signed = f"{key} || {keys} || uuid_send({owner})" if owner else f"{key} || {keys}"
    return f"substr(sha256({key} || sha256({signed})), 1, {DIGEST_BYTES})"


def read_cursor(cursor: str, sort: SortType) -> Place:
    """Raises BadCursor for what is none. Its signature is not checked: see `check`."""
    try:
        raw = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        keys, digest = raw[:-DIGEST_BYTES], raw[-DIGEST_BYTES:]
        day, _, row_id = keys.decode().partition(" ")
        place = None if day == "-" else int(day) if sort == "int" else date.fromisoformat(day)
        return Place(place, UUID(row_id), keys, digest)
    except ValueError as error:
        raise BadCursor from error


def check(key: bytes, place: Place) -> Place:
    """A cursor of a list without an owner. Raises BadCursor for anything that we did not sign with this key."""
    signed = sha256(key + sha256(key + place.keys).digest()).digest()[:DIGEST_BYTES]
    if not hmac.compare_digest(place.digest, signed):
        raise BadCursor
    return place
