"""One chronology over every kind of record."""

from typing import Annotated, Any

import strawberry

from throughline.api.connection import AFTER, FIRST, Connection
from throughline.api.record import Record
from throughline.api.vocabulary import RecordKind

KINDS = Annotated[
    list[RecordKind] | None,
    strawberry.argument(description="Only these kinds. Without it, or with null: every kind that is part of a history."),
]


def history(description: str) -> Any:
    """A connection of records of every kind, with `kinds`, `first` and `after`."""

    def unresolved(  # pragma: no cover
        kinds: KINDS = strawberry.UNSET, first: FIRST = 20, after: AFTER = strawberry.UNSET
    ) -> Any:
        raise NotImplementedError  # the read path answers

    return strawberry.field(resolver=unresolved, description=description, graphql_type=Connection[Record])
