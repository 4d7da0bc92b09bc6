"""Where a pupil who leaves is going, as far as the old school knows."""

from enum import StrEnum

from throughline.terms.numbers import Laestab, parse_laestab


class Destination(StrEnum):
    SCHOOL = "SCHOOL"
    UNKNOWN = "UNKNOWN"  # not known 15 school days after leaving
    OUTSIDE = "OUTSIDE"  # outside England and Wales, or independent


_STANDING_FOR = {"XXXXXXX": Destination.UNKNOWN, "MMMMMMM": Destination.OUTSIDE}


def parse_destination(text: str) -> tuple[Destination, Laestab | None]:
    """`text` is authority and establishment in one, or `XXXXXXX`, `MMMMMMM`. Raises `InvalidNumber`."""
    known = _STANDING_FOR.get(text.strip().upper())
    return (known, None) if known else (Destination.SCHOOL, parse_laestab(text))
