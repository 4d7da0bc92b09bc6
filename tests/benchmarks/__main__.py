"""python -m tests.benchmarks [--only picture,submit,families,search,growth] [--json FILE]: a world, a contest, a table."""

import argparse
import json
import tempfile
from pathlib import Path

from tests.benchmarks.bench import bench
from tests.benchmarks.contest import Pace
from tests.benchmarks.figures import FIGURES, Plan
from tests.benchmarks.table import as_json, markdown


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Takes about ten minutes.")
    parser.add_argument("--only", default=",".join(FIGURES), help="which figures, with commas between")
    parser.add_argument("--families", type=int, default=2000, help="at least 1000")
    parser.add_argument("--reports", type=int, default=33, help="of each family")
    parser.add_argument("--people", type=int, default=50_000, help="to search among")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=3, help="of each round")
    parser.add_argument("--connections", type=int, nargs="+", default=[16, 1])
    parser.add_argument("--json", type=Path, help="where to write everything that was measured")
    parser.add_argument("--verbose", action="store_true", help="name the statements that were counted")
    return parser.parse_args()


def main() -> None:
    given = _given()
    plan = Plan(Pace(given.rounds, given.seconds, given.connections), given.people, given.verbose)
    with (
        tempfile.TemporaryDirectory(prefix="throughline-bench-") as folder,
        bench(Path(folder), given.families, given.reports) as made,
    ):
        figures = [figure for name in given.only.split(",") for figure in FIGURES[name](made, plan)]
    print(markdown(figures))
    if given.json:
        given.json.write_text(json.dumps(as_json(figures), indent=1))


if __name__ == "__main__":
    main()
