"""What somebody would see of one id, read by the planner as they would read it: for `throughline explain`, which takes the reading
back, and with it the row that it leaves in the trail in their name."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from throughline.access.gate import Gate, NotInForce
from throughline.access.viewer import Viewer
from throughline.reading.catalogue import EVERY_KIND
from throughline.reading.reader import Reader
from throughline.reading.tree import Field
from throughline.terms.record_kind import RecordKind

_BECAUSE = Field("because", "seen_because", children={"PolicySentence": (Field("number", "number"),)})
_MEMBERS = Field("members", "members", children={"FamilyMember": (_BECAUSE,)})
_SELECTED: dict[RecordKind | None, dict[str, tuple[Field, ...]]] = {
    **{kind.kind: {kind.type_name: (_BECAUSE,)} for kind in EVERY_KIND},
    RecordKind.PERSON: {"Person": (_BECAUSE,)},
    None: {"Family": (_MEMBERS,)},
}
_NODES = {kind: Field("node", "node", {"id": lambda v: v["id"]}, selected) for kind, selected in _SELECTED.items()}


class Looking:
    """`now`: the moment at which everything is looked at."""

    def __init__(self, gate: Gate, now: datetime) -> None:
        self._reader = Reader(gate, secret=b"", clock=lambda: now)

    async def numbers(self, connection: Any, viewer: Viewer, kind: RecordKind | None, row_id: UUID) -> tuple[int, ...] | None:
        """Every sentence that lets the viewer in, in file order; of a family (no kind), to its members. Empty where none does, None
        where the viewer is not in force. On a connection whose transaction is to be taken back."""
        try:
            said = await self._reader.answer_within(
                connection, _NODES[kind], viewer, {"id": row_id}, operation="explain", plan_key=("explain", kind), verb="explain"
            )
        except NotInForce:
            return None
        found = orjson.loads(said) if said else {}
        lists = [found] if "because" in found else found.get("members", [])
        return tuple(sorted({sentence["number"] for one in lists for sentence in one["because"]}))
