"""`throughline demo` as somebody at a terminal meets it."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.demo.conftest import Borough
from throughline.demo import asks
from throughline.demo.clients import client_secret
from throughline.demo.run import DemoError, _bound, database, token, write_whole
from throughline.settings import Settings, SettingsError
from throughline.terms.role import Role

SERVE = Path(__file__).with_name("serve.py")
READY_WITHIN_S = 60


@contextmanager
def started(data: Path, port: int, file: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(SERVE), str(data), str(port), str(file)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        if process.stdout and not process.stdout.closed:
            process.communicate(timeout=READY_WITHIN_S)


def described(file: Path, process: subprocess.Popen[str]) -> dict[str, object]:
    until = time.monotonic() + READY_WITHIN_S
    while not file.exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.05)
    said: dict[str, object] = json.loads(file.read_text())
    return said


@pytest.mark.slow
def test_it_serves_what_it_describes_and_keeps_it(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "facts.json"
    with started(data, 0, file) as process:
        said = described(file, process)
        url, viewers = str(said["url"]), said["viewers"]
        assert isinstance(viewers, list)
        assert [viewer["role"] for viewer in viewers] == [str(role) for role in Role]
        assert httpx.get(f"{url}/").text.startswith("<!doctype html>")
        family = httpx.post(
            f"{url}/graphql",
            json={"query": viewers[0]["query"], "variables": viewers[0]["variables"]},
            headers={"authorization": f"Bearer {viewers[0]['access_token']}"},
        ).json()
        assert family["data"]["family"]["members"]
        report = httpx.post(
            f"{url}/graphql",
            json={"query": asks.FIRST_REPORT, "variables": asks.first_report("2026-01-05")},
            headers={"authorization": f"Bearer {viewers[0]['access_token']}"},
        ).json()
        assert report["data"]["supportReportSubmit"]["userErrors"] == [], report
        signed_in = httpx.post(
            f"{url}/oauth/token",
            data={"grant_type": "client_credentials", "scope": "role:SCHOOL_STAFF purpose:SUPPORT"},
            auth=(viewers[0]["client_id"], viewers[0]["client_secret"]),
        )
        assert signed_in.status_code == 200, signed_in.text
        second, other_file = tmp_path / "second.json", data
        port = int(url.rsplit(":", 1)[1])
        for args, reason in (((tmp_path / "b", port, second), "taken"), ((other_file, 0, second), "Error")):
            with started(*args) as refused:
                _, errors = refused.communicate(timeout=READY_WITHIN_S)
                assert refused.returncode == 1
                assert reason in errors
                assert "Traceback" not in errors
    assert process.returncode == 0  # Ctrl-C
    file.write_text("what an earlier run left is no sign that this one is ready")
    with started(data, 0, file) as process:
        while file.exists() and "earlier run" in file.read_text():
            time.sleep(0.01)
        again = described(file, process)
        assert again["families"] == said["families"]
        assert json.loads((data / "demo.json").read_text()) == again
        process.terminate()
        printed, errors = process.communicate(timeout=READY_WITHIN_S)
    assert process.returncode == 0
    assert "what was written stays" in printed
    assert "Traceback" not in errors


def test_a_taken_port_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with started(tmp_path / "data", port, tmp_path / "f.json") as process:
            _, errors = process.communicate(timeout=READY_WITHIN_S)
    assert process.returncode == 1
    assert f"port {port} of 127.0.0.1 is taken" in errors
    assert "Traceback" not in errors
    assert not (tmp_path / "data" / "postgres").exists()


def test_answers_do_not_wait_to_be_acknowledged() -> None:
    """Nagle's algorithm with delayed acknowledgements: 40 ms for each answer in two packets."""
    with _bound("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_database_by_address_needs_its_owner_too(tmp_path: Path) -> None:
    settings = Settings.for_demo({"DATABASE_URL": "postgresql://app@127.0.0.1/x"}, data_dir=tmp_path)
    with pytest.raises(SettingsError, match="DATABASE_OWNER_URL"), database(settings):
        pass


def test_production_signs_nobody_in_as_a_practitioner_of_the_demo(borough: Borough) -> None:
    settings = replace(borough.settings, is_demo=False)
    with pytest.raises(DemoError):
        token(settings, borough.viewers[Role.ANALYST])


def test_a_file_is_written_whole_and_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "facts.json"
    write_whole(file, "one")
    write_whole(file, "two")
    assert file.read_text() == "two"
    assert file.stat().st_mode & 0o077 == 0
    assert list(file.parent.iterdir()) == [file]


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DemoError, match="cannot be written"):
        write_whole(tmp_path / "file" / "facts.json", "x")


def test_client_secrets_follow_from_the_demos_own_secret() -> None:
    assert client_secret("a", "x") == client_secret("a", "x") != client_secret("b", "x")
