"""Every write is checked by the policy on the row as it stands in the transaction: after it was made, and, for a change,
before as well. A record may be written only if it is open for every person whom it is about."""

from collections.abc import Hashable
from typing import Any
from uuid import UUID

from throughline.access.rule import Verb
from throughline.access.rules import Names, because
from throughline.access.standing import household_openings, people
from throughline.access.viewer import Viewer
from throughline.records.catalogue import KINDS
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind
from throughline.terms.role import Role

_PART = (
    "(select pt.id, pt.report_id, pt.agency_id, pt.service_id, pt.sensitivity, pt.is_released, sr.practitioner_id, "
    "sr.withdrawn_at, sr.household_id from portal.support_report_part pt join portal.support_report sr on sr.id = pt.report_id "
    "where sr.id = $1) r"
)
_LIGHT = "(select * from portal.support_report where id = $1 and is_light_touch) r"
_BARE = (
    "(select $1::uuid id, 'STANDARD' sensitivity, null::uuid service_id, null::timestamptz withdrawn_at, "
    "null::uuid agency_id, null::uuid practitioner_id) r"
)
"""What the walls ask of a record, answered for a bare person."""
_NOBODY = "(select false is_adult, true is_own, 0 w, 0 c0, 0 c1, 0 ag) m"


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
        expected = 1 if kind is RecordKind.LIGHT_TOUCH_REPORT else len(set(about))
        if expected == 0:
            return None
        key = (me, len(values), verb, kind, viewer.role, viewer.purpose)
        sql = self._texts.get(key) or self._texts.setdefault(key, _sentence(*key))
        whom = () if kind is RecordKind.LIGHT_TOUCH_REPORT else (list(set(about)),)
        number: int | None = await connection.fetchval(sql, record_id, expected, *values, *whom)
        return number


def _sentence(me: str, binds: int, verb: Verb, kind: RecordKind, role: Role, purpose: Purpose) -> str:
    """$1: the record; $2: how many people must be open at least; then the binds of `me`, and whom it is about."""
    persons = {RecordKind.LIGHT_TOUCH_REPORT: _NOBODY, RecordKind.SUPPORT_REPORT: _STANDING_IN_PART}.get(kind, _STANDING)
    everybody = f"count(*) = {_IN_PARTS}" if kind is RecordKind.SUPPORT_REPORT else "true"
    source, hw = _source(kind)
    verdict = because(verb, kind, role, purpose, Names(r="r", m="m", hw=hw))
    household = f"cross join lateral (select {household_openings('r.household_id')} w) h" if hw != "0" else ""
    sql = (
        f"with me as materialized ({me}) select (select case when "
        f"count(*) filter (where x.because is null) = 0 and count(*) >= $2 and {everybody} then min(x.because) end "
        f"from (select {verdict} because from {source} cross join {persons} {household}) x) from me"
    )
    return sql.replace("$about", f"${binds + 3}")


_STANDING = (
    "lateral (select m.* from unnest($about::uuid[]) u(id) join portal.identity_record w on w.id = u.id "
    f"cross join lateral ({people('i.person_id = w.person_id')}) m) m"
)
_STANDING_IN_PART = (
    "lateral (select m.* from portal.support_report_part_person u join portal.identity_record w on w.id = u.identity_record_id "
    f"cross join lateral ({people('i.person_id = w.person_id')}) m where u.part_id = r.id and u.identity_record_id = any($about)) m"
)
"""A part is judged for the people in it, not for those in other parts (wall W5)."""
_IN_PARTS = "(select sum(p.people) from portal.support_report_part p where p.report_id = $1)"


def _source(kind: RecordKind) -> tuple[str, str]:
    """The FROM item `r` with the columns that sentences speak of, and the expression for its household's openings."""
    if kind is RecordKind.SUPPORT_REPORT:
        return _PART, "h.w"
    if kind is RecordKind.LIGHT_TOUCH_REPORT:
        return _LIGHT, "h.w"
    if kind is RecordKind.PERSON:
        return _BARE, "0"
    table = KINDS[kind].__table__
    return f"(select * from {table} where id = $1) r", "h.w" if "household_id" in table.c else "0"
