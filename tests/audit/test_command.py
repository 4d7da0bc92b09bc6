"""`throughline verify-audit` as somebody at a terminal, or a nightly job, meets it; and that `serve` and `demo` really seal."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio.to_thread
import httpx
import pytest
from click.testing import CliRunner, Result

from tests.audit.trail import Trail, write
from tests.served import Served
from throughline.__main__ import main
from throughline.audit.checkpoint import CheckpointFolder

READY_WITHIN_S = 60


def verify(trail: Trail, *arguments: str, key: str | None = None, **environment: str) -> Result:
    path = trail.folder.folder.with_name("key.pem")
    path.write_text(key or trail.pem)
    cleared = dict.fromkeys(("DATABASE_URL", "THROUGHLINE_SECRET", "THROUGHLINE_SIGNING_KEY", "THROUGHLINE_CHECKPOINTS"), None)
    named = ("--checkpoints", str(trail.folder.folder), "--key", str(path))
    return CliRunner().invoke(
        main, ["verify-audit", *named, *arguments], env={**cleared, "DATABASE_OWNER_URL": trail.database.owner_url, **environment}
    )


@pytest.fixture
async def edited(attested: Trail) -> str:
    """The id of the entry that was edited."""
    row = await attested.root.fetchrow("select entry_id from audit.seal order by xid, entry_id offset 60 limit 1")
    await attested.root.execute("update audit.entry set role = 'ANALYST' where id = $1", row["entry_id"])
    return str(row["entry_id"])


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.anyio
async def test_a_whole_trail_is_0(attested: Trail) -> None:
    await attested.write(2)  # the checkpoints, by the clock of these tests, are not of today
    done = await in_thread(verify, attested)
    assert done.exit_code == 0, done.output
    assert "120 sealed entries are what was sealed." in done.output
    assert "3 checkpoints, the last " in done.output
    assert "2 entries are not sealed yet, the oldest written " in done.output
    assert done.output.endswith("The trail is whole.\n")
    assert "holds sealing back" not in done.output


@pytest.mark.anyio
async def test_a_tail_that_grows_old_is_said(trail: Trail) -> None:
    trail.now = datetime.now(UTC) - timedelta(seconds=70)
    await trail.attest()
    async with trail.pool.acquire() as connection:
        await write(connection, 1, at=datetime.now(UTC) - timedelta(hours=1))
    assert "A transaction that has not ended holds sealing back." in (await in_thread(verify, trail)).output
    trail.now = datetime.now(UTC) - timedelta(hours=2)
    trail.file().unlink()
    await trail.sealer().checkpoint()
    assert "No sealer seems to be at work" in (await in_thread(verify, trail)).output


@pytest.mark.anyio
async def test_a_tampered_trail_is_1_and_says_where(attested: Trail, edited: str) -> None:
    done = await in_thread(verify, attested)
    assert done.exit_code == 1
    assert "THE TRAIL IS NOT WHOLE. Faults: 1." in done.output
    (line,) = (line for line in done.output.splitlines() if line.startswith("- "))
    assert line.startswith("- CHANGED: ")
    assert f"entry {edited}; between checkpoint 1 (2026-11-23 09:01:00) and checkpoint 2" in line


@pytest.mark.anyio
async def test_machines_read_it_as_json(attested: Trail, edited: str) -> None:
    said = json.loads((await in_thread(verify, attested, "--json")).stdout)
    (found,) = said["findings"]
    assert (said["is_whole"], said["verified"], said["wrong"], said["checkpoints"]["count"]) == (False, 119, 1, 3)
    assert (found["wrong"], found["entry_id"], found["after"]["number"], found["before"]["number"]) == ("CHANGED", edited, 1, 2)
    assert found["shard"] == bytes.fromhex(edited.replace("-", ""))[15] & 7
    since = json.loads((await in_thread(verify, attested, "--json", "--since", "2026-11-23 09:02:30")).stdout)
    assert (since["is_whole"], since["since"]["number"], since["verified"]) == (True, 2, 40)


@pytest.mark.anyio
async def test_what_cannot_be_verified_is_2_and_never_looks_like_tampering(attested: Trail, tmp_path: Path) -> None:
    nobody = "postgresql://owner:secret@127.0.0.1:1/none"
    for refused in (
        await in_thread(verify, attested, "--checkpoints", str(tmp_path / "nowhere")),
        await in_thread(verify, attested, key="nonsense"),
        await in_thread(verify, attested, "--since", "yesterday"),
        await in_thread(verify, attested, DATABASE_OWNER_URL=nobody),
        await in_thread(verify, attested, DATABASE_OWNER_URL="", DATABASE_URL=attested.database.app_url),
    ):
        assert refused.exit_code == 2, refused.output
        assert "Traceback" not in refused.output
        assert "whole" not in refused.output.lower()
    await attested.root.execute("drop table audit.seal cascade")
    assert (await in_thread(verify, attested)).exit_code == 2


async def in_thread(function: Callable[..., Result], *arguments: Any, **options: Any) -> Result:
    """The command runs an event loop of its own."""
    return await anyio.to_thread.run_sync(lambda: function(*arguments, **options))


@dataclass
class Sealing(Served):
    """With the owner's address, which `verify-audit` needs, and a checkpoint each second."""

    owner_url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "DATABASE_OWNER_URL": self.owner_url, "THROUGHLINE_CHECKPOINT_SECONDS": "1"}


@pytest.mark.slow
@pytest.mark.anyio
async def test_serve_seals_and_attests_while_it_runs_and_at_its_end(trail: Trail, tmp_path: Path) -> None:
    served = Sealing(trail.database.app_url, tmp_path, owner_url=trail.database.owner_url)
    checkpoints = CheckpointFolder(tmp_path / "data-checkpoints")
    with served:
        await trail.write(5)
        wait_until(lambda: total(checkpoints) == 5)
        served.kill()
        await trail.write(6)
        served.start()
        wait_until(lambda: total(checkpoints) == 11)
        async with httpx.AsyncClient() as client:
            (tmp_path / "jwks.json").write_bytes((await client.get(f"{served.url}/oauth/jwks")).content)
        await trail.write(7)
    assert total(checkpoints) == 18  # a server that is told to stop seals first
    said = served.command("verify-audit", "--json")
    assert said.returncode == 0, said.stderr + said.stdout
    assert json.loads(said.stdout)["verified"] == 18
    assert served.command("verify-audit", "--key", str(tmp_path / "jwks.json")).returncode == 0
    await trail.root.execute("update audit.entry set verb = 'nothing' where id = (select entry_id from audit.seal limit 1)")
    assert served.command("verify-audit").returncode == 1


def total(checkpoints: CheckpointFolder) -> int:
    last = checkpoints.last()
    return last[0].total if last else 0


def throughline(*words: str) -> list[str]:
    return [sys.executable, "-m", "throughline", *words]


@pytest.mark.slow
def test_a_demo_seals_verifies_while_it_runs_and_begins_anew_when_fresh(tmp_path: Path) -> None:
    assert "critical" not in seen_and_verified(tmp_path)
    assert "shorter" not in seen_and_verified(tmp_path, "--fresh")
    assert len(list(tmp_path.glob("data-checkpoints.until-*"))) == 1


def seen_and_verified(folder: Path, *options: str) -> str:
    """A demo in which one family is looked at, and the trail of it verified meanwhile. What it said of errors."""
    data, file = folder / "data", folder / "facts.json"
    file.unlink(missing_ok=True)
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "THROUGHLINE_CHECKPOINT_SECONDS": "1"}
    command = throughline("demo", "--children", "200", "--port", "0", "--data", str(data), "--describe", str(file), *options)
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        wait_until(lambda: process.poll() is not None or file.exists())
        said = json.loads(file.read_text())
        viewer = said["viewers"][0]
        asked = {"query": viewer["query"], "variables": viewer["variables"]}
        headers = {"authorization": f"Bearer {viewer['access_token']}"}
        assert httpx.post(f"{said['url']}/graphql", json=asked, headers=headers, timeout=20).status_code == 200
        wait_until(lambda: total(CheckpointFolder(folder / "data-checkpoints")) == 1)
        done = subprocess.run(
            throughline("verify-audit", "--data", str(data), "--json"), env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert json.loads(done.stdout)["verified"] == 1
    finally:
        process.terminate()
        _, errors = process.communicate(timeout=READY_WITHIN_S)
    return errors
