"""What stood in a support report before it was amended or withdrawn."""

import datetime
from typing import Any

import strawberry

from throughline.api.agency import Agency
from throughline.api.caution import Caution
from throughline.api.described import PERSON, many, said
from throughline.api.vocabulary import Sensitivity


@strawberry.type(description="A part of a support report as it stood in an earlier version.")
class SupportReportPartVersion:
    part_id: strawberry.ID = said("Which part of the report: the `id` of the part of today.")
    caution: Caution | None = said("Who must not be told, and safe contact, as it was said then.")
    about: Any = said("The people whom the part is about. An amendment never changes them.", many(PERSON))
    sensitivity: Sensitivity = said("How carefully it had to be held then.")
    what_was_done: str = said("What was done, in the author's words of then.")
    outcome: str | None = said("What had come of it, as it was said then.")
    is_released: bool = said("Whether it was released then to the safeguarding lead of the child's school.")


@strawberry.type(
    description="An earlier version of a support report. It has no id of its own: it is the report's, with its number. "
    "What it does not name has not changed since."
)
class SupportReportVersion:
    version: int = said("Which version it was; 1 is the report as it was first made.")
    replaced_at: datetime.datetime = said("When the next version took its place.")
    replaced_by: Agency = said("The agency that amended or withdrew it then: the author's own.")
    parts: list[SupportReportPartVersion] = said(
        "The parts that the next version changed, as they stood until then. Empty where the report was withdrawn."
    )
