"""Who the server runs as. PostgreSQL refuses root, so root lends it another identity:

- in a user namespace, where root's files stay root's and no account is needed;
- where those are switched off (many containers), by dropping to the account that owns the cluster.
  The account reaches folders that only root may enter through descriptors that root opened, so no
  folder's permissions are ever widened.
"""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from throughline.db.binaries import Binaries, EmbeddedPostgresError

Mode = Literal["user", "namespace", "account"]

SHARED_PROGRAMS = Path("/var/lib/throughline")
CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Account:
    """uid and gid own the cluster's files, as seen from outside any namespace."""

    mode: Mode
    uid: int
    gid: int

    def process_options(self, *, keep_open: tuple[int, ...] = (), dies_with_us: bool = False) -> dict[str, Any]:
        """Keyword arguments for subprocess. Its own session: Ctrl-C ends us, we the server."""
        parent = os.getpid()
        user_map = _namespace_map() if self.mode == "namespace" else None

        def before_exec() -> None:
            if user_map:
                _enter_namespace(user_map)
            if dies_with_us and sys.platform == "linux":
                _libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT)  # SIGINT: a fast, clean shutdown
                if os.getppid() != parent:
                    os._exit(1)

        options: dict[str, Any] = {
            "preexec_fn": before_exec,
            "pass_fds": keep_open,
            "cwd": "/",
            "env": _environment(),
            "start_new_session": True,
        }
        if self.mode == "account":
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return options

    def runnable(self, binaries: Binaries) -> Binaries:
        """The same programs, where this identity can execute them."""
        if self.mode != "account" or self._can_run(binaries):
            return binaries
        wheel = binaries.folder.parent
        if wheel.name != "pginstall":
            raise EmbeddedPostgresError(
                f"the account {_name_of(self.uid)} cannot run the programs in {binaries.folder}; "
                "move them to a folder that it may enter, or start as an ordinary user"
            )
        copy = Binaries(_copied_for_all(wheel), binaries.major)
        if not self._can_run(copy):
            raise EmbeddedPostgresError(f"the account {_name_of(self.uid)} cannot run {copy.postgres}")
        return copy

    def own(self, folder: Path) -> None:
        """Hands the cluster's files to this identity, if they belong to another one."""
        if not folder.exists() or folder.stat().st_uid == self.uid:
            return
        for parent, folders, files in os.walk(folder):
            for name in (*folders, *files):
                os.lchown(os.path.join(parent, name), self.uid, self.gid)
        os.lchown(folder, self.uid, self.gid)  # last: if we are interrupted, the next start goes on

    def _can_run(self, binaries: Binaries) -> bool:
        try:
            subprocess.run([binaries.postgres, "--version"], check=True, capture_output=True, **self.process_options())
        except (OSError, subprocess.SubprocessError):
            return False
        return True


def choose_account(cluster: Path, binaries: Binaries, wanted: Mode | None = None) -> Account:
    """An ordinary user runs the server itself. For root: whoever owns the cluster, else a namespace,
    else an account of the system."""
    user, group = os.geteuid(), os.getegid()
    owner = cluster.stat().st_uid if cluster.exists() else user
    in_namespace = Account("namespace", user, group)
    if user != 0:
        has_name = _name_of(user) != str(user)  # initdb insists on one; containers often have none
        lends_name = not has_name and in_namespace._can_run(binaries)
        return in_namespace if lends_name else Account("user", user, group)
    if wanted != "account" and (owner == 0 or wanted == "namespace"):
        if in_namespace._can_run(binaries):
            return in_namespace
        if wanted == "namespace":
            raise EmbeddedPostgresError("user namespaces are switched off on this machine")
    return _system_account(owner)


def _system_account(owner: int) -> Account:
    if sys.platform != "linux":
        raise EmbeddedPostgresError("PostgreSQL does not run as root; start as an ordinary user")
    for candidate in (owner, "postgres", "nobody"):
        try:
            entry = pwd.getpwuid(candidate) if isinstance(candidate, int) else pwd.getpwnam(candidate)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account("account", entry.pw_uid, entry.pw_gid)
    raise EmbeddedPostgresError(
        "PostgreSQL does not run as root, and this machine has neither user namespaces nor an account "
        "named postgres or nobody; start as an ordinary user"
    )


def _copied_for_all(wheel: Path) -> Path:
    """Copies the wheel's programs where every account can run them, into a folder that only root writes.
    The libraries keep their place beside them, because the programs look for them there."""
    changed = (wheel / "bin" / "postgres").stat().st_mtime_ns
    target = SHARED_PROGRAMS / f"postgres-{changed:x}"
    bin_folder = target / wheel.parent.name / wheel.name / "bin"
    if not bin_folder.exists():
        partial = target.with_name(f"{target.name}.{os.getpid()}")
        libraries = wheel.parent.with_name(f"{wheel.parent.name}.libs")
        SHARED_PROGRAMS.mkdir(mode=0o755, exist_ok=True)
        shutil.copytree(wheel, partial / wheel.parent.name / wheel.name, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, partial / libraries.name, symlinks=True)
        for folder in (partial, partial / wheel.parent.name):
            folder.chmod(0o755)
        partial.rename(target)
    facts = SHARED_PROGRAMS.stat()
    if facts.st_uid != 0 or facts.st_mode & 0o022:
        raise EmbeddedPostgresError(f"{SHARED_PROGRAMS} must belong to root and be writable by nobody else")
    return bin_folder


def _namespace_map() -> tuple[bytes, bytes]:
    """Our own ids under other numbers: any that is not root and has a name."""
    inner = next(entry for entry in (_entry("nobody"), *pwd.getpwall()) if entry and entry.pw_uid != 0)
    return f"{inner.pw_uid} {os.geteuid()} 1".encode(), f"{inner.pw_gid} {os.getegid()} 1".encode()


def _enter_namespace(user_map: tuple[bytes, bytes]) -> None:
    """Runs between fork and exec."""
    if _libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    users, groups = user_map
    for name, text in (("setgroups", b"deny"), ("uid_map", users), ("gid_map", groups)):
        descriptor = os.open(f"/proc/self/{name}", os.O_WRONLY)
        os.write(descriptor, text)
        os.close(descriptor)


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


@cache
def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _environment() -> dict[str, str]:
    """No secret of ours, nothing of PG*; messages in English, because failures are recognised by them."""
    passed = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR")
    return {name: os.environ[name] for name in passed if name in os.environ} | {"LC_ALL": "C"}
