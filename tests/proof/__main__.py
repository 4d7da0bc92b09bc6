"""`python -m tests.proof --worlds N --queries M --seed S`: the campaign, in a throw-away PostgreSQL of its own."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.conftest import OWNER_PASSWORD, OWNER_ROLE, TEMPLATE, Administrator, bootstrapped
from tests.proof.campaign import Mix, run
from tests.proof.stage import staged
from throughline.db import migrate
from throughline.db.embedded import EmbeddedPostgres


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.proof", description=__doc__)
    parser.add_argument("--worlds", type=int, default=300)
    parser.add_argument("--queries", type=int, default=10, help="in each world")
    parser.add_argument("--seed", type=int, default=1, help="of the first world; the others follow")
    parser.add_argument("--least", type=int, default=0, help="how often each sentence and wall that a read can meet must be decisive")
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="throughline-proof-") as folder,
        EmbeddedPostgres(Path(folder), durable=False, settings={"autovacuum": "off"}) as cluster,
    ):
        asyncio.run(bootstrapped(cluster, TEMPLATE))
        migrate.upgrade(cluster.url(TEMPLATE, OWNER_ROLE, OWNER_PASSWORD))
        administrator = Administrator(cluster)
        database = administrator.make_database(TEMPLATE)
        mix = asyncio.run(campaign(database, asked))
        administrator.close()
    print("\n\n".join([*mix.faults, str(mix)]))
    return int(bool(mix.faults))


async def campaign(database: object, asked: argparse.Namespace) -> Mix:
    async with staged(database) as stage:  # type: ignore[arg-type]
        return await run(stage, asked.worlds, asked.queries, asked.seed, lambda text: print(text, file=sys.stderr, flush=True))


if __name__ == "__main__":
    sys.exit(main())
