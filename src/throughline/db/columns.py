"""Columns that tables share: time-ordered keys, instants, days and closed vocabularies."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Text, Uuid
from sqlalchemy.orm import MappedColumn, mapped_column
from sqlalchemy.types import UserDefinedType


def new_id() -> UUID:
    """A UUIDv7: unique without a sequence, and roughly in order of time, so that indexes stay compact."""
    return uuid_utils.compat.uuid7()


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id: the order in which readers of an append-only table may trust what they see."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


Id = Annotated[UUID, mapped_column(Uuid, primary_key=True)]
Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Day = Annotated[date, mapped_column(Date)]
Words = Annotated[str, mapped_column(Text)]


def refers(target: str, **options: Any) -> MappedColumn[Any]:
    """A foreign key to `portal.TARGET.id`."""
    return mapped_column(Uuid, ForeignKey(f"portal.{target}.id"), **options)


def one_of(column: str, vocabulary: type[StrEnum]) -> CheckConstraint:
    """Text checked against a closed vocabulary; a native enum would bar row security from its indexes."""
    values = ", ".join(f"'{value}'" for value in vocabulary)
    return CheckConstraint(f"{column} in ({values})", name=f"{column}_is_known")
