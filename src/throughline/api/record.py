"""What every kind of record has in common."""

import datetime
from typing import Any

import strawberry

from throughline.api.agency import Agency, Practitioner, Service
from throughline.api.described import PERSON, many, said
from throughline.api.node import Node
from throughline.api.permissions import RecordPermissions
from throughline.api.policy_sentence import PolicySentence
from throughline.api.vocabulary import Sensitivity


@strawberry.interface(
    description="Something that an agency has recorded about people: support given, a need, an enrolment and "
    "so on. Nothing is ever "
    "overwritten: an amended record keeps its id and gets the next version, and a withdrawn one stays for "
    "the agency that made it."
)
class Record(Node):
    version: int = said("1 when made, one more after each amendment. Send it back when you amend, so that nobody's change is lost.")
    sensitivity: Sensitivity = said("How carefully this must be held.")
    made_by: Agency = said("The agency that made the record.")
    made_by_service: Service | None = said("The service inside that agency, if one made it.")
    made_by_practitioner: Practitioner | None = said("Whoever made it, if a person did and not a tool.")
    made_at: datetime.datetime = said("When it reached the portal.")
    withdrawn_at: datetime.datetime | None = said(
        "When its agency withdrew it; null while it stands. Only that agency still sees a withdrawn record."
    )
    withdrawn_reason: str | None = said("Why it was withdrawn.")
    about: Any = said("The people whom it is about, as far as you may know of them.", many(PERSON))
    seen_because: list[PolicySentence] = said("Every sentence of the access policy that lets you see this record.")
    viewer_can: RecordPermissions = said("What you may do with it, and why or why not.")
