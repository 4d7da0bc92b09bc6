"""The portal as a process of its own, started as in production: `python -m throughline serve`."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import httpx

from throughline.oauth.keys import new_pem

HOST = "127.0.0.1"
START_SECONDS = 60.0


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
    return port


@dataclass
class Served:
    """One portal on one database. Its secrets and its port outlive a restart. `folder`: for its log."""

    app_url: str = field(repr=False)
    folder: Path
    port: int = field(default_factory=free_port)
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    signing_key: str = field(default_factory=lambda: new_pem().decode(), repr=False)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "serve.log"

    @property
    def environment(self) -> dict[str, str]:
        ours = {
            "DATABASE_URL": self.app_url,
            "THROUGHLINE_SECRET": self.secret,
            "THROUGHLINE_SIGNING_KEY": self.signing_key,
            "THROUGHLINE_PUBLIC_URL": self.url,
            "THROUGHLINE_PORT": str(self.port),
            "THROUGHLINE_DATA_DIR": str(self.folder / "data"),
        }
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder), **ours}

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Another command of the same portal, to its end."""
        line = [sys.executable, "-m", "throughline", *words]
        return subprocess.run(line, env=self.environment, capture_output=True, text=True, timeout=120, check=False)

    def start(self) -> Self:
        """Returns when it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "throughline", "serve"], env=self.environment, stdout=log, stderr=log
            )
        return self.wait_until_ready()

    def wait_until_ready(self) -> Self:
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process is None or self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the portal does not answer: {self.log.read_text()[-2000:]}")
            time.sleep(0.02)
        return self

    def kill(self) -> None:
        """-9, at whatever it is doing."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(how)
            process.wait(30)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health/ready", timeout=2).status_code == 200
        except httpx.TransportError:
            return False

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
