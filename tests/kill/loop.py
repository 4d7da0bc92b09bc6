"""Practitioners report support without a pause, while the server (and now and then PostgreSQL) is killed -9 at random moments.

Whoever gets no answer sends the same report again under the same key, until it is acknowledged.
"""

import asyncio
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom
from typing import Any
from uuid import uuid4

import httpx

from tests.journey.directory import Town, settle_in
from tests.journey.signed_in import SignedIn, act, identity
from tests.served import Served, free_port
from throughline.access.gate import day_in_london
from throughline.db import migrate
from throughline.db.bootstrap import DatabaseUrls, bootstrap_embedded
from throughline.db.embedded import EmbeddedPostgres
from throughline.terms.purpose import Purpose

CHANCE = SystemRandom()
WHO = ("teacher", "nurse", "officer", "youth worker")
LONGEST_RUN_S = 0.6
"""A server lives this long at most after it answers; the moment is random."""
TOKEN_S = 120.0
SUBMIT = act("supportReportSubmit", "supportReport { id madeAt }")


@dataclass
class Figures:
    """`found`: an unanswered report that was there already when it was sent again; `resent`: acknowledged ones sent once more."""

    kills: int = 0
    postgres_kills: int = 0
    attempts: int = 0
    unanswered: int = 0
    found: int = 0
    resent: int = 0
    restarts: list[float] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)


@dataclass
class Submitter:
    """One practitioner at work in a thread. `acknowledged`: key → the report's id, as the portal said."""

    served: Served
    town: Town
    called: str
    figures: Figures
    stop: threading.Event
    acknowledged: dict[str, str] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    _seat: SignedIn | None = None
    _since: float = 0.0

    def run(self) -> None:
        while not self.stop.is_set():
            key = f"{self.called} {uuid4()}"
            self.sent.append(key)
            self.acknowledged[key] = self._until_acknowledged(key)
            if CHANCE.random() < 0.05:
                self._send_again(CHANCE.choice(self.sent))
        if self._seat:
            self._seat.close()

    def _send_again(self, key: str) -> None:
        self.figures.resent += 1
        said = self._until_acknowledged(key)
        if said != self.acknowledged[key]:
            self.wrong.append(f"{key} was {self.acknowledged[key]} and then {said}")

    def _until_acknowledged(self, key: str) -> str:
        is_again = False
        while True:
            self.figures.attempts += 1
            begun = datetime.now(UTC)
            made = self._answer(key)
            if made:
                self.figures.found += is_again and datetime.fromisoformat(made["madeAt"]) < begun
                return str(made["id"])
            self.figures.unanswered += not is_again
            is_again = True
            time.sleep(0.1)

    def _answer(self, key: str) -> Any:
        """The report as acknowledged; None where no answer came, or one that promises nothing."""
        try:
            response = self._signed_in().hears(SUBMIT, input=self._report(key))
            said = response.json()["data"]["supportReportSubmit"]
        except (httpx.TransportError, AssertionError) as lost:
            self._fault(type(lost).__name__)
            return None
        except (KeyError, TypeError, ValueError):
            self._fault(f"{response.status_code} {response.text[:160]}")
            return None
        if said["userErrors"]:
            self.wrong.append(f"{key} was refused: {said['userErrors']}")
            self.stop.set()
            return {"id": "refused", "madeAt": datetime.now(UTC).isoformat()}
        return said["supportReport"]

    def _fault(self, name: str) -> None:
        self.figures.faults[name] += 1

    def _signed_in(self) -> SignedIn:
        if self._seat is None or time.monotonic() > self._since + TOKEN_S:
            seat = SignedIn(self.served.url, self.town.workers[self.called], Purpose.SUPPORT)
            assert seat.token
            if self._seat:
                self._seat.close()
            self._seat, self._since = seat, time.monotonic()
        return self._seat

    def _report(self, key: str) -> dict[str, Any]:
        """About one of a few dozen children: some are new, most are known. The text is the key."""
        place = int(key[-4:], 16) % 40
        about = identity(f"{self.called} {place}", f"Child{place}", self.called.replace(" ", ""), "2015-05-06")
        part = {"about": [about], "whatWasDone": key}
        return {
            "idempotencyKey": key, "kindOfSupport": "ATTENDANCE_SUPPORT", "givenOn": str(day_in_london(datetime.now(UTC))),
            "delivery": "PHONE", "parts": [part],
        }  # fmt: skip


@dataclass
class KillLoop:
    cluster: EmbeddedPostgres
    served: Served
    submitters: list[Submitter]
    figures: Figures
    postgres_share: float
    _threads: list[threading.Thread] = field(default_factory=list)

    def run(self, kills: int) -> None:
        """`kills` times: let it run for a moment, kill, start again. Then wait until everything sent is acknowledged."""
        for submitter in self.submitters:
            self._threads.append(threading.Thread(target=submitter.run, daemon=True))
            self._threads[-1].start()
        for number in range(kills):
            time.sleep(CHANCE.uniform(0.0, LONGEST_RUN_S))
            if any(submitter.wrong for submitter in self.submitters):
                break
            begun = time.monotonic()
            self._kill_postgres() if number % max(1, round(1 / self.postgres_share)) == 3 else self._kill_server()
            self.figures.restarts.append(time.monotonic() - begun)
        time.sleep(0.5)
        for submitter in self.submitters:
            submitter.stop.set()
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive(), "a report was never acknowledged"

    def _kill_server(self) -> None:
        self.figures.kills += 1
        self.served.kill()
        self.served.start()

    def _kill_postgres(self) -> None:
        """The server stays: it has to find its way back by itself."""
        self.figures.kills += 1
        self.figures.postgres_kills += 1
        assert self.cluster._server is not None
        self.cluster._server.kill()
        self.cluster.stop()
        self.cluster.start()
        self.served.wait_until_ready()


def prepared(cluster: EmbeddedPostgres, folder: Path, *, postgres_share: float) -> KillLoop:
    """On a running cluster: roles, tables, a directory, a server, and those who will report."""
    urls: DatabaseUrls = asyncio.run(bootstrap_embedded(cluster))
    migrate.upgrade(urls.owner)
    town = asyncio.run(settle_in(urls.owner, day_in_london(datetime.now(UTC))))
    served, figures = Served(urls.app, folder).start(), Figures()
    stop = threading.Event()
    submitters = [Submitter(served, town, called, figures, stop) for called in WHO]
    return KillLoop(cluster, served, submitters, figures, postgres_share)


def durable_cluster(folder: Path) -> EmbeddedPostgres:
    """fsync on, and a port that stays the same after a kill."""
    return EmbeddedPostgres(folder, durable=True, port=free_port())
