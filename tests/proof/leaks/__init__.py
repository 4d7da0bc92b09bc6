"""Faults that can be switched on, in tests alone: each breaks one rule on one route, and the proof must notice every one.

A fault is a patch of a named place of the program, or a change to the database, or both; nothing of it stands in the program.
"""

from tests.proof.leaks import acting, opening, reading, rules, second_wall, viewing
from tests.proof.leaks.leak import Leak

LEAKS: tuple[Leak, ...] = (*reading.LEAKS, *rules.LEAKS, *opening.LEAKS, *viewing.LEAKS, *acting.LEAKS, *second_wall.LEAKS)
