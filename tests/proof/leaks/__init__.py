"""Faults that can be switched on, in tests alone: each breaks one rule on one route, and the proof must notice every one.

A fault is a patch of a named place of the program, or a change to the database, or both; nothing of it stands in the program.
"""

from tests.proof.leaks import acting, opening, protected, reading, rules, second_wall, viewing
from tests.proof.leaks.leak import Leak

GROUPS: dict[str, tuple[Leak, ...]] = {
    "how answers are put together": reading.LEAKS,
    "the policy as it is asked": rules.LEAKS,
    "what opens and closes": opening.LEAKS,
    "who asks, and what is remembered": viewing.LEAKS,
    "acts": acting.LEAKS,
    "the second wall": second_wall.LEAKS,
    "protected people, unborn children, requests": protected.LEAKS,
}
LEAKS: tuple[Leak, ...] = tuple(leak for leaks in GROUPS.values() for leak in leaks)
