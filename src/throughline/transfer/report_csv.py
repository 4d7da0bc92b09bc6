"""Lists of support reports, for groups that have a spreadsheet and no front-end of their own.

Tolerant of what spreadsheets do to a file (byte order mark, semicolons, dd/mm/yyyy, empty lines, Windows
encoding), strict about meaning: an unknown column, or a date that reads in two ways, is never guessed at.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import BinaryIO

from throughline.transfer.report_csv_row import ReportRow, RowError, Vocabulary, read_row

REQUIRED = ("date", "kind_of_support")
HELP = {
    "own_id": "your own number for the person; leave out for a light-touch line",
    "given_name": "first name",
    "family_name": "surname",
    "date_of_birth": "dd/mm/yyyy",
    "upn": "if you know it",
    "nhs_number": "if you know it",
    "postcode": "home",
    "date": "when the support was given, dd/mm/yyyy",
    "kind_of_support": "{kinds}",
    "delivery": "{deliveries}",
    "need_level": "{need_levels}",
    "people_reached": "a number",
    "what_was_done": "in your own words",
    "outcome": "{outcomes}",
    "must_not_be_told": "who must not be told of this, and what",
    "safe_contact": "how to be in touch safely, and what not to do",
    "light_touch": "yes: only date, kind, delivery and people reached, about nobody by name",
    "line_key": "optional: your own number for this line, so that it counts once however often it is sent",
}
"""Every column, in the order of the template, with what to put there."""

_EXAMPLE = {
    "own_id": "17",
    "given_name": "Zoë",
    "family_name": "Example",
    "date_of_birth": "09/03/2015",
    "postcode": "BS2 4TB",
    "date": "02/09/2026",
    "people_reached": "1",
    "what_was_done": "Talked about starting secondary school",
    "light_touch": "no",
}
_COMMENT = "# "  # a line whose first cell starts so is for people
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = ",;\t"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class CsvError(Exception):
    """The file as a whole cannot be read. `message` is for the person who sent it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class _Limits:
    vocabulary: Vocabulary
    max_rows: int
    today: date


def template(vocabulary: Vocabulary) -> str:
    """A CSV file to fill in: the columns, a line that explains them, an example (both skipped when read)."""
    choices = {
        "kinds": _choice(vocabulary.kinds),
        "deliveries": _choice(vocabulary.deliveries),
        "need_levels": _choice(vocabulary.need_levels),
        "outcomes": _choice(vocabulary.outcomes) if vocabulary.outcomes else "in your own words",
    }
    example = _EXAMPLE | {
        "kind_of_support": min(vocabulary.kinds, default=""),
        "delivery": min(vocabulary.deliveries, default=""),
        "need_level": min(vocabulary.need_levels, default=""),
    }
    helps = [text.format(**choices) for text in HELP.values()]
    examples = [example.get(column, "") for column in HELP]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HELP)
    writer.writerow([_COMMENT + helps[0], *helps[1:]])
    writer.writerow([_COMMENT + examples[0], *examples[1:]])
    return out.getvalue()


def _choice(codes: frozenset[str]) -> str:
    return f"one of: {', '.join(sorted(codes))}"


def read_reports(
    stream: BinaryIO,
    *,
    vocabulary: Vocabulary,
    max_bytes: int = 5_000_000,
    max_rows: int = 10_000,
    today: date | None = None,
) -> Iterator[ReportRow | RowError]:
    """Each line as a row, or as one error for each of its cells that is wrong; the other lines go on.

    Raises `CsvError` at once: the file is too large, in no known encoding, or its columns are not ours.
    """
    data = stream.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise CsvError("CSV_TOO_LARGE", f"The file is larger than {max_bytes // 1_000_000} MB.")
    text = _decode(data)
    delimiter = _delimiter(text)
    records = _records(text, delimiter)
    header = _header(records)
    return _judged(records, header, _Limits(vocabulary, max_rows, today or datetime.now(UTC).date()))


def error_report(errors: Iterable[RowError]) -> str:
    """The errors as CSV, safe to open in a spreadsheet: no cell can be taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["line", "column", "code", "message"])
    for error in errors:
        writer.writerow([error.line, *(_inert(cell) for cell in (error.column or "", error.code, error.message))])
    return out.getvalue()


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def _decode(data: bytes) -> str:
    # What a spreadsheet on Windows calls CSV comes last, for it can read nearly anything.
    for encoding in ["utf-16"] if data.startswith(_UTF16_MARKS) else ["utf-8-sig", "cp1252"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CsvError("CSV_ENCODING", "The file is not text. Save it as “CSV UTF-8”.")


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
    """Each record with the line on which it begins; None where quoting makes it unreadable."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield line, None


def _delimiter(text: str) -> str:
    first = text.lstrip("\r\n ").split("\n", 1)[0]
    return max(_DELIMITERS, key=first.count)


def _header(records: Iterator[tuple[int, list[str] | None]]) -> list[str]:
    _, cells = next(records, (0, None))
    if cells is None:
        raise CsvError("CSV_EMPTY", "The file is empty.")
    columns = [_column(cell) for cell in cells]
    _check_columns(columns)
    return columns


def _column(cell: str) -> str:
    return "_".join(cell.replace("_", " ").replace("-", " ").split()).lower()


def _check_columns(columns: list[str]) -> None:
    named = [column for column in columns if column]
    if unknown := [column[:40] for column in named if column not in HELP]:
        message = f"Not a column: {', '.join(unknown[:5])}. The columns are: {', '.join(HELP)}."
        raise CsvError("CSV_COLUMN_UNKNOWN", message)
    if missing := [column for column in REQUIRED if column not in named]:
        raise CsvError("CSV_COLUMN_MISSING", f"These columns are missing: {', '.join(missing)}.")
    if twice := [column for column, times in Counter(named).items() if times > 1]:
        raise CsvError("CSV_COLUMN_TWICE", f"These columns are there twice: {', '.join(twice)}.")


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
    """The lines that say something: header first, then one report each."""
    for line, cells in _rows(text, delimiter):
        if cells is None or (any(cell.strip() for cell in cells) and not cells[0].startswith(_COMMENT)):
            yield line, cells


def _judged(records: Iterator[tuple[int, list[str] | None]], header: list[str], limits: _Limits) -> Iterator[ReportRow | RowError]:
    keys: Counter[str] = Counter()
    for count, (line, cells) in enumerate(records, start=1):
        if count > limits.max_rows:
            yield RowError(line, None, "TOO_MANY_ROWS", f"Only the first {limits.max_rows} lines were read.")
            return
        outcome = _judge(line, cells, header, limits)
        if isinstance(outcome, ReportRow):
            yield _with_key(outcome, keys)
        else:
            yield from outcome


def _judge(line: int, cells: list[str] | None, header: list[str], limits: _Limits) -> ReportRow | list[RowError]:
    if cells is None:
        message = "The line cannot be read: is a quotation mark left open?"
        return [RowError(line, None, "ROW_UNREADABLE", message)]
    if any(cell.strip() for cell in cells[len(header) :]):
        message = "More cells than columns: put text with commas in it in quotation marks."
        return [RowError(line, None, "ROW_TOO_LONG", message)]
    named = {column: text for column, cell in zip(header, cells, strict=False) if column and (text := cell.strip())}
    return read_row(line, named, limits.vocabulary, limits.today)


def _with_key(row: ReportRow, keys: Counter[str]) -> ReportRow | RowError:
    # A file that was mended and sent again must count only what is new: so the key is what a line says, not
    # where it stands. Two lines of one file that say the same are two reports, told apart by their number.
    own = row.line_key
    key = f"own:{own}" if own else f"said:{row.content_hash}"
    keys[key] += 1
    if own and keys[key] > 1:
        return RowError(row.line, "line_key", "LINE_KEY_TWICE", "Another line of this file has the same key.")
    return row.model_copy(update={"line_key": key if own else f"{key}:{keys[key]}"})
