"""JSON that PostgreSQL has already written travels through graphql-core untouched.

A resolver answers `Raw(json)` for an object or a list; everything beneath that field stays the bytes it is.
graphql-core spends 8-10 µs on every leaf that it completes: most of what a family picture would cost.
"""

from typing import Any

import orjson
from graphql import GraphQLOutputType, GraphQLResolveInfo
from graphql.execution.collect_fields import FieldDetails
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext


class Raw:
    """The finished JSON text of one field; `None` (or the text `null`) is an ordinary GraphQL null."""

    __slots__ = ("json",)

    def __init__(self, json: bytes | str | None) -> None:
        self.json = json

    @property
    def is_null(self) -> bool:
        return self.json is None or self.json in (b"null", "null")


class RawExecutionContext(StrawberryGraphQLCoreExecutionContext):
    """graphql-core's executor, except that a `Raw` value is complete as it stands.

    `complete_value` is internal to graphql-core: `tests/api/test_raw.py` pins its signature.
    """

    def complete_value(
        self,
        return_type: GraphQLOutputType,
        field_details_list: list[FieldDetails],
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        if type(result) is Raw:
            if not result.is_null:
                return orjson.Fragment(result.json)  # type: ignore[arg-type]  # None was ruled out by is_null
            result = None  # so that graphql-core itself refuses a null behind a non-null type
        return super().complete_value(return_type, field_details_list, info, path, result, position_context)
