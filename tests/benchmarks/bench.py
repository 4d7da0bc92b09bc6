"""The bench: a durable PostgreSQL with the benchmark's world in it, and the two servers on it."""

import asyncio
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import md5
from pathlib import Path
from uuid import UUID

import asyncpg

from throughline.access import openings
from throughline.app import Signing
from throughline.db import migrate
from throughline.db.bootstrap import DatabaseUrls, bootstrap_embedded
from throughline.db.embedded import EmbeddedPostgres
from throughline.oauth.scope import Scope
from throughline.oauth.subject import subject
from throughline.settings import Settings
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

HERE = Path(__file__).parent
PORT = 8000
"""Of the issuer in the tokens, not of any server here."""
TUNED = {"shared_buffers": "512MB", "max_wal_size": "4GB", "work_mem": "16MB", "synchronous_commit": "on"}


LIST = range(1, 61)
"""The families of one lead, for the list."""
BIG = range(61, 101)
"""Families with ten times the records, for growth."""


def lead_of(family: int) -> int:
    """The practitioner who leads the team around this family."""
    return 400 if family in LIST else 1 + family % 399


def uid(kind: str, number: int) -> UUID:
    """The id that world.sql gives to this row."""
    return UUID(md5(f"{kind}{number}".encode(), usedforsecurity=False).hexdigest())


@dataclass(frozen=True)
class Bench:
    """A running PostgreSQL with the world in it; `data` holds the portal's keys."""

    postgres: EmbeddedPostgres
    urls: DatabaseUrls
    data: Path
    families: int

    @cached_property
    def signing(self) -> Signing:
        return Signing.of(self.settings)

    @property
    def settings(self) -> Settings:
        return Settings.for_demo({}, data_dir=self.data, port=PORT)

    def token(self, practitioner: int, role: Role, purpose: Purpose) -> str:
        who = subject(uid("practitioner", practitioner), is_tool=False)
        scope = Scope(role, purpose)
        return self.signing.mint.mint(who, f"bench-{practitioner}", scope, lifetime_s=12 * 3600)


async def fill(owner_url: str, families: int, reports: int) -> None:
    connection = await asyncpg.connect(owner_url)
    script = (HERE / "world.sql").read_text()
    await connection.execute(re.sub(r":families\b", str(families), re.sub(r":reports\b", str(reports), script)))
    await connection.execute("create table if not exists public.limit_b_audit (family_id uuid, at timestamptz)")
    made = await openings.refresh_all(connection)
    await connection.execute("analyze")
    print(f"  {made} openings", flush=True)
    await connection.close()


@contextmanager
def bench(folder: Path, families: int, reports: int) -> Iterator[Bench]:
    with EmbeddedPostgres(folder / "data", settings=TUNED) as postgres:
        urls = asyncio.run(bootstrap_embedded(postgres))
        migrate.upgrade(urls.owner)
        start = time.perf_counter()
        print(f"making {families} families with {reports} reports each", flush=True)
        asyncio.run(fill(urls.owner, families, reports))
        print(f"  made in {time.perf_counter() - start:.0f} s", flush=True)
        yield Bench(postgres, urls, folder / "portal", families)


@contextmanager
def server(made: Bench, name: str) -> Iterator[tuple[int, int]]:
    """A uvicorn process of its own: its port and process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "BENCH_DATA": str(made.data), "BENCH_PORT": str(PORT), "BENCH_APP_URL": made.urls.app, "BENCH_OWNER_URL": made.urls.owner,
    }  # fmt: skip
    command = [
        sys.executable, "-m", "uvicorn", f"tests.benchmarks.servers:{name}", "--factory", "--port", str(port),
        "--no-access-log", "--log-level", "warning", "--loop", "uvloop", "--http", "httptools",
    ]  # fmt: skip
    process = subprocess.Popen(command, env=environment, cwd=HERE.parents[1])
    try:
        _wait(port, process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError("the server ended before it listened")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the server does not listen")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def postgres_cpu(pid: int) -> float:
    """Of the postmaster and everything that it started and that still runs."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return cpu_seconds(pid) + sum(cpu_seconds(int(child)) for child in children if Path(f"/proc/{child}").exists())
