"""Closed lists for what practitioners write down."""

from enum import StrEnum


class Delivery(StrEnum):
    ONE_TO_ONE = "ONE_TO_ONE"
    GROUP = "GROUP"
    VISIT = "VISIT"
    PHONE = "PHONE"
    VIRTUAL = "VIRTUAL"


class HouseholdRole(StrEnum):
    CHILD = "CHILD"
    UNBORN_CHILD = "UNBORN_CHILD"
    PARENT = "PARENT"
    CARER = "CARER"
    GRANDPARENT = "GRANDPARENT"
    OTHER_ADULT = "OTHER_ADULT"


class RelationshipKind(StrEnum):
    PARENT_OF = "PARENT_OF"
    PARENTAL_RESPONSIBILITY_FOR = "PARENTAL_RESPONSIBILITY_FOR"
    GRANDPARENT_OF = "GRANDPARENT_OF"
    SIBLING_OF = "SIBLING_OF"
    PARTNER_OF = "PARTNER_OF"
    FORMER_PARTNER_OF = "FORMER_PARTNER_OF"
    CARER_OF = "CARER_OF"


class ConnectionKind(StrEnum):
    SELF = "SELF"
    RELATIVE = "RELATIVE"
    PARTNER = "PARTNER"
    FORMER_PARTNER = "FORMER_PARTNER"
    HOUSEHOLD = "HOUSEHOLD"
    SUBJECT_OF_ALLEGATION = "SUBJECT_OF_ALLEGATION"


class Position(StrEnum):
    LEAD = "LEAD"
    MEMBER = "MEMBER"
    ALLOCATED_SOCIAL_WORKER = "ALLOCATED_SOCIAL_WORKER"


class EnrolmentState(StrEnum):
    PROPOSED = "PROPOSED"
    CONFIRMED = "CONFIRMED"


class Channel(StrEnum):
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    POLICE_NOTICE = "POLICE_NOTICE"
    FORM = "FORM"


class SectionState(StrEnum):
    VISIBLE = "VISIBLE"
    WITHHELD = "WITHHELD"
    NOT_CONNECTED = "NOT_CONNECTED"
    STALE = "STALE"
    NONE_RECORDED = "NONE_RECORDED"


class Protected(StrEnum):
    """What of somebody is protected."""

    IDENTITY = "IDENTITY"
    WHEREABOUTS = "WHEREABOUTS"


class Sex(StrEnum):
    FEMALE = "FEMALE"
    MALE = "MALE"
    NOT_KNOWN = "NOT_KNOWN"
