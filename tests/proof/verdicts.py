"""The program's own verdicts, straight from its SQL: for each row of a kind and each person in it, the sentences that let in.

They stand beside the oracle's for the same rows, so that a fault in the list of rules shows without a server.
"""

from collections.abc import Iterable
from typing import Any

import asyncpg

from tests.proof.fact import EACH_THEIR_OWN, Part
from tests.proof.oracle import SENTENCES, Asked, case, person_record
from tests.proof.truth import Truth
from tests.reading.worlds import NOW, TODAY
from throughline.access import rules
from throughline.access.entering import me
from throughline.access.judging import source
from throughline.access.rule import Verb
from throughline.access.rules import Names
from throughline.access.standing import household_openings, people
from throughline.access.viewer import Viewer
from throughline.terms.record_kind import RecordKind

_PERSON = (
    "(select q.id, 'STANDARD' sensitivity, null::uuid agency_id, null::uuid practitioner_id, null::uuid service_id, "
    "null::timestamptz withdrawn_at, null::uuid household_id from portal.person q) r "
    "cross join lateral (select null::uuid id) g "
    f"join lateral ({people('i.person_id = r.id')}) m on true cross join lateral (select {household_openings('null::uuid')} w) h"
)
Row = tuple[Any, Any]


def _rows(kind: RecordKind) -> str:
    if kind is RecordKind.PERSON:
        return _PERSON
    every = "where is_light_touch" if kind is RecordKind.LIGHT_TOUCH_REPORT else ""
    told = source(kind).rows
    for one in ("where s.id = $1", "where t.id = $1", "where id = $1"):
        told = told.replace(one, every)
    assert "$1" not in told, told
    return told


def text(verb: Verb, kind: RecordKind, viewer: Viewer) -> str:
    """One statement; binds: actor, client, role, purpose, today, now."""
    hangs = kind not in EACH_THEIR_OWN and kind not in (RecordKind.IDENTITY_RECORD, RecordKind.PERSON)
    names = Names(r="r", m="m", hw="h.w", about="g.id" if hangs else "null::uuid")
    asked = (verb, kind, viewer.role, viewer.purpose, names)
    entered = me(
        is_tool=viewer.is_tool, actor="$1::uuid", client="$2::text", role="$3::text", purpose="$4::text", today="$5::date",
        now="$6::timestamptz",
    )  # fmt: skip
    # whom a record names by an identity record of another's confidential service, it does not name for the viewer
    is_known = (
        "true" if kind is RecordKind.LIGHT_TOUCH_REPORT else "(g.id = any(m.ids) or g.id is null and m.person_id is not null)"
    )
    return (
        f"with me as materialized ({entered}) select r.id, g.id ref, {rules.because(*asked)} first, {rules.why(*asked)} every "
        f"from me cross join {_rows(kind)} where {is_known}"
    )


async def said(owner: asyncpg.Connection, verb: Verb, kind: RecordKind, viewer: Viewer) -> dict[Row, frozenset[int]]:
    """By row (a record, or a part of a report) and the identity record by which it names somebody."""
    binds = (viewer.actor_id, viewer.client_id, str(viewer.role), str(viewer.purpose), TODAY, NOW)
    found = await owner.fetch(text(verb, kind, viewer), *binds)
    numbers = rules.numbers(verb, kind, viewer.role, viewer.purpose)

    def which(bits: int) -> Iterable[int]:
        return (number for place, number in enumerate(numbers) if bits >> place & 1)

    return {(row["id"], row["ref"]): frozenset(which(row["every"]) if row["first"] is not None else ()) for row in found}


class Expected:
    """The oracle's verdicts in the same shape, for one viewer."""

    def __init__(self, truth: Truth) -> None:
        self._case = case(truth.world, truth.viewer, truth.today)
        self._parts = {
            (part.id or record.id): (record, part) for record in truth.world.records for part in truth.world.parts[record.id]
        }
        self._found: dict[Any, frozenset[int]] = {}

    def of(self, verb: Verb, kind: RecordKind, row: Row) -> frozenset[int]:
        key = (verb, kind, row)
        if key not in self._found:
            self._found[key] = frozenset(self._judge(verb, kind, row))
        return self._found[key]

    def _judge(self, verb: Verb, kind: RecordKind, row: Row) -> Iterable[int]:
        of, ref = row
        if kind is RecordKind.PERSON:
            asked = Asked(person_record(of), Part(people=(of,)), of, of)
        else:
            record, part = self._parts[of]
            if kind is RecordKind.IDENTITY_RECORD:
                ref = record.people[0]
            asked = Asked(record, part, self._case.person[ref] if ref else None, ref)
        return (int(SENTENCES[place].id) for _, place in self._case.one(str(verb), asked))
