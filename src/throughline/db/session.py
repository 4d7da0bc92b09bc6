"""A transaction in somebody's name, as acts see it: rows to add, rows to replace, and whom they touch.

Rows are gathered and written together, one statement for all of them: an act makes few round trips. Acts never commit; the
gate does, after it has checked what they wrote.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql.asyncpg import dialect

from throughline.db.base import Base
from throughline.db.columns import new_id
from throughline.db.outbox import OutboxEvent
from throughline.db.refusal import Refused, forbidden
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


@dataclass(frozen=True, slots=True)
class Question:
    """What an act has to know before it writes. `sql`: the items of a select from `me` (the agency and practitioner who ask,
    and today: `agency_id`, `actor_id`, `today`), with {0}, {1} ... where the values are bound.

    An act that says its question beforehand (`access/acting.py`) has it answered with its first step.
    """

    sql: str
    values: tuple[Any, ...]

    def select(self, first: int) -> str:
        """The items, with binds from $first on."""
        return self._numbered("$", first)

    def __add__(self, other: "Question") -> "Question":
        """Both at once."""
        return Question(f"{self.sql}, {other._numbered('{', len(self.values), '}')}", (*self.values, *other.values))

    def _numbered(self, before: str, first: int, after: str = "") -> str:
        return self.sql.format(*(f"{before}{first + place}{after}" for place in range(len(self.values))))


@dataclass(slots=True)
class Session:
    """`practitioner_id` is None for a tool. `source_rank`: of the agency, which its identity records take.
    `sees_person`: whether the viewer may see any record about a person.
    `allows`: whether the policy allows the viewer to do this (a verb of the policy) to a record as it stands now; `walled`:
    whether one of its walls stands before it, whatever its sentences say;
    `sentences`: by which sentence, for each record that it was asked of. `foreseen`: a question that is answered already.
    `claims`: link keys that somebody claimed, and for whom in this act (`linking/claims.py`). `doubt`: what is refused to whoever may
    do all the rest; raised after the policy was asked, else a refusal would tell others what is kept.
    `beside`: columns that were said beside what an act asks of its record, by the record's id: they are written with it.
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
    walled: Callable[[str, RecordKind, UUID, tuple[UUID, ...]], Awaitable[bool]]
    foreseen: tuple[Question, Any] | None = None
    written: list[Written] = field(default_factory=list)
    touched: set[UUID] = field(default_factory=set)
    sentences: dict[UUID, int] = field(default_factory=dict)
    claims: dict[str, UUID | None] = field(default_factory=dict)
    doubt: Refused | None = None
    beside: dict[UUID | None, dict[str, Any]] = field(default_factory=dict)
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
        values = {"version": 1, "sensitivity": "STANDARD", "service_id": None} | values | self.beside.pop(values.get("id"), {})
        record_id = self.add(table, agency_id=self.agency_id, practitioner_id=self.practitioner_id, **values)
        self.wrote(kind, record_id, about)
        return record_id

    def wrote(
        self, kind: RecordKind, record_id: UUID, about: Sequence[UUID], verb: str = "WRITE", *, is_checked: bool = False
    ) -> None:
        """`is_checked`: the act asked the policy before the change, which its outcome would no longer satisfy."""
        self.written.append(Written(kind, record_id, tuple(about), verb, is_checked))

    async def check(self) -> None:
        """Ask the policy about everything written so far: before an act asks whatever a refusal would give away. Raises Refused."""
        await self.flush()
        for place, written in enumerate(self.written):
            if written.is_checked:
                continue
            if not await self.allows(written.verb, written.kind, written.record_id, written.about):
                raise forbidden()
            self.written[place] = written.checked()

    def happened(self, kind: str, verb: str, record_id: UUID, told: UUID | None = None) -> None:
        """For whoever follows what happens here. Records that were written are told of by themselves. `told`: the agency
        that it concerns, where it is told to one."""
        whom = {"told_agency_id": told} if told else {}
        self.add(OutboxEvent, kind=kind, verb=verb, record_id=record_id, agency_id=self.agency_id, at=self.now, **whom)

    def part(self) -> "Session":
        """The same transaction with nothing in it yet: for a part of an act that can fail by itself. See `include`."""
        return replace(self, written=[], touched=set(), claims=dict(self.claims), _pending=[])

    def include(self, part: "Session") -> None:
        """The part went well."""
        self.written += part.written
        self.touched |= part.touched
        self.claims |= part.claims
        self._pending += part._pending

    async def flush(self) -> None:
        """Write what is pending in one statement; foreign keys are checked at its end, so order does not matter."""
        if not self._pending:
            return
        pending, self._pending = self._pending, []
        groups: dict[_Insert, list[tuple[Any, ...]]] = {}
        for table, row in pending:
            groups.setdefault((table, tuple(row)), []).append(tuple(row.values()))
        text = _inserts(tuple((insert, len(rows) > 1) for insert, rows in groups.items()))
        values: list[Any] = []
        for rows in groups.values():
            values += rows[0] if len(rows) == 1 else zip(*rows, strict=True)
        await self.connection.execute(text, *values)

    async def ask(self, question: Question) -> Any:
        """The one row that answers it: at hand, once, where the act foresaw this very question."""
        foreseen, self.foreseen = self.foreseen, None
        if foreseen and foreseen[0] == question:
            return foreseen[1]
        me = "(select $1::uuid agency_id, $2::uuid actor_id, $3::date today) me"
        actor_id = self.practitioner_id
        return await self.fetchrow(f"select {question.select(4)} from {me}", self.agency_id, actor_id, self.today, *question.values)

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


_Insert = tuple[Table, tuple[str, ...]]
"""The rows of one table that say something about the same columns."""


@lru_cache(maxsize=1_000)
def _inserts(groups: tuple[tuple[_Insert, bool], ...]) -> str:
    """One statement for rows of these tables, with these columns each. Bound are, in this order, the values of an only row, and
    of several rows an array for each column: so the text is the same however many they are."""
    places = count(1)
    steps = []
    for number, ((table, columns), is_many) in enumerate(groups):
        types = [_type(table, name) for name in columns]
        if is_many:
            rows = f"select * from unnest({', '.join(f'${next(places)}::{one}[]' for one in types)})"
        else:
            rows = f"values ({', '.join(f'${next(places)}::{one}' for one in types)})"
        steps.append(f"w{number} as (insert into {table.fullname} ({', '.join(columns)}) {rows})")
    return f"with {', '.join(steps)} select"


def _column(table: Table, name: str, value: Any, values: list[Any]) -> str:
    values.append(value)
    return f"{name} = ${len(values)}::{_type(table, name)}"


_TYPES: dict[tuple[str, str], str] = {}


def _type(table: Table, name: str) -> str:
    key = (table.fullname, name)
    if key not in _TYPES:
        _TYPES[key] = table.c[name].type.compile(_DIALECT)
    return _TYPES[key]
