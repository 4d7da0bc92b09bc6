"""Needs."""

import datetime
from typing import Any
from uuid import UUID

import strawberry

from throughline.api.context import Info
from throughline.api.described import asked, said
from throughline.api.identity import AboutInput, about
from throughline.api.mutation import Given, MakingInput, Payload, act, mutation, shows
from throughline.api.record import Record
from throughline.api.selection import as_uuid
from throughline.api.vocabulary import Severity
from throughline.db.session import Session
from throughline.records import need as acts


@strawberry.type(
    description="How much help somebody needs, from when until when, and why. A change of level is a new "
    "need; the earlier one ends and stays. Nobody assessed is not the same as no need."
)
class Need(Record):
    severity: Severity = said("The level, by a name that means the same everywhere.")
    label: str | None = said("What the area itself calls this level, such as «Level 3»; null where it has no name for it.")
    reason: str = said("Why this level.")
    from_on: datetime.date = said("The first day.")
    until_on: datetime.date | None = said("The last day; null while it stands.")


@strawberry.input(description="How much help somebody needs, and why. What your agency recorded before ends on the day before.")
class NeedRecordInput(MakingInput):
    about: AboutInput = asked("Who needs it.")
    severity: Severity = asked("The level.")
    reason: str = asked("Why this level.")
    from_on: datetime.date = asked("The first day.")
    household_id: strawberry.ID | None = asked("The household to which they belong, where the family has two.", default=None)


@strawberry.type(description="The need, or why there is none.")
class NeedRecordPayload(Payload):
    need: Need | None = shows(Need | None, "The need as you may see it; null if the act was refused, or you may not see it.")


async def record(info: Info, input: Given[NeedRecordInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        level = acts.Level(
            about=about(input.about, session.today, "about"),
            severity=input.severity,
            reason=input.reason,
            from_on=input.from_on,
            household_id=as_uuid(input.household_id) if input.household_id else None,
        )
        await acts.record(session, record_id, level)

    return NeedRecordPayload(**await act(info, input, perform, shows=("need",), type_name="Need"))


@strawberry.type
class NeedMutations:
    need_record: NeedRecordPayload = mutation(record, NeedRecordPayload, "Record how much help somebody needs, with the reason.")
