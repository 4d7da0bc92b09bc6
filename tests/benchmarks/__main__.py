"""python -m tests.benchmarks [--families 2000] [--rounds 6] [--seconds 4] [--connections 16 1]"""

import argparse
import asyncio
import json
import tempfile
from pathlib import Path
from statistics import median

from tests.benchmarks.bench import Bench, bench, cpu_seconds, postgres_cpu, server, uid
from tests.benchmarks.load import drive, once, request
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

PICTURE = """query Picture($id: ID!) { family(id: $id) { id members { role from person { id givenName familyName dateOfBirth } }
  leadPractitioner { position holder { name agency { name } } }
  supportReports(first: 20) { edges { node { id givenOn delivery kindOfSupport { code label } madeBy { name kind } parts { sensitivity whatWasDone outcome } } } }
  involvements(first: 20) { edges { node { id howToReach fromOn madeBy { name kind } } } }
  needs(first: 20) { edges { node { id severity reason fromOn } } } } }"""
LEAD = 7


def picture(made: Bench, seconds: float, rounds: int, connections: list[int]) -> None:
    families = [uid("family", f) for f in range(LEAD - 1, made.families + 1, 400) if 1 + f % 400 == LEAD]
    with server(made, "portal") as (port, pid), server(made, "limit_b") as (port_b, pid_b):
        token = made.token(LEAD, Role.FAMILY_PRACTITIONER, Purpose.SUPPORT, port)
        bodies = [json.dumps({"query": PICTURE, "variables": {"id": str(family)}}).encode() for family in families]
        ours = [request("/graphql", body, token, port) for body in bodies] * 16
        bound = [request("/graphql/", body, token, port_b) for body in bodies] * 16
        same = json.loads(asyncio.run(once(port, ours[0]))) == json.loads(asyncio.run(once(port_b, bound[0])))
        size = len(asyncio.run(once(port, ours[0])))
        print(f"family picture: {size} bytes, {'the same answer from both' if same else 'THE ANSWERS DIFFER'}", flush=True)
        for count in connections:
            asyncio.run(drive(port, ours, connections=count, seconds=1))
            asyncio.run(drive(port_b, bound, connections=count, seconds=1))
            ratios = []
            rows = {"portal": [], "limit B": []}
            for _ in range(rounds):
                for name, p, reqs, process in (("portal", port, ours, pid), ("limit B", port_b, bound, pid_b)):
                    before = cpu_seconds(process), postgres_cpu(made.postgres.pid)
                    load = asyncio.run(drive(p, reqs, connections=count, seconds=seconds))
                    used = cpu_seconds(process) - before[0], postgres_cpu(made.postgres.pid) - before[1]
                    n = len(load.latencies)
                    rows[name].append((load.per_second, load.percentile(50), load.percentile(99), used[0] / n * 1000, used[1] / n * 1000))
                ratios.append(rows["portal"][-1][0] / rows["limit B"][-1][0])
            for name, values in rows.items():
                per_second, p50, p99, cpu, pg = (median(column) for column in zip(*values, strict=True))
                print(f"  {count:2} connections  {name:8} {per_second:7.0f}/s  p50 {p50:5.2f} ms  p99 {p99:6.2f} ms  CPU {cpu:.2f} + {pg:.2f} ms")
            print(f"  {count:2} connections  ratio    {median(ratios):.2f}  (min {min(ratios):.2f}, max {max(ratios):.2f})", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--families", type=int, default=2000)
    parser.add_argument("--reports", type=int, default=33)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--connections", type=int, nargs="+", default=[16, 1])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="throughline-bench-") as folder, bench(Path(folder), given.families, given.reports) as made:
        picture(made, given.seconds, given.rounds, given.connections)


if __name__ == "__main__":
    main()
