"""The folder around the cluster: who holds it, what is kept in it, and what to say when it cannot be used."""

import errno
import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from throughline.db.binaries import EmbeddedPostgresError
from throughline.settings import kept

DYING_SECONDS = 1.0  # how long a killed owner may still look alive
PREDECESSOR_SECONDS = 30.0  # how long a dead owner's server may take to write its last checkpoint
LARGEST_LOG = 10_000_000

CANNOT_WRITE = {
    errno.ENOSPC: "the disk under {} is full: make room and start again",
    errno.EDQUOT: "the disk quota under {} is used up: make room and start again",
    errno.EROFS: "{} cannot be written: the file system is read-only",
    errno.EACCES: "{} cannot be written: permission denied",
    errno.EPERM: "{} cannot be written: permission denied",
    errno.ENOTDIR: "{} is not a folder",
    errno.EEXIST: "{} is not a folder",
}


@contextmanager
def clearly_said(data_dir: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        said = CANNOT_WRITE.get(error.errno or 0, f"{{}} cannot be used: {error}").format(data_dir)
        raise EmbeddedPostgresError(f"{said}. Nothing was lost") from error


@contextmanager
def locked(data_dir: Path) -> Iterator[int]:
    """The server inherits the lock: it ends with the last process that can still touch the data."""
    descriptor = os.open(data_dir / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        began = time.monotonic()
        while not _try_lock(descriptor):
            holder = os.pread(descriptor, 20, 0).decode(errors="replace").strip()
            patience = DYING_SECONDS if _is_alive(holder) else PREDECESSOR_SECONDS
            if time.monotonic() > began + patience:
                raise EmbeddedPostgresError(
                    f"another Throughline (process {holder or 'unknown'}) is using {data_dir}; "
                    "stop it, or choose another data folder"
                )
            time.sleep(0.02)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def kept_secret(path: Path) -> str:
    """A random secret, made on first use and kept in a file that only its owner reads."""
    return kept(path, secrets.token_urlsafe(32)).strip()


def sync_folder(folder: Path) -> None:
    """Makes the names in it outlive a crash of the machine."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def opened_log(path: Path) -> Iterator[BinaryIO]:
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_name(f"{path.name}.1"))
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
        yield log


def tail(path: Path, start: int) -> str:
    """What was added since the file had `start` bytes."""
    data = path.read_bytes()
    return data[start if start <= len(data) else 0 :].decode(errors="replace")


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def running_program(pid: str) -> str | None:
    """The name of the process's program, as far as Linux tells. None: no such process; empty: it has ended,
    but nobody has asked about it, which can last for ever in a container."""
    try:
        name, _, state = Path(f"/proc/{pid}/stat").read_text().partition(" (")[2].rpartition(") ")
    except OSError:
        return None
    return "" if state.startswith("Z") else name


def _is_alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return running_program(pid) != ""
