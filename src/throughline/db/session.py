"""A transaction in somebody's name, as acts see it: rows to add, rows to replace, and whom they touch.

Rows are gathered and written together, one statement for all of them: an act makes few round trips. Acts never commit; the
gate does, after it has checked what they wrote.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql.asyncpg import dialect

from throughline.db.base import Base
from throughline.db.columns import new_id
from throughline.terms.record_kind import RecordKind

_DIALECT = dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Written:
    """A record that an act wrote, and the identity records of everybody whom it is about."""

    kind: RecordKind
    record_id: UUID
    about: tuple[UUID, ...]
    verb: str = "WRITE"
    is_checked: bool = False

    def checked(self) -> "Written":
        return replace(self, is_checked=True)


@dataclass(slots=True)
class Session:
    """`practitioner_id` is None for a tool. `source_rank`: of the agency, which its identity records take.
    `sees_person`: whether the viewer may see any record about a person.
    `allows`: whether the policy allows the viewer to do this (a verb of the policy) to a record as it stands now;
    `sentences`: by which sentence, for each record that it was asked of.
    """

    connection: Any
    agency_id: UUID
    practitioner_id: UUID | None
    services: tuple[UUID, ...]
    area: str
    source_rank: int
    today: date
    now: datetime
    secret: bytes
    sees_person: Callable[[UUID], Awaitable[bool]]
    allows: Callable[[str, RecordKind, UUID, tuple[UUID, ...]], Awaitable[bool]]
    written: list[Written] = field(default_factory=list)
    touched: set[UUID] = field(default_factory=set)
    assignments: list[UUID] = field(default_factory=list)
    sentences: dict[UUID, int] = field(default_factory=dict)
    _pending: list[tuple[Table, dict[str, Any]]] = field(default_factory=list)

    def add(self, table: type[Base], **values: Any) -> UUID:
        """Write this row with the next flush. Answers its id, which is made here when none is given."""
        sql_table: Table = table.__table__  # type: ignore[assignment]
        if "id" in sql_table.c and "id" not in values:
            values["id"] = new_id()
        if "made_at" in sql_table.c:
            values.setdefault("made_at", self.now)
        self._pending.append((sql_table, values))
        made: UUID = values.get("id", new_id())
        return made

    def add_record(self, kind: RecordKind, table: type[Base], about: Sequence[UUID], /, **values: Any) -> UUID:
        """A new record of the viewer's own agency, to be checked against the policy before anything is committed."""
        values = {"version": 1, "sensitivity": "STANDARD", "service_id": None} | values
        record_id = self.add(table, agency_id=self.agency_id, practitioner_id=self.practitioner_id, **values)
        self.wrote(kind, record_id, about)
        return record_id

    def wrote(
        self, kind: RecordKind, record_id: UUID, about: Sequence[UUID], verb: str = "WRITE", *, is_checked: bool = False
    ) -> None:
        """`is_checked`: the act asked the policy before the change, which its outcome would no longer satisfy."""
        self.written.append(Written(kind, record_id, tuple(about), verb, is_checked))

    def part(self) -> "Session":
        """The same transaction with nothing in it yet: for a part of an act that can fail by itself. See `include`."""
        return replace(self, written=[], touched=set(), assignments=[], _pending=[])

    def include(self, part: "Session") -> None:
        """The part went well."""
        self.written += part.written
        self.touched |= part.touched
        self.assignments += part.assignments
        self._pending += part._pending

    async def flush(self) -> None:
        """Write what is pending in one statement; foreign keys are checked at its end, so order does not matter."""
        if not self._pending:
            return
        pending, self._pending = self._pending, []
        values: list[Any] = []
        steps = [_insert(number, table, row, values) for number, (table, row) in enumerate(pending)]
        await self.connection.execute(f"with {', '.join(steps)} select", *values)

    async def replace(self, table: type[Base], record_id: UUID, version: int, **changes: Any) -> bool:
        """The next version of a record, or False where the version is stale. The old one is kept by the database."""
        await self.flush()
        values: list[Any] = [record_id, version]
        sql_table: Table = table.__table__  # type: ignore[assignment]
        sets = "".join(f", {_column(sql_table, name, value, values)}" for name, value in changes.items())
        done: str = await self.connection.execute(
            f"update {sql_table.fullname} set version = version + 1{sets} where id = $1 and version = $2", *values
        )
        return done == "UPDATE 1"

    async def change(self, table: type[Base], key: str, value: UUID, **changes: Any) -> None:
        """Change rows that belong to a record (parts, people of parts): their version is the record's own."""
        await self.flush()
        values: list[Any] = [value]
        sql_table: Table = table.__table__  # type: ignore[assignment]
        sets = ", ".join(_column(sql_table, name, new, values) for name, new in changes.items())
        await self.connection.execute(f"update {sql_table.fullname} set {sets} where {key} = $1", *values)

    async def fetch(self, sql: str, *values: Any) -> list[Any]:
        await self.flush()
        rows: list[Any] = await self.connection.fetch(sql, *values)
        return rows

    async def fetchrow(self, sql: str, *values: Any) -> Any:
        await self.flush()
        return await self.connection.fetchrow(sql, *values)


def _insert(number: int, table: Table, row: dict[str, Any], values: list[Any]) -> str:
    places = []
    for name, value in row.items():
        values.append(value)
        places.append(f"${len(values)}::{_type(table, name)}")
    return f"w{number} as (insert into {table.fullname} ({', '.join(row)}) values ({', '.join(places)}))"


def _column(table: Table, name: str, value: Any, values: list[Any]) -> str:
    values.append(value)
    return f"{name} = ${len(values)}::{_type(table, name)}"


_TYPES: dict[tuple[str, str], str] = {}


def _type(table: Table, name: str) -> str:
    key = (table.fullname, name)
    if key not in _TYPES:
        _TYPES[key] = table.c[name].type.compile(_DIALECT)
    return _TYPES[key]
