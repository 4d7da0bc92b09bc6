"""The list of families, and what it can be narrowed by."""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

import strawberry

from throughline.api.connection import AFTER, FIRST
from throughline.api.context import Info
from throughline.api.described import asked
from throughline.api.selection import as_uuid
from throughline.api.vocabulary import Position

_PREPARED = " filter"
"""Where the prepared filter stands among the variables: no variable of GraphQL has such a name."""


@strawberry.input(
    description="Which of your families to list: those to which everything that is given here applies. It looks only at what you "
    "may see, so what is hidden from you is found by no filter."
)
class FamilyFilter:
    person_id: strawberry.ID | None = asked("Families of which this person is a member today.", default=None)
    my_position: Position | None = asked(
        "Families in whose team you hold this position today, and have been confirmed. You see the position in `team`.",
        default=None,
    )
    reported_since: datetime.date | None = asked(
        "Families of which a member has been given support on this day or later, by a report that you may see. Light-touch reports, "
        "which name nobody, do not count.",
        default=None,
    )


FILTER = Annotated[
    FamilyFilter | None, strawberry.argument(description="Only these. Without it: every family of which you may know.")
]


async def families(
    info: Info,
    filter: FILTER = strawberry.UNSET,  # noqa: A002  # the argument's name
    first: FIRST = 20,
    after: AFTER = strawberry.UNSET,
) -> Any:
    context = info.context
    selected = context.selected(info)
    if "filter" not in selected.wanted.arguments:
        return await context.read(selected)
    wanted = replace(selected.wanted, arguments={**selected.wanted.arguments, "filter": _prepared})
    return await context.read(replace(selected, wanted=wanted), {**selected.variables, _PREPARED: prepare(filter)})


def _prepared(variables: Mapping[str, Any]) -> Any:
    return variables[_PREPARED]


def prepare(given: FamilyFilter | None) -> dict[str, UUID | str | datetime.date | None] | None:
    """As `reading` takes it; one that asks for nothing is none."""
    if not given:
        return None
    position = given.my_position and str(given.my_position.value)
    person = None if given.person_id is None else as_uuid(given.person_id)
    said = {"person_id": person, "position": position, "since": given.reported_since}
    return None if all(value is None for value in said.values()) else said
