import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Administrator
from tests.contract.portal import Seeded, seeded
from tests.contract.record import EXAMPLES
from tests.contract.stories import WHO_ELSE


@pytest.fixture(scope="session")
def source(administrator: Administrator, template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    made = seeded(administrator, template_database, Path(tmp_path_factory.mktemp("contract")), WHO_ELSE)
    yield made
    administrator.drop_database(made.database)


@pytest.fixture(scope="session")
def stories() -> dict[str, list[dict[str, Any]]]:
    """What was recorded, as it was told: the examples of each story in the order of their steps."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path in sorted(EXAMPLES.rglob("*.json")):
        for example in json.loads(path.read_text()):
            found[example["story"]].append(example)
    return {story: sorted(examples, key=lambda one: int(one["step"])) for story, examples in found.items()}
