"""The figures of README.md, one function each."""

import asyncio
import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import asyncpg

from tests.benchmarks import asks, search_world
from tests.benchmarks.bench import Bench, server
from tests.benchmarks.contest import Pace, Result, Side, contest
from tests.benchmarks.load import ask, once
from tests.benchmarks.search_world import Slip
from tests.benchmarks.statements import per_request
from tests.benchmarks.table import Figure

PORTAL, BOUND = "portal", "Limit B"
ONE = "Limit B, all rows in one statement"


@dataclass(frozen=True)
class Plan:
    pace: Pace
    people: int
    is_verbose: bool = False


def picture(made: Bench, plan: Plan) -> list[Figure]:
    return [_against_bound(made, plan, "family picture", asks.pictures, "/graphql/")]


def families(made: Bench, plan: Plan) -> list[Figure]:
    return [_against_bound(made, plan, "50 families", asks.lists, "/families/")]


def _against_bound(made: Bench, plan: Plan, name: str, requests: asks.Asks, path: str) -> Figure:
    with server(made, "portal") as (port, pid), server(made, "limit_b") as (port_b, pid_b):
        ours, bound = ask(port, next(requests(made, port))), ask(port_b, next(requests(made, port_b, path)))
        if json.loads(ours) != json.loads(bound):
            raise RuntimeError(f"{name}: the two answers differ\n{ours.decode()[:2000]}\n{bound.decode()[:2000]}")
        sides = [
            Side(PORTAL, port, pid, requests(made, port)),
            Side(BOUND, port_b, pid_b, requests(made, port_b, path)),
        ]
        results = contest(made, name, sides, plan.pace)
    _count(made, plan, results, requests(made, port))
    return Figure(name, results, said=(f"{len(ours)} bytes, the same answer from both",))


def _count(made: Bench, plan: Plan, results: list[Result], requests: Iterator[bytes]) -> None:
    number, which = per_request(made, requests)
    for result in results:
        if result.side == PORTAL:
            result.statements = number
    if plan.is_verbose:
        print(*(f"    {times:4} {text}" for text, times in which.most_common()), sep="\n", flush=True)


def submit(made: Bench, plan: Plan) -> list[Figure]:
    name, runs = "submission", itertools.count()

    def requests(port: int, path: str = "/graphql") -> Iterator[bytes]:
        return asks.submissions(made, port, path, prefix=f"{path}{next(runs)}")

    with server(made, "portal") as (port, pid), server(made, "limit_b") as (port_b, pid_b):
        paths = {BOUND: "/submit/", ONE: "/submit-in-one/"}
        rows = asyncio.run(_rows_written(made, port, requests(port)))
        for path in paths.values():
            theirs = asyncio.run(_rows_written(made, port_b, requests(port_b, path)))
            if theirs != rows:
                raise RuntimeError(f"{name}: the rows differ: {rows} and {theirs}")
        sides = [Side(PORTAL, port, pid, requests(port))]
        sides += [Side(side, port_b, pid_b, requests(port_b, path)) for side, path in paths.items()]
        results = contest(made, name, sides, plan.pace)
    _count(made, plan, results, requests(port))
    said = ", ".join(f"{table} {count}" for table, count in sorted(rows.items()))
    return [Figure(name, results, said=(f"rows of {SAMPLE} reports, the same from each: {said}",))]


SAMPLE = 100


async def _rows_written(made: Bench, port: int, requests: Iterator[bytes]) -> dict[str, int]:
    """How many rows each table gains by a sample of reports."""
    connection = await asyncpg.connect(made.urls.owner)
    try:
        tables = [row[0] for row in await connection.fetch(_TABLES)]
        counts = " union all ".join(f"select '{table}' t, count(*) n from {table}" for table in tables)
        before = {row["t"]: row["n"] for row in await connection.fetch(counts)}
        for sent in itertools.islice(requests, SAMPLE):
            answer = json.loads(await once(port, sent))
            if answer.get("errors") or answer["data"]["supportReportSubmit"]["userErrors"]:
                raise RuntimeError(f"refused: {answer}")
        after = {row["t"]: row["n"] for row in await connection.fetch(counts)}
    finally:
        await connection.close()
    return {table: after[table] - before[table] for table in tables if after[table] != before[table]}


_TABLES = """
    select schemaname || '.' || tablename from pg_tables where schemaname in ('portal', 'audit')
      and tablename <> 'seal'  -- follows by itself, for whoever wrote to the trail
    order by 1
"""


def growth(made: Bench, plan: Plan) -> list[Figure]:
    """The portal against itself: families with ten times the records beside ordinary ones."""
    name = "picture, 10 × the records"
    with server(made, "portal") as (port, pid):
        sides = [
            Side("10 × the records", port, pid, asks.pictures(made, port, big=True)),
            Side("ordinary", port, pid, asks.pictures(made, port)),
        ]
        results = contest(made, name, sides, plan.pace)
    return [Figure(name, results, of="p50", said=("the ratio is of the times: how much dearer",))]


def search(made: Bench, plan: Plan) -> list[Figure]:
    with server(made, "portal") as (port, pid):
        everybody = asyncio.run(search_world.fill_people(made, made.settings.secret.encode(), plan.people))
        finding = (sent for _, sent in search_world.finders(made, everybody, port, list(Slip)))
        said = _found(made, everybody, port)
        pace = Pace(plan.pace.rounds, plan.pace.seconds, [count for count in plan.pace.connections if count <= 4] or [4])
        own = search_world.supporters(made, everybody, port)
        name = f"search among {plan.people} people"
        anybody = contest(made, name, [Side("triage worker", port, pid, finding)], pace)
        theirs = contest(made, name, [Side("family practitioner", port, pid, own)], pace)
    return [Figure(name, anybody, said=said), Figure(name, theirs)]


def _found(made: Bench, everybody: list[search_world.Sought], port: int) -> tuple[str, ...]:
    """Of fifty searches with each slip: how often the person sought is first, and on the first page."""
    said = []
    for slip in Slip:
        searches = itertools.islice(search_world.finders(made, everybody, port, [slip]), 50)
        found = [(one, search_world.shown(json.loads(ask(port, sent)))) for one, sent in searches]
        first, page = sum(those[:1] == [one] for one, those in found), sum(one in those for one, those in found)
        said.append(f"{slip}: {first} first, {page} on the first page, of {len(found)}")
    return tuple(said)


FIGURES: dict[str, Callable[[Bench, Plan], list[Figure]]] = {
    "picture": picture,
    "submit": submit,
    "families": families,
    "search": search,
    "growth": growth,
}
