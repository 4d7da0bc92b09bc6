"""PostgreSQL as a part of Throughline: one cluster in one data folder, for as long as this process lives.

The folder holds `postgres/` (the cluster), `postgres.password`, `postgres.log` and `lock`. The server listens
on 127.0.0.1 only, asks everybody for a password, and shuts down when we die, also by kill -9: the kernel
tells it (Linux), and the lock stays with the server, so that a successor waits until it is gone.
"""

import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from throughline.db.account import Account, Mode, choose_account
from throughline.db.binaries import Binaries, EmbeddedPostgresError, find_binaries
from throughline.db.cluster import (
    SUPERUSER,
    PortTakenError,
    failure,
    forget_stale_pid,
    free_port,
    initdb,
    is_ready,
    reached,
)
from throughline.db.data_folder import clearly_said, kept_secret, locked, opened_log, sync_folder, tail

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError", "kept_secret"]

START_SECONDS = 300.0  # after a crash it first goes through what was written since the last checkpoint
STOP_SECONDS = 30.0
FREE_PORT_TRIES = 5

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # What went wrong, without the statement or the key that it went wrong on: those are about children.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
THROW_AWAY: Mapping[str, str] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    def __init__(
        self,
        data_dir: Path,
        *,
        durable: bool = True,
        port: int | None = None,
        settings: Mapping[str, str] | None = None,
        postgres_bin: Path | None = None,
        as_root: Mode | None = None,
    ) -> None:
        """Without `durable` a crash of the machine may lose the cluster: for tests. `as_root` forces one of
        the two ways in which root can run it."""
        self.data_dir = Path(data_dir).expanduser().absolute()
        self.durable = durable
        self._chosen_port = port
        self._settings = dict(settings or {})
        self._postgres_bin = postgres_bin
        self._as_root = as_root
        self._port: int | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._held = ExitStack()

    @property
    def cluster_dir(self) -> Path:
        return self.data_dir / "postgres"

    @property
    def log_file(self) -> Path:
        return self.data_dir / "postgres.log"

    @property
    def password_file(self) -> Path:
        return self.data_dir / "postgres.password"

    @property
    def port(self) -> int:
        if self._port is None:
            raise EmbeddedPostgresError("the server is not running")
        return self._port

    @property
    def pid(self) -> int:
        """Of the postmaster."""
        if self._server is None:
            raise EmbeddedPostgresError("the server is not running")
        return self._server.pid

    @property
    def is_running(self) -> bool:
        return self._server is not None and self._server.poll() is None

    def url(self, database: str = "postgres", user: str = SUPERUSER, password: str | None = None) -> str:
        """Without a password: the superuser's."""
        if password is None:
            password = self.password_file.read_text().strip()
        return f"postgresql://{quote(user)}:{quote(password, safe='')}@127.0.0.1:{self.port}/{quote(database)}"

    def start(self, seconds: float = START_SECONDS) -> Self:
        """Returns when the server answers. Call it from the main thread: the server dies with its thread."""
        if self._server is not None:
            raise EmbeddedPostgresError("the server is running already")
        if threading.current_thread() is not threading.main_thread():
            raise EmbeddedPostgresError("start the server from the main thread: it dies with its thread")
        with ExitStack() as held, clearly_said(self.data_dir):
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = held.enter_context(locked(self.data_dir))
            binaries = find_binaries(self._postgres_bin)
            self._refuse_other_major(binaries)
            account = choose_account(self.cluster_dir, binaries, self._as_root)
            binaries = account.runnable(binaries)
            if not self.cluster_dir.exists():
                self._make_cluster(binaries, account)
            elif not self.password_file.exists():
                raise EmbeddedPostgresError(f"{self.password_file} is missing: without it nobody can sign in")
            account.own(self.cluster_dir)
            forget_stale_pid(self.cluster_dir)
            self._launch(binaries, account, lock, seconds)
            self._held = held.pop_all()
        return self

    def stop(self) -> None:
        """A clean shutdown; what does not end in time is ended, and recovers at the next start."""
        server, self._server, self._port = self._server, None, None
        if server is not None:
            _end(server)
        self._held.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()

    def _refuse_other_major(self, binaries: Binaries) -> None:
        if not self.cluster_dir.exists():
            return
        try:
            made_by = (self.cluster_dir / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            raise EmbeddedPostgresError(f"{self.cluster_dir} is not a PostgreSQL data folder") from None
        if made_by != str(binaries.major):
            raise EmbeddedPostgresError(
                f"the data in {self.cluster_dir} was made by PostgreSQL {made_by}, and this is PostgreSQL "
                f"{binaries.major}. Nothing was changed. Name the programs of version {made_by} in "
                "THROUGHLINE_POSTGRES_BIN, move the data over with pg_upgrade or pg_dump, "
                "or start with another data folder"
            )

    def _make_cluster(self, binaries: Binaries, account: Account) -> None:
        """Beside its place, then renamed into it: an interrupted initdb leaves no half a cluster."""
        kept_secret(self.password_file)
        partial = self.data_dir / "postgres.new"
        if partial.exists():
            shutil.rmtree(partial)
        partial.mkdir(mode=0o700)
        try:
            account.own(partial)
            initdb(binaries, account, partial, self.password_file, durable=self.durable)
            partial.rename(self.cluster_dir)
            sync_folder(self.data_dir)
        finally:
            shutil.rmtree(partial, ignore_errors=True)

    def _launch(self, binaries: Binaries, account: Account, lock: int, seconds: float) -> None:
        tries = 1 if self._chosen_port else FREE_PORT_TRIES
        for left in reversed(range(tries)):
            port = self._chosen_port or free_port()
            log_start = self.log_file.stat().st_size if self.log_file.exists() else 0
            server = self._spawn(binaries, account, lock, port)
            try:
                self._wait_until_ready(server, log_start, seconds)
            except PortTakenError:
                if left:
                    continue
                raise EmbeddedPostgresError(f"port {port} of 127.0.0.1 is taken; choose another") from None
            except BaseException:
                server.kill()
                server.wait()
                raise
            self._server, self._port = server, port
            return

    def _spawn(self, binaries: Binaries, account: Account, lock: int, port: int) -> subprocess.Popen[bytes]:
        settings = {**SETTINGS, **({} if self.durable else THROW_AWAY), **self._settings, "port": str(port)}
        with reached(self.cluster_dir, account) as (path, keep_open), opened_log(self.log_file) as log:
            command = [binaries.postgres, "-D", path]
            for name, value in settings.items():
                command += ["-c", f"{name}={value}"]
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **account.process_options(keep_open=(lock, *keep_open), dies_with_us=True),
            )

    def _wait_until_ready(self, server: subprocess.Popen[bytes], log_start: int, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not is_ready(self.cluster_dir, server.pid):
            if server.poll() is not None:
                raise failure(tail(self.log_file, log_start), self.data_dir)
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(f"PostgreSQL was not ready within {seconds:g} seconds; see {self.log_file}")
            time.sleep(0.01)


def _end(server: subprocess.Popen[bytes]) -> None:
    for request in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(request)
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return
