"""The area's own lists: kinds of support with their floors, labels of need, and what practitioners write."""

from throughline.terms.agency_kind import AgencyKind
from throughline.terms.sensitivity import Sensitivity
from throughline.terms.severity import Severity

_STANDARD, _SENSITIVE = Sensitivity.STANDARD, Sensitivity.SENSITIVE

SUPPORT_KINDS: dict[str, tuple[str, Sensitivity]] = {
    "ATTENDANCE_SUPPORT": ("Help to be in school every day", _STANDARD),
    "PASTORAL_MENTORING": ("Pastoral mentoring in school", _STANDARD),
    "LEARNING_SUPPORT": ("Extra help with learning", _STANDARD),
    "SPEECH_AND_LANGUAGE": ("Speech, language and communication", _STANDARD),
    "TRANSITION_SUPPORT": ("Help with moving to a new school", _STANDARD),
    "YOUTH_ACTIVITY": ("Youth club or activity", _STANDARD),
    "HOLIDAY_ACTIVITY": ("Holiday activities and food", _STANDARD),
    "PARENTING_SUPPORT": ("Help with parenting", _STANDARD),
    "FAMILY_HUB_SESSION": ("Family hub session", _STANDARD),
    "HOUSING_AND_MONEY": ("Advice on housing, debt and benefits", _STANDARD),
    "FOOD_AND_ESSENTIALS": ("Food, clothing and furniture", _STANDARD),
    "YOUNG_CARER_SUPPORT": ("Support for a young carer", _STANDARD),
    "HEALTH_VISIT": ("Health visitor's visit or check", _STANDARD),
    "SCHOOL_NURSE_REVIEW": ("School nurse's health review", _STANDARD),
    "COMMUNITY_SAFETY_VISIT": ("Safer neighbourhood visit", _STANDARD),
    "EMOTIONAL_HEALTH": ("Emotional and mental health support", _SENSITIVE),
    "SUBSTANCE_USE": ("Help with alcohol or drugs", _SENSITIVE),
    "DOMESTIC_ABUSE_SUPPORT": ("Support after domestic abuse", _SENSITIVE),
    "EXPLOITATION_SUPPORT": ("Help to stay safe from exploitation", _SENSITIVE),
    "BEREAVEMENT_SUPPORT": ("Bereavement support", _SENSITIVE),
    "SEXUAL_HEALTH": ("Sexual health advice", _SENSITIVE),
}
"""Code → label, and how careful one must be at least."""

NEED_LABELS = {
    Severity.UNIVERSAL: "Level 1: universal",
    Severity.ADDITIONAL: "Level 2: early help",
    Severity.INTENSIVE: "Level 3: targeted early help",
    Severity.SPECIALIST: "Level 4: specialist",
}

NEED_REASONS = (
    "Attendance has fallen below 85% and mornings are hard at home.",
    "Rent arrears, and two moves within a year.",
    "Often tired and hungry in class; the family is waiting for benefits.",
    "Worried behaviour since the parents separated.",
    "Communication needs that the nursery noticed; waiting for an assessment.",
    "Caring for a younger child before and after school.",
    "Out late with older young people; two missing episodes.",
)

DONE_BY: dict[AgencyKind, tuple[tuple[str, str], ...]] = {
    AgencyKind.NURSERY: (
        ("SPEECH_AND_LANGUAGE", "Small-group talk time three mornings a week; new words are coming."),
        ("FAMILY_HUB_SESSION", "Stay-and-play with the parent; showed the routines that we use."),
    ),
    AgencyKind.SCHOOL: (
        ("ATTENDANCE_SUPPORT",
        "Met at the gate each morning this week; in class by nine on four days of five."),
        ("PASTORAL_MENTORING", "Weekly mentoring: talked about friendships and a calmer start to the day."),
        ("LEARNING_SUPPORT", "Reading catch-up group; moved up one book band."),
        ("TRANSITION_SUPPORT", "Visited the new school together and met the form tutor."),
    ),
    AgencyKind.COLLEGE: (
        ("PASTORAL_MENTORING", "Tutor agreed a shorter timetable until the bus pass is sorted out."),
        ("ATTENDANCE_SUPPORT", "Rang after three missed days; back the next morning."),
    ),
    AgencyKind.HEALTH: (
        ("SCHOOL_NURSE_REVIEW", "Sleep and diet reviewed with the family; a bedtime plan agreed."),
        ("HEALTH_VISIT", "Two-year check at home; growing well, speech to be looked at again."),
        ("EMOTIONAL_HEALTH",
        "Session on worries and panic; breathing exercise practised, mood a little better."),
    ),
    AgencyKind.POLICE: (
        ("COMMUNITY_SAFETY_VISIT",
        "Neighbourhood officer called in about the nuisance outside; gave a direct number."),
        ("EXPLOITATION_SUPPORT", "Talked with the young person about who has been giving them phones."),
    ),
    AgencyKind.VOLUNTARY: (
        ("YOUTH_ACTIVITY", "Came to the club twice, joined the cooking group and made friends."),
        ("FOOD_AND_ESSENTIALS", "Delivered a food parcel and school shoes."),
        ("YOUNG_CARER_SUPPORT", "Young carers' evening: time off and somebody to talk to."),
        ("HOLIDAY_ACTIVITY", "Four days of the holiday scheme, lunch included."),
    ),
    AgencyKind.LOCAL_AUTHORITY: (
        ("PARENTING_SUPPORT", "Home visit: practised the morning routine and praised what already works."),
        ("HOUSING_AND_MONEY", "Benefits check done together; a payment plan with the landlord agreed."),
        ("FAMILY_HUB_SESSION", "Family came to the hub; booked the parenting course."),
    ),
}  # fmt: skip
"""What each kind of agency does and how it writes it down: kind of support and text."""

OUTCOMES = ("Going better", "No change yet", "Goal met", "More help needed", None)

CONTACT_REASONS = (
    "Arrived without a coat or lunch for the third time this week.",
    "Neighbours rang about shouting; the children were in bed.",
    "Told a teacher that they do not want to go home at weekends.",
    "Missed three health appointments.",
    "Came to A&E with a parent who was not fit to drive.",
)
CONTACT_DECISIONS = ("ADVICE", "EARLY_HELP", "EARLY_HELP", "REFERRAL", "NO_FURTHER_ACTION")
