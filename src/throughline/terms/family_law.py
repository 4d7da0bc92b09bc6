"""Who decides for a child in law, and what courts have ordered: closed lists, by the Children Act 1989 and its neighbours."""

from enum import StrEnum


class ResponsibilityBasis(StrEnum):
    """By what somebody is known to have parental responsibility."""

    MOTHER = "MOTHER"
    BIRTH_CERTIFICATE = "BIRTH_CERTIFICATE"
    MARRIAGE = "MARRIAGE"
    AGREEMENT = "AGREEMENT"
    COURT_ORDER = "COURT_ORDER"
    ADOPTION = "ADOPTION"
    GUARDIANSHIP = "GUARDIANSHIP"
    TOLD = "TOLD"


class CourtOrderKind(StrEnum):
    CHILD_ARRANGEMENTS = "CHILD_ARRANGEMENTS"
    PROHIBITED_STEPS = "PROHIBITED_STEPS"
    SPECIFIC_ISSUE = "SPECIFIC_ISSUE"
    PARENTAL_RESPONSIBILITY = "PARENTAL_RESPONSIBILITY"
    SPECIAL_GUARDIANSHIP = "SPECIAL_GUARDIANSHIP"
    CARE = "CARE"
    INTERIM_CARE = "INTERIM_CARE"
    SUPERVISION = "SUPERVISION"
    EMERGENCY_PROTECTION = "EMERGENCY_PROTECTION"
    NON_MOLESTATION = "NON_MOLESTATION"
    OCCUPATION = "OCCUPATION"
    OTHER = "OTHER"
