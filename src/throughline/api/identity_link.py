"""Linking by decision: two people turn out to be one."""

from typing import Any
from uuid import UUID

import strawberry

from throughline.api.context import Info
from throughline.api.described import asked
from throughline.api.mutation import ActInput, Given, Payload, act, mutation, shows
from throughline.api.person import Person
from throughline.api.selection import as_uuid
from throughline.db.session import Session
from throughline.linking.link import link


@strawberry.input(description="Two people who are one. Everything that was said of the other is said of the first from now on.")
class IdentityLinkInput(ActInput):
    person_id: strawberry.ID = asked("The person who stays.")
    other_person_id: strawberry.ID = asked("The person who turns out to be the same.")
    reason: str = asked("Why you are sure, in at least 10 characters. It is kept for good.")


@strawberry.type(description="The one person, or why they stay two.")
class IdentityLinkPayload(Payload):
    person: Person | None = shows(
        Person | None,
        "The person as you may see them; null if the act was refused, or you may see nothing about them.",
    )


async def link_people(info: Info, input: Given[IdentityLinkInput]) -> Any:  # noqa: A002
    async def perform(session: Session, person_id: UUID) -> None:
        await link(session, person_id, as_uuid(input.other_person_id), input.reason)

    done = act(info, input, perform, shows=("person",), type_name="Person", record_id=as_uuid(input.person_id))
    return IdentityLinkPayload(**await done)


@strawberry.type
class IdentityMutations:
    identity_link: IdentityLinkPayload = mutation(
        link_people,
        IdentityLinkPayload,
        "Decide that two people are one, with a reason. For identity stewards and triage.",
    )
