"""Identity records, and the numbers on them."""

import datetime

import strawberry

from throughline.api.agency import Agency, Service
from throughline.api.described import said
from throughline.api.node import Node
from throughline.api.policy_sentence import PolicySentence
from throughline.api.vocabulary import NumberScheme, Sex


@strawberry.type(
    description="What one agency's own system says about who somebody is. A `Person` is all identity records "
    "that are taken to "
    "speak of the same human being."
)
class IdentityRecord(Node):
    made_by: Agency = said("The agency whose system says so.")
    made_by_service: Service | None = said("The confidential service that keeps ids of its own, if it is one of its people.")
    made_at: datetime.datetime = said("When it last reached the portal.")
    own_id: str = said("What that system calls the person: its own number or key.")
    given_name: str | None = said("First name or names.")
    family_name: str | None = said("Surname.")
    date_of_birth: datetime.date | None = said("Date of birth.")
    is_unborn: bool = said("Whether the person is not yet born.")
    sex: Sex | None = said("Sex, as that system has it.")
    version: int = said("1 when first sent, one more after each change.")
    seen_because: list[PolicySentence] = said("Every sentence of the access policy that lets you see this.")


@strawberry.type(
    description="A pupil, learner or NHS number that an agency gives for somebody. Each has rules of its own about who sees it."
)
class IdentityNumber(Node):
    made_by: Agency = said("The agency that gives it.")
    made_by_service: Service | None = said("The confidential service that keeps ids of its own, if it is one of its people.")
    scheme: NumberScheme = said("Which sort of number.")
    value: str = said("The number itself, without spaces.")
    seen_because: list[PolicySentence] = said("Every sentence of the access policy that lets you see this.")
