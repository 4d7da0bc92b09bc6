"""Columns that tables share: time-ordered keys, instants, days and closed vocabularies."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, ForeignKeyConstraint, Text, UniqueConstraint, Uuid
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
Custody = Annotated[UUID | None, mapped_column(Uuid)]
"""The agency to which alone the row shows, because it tells of somebody who is protected; kept by the database."""


def refers(target: str, **options: Any) -> MappedColumn[Any]:
    """A foreign key to `portal.TARGET.id`."""
    return mapped_column(Uuid, ForeignKey(f"portal.{target}.id"), **options)


def belongs(column: str, parent: str) -> ForeignKeyConstraint:
    """What belongs to a row of `portal.PARENT` is made by whoever made that: nothing is added to another agency's."""
    return ForeignKeyConstraint([column, "agency_id"], [f"portal.{parent}.id", f"portal.{parent}.agency_id"])


def has_belongings(table: str) -> UniqueConstraint:
    """What `belongs` refers to."""
    return UniqueConstraint("id", "agency_id", name=f"uq_{table}_of_its_maker")


def one_of(column: str, vocabulary: type[StrEnum]) -> CheckConstraint:
    """Text checked against a closed vocabulary; a native enum would bar row security from its indexes."""
    values = ", ".join(f"'{value}'" for value in vocabulary)
    return CheckConstraint(f"{column} in ({values})", name=f"{column}_is_known")
