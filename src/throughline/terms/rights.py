"""Closed lists for requests by which people ask for their own data, and for what is left out of the answer."""

from enum import StrEnum


class Asker(StrEnum):
    """Who asks."""

    PERSON = "PERSON"
    PARENT = "PARENT"
    ATTORNEY = "ATTORNEY"
    REPRESENTATIVE = "REPRESENTATIVE"


class IdentityCheck(StrEnum):
    """How it was made sure who asks."""

    PHOTO_DOCUMENT = "PHOTO_DOCUMENT"
    TWO_DOCUMENTS = "TWO_DOCUMENTS"
    KNOWN_TO_STAFF = "KNOWN_TO_STAFF"


class Entitlement(StrEnum):
    """How it was made sure that somebody may ask for another."""

    PARENTAL_RESPONSIBILITY_SEEN = "PARENTAL_RESPONSIBILITY_SEEN"
    CHILD_AGREES = "CHILD_AGREES"
    POWER_OF_ATTORNEY_SEEN = "POWER_OF_ATTORNEY_SEEN"
    WRITTEN_AUTHORITY_SEEN = "WRITTEN_AUTHORITY_SEEN"


class RightsState(StrEnum):
    OPEN = "OPEN"
    CHECKED = "CHECKED"
    APPROVED = "APPROVED"
    CLOSED = "CLOSED"


class Extension(StrEnum):
    """Why an answer takes longer than a month."""

    COMPLEX = "COMPLEX"
    SEVERAL_REQUESTS = "SEVERAL_REQUESTS"


class RightsOutcome(StrEnum):
    GIVEN = "GIVEN"
    REFUSED = "REFUSED"
    TAKEN_BACK = "TAKEN_BACK"


class LeftOutBecause(StrEnum):
    """Why something is not in the answer."""

    THIRD_PARTY = "THIRD_PARTY"
    SERIOUS_HARM = "SERIOUS_HARM"
    LEGAL_PRIVILEGE = "LEGAL_PRIVILEGE"
    ENQUIRY = "ENQUIRY"
    CONFIDENTIAL = "CONFIDENTIAL"
    KEPT_PRIVATE = "KEPT_PRIVATE"
    WHEREABOUTS = "WHEREABOUTS"


TOLD = (LeftOutBecause.THIRD_PARTY, LeftOutBecause.LEGAL_PRIVILEGE)
"""Reasons that the answer itself may name. To name any of the others would give away what it protects."""

ENTITLED_BY = {
    Asker.PERSON: (),
    Asker.PARENT: (Entitlement.PARENTAL_RESPONSIBILITY_SEEN, Entitlement.CHILD_AGREES),
    Asker.ATTORNEY: (Entitlement.POWER_OF_ATTORNEY_SEEN,),
    Asker.REPRESENTATIVE: (Entitlement.WRITTEN_AUTHORITY_SEEN, Entitlement.CHILD_AGREES),
}
"""What each asker must show; nothing for oneself."""
