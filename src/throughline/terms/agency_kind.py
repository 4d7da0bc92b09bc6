"""What an agency is."""

from enum import StrEnum


class AgencyKind(StrEnum):
    NURSERY = "NURSERY"
    SCHOOL = "SCHOOL"
    COLLEGE = "COLLEGE"
    HEALTH = "HEALTH"
    POLICE = "POLICE"
    VOLUNTARY = "VOLUNTARY"
    LOCAL_AUTHORITY = "LOCAL_AUTHORITY"


SCHOOLS = (AgencyKind.NURSERY, AgencyKind.SCHOOL, AgencyKind.COLLEGE)
"""«School» includes college and nursery (policy.md)."""
