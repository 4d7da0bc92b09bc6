"""A statement under construction: its binds, its aliases, and the viewer's kind for which it is compiled."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from throughline.access import rules
from throughline.access.rule import Verb
from throughline.access.rules import Names
from throughline.access.standing import PERSON_COLUMNS
from throughline.access.viewer import Viewer
from throughline.db.session import Written
from throughline.reading.tree import Variables
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind
from throughline.terms.role import Role


@dataclass(frozen=True, slots=True)
class Occasion:
    """One execution of a plan: everything that is bound and never compiled."""

    viewer: Viewer
    variables: Variables
    today: date
    now: datetime
    entry_id: UUID
    verb: str
    operation: str
    secret: bytes
    policy_version: str
    written: Written | None = None
    """What an act wrote: the plan was compiled to judge it (`Statement.judges`)."""


Bind = Callable[[Occasion], Any]


@dataclass(slots=True)
class Statement:
    """Only names of our own reach the text; every literal and variable is bound."""

    role: Role
    purpose: Purpose
    is_tool: bool
    asks_why: bool = True
    judges: tuple[Verb, RecordKind] | None = None
    """What an act did to a record of which kind, if that is to be judged with the reading."""
    binds: list[Bind] = field(default_factory=list)
    cursors: list[Bind] = field(default_factory=list)
    """Those given for lists that have an owner: whether they were made for it shows in the answer (`page.py`)."""
    terms: str = "null::bytea"
    """Digests of what was searched for, for the trail."""
    _slots: dict[object, str] = field(default_factory=dict)
    _aliases: int = 0

    def bind(self, key: object, value: Bind, sql_type: str) -> str:
        """A placeholder. The same key is bound once."""
        if key not in self._slots:
            self.binds.append(value)
            self._slots[key] = f"${len(self.binds)}::{sql_type}"
        return self._slots[key]

    def constant(self, value: Any, sql_type: str) -> str:
        return self.bind(("constant", value, sql_type), lambda _: value, sql_type)

    def alias(self, stem: str) -> str:
        self._aliases += 1
        return f"{stem}{self._aliases}"

    def because(self, kind: RecordKind, names: Names, verb: Verb = Verb.SEE) -> str:
        return rules.because(verb, kind, self.role, self.purpose, names)

    def why(self, kind: RecordKind, names: Names) -> str:
        """Every sentence, as bits; not worked out where nobody asked for them."""
        if not self.asks_why:
            return "0"
        return rules.why(Verb.SEE, kind, self.role, self.purpose, names)

    def numbers(self, kind: RecordKind) -> list[int]:
        return rules.numbers(Verb.SEE, kind, self.role, self.purpose)

    def opens(self, kind: RecordKind, verb: Verb = Verb.SEE) -> bool:
        """Whether any sentence could let a row of this kind in; where none can, its table is not read at all."""
        return bool(rules.rules_for(verb, kind, self.role, self.purpose))


@dataclass(frozen=True, slots=True)
class Emitted:
    """A JSON-able expression and, where rows stand beneath it, the bytes that the audit keeps of them."""

    sql: str
    seen: str | None = None


class Joins(list[str]):
    """Laterals of a FROM clause, in order. `names`: the alias of the names of each person in it, by the alias of their standing."""

    def __init__(self, joins: Iterable[str] = ()) -> None:
        super().__init__(joins)
        self.names: dict[str, str] = {}


@dataclass(slots=True)
class Scope:
    """Where a row's fields are written: `r` names the record, `m` its person's standing, `b` its sentence.

    Laterals that its fields need are collected in `joins`. No `m`: the row is about no single person. `people`: the FROM
    item behind a row that stands for several, as a family does.
    """

    statement: Statement
    r: str
    m: str | None = None
    b: str | None = None
    joins: Joins = field(default_factory=Joins)
    people: str | None = None

    @property
    def who(self) -> str:
        """A FROM item `m`: the standing of everybody whose records stand beneath this row."""
        if self.people:
            return self.people
        return f"(select {', '.join(f'{self.m}.{column}' for column in PERSON_COLUMNS)}) m"

    @property
    def owner(self) -> str:
        """The id of the family or person beneath which a list stands."""
        return f"{self.r}.id" if self.people else f"{self.m}.person_id"

    def lateral(self, stem: str, select: str) -> str:
        alias = self.statement.alias(stem)
        self.joins.append(f"cross join lateral ({select}) {alias}")
        return alias


Emitter = Callable[[Scope, Any], Emitted]
Fields = Mapping[str, Emitter]
