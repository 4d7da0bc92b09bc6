"""Scalars, as PostgreSQL prints them and a front-end reads them."""

import datetime
from dataclasses import replace

from strawberry.schema.config import StrawberryConfig
from strawberry.schema.types.base_scalars import DateDefinition, DateTimeDefinition

_DATE = replace(
    DateDefinition,
    description="A day in the United Kingdom, as `YYYY-MM-DD`. Where days limit something, the first and the "
    "last are both included.",
)
_INSTANT = replace(
    DateTimeDefinition,
    description="An instant in UTC with microseconds, as `2026-09-01T08:15:00.000000Z`.",
)

SCALARS = StrawberryConfig(scalar_map={datetime.date: _DATE, datetime.datetime: _INSTANT})
