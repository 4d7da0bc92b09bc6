"""What a sharing decision rests on. Sources: UK GDPR articles 6, 9 and 10; the common-law duty of confidence."""

from enum import StrEnum


class LawfulBasis(StrEnum):
    PUBLIC_TASK = "PUBLIC_TASK"
    LEGAL_OBLIGATION = "LEGAL_OBLIGATION"
    LEGITIMATE_INTERESTS = "LEGITIMATE_INTERESTS"
    VITAL_INTERESTS = "VITAL_INTERESTS"


class SpecialCategoryCondition(StrEnum):
    HEALTH_OR_SOCIAL_CARE = "HEALTH_OR_SOCIAL_CARE"
    SAFEGUARDING = "SAFEGUARDING"
    EXPLICIT_CONSENT = "EXPLICIT_CONSENT"
    VITAL_INTERESTS = "VITAL_INTERESTS"


class CrimeCondition(StrEnum):
    SAFEGUARDING = "SAFEGUARDING"
    PREVENTING_UNLAWFUL_ACTS = "PREVENTING_UNLAWFUL_ACTS"
    CONSENT = "CONSENT"


class ConfidenceMet(StrEnum):
    AGREEMENT = "AGREEMENT"
    PUBLIC_INTEREST = "PUBLIC_INTEREST"
