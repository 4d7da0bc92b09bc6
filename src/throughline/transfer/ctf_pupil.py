"""One pupil of a Common Transfer File: accepted, less what could not be read, or quarantined with reasons.

What makes two children confusable (names, birth date, UPN) must be right; anything else that is wrong is
dropped with a warning, because a school should not have to send a file again for a postcode.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from throughline.terms.numbers import InvalidNumber, normalise_postcode, parse_uln, parse_upn
from throughline.terms.work import Sex
from throughline.transfer.ctf_elements import ADDRESS_FIELDS, ATTENDANCE_ROW, SCHOOL_ROW
from throughline.transfer.ctf_error import CtfNote
from throughline.transfer.ctf_rows import AttendanceYear, SchoolAttended, read_attendance, read_school
from throughline.transfer.ctf_scan import RawPupil

_EARLIEST_BIRTH = date(1900, 1, 1)
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SEXES = {"F": Sex.FEMALE, "M": Sex.MALE}

T = TypeVar("T")


def _name(text: str | None) -> str | None:
    """Spaces tidied and composed (NFC); characters that cannot be seen are taken out."""
    composed = unicodedata.normalize("NFC", text or "")
    seen = "".join(c for c in composed if not unicodedata.category(c).startswith("C"))
    return " ".join(seen.split()) or None


def _upn(text: str | None) -> str | None:
    try:
        return parse_upn(text).text if text else None
    except InvalidNumber as refused:
        raise PydanticCustomError(refused.code, refused.message) from None


def _birth_date(day: date, info: ValidationInfo) -> date:
    if not _EARLIEST_BIRTH <= day <= (info.context or {})["today"]:
        raise PydanticCustomError("BIRTH_DATE_IMPLAUSIBLE", "The birth date lies in the future or before 1900.")
    return day


Name = Annotated[str | None, AfterValidator(_name)]


class CtfPupil(BaseModel):
    """`surname` or `forename` may be missing, not both. `address_lines` from house to town."""

    model_config = ConfigDict(frozen=True)

    ordinal: int
    upn: Annotated[str | None, AfterValidator(_upn)]
    uln: str | None
    former_upn: str | None
    surname: Name
    forename: Name
    middle_names: Name
    preferred_surname: Name
    preferred_forename: Name
    former_surname: Name
    birth_date: Annotated[date, AfterValidator(_birth_date)]
    sex: Sex
    year_group: str | None
    enrolment_status: str | None
    address_lines: tuple[str, ...]
    postcode: str | None
    attendance: tuple[AttendanceYear, ...]
    schools: tuple[SchoolAttended, ...]
    warnings: tuple[CtfNote, ...]

    @model_validator(mode="after")
    def _has_a_name(self) -> "CtfPupil":
        if self.surname is None and self.forename is None:
            raise PydanticCustomError("NAME_MISSING", "The pupil has neither surname nor forename.")
        return self

    @property
    def is_upn_temporary(self) -> bool:
        return self.upn is not None and parse_upn(self.upn).is_temporary


@dataclass(frozen=True, slots=True)
class QuarantinedPupil:
    """Nothing of the pupil but its place in the file, the reasons, and a keyed hash of its UPN."""

    ordinal: int
    reasons: tuple[CtfNote, ...]
    upn_fingerprint: str | None


def claimed_upn(raw: RawPupil) -> str | None:
    """The UPN that the pupil says it has, if that can be one at all."""
    try:
        return parse_upn(raw.fields.get("UPN", "")).text
    except InvalidNumber:
        return None


def judge(raw: RawPupil, *, today: date) -> CtfPupil | list[CtfNote]:
    """The pupil, or the reasons why not."""
    if raw.faults:
        return raw.faults
    born = raw.fields.get("DOB", "")
    # Pydantic would also take timestamps and numbers for dates: the format has one way of writing them.
    if not _ISO_DATE.fullmatch(born):
        return [CtfNote("BIRTH_DATE_UNREADABLE", "The date of birth is missing or not written yyyy-mm-dd.")]
    try:
        return CtfPupil.model_validate(_values(raw, born), context={"today": today})
    except ValidationError as refused:
        return [_note(error["type"], error["loc"], error["msg"]) for error in refused.errors(include_input=False)]


def _note(kind: str, where: tuple[int | str, ...], message: str) -> CtfNote:
    if kind.isupper():
        return CtfNote(kind, message)
    place = str(where[0]) if where else "pupil"
    code = "BIRTH_DATE_UNREADABLE" if place == "birth_date" else "FIELD_UNREADABLE"
    return CtfNote(code, f"{place} cannot be read.")


def _values(raw: RawPupil, born: str) -> dict[str, object]:
    text = raw.fields.get
    warnings: list[CtfNote] = []
    values: dict[str, object] = {
        "ordinal": raw.ordinal,
        "birth_date": born,
        "upn": text("UPN"),
        "uln": _or_warn(parse_uln, text("UniqueLearnerNumber"), warnings),
        "former_upn": _or_warn(lambda upn: parse_upn(upn).text, text("FormerUPN"), warnings),
        "surname": text("Surname"),
        "forename": text("Forename"),
        "middle_names": text("MiddleNames"),
        "preferred_surname": text("PreferredSurname"),
        "preferred_forename": text("PreferredForename"),
        "former_surname": text("FormerSurname"),
        "sex": _sex(text("Sex") or text("Gender"), warnings),
        "year_group": _or_warn(_short_code, text("NCyearActual"), warnings),
        "enrolment_status": _or_warn(_short_code, text("EnrolStatus"), warnings),
        "address_lines": tuple(line for name in ADDRESS_FIELDS if (line := _name(text(name)))),
        "postcode": _or_warn(normalise_postcode, text("PostCode"), warnings),
        "attendance": _rows(read_attendance, raw.rows.get(ATTENDANCE_ROW, []), warnings),
        "schools": _rows(read_school, raw.rows.get(SCHOOL_ROW, []), warnings),
    }
    return values | {"warnings": (*_upn_warnings(claimed_upn(raw)), *warnings)}


def _upn_warnings(upn: str | None) -> list[CtfNote]:
    if upn is None:
        return [CtfNote("UPN_MISSING", "The pupil has no UPN.")]
    notes = []
    if parse_upn(upn).is_temporary:
        notes.append(CtfNote("UPN_TEMPORARY", "The UPN is a temporary one, which identifies nobody."))
    if not parse_upn(upn).is_authority_known:
        notes.append(CtfNote("UPN_AUTHORITY_UNKNOWN", "The UPN names an authority that we do not know."))
    return notes


def _sex(text: str | None, warnings: list[CtfNote]) -> Sex:
    sex = _SEXES.get((text or "").upper(), Sex.NOT_KNOWN)
    if text and sex is Sex.NOT_KNOWN and text.upper() not in ("U", "X"):
        warnings.append(CtfNote("SEX_UNREADABLE", "The sex is neither F nor M."))
    return sex


def _short_code(text: str) -> str:
    """Year groups and statuses: the lists differ by version of CTF, so any short code will do."""
    if not re.fullmatch(r"[A-Za-z0-9]{1,4}", text):
        raise InvalidNumber("CODE_UNREADABLE", "A year group or enrolment status is no code.")
    return text.upper()


def _or_warn(parse: Callable[[str], str], text: str | None, warnings: list[CtfNote]) -> str | None:
    try:
        return parse(text) if text else None
    except InvalidNumber as refused:
        warnings.append(CtfNote(refused.code, refused.message))
        return None


def _rows(read: Callable[[dict[str, str]], T | CtfNote], rows: list[dict[str, str]], warnings: list[CtfNote]) -> tuple[T, ...]:
    kept: list[T] = []
    for row in rows:
        outcome = read(row)
        if isinstance(outcome, CtfNote):
            warnings.append(outcome)
        else:
            kept.append(outcome)
    return tuple(kept)
