"""The worlds of a campaign shared out among processes, each in a throw-away PostgreSQL of its own."""

import asyncio
import gc
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from tests.conftest import OWNER_PASSWORD, TEMPLATE, Administrator, Database, bootstrapped
from tests.proof.campaign import Mix, run
from tests.proof.stage import Stage, staged
from throughline.db import migrate
from throughline.db.bootstrap import OWNER_ROLE
from throughline.db.embedded import EmbeddedPostgres

Answer = TypeVar("Answer")


@contextmanager
def throw_away() -> Iterator[Database]:
    """A database that is made for this and goes with it."""
    with (
        tempfile.TemporaryDirectory(prefix="throughline-proof-") as folder,
        EmbeddedPostgres(Path(folder), durable=False, settings={"autovacuum": "off"}) as cluster,
    ):
        asyncio.run(bootstrapped(cluster, TEMPLATE))
        migrate.upgrade(cluster.url(TEMPLATE, OWNER_ROLE, OWNER_PASSWORD))
        administrator = Administrator(cluster)
        yield administrator.make_database(TEMPLATE)
        administrator.close()


def alone(work: Callable[[Stage], Awaitable[Answer]]) -> Answer:
    """Done in a database of its own. Worlds are many small things that live long: looking through them for rubbish again and again
    would take a fifth of the time."""
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)

    async def do(database: Database) -> Answer:
        async with staged(database) as stage:
            return await work(stage)

    with throw_away() as database:
        return asyncio.run(do(database))


def some_worlds(worlds: int, queries: int, seed: int) -> Mix:
    return alone(lambda stage: run(stage, worlds, queries, seed, lambda text: print(text, file=sys.stderr, flush=True)))


def campaign(worlds: int, queries: int, seed: int, processes: int) -> Mix:
    """The worlds shared out among processes: the same ones for the same numbers."""
    mix = Mix()
    seeds, counts = zip(*firsts(worlds, seed, processes), strict=True)
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for part in pool.map(some_worlds, counts, [queries] * processes, seeds):
            mix.add(part)
    return mix


def firsts(worlds: int, seed: int, processes: int) -> list[tuple[int, int]]:
    """For each process the seed of its first world, and how many worlds it takes."""
    counts = [len(range(place, worlds, processes)) for place in range(processes)]
    return [(seed + sum(counts[:place]), count) for place, count in enumerate(counts)]
