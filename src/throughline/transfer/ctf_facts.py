"""Attendance and address of pupils whom the agency may know of: written once, and again only where the file says otherwise."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from throughline.db.refusal import stale
from throughline.db.session import Session
from throughline.records.address import Address
from throughline.records.enrolment import Attendance
from throughline.terms.record_kind import RecordKind
from throughline.transfer.ctf_pupil import CtfPupil
from throughline.transfer.ctf_report import Tally
from throughline.transfer.ctf_route import Route
from throughline.transfer.ctf_rows import AttendanceYear

_ATTENDANCE = """
    select a.*, i.person_id from portal.attendance a join portal.identity_record i on i.id = a.identity_record_id
    where i.person_id = any($1) and a.agency_id = $2 and a.withdrawn_at is null
"""
_ADDRESSES = """
    select a.*, i.person_id from portal.address a join portal.identity_record i on i.id = a.identity_record_id
    where i.person_id = any($1) and a.agency_id = $2 and a.withdrawn_at is null and (a.until_on is null or a.until_on >= $3)
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the agency itself has said already about some people. What others said changes neither what is written nor the report:
    each file would be a question about them."""

    attendance: Sequence[Any]
    addresses: Sequence[Any]

    def about(self, person_id: UUID) -> "Kept":
        return Kept(
            [row for row in self.attendance if row["person_id"] == person_id],
            [row for row in self.addresses if row["person_id"] == person_id],
        )


async def kept_about(session: Session, people: Iterable[UUID]) -> Kept:
    wanted = list(people)
    if not wanted:
        return Kept((), ())
    attendance = await session.fetch(_ATTENDANCE, wanted, session.agency_id)
    return Kept(attendance, await session.fetch(_ADDRESSES, wanted, session.agency_id, session.today))


@dataclass(slots=True)
class FactWriter:
    """For one pupil. `record_id`: the agency's own identity record; `sent_on`: the day of the file."""

    session: Session
    route: Route
    tally: Tally
    record_id: UUID
    kept: Kept
    sent_on: date

    async def write(self, pupil: CtfPupil) -> None:
        for year in pupil.attendance:
            await self._attended(year)
        if pupil.address_lines:
            await self._lives(", ".join(pupil.address_lines), pupil.postcode)

    async def _attended(self, year: AttendanceYear) -> None:
        figures = _figures(year)
        if figures is None:
            self.tally.warn("ATTENDANCE_INCOMPLETE")
            return
        school = self.route.schools.find(year.school, None)
        school_id = school["id"] if school else None
        same = [row for row in self.kept.attendance if _is_same(row, year, school_id)]
        if any(figures.items() <= dict(row).items() for row in same):
            return
        self.tally.attendance_years += 1
        own = next(iter(same), None)
        if own is None:
            named = {"school_id": school_id, "school_name": year.school_name, "academic_year": year.year}
            self._add(RecordKind.ATTENDANCE, Attendance, counted_on=self.sent_on, **named, **figures)
        elif own["counted_on"] <= self.sent_on:
            await self._replace(RecordKind.ATTENDANCE, Attendance, own, counted_on=self.sent_on, **figures)

    async def _lives(self, lines: str, postcode: str | None) -> None:
        """Where a confidential address stands this one shows to nobody (sentence 6): a school's file may well name the refuge."""
        own = [row for row in self.kept.addresses if not row["is_confidential"]]
        newest = max(own, key=lambda row: row["from_on"], default=None)
        if newest and ((newest["lines"], newest["postcode"]) == (lines, postcode) or newest["from_on"] >= self.sent_on):
            return
        if newest:
            await self._replace(RecordKind.ADDRESS, Address, newest, until_on=self.sent_on - timedelta(days=1))
        place = {"household_id": None, "lines": lines, "postcode": postcode, "is_confidential": False}
        self._add(RecordKind.ADDRESS, Address, from_on=self.sent_on, **place)
        self.tally.addresses += 1

    def _add(self, kind: RecordKind, table: Any, **values: Any) -> None:
        record_id = self.session.add(
            table, agency_id=self.session.agency_id, practitioner_id=self.session.practitioner_id, service_id=None,
            sensitivity="STANDARD", version=1, identity_record_id=self.record_id, **values,
        )  # fmt: skip
        self.session.wrote(kind, record_id, [self.record_id], "IMPORT")

    async def _replace(self, kind: RecordKind, table: Any, row: Any, **changes: Any) -> None:
        if not await self.session.replace(table, row["id"], row["version"], **changes):
            raise stale()
        self.session.wrote(kind, row["id"], [row["identity_record_id"]], "IMPORT")


def _figures(year: AttendanceYear) -> dict[str, int] | None:
    if year.possible is None or year.attended is None:
        return None
    return {
        "sessions_possible": year.possible,
        "sessions_attended": year.attended,
        "sessions_authorised": year.authorised or 0,
        "sessions_unauthorised": year.unauthorised or 0,
    }


def _is_same(row: Any, year: AttendanceYear, school_id: UUID | None) -> bool:
    """A school outside the portal has no id, and is told by its name."""
    said = (year.year, school_id, None if school_id else year.school_name)
    return said == (row["academic_year"], row["school_id"], None if school_id else row["school_name"])
