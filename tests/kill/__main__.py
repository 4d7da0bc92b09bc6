"""python -m tests.kill [--kills 200] [--postgres 0.1]"""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.kill.loop import KillLoop, durable_cluster, prepared
from tests.kill.reckoning import Reckoning, reckon
from throughline.db.embedded import EmbeddedPostgres
from throughline.db.engine import own_urls


def run(folder: Path, kills: int, postgres_share: float) -> tuple[KillLoop, Reckoning]:
    with durable_cluster(folder) as cluster:
        loop = prepared(cluster, folder, postgres_share=postgres_share)
        try:
            loop.run(kills)
        finally:
            loop.served.stop()
        acknowledged = {key: said for one in loop.submitters for key, said in one.acknowledged.items()}
        return loop, asyncio.run(_reckoned(cluster, acknowledged))


async def _reckoned(cluster: EmbeddedPostgres, acknowledged: dict[str, str]) -> Reckoning:
    urls = await own_urls(cluster)
    return await reckon(urls.owner, acknowledged)


def told(loop: KillLoop, reckoning: Reckoning, seconds: float) -> str:
    figures = loop.figures
    lines = [
        f"{figures.kills} kills -9, {figures.postgres_kills} of them of PostgreSQL, in {seconds:.0f} s; back after "
        f"{median(figures.restarts):.1f} s (at most {max(figures.restarts):.1f} s)",
        f"{reckoning.acknowledged} reports acknowledged in {figures.attempts} attempts; {figures.unanswered} were not answered at "
        f"first, {figures.found} of those were there already when they were sent again; {figures.resent} were sent once more",
        f"lost {len(reckoning.lost)}, doubled {len(reckoning.doubled)}, incomplete {len(reckoning.incomplete)}, "
        f"never acknowledged {len(reckoning.strangers)}",
        f"rows: {', '.join(f'{count} {name}' for name, count in reckoning.counts.items())}",
        f"no answer: {', '.join(f'{name} ({times})' for name, times in figures.faults.most_common(8))}",
        *(f"WRONG: {wrong}" for one in loop.submitters for wrong in one.wrong),
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.kill")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--postgres", type=float, default=0.1, help="the share of kills that hit PostgreSQL")
    given = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="throughline-kill-") as folder:
        loop, reckoning = run(Path(folder), given.kills, given.postgres)
    print(told(loop, reckoning, time.monotonic() - begun))
    is_right = reckoning.is_right and not any(one.wrong for one in loop.submitters)
    print("every acknowledged report is there, once" if is_right else "NOT RIGHT")
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
