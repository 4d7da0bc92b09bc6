"""Signed keyset cursors: base64url of the sort keys and a digest that only we, for this viewer and field, could make.

Made in SQL (built-in sha256, no round trip) and checked in Python; the key never reaches the statement's text.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping
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


def cursor_sql(key: str, day: str, row_id: str) -> str:
    """The cursor of a row, as an expression; `key` is a bytea bind."""
    keys = f"convert_to(coalesce({day}::text, '-') || ' ' || {row_id}::text, 'UTF8')"
    digest = f"substr(sha256({key} || sha256({key} || {keys})), 1, {DIGEST_BYTES})"
    return f"translate(rtrim(encode({keys} || {digest}, 'base64'), '='), E'+/\\n', '-_')"


def read_cursor(key: bytes, cursor: str, sort: SortType) -> tuple[date | int | None, UUID]:
    """The sort keys inside a cursor. Raises BadCursor for anything that we did not sign with this key."""
    try:
        raw = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
    except (ValueError, binascii.Error) as error:
        raise BadCursor from error
    keys, digest = raw[:-DIGEST_BYTES], raw[-DIGEST_BYTES:]
    if not hmac.compare_digest(digest, sha256(key + sha256(key + keys).digest()).digest()[:DIGEST_BYTES]):
        raise BadCursor
    day, _, row_id = keys.decode().partition(" ")
    if day == "-":
        return None, UUID(row_id)
    return (int(day) if sort == "int" else date.fromisoformat(day)), UUID(row_id)
