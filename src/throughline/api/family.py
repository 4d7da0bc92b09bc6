"""The family picture."""

import strawberry

from throughline.api.connection import Connection, paged
from throughline.api.described import said
from throughline.api.history import history
from throughline.api.involvement import Involvement
from throughline.api.membership import FamilyMember, Household
from throughline.api.need import Need
from throughline.api.node import Node
from throughline.api.record import Record
from throughline.api.relationship import Relationship
from throughline.api.section import PictureSection
from throughline.api.sharing_decision import SharingDecision
from throughline.api.support_report import SupportReport
from throughline.api.team_position import TeamPosition


@strawberry.type(
    description="The family picture: everything that you may see about one family, as one answer. It goes through the members whom "
    "you may know of, so two viewers rarely get the same."
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
    involvements: Connection[Involvement] = paged(Involvement, "Which agencies are or were working with the members, newest first.")
    needs: Connection[Need] = paged(Need, "How much help the members need or needed, newest first.")
    relationships: list[Relationship] = said("How the members are related.")
    sharing_decisions: list[SharingDecision] = said("What may be shared about the members, with whom, and until when.")
    records: Connection[Record] = history("Everything about the members in one chronology, newest first.")
