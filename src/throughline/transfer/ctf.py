"""Common Transfer Files from outside: hostile until read to the end, and never held in memory as a whole.

A file is read twice. The first reading finds out whether it is whole; one that breaks off or is malformed is
refused before anything can have been written, because half a file looks like a school that half its pupils
have left. The second yields the pupils, bad ones as quarantined, and notices if the bytes changed meanwhile.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import BinaryIO, Literal

from lxml import etree

from throughline.transfer.ctf_error import CtfError, CtfNote
from throughline.transfer.ctf_header import CtfHeader, check_file_name, read_header
from throughline.transfer.ctf_pupil import CtfPupil, QuarantinedPupil, claimed_upn, judge
from throughline.transfer.ctf_scan import RawPupil, Scan, parser_for

CHUNK = 64 * 1024
_DECLARED = re.compile(rb"""<\?xml[^>]{0,80}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_ENCODINGS = frozenset(["utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "windows-1252", "cp1252", "iso-8859-1", "us-ascii"])
_UTF16_STARTS = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
# libxml2's numbers (xmlerror.h); lxml's own table of them lags behind the library.
_ENCODING_CODES = frozenset({31, 32, 81, 1544})  # unknown, unsupported, invalid bytes, a character out of place
_LIMIT_CODES = frozenset({110, 114})  # name too long, resource limit
_TAG_NAME_MISMATCH = 76


@dataclass(frozen=True, slots=True)
class CtfProgress:
    """While `checking` the counts are bytes, while `reading` and `importing` pupils."""

    stage: Literal["checking", "reading", "importing"]
    done: int
    total: int


OnProgress = Callable[[CtfProgress], None]
Fingerprint = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class CtfFile:
    """A file that is whole. `not_kept` and `not_understood` count elements by path, for the import report.

    `sha256` (hex) is of the bytes: the same file twice is the same import.
    """

    header: CtfHeader
    sha256: str
    byte_count: int
    pupil_count: int
    warnings: tuple[CtfNote, ...]
    not_kept: dict[str, int]
    not_understood: dict[str, int]
    _stream: BinaryIO
    _today: date
    _fingerprint: Fingerprint | None
    _on_progress: OnProgress | None

    def pupils(self) -> Iterator[CtfPupil | QuarantinedPupil]:
        """Every pupil once, in the file's order. Raises `CtfError` CTF_CHANGED if the bytes have."""
        scan = Scan(max_pupils=self.pupil_count)
        first_with: dict[str, int] = {}
        digest = hashlib.sha256()
        for chunk in _parse(self._stream, scan, max_bytes=self.byte_count):
            digest.update(chunk)
            for raw in scan.pupils:
                yield self._judged(raw, first_with)
            scan.pupils.clear()
            if self._on_progress:
                self._on_progress(CtfProgress("reading", scan.pupil_count, self.pupil_count))
        if digest.hexdigest() != self.sha256:
            raise CtfError("CTF_CHANGED", "The file changed while it was read.")

    def _judged(self, raw: RawPupil, first_with: dict[str, int]) -> CtfPupil | QuarantinedPupil:
        upn = claimed_upn(raw)
        first = first_with.setdefault(upn, raw.ordinal) if upn else raw.ordinal
        if first != raw.ordinal:
            outcome: CtfPupil | list[CtfNote] = [CtfNote("DUPLICATE_UPN", f"Pupil {first} has the same UPN.")]
        else:
            outcome = judge(raw, today=self._today)
        if isinstance(outcome, CtfPupil):
            return outcome
        fingerprint = self._fingerprint(upn) if self._fingerprint and upn else None
        return QuarantinedPupil(raw.ordinal, tuple(outcome), fingerprint)


def read_ctf(
    stream: BinaryIO,
    *,
    max_bytes: int,
    max_pupils: int,
    file_name: str | None = None,
    fingerprint: Fingerprint | None = None,
    on_progress: OnProgress | None = None,
    today: date | None = None,
) -> CtfFile:
    """Check the whole file and return what it is; its pupils come from `CtfFile.pupils()`.

    `stream` must be seekable and stay open. `fingerprint` makes a keyed hash of a quarantined pupil's UPN.
    Raises `CtfError`: the file is refused and nothing of it may be written.
    """
    scan = Scan(max_pupils=max_pupils)
    byte_count, sha256 = _check(stream, scan, max_bytes, on_progress)
    if scan.header is None:
        raise CtfError("CTF_STRUCTURE", "The file has no header.")
    header, notes = read_header(scan.header)
    if file_name:
        notes += check_file_name(file_name, header)
    if not scan.pupil_count:
        notes.append(CtfNote("NO_PUPILS", "The file has no pupils."))
    return CtfFile(
        header=header,
        sha256=sha256,
        byte_count=byte_count,
        pupil_count=scan.pupil_count,
        warnings=tuple(notes),
        not_kept=dict(scan.not_kept),
        not_understood=dict(scan.not_understood),
        _stream=stream,
        _today=today or datetime.now(UTC).date(),
        _fingerprint=fingerprint,
        _on_progress=on_progress,
    )


def _check(stream: BinaryIO, scan: Scan, max_bytes: int, on_progress: OnProgress | None) -> tuple[int, str]:
    total = stream.seek(0, 2)
    if total > max_bytes:
        raise _too_large(max_bytes)
    digest, count = hashlib.sha256(), 0
    for chunk in _parse(stream, scan, max_bytes=max_bytes):
        digest.update(chunk)
        count += len(chunk)
        scan.pupils.clear()
        if on_progress:
            on_progress(CtfProgress("checking", count, total))
    return count, digest.hexdigest()


def _parse(stream: BinaryIO, scan: Scan, *, max_bytes: int) -> Iterator[bytes]:
    """Feed the parser chunk by chunk and hand each chunk back once `scan` has seen it. Raises `CtfError`."""
    stream.seek(0)
    parser, count = parser_for(scan), 0
    while chunk := stream.read(CHUNK):
        if not count:
            _check_encoding(chunk)
        count += len(chunk)
        # Asked again here, not only of the size beforehand: a stream may grow, or lie about its length.
        if count > max_bytes:
            raise _too_large(max_bytes)
        try:
            parser.feed(chunk)
        except etree.XMLSyntaxError as refused:
            raise _refusal(refused, scan) from None
        yield chunk
    if not count:
        raise CtfError("CTF_EMPTY", "The file is empty.")
    try:
        parser.close()
    except etree.XMLSyntaxError as refused:
        if scan.depth and _code(refused) != _TAG_NAME_MISMATCH:
            raise _truncated(scan) from None
        raise _refusal(refused, scan) from None


def _check_encoding(start: bytes) -> None:
    if start.startswith(_UTF16_STARTS):
        return
    declared = _DECLARED.search(start[:200])
    if declared and declared[1].decode("ascii").lower() not in _ENCODINGS:
        raise CtfError("CTF_ENCODING", "The file's encoding is not read: use UTF-8, UTF-16 or windows-1252.")


def _too_large(max_bytes: int) -> CtfError:
    return CtfError("CTF_TOO_LARGE", f"The file is larger than {max_bytes // 1_000_000} MB.")


def _truncated(scan: Scan) -> CtfError:
    whole = scan.pupil_count - scan.is_in_pupil
    return CtfError("CTF_TRUNCATED", f"The file breaks off after {whole} pupils. None was imported: ask for it again.")


def _refusal(error: etree.XMLSyntaxError, scan: Scan) -> CtfError:
    """libxml2's own message can quote the file, so only the place is told."""
    line = error.position[0]
    if _code(error) in _ENCODING_CODES:
        return CtfError("CTF_ENCODING", f"The file is not in the encoding that it declares (line {line}).")
    if _code(error) in _LIMIT_CODES:
        return CtfError("CTF_TOO_COMPLEX", f"The file has a name, value or comment of absurd length (line {line}).")
    where = f"line {line}, after {scan.pupil_count} pupils"
    return CtfError("CTF_MALFORMED", f"The file is not well-formed XML ({where}). None was imported.")


def _code(error: etree.XMLSyntaxError) -> int:
    code: int = getattr(error, "code", 0)  # in lxml, not in its type stubs
    return code
