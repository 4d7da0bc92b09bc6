"""Closed lists for access that is out of the ordinary."""

from enum import StrEnum


class UnusualKind(StrEnum):
    BULK = "BULK"
    DORMANT_TOOL = "DORMANT_TOOL"
    OWN_FAMILY = "OWN_FAMILY"
    CELEBRITY = "CELEBRITY"


class Finding(StrEnum):
    EXPECTED = "EXPECTED"
    EXPLAINED = "EXPLAINED"
    MISUSE = "MISUSE"
