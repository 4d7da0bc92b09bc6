"""How the rows of a kind are found for a viewer: from people whose standing is known, or from one record's id.

Every select made here yields the record's columns, its person's standing (`PERSON_COLUMNS`, where it has one person),
`because` (the first sentence that lets the row in, never null) and `why` (all of them, as bits). Filtering happens here,
before anything is ordered, counted or cut.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from throughline.access.rule import Verb
from throughline.access.rules import Names
from throughline.access.standing import PERSON_COLUMNS, household_openings, people
from throughline.reading.statement import Fields, Joins, Scope, Statement
from throughline.terms.record_kind import RecordKind

_HOUSEHOLD_BITS = re.compile(r"\bh\.w\b")
_STANDING = ", ".join(f"m.{column}" for column in PERSON_COLUMNS)


@dataclass(frozen=True, slots=True)
class Kind:
    """`day`: the column by which records of this kind stand in a chronology. `key`: the record's id where rows are judged.
    `one`: how a single record is judged by its id, where that is cheaper than to find it among those about its people.
    `carries`: columns of its rows beside those of every kind. `is_late`: its rows carry only what orders and opens them, and the
    record is read after the page is cut."""

    type_name: str
    kind: RecordKind
    table: str
    day: str
    fields: Fields
    reach: Callable[["Kind", Statement, str, str], str]
    whose: Callable[["Kind", str], str]
    has_household: bool = False
    known: Callable[["Kind", Statement, str], str] | None = None
    key: str = "r.id"
    one: Callable[[Statement, str], str] | None = None
    carries: tuple[str, ...] = ()
    is_late: bool = False

    def rows(self, statement: Statement, who: str, where: str = "true") -> str:
        """The rows open to the viewer among those about `who`, a FROM item that yields standing as `m`.

        Only for kinds that some sentence opens (`Statement.opens`): the others are not read at all.
        """
        return self.reach(self, statement, who, where)

    def by_id(self, statement: Statement, record_id: str) -> str:
        """The row with this id, if it is open to the viewer."""
        if self.one:
            return self.one(statement, record_id)
        return self.rows(statement, standing_of(self.whose(self, record_id)), f"{self.key} = {record_id}")

    def scope(self, statement: Statement) -> Scope:
        """Where the fields of one of its rows are written; the row itself is named `scope.b`."""
        row = statement.alias("c")
        if not self.is_late:
            return Scope(statement, row, row, row)
        record = statement.alias("r")
        return Scope(statement, record, None, row, Joins([f"join {self.table} {record} on {record}.id = {row}.id"]))

    def hw(self) -> str:
        return "h.w" if self.has_household else "0"

    def household(self, r: str = "r") -> str:
        if not self.has_household:
            return ""
        return f"cross join lateral (select {household_openings(f'{r}.household_id')} w offset 0) h"


NOBODY = (
    "null::uuid person_id, null::uuid[] ids, false is_adult, false is_own, false is_named, false is_kept, false is_awaited, "
    "0 w, 0 c0, 0 c1, 0 ag"
)
"""The standing columns of a row that is about no single person."""


def closed(kind: Kind) -> str:
    """No rows, with the columns that a row of the kind would have: for kinds that no sentence opens."""
    columns = f"{NOBODY}, null::int2 because, 0 why, null::uuid[] parts, null::uuid[] shown"
    return f"select r.*, {columns} from {kind.table} r where false"


def standing_of(persons: str) -> str:
    """A FROM item `m`: the viewer's standing towards each person whom this select of person ids names."""
    return f"({people(f'i.person_id = any(array({persons}))')}) m"


def judged(statement: Statement, kind: RecordKind, names: Names) -> tuple[str, str]:
    """The columns `because` and `why` of a row, and what its FROM needs for them: the openings for its household (`h.w`) are
    looked up in place, unless they are asked for more than once."""
    columns = f"{statement.because(kind, names)} because, {statement.why(kind, names)} why"
    household = household_openings(f"{names.r}.household_id")
    if len(_HOUSEHOLD_BITS.findall(columns)) > 1:
        return columns, f"cross join lateral (select {household} w offset 0) h"
    return _HOUSEHOLD_BITS.sub(lambda _: household, columns), ""


def about_one(kind: Kind, statement: Statement, who: str, where: str) -> str:
    """A record about one person."""
    verdict, household = judged(statement, kind.kind, Names(r="r", m="m", hw=kind.hw(), about="r.identity_record_id"))
    return (
        f"select * from (select r.*, {_STANDING}, {verdict} from {who} join {kind.table} r "
        f"on r.identity_record_id = any(m.ids) {household} where {where} offset 0) c where c.because is not null"
    )


def whose_one(kind: Kind, record_id: str) -> str:
    return (
        f"select w.person_id from {kind.table} v join portal.identity_record w on w.id = v.identity_record_id "
        f"where v.id = {record_id}"
    )


def about_both(kind: Kind, statement: Statement, who: str, where: str) -> str:
    """A record about two people together: open only where it is open for each of them (wall W5)."""
    names = Names(r="r", m="m", hw=kind.hw(), about="u.id")
    both = (
        f"select case when count(*) = 2 then min(x.because) end because, bit_or(x.why) why from ("
        f"select {statement.because(kind.kind, names)} because, {statement.why(kind.kind, names)} why "
        "from unnest(array[r.identity_record_id, r.other_identity_record_id]) u(id) "
        "join portal.identity_record w on w.id = u.id "
        f"cross join lateral ({people('i.person_id = w.person_id')}) m {kind.household()}) x where x.because is not null"
    )
    return (
        f"select * from (select distinct on (r.id) r.*, {NOBODY}, b.because, b.why from {who} join {kind.table} r "
        f"on r.identity_record_id = any(m.ids) or r.other_identity_record_id = any(m.ids) "
        f"cross join lateral ({both}) b where {where}) c where c.because is not null"
    )


def whose_both(kind: Kind, record_id: str) -> str:
    return (
        f"select w.person_id from {kind.table} v join portal.identity_record w "
        f"on w.id in (v.identity_record_id, v.other_identity_record_id) where v.id = {record_id}"
    )


def about_each(link: str, key: str) -> Callable[[Kind, Statement, str, str], str]:
    """A record that names several people, each a part of its own: open where it is open for any of them, and found beneath
    those alone."""

    def reach(kind: Kind, statement: Statement, who: str, where: str) -> str:
        names, known = Names(r="r", m="m", hw=kind.hw()), statement.alias("known")
        strangers = (  # named beside them: their standing is not at hand
            "select w.person_id from unnest(n.ids) u(id) join portal.identity_record w on w.id = u.id "
            f"where not exists (select from {known} k where u.id = any(k.ids))"
        )
        each = (
            f"select min(x.because)::int2 because, bit_or(x.why) why, array_agg(x.person_id) shown from ("
            f"select m.person_id, {statement.because(kind.kind, names)} because, {statement.why(kind.kind, names)} why "
            f"from (select {_STANDING} from {known} m where m.ids && n.ids "
            f"union all select {_STANDING} from {standing_of(strangers)}) m) x where x.because is not null"
        )
        return (
            f"with {known} as materialized (select {_STANDING} from {who}) "
            f"select * from (select r.*, {NOBODY}, b.because, b.why, b.shown from {kind.table} r "
            f"cross join lateral (select array_agg(l.identity_record_id) ids from {link} l where l.{key} = r.id) n "
            f"{kind.household()} cross join lateral ({each}) b where r.id in (select l.{key} from {known} m join {link} l "
            f"on l.identity_record_id = any(m.ids)) and {where} and exists (select from {known} m where m.person_id = any(b.shown))"
            " offset 0) c where c.because is not null"
        )

    return reach


def about_every(link: str, key: str) -> Callable[[Kind, Statement, str, str], str]:
    """A record that names several people and speaks of them together: open only where it is open for each of them (wall W5)."""

    def reach(kind: Kind, statement: Statement, who: str, where: str) -> str:
        names = Names(r="r", m="m", hw=kind.hw(), about="u.id")
        every = (
            "select case when count(x.because) = n.named then min(x.because) end because, bit_or(x.why) why from ("
            f"select {statement.because(kind.kind, names)} because, {statement.why(kind.kind, names)} why from unnest(n.ids) u(id) "
            f"join portal.identity_record w on w.id = u.id cross join lateral ({people('i.person_id = w.person_id')}) m) x"
        )
        return (
            f"select * from (select distinct on (r.id) r.*, {NOBODY}, b.because, b.why from {who} join {link} f "
            f"on f.identity_record_id = any(m.ids) join {kind.table} r on r.id = f.{key} cross join lateral "
            f"(select array_agg(l.identity_record_id) ids, count(*) named from {link} l where l.{key} = r.id) n "
            f"cross join lateral ({every}) b where {where}) c where c.because is not null"
        )

    return reach


def whose_each(link: str, key: str) -> Callable[[Kind, str], str]:
    return lambda _, record_id: _linked(link, key, record_id)


def _linked(link: str, key: str, record_id: str) -> str:
    return (
        f"select w.person_id from {link} v join portal.identity_record w on w.id = v.identity_record_id where v.{key} = {record_id}"
    )


def known_about_one(kind: Kind, statement: Statement, who: str) -> str:
    """A boolean: a KNOW_OF sentence lets the viewer know that such records exist about `who`."""
    names = Names(r="r", m="m", hw=kind.hw(), about="r.identity_record_id")
    return (
        f"exists (select from (select {statement.because(kind.kind, names, Verb.KNOW_OF)} because from {who} "
        f"join {kind.table} r on r.identity_record_id = any(m.ids) {kind.household()} offset 0) c where c.because is not null)"
    )
