"""Who sent a Common Transfer File to whom, and when."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from throughline.terms.destination import Destination, parse_destination
from throughline.terms.numbers import InvalidNumber, Laestab, parse_laestab, parse_urn
from throughline.transfer.ctf_error import CtfError, CtfNote

_DOCUMENT_NAME = "common transfer file"
_LATEST_VERSION = 25.0  # the latest that we could confirm
_FILE_NAME = re.compile(r"([0-9]{7})_CTF_([0-9]{7}|X{7}|M{7})_[0-9]{3}\.xml", re.IGNORECASE)
_XML_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?")
_LONDON = ZoneInfo("Europe/London")  # times in a CTF name no zone


class CtfHeader(BaseModel):
    """`destination` is None where the file is silent, `destination_school` set only for SCHOOL."""

    model_config = ConfigDict(frozen=True)

    version: str | None
    qualifier: str | None
    sent_at: datetime | None
    supplier: str | None
    source: Laestab
    source_urn: str | None
    source_name: str | None
    academic_year: int | None
    destination: Destination | None
    destination_school: Laestab | None
    destination_urn: str | None


def read_header(fields: dict[str, str]) -> tuple[CtfHeader, list[CtfNote]]:
    """`fields` by path below Header. A file whose sender we cannot tell is refused; the rest is a warning."""
    if fields.get("DocumentName", _DOCUMENT_NAME).lower() != _DOCUMENT_NAME:
        raise CtfError("CTF_NOT_A_CTF", "The header names another kind of document.")
    notes: list[CtfNote] = []
    destination, destination_school = _destination(fields, notes)
    header = CtfHeader(
        version=_version(fields.get("CTFversion"), notes),
        qualifier=_qualifier(fields.get("DocumentQualifier"), notes),
        sent_at=_instant(fields.get("DateTime"), notes),
        supplier=fields.get("SupplierID"),
        source=_source(fields),
        source_urn=_urn(fields.get("SourceSchool/URN"), notes),
        source_name=fields.get("SourceSchool/SchoolName"),
        academic_year=_academic_year(fields.get("SourceSchool/AcademicYear"), notes),
        destination=destination,
        destination_school=destination_school,
        destination_urn=_urn(fields.get("DestSchool/URN"), notes),
    )
    return header, notes


def check_file_name(file_name: str, header: CtfHeader) -> list[CtfNote]:
    """Files are renamed on the way, so a name that does not fit is worth a warning and no more."""
    found = _FILE_NAME.fullmatch(file_name)
    if not found:
        return [CtfNote("FILE_NAME_UNUSUAL", "The file's name does not read LLLEEEE_CTF_LLLEEEE_nnn.xml.")]
    notes = []
    if found[1] != str(header.source):
        notes.append(CtfNote("FILE_NAME_SOURCE", "The file's name says another sending school than its header."))
    if header.destination and parse_destination(found[2]) != (header.destination, header.destination_school):
        notes.append(CtfNote("FILE_NAME_DESTINATION", "The file's name says another destination than its header."))
    return notes


def _source(fields: dict[str, str]) -> Laestab:
    try:
        return parse_laestab(fields.get("SourceSchool/LEA", "") + fields.get("SourceSchool/Estab", ""))
    except InvalidNumber:
        raise CtfError("CTF_SOURCE", "The header does not say which school sent the file.") from None


def _destination(fields: dict[str, str], notes: list[CtfNote]) -> tuple[Destination | None, Laestab | None]:
    text = fields.get("DestSchool/LEA", "") + fields.get("DestSchool/Estab", "")
    if not text:
        return None, None
    try:
        return parse_destination(text)
    except InvalidNumber:
        notes.append(CtfNote("DESTINATION_UNREADABLE", "The header's destination is no school number."))
        return None, None


def _version(text: str | None, notes: list[CtfNote]) -> str | None:
    if text is None or not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3})?", text):
        notes.append(CtfNote("VERSION_UNREADABLE", "The header does not say which version of CTF this is."))
        return None
    if float(text) > _LATEST_VERSION:
        notes.append(CtfNote("VERSION_NEWER", f"This version is newer than {_LATEST_VERSION}: see what was not understood."))
    return text


def _qualifier(text: str | None, notes: list[CtfNote]) -> str | None:
    if text and text.lower() in ("full", "partial"):
        return text.lower()
    notes.append(CtfNote("QUALIFIER_UNREADABLE", "The header does not say whether the file is full or partial."))
    return None


def _instant(text: str | None, notes: list[CtfNote]) -> datetime | None:
    try:
        if not _XML_INSTANT.fullmatch(text or ""):  # Python alone would also read 20260901T08
            raise ValueError
        instant = datetime.fromisoformat(text or "")
    except ValueError:
        notes.append(CtfNote("SENT_AT_UNREADABLE", "The header does not say when the file was made."))
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=_LONDON)


def _urn(text: str | None, notes: list[CtfNote]) -> str | None:
    try:
        return parse_urn(text) if text else None
    except InvalidNumber as refused:
        notes.append(CtfNote(refused.code, refused.message))
        return None


def _academic_year(text: str | None, notes: list[CtfNote]) -> int | None:
    if text and re.fullmatch(r"(19|20)[0-9]{2}", text):
        return int(text)
    notes.append(CtfNote("ACADEMIC_YEAR_UNREADABLE", "The header does not say which academic year this is."))
    return None
