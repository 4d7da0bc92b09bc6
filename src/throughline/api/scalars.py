"""Scalars, as PostgreSQL prints them and a front-end reads them."""

import datetime
import re
from dataclasses import replace

from strawberry.schema.config import StrawberryConfig
from strawberry.schema.types.base_scalars import DateDefinition, DateTimeDefinition, wrap_parser

_YEAR_MONTH_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(text: str) -> datetime.date:
    """In the one way that is promised: Python alone would also read 20260901 and 2026-W36-2."""
    if not _YEAR_MONTH_DAY.fullmatch(text):
        raise ValueError
    return datetime.date.fromisoformat(text)


_DATE = replace(
    DateDefinition,
    parse_value=wrap_parser(_day, "Date", include_error=False),
    description="A day in the United Kingdom, as `YYYY-MM-DD`. Where days limit something, the first and the "
    "last are both included.",
)
_INSTANT = replace(
    DateTimeDefinition,
    description="An instant in UTC with microseconds, as `2026-09-01T08:15:00.000000Z`.",
)

SCALARS = StrawberryConfig(scalar_map={datetime.date: _DATE, datetime.datetime: _INSTANT})
