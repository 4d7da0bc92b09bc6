"""Support reports: a common part, and one part for each person or people it is about."""

import datetime
from typing import Any

import strawberry

from throughline.api.described import PERSON, many, said
from throughline.api.record import Record
from throughline.api.vocabulary import Delivery, Sensitivity, Severity


@strawberry.type(description="A kind of support, from the list that the area keeps.")
class SupportKind:
    code: str = said("Its code in that list.")
    label: str = said("What people call it.")


@strawberry.type(
    description="What a support report says about some of its people. You get a part only if you may see it for every person in it."
)
class SupportReportPart:
    id: strawberry.ID = said("Identifies the part within its report. To amend it, amend the report.")
    about: Any = said("The people whom this part is about.", many(PERSON))
    sensitivity: Sensitivity = said("How carefully this part must be held; parts of one report can differ.")
    what_was_done: str = said("What was done, in the author's words.")
    outcome: str | None = said("What came of it.")
    is_released: bool = said("Whether the author's agency has released this part to the safeguarding lead of the child's school.")


@strawberry.type(
    description="Support that an agency has given: «we did this for this child or family». A light-touch report says only when, what "
    "kind, how and how many, and names nobody."
)
class SupportReport(Record):
    kind_of_support: SupportKind = said("What kind of support it was.")
    given_on: datetime.date = said("The day on which it was given.")
    delivery: Delivery = said("How it was given.")
    is_light_touch: bool = said("Whether this is a light-touch report, which has no parts and names nobody.")
    people_reached: int | None = said("How many people it reached, where that was counted.")
    need_level: Severity | None = said("The level of need that the author saw, where they said so.")
    parts: list[SupportReportPart] = said("What it says about whom: the parts that you may see, and no hint of any other.")
