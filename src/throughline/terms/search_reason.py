"""Why somebody who may find anybody looks for a person: a closed list, so that the trail holds no personal
data."""

from enum import StrEnum


class SearchReason(StrEnum):
    NEW_CONTACT = "NEW_CONTACT"
    CONCERN = "CONCERN"
    ALLOCATION = "ALLOCATION"
    SAME_PERSON = "SAME_PERSON"
