"""The oracle and the portal, on the same worlds."""

import os

import pytest

from tests.conftest import Database
from tests.proof.campaign import run
from tests.proof.stage import staged

WORLDS = int(os.environ.get("PROOF_WORLDS", "300"))
QUERIES = 10


@pytest.mark.anyio
@pytest.mark.slow
async def test_the_portal_answers_as_the_oracle_does(database: Database) -> None:
    async with staged(database) as stage:
        mix = await run(stage, WORLDS, QUERIES, int(os.environ.get("PROOF_SEED", "1")))
    print(mix)
    assert not mix.faults, "\n\n".join(mix.faults[:6]) + f"\n{mix}"
