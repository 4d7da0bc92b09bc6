"""Checkpoints: what the trail was at a moment, signed, in files where the database's roles cannot write.

One line each, a compact JWS (RFC 7515, ES256): its number, the heads of all shards, and the hash of the line before it. Lines are
only ever added. A line that a crash tore is closed by the next writer and stays; the chain goes on from the last whole one.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from throughline.audit.seal import SHARDS, START
from throughline.db.data_folder import sync_folder

ALGORITHM = "ES256"
TYPE = "throughline-checkpoint"
"""Keeps checkpoints and access tokens apart, which the same key signs."""
SUFFIX = ".checkpoints"
SIGNATURE_CHARACTERS = 86
"""64 bytes in base64url. A line that was torn within its signature says nothing, instead of being a forgery."""
ENOUGH_TO_SEE = 65_536
"""Bytes at the end of a file among which a writer looks for the last whole line."""


class CheckpointError(Exception):
    """A line or a key that cannot be used; the message says why."""


class UnreadableCheckpoint(CheckpointError):  # noqa: N818  # an answer, not a fault
    """Not a checkpoint at all: torn by a crash, or written over."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last seal of a shard; position 0 and `START` before the first."""

    position: int = 0
    hash: bytes = START


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`previous`: SHA-256 of the line before. `until`: transaction id and entry id up to which everything was sealed, as bytes that
    sort in the order of sealing; empty before the first."""

    number: int
    at: datetime
    previous: bytes
    heads: tuple[Head, ...]
    until: bytes

    @property
    def total(self) -> int:
        """How many entries had been sealed."""
        return sum(head.position for head in self.heads)

    def payload(self) -> bytes:
        said = {
            "number": self.number,
            "at": self.at.isoformat(),
            "previous": self.previous.hex(),
            "total": self.total,
            "until": [int.from_bytes(self.until[:8], "big"), str(UUID(bytes=self.until[8:]))] if self.until else None,
            "heads": [[head.position, head.hash.hex()] for head in self.heads],
        }
        return json.dumps(said, separators=(",", ":")).encode()

    @classmethod
    def of(cls, payload: bytes) -> Self:
        try:
            said = json.loads(payload)
            heads = tuple(Head(int(position), bytes.fromhex(digest)) for position, digest in said["heads"])
            until = said["until"]
            if len(heads) != SHARDS or any(len(head.hash) != len(START) for head in heads):
                raise ValueError("another number of shards")
            return cls(
                number=int(said["number"]),
                at=datetime.fromisoformat(said["at"]),
                previous=bytes.fromhex(said["previous"]),
                heads=heads,
                until=place(int(until[0]), UUID(until[1])) if until else b"",
            )
        except (ValueError, KeyError, TypeError, OverflowError) as error:
            raise UnreadableCheckpoint("it does not say what a checkpoint says") from error


def place(xid: int, entry_id: UUID) -> bytes:
    """Where an entry stands in the order of sealing."""
    return xid.to_bytes(8, "big") + entry_id.bytes


def digest(line: bytes) -> bytes:
    """Of a line, without its end: what the next one calls `previous`."""
    return hashlib.sha256(line).digest()


Keys = Mapping[str, ECKey]
"""By RFC 7638 thumbprint."""


def keys_from(*texts: str) -> Keys:
    """Keys from PEM (private or public) or from a JWK set, as `/oauth/jwks` serves it. Raises CheckpointError."""
    keys = [key for text in texts for key in _keys(text)]
    return {key.thumbprint(): key for key in keys}


def _keys(text: str) -> list[ECKey]:
    try:
        if text.lstrip().startswith("{"):
            return [ECKey.import_key(one) for one in json.loads(text)["keys"]]
        return [ECKey.import_key(text[max(text.find("-----BEGIN"), 0) :])]  # a demo's key has a line above it
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise CheckpointError("a key for checkpoints must be a P-256 key in PEM, or a JWK set") from error


def signed(checkpoint: Checkpoint, key: ECKey) -> bytes:
    header = {"typ": TYPE, "alg": ALGORITHM, "kid": key.thumbprint()}
    return jws.serialize_compact(header, checkpoint.payload(), key, algorithms=[ALGORITHM]).encode()


def read(line: bytes) -> Checkpoint:
    """What a line says, whoever signed it. Raises UnreadableCheckpoint."""
    return Checkpoint.of(_extracted(line).payload)


def is_genuine(line: bytes, keys: Keys) -> bool:
    """Whether one of these keys signed it, as a checkpoint."""
    header = _extracted(line).headers()
    key = keys.get(str(header.get("kid")))
    if key is None or header.get("typ") != TYPE:
        return False
    try:
        jws.deserialize_compact(line, key, algorithms=[ALGORITHM])
    except (JoseError, ValueError):
        return False
    return True


def _extracted(line: bytes) -> Any:
    if len(line.rpartition(b".")[2]) != SIGNATURE_CHARACTERS:
        raise UnreadableCheckpoint("its end is missing")
    try:
        return jws.extract_compact(line)
    except (JoseError, ValueError) as error:
        raise UnreadableCheckpoint("it is no signed line") from error


@dataclass(frozen=True, slots=True)
class Line:
    file: str
    number: int
    text: bytes


class CheckpointFolder:
    """A file for each month, so that old ones can be put away."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self) -> None:
        """Raises OSError where nothing could be written."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600))

    def put_aside(self, now: datetime) -> None:
        """Those of a trail that somebody threw away on purpose, as a demo is thrown away. A new series begins."""
        if self.files():
            self.folder.rename(self.folder.with_name(f"{self.folder.name}.until-{now:%Y%m%d-%H%M%S}"))

    def files(self) -> list[Path]:
        return sorted(self.folder.glob(f"*{SUFFIX}"))

    def extent(self) -> dict[Path, int]:
        """The files and their sizes now, for `lines`."""
        return {path: path.stat().st_size for path in self.files()}

    def lines(self, extent: Mapping[Path, int]) -> Iterator[Line]:
        """What was there when `extent` was taken, and nothing that came after."""
        for path, size in extent.items():
            with path.open("rb") as file:
                for number, text in enumerate(file, 1):
                    size -= len(text)
                    if size < 0:
                        break
                    yield Line(path.name, number, text.removesuffix(b"\n"))

    def last(self) -> tuple[Checkpoint, bytes] | None:
        """The last whole checkpoint and its digest."""
        for path in reversed(self.files()):
            for line in reversed(_ending(path).split(b"\n")):
                try:
                    return read(line), digest(line)
                except UnreadableCheckpoint:
                    continue
        return None

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Whether it is ours to add a line: several servers may share a folder. The system frees it when its holder dies."""
        lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(lock)

    def add(self, line: bytes, month: str) -> None:
        """On the disk when this returns. `month`: YYYY-MM; a clock that went back opens no earlier file."""
        path = max([*self.files(), self.folder / f"{month}{SUFFIX}"])
        is_new = not path.exists()
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            is_torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
            _write(descriptor, (b"\n" if is_torn else b"") + line + b"\n")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if is_new:
            sync_folder(self.folder)


def _ending(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - ENOUGH_TO_SEE))
        return file.read()


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
