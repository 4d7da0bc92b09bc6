"""A cluster's files and the programs that work on them: made, reached, ready, or why not."""

import os
import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from throughline.db.account import Account
from throughline.db.binaries import Binaries, EmbeddedPostgresError
from throughline.db.data_folder import running_program

SUPERUSER = "postgres"
READY_LINE = 7  # of postmaster.pid

FAILURES = {
    r"No space left on device": "the disk under {} is full: make room and start again. Nothing was lost",
    r"lock file \S+ already exists|shared memory block .* is still in use": (
        "another PostgreSQL server is running on the data in {}; stop it first"
    ),
    r"Permission denied|Read-only file system": "PostgreSQL may not write in {}: check who owns it",
    r"could not look up effective user ID": (
        "PostgreSQL needs a user with a name in the user database; add one, or name a server in DATABASE_URL"
    ),
}


class PortTakenError(EmbeddedPostgresError):
    pass


def initdb(binaries: Binaries, account: Account, folder: Path, password_file: Path, *, durable: bool) -> None:
    arguments = ["--username", SUPERUSER, "--encoding", "UTF8", "--auth", "scram-sha-256", "--locale", "C"]
    if binaries.major >= 17:  # the same order of names on every machine
        arguments += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
    if not durable:
        arguments.append("--no-sync")
    with reached(folder, account) as (path, folders), _readable(password_file, account) as (secret, files):
        # LC_CTYPE counts too: under plain C, pg_trgm drops every letter with an accent.
        for ctype in ("C.UTF-8", "en_US.UTF-8", "C"):
            done = subprocess.run(
                [binaries.initdb, "-D", path, "--pwfile", secret, "--lc-ctype", ctype, *arguments],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                **account.process_options(keep_open=(*folders, *files), dies_with_us=True),
            )
            if "invalid locale name" not in done.stderr:
                break
    if done.returncode:
        raise failure(done.stderr, folder.parent)


@contextmanager
def reached(folder: Path, account: Account) -> Iterator[tuple[str, tuple[int, ...]]]:
    """A path by which the account reaches the folder, even under parents that only root may enter, and
    the descriptors that must stay open for it."""
    if account.mode != "account":
        yield str(folder), ()
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}", (descriptor,)
    finally:
        os.close(descriptor)


@contextmanager
def _readable(password_file: Path, account: Account) -> Iterator[tuple[str, tuple[int, ...]]]:
    if account.mode != "account":
        yield str(password_file), ()
        return
    descriptor = os.memfd_create("password")
    try:
        os.write(descriptor, password_file.read_bytes())
        os.fchown(descriptor, account.uid, account.gid)
        yield f"/proc/self/fd/{descriptor}", (descriptor,)
    finally:
        os.close(descriptor)


def is_ready(cluster: Path, pid: int) -> bool:
    """The file may be a dead server's, left by kill -9: only one that names our process counts."""
    lines = _pid_lines(cluster)
    return len(lines) > READY_LINE and lines[0] == str(pid) and lines[READY_LINE].strip() == "ready"


def forget_stale_pid(cluster: Path) -> None:
    """After kill -9 another program may carry the number in the file, and PostgreSQL would take it for a
    server. We hold the lock, which no server of ours outlives, so a number that is no postgres is stale."""
    lines = _pid_lines(cluster)
    program = running_program(lines[0]) if lines else None
    if program is not None and program != "postgres":
        (cluster / "postmaster.pid").unlink(missing_ok=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def failure(said: str, data_dir: Path) -> EmbeddedPostgresError:
    """PostgreSQL's own words, told as something to do."""
    if "Address already in use" in said:
        return PortTakenError("the port is taken")
    for pattern, message in FAILURES.items():
        if re.search(pattern, said):
            return EmbeddedPostgresError(message.format(data_dir))
    last = "\n".join(said.strip().splitlines()[-8:])
    return EmbeddedPostgresError(f"PostgreSQL did not start on {data_dir}. It said:\n{last}")


def _pid_lines(cluster: Path) -> list[str]:
    try:
        return (cluster / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []
