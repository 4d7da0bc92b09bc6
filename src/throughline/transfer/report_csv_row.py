"""One line of a list of support reports: what its cells may say, and what is wrong where they do not."""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    ValidationInfo,
)
from pydantic_core import PydanticCustomError

from throughline.terms.numbers import InvalidNumber, normalise_postcode, parse_nhs_number, parse_upn

LIGHT_TOUCH_COLUMNS = frozenset({"date", "kind_of_support", "delivery", "people_reached", "light_touch", "line_key"})
_IDENTITY_COLUMNS = ("own_id", "given_name", "family_name")
_EARLIEST = date(1900, 1, 1)
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ]00:00(?::00)?)?")
_BRITISH = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})(?: 00:00(?::00)?)?")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ANSWERS = {
    "yes": True,
    "y": True,
    "true": True,
    "1": True,
    "no": False,
    "n": False,
    "false": False,
    "0": False,
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The codes that an area uses. Without `outcomes` the outcome is free text."""

    kinds: frozenset[str]
    deliveries: frozenset[str]
    need_levels: frozenset[str]
    outcomes: frozenset[str] = field(default=frozenset())


@dataclass(frozen=True, slots=True)
class RowError:
    """`line` counts from 1, header included; `column` is None where the whole line is meant."""

    line: int
    column: str | None
    code: str
    message: str


def _number(parse: Callable[[str], str]) -> AfterValidator:
    def check(text: str | None) -> str | None:
        try:
            return parse(text) if text else None
        except InvalidNumber as refused:
            raise PydanticCustomError(refused.code, refused.message) from None

    return AfterValidator(check)


def _code(codes_of: Callable[[Vocabulary], frozenset[str]]) -> AfterValidator:
    def check(text: str | None, info: ValidationInfo) -> str | None:
        allowed = codes_of(_context(info).vocabulary)
        if text is None or not allowed:
            return text
        code = "_".join(re.split(r"[\s_-]+", text)).upper()
        if code not in allowed:
            raise PydanticCustomError("CODE_UNKNOWN", "Use one of: {codes}.", {"codes": ", ".join(sorted(allowed))})
        return code

    return AfterValidator(check)


@dataclass(frozen=True, slots=True)
class _Context:
    vocabulary: Vocabulary
    today: date


def _context(info: ValidationInfo) -> _Context:
    context = info.context
    if not isinstance(context, _Context):
        raise TypeError("a row is read by `read_row`")
    return context


def _date(text: object, info: ValidationInfo) -> date | None:
    """yyyy-mm-dd or dd/mm/yyyy. Two-digit years and month-first dates are refused, not guessed."""
    if not text:
        return None
    iso, british = _ISO.fullmatch(str(text)), _BRITISH.fullmatch(str(text))
    year, month, day = iso.groups() if iso else british.groups()[::-1] if british else ("0", "0", "0")
    try:
        read = date(int(year), int(month), int(day))
    except ValueError:
        raise PydanticCustomError("DATE_UNREADABLE", "Write the date as dd/mm/yyyy.") from None
    if not _EARLIEST <= read <= _context(info).today:
        raise PydanticCustomError("DATE_IMPLAUSIBLE", "The date lies in the future or before 1900.")
    return read


def _yes_or_no(text: object) -> bool:
    answer = _ANSWERS.get(str(text or "no").lower())
    if answer is None:
        raise PydanticCustomError("ANSWER_UNREADABLE", "Write yes or no.")
    return answer


def _count(text: object) -> int | None:
    if text and not re.fullmatch(r"[0-9]{1,5}", str(text)):
        raise PydanticCustomError("COUNT_UNREADABLE", "Write a whole number.")
    return int(str(text)) if text else None


def _text(max_length: int) -> AfterValidator:
    def check(text: str | None) -> str | None:
        if text and len(text) > max_length:
            raise PydanticCustomError("TEXT_TOO_LONG", "The text is too long: {most} is the most.", {"most": max_length})
        if text and _UNPRINTABLE.search(text):
            raise PydanticCustomError("TEXT_UNPRINTABLE", "The text has characters that nobody can see.")
        return text

    return AfterValidator(check)


def _given(value: Any) -> Any:
    if value is None:
        raise PydanticCustomError("CELL_MISSING", "This must be filled in.")
    return value


Text = Annotated[str | None, _text(200)]
LongText = Annotated[str | None, _text(10_000)]
Day = Annotated[date | None, BeforeValidator(_date)]


class ReportRow(BaseModel):
    """One line that can be submitted; a light-touch line names nobody. `line` counts from 1, header included.

    `line_key` makes the line count once: the sender's own, or else made of what the line says.
    """

    model_config = ConfigDict(frozen=True)

    line: int
    line_key: Text = None
    own_id: Text = None
    given_name: Text = None
    family_name: Text = None
    date_of_birth: Day = None
    upn: Annotated[Text, _number(lambda text: parse_upn(text).text)] = None
    nhs_number: Annotated[Text, _number(parse_nhs_number)] = None
    postcode: Annotated[Text, _number(normalise_postcode)] = None
    date: Annotated[date, BeforeValidator(_given), BeforeValidator(_date)]
    kind_of_support: Annotated[str, BeforeValidator(_given), _code(lambda words: words.kinds)]
    delivery: Annotated[Text, _code(lambda words: words.deliveries)] = None
    need_level: Annotated[Text, _code(lambda words: words.need_levels)] = None
    people_reached: Annotated[int | None, BeforeValidator(_count)] = None
    what_was_done: LongText = None
    outcome: Annotated[LongText, _code(lambda words: words.outcomes)] = None
    must_not_be_told: LongText = None
    safe_contact: LongText = None
    light_touch: Annotated[bool, BeforeValidator(_yes_or_no)] = False

    @property
    def content_hash(self) -> str:
        """What the line says, in 32 hex digits; where it stands in the file plays no part."""
        unsaid = {name for name in ("must_not_be_told", "safe_contact") if getattr(self, name) is None}
        said = self.model_dump_json(exclude={"line", "line_key"} | unsaid)  # as it was before there were these columns
        return hashlib.sha256(said.encode()).hexdigest()[:32]


def read_row(line: int, cells: dict[str, str], vocabulary: Vocabulary, today: date) -> ReportRow | list[RowError]:
    """`cells` by column, empty ones left out. Every cell that is wrong is told at once."""
    given = {"date": None, "kind_of_support": None} | cells
    errors: list[RowError] = []
    try:
        row = ReportRow.model_validate({**given, "line": line}, context=_Context(vocabulary, today))
        light_touch = row.light_touch
    except ValidationError as refused:
        errors = [_error(line, e["type"], e["loc"], e["msg"]) for e in refused.errors(include_input=False)]
        light_touch = _ANSWERS.get(cells.get("light_touch", "").lower(), False)
    errors += _light_touch_errors(line, cells) if light_touch else _identity_errors(line, cells)
    return errors or row


def _error(line: int, kind: str, where: Iterable[int | str], message: str) -> RowError:
    column = next((str(step) for step in where), None)
    if not kind.isupper():  # one of Pydantic's own, whose message may quote the cell
        return RowError(line, column, "CELL_UNREADABLE", "This cannot be read.")
    return RowError(line, column, kind, message)


def _light_touch_errors(line: int, cells: dict[str, str]) -> list[RowError]:
    message = "A light-touch line names nobody and has no text: leave this empty, or write no under light_touch."
    return [RowError(line, column, "LIGHT_TOUCH_ONLY", message) for column in cells if column not in LIGHT_TOUCH_COLUMNS]


def _identity_errors(line: int, cells: dict[str, str]) -> list[RowError]:
    if any(cells.get(column) for column in _IDENTITY_COLUMNS):
        return []
    message = "Say whom the support was for (own_id or a name), or write yes under light_touch."
    return [RowError(line, "own_id", "IDENTITY_MISSING", message)]
