"""What a sharing decision rests on, and how far it may reach. Sources: UK GDPR articles 6, 9 and 10; the common-law duty of
confidence."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind

SHAREABLE: Final = (RecordKind.SUPPORT_REPORT, RecordKind.INVOLVEMENT, RecordKind.NEED, RecordKind.MEMBERSHIP)
"""The kinds that a decision can cover: those with a sentence that says «covered»."""

SHARED_FOR: Final = (Purpose.SUPPORT, Purpose.TRANSITION, Purpose.TRIAGE, Purpose.PROTECTION)

LONGEST: Final = timedelta(days=366)
"""A decision runs for twelve months at most; then somebody decides again."""

LATEST_RECORDED: Final = timedelta(days=31)
"""How long after its first day a decision may be written down."""


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


class ReceiverPosition(StrEnum):
    SCHOOL_ON_ROLL = "SCHOOL_ON_ROLL"
