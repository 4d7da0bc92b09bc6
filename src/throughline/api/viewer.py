"""Who is asking."""

import strawberry

from throughline.api.agency import Agency, Practitioner, Service, Tool
from throughline.api.described import said
from throughline.api.may_do import MayDo
from throughline.api.support_report import SupportReport
from throughline.api.vocabulary import Purpose, Role


@strawberry.type(
    description="You, as this request is answered: on behalf of one agency, in one role, for one purpose. "
    "All three come from the access token and decide together what you may see; to act in another role or "
    "for another purpose, get another token."
)
class Viewer:
    agency: Agency = said("The agency on whose behalf you ask.")
    role: Role = said("The role in which you ask.")
    purpose: Purpose = said("What you ask for.")
    practitioner: Practitioner | None = said("You, if a person has signed in; null for a tool.")
    services: list[Service] = said("The services of your agency of which you are a member today.")
    light_touch_reports: list[SupportReport] = said("The light-touch reports that you have made; they stand beneath no person.")
    tool: Tool | None = said("The program, if one has signed in as itself; null for a person.")
    may_do: MayDo = said("What you may do, in this role and for this purpose: which mutations, with which kinds of record.")
