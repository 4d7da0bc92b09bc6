"""What a sharing decision rests on, and how far it may reach. Sources: UK GDPR articles 6, 9 and 10; the common-law duty of
confidence."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind

SHAREABLE: Final = (
    RecordKind.SUPPORT_REPORT, RecordKind.INVOLVEMENT, RecordKind.NEED, RecordKind.MEMBERSHIP, RecordKind.COURT_ORDER,
)  # fmt: skip
"""The kinds that a decision can cover: those with a sentence that says «covered»."""

SHARED_FOR: Final = (Purpose.SUPPORT, Purpose.TRANSITION, Purpose.TRIAGE, Purpose.PROTECTION)

LONGEST: Final = timedelta(days=366)
"""A decision runs for twelve months at most; then somebody decides again."""

LONGEST_AT_RISK: Final = timedelta(days=7)
"""What one person decides alone, because a life is at risk, runs for no longer; to go on it takes two."""

GOES_ON_WITHIN: Final = timedelta(days=10)
"""Once an agreement to a service has been withdrawn, other sharing about that person stops this many days later, unless it has been
recorded that it goes on."""

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


class WithoutAgreement(StrEnum):
    """Why information is shared though nobody agreed: a closed list."""

    STRATEGY_DISCUSSION = "STRATEGY_DISCUSSION"
    ASKING_RAISES_RISK = "ASKING_RAISES_RISK"
    CRIME = "CRIME"
    COURT_ORDER = "COURT_ORDER"
    LIFE_AT_RISK = "LIFE_AT_RISK"


class AgreementBy(StrEnum):
    PERSON = "PERSON"
    PARENTAL_RESPONSIBILITY = "PARENTAL_RESPONSIBILITY"


class ReviewOutcome(StrEnum):
    GOES_ON = "GOES_ON"
    ENDED = "ENDED"
