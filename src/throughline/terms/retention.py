"""How long records are kept: from which day on it counts, and of whom it is asked."""

from enum import StrEnum
from typing import Final

EVERY: Final = "*"
"""Stands for every area, or for every kind of record, where a schedule names none."""
LONGEST_YEARS: Final = 100


class KeptFrom(StrEnum):
    """The day from which the years of a schedule count.

    BIRTH: of the person; the day on which they were first spoken of, where nobody said when they were born.
    RECORD_ENDED: the record's own last day; while it runs, it is kept.
    CASE_CLOSED: the last day of the last work with the person (`records/units.py`: `WORK`); while any runs, it is kept.
    LAST_RECORD: the last day on which anything was recorded about the person, or ended.
    """

    BIRTH = "BIRTH"
    RECORD_ENDED = "RECORD_ENDED"
    CASE_CLOSED = "CASE_CLOSED"
    LAST_RECORD = "LAST_RECORD"


class KeptAbout(StrEnum):
    """Who the person was on the day on which the record was made. NOBODY: a record that names no person."""

    CHILD = "CHILD"
    ADULT = "ADULT"
    NOBODY = "NOBODY"
