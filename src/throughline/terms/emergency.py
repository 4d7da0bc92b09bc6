"""Emergency access: why, for how long at most, and within how many days somebody else looks at whether it was right.

These two numbers are an area's own; every emergency access keeps those under which it was opened.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Final

MOST_HOURS: Final = 24
REVIEWED_WITHIN: Final = timedelta(days=5)


class EmergencyGround(StrEnum):
    LIFE_AT_RISK = "LIFE_AT_RISK"
    SIGNIFICANT_HARM = "SIGNIFICANT_HARM"
    MISSING = "MISSING"
    URGENT_CARE = "URGENT_CARE"


class EmergencyOutcome(StrEnum):
    JUSTIFIED = "JUSTIFIED"
    NOT_JUSTIFIED = "NOT_JUSTIFIED"


class EmergencyReviewState(StrEnum):
    WAITING = "WAITING"
    OVERDUE = "OVERDUE"
    REVIEWED = "REVIEWED"
