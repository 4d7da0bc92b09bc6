"""All rows of one world as ORM objects, read by the database's owner: the second wall is no help to whoever reads here."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from throughline.access.opening import Opening
from throughline.db.base import Base
from throughline.records.catalogue import KINDS

assert KINDS  # every table is registered
Row = TypeVar("Row")


class Rows:
    """`of("need")` gives every row of a table; the rest are the look-ups that reading needs, made once."""

    def __init__(self, tables: dict[str, list[Any]]) -> None:
        self._tables = tables
        self.identity = {row.id: row for row in self.of("identity_record")}
        self.agency = {row.id: row for row in self.of("agency")}
        self.service = {row.id: row for row in self.of("service")}
        self.practitioner = {row.id: row for row in self.of("practitioner")}
        self.tool = {row.id: row for row in self.of("tool")}
        self.household = {row.id: row for row in self.of("household")}
        self.family = {row.id: row for row in self.of("family")}
        self.report = {row.id: row for row in self.of("support_report")}
        self.parts = grouped(self.of("support_report_part"), lambda row: row.report_id)
        self.in_part = grouped(self.of("support_report_part_person"), lambda row: row.part_id)
        self.in_position = grouped(self.of("team_position_person"), lambda row: row.position_id)
        self.in_decision = grouped(self.of("sharing_decision_person"), lambda row: row.decision_id)
        self.in_reason = grouped(self.of("sharing_reason_person"), lambda row: row.reason_id)
        self.openings: dict[UUID, list[Opening]] = grouped(self.of("opening"), lambda row: row.subject_id)
        self.replaced = grouped(self.of("record_history"), lambda row: row.record_id)
        self.by_person = grouped(self.of("identity_record"), lambda row: row.person_id)

    def of(self, table: str) -> list[Any]:
        return self._tables.get(table, [])


def grouped(rows: Iterable[Row], key: Callable[[Row], Hashable]) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def runs_on(row: Any, day: date) -> bool:
    """A dated row; both ends belong to it."""
    return bool(row.from_on <= day and (row.until_on is None or row.until_on >= day))


async def read_rows(engine: AsyncEngine) -> Rows:
    tables: dict[str, list[Any]] = {}
    async with async_sessionmaker(engine)() as session:
        for mapper in Base.registry.mappers:
            table: Any = mapper.local_table
            if table.schema == "portal":
                name = table.c.get("name")  # in the database's own order of letters
                ordered = () if name is None else (name, table.c.id)
                found = await session.scalars(select(mapper.class_).order_by(*ordered))
                tables[str(table.name)] = list(found)
    return Rows(tables)
