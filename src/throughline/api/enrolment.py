"""Enrolments, and attendance at them."""

import datetime

import strawberry

from throughline.api.agency import Agency
from throughline.api.described import said
from throughline.api.record import Record
from throughline.api.vocabulary import EnrolmentState


@strawberry.type(
    description="A child's place at a school, college or nursery, with its dates. On these days the child is «on roll», and what the "
    "school may see depends on it."
)
class Enrolment(Record):
    school: Agency = said("The school, college or nursery.")
    state: EnrolmentState = said("Whether the place is certain.")
    from_on: datetime.date = said("The first day on roll.")
    until_on: datetime.date | None = said("The last day on roll, still included; null while no leaving date is known.")
    confirmed_by: Agency | None = said("The other agency that confirmed it; null while it is only proposed.")


@strawberry.type(
    description="How often a child was at school in one school year, counted in sessions: each school day has two, morning and afternoon."
)
class Attendance(Record):
    school_name: str | None = said("The school that counted.")
    academic_year: int = said("The calendar year in which the school year began: 2025 for September 2025 to August 2026.")
    sessions_possible: int = said("Sessions that there were.")
    sessions_attended: int = said("Sessions at which the child was present.")
    sessions_authorised: int = said("Sessions missed with the school's leave, as when ill.")
    sessions_unauthorised: int = said("Sessions missed without leave.")
