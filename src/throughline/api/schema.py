"""The roots of the schema: a visible list of everything that can be asked for."""

from typing import Annotated, Any

import strawberry

from throughline.api.access_explanation import AccessExplanation, access_explanation
from throughline.api.agency import Agency
from throughline.api.assignment import AssignmentMutations
from throughline.api.caution_amendment import CautionMutations
from throughline.api.colleague import Colleague, practitioners
from throughline.api.connection import AFTER, FIRST, Connection
from throughline.api.contact import ContactMutations
from throughline.api.context import Info
from throughline.api.court_order import CourtOrderMutations
from throughline.api.ctf_import import CtfMutations
from throughline.api.emergency_access import EmergencyAccess, EmergencyMutations, emergency_accesses
from throughline.api.enrolment import EnrolmentMutations
from throughline.api.families import families
from throughline.api.family import Family, FamilyMutations
from throughline.api.identity_link import IdentityMutations
from throughline.api.input_building import build_inputs
from throughline.api.involvement import InvolvementMutations
from throughline.api.legal_hold import LegalHoldMutations
from throughline.api.legal_status import LegalStatusMutations
from throughline.api.membership import MembershipMutations
from throughline.api.mutation import Refusal
from throughline.api.need import NeedMutations
from throughline.api.node import Node
from throughline.api.own_connection import ConnectionMutations
from throughline.api.own_trail import AuditEntry, RecordsSeen, audit_entries, disclosures
from throughline.api.parental_responsibility import ParentalResponsibilityMutations
from throughline.api.person import Person
from throughline.api.person_search import person_search
from throughline.api.protection import ProtectionMutations
from throughline.api.published_count import PublishedCount
from throughline.api.relationship import RelationshipMutations
from throughline.api.rights_request import RightsRequestMutations
from throughline.api.scalars import SCALARS
from throughline.api.service_agreement import ServiceAgreementMutations
from throughline.api.sharing_decision import SharingDecision, SharingDecisionMutations
from throughline.api.sharing_reason import SharingReasonMutations
from throughline.api.support_report import SupportKind, SupportReportMutations
from throughline.api.team_position import TeamPositionMutations
from throughline.api.unusual_access import UnusualAccess, UnusualAccessMutations, unusual_access
from throughline.api.viewer import Viewer
from throughline.api.vocabulary import AgencyKind
from throughline.api.withdrawal import WithdrawalMutations

ID = Annotated[strawberry.ID, strawberry.argument(description="Its id, as an earlier answer gave it.")]


async def read(info: Info) -> Any:
    return await info.context.read(info.context.selected(info))


async def by_id(id: ID, info: Info) -> Any:  # noqa: A002  # the argument's name
    """Null for an id that does not exist, is no id at all, or names what this viewer may not see: nobody can
    tell."""
    return await info.context.read(info.context.selected(info))


KINDS = Annotated[list[AgencyKind] | None, strawberry.argument(description="Only agencies of these kinds.")]


async def decisions_due(info: Info, first: FIRST = 20, after: AFTER = strawberry.UNSET) -> Any:
    return await info.context.read(info.context.selected(info))


NAME = Annotated[
    str | None,
    strawberry.argument(description="Only agencies whose name begins with this; case does not matter."),
]


async def agencies(info: Info, kinds: KINDS = None, name: NAME = None) -> Any:
    return await info.context.read(info.context.selected(info))


@strawberry.type(description="What you can ask for. Every answer holds what you may see and hints at nothing else.")
class Query:
    viewer: Viewer = strawberry.field(
        resolver=read,
        graphql_type=Viewer,
        description="You, as this request is answered: agency, role and purpose.",
    )
    node: Node | None = strawberry.field(
        resolver=by_id,
        graphql_type=Node | None,
        description="Anything by its id: a person, a family or a record. Null if there is no such thing or you may not see it.",
    )
    person: Person | None = strawberry.field(
        resolver=by_id,
        graphql_type=Person | None,
        description="A person by id. Null if there is none or you may see nothing about them.",
    )
    support_kinds: list[SupportKind] = strawberry.field(
        resolver=read,
        graphql_type=list[SupportKind],
        description="The kinds of support that the area knows, by code: what a support report's kind is chosen from.",
    )
    agencies: list[Agency] = strawberry.field(
        resolver=agencies,
        graphql_type=list[Agency],
        description="The directory of agencies, by name: the first 100 that fit. Give more of the `name` to find one beyond them.",
    )
    practitioners: list[Colleague] = strawberry.field(
        resolver=practitioners,
        graphql_type=list[Colleague],
        description="Who works for an agency, by name: the first 100 that fit. Of any agency for whoever may propose somebody for a "
        "team (leads and team managers), of their own for whoever assigns people (administrators and team managers); for "
        "everybody else, nobody. Who works in confidential services alone is listed for members of those alone.",
    )
    published_counts: list[PublishedCount] = strawberry.field(
        resolver=read,
        graphql_type=list[PublishedCount],
        description="What is published of confidential services, for analysts: the newest year first, by area. For everybody else, "
        "nothing.",
    )
    family: Family | None = strawberry.field(
        resolver=by_id,
        graphql_type=Family | None,
        description="The family picture by the family's id. Null if there is none or you may know of none of its members.",
    )
    families: Connection[Family] = strawberry.field(
        resolver=families,
        graphql_type=Connection[Family],
        description="The families of which you may know: those that you, your agency or its kind are working with.",
    )
    sharing_decisions_due: Connection[SharingDecision] = strawberry.field(
        resolver=decisions_due,
        graphql_type=Connection[SharingDecision],
        description="The sharing decisions that are due for review, the latest due day first: of those that you may see, your agency's and "
        "those about people whom you lead. One that is due goes on until somebody ends it.",
    )
    emergency_accesses: Connection[EmergencyAccess] = strawberry.field(
        resolver=emergency_accesses,
        graphql_type=Connection[EmergencyAccess],
        description="The times when somebody of your agency opened a child's records in an emergency, as far as you may see them, "
        "newest first: for a privacy officer, what waits for a review.",
    )
    audit_entries: Connection[AuditEntry] = strawberry.field(
        resolver=audit_entries,
        graphql_type=Connection[AuditEntry],
        description="What your agency's own people and tools looked at and did, newest first: for its privacy officer, for ASSURANCE; empty "
        "for everybody else. This look is in the trail too.",
    )
    disclosures: list[RecordsSeen] = strawberry.field(
        resolver=disclosures,
        graphql_type=list[RecordsSeen],
        description="Which agencies were shown records that yours made, and for what, most first: for its privacy officer, for ASSURANCE; "
        "empty for everybody else. It is up to date within about a minute.",
    )
    unusual_access: Connection[UnusualAccess] = strawberry.field(
        resolver=unusual_access,
        graphql_type=Connection[UnusualAccess],
        description="Access by your agency's own people that is out of the ordinary, newest first: for its privacy officer, for ASSURANCE; "
        "empty for everybody else.",
    )
    person_search: Connection[Person] = strawberry.field(
        resolver=person_search,
        graphql_type=Connection[Person],
        description="People by name, best match first. To report support you never need to search: say who "
        "it is in the report. "
        "Searches are counted (RATE_LIMITED) and leave a trace; roles that never search are told so "
        "(FORBIDDEN).",
    )
    access_explanation: AccessExplanation | None = strawberry.field(
        resolver=access_explanation,
        graphql_type=AccessExplanation | None,
        description="What you may do with one kind of record about one person, by which sentences, and what is missing. Null if there "
        "is no such person or you may see nothing about them.",
    )


@strawberry.type(
    description="What you can do. Every act names one record, takes one input, is done once for each "
    "`idempotencyKey`, and answers with "
    "the record as you may see it, or with `userErrors` and nothing changed."
)
class Mutation(
    SupportReportMutations,
    InvolvementMutations,
    NeedMutations,
    ContactMutations,
    FamilyMutations,
    MembershipMutations,
    RelationshipMutations,
    TeamPositionMutations,
    SharingDecisionMutations,
    SharingReasonMutations,
    ServiceAgreementMutations,
    EnrolmentMutations,
    LegalStatusMutations,
    ParentalResponsibilityMutations,
    CourtOrderMutations,
    CautionMutations,
    EmergencyMutations,
    LegalHoldMutations,
    WithdrawalMutations,
    IdentityMutations,
    ConnectionMutations,
    AssignmentMutations,
    ProtectionMutations,
    RightsRequestMutations,
    UnusualAccessMutations,
    CtfMutations,
):
    pass


def make_schema() -> strawberry.Schema:
    schema = strawberry.Schema(query=Query, mutation=Mutation, types=[Refusal], config=SCALARS)
    build_inputs(schema._schema, SCALARS)
    return schema
