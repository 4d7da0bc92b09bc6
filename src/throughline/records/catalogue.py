"""One line for each kind of record. Importing it registers every table."""

from throughline.db.idempotency import IdempotencyKey
from throughline.db.outbox import OutboxEvent
from throughline.linking.ledger import LinkEvent, LinkKey, SearchKey
from throughline.people.agency import Agency, Cluster, Feed, Service, ServiceMember
from throughline.people.client import OAuthAssertion, OAuthClient
from throughline.people.family import Family, Household
from throughline.people.identity_record import IdentityNumber, IdentityRecord
from throughline.people.person import Person
from throughline.people.practitioner import (
    Connection,
    Practitioner,
    PractitionerRole,
    Tool,
    ToolRole,
)
from throughline.records.address import Address
from throughline.records.assignment import Assignment
from throughline.records.contact import Contact
from throughline.records.court_order import CourtOrder
from throughline.records.emergency_access import EmergencyAccess
from throughline.records.enrolment import Attendance, Enrolment
from throughline.records.involvement import Involvement
from throughline.records.legal_hold import LegalHold
from throughline.records.legal_status import LegalStatus
from throughline.records.membership import Membership
from throughline.records.need import Need
from throughline.records.parental_responsibility import ParentalResponsibility
from throughline.records.protection import Protection
from throughline.records.published_count import PublishedCount
from throughline.records.relationship import Relationship
from throughline.records.retention import RetentionSchedule
from throughline.records.rights_request import RightsRequest
from throughline.records.service_agreement import ServiceAgreement
from throughline.records.sharing_decision import SharingDecision
from throughline.records.sharing_reason import SharingReason
from throughline.records.support_report import SupportReport
from throughline.records.team_position import TeamPosition
from throughline.terms.record_kind import RecordKind

KINDS = {
    RecordKind.SUPPORT_REPORT: SupportReport,
    RecordKind.INVOLVEMENT: Involvement,
    RecordKind.NEED: Need,
    RecordKind.LEGAL_STATUS: LegalStatus,
    RecordKind.ENROLMENT: Enrolment,
    RecordKind.ATTENDANCE: Attendance,
    RecordKind.MEMBERSHIP: Membership,
    RecordKind.RELATIONSHIP: Relationship,
    RecordKind.TEAM_POSITION: TeamPosition,
    RecordKind.SHARING_DECISION: SharingDecision,
    RecordKind.ADDRESS: Address,
    RecordKind.CONTACT: Contact,
    RecordKind.ASSIGNMENT: Assignment,
    RecordKind.SERVICE_AGREEMENT: ServiceAgreement,
    RecordKind.SHARING_REASON: SharingReason,
    RecordKind.PARENTAL_RESPONSIBILITY: ParentalResponsibility,
    RecordKind.COURT_ORDER: CourtOrder,
    RecordKind.EMERGENCY_ACCESS: EmergencyAccess,
    RecordKind.PROTECTION: Protection,
    RecordKind.RIGHTS_REQUEST: RightsRequest,
    RecordKind.LEGAL_HOLD: LegalHold,
}
"""Every kind that has `Record`'s columns."""

DIRECTORY = (Agency, Cluster, Feed, Service, ServiceMember, Practitioner, PractitionerRole, Tool, ToolRole)
PEOPLE = (Person, IdentityRecord, IdentityNumber, Family, Household, Connection, LinkEvent, LinkKey, SearchKey)
PUBLISHED = (PublishedCount,)
PLUMBING = (OutboxEvent, IdempotencyKey, OAuthClient, OAuthAssertion, RetentionSchedule)
