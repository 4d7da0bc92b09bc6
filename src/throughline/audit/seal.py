"""What is chained, and how: the seal of one entry of the trail, computed from its columns and the seal before it.

Each entry belongs to one of eight shards, by its id. In its shard it has a position, without gaps, in the order of commit
(transaction id, then id), and a hash over the hash before it. The database seals (migration 0003); this module says the same
once more for `verify-audit`, which trusts no function of the database that it looks at.
"""

import hashlib
import struct
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, SmallInteger, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Xid8

SHARDS = 8
START = bytes(32)
"""Stands before the first seal of a shard."""
COLUMNS = (
    "id", "xid", "at", "agency_id", "actor_id", "client_id", "role", "purpose", "verb", "operation",
    "policy_version", "outcome", "seen", "terms",
)  # fmt: skip
"""Every column of an entry, in the order in which it is hashed."""

_PLACE = struct.Struct("!hq")
_COUNT = struct.pack("!h", len(COLUMNS))
_LENGTHS = tuple(struct.pack("!i", length) for length in range(4096))
_ABSENT = struct.pack("!i", -1)


class Seal(Base):
    """No foreign key: the trail is proved by its hashes, and sealing must keep up with every look that anybody takes."""

    __tablename__ = "seal"

    shard: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    xid: Mapped[int] = mapped_column(Xid8())
    entry_id: Mapped[UUID] = mapped_column(Uuid)
    hash: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = ({"schema": "audit"},)


def shard_of(entry_id: bytes) -> int:
    """By the last bits of an id, which are random: the shards grow alike, whoever looks at what."""
    return entry_id[15] & (SHARDS - 1)


def entry_bytes(values: Sequence[bytes | None]) -> bytes:
    """An entry as PostgreSQL's binary COPY writes a row: the number of columns (2 bytes), then for each its length (4 bytes, -1
    where it is null) and its bytes as the database sends them. `values`: in the order of `COLUMNS`."""
    parts = [_COUNT]
    for value in values:
        if value is None:
            parts.append(_ABSENT)
        else:
            length = len(value)
            parts.append(_LENGTHS[length] if length < 4096 else struct.pack("!i", length))
            parts.append(value)
    return b"".join(parts)


def sealed(before: bytes, shard: int, position: int, entry: bytes) -> bytes:
    """The hash of an entry at its place. It holds shard and position too: a chain that stands elsewhere is another chain."""
    return hashlib.sha256(before + _PLACE.pack(shard, position) + entry).digest()
