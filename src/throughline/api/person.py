"""People."""

import datetime

import strawberry

from throughline.api.address import Address
from throughline.api.assignment import Assignment
from throughline.api.connection import Connection, paged
from throughline.api.contact import Contact
from throughline.api.court_order import CourtOrder
from throughline.api.described import said
from throughline.api.emergency_access import EmergencyAccess
from throughline.api.enrolment import Attendance, Enrolment
from throughline.api.family import Family
from throughline.api.history import history
from throughline.api.identity_record import IdentityNumber, IdentityRecord
from throughline.api.involvement import Involvement
from throughline.api.legal_hold import LegalHold
from throughline.api.legal_status import LegalStatus
from throughline.api.need import Need
from throughline.api.node import Node
from throughline.api.parental_responsibility import ParentalResponsibility
from throughline.api.permissions import PersonPermissions
from throughline.api.policy_sentence import PolicySentence
from throughline.api.protection import Protection
from throughline.api.record import Record
from throughline.api.relationship import Relationship
from throughline.api.rights_request import RightsRequest
from throughline.api.section import PictureSection
from throughline.api.service_agreement import ServiceAgreement
from throughline.api.sharing_decision import SharingDecision
from throughline.api.sharing_reason import SharingReason
from throughline.api.support_report import SupportReport


@strawberry.type(
    description="A child or an adult. Names and date of birth come from the agencies whose word you may "
    "hear: your own agency's first, "
    "so another viewer may read another spelling. Whatever else there is stands in lists that hold what you "
    "may see and hint at "
    "nothing else."
)
class Person(Node):
    given_name: str | None = said("First name or names; null where nobody says.")
    family_name: str | None = said("Surname; null where nobody says.")
    date_of_birth: datetime.date | None = said("Date of birth; null where nobody says, and for a child not yet born.")
    is_unborn: bool = said("Whether the person is not yet born.")
    seen_because: list[PolicySentence] = said("The sentence of the access policy that lets you see this person's name.")
    families: list[Family] = said("The families to which they belong, as far as you may know.")
    sections: list[PictureSection] = said("For each kind of record: whether there is something to see, and if not, why.")
    history: Connection[Record] = history("Everything about them in one chronology, newest first, whichever agency made it.")
    support_reports: Connection[SupportReport] = paged(SupportReport, "Support given to them, newest first.")
    involvements: Connection[Involvement] = paged(Involvement, "Which agencies are or were working with them, newest first.")
    needs: Connection[Need] = paged(Need, "How much help they need or needed, newest first.")
    legal_statuses: list[LegalStatus] = said("Their formal statuses in law, earliest first.")
    enrolments: list[Enrolment] = said("Their schools, earliest first.")
    attendance: list[Attendance] = said("How often they were at school, earliest school year first.")
    relationships: list[Relationship] = said("To whom they are related, and how.")
    parental_responsibilities: list[ParentalResponsibility] = said("Who has parental responsibility for them, and they for whom.")
    court_orders: list[CourtOrder] = said("What courts have ordered about them, earliest first.")
    addresses: list[Address] = said("Where they live and lived, earliest first.")
    contacts: list[Contact] = said("Requests for help about them, earliest first.")
    sharing_decisions: list[SharingDecision] = said("What may be shared about them, with whom, and until when.")
    sharing_reasons: list[SharingReason] = said(
        "Why those decisions were made, and proposals that wait for a second signature, as far as you may know."
    )
    service_agreements: list[ServiceAgreement] = said("To which services they agreed, and which they refused, earliest first.")
    assignments: list[Assignment] = said("Who of your agency supports them, as far as you may know, earliest first.")
    emergency_accesses: list[EmergencyAccess] = said(
        "When somebody opened their records in an emergency, as far as you may know, earliest first."
    )
    protections: list[Protection] = said("Whether who they are, or where they are, is protected, as far as you may know.")
    rights_requests: list[RightsRequest] = said("Requests for what your agency keeps about them, earliest first.")
    legal_holds: list[LegalHold] = said("Why records about them are kept beyond their schedules, as far as you may know.")
    identity_records: list[IdentityRecord] = said("What agencies' own systems say about who they are.")
    numbers: list[IdentityNumber] = said("Their pupil, learner and NHS numbers.")
    viewer_can: PersonPermissions = said("What you may record about them, and why or why not.")
