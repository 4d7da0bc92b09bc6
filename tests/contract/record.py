"""`python -m tests.contract.record`: asks everything again and writes `frontend-contract/examples/`, all of it."""

import asyncio
import json
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import OWNER_PASSWORD, TEMPLATE, Administrator, bootstrapped
from tests.contract.portal import ROOT, Seeded, opened, seeded
from tests.contract.stories import BOROUGHS, STORIES, WHO_ELSE
from tests.contract.teller import Example, Teller
from throughline.db import migrate
from throughline.db.bootstrap import OWNER_ROLE
from throughline.db.embedded import EmbeddedPostgres

EXAMPLES = ROOT / "frontend-contract" / "examples"


async def told(administrator: Administrator, source: Seeded, stories: list[str]) -> list[Example]:
    async with opened(administrator, source) as portal:
        tellers = [Teller(story, portal, source.named) for story in stories]
        for teller in tellers:
            await STORIES[teller.story](teller)
        return [example for teller in tellers for example in teller.told]


def written(examples: Iterable[Example]) -> dict[str, str]:
    """The text of each file, by its name beneath `examples/`."""
    files: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        files[example.file].append(example)
    return {
        name: json.dumps([one.as_json() for one in found], indent=2, ensure_ascii=False) + "\n" for name, found in files.items()
    }


@contextmanager
def borough() -> Iterator[tuple[Administrator, Seeded]]:
    with (
        tempfile.TemporaryDirectory(prefix="throughline-contract-") as folder,
        EmbeddedPostgres(Path(folder) / "pg", durable=False, settings={"autovacuum": "off"}) as cluster,
    ):
        asyncio.run(bootstrapped(cluster, TEMPLATE))
        migrate.upgrade(cluster.url(TEMPLATE, OWNER_ROLE, OWNER_PASSWORD))
        administrator = Administrator(cluster)
        try:
            yield administrator, seeded(administrator, TEMPLATE, Path(folder), WHO_ELSE)
        finally:
            administrator.close()


def main() -> None:
    began = time.perf_counter()
    with borough() as (administrator, source):
        examples = [one for stories in BOROUGHS for one in asyncio.run(told(administrator, source, stories))]
    shutil.rmtree(EXAMPLES, ignore_errors=True)
    for name, text in written(examples).items():
        path = EXAMPLES / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    print(f"{len(examples)} examples of {len(STORIES)} stories in {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
