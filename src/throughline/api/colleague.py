"""Who works for an agency: to propose them for a team."""

from typing import Annotated, Any

import strawberry

from throughline.api.agency import Agency
from throughline.api.context import Info
from throughline.api.described import said
from throughline.api.vocabulary import Role


@strawberry.type(
    description="Somebody who works for an agency, and could be proposed for the team around a family or be assigned to somebody. "
    "Their services, address and job title are not told here."
)
class Colleague:
    id: strawberry.ID = said(
        "Identifies the practitioner: the `holderId` of a proposal or an assignment, or a new family's `leadId`."
    )
    name: str = said("Their name.")
    roles: list[Role] = said("In which roles they support people today, in order of the alphabet.")
    agency: Agency = said("The agency that they work for.")


AGENCY = Annotated[strawberry.ID, strawberry.argument(description="For which agency they work; `agencies` lists them.")]
NAME = Annotated[
    str | None,
    strawberry.argument(description="Only those one of whose names begins with this; case does not matter."),
]


async def practitioners(info: Info, agency_id: AGENCY, name: NAME = None) -> Any:
    return await info.context.read(info.context.selected(info))
