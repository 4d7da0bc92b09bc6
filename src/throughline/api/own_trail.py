"""An agency's own part of the trail, and which agencies saw its records."""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

import strawberry

from throughline.api.agency import Agency, Practitioner, Tool
from throughline.api.connection import AFTER, FIRST
from throughline.api.context import Info
from throughline.api.described import asked, said
from throughline.api.errors import BadUserInput
from throughline.api.selection import as_uuid
from throughline.api.vocabulary import Purpose, Role

MOST_DAYS = 92
_PREPARED = " asked of the trail"
"""Where the prepared input stands among the variables: no variable of GraphQL has such a name."""


@strawberry.type(
    description="One look, act or attempt of somebody of your agency, as the trail keeps it. It never says whom it was about."
)
class AuditEntry:
    id: strawberry.ID = said("Identifies the entry.")
    at: datetime.datetime = said("When it was.")
    practitioner: Practitioner | None = said("Who it was, if a person; null for a tool.")
    tool: Tool | None = said("Which program it was, if it signed in as itself.")
    role: Role = said("In which role.")
    purpose: Purpose = said("For which purpose.")
    act: str = said("What was asked or done: the name of a root field or mutation.")
    outcome: str = said("SHOWN, ABSENT (there was nothing that they may see) or WRITTEN; or the code with which it was refused.")


@strawberry.type(description="That an agency, your own included, was shown records that yours made, for one purpose.")
class RecordsSeen:
    agency: Agency = said("The agency that saw them.")
    purpose: Purpose = said("For which purpose.")
    records: int = said("How many of your agency's records and parts of reports it was shown in these days, each counted once.")
    last_on: datetime.date = said("The last of these days on which it was shown any.")


@strawberry.input(description="Which days to look at: at most 92.")
class RecordsSeenInput:
    from_on: datetime.date = asked("The first day.")
    until_on: datetime.date = asked("The last day.")


@strawberry.input(description="Which entries of the trail: those to which everything that is given here applies.")
class AuditEntriesInput(RecordsSeenInput):
    practitioner_id: strawberry.ID | None = asked("Only those of this practitioner or tool of your agency.", default=None)
    purpose: Purpose | None = asked("Only those for this purpose.", default=None)
    is_refused: bool | None = asked("Only those that were refused, or only those that were not.", default=None)
    person_id: strawberry.ID | None = asked(
        "Only those that showed something which your agency keeps about this person, outside its confidential services.",
        default=None,
    )


ENTRIES = Annotated[AuditEntriesInput, strawberry.argument(description="Which entries.")]
DAYS = Annotated[RecordsSeenInput, strawberry.argument(description="Which days.")]


async def audit_entries(info: Info, input: ENTRIES, first: FIRST = 20, after: AFTER = strawberry.UNSET) -> Any:  # noqa: A002
    return await _read(info, input)


async def disclosures(info: Info, input: DAYS) -> Any:  # noqa: A002
    return await _read(info, input)


async def _read(info: Info, given: RecordsSeenInput) -> Any:
    selected = info.context.selected(info)
    wanted = replace(selected.wanted, arguments={**selected.wanted.arguments, "input": _prepared})
    return await info.context.read(replace(selected, wanted=wanted), {**selected.variables, _PREPARED: prepare(given)})


def _prepared(variables: Mapping[str, Any]) -> Any:
    return variables[_PREPARED]


def prepare(given: RecordsSeenInput) -> dict[str, Any]:
    """As `reading` takes it. Raises BadUserInput."""
    if not datetime.timedelta(0) <= given.until_on - given.from_on < datetime.timedelta(days=MOST_DAYS):
        raise BadUserInput(f"'untilOn' must be no earlier than 'fromOn', and they may span at most {MOST_DAYS} days.")
    days: dict[str, Any] = {"from_on": given.from_on, "until_on": given.until_on}
    if not isinstance(given, AuditEntriesInput):
        return days
    return days | {
        "actor_id": as_uuid(given.practitioner_id) if given.practitioner_id else None,
        "purpose": given.purpose and str(given.purpose.value),
        "is_refused": given.is_refused,
        "person_id": as_uuid(given.person_id) if given.person_id else None,
    }
