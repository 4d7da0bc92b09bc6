"""A proof that catches nothing is not a proof: some of the seeded faults in every run, all of them by `python -m tests.proof.leaks`."""

from collections import Counter

import pytest

from tests.proof.hunt import Caught, named, notices, violations
from tests.proof.leaks import LEAKS
from tests.proof.processes import alone
from tests.proof.stage import Stage

SEED, WORLDS, CLEAN = 1, 2, 3
DOSE = (
    "any person of a part", "nested path", "cursor content", "node tells what is there", "error code",
    "confidential rows behind the second wall",
)  # fmt: skip
"""Noticed soonest; of different routes and by different properties."""


@pytest.mark.slow
def test_seeded_faults_are_noticed_and_nothing_else_is() -> None:
    async def both(stage: Stage) -> tuple[list[Caught], list[str]]:
        return await notices(stage, DOSE, WORLDS, SEED), await violations(stage, CLEAN, SEED)

    found, violated = alone(both)
    assert [str(one) for one in found if not one.is_noticed] == []
    assert len(found) == len(DOSE)
    assert violated == []


def test_there_are_thirty_faults_each_with_a_name_and_the_rule_that_it_breaks() -> None:
    assert len(LEAKS) >= 30
    assert max(Counter(leak.name for leak in LEAKS).values()) == 1
    assert all(leak.breaks for leak in LEAKS)
    assert len(named(DOSE)) == len(DOSE)
