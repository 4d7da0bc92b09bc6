"""A proof that catches nothing is not a proof: some of the seeded faults in every run, all of them by `python -m tests.proof.leaks`."""

from collections import Counter
from collections.abc import AsyncIterator

import pytest

from tests.proof.hunt import faults, named, notices
from tests.proof.leaks import LEAKS
from tests.proof.processes import alone
from tests.proof.stage import Stage

SEED, WORLDS, CLEAN = 1, 4, 2
DOSE = (
    "any person of a part", "hidden parts of a shown report", "count before filter", "node tells what is there", "error code",
    "confidential rows behind the second wall",
)  # fmt: skip
"""Noticed soonest; of different routes and by different properties."""


@pytest.mark.slow
def test_seeded_faults_are_noticed_and_nothing_else_is() -> None:
    async def hunted(stage: Stage) -> tuple[list[str], list[str]]:
        missed = [one.name for one in await notices(stage, DOSE, WORLDS, SEED) if not one.worlds]
        clean = [fault async for fault in everything(stage)]
        return missed, clean

    missed, clean = alone(hunted)
    assert missed == []
    assert clean == []


async def everything(stage: Stage) -> AsyncIterator[str]:
    for number in range(SEED, SEED + CLEAN):
        async for by, fault in faults(stage, number, SEED):
            yield f"{by}: {fault}"


def test_there_are_thirty_faults_each_with_a_name_and_the_rule_that_it_breaks() -> None:
    assert len(LEAKS) >= 30
    assert max(Counter(leak.name for leak in LEAKS).values()) == 1
    assert all(leak.breaks for leak in LEAKS)
    assert len(named(DOSE)) == len(DOSE)
