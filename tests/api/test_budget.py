import pytest

from throughline.api import budget
from throughline.api.budget import Budget
from throughline.api.errors import RateLimited


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_morning_of_searches_is_free_and_then_one_at_a_time() -> None:
    clock = Clock()
    searches = Budget(at_once=3, seconds_for_another=10, clock=clock)
    for _ in range(3):
        searches.spend("a")
    with pytest.raises(RateLimited) as refused:
        searches.spend("a")
    assert refused.value.extensions == {"retryAfter": 10}
    clock.now += 10
    searches.spend("a")
    with pytest.raises(RateLimited):
        searches.spend("a")


def test_one_actor_does_not_spend_anothers() -> None:
    searches = Budget(at_once=1, clock=Clock())
    searches.spend("a")
    searches.spend("b")


def test_trying_in_vain_costs_nothing() -> None:
    clock = Clock()
    searches = Budget(at_once=1, seconds_for_another=10, clock=clock)
    searches.spend("a")
    for _ in range(5):
        clock.now += 1
        with pytest.raises(RateLimited):
            searches.spend("a")
    clock.now += 5
    searches.spend("a")


def test_a_bucket_never_holds_more_than_it_can() -> None:
    clock = Clock()
    searches = Budget(at_once=2, seconds_for_another=1, clock=clock)
    searches.spend("a")
    clock.now += 1_000
    searches.spend("a")
    searches.spend("a")
    with pytest.raises(RateLimited):
        searches.spend("a")


def test_a_bounded_number_of_actors_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MOST_ACTORS", 10)
    searches = Budget(clock=Clock())
    for actor in range(100):
        searches.spend(actor)
    assert len(searches._left) == 10
