"""The oracle and the portal, on the same worlds: the dose of every run. The campaign is `python -m tests.proof`."""

from collections import Counter

import pytest

from tests.proof.mutants import mutants
from tests.proof.mutation import explained, survivors
from tests.proof.processes import alone, campaign

WORLDS, QUERIES, SEED = 300, 10, 1
LEAST_TELLING, LEAST_DECISIVE = 0.4, 20
MUTANTS, MOST_UNNOTICED = 40, 0.2


@pytest.mark.slow
def test_the_portal_answers_as_the_oracle_does() -> None:
    mix = campaign(WORLDS, QUERIES, SEED, processes=2)
    print(mix)
    assert not mix.faults, "\n\n".join(mix.faults[:6]) + f"\n{mix}"
    assert mix.share_telling >= LEAST_TELLING, mix
    assert not mix.scarce(LEAST_DECISIVE), mix


@pytest.mark.slow
def test_a_fault_in_the_list_of_rules_is_noticed() -> None:
    """A small dose; what goes unnoticed in a few worlds is found by `--mutants` in more, or explained in `unnoticed.txt`."""
    tried, alive = alone(lambda stage: survivors(stage, 5, SEED, MUTANTS))
    assert tried == MUTANTS
    assert len(alive) <= MOST_UNNOTICED * tried, [mutant.name for mutant in alive]


def test_what_goes_unnoticed_is_explained_once() -> None:
    named = [mutant.name for mutant in mutants()]
    assert explained() <= set(named), explained() - set(named)
    by_sentence = Counter(name.split(" ")[0].rstrip(":") for name in named)
    assert min(by_sentence.values()) >= 3, by_sentence
