"""A plain, slow executor: graphql-core over the same schema document, each field resolved by itself from ORM objects.

It shares the policy with the program and nothing else: finding, judging, naming, ordering, cutting and signing are all
done again here, in the plainest way there is. What it answers, `reading` must answer, byte for byte.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from graphql import ExecutionResult, GraphQLError, GraphQLResolveInfo, GraphQLSchema, build_schema, execute, parse
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.reading import slow_fields
from tests.reading.rows import Rows
from tests.reading.sight import Sight, look
from tests.reading.slow_pages import Cursors, Refused
from throughline.access.viewer import Viewer
from throughline.api.schema import make_schema


@dataclass
class Answer:
    """`failed`: (root key, code, message) for each root field that was refused. `seen`: ids, as the trail must hold them."""

    data: dict[str, Any] | None
    failed: set[tuple[str, str, str]]
    seen: set[UUID]

    @property
    def body(self) -> bytes:
        return written({"data": self.data}).encode()


@dataclass
class Slow:
    """One world, and what each of its viewers may see in it, worked out once."""

    engine: AsyncEngine
    rows: Rows
    secret: bytes
    now: datetime
    schema: GraphQLSchema = field(default_factory=lambda: build_schema(make_schema().as_str()))
    cursors: dict[Viewer, Cursors] = field(default_factory=dict)
    _sights: dict[Viewer, Sight | None] = field(default_factory=dict)

    async def sight(self, viewer: Viewer) -> Sight | None:
        if viewer not in self._sights:
            self._sights[viewer] = await look(self.engine, self.rows, viewer, self.now)
        return self._sights[viewer]

    async def answer(self, viewer: Viewer, text: str, variables: Mapping[str, Any]) -> Answer:
        """The document must be valid."""
        sight = await self.sight(viewer)
        cursors = self.cursors.setdefault(viewer, Cursors(viewer, self.secret))
        desk = slow_fields.Desk(self.engine, sight, cursors, self.secret)
        result: Any = execute(
            self.schema, parse(text), None, desk, dict(variables),
            field_resolver=_resolve, type_resolver=lambda value, _info, _type: str(value.type_name),
        )  # fmt: skip
        if not isinstance(result, ExecutionResult):
            result = await result
        return _answer(self.schema, result, desk.seen)


def _resolve(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
    desk: slow_fields.Desk = info.context
    if desk.sight is None:
        raise Refused("UNAUTHENTICATED", "Sign in again: this sign-in is no longer in force.")
    value = slow_fields.value(desk, source, info.parent_type.name, info.field_name, arguments)
    return plain(value)


def plain(value: Any) -> Any:
    """Days, instants and ids as text."""
    if isinstance(value, datetime):
        return slow_fields.instant(value)
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, UUID) else value


def _answer(schema: GraphQLSchema, result: ExecutionResult, seen: set[UUID]) -> Answer:
    """A root field is answered as a whole or not at all."""
    failed = {_failure(error) for error in result.errors or ()}
    data = result.data
    for key, _, _ in failed:
        if data is not None:
            data[key] = None
    return Answer(data, failed, seen)


def _failure(error: GraphQLError) -> tuple[str, str, str]:
    cause = error.original_error
    key = str(error.path[0]) if error.path else ""
    if isinstance(cause, Refused):
        return key, cause.code, str(cause)
    if cause is not None:
        raise cause
    return key, "BAD_USER_INPUT", error.message


BASES = {
    "PUBLIC_TASK",
    "LEGAL_OBLIGATION",
    "LEGITIMATE_INTERESTS",
    "VITAL_INTERESTS",
    "SPECIAL_CATEGORY",
    "CRIME_DATA",
    "CONFIDENCE_MET",
}


def written(value: Any) -> str:
    """JSON as PostgreSQL's json_agg and row_to_json space it; a sentence's bases are written beforehand, without spaces."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{written(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        is_bases = bool(value) and all(isinstance(one, str) and one in BASES for one in value)
        return "[" + ("," if is_bases else ", ").join(written(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def is_empty(value: Any) -> bool:
    """Whether an answer tells nothing: nulls, empty lists, and objects of these."""
    if isinstance(value, dict):
        return all(is_empty(one) for key, one in value.items() if key != "__typename")
    return value is None or value == [] or value is False or value == 0
