"""The planner and a plain slow executor give the same bytes, over random worlds, viewers and documents.

The dose is small enough for every run. For a campaign: READING_WORLDS (how many), READING_VIEWERS and READING_DOCUMENTS
(for each world, for each viewer), READING_SEED (where to begin); a failure names the seed that brings it back, as in
`READING_SEED=17 READING_WORLDS=1 pytest tests/reading/test_same_bytes.py`.
"""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import orjson
import pytest

from tests.conftest import Database
from tests.reading.documents import Document, write_document
from tests.reading.portal import Portal, hints, opened, some_viewers
from tests.reading.slow import Answer, is_empty
from throughline.access.viewer import Viewer

WORLDS, VIEWERS, DOCUMENTS, SEED = (
    int(os.environ.get(f"READING_{name}", usual)) for name, usual in (("WORLDS", 4), ("VIEWERS", 7), ("DOCUMENTS", 10), ("SEED", 1))
)
LEAST_TELLING, MOST_TOO_LARGE = 0.4, 0.1


@dataclass
class Mix:
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def telling(self) -> float:
        return self.counts["telling"] / max(1, self.counts["cases"])

    def __str__(self) -> str:
        shares = ", ".join(f"{name} {count}" for name, count in sorted(self.counts.items()))
        return f"{shares}; {self.telling:.0%} of the answers tell something"


@dataclass
class Case:
    seed: int
    viewer: Viewer
    document: Document

    def told(self, expected: Answer, answer: bytes) -> str:
        said = orjson.loads(answer)
        return (
            f"\nREADING_SEED={self.seed} READING_WORLDS=1\n{self.viewer}\n{self.document.text}\n{dict(self.document.variables)}\n"
            f"slow executor refuses: {sorted(expected.failed)}\nplanner refuses: {said.get('errors')}\n"
            + "\n".join(differences(expected.data, said.get("data"), "data"))
            + f"\nslow:    {around(expected.body, answer)}\nplanner: {around(answer, expected.body)}"
        )


def differences(expected: Any, got: Any, path: str) -> list[str]:
    """Where two answers part, as paths: the first few."""
    if isinstance(expected, dict) and isinstance(got, dict) and list(expected) == list(got):
        return [line for key in expected for line in differences(expected[key], got[key], f"{path}.{key}")][:5]
    if isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        return [line for n, (a, b) in enumerate(zip(expected, got, strict=True)) for line in differences(a, b, f"{path}[{n}]")][:5]
    return [] if expected == got else [f"  {path}: slow {str(expected)[:300]} planner {str(got)[:300]}"]


def around(one: bytes, other: bytes) -> str:
    """The place where the bytes part."""
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[max(0, same - 60) : same + 120].decode(errors="replace")


def agree(expected: Answer, answer: bytes, document: Document) -> bool:
    if not expected.failed and answer == expected.body:
        return True
    said = orjson.loads(answer)
    refused = {(str(e.get("path", [""])[0]), e["extensions"]["code"], e["message"]) for e in said.get("errors", ())}
    if any(code == "UNAUTHENTICATED" for _, code, _ in expected.failed):  # refused as at the door, as a whole
        return refused == {("", *told) for _, *told in expected.failed} and "data" not in said
    if document.is_forged and refused >= expected.failed:
        # the planner refuses a cursor before it looks whether there is a list
        return all(code in ("BAD_USER_INPUT", "FORBIDDEN") for _, code, _ in refused)
    if said.get("data") is None and expected.data is None:
        return bool(refused) and bool(expected.failed)  # of several refused roots that are never null, the first to fail ends all
    return bool(refused) and refused == expected.failed and said.get("data") == expected.data


async def compare(portal: Portal, seed: int, viewer: Viewer, document: Document, mix: Mix) -> None:
    expected = await portal.slow.answer(viewer, document.text, document.variables)
    answer = await portal.post(viewer, document.text, document.variables)
    if b'"QUERY_TOO_COMPLEX"' in answer:  # refused for its size before anything is read: nothing to compare
        mix.counts["too large"] += 1
        return
    assert agree(expected, answer, document), Case(seed, viewer, document).told(expected, answer)
    mix.counts["cases"] += 1
    mix.counts["refused"] += bool(expected.failed)
    mix.counts["telling"] += not is_empty(expected.data)
    mix.counts["bytes"] += len(answer)


@pytest.fixture
def databases(make_database: Callable[[], Database]) -> list[Database]:
    return [make_database() for _ in range(WORLDS)]


async def campaign(databases: list[Database], viewers: int, documents: int, first_seed: int) -> Mix:
    mix = Mix()
    for seed, database in enumerate(databases, first_seed):
        chance = Random(seed)  # noqa: S311  # repeatable, not secret
        async with opened(database, seed) as portal:
            for viewer in await some_viewers(portal, chance, viewers):
                for _ in range(documents):
                    document = write_document(chance, portal.slow.schema, await hints(portal, viewer))
                    await compare(portal, seed, viewer, document, mix)
    return mix


@pytest.mark.anyio
@pytest.mark.slow
async def test_planner_and_slow_executor_answer_alike(databases: list[Database]) -> None:
    mix = await campaign(databases, VIEWERS, DOCUMENTS, SEED)
    print(mix)
    assert mix.telling >= LEAST_TELLING, mix
    assert mix.counts["too large"] <= MOST_TOO_LARGE * mix.counts["cases"], mix
