"""The closed vocabularies of decisions to share, described; as in `vocabulary.py`."""

from throughline.api.vocabulary import describe
from throughline.terms.sharing import (
    AgreementBy,
    ConfidenceMet,
    CrimeCondition,
    LawfulBasis,
    ReceiverPosition,
    ReviewOutcome,
    SpecialCategoryCondition,
    WithoutAgreement,
)

__all__ = [
    "AgreementBy",
    "ConfidenceMet",
    "CrimeCondition",
    "LawfulBasis",
    "ReceiverPosition",
    "ReviewOutcome",
    "SpecialCategoryCondition",
    "WithoutAgreement",
]

describe(LawfulBasis, "LawfulBasis", "What a sharing decision rests on (UK GDPR, article 6).", {
    "PUBLIC_TASK": "A public task.",
    "LEGAL_OBLIGATION": "A legal obligation.",
    "LEGITIMATE_INTERESTS": "Legitimate interests: for charities and independent schools.",
    "VITAL_INTERESTS": "Somebody's life is at risk.",
})  # fmt: skip

describe(SpecialCategoryCondition, "SpecialCategoryCondition",
           "What allows data about health and the like to be shared (UK GDPR, article 9).", {
    "HEALTH_OR_SOCIAL_CARE": "Health or social care is provided.",
    "SAFEGUARDING": "A child or an adult at risk is safeguarded.",
    "EXPLICIT_CONSENT": "The person has said yes, in so many words.",
    "VITAL_INTERESTS": "Somebody's life is at risk.",
})  # fmt: skip

describe(CrimeCondition, "CrimeCondition", "What allows data about crime to be shared (UK GDPR, article "
                                             "10).", {
    "SAFEGUARDING": "A child or an adult at risk is safeguarded.",
    "PREVENTING_UNLAWFUL_ACTS": "An unlawful act is prevented or found out.",
    "CONSENT": "The person has said yes.",
})  # fmt: skip

describe(ConfidenceMet, "ConfidenceMet", "How the duty of confidence is met.", {
    "AGREEMENT": "Those whom it concerns agreed.",
    "PUBLIC_INTEREST": "A public interest outweighs it; the reason is recorded.",
})  # fmt: skip

describe(ReceiverPosition, "ReceiverPosition", "A receiver that stands for whoever is in that position: it "
                                                 "moves with the child.", {
    "SCHOOL_ON_ROLL": "The school, college or nursery where the child is on roll, whichever that is.",
})  # fmt: skip

describe(AgreementBy, "AgreementBy", "By whose word somebody agreed or refused.", {
    "PERSON": "Their own: they are 18, or judged able to decide.",
    "PARENTAL_RESPONSIBILITY": "That of somebody who holds parental responsibility for them. It lapses on the day on which they are 18.",
})  # fmt: skip

describe(WithoutAgreement, "WithoutAgreement", "Why information is shared though nobody agreed: a closed list.", {
    "STRATEGY_DISCUSSION": "A strategy discussion decided so: a child is suspected to suffer significant harm.",
    "ASKING_RAISES_RISK": "To ask would put somebody at greater risk.",
    "CRIME": "To prevent a serious crime, or to find out about one.",
    "COURT_ORDER": "A court has ordered it.",
    "LIFE_AT_RISK": "Somebody's life is at risk now: one person decides alone, for seven days at most.",
})  # fmt: skip

describe(ReviewOutcome, "ReviewOutcome", "What came of looking at a sharing decision again.", {
    "GOES_ON": "It goes on.",
    "ENDED": "It was ended that day.",
})  # fmt: skip
