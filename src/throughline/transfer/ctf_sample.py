"""Synthetic Common Transfer Files, for the demonstration borough and the tests."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from throughline.terms.numbers import Laestab


@dataclass(frozen=True, slots=True)
class SampleSchool:
    number: Laestab
    urn: str
    name: str


@dataclass(frozen=True, slots=True)
class SamplePupil:
    """`extra`: XML put in as it is; `years`: (year, possible, attended, authorised, unauthorised)."""

    upn: str | None
    surname: str | None
    forename: str | None
    born: str | None
    sex: str = "F"
    uln: str | None = None
    former_upn: str | None = None
    preferred_surname: str | None = None
    preferred_forename: str | None = None
    former_surname: str | None = None
    middle_names: str | None = None
    year_group: str = "6"
    street: str = "12 Example Road"
    town: str = "Exampleton"
    postcode: str | None = "BS2 4TB"
    entered_on: str = "2019-09-03"
    left_on: str | None = "2026-07-22"
    years: Sequence[tuple[int, int, int, int, int]] = field(default=((2025, 380, 351, 20, 9),))
    extra: str = ""


def write_ctf(
    pupils: Iterable[SamplePupil],
    *,
    source: SampleSchool,
    destination: str = "XXXXXXX",
    encoding: str = "UTF-8",
    sent_at: str = "2026-09-02T08:30:00",
    academic_year: int = 2025,
) -> Iterator[bytes]:
    """The file in pieces. `destination`: authority and establishment in one, or XXXXXXX, MMMMMMM."""
    # A codec that writes a byte order mark writes one per piece: name the order and put one mark in front.
    codec = "utf-16-le" if encoding.upper() == "UTF-16" else encoding
    if codec == "utf-16-le":
        yield b"\xff\xfe"
    yield _head(source, destination, encoding, sent_at, academic_year).encode(codec)
    for pupil in pupils:
        yield _pupil(pupil, source).encode(codec, "xmlcharrefreplace")
    yield "</CTFpupilData></CTfile>\n".encode(codec)


def file_name(source: SampleSchool, destination: str, number: int = 1) -> str:
    return f"{source.number}_CTF_{destination}_{number:03d}.xml"


def _head(source: SampleSchool, destination: str, encoding: str, sent_at: str, academic_year: int) -> str:
    header = "".join(
        (
            _tag("DocumentName", "Common Transfer File"),
            _tag("CTFversion", "25.0"),
            _tag("DateTime", sent_at),
            _tag("DocumentQualifier", "full"),
            _tag("SupplierID", "SYNTHETIC"),
            f"<SourceSchool>{_school(source)}{_tag('AcademicYear', str(academic_year))}</SourceSchool>",
            f"<DestSchool>{_tag('LEA', destination[:3])}{_tag('Estab', destination[3:])}</DestSchool>",
        )
    )
    return f'<?xml version="1.0" encoding="{encoding}"?>\n<CTfile><Header>{header}</Header><CTFpupilData>\n'


def _pupil(pupil: SamplePupil, source: SampleSchool) -> str:
    names = (
        _tag("UPN", pupil.upn) + _tag("UniqueLearnerNumber", pupil.uln) + _tag("Surname", pupil.surname)
        + _tag("Forename", pupil.forename) + _tag("DOB", pupil.born) + _tag("Sex", pupil.sex)
    )  # fmt: skip
    details = (
        _tag("FormerUPN", pupil.former_upn) + _tag("PreferredSurname", pupil.preferred_surname)
        + _tag("FormerSurname", pupil.former_surname) + _tag("PreferredForename", pupil.preferred_forename)
        + _tag("MiddleNames", pupil.middle_names) + _tag("NCyearActual", pupil.year_group)
        + _tag("EnrolStatus", "C")
    )  # fmt: skip
    place = _tag("Street", pupil.street) + _tag("Town", pupil.town)
    history = _school(source) + _tag("EntryDate", pupil.entered_on) + _tag("LeavingDate", pupil.left_on)
    return (
        f"<Pupil>{names}<BasicDetails>{details}</BasicDetails>"
        f"<Address><BS7666Address>{place}</BS7666Address>{_tag('PostCode', pupil.postcode)}</Address>"
        f"<Attendance>{''.join(_year(year, source) for year in pupil.years)}</Attendance>"
        f"<SchoolHistory><School>{history}{_tag('LastSchool', 'true')}</School></SchoolHistory>"
        f"{pupil.extra}</Pupil>\n"
    )


def _year(figures: tuple[int, int, int, int, int], source: SampleSchool) -> str:
    year, possible, attended, authorised, unauthorised = (str(figure) for figure in figures)
    return (
        f"<YearData>{_tag('Year', year)}{_number(source)}"
        f"{_tag('SessionsPossible', possible)}{_tag('SessionsAuthorised', authorised)}"
        f"{_tag('SessionsAttended', attended)}{_tag('SessionsUnauthorised', unauthorised)}</YearData>"
    )


def _school(school: SampleSchool) -> str:
    return _number(school) + _tag("URN", school.urn) + _tag("SchoolName", school.name)


def _number(school: SampleSchool) -> str:
    return _tag("LEA", school.number.authority) + _tag("Estab", school.number.establishment)


def _tag(name: str, text: str | None) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else ""
