"""What is published of confidential services."""

from datetime import date

import strawberry

from throughline.api.described import said


@strawberry.type(
    description="What confidential services did in one area and calendar year, anonymously, counted once and never again. "
    "Services with few people or reports are left out."
)
class PublishedCount:
    area: str = said("The council area to which the services' agencies belong.")
    year: int = said("The calendar year in which the support was given.")
    reports: int | None = said("How many reports of support, rounded to five. Null for no figure: none, or too few to say.")
    people: int | None = said(
        "How many people, rounded to five; somebody whom two services know counts for each. Null for no figure: none, or too few to say."
    )
    fewest: int = said("A service with fewer people or reports than this is left out.")
    published_on: date = said("On which day they were counted.")
