"""Whether an agency's system, by one id of its own, still speaks of the same human being."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from throughline.terms.names import fold
from throughline.terms.numbers import InvalidNumber, parse_upn

_ONE_EACH = {"UPN": "UPN", "FORMER_UPN": "UPN", "NHS_NUMBER": "NHS", "ULN": "ULN"}
"""What everybody has one of. A former UPN is one of theirs too."""


@dataclass(frozen=True, slots=True)
class Said:
    """What tells somebody from others. `numbers`: (scheme, value)."""

    given_name: str | None
    date_of_birth: date | None
    numbers: Iterable[tuple[str, str]] = ()


def is_somebody_else(before: Said, now: Said) -> bool:
    """Another forename and another birth date, or a number of which everybody has one and this is another. A name that is spelt
    anew, a birth date that is put right, or whatever was not said before, makes nobody else of them."""
    return (other_name(before, now) and other_birth(before, now)) or _other_number(before.numbers, now.numbers)


def other_name(before: Said, now: Said) -> bool:
    return bool(before.given_name and now.given_name) and fold(before.given_name or "") != fold(now.given_name or "")


def other_birth(before: Said, now: Said) -> bool:
    return bool(before.date_of_birth and now.date_of_birth) and before.date_of_birth != now.date_of_birth


def _other_number(before: Iterable[tuple[str, str]], now: Iterable[tuple[str, str]]) -> bool:
    was, is_now = _by_kind(before), _by_kind(now)
    return any(is_now[kind].isdisjoint(was[kind]) for kind in was.keys() & is_now.keys())


def _by_kind(numbers: Iterable[tuple[str, str]]) -> Mapping[str, set[str]]:
    kinds: dict[str, set[str]] = {}
    for scheme, value in numbers:
        if scheme in _ONE_EACH and not is_temporary(scheme, value):
            kinds.setdefault(_ONE_EACH[scheme], set()).add(value)
    return kinds


def is_temporary(scheme: str, value: str) -> bool:
    """A temporary UPN is given twice and dropped: it identifies nobody."""
    try:
        return "UPN" in scheme and parse_upn(value).is_temporary
    except InvalidNumber:
        return False
