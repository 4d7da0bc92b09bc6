"""How often one practitioner or tool may search: a bucket of searches that refills slowly. All the numbers
are here.

Each server counts for itself, and begins anew when it starts: `serve` is one process, so N servers allow N times as much. On purpose:
a count that they share would be a write before every search, to slow down what the trail finds out in any case.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

from throughline.api.errors import RateLimited

SEARCHES_AT_ONCE = 30
"""A morning's list looked up in one go."""
SECONDS_FOR_ANOTHER = 6.0
"""After that: ten a minute."""
MOST_ACTORS = 10_000


class Budget:
    """`clock` gives seconds that never go backwards."""

    def __init__(
        self,
        at_once: int = SEARCHES_AT_ONCE,
        seconds_for_another: float = SECONDS_FOR_ANOTHER,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._at_once, self._pace, self._clock = at_once, seconds_for_another, clock
        self._left: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def spend(self, actor: Hashable) -> None:
        """One search. Raises RateLimited, with the seconds after which another one is free, when the bucket
        is empty."""
        now = self._clock()
        left, at = self._left.pop(actor, (float(self._at_once), now))
        left = min(self._at_once, left + (now - at) / self._pace)
        self._left[actor] = (left - 1 if left >= 1 else left, now)
        if len(self._left) > MOST_ACTORS:
            self._left.popitem(last=False)
        if left < 1:
            wait = round((1 - left) * self._pace, 1)
            raise RateLimited(f"Too many searches; try again in {wait:g} seconds.", retryAfter=wait)
