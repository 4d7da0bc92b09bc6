"""Access that is out of the ordinary, and what came of it."""

import datetime
from typing import Any
from uuid import UUID

import strawberry

from throughline.api.agency import Practitioner, Tool
from throughline.api.connection import AFTER, FIRST
from throughline.api.context import Info
from throughline.api.described import asked, said
from throughline.api.mutation import ActInput, Given, Payload, act, made, mutation
from throughline.api.selection import as_uuid
from throughline.api.vocabulary import describe
from throughline.db.refusal import not_found
from throughline.db.session import Session
from throughline.terms.unusual import Finding, UnusualKind

describe(UnusualKind, "UnusualKind", "In which way access is out of the ordinary.", {
    "BULK": "One practitioner or tool was shown very many people in an hour.",
    "DORMANT_TOOL": "A program was shown something after a long silence.",
    "OWN_FAMILY": "A practitioner was shown somebody with the same, rare family name: perhaps a connection that nobody declared.",
    "CELEBRITY": "Many practitioners who have nothing to do with a person were shown that person.",
})  # fmt: skip
describe(Finding, "Finding", "What a privacy officer found.", {
    "EXPECTED": "It belongs to their work.",
    "EXPLAINED": "It was out of the ordinary, and there was a good reason.",
    "MISUSE": "There was no good reason: it is taken further, outside the portal.",
})  # fmt: skip


@strawberry.type(
    description="Access by your agency's own people that is out of the ordinary, raised once. It tells nothing about anybody."
)
class UnusualAccess:
    id: strawberry.ID = said("Identifies it.")
    kind: UnusualKind = said("In which way it is out of the ordinary.")
    on_day: datetime.date = said("On which day.")
    count: int = said("How many: people (BULK), practitioners (CELEBRITY), days of silence (DORMANT_TOOL), 1 otherwise.")
    practitioner: Practitioner | None = said("Who it was, if one person.")
    tool: Tool | None = said("Which program it was, if one.")
    raised_at: datetime.datetime = said("When it was raised.")
    finding: Finding | None = said("What a privacy officer found; null until one has looked into it.")
    reviewed_at: datetime.datetime | None = said("When that was.")
    reviewed_by: Practitioner | None = said("Who looked into it.")


@strawberry.input(description="What you found when you looked into it. It is said once.")
class UnusualAccessReviewInput(ActInput):
    id: strawberry.ID = asked("Which one.")
    finding: Finding = asked("What you found.")


@strawberry.type(description="That your finding was taken down, or why not.")
class UnusualAccessReviewPayload(Payload):
    is_reviewed: bool = made(bool, "Whether it was taken down.")


async def unusual_access(info: Info, first: FIRST = 20, after: AFTER = strawberry.UNSET) -> Any:
    return await info.context.read(info.context.selected(info))


async def review(info: Info, input: Given[UnusualAccessReviewInput]) -> Any:  # noqa: A002
    async def perform(session: Session, _: UUID) -> None:
        which = as_uuid(input.id)
        done = await session.fetchrow("select app.review_unusual_access($1, $2, $3)", which, str(input.finding.value), session.now)
        if not done[0]:
            raise not_found("id")
        session.happened("UNUSUAL_ACCESS", "REVIEWED", which)

    return UnusualAccessReviewPayload(**await act(info, input, perform, shows=(), type_name="Contact"))


@strawberry.type
class UnusualAccessMutations:
    unusual_access_review: UnusualAccessReviewPayload = mutation(
        review,
        UnusualAccessReviewPayload,
        "Say what you found when you looked into access that is out of the ordinary. A privacy officer does, never about their own.",
    )
