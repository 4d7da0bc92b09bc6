"""Tells a story to a portal, and keeps every question with its answer as an example."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tests.contract.normal import Placeholders
from tests.contract.portal import Portal, Who

Json = Any
REFUSED = "Refused"
"""The folder of requests that are no operation at all."""

ABSENT = "018cc251-f400-7000-8000-000000000000"
"""An id that nothing has: the borough counts from one."""


@dataclass(frozen=True)
class Example:
    """`story` and `step` say what has to happen before."""

    story: str
    step: int
    why: str
    who: Who | None
    request: Json
    response: Json

    @property
    def file(self) -> str:
        """Beneath `examples/`."""
        operation = self.request.get("operation", REFUSED)
        role = self.who.role.lower().replace("_", "-") if self.who else "nobody"
        return f"{operation}/{role}.json"

    def as_json(self) -> Json:
        who = self.who
        signed_in: Json = {"role": who and who.role.value, "purpose": who and who.purpose.value}
        signed_in |= {"signedInAs": who.other} if who and who.other else {}
        return {
            **signed_in, "why": self.why, "story": self.story, "step": self.step, "request": self.request,
            "response": self.response,
        }  # fmt: skip


@dataclass
class Teller:
    """`people`: of the borough's stories, by name. `ask` answers the data, `act` the payload of a mutation."""

    story: str
    portal: Portal
    people: dict[str, UUID]
    told: list[Example] = field(default_factory=list)
    names: Placeholders = field(default_factory=Placeholders)

    def id(self, name: str) -> str:
        return str(self.people[name])

    async def find(self, sql: str, *values: Any) -> str:
        """An id of the borough that no person's name stands for."""
        found = await self.portal.value(sql, *values)
        assert found, sql
        return str(found)

    async def ask(self, who: Who, operation: str, why: str, **variables: Json) -> Json:
        answer = await self.send(who, why, {"operation": operation, "variables": variables})
        return answer["body"].get("data")

    async def act(self, who: Who, operation: str, why: str, **given: Json) -> Json:
        """With a key of its own, unless one is given."""
        key = f"{operation}-{len(self.told) + 1}"
        data = await self.ask(who, operation, why, input={"idempotencyKey": key, **given})
        return next(iter(data.values())) if data else None

    async def send(self, who: Who | None, why: str, request: Json) -> Json:
        answer = await self.portal.send(who, request)
        asked = self.names.asked(request)
        example = Example(self.story, len(self.told) + 1, why, who, asked, self.names.recorded(answer))
        self.told.append(example)
        return answer


Story = Callable[[Teller], Awaitable[None]]
