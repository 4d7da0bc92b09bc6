"""Answers root fields: compiles a plan once for each document and kind of viewer, binds the occasion, asks the gate."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from throughline.access.gate import Gate, answered, day_in_london
from throughline.access.rule import Verb
from throughline.access.version import policy_version
from throughline.access.viewer import Viewer
from throughline.db.columns import new_id
from throughline.db.session import Written
from throughline.reading.beside import beside_statement
from throughline.reading.plan import Plan, compile_plan
from throughline.reading.statement import Occasion
from throughline.reading.tree import Field
from throughline.terms.record_kind import RecordKind

MOST_PLANS = 2_000
MOST_TEXT = 600_000
"""Characters of one statement. A full family picture takes 160,000; PostgreSQL plans 500,000 in half a second."""


class PlanTooLarge(Exception):  # noqa: N818  # an answer, not a fault
    """Too much was asked for at once. Shown to the caller as QUERY_TOO_COMPLEX."""

    def __init__(self) -> None:
        super().__init__("The document asks for too many different things at once; ask in several documents.")


_PERSON = Field("id", "person", {"id": lambda variables: variables["id"]}, {"Person": (Field("id", "id"),)})


class Reader:
    """`clock` gives the present as an aware datetime; `secret` keys the cursors."""

    def __init__(self, gate: Gate, *, secret: bytes, clock: Callable[[], datetime]) -> None:
        self._gate, self._secret, self._clock = gate, secret, clock
        self._plans: OrderedDict[Hashable, Plan] = OrderedDict()

    async def answer(
        self, wanted: Field, viewer: Viewer, variables: Mapping[str, Any], *, operation: str, plan_key: Hashable,
        verb: str | None = None,
    ) -> str | None:  # fmt: skip
        """JSON text of a root field, None where it is absent. `verb`: what the trail calls it, else by the field. Raises NotInForce,
        BadCursor or BadPage."""
        plan = self._plan(wanted, viewer, plan_key)
        occasion = self._occasion(viewer, variables, verb or wanted.name, operation)
        return plan.check(occasion, await self._gate.read(plan.sql, plan.values(occasion)))

    async def answer_within(
        self, connection: Any, wanted: Field, viewer: Viewer, variables: Mapping[str, Any], *, operation: str,
        plan_key: Hashable, verb: str, written: Written | None = None,
    ) -> str | None:  # fmt: skip
        """The same inside an act's own transaction, before it commits: the trail names the act (`verb`). `written`: the record
        that is read, which the act has just written: judged in the same statement. Raises Refused where no sentence lets it be."""
        judges = (Verb(written.verb), written.kind) if written else None
        plan = self._plan(wanted, viewer, plan_key, judges)
        occasion = self._occasion(viewer, variables, verb, operation, written)
        answer = await answered(connection, plan.sql, plan.values(occasion), is_judged=judges is not None)
        return plan.check(occasion, answer)

    async def beside(self, viewer: Viewer, request_id: UUID, verb: str) -> Any:
        """What others are called, around whoever's data are asked for: see `beside_statement`. Raises NotInForce."""
        now = self._clock()
        values = (*self._gate.who(viewer, now), request_id, new_id(), verb, policy_version())
        return orjson.loads(await self._gate.read(beside_statement(viewer.is_tool), values) or "{}")

    async def sees(self, connection: Any, viewer: Viewer, person_id: UUID) -> bool:
        """Whether the viewer may see any record about a person; asked inside an act, and in the trail like any read."""
        asked = await self.answer_within(
            connection, _PERSON, viewer, {"id": person_id}, operation="sees", plan_key="sees", verb="sees"
        )
        return asked is not None

    def _occasion(
        self, viewer: Viewer, variables: Mapping[str, Any], verb: str, operation: str, written: Written | None = None
    ) -> Occasion:
        now = self._clock()
        return Occasion(
            viewer=viewer,
            variables=variables,
            today=day_in_london(now),
            now=now,
            entry_id=new_id(),
            verb=verb,
            operation=operation,
            secret=self._secret,
            policy_version=policy_version(),
            written=written,
        )

    def _plan(self, wanted: Field, viewer: Viewer, plan_key: Hashable, judges: tuple[Verb, RecordKind] | None = None) -> Plan:
        """Keyed by what the gate says a plan depends on; spelt anywhere else, the key will one day forget something."""
        key = (plan_key, viewer.plan_key, judges)
        plan = self._plans.get(key)
        if plan is None:
            plan = compile_plan(wanted, viewer.role, viewer.purpose, is_tool=viewer.is_tool, judges=judges)
            if len(plan.sql) > MOST_TEXT:
                raise PlanTooLarge
            self._plans[key] = plan
            if len(self._plans) > MOST_PLANS:
                self._plans.popitem(last=False)
        else:
            self._plans.move_to_end(key)
        return plan
