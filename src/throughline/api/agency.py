"""The directory: agencies, their services, and who works or signs in there."""

import strawberry

from throughline.api.described import said
from throughline.api.vocabulary import AgencyKind


@strawberry.type(
    description="An organisation that helps families and shares this portal: a school, a health service, a "
    "police force, a "
    "voluntary group, or a service of the council."
)
class Agency:
    id: strawberry.ID = said("Identifies the agency.")
    name: str = said("What the agency is called, as people know it.")
    kind: AgencyKind = said("What sort of organisation it is.")
    area: str = said("The council area that it belongs to.")
    laestab: str | None = said(
        "For schools: the number of the local authority and of the school in one (seven digits), as in school census files."
    )
    urn: str | None = said("For schools: the unique reference number in the national register of schools.")
    telephone: str | None = said("The number to ring.")


@strawberry.type(
    description="A team inside an agency with its own member list, such as school nursing or a refuge. "
    "Confidentiality belongs to "
    "the service: colleagues elsewhere in the agency do not see its confidential records."
)
class Service:
    id: strawberry.ID = said("Identifies the service.")
    name: str = said("What the service is called.")
    is_confidential: bool = said("Whether what it records is confidential unless it says otherwise.")


@strawberry.type(description="Somebody who works with families for an agency and signs in here: a teacher, a nurse, an officer.")
class Practitioner:
    id: strawberry.ID = said("Identifies the practitioner.")
    name: str = said("Their name.")
    job_title: str = said("What they do, in their agency's words.")
    agency: Agency = said("The agency that they work for.")


@strawberry.type(description="A program that signs in as itself rather than for a person: a dashboard, a case system.")
class Tool:
    id: strawberry.ID = said("Identifies the tool.")
    name: str = said("What the tool is called.")
