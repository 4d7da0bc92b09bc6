"""An answer that says «nothing there», and one that searched, takes whole steps of time.

Finding out that something may not be seen takes a little longer than finding nothing. Whoever asked often enough could tell the two
apart, unless both end on the same stroke.
"""

from dataclasses import dataclass

STEP = 0.02
"""Seconds: several times what such an answer takes, so that nearly all end on the first stroke."""


@dataclass(slots=True)
class EvenTime:
    """Of one request. `is_asked`: its answer waits for the next stroke."""

    is_asked: bool = False

    def ask(self) -> None:
        self.is_asked = True


def until_the_stroke(took: float, step: float) -> float:
    """Seconds still to wait, for an answer that took this long; none where there are no steps."""
    return step - took % step if step else 0.0
