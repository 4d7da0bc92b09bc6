"""Why somebody asks. A viewer has exactly one purpose, chosen with the token."""

from enum import StrEnum


class Purpose(StrEnum):
    SUPPORT = "SUPPORT"
    TRANSITION = "TRANSITION"
    TRIAGE = "TRIAGE"
    PROTECTION = "PROTECTION"
    OVERSIGHT = "OVERSIGHT"
    ASSURANCE = "ASSURANCE"
    IDENTITY = "IDENTITY"
    RIGHTS = "RIGHTS"
    ADMINISTRATION = "ADMINISTRATION"
