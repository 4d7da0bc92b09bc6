"""Whoever asks for their own is given the oracle's set, and the comparison notices an answer that gives too much."""

import pytest

from tests.proof.exports import Tried, tried
from tests.proof.processes import alone
from tests.proof.stage import Stage
from throughline.transfer.subject_access import SubjectAccess

WORLDS, SEED = 4, 19
"""In one of them two people of whom one report tells have both asked."""


async def _with_and_without_a_fault(stage: Stage) -> tuple[Tried, Tried]:
    as_it_is = await tried(stage, WORLDS, SEED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SubjectAccess, "_is_about_nobody_else", lambda *_: True)
        return as_it_is, await tried(stage, WORLDS, SEED)


def test_an_answer_holds_exactly_what_the_oracle_says() -> None:
    as_it_is, planted = alone(_with_and_without_a_fault)
    assert as_it_is.faults == []
    assert as_it_is.counts["given"] > 3
    assert as_it_is.counts["parts"] > 3
    assert planted.faults
