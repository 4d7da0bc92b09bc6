"""Every write is checked by the policy on the row as it stands in the transaction: after it was made, and, for a change,
before as well. A record may be written only if it is open for every person whom it is about."""

from collections.abc import Callable, Collection, Hashable
from typing import Any
from uuid import UUID

from throughline.access.rule import Verb
from throughline.access.rules import Names, because, no_wall
from throughline.access.standing import family_openings, household_openings, people
from throughline.access.viewer import Viewer
from throughline.records.catalogue import KINDS
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind
from throughline.terms.role import Role

_PART = "(select * from portal.support_report_part_person where report_id = $record) r"
"""Judged on the rows that name its people, each with what the policy asks of the part and its report: a part is judged for the
people in it, not for those in other parts (wall W5)."""
_LIGHT = "(select * from portal.support_report where id = $record and is_light_touch) r"
_BARE = (
    "(select $record id, 'STANDARD' sensitivity, null::uuid service_id, null::timestamptz withdrawn_at, "
    "null::uuid agency_id, null::uuid practitioner_id) r"
)
"""What the walls ask of a record, answered for a bare person."""
_IDENTITY = "(select i.*, null::timestamptz withdrawn_at from portal.identity_record i where i.id = $record) r"
_NOBODY = "(select false is_adult, true is_own, false is_named, false is_kept, false is_awaited, 0 w, 0 c0, 0 c1, 0 ag, null::uuid named) m"


Judge = Callable[[Verb, RecordKind, Role, Purpose, Names], str]
"""What is asked about each of a record's people, as in `rules.py`: null is no."""


class Verdicts:
    """What the policy says of writes. The texts of its statements are kept, one for each kind of viewer and of write."""

    def __init__(self) -> None:
        self._texts: dict[Hashable, str] = {}

    async def sentence(self, connection: Any, viewer: Viewer, me: str, values: tuple[Any, ...], verb: Verb, kind: RecordKind,
                       record_id: UUID, about: tuple[UUID, ...]) -> int | None:  # fmt: skip
        """The number of the sentence that lets the viewer do this to the record; None where none does, or where a wall stands
        before any of its people.

        `me` is the text of the viewer's first step, whose own binds ($3 and on) are `values`.
        """
        return await self._judged(because, connection, viewer, me, values, verb, kind, record_id, about)

    async def is_walled(self, connection: Any, viewer: Viewer, me: str, values: tuple[Any, ...], verb: Verb, kind: RecordKind,
                        record_id: UUID, about: tuple[UUID, ...]) -> bool:  # fmt: skip
        """Whether a wall stands before any of its people, whatever the sentences say."""
        return await self._judged(no_wall, connection, viewer, me, values, verb, kind, record_id, about) is None

    async def _judged(self, judge: Judge, connection: Any, viewer: Viewer, me: str, values: tuple[Any, ...], verb: Verb,
                      kind: RecordKind, record_id: UUID, about: tuple[UUID, ...]) -> int | None:  # fmt: skip
        expected = how_many(kind, about)
        if expected == 0:
            return None
        key = (me, len(values), verb, kind, viewer.role, viewer.purpose, judge)
        sql = self._texts.get(key) or self._texts.setdefault(key, _sentence(*key))
        whom = () if kind is RecordKind.LIGHT_TOUCH_REPORT else (list(set(about)),)
        number: int | None = await connection.fetchval(sql, record_id, expected, *values, *whom)
        return number


def how_many(kind: RecordKind, about: Collection[UUID]) -> int:
    """How many people must be open at least for a record of this kind to be written; 0: it is about nobody, and nobody may."""
    return 1 if kind is RecordKind.LIGHT_TOUCH_REPORT else len(set(about))


def _sentence(me: str, binds: int, verb: Verb, kind: RecordKind, role: Role, purpose: Purpose, judge: Judge) -> str:
    """$1: the record; $2: how many people must be open at least; then the binds of `me`, and whom it is about."""
    one = verdict(verb, kind, role, purpose, record="$1::uuid", expected="$2", about=f"${binds + 3}::uuid[]", judge=judge)
    return f"with me as materialized ({me}) select {one} from me"


def verdict(verb: Verb, kind: RecordKind, role: Role, purpose: Purpose, *, record: str, expected: str, about: str,
            judge: Judge = because) -> str:  # fmt: skip
    """The number of the sentence that lets `me` do this to the record, as one correlated subselect; null where none does. (Or whatever
    else `judge` answers for every one of its people.)

    `record`, `expected` (`how_many`) and `about` (uuid[]) are bind expressions.
    """
    persons = {RecordKind.LIGHT_TOUCH_REPORT: _NOBODY, RecordKind.SUPPORT_REPORT: _STANDING_IN_PART}.get(kind, _STANDING)
    everybody = f"count(*) = {_IN_PARTS}" if kind is RecordKind.SUPPORT_REPORT else "true"
    source, hw = _source(kind)
    sentence = judge(verb, kind, role, purpose, Names(r="r", m="m", hw=hw, about="m.named"))
    opened = (
        family_openings("r")
        if kind is RecordKind.LIGHT_TOUCH_REPORT
        else f"select {household_openings('r.household_id')} w offset 0"
    )
    household = f"cross join lateral ({opened}) h" if hw != "0" else ""
    judged = (
        f"(select case when count(*) filter (where x.because is null) = 0 and count(*) >= {expected} and {everybody} "
        f"then min(x.because) end from (select {sentence} because from {source} cross join {persons} {household}) x)"
    )
    return judged.replace("$record", record).replace("$about", about)


_STANDING = (
    "lateral (select m.*, u.id named from unnest($about) u(id) join portal.identity_record w on w.id = u.id "
    f"cross join lateral ({people('i.person_id = w.person_id')}) m) m"
)
_STANDING_IN_PART = (
    "lateral (select m.*, w.id named from portal.identity_record w "
    f"cross join lateral ({people('i.person_id = w.person_id')}) m where w.id = r.identity_record_id and w.id = any($about)) m"
)
_IN_PARTS = "(select sum(p.people) from portal.support_report_part p where p.report_id = $record)"


def _source(kind: RecordKind) -> tuple[str, str]:
    """The FROM item `r` with the columns that sentences speak of, and the expression for its household's openings."""
    if kind is RecordKind.SUPPORT_REPORT:
        return _PART, "h.w"
    if kind is RecordKind.LIGHT_TOUCH_REPORT:
        return _LIGHT, "h.w"
    if kind is RecordKind.PERSON:
        return _BARE, "0"
    if kind is RecordKind.IDENTITY_RECORD:
        return _IDENTITY, "0"
    table = KINDS[kind].__table__
    return f"(select * from {table} where id = $record) r", "h.w" if "household_id" in table.c else "0"
