"""Why an opening stands: one bit each, so that a viewer's openings for a person are gathered into one integer."""

from enum import IntEnum


class Because(IntEnum):
    ASSIGNED = 1
    MANAGES = 2
    ON_ROLL = 4
    COMING = 8
    TEAM = 16
    LEAD = 32
    CASE = 64
    CONTACT = 128
    COVERED = 256
    CONNECTED = 512
    OTHER_HOUSEHOLD = 1024
    LEADS = 2048
    EMERGENCY = 4096
    HIDDEN_PLACE = 8192
    TOLD_PLACE = 16384
