"""Two servers answer in turn, round after round, so that whatever else the machine does disturbs both alike."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

from tests.benchmarks.bench import Bench, cpu_seconds, postgres_cpu
from tests.benchmarks.load import drive


@dataclass(frozen=True)
class Side:
    """One of those who are compared: a server process, and what it is asked."""

    name: str
    port: int
    pid: int
    requests: Iterator[bytes]


@dataclass(frozen=True)
class Round:
    """Latencies and CPU (of the server and of PostgreSQL, for one request) in milliseconds."""

    per_second: float
    p50: float
    p99: float
    server_cpu: float
    postgres_cpu: float


@dataclass(frozen=True)
class Pace:
    rounds: int
    seconds: float
    connections: list[int]


@dataclass
class Result:
    """What one side did at so many connections, over all rounds."""

    figure: str
    side: str
    connections: int
    rounds: list[Round] = field(default_factory=list)
    statements: float | None = None

    def middle(self, name: str) -> float:
        return float(median(getattr(one, name) for one in self.rounds))


def contest(made: Bench, figure: str, sides: list[Side], pace: Pace) -> list[Result]:
    """The results of each side at each number of connections, in the order given."""
    results = []
    for connections in pace.connections:
        those = [Result(figure, side.name, connections) for side in sides]
        for side in sides:
            asyncio.run(drive(side.port, side.requests, connections=connections, seconds=1))
        for _ in range(pace.rounds):
            for side, result in zip(sides, those, strict=True):
                result.rounds.append(_round(made, side, connections, pace.seconds))
        results += those
        print(f"  {figure}: {connections} connections done", flush=True)
    return results


def _round(made: Bench, side: Side, connections: int, seconds: float) -> Round:
    postgres = made.postgres.pid
    before = cpu_seconds(side.pid), postgres_cpu(postgres)
    load = asyncio.run(drive(side.port, side.requests, connections=connections, seconds=seconds))
    used = cpu_seconds(side.pid) - before[0], postgres_cpu(postgres) - before[1]
    each = 1000 / len(load.latencies)
    return Round(load.per_second, load.percentile(50), load.percentile(99), used[0] * each, used[1] * each)


def ratios(one: Result, other: Result, of: str = "per_second") -> list[float]:
    """Of each round to the round beside it."""
    pairs = zip(one.rounds, other.rounds, strict=True)
    return [getattr(a, of) / getattr(b, of) for a, b in pairs]
