"""Proof of what was deleted, without a word of it: one row for each record, attested by an entry of the sealed trail.

A row holds digests under a salt of its own: of the record's id, so that whoever knows the id can ask, and of everything that went with
it, so that whoever holds a copy can show that this is what went. The entry that was written in the same transaction holds the digest
of all rows of its batch, and is sealed: a proof that is put in, changed or taken away afterwards no longer fits its entry.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from throughline.audit.seal import SHARDS
from throughline.db.base import Base
from throughline.db.columns import Id, Instant

VERB = "DELETE"
OUTCOME = "DELETED"
SALT_BYTES = 16


class Deletion(Base):
    """No personal data. `entry_id`: of the trail's entry. `schedule`: under which term, or on which request, it went."""

    __tablename__ = "deletion"

    id: Mapped[Id]
    entry_id: Mapped[UUID] = mapped_column(Uuid)
    agency_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(Text)
    schedule: Mapped[str] = mapped_column(Text)
    at: Mapped[Instant]
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    record_digest: Mapped[bytes] = mapped_column(LargeBinary)
    content_digest: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (Index(None, "entry_id"), {"schema": "audit"})


@dataclass(frozen=True, slots=True)
class Proof:
    """One row, with the names of its columns."""

    id: UUID
    entry_id: UUID
    agency_id: UUID
    kind: str
    schedule: str
    at: datetime
    salt: bytes
    record_digest: bytes
    content_digest: bytes

    def as_bytes(self) -> bytes:
        parts = (
            self.id.bytes, self.entry_id.bytes, self.agency_id.bytes, self.kind.encode(), self.schedule.encode(),
            self.at.isoformat().encode(), self.salt, self.record_digest, self.content_digest,
        )  # fmt: skip
        return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def salted(salt: bytes, said: bytes) -> bytes:
    return hashlib.sha256(salt + said).digest()


def attested(proofs: Iterable[Proof]) -> bytes:
    """What the entry says of its proofs."""
    return hashlib.sha256(b"".join(proof.as_bytes() for proof in sorted(proofs, key=lambda one: one.id))).digest()


async def add(connection: Any, proofs: Iterable[Proof]) -> None:
    rows = [tuple(getattr(proof, name) for name in _COLUMNS) for proof in proofs]
    await connection.executemany(f"insert into audit.deletion ({', '.join(_COLUMNS)}) values ({_PLACES})", rows)  # noqa: S608


@dataclass(frozen=True, slots=True)
class Proved:
    """`is_genuine`: the batch is what its entry attests. `is_sealed`: the entry is in the chain already."""

    proof: Proof
    is_genuine: bool
    is_sealed: bool


async def proved(connection: Any, record_id: UUID) -> list[Proved]:
    """The proofs that speak of this record, newest first."""
    rows = await connection.fetch(f"{_ALL} where record_digest = sha256(salt || uuid_send($1)) order by at desc", record_id)
    return [await _proved(connection, Proof(**row)) for row in rows]


async def _proved(connection: Any, proof: Proof) -> Proved:
    batch = [Proof(**row) for row in await connection.fetch(f"{_ALL} where entry_id = $1", proof.entry_id)]
    entry = await connection.fetchrow("select verb, terms, xid from audit.entry where id = $1", proof.entry_id)
    is_genuine = bool(entry) and (entry["verb"], entry["terms"]) == (VERB, attested(batch))
    shard = proof.entry_id.bytes[15] & (SHARDS - 1)
    is_sealed = await connection.fetchval(
        "select exists (select from audit.seal where shard = $1 and entry_id = $2)", shard, proof.entry_id
    )
    return Proved(proof, is_genuine, is_sealed)


_COLUMNS = tuple(Proof.__dataclass_fields__)
_PLACES = ", ".join(f"${place}" for place in range(1, len(_COLUMNS) + 1))
_ALL = f"select {', '.join(_COLUMNS)} from audit.deletion"  # noqa: S608  # names of our own
