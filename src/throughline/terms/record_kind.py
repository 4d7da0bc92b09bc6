"""The kinds of record. Each has one bit: a sharing decision's scope is the sum of its kinds' bits."""

from enum import StrEnum


class RecordKind(StrEnum):
    SUPPORT_REPORT = "SUPPORT_REPORT"
    INVOLVEMENT = "INVOLVEMENT"
    NEED = "NEED"
    LEGAL_STATUS = "LEGAL_STATUS"
    ENROLMENT = "ENROLMENT"
    ATTENDANCE = "ATTENDANCE"
    MEMBERSHIP = "MEMBERSHIP"
    RELATIONSHIP = "RELATIONSHIP"
    TEAM_POSITION = "TEAM_POSITION"
    SHARING_DECISION = "SHARING_DECISION"
    ADDRESS = "ADDRESS"
    CONTACT = "CONTACT"
    IDENTITY_RECORD = "IDENTITY_RECORD"
    IDENTITY_NUMBER = "IDENTITY_NUMBER"
    LIGHT_TOUCH_REPORT = "LIGHT_TOUCH_REPORT"
    PERSON = "PERSON"
    ASSIGNMENT = "ASSIGNMENT"
    PROTECTION = "PROTECTION"
    RIGHTS_REQUEST = "RIGHTS_REQUEST"
    LEGAL_HOLD = "LEGAL_HOLD"

    @property
    def bit(self) -> int:
        return 1 << list(RecordKind).index(self)
