"""`python -m tests.proof --worlds N --queries M --seed S`: the campaign, each process in a throw-away PostgreSQL of its own.
`--properties`: what must hold beside the oracle instead, in N worlds. `--mutants`: faults in the list of rules instead, N worlds for
each that is still unnoticed."""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.proof.hunt import violated
from tests.proof.mutation import survivors
from tests.proof.processes import alone, campaign, firsts


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.proof", description=__doc__)
    parser.add_argument("--worlds", type=int, default=300)
    parser.add_argument("--queries", type=int, default=10, help="in each world")
    parser.add_argument("--seed", type=int, default=1, help="of the first world; the others follow")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--least", type=int, default=0, help="how often each sentence and wall must have been decisive")
    parser.add_argument("--mutants", action="store_true")
    parser.add_argument("--properties", action="store_true")
    asked = parser.parse_args()
    if asked.properties:
        with ProcessPoolExecutor(asked.processes, mp_context=get_context("spawn")) as pool:
            seeds, counts = zip(*firsts(asked.worlds, asked.seed, asked.processes), strict=True)
            found = [one for its in pool.map(violated, counts, seeds) for one in its]
        print(*found, f"{asked.worlds} worlds, violations: {len(found)}", sep="\n\n")
        return int(bool(found))
    if asked.mutants:
        tried, alive = alone(lambda stage: survivors(stage, asked.worlds, asked.seed))
        print(*(mutant.name for mutant in alive), f"{tried} mutants, {len(alive)} unnoticed", sep="\n")
        return int(bool(alive))
    mix = campaign(asked.worlds, asked.queries, asked.seed, asked.processes)
    scarce = mix.scarce(asked.least)
    print("\n\n".join([*mix.faults, str(mix)]), f"decisive less than {asked.least} times: {scarce}", sep="\n")
    return int(bool(mix.faults or scarce))


if __name__ == "__main__":
    sys.exit(main())
