"""The real reader and the real acts on a world's database, and the trail that they leave."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from tests.world import NOW, SECRET, Someone, World
from throughline.access.acting import Act, Acting
from throughline.access.gate import Gate
from throughline.audit.trail import seen_rows
from throughline.db.columns import new_id
from throughline.db.refusal import Refused
from throughline.db.session import Session
from throughline.reading.reader import Reader
from throughline.reading.tree import Field
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind

TYPE_NAMES = {
    RecordKind.SUPPORT_REPORT: "SupportReport",
    RecordKind.LIGHT_TOUCH_REPORT: "SupportReport",
    RecordKind.INVOLVEMENT: "Involvement",
    RecordKind.NEED: "Need",
    RecordKind.LEGAL_STATUS: "LegalStatus",
    RecordKind.ENROLMENT: "Enrolment",
    RecordKind.ATTENDANCE: "Attendance",
    RecordKind.MEMBERSHIP: "FamilyMember",
    RecordKind.RELATIONSHIP: "Relationship",
    RecordKind.TEAM_POSITION: "TeamPosition",
    RecordKind.SHARING_DECISION: "SharingDecision",
    RecordKind.ADDRESS: "Address",
    RecordKind.CONTACT: "Contact",
    RecordKind.IDENTITY_RECORD: "IdentityRecord",
    RecordKind.IDENTITY_NUMBER: "IdentityNumber",
    RecordKind.PERSON: "Person",
    RecordKind.ASSIGNMENT: "Assignment",
    RecordKind.SERVICE_AGREEMENT: "ServiceAgreement",
    RecordKind.SHARING_REASON: "SharingReason",
    RecordKind.PARENTAL_RESPONSIBILITY: "ParentalResponsibility",
    RecordKind.COURT_ORDER: "CourtOrder",
    RecordKind.EMERGENCY_ACCESS: "EmergencyAccess",
    RecordKind.PROTECTION: "Protection",
    RecordKind.RIGHTS_REQUEST: "RightsRequest",
    RecordKind.LEGAL_HOLD: "LegalHold",
}
_ID = Field("id", "id")
_BECAUSE = Field("seenBecause", "seen_because", children={"PolicySentence": (Field("number", "number"),)})


@dataclass(frozen=True, slots=True)
class Seen:
    """What came back: the sentences that let the viewer in, and everything that was asked for."""

    because: tuple[int, ...]
    answer: dict[str, Any]


class Portal:
    def __init__(self, world: World, pool: Any) -> None:
        self.world, self._gate = world, Gate(pool)
        self.reader = Reader(self._gate, secret=SECRET, clock=lambda: NOW)
        self.acting = Acting(self._gate, secret=SECRET, clock=lambda: NOW, sees=self.reader.sees)

    async def ask(self, who: Someone, purpose: Purpose, wanted: Field, **variables: Any) -> Any:
        """The answer to a root field, or None where there is none."""
        said = await self.reader.answer(wanted, who.asks(purpose), variables, operation="test", plan_key=id(wanted))
        return None if said is None else orjson.loads(said)

    async def sees(self, who: Someone, purpose: Purpose, kind: RecordKind, record_id: UUID) -> Seen | None:
        """The record by its id. Whatever the answer, it must be in the trail."""
        answer = await self.ask(who, purpose, NODES[kind], id=record_id)
        entry = await self.last_entry(who)
        assert entry is not None, "a read without a row in the trail"
        if answer is None:
            assert (entry["outcome"], entry["seen"] or b"") == ("ABSENT", b"")
            return None
        assert answer["id"] == str(record_id)
        because = tuple(said["number"] for said in answer["seenBecause"])
        assert entry["outcome"] == "SHOWN"
        assert (record_id, because[0]) in seen_rows(entry["seen"])
        return Seen(because, answer)

    async def person(self, who: Someone, purpose: Purpose, person_id: UUID) -> Any:
        return await self.ask(who, purpose, PERSON, id=person_id)

    async def writes(self, who: Someone, purpose: Purpose, act: "Writing") -> str:
        """What becomes of an act: "done", or the code of its refusal. Either is in the trail, and a refusal changes nothing."""
        wanted = Act("write", str(new_id()), b"", act.record_id, act.perform, "test")
        outcome = "WRITTEN"
        try:
            await self.acting.do(who.asks(purpose), wanted)
        except Refused as refused:
            outcome = str(refused.code)
        entry = await self.last_entry(who)
        assert entry is not None, "an act without a row in the trail"
        assert (entry["verb"], entry["outcome"]) == ("write", outcome)
        if outcome == "WRITTEN":
            return "done"
        assert act.table is None or not await self._exists(act.table, act.record_id)
        return outcome

    async def _exists(self, table: str, record_id: UUID) -> bool:
        found = await self.world.connection.fetchval(f"select count(*) from portal.{table} where id = $1", record_id)
        return bool(found)

    async def last_entry(self, who: Someone) -> Any:
        return await self.world.connection.fetchrow(
            "select * from audit.entry where actor_id = $1 order by xid desc, id desc limit 1", who.id
        )


def _of(kind: RecordKind) -> Field:
    """The node of a record, with the sentences by which it is seen."""
    return Field("node", "node", {"id": lambda variables: variables["id"]}, {TYPE_NAMES[kind]: (_ID, _BECAUSE)})


NODES = {kind: _of(kind) for kind in RecordKind}
PERSON = Field("person", "person", {"id": lambda v: v["id"]}, {"Person": (_ID, Field("givenName", "given_name"))})
"""Plans are kept by the identity of their tree: each tree is made once, and lives as long as its plans."""


@dataclass(frozen=True, slots=True)
class Writing:
    """An act of a test: whatever `perform` adds to the session. `table`: where its new record would stand."""

    record_id: UUID
    perform: Callable[[Session], Awaitable[None]]
    table: str | None = None
