"""The family picture."""

import datetime
from typing import Any
from uuid import UUID

import strawberry

from throughline.api.connection import Connection, paged
from throughline.api.context import Info
from throughline.api.court_order import CourtOrder
from throughline.api.described import asked, said
from throughline.api.history import history
from throughline.api.identity import AboutInput, abouts
from throughline.api.involvement import Involvement
from throughline.api.membership import FamilyMember, Household
from throughline.api.mutation import ActInput, Given, MakingInput, Payload, act, made, mutation, shows
from throughline.api.need import Need
from throughline.api.node import Node
from throughline.api.parental_responsibility import ParentalResponsibility
from throughline.api.record import Record
from throughline.api.relationship import Relationship
from throughline.api.section import PictureSection
from throughline.api.selection import as_uuid
from throughline.api.sharing_decision import SharingDecision
from throughline.api.sharing_reason import SharingReason
from throughline.api.support_report import SupportReport
from throughline.api.team_position import TeamPosition
from throughline.db.session import Session
from throughline.records import family as acts


@strawberry.type(
    description="The family picture: everything that you may see about one family, as one answer. It goes "
    "through the members whom you may know of, so two viewers rarely get the same."
)
class Family(Node):
    members: list[FamilyMember] = said("Who belongs to the family today, as far as you may know.")
    households: list[Household] = said("The households in which those members live.")
    sections: list[PictureSection] = said("For each kind of record: whether there is something to see, and if not, why.")
    lead_practitioner: TeamPosition | None = said(
        "The confirmed lead practitioner today: whom to turn to. Null where there is none, or you may not see it."
    )
    team: list[TeamPosition] = said("The team around the family, past and present.")
    support_reports: Connection[SupportReport] = paged(SupportReport, "Support given to the members, newest first.")
    light_touch_reports: list[SupportReport] = said("Light-touch support given to the family, which names nobody.")
    involvements: Connection[Involvement] = paged(Involvement, "Which agencies are or were working with the members, newest first.")
    needs: Connection[Need] = paged(Need, "How much help the members need or needed, newest first.")
    relationships: list[Relationship] = said("How the members are related.")
    parental_responsibilities: list[ParentalResponsibility] = said("Who has parental responsibility for the children.")
    court_orders: list[CourtOrder] = said("What courts have ordered about the members, earliest first.")
    sharing_decisions: list[SharingDecision] = said("What may be shared about the members, with whom, and until when.")
    sharing_reasons: list[SharingReason] = said(
        "Why those decisions were made, and proposals that wait for a second signature, as far as you may know."
    )
    records: Connection[Record] = history("Everything about the members in one chronology, newest first.")


@strawberry.input(
    description="A family that the portal does not know yet: its first household, and who is to lead. When a "
    "second agency has confirmed the lead, the lead adds the members with `membershipStart`."
)
class FamilyStartInput(MakingInput):
    label: str = asked("A short name for the household, to tell it from others that the family may have later.")
    lead_id: strawberry.ID = asked("The practitioner of your agency who is to be the lead practitioner.")
    about: list[AboutInput] = asked("Whom the lead's position covers: 1 to 20 people.")
    from_on: datetime.date = asked("The first day of the lead's position.")


@strawberry.input(description="Another household of a family, as when parents part.")
class HouseholdStartInput(ActInput):
    family_id: strawberry.ID = asked("The family, one household of which you lead.")
    label: str = asked("A short name to tell it from the family's other households.")


@strawberry.type(description="The proposal of a lead for the new family, or why there is none.")
class FamilyStartPayload(Payload):
    team_position: TeamPosition | None = shows(
        TeamPosition | None,
        "The proposed position of the lead, which names the new household; null if the act was refused, or you may not see it.",
    )


@strawberry.type(
    description="The new household, or why there is none. Its members and its team are its own: who is on "
    "one household's team sees nothing of the other."
)
class HouseholdStartPayload(Payload):
    household_id: strawberry.ID | None = made(
        strawberry.ID | None,
        "The id of the new household, for `teamPositionPropose`; null if the act was refused.",
    )


async def start(info: Info, input: Given[FamilyStartInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        people = abouts(input.about, session.today)
        await acts.start(session, record_id, acts.Start(input.label, as_uuid(input.lead_id), people, input.from_on))

    return FamilyStartPayload(**await act(info, input, perform, shows=("teamPosition",), type_name="TeamPosition"))


async def start_household(info: Info, input: Given[HouseholdStartInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.start_household(session, record_id, as_uuid(input.family_id), input.label)

    return HouseholdStartPayload(**await act(info, input, perform, shows=(), type_name="TeamPosition"))


@strawberry.type
class FamilyMutations:
    family_start: FamilyStartPayload = mutation(
        start,
        FamilyStartPayload,
        "Start a family: its first household, and the proposal of a lead practitioner of your agency.",
    )
    household_start: HouseholdStartPayload = mutation(
        start_household,
        HouseholdStartPayload,
        "Start another household of a family. Its team is proposed by somebody who is not on the first one's.",
    )
