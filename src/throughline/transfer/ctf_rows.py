"""The repeated parts of a pupil in a Common Transfer File: school years attended, and schools."""

import re
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from throughline.terms.numbers import InvalidNumber, Laestab, parse_laestab, parse_urn
from throughline.transfer.ctf_error import CtfNote


def _iso_date(text: object) -> date | None:
    """Only yyyy-mm-dd: Pydantic by itself would take a bare number for a timestamp."""
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(text)):
        raise ValueError
    return date.fromisoformat(str(text))


def _school(row: dict[str, str]) -> Laestab | None:
    """A school abroad has no number, and its row is kept by its name."""
    try:
        return parse_laestab(row.get("LEA", "") + row.get("Estab", ""))
    except InvalidNumber:
        return None


def _school_urn(text: str | None) -> str | None:
    try:
        return parse_urn(text) if text else None
    except InvalidNumber:
        return None


Sessions = Annotated[int | None, Field(ge=0, le=1000)]  # half days; a school year has some 380
OptionalDate = Annotated[date | None, BeforeValidator(_iso_date)]


class AttendanceYear(BaseModel):
    """Sessions are half days. `year` is the one in which the academic year began."""

    model_config = ConfigDict(frozen=True)

    year: Annotated[int, Field(ge=1980, le=2100)]
    school: Laestab | None
    school_name: str | None
    possible: Sessions
    attended: Sessions
    authorised: Sessions
    unauthorised: Sessions

    @model_validator(mode="after")
    def _adds_up(self) -> "AttendanceYear":
        missed_or_not = (self.attended or 0) + (self.authorised or 0) + (self.unauthorised or 0)
        if self.possible is not None and missed_or_not > self.possible:
            raise ValueError("more sessions than were possible")
        return self


class SchoolAttended(BaseModel):
    model_config = ConfigDict(frozen=True)

    school: Laestab | None
    urn: str | None
    name: str | None
    entered_on: OptionalDate
    left_on: OptionalDate
    leaving_reason: Annotated[str | None, Field(max_length=50)]
    is_last: bool | None

    @model_validator(mode="after")
    def _is_in_order(self) -> "SchoolAttended":
        if self.entered_on and self.left_on and self.left_on < self.entered_on:
            raise ValueError("left before entering")
        if not (self.school or self.urn or self.name):
            raise ValueError("no school")
        return self


def read_attendance(row: dict[str, str]) -> AttendanceYear | CtfNote:
    try:
        return AttendanceYear.model_validate(
            {
                "year": row.get("Year"),
                "school": _school(row),
                "school_name": row.get("SchoolName"),
                "possible": row.get("SessionsPossible"),
                "attended": row.get("SessionsAttended"),
                "authorised": row.get("SessionsAuthorised"),
                "unauthorised": row.get("SessionsUnauthorised"),
            }
        )
    except ValidationError:
        return CtfNote("ATTENDANCE_UNREADABLE", "A year of attendance is left out: it does not add up.")


def read_school(row: dict[str, str]) -> SchoolAttended | CtfNote:
    try:
        return SchoolAttended.model_validate(
            {
                "school": _school(row),
                "urn": _school_urn(row.get("URN")),
                "name": row.get("SchoolName"),
                "entered_on": row.get("EntryDate"),
                "left_on": row.get("LeavingDate"),
                "leaving_reason": row.get("LeavingReason"),
                "is_last": row.get("LastSchool"),
            }
        )
    except ValidationError:
        return CtfNote("SCHOOL_UNREADABLE", "A school attended is left out: no school, or dates amiss.")
