"""`python -m tests.proof.leaks --worlds N`: each seeded fault, hunted from two seeds, at most N worlds from each.

Printed is a line for each fault as it is noticed, and at the end a table: the rule that it breaks, and for each seed after how many
worlds which property noticed it. It fails if one goes unnoticed from either seed.
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.proof.hunt import Caught, hunted
from tests.proof.leaks import GROUPS, LEAKS

SEEDS = (1, 100_001)


def table(found: dict[str, list[Caught]]) -> str:
    """A line for each fault, by where it is put in."""
    lines = []
    for group, leaks in GROUPS.items():
        lines += [
            f"| {group} | rule | {' | '.join('noticed by, after worlds' for _ in SEEDS)} |",
            "|---|---|" + "---|" * len(SEEDS),
        ]
        for leak in leaks:
            cells = [f"{one.by}, {one.worlds}" if one.is_noticed else "**not noticed**" for one in found.get(leak.name, ())]
            lines += [f"| {leak.name} | {leak.breaks} | {' | '.join(cells)} |"] if cells else []
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.proof.leaks", description=__doc__)
    parser.add_argument("--worlds", type=int, default=1_000, help="for each fault and seed, at most")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="this fault alone; may be repeated")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    names = asked.only or [leak.name for leak in LEAKS]
    found: dict[str, list[Caught]] = {}
    with ProcessPoolExecutor(asked.processes, mp_context=get_context("spawn")) as pool:
        for seed in asked.seeds:
            shares = [share for place in range(asked.processes) if (share := names[place :: asked.processes])]
            for caught in pool.map(hunted, shares, [asked.worlds] * len(shares), [seed] * len(shares)):
                for one in caught:
                    found.setdefault(one.name, []).append(one)
    missed = [one for its in found.values() for one in its if not one.is_noticed]
    print(table(found), f"{len(found)} seeded faults, from {len(asked.seeds)} seeds; {len(missed)} not noticed", sep="\n")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
