"""The sentences about writing, confirming, linking and importing, as cases: each tries the act itself."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from tests.access.case import Case, Made
from tests.access.given import (
    CASE,
    CASE_TO_WRITE,
    CONTACT,
    HOUSEHOLD_CASE_TO_WRITE,
    HOUSEHOLD_LEAD,
    HOUSEHOLD_LEADS_AGENCY,
    LEAD,
    LEADS_AGENCY,
    ON_ROLL,
    ON_ROLL_WITHIN_THE_YEAR,
    WORKS_WITH,
)
from tests.access.portal import Writing
from tests.access.scene import Scene
from tests.access.sentences_to_see import (
    MOVERS,
    OPENERS,
    SUPPORTING,
    contact,
    decision,
    emergency,
    enrolment,
    position,
    protection,
    reason,
    rights_request,
)
from tests.world import CONFIDENTIAL, ORDINARY, SENSITIVE, STANDARD, Someone, day
from throughline.access.rule import Verb
from throughline.db.base import Base
from throughline.db.columns import new_id
from throughline.db.session import Session
from throughline.records import contact as contacts
from throughline.records import emergency_access as emergencies
from throughline.records import enrolment as enrolments
from throughline.records import protection as protections
from throughline.records import rights_request as requests
from throughline.records import sharing_decision as decisions
from throughline.records import sharing_without_agreement as without
from throughline.records import team_position as positions
from throughline.records.catalogue import KINDS
from throughline.records.sharing_decision import SharingDecisionPerson
from throughline.records.sharing_reason import SharingReasonPerson
from throughline.records.support_report import SupportReport, SupportReportPart, SupportReportPartPerson
from throughline.records.team_position import TeamPositionPerson
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.emergency import EmergencyOutcome
from throughline.terms.purpose import Purpose as P
from throughline.terms.record_kind import RecordKind as K
from throughline.terms.role import Role as R
from throughline.terms.sensitivity import Sensitivity

BUT_SCHOOL_STAFF = tuple(role for role in SUPPORTING if role is not R.SCHOOL_STAFF)
JUSTIFIED = EmergencyOutcome.JUSTIFIED
Columns = Callable[[Scene], dict[str, Any]]


def new(kind: K, columns: Columns = lambda scene: {}, *, link: tuple[type[Base], str] | None = None, verb: str = "WRITE",
        whom: str = "child") -> Made:  # fmt: skip
    """The act that makes a record about the child, or about somebody else."""

    async def make(scene: Scene) -> Callable[[Someone], Writing]:
        about = [getattr(scene, whom).record_id]

        def writing(_: Someone) -> Writing:
            record_id = new_id()

            async def perform(session: Session) -> None:
                values: dict[str, Any] = {**ORDINARY.get(kind.lower(), {}), **columns(scene)}
                table: type[Base] = KINDS[kind]
                if link is None and kind not in (K.RELATIONSHIP, K.PARENTAL_RESPONSIBILITY):
                    values["identity_record_id"] = about[0]
                session.add_record(kind, table, about, id=record_id, **values)
                session.written[-1:] = [type(session.written[-1])(kind, record_id, tuple(about), verb)]
                for record in about if link else ():
                    named, key = link or (table, "")
                    session.add(named, **{key: record_id}, identity_record_id=record, agency_id=session.agency_id)

            return Writing(record_id, perform, KINDS[kind].__tablename__)

        return writing

    return make


def new_report(sensitivity: Sensitivity, *, of_service: bool = False) -> Made:
    async def make(scene: Scene) -> Callable[[Someone], Writing]:
        about = scene.child.record_id
        if of_service:
            about = await scene.world.connection.fetchval(
                "select id from portal.identity_record where person_id = $1 and service_id = $2",
                scene.child.person_id, scene.viewer.service_id,
            ) or await scene.world.known_to(scene.viewer, scene.child.person_id)  # fmt: skip
        return lambda who: _report(scene, sensitivity, about)

    return make


def _report(scene: Scene, sensitivity: Sensitivity, about: UUID) -> Writing:
    report_id, part_id = new_id(), new_id()

    async def perform(session: Session) -> None:
        service = scene.viewer.service_id
        common = {"kind_of_support": "TALK", "given_on": day(0), "delivery": "VISIT", "is_light_touch": False, "parts_made": 1}
        walls = {"agency_id": session.agency_id, "service_id": service, "sensitivity": str(sensitivity)}
        overall = CONFIDENTIAL if sensitivity is CONFIDENTIAL else STANDARD
        session.add_record(
            K.SUPPORT_REPORT, SupportReport, [about], id=report_id, service_id=service, sensitivity=str(overall), **common
        )
        session.add(
            SupportReportPart, id=part_id, report_id=report_id, ordinal=1, what_was_done="x", is_released=False, people=1, **walls
        )
        session.add(
            SupportReportPartPerson, part_id=part_id, report_id=report_id, identity_record_id=about, given_on=day(0), is_released=False,
            people=1, parts_made=1, practitioner_id=session.practitioner_id, **walls,
        )  # fmt: skip

    return Writing(report_id, perform, "support_report")


def new_light_touch(sensitivity: Sensitivity = STANDARD) -> Made:
    async def make(scene: Scene) -> Callable[[Someone], Writing]:
        def writing(_: Someone) -> Writing:
            record_id = new_id()

            async def perform(session: Session) -> None:
                session.add_record(
                    K.LIGHT_TOUCH_REPORT, SupportReport, [], id=record_id, kind_of_support="TALK", given_on=day(0), delivery="GROUP",
                    is_light_touch=True, parts_made=0, family_id=scene.home.family_id, sensitivity=str(sensitivity),
                )  # fmt: skip

            return Writing(record_id, perform, "support_report")

        return writing

    return make


_YES: dict[K, Callable[[Session, UUID, int], Awaitable[None]]] = {
    K.ENROLMENT: enrolments.confirm,
    K.TEAM_POSITION: positions.confirm,
    K.SHARING_DECISION: decisions.confirm,
    K.SHARING_REASON: without.sign,
    K.RIGHTS_REQUEST: requests.approve,
    K.CONTACT: lambda session, record_id, version: contacts.decide(session, record_id, version, "A visit."),
    K.EMERGENCY_ACCESS: lambda session, record_id, version: emergencies.review(
        session, record_id, version, JUSTIFIED, "It was right."
    ),
    K.PROTECTION: lambda session, record_id, version: protections.lift(session, record_id, version, "It is over."),
}


def says_yes(kind: K, record: Made) -> Made:
    """The act itself that confirms a record which is there already (a new one each time): it has to get through the second wall too."""

    async def make(scene: Scene) -> Callable[[Someone], Writing]:
        async def perform(session: Session) -> None:
            await _YES[kind](session, await record(scene), 1)

        return lambda who: Writing(new_id(), perform)

    return make


async def link_two(scene: Scene) -> Callable[[Someone], Writing]:
    about = [scene.child.record_id, scene.stranger.record_id]
    return lambda who: _wrote(K.PERSON, scene.child.person_id, about, "LINK")


async def link_one_who_waits(scene: Scene) -> Callable[[Someone], Writing]:
    await scene.world.contact(scene.maker, scene.stranger, scene.viewer.agency_id)
    return await link_two(scene)


def _wrote(kind: K, record_id: UUID, about: Sequence[UUID], verb: str) -> Writing:
    async def perform(session: Session) -> None:
        session.wrote(kind, record_id, about, verb)

    return Writing(record_id, perform)


def at_home(scene: Scene) -> dict[str, Any]:
    return {"household_id": scene.home.household_id}


def member(scene: Scene) -> dict[str, Any]:
    return {**at_home(scene), "family_id": scene.home.family_id, "role": "CHILD", "from_on": day(0)}


def related(scene: Scene) -> dict[str, Any]:
    pair = {"identity_record_id": scene.child.record_id, "other_identity_record_id": scene.mother.record_id}
    return {**at_home(scene), **pair, "kind": "SIBLING_OF"}


def responsible(scene: Scene) -> dict[str, Any]:
    pair = {"identity_record_id": scene.mother.record_id, "other_identity_record_id": scene.child.record_id}
    return {**at_home(scene), **pair, "known_by": "MOTHER"}


def seat(scene: Scene) -> dict[str, Any]:
    holder = {"holder_id": scene.colleague.id, "holder_agency_id": scene.colleague.agency_id}
    return {**at_home(scene), **holder, "family_id": scene.home.family_id, "position": "MEMBER", "from_on": day(0)}


def shared(scene: Scene) -> dict[str, Any]:
    return {
        "lawful_basis": "PUBLIC_TASK", "purpose": "SUPPORT", "kinds": 1, "sensitive_kinds": 0, "is_agreed_by_person": False,
        "is_refusal": False, "decided_by": "Mia", "from_on": day(0), "review_on": day(0), "until_on": day(90),
    }  # fmt: skip


def proposed(scene: Scene) -> dict[str, Any]:
    why = {"receiver_ids": [], "without_agreement": "CRIME", "explanation": "The officer said so."}
    return {**{name: value for name, value in shared(scene).items() if name != "is_agreed_by_person"}, **why}


def agreed(scene: Scene) -> dict[str, Any]:
    by = {"agreed_by": "PERSON", "agreed_by_record_id": scene.child.record_id}
    return {"service": "Talking", "is_refusal": False, "from_on": day(0), **by}


def hidden(scene: Scene) -> dict[str, Any]:
    return {"what": "IDENTITY", "reason": "A threat.", "from_on": day(0)}


def asked(scene: Scene) -> dict[str, Any]:
    return {"front_door_id": scene.elsewhere.agency_id, "channel": "PHONE", "reason": "worried", "received_on": day(0)}


def starting(school: str) -> Columns:
    return lambda scene: {"school_id": getattr(scene, school).agency_id, "state": "PROPOSED", "from_on": day(5)}


def imported(scene: Scene) -> dict[str, Any]:
    return {**starting("elsewhere")(scene), "state": "CONFIRMED", "confirmed_by_agency_id": scene.viewer.agency_id}


def assigns(who: str, **more: str) -> Columns:
    def columns(scene: Scene) -> dict[str, Any]:
        service = {"service_id": scene.viewer.service_id} if scene.viewer.service_id else {}
        return {"holder_id": getattr(scene, who).id, "from_on": day(0), **service, **more}

    return columns


def _writes(number: int, said: str, roles: tuple[R, ...], purposes: tuple[P, ...], kind: K, record: Made, *given: Any,
            **more: Any) -> Case:  # fmt: skip
    return Case(number, said, roles, purposes, kind, record, given, **{"verb": Verb.WRITE, **more})


_POSITION, _DECISION = (TeamPositionPerson, "position_id"), (SharingDecisionPerson, "decision_id")
_REASON = (SharingReasonPerson, "reason_id")
_TM_KNOWS = {(R.TEAM_MANAGER, P.SUPPORT): 42}
TO_WRITE = (
    _writes(10, "a lead writes memberships", SUPPORTING, (P.SUPPORT,), K.MEMBERSHIP, new(K.MEMBERSHIP, member), HOUSEHOLD_LEAD),
    _writes(10, "a lead writes how people are related", SUPPORTING, (P.SUPPORT,), K.RELATIONSHIP, new(K.RELATIONSHIP, related),
            HOUSEHOLD_LEAD),
    _writes(10, "a lead writes parental responsibility", SUPPORTING, (P.SUPPORT,), K.PARENTAL_RESPONSIBILITY,
            new(K.PARENTAL_RESPONSIBILITY, responsible), HOUSEHOLD_LEAD),
    _writes(10, "a social worker with the case writes memberships", (R.SOCIAL_WORKER,), (P.SUPPORT,), K.MEMBERSHIP,
            new(K.MEMBERSHIP, member), HOUSEHOLD_CASE_TO_WRITE),
    _writes(13, "an inclusion lead writes a start at their own school", (R.INCLUSION_LEAD,), (P.TRANSITION,), K.ENROLMENT,
            new(K.ENROLMENT, starting("viewer")), also={(role, P.TRANSITION): 43 for role in MOVERS},
            instead={"it is another school": new(K.ENROLMENT, starting("elsewhere"))}),
    _writes(19, "a practitioner writes about whom their agency works with", SUPPORTING, (P.SUPPORT,), K.SUPPORT_REPORT,
            new_report(SENSITIVE), WORKS_WITH),
    _writes(19, "a practitioner writes that they are involved", SUPPORTING, (P.SUPPORT,), K.INVOLVEMENT, new(K.INVOLVEMENT),
            WORKS_WITH),
    _writes(28, "a confidential service's practitioner writes its reports", SUPPORTING, (P.SUPPORT,), K.SUPPORT_REPORT,
            new_report(CONFIDENTIAL, of_service=True), works_at=A.HEALTH, in_service=True),
    _writes(29, "a voluntary worker writes a light-touch report", (R.VOLUNTARY_WORKER,), (P.SUPPORT,), K.LIGHT_TOUCH_REPORT,
            new_light_touch(), instead={"it is SENSITIVE": new_light_touch(SENSITIVE)}),
    _writes(34, "a lead writes need", SUPPORTING, (P.SUPPORT,), K.NEED, new(K.NEED), LEAD),
    _writes(34, "a social worker with the case writes need", (R.SOCIAL_WORKER,), (P.SUPPORT,), K.NEED, new(K.NEED), CASE_TO_WRITE),
    _writes(34, "a triage worker writes need while the contact is undecided", (R.TRIAGE_WORKER,), (P.TRIAGE,), K.NEED, new(K.NEED),
            CONTACT),
    _writes(35, "a social worker with the case writes legal status", (R.SOCIAL_WORKER,), (P.PROTECTION,), K.LEGAL_STATUS,
            new(K.LEGAL_STATUS), CASE),
    _writes(71, "a social worker with the case writes court orders", (R.SOCIAL_WORKER,), (P.PROTECTION,), K.COURT_ORDER,
            new(K.COURT_ORDER, lambda scene: {"sensitivity": "SENSITIVE"}), CASE),
    _writes(40, "a lead writes a sharing decision", SUPPORTING, (P.SUPPORT,), K.SHARING_DECISION,
            new(K.SHARING_DECISION, shared, link=_DECISION), LEAD),
    _writes(40, "a social worker with the case writes a sharing decision", (R.SOCIAL_WORKER,), (P.SUPPORT, P.PROTECTION),
            K.SHARING_DECISION, new(K.SHARING_DECISION, shared, link=_DECISION), CASE_TO_WRITE),
    _writes(40, "a triage worker writes a sharing decision while the contact is undecided", (R.TRIAGE_WORKER,), (P.TRIAGE,),
            K.SHARING_DECISION, new(K.SHARING_DECISION, shared, link=_DECISION), CONTACT),
    _writes(40, "a lead proposes to share without agreement", SUPPORTING, (P.SUPPORT,), K.SHARING_REASON,
            new(K.SHARING_REASON, proposed, link=_REASON), LEAD),
    _writes(40, "a social worker with the case proposes it", (R.SOCIAL_WORKER,), (P.SUPPORT, P.PROTECTION), K.SHARING_REASON,
            new(K.SHARING_REASON, proposed, link=_REASON), CASE_TO_WRITE),
    _writes(40, "a triage worker proposes it while the contact is undecided", (R.TRIAGE_WORKER,), (P.TRIAGE,), K.SHARING_REASON,
            new(K.SHARING_REASON, proposed, link=_REASON), CONTACT),
    _writes(40, "a team manager signs second", (R.TEAM_MANAGER,), (P.SUPPORT, P.PROTECTION), K.SHARING_REASON,
            says_yes(K.SHARING_REASON, reason("colleague")), verb=Verb.CONFIRM,
            instead={"they signed first": says_yes(K.SHARING_REASON, reason("viewer")),
                     "another agency proposed it": says_yes(K.SHARING_REASON, reason()),
                     "it has been signed": says_yes(K.SHARING_REASON, reason("colleague", signed_by="board"))}),
    _writes(68, "a practitioner writes an agreement to their service", SUPPORTING, (P.SUPPORT,), K.SERVICE_AGREEMENT,
            new(K.SERVICE_AGREEMENT, agreed), WORKS_WITH),
    _writes(42, "a lead writes team membership", SUPPORTING, (P.SUPPORT,), K.TEAM_POSITION,
            new(K.TEAM_POSITION, seat, link=_POSITION), HOUSEHOLD_LEAD),
    _writes(42, "a team manager writes team membership where their agency works", (R.TEAM_MANAGER,), (P.SUPPORT,), K.TEAM_POSITION,
            new(K.TEAM_POSITION, seat, link=_POSITION), WORKS_WITH),
    _writes(43, "whoever sees to moves proposes one to their own school", MOVERS, (P.TRANSITION,), K.ENROLMENT,
            new(K.ENROLMENT, starting("viewer")), instead={"to another school": new(K.ENROLMENT, starting("elsewhere"))}),
    _writes(43, "whoever sees to moves proposes one for a child on roll", MOVERS, (P.TRANSITION,), K.ENROLMENT,
            new(K.ENROLMENT, starting("elsewhere")), ON_ROLL),
    _writes(43, "whoever sees to moves confirms another agency's proposal", MOVERS, (P.TRANSITION,), K.ENROLMENT,
            says_yes(K.ENROLMENT, enrolment("viewer", is_confirmed=False)), verb=Verb.CONFIRM,
            instead={"it is at another school": says_yes(K.ENROLMENT, enrolment(is_confirmed=False))}),
    _writes(52, "a practitioner writes a contact", SUPPORTING, (P.SUPPORT,), K.CONTACT, new(K.CONTACT, asked), WORKS_WITH),
    _writes(53, "a triage worker decides a contact in their queue", (R.TRIAGE_WORKER,), (P.TRIAGE,), K.CONTACT,
            says_yes(K.CONTACT, contact(door="viewer")), verb=Verb.CONFIRM,
            instead={"it is in another queue": says_yes(K.CONTACT, contact())}),
    _writes(55, "a privacy officer reviews their agency's emergency accesses", (R.PRIVACY_OFFICER,), (P.ASSURANCE,),
            K.EMERGENCY_ACCESS, says_yes(K.EMERGENCY_ACCESS, emergency("colleague")), verb=Verb.CONFIRM,
            instead={"they opened it themselves": says_yes(K.EMERGENCY_ACCESS, emergency()),
                     "another agency's": says_yes(K.EMERGENCY_ACCESS, emergency("maker"))}),
    _writes(60, "they open one child's records for hours", OPENERS, (P.PROTECTION,), K.EMERGENCY_ACCESS, new(K.EMERGENCY_ACCESS),
            instead={"an adult's": new(K.EMERGENCY_ACCESS, whom="mother")}),
    _writes(62, "a steward links two people", (R.IDENTITY_STEWARD,), (P.IDENTITY,), K.PERSON, link_two, verb=Verb.LINK,
            also={(R.TRIAGE_WORKER, P.TRIAGE): 62}),
    _writes(62, "a triage worker links two people about whom no contact waits", (R.TRIAGE_WORKER,), (P.TRIAGE,), K.PERSON, link_two,
            verb=Verb.LINK, also={(R.IDENTITY_STEWARD, P.IDENTITY): 62}, instead={"a contact about one of them waits": link_one_who_waits}),
    _writes(63, "the lead's agency confirms a position that another agency proposed", (R.TEAM_MANAGER, R.FAMILY_PRACTITIONER),
            (P.SUPPORT,), K.TEAM_POSITION, says_yes(K.TEAM_POSITION, position()), HOUSEHOLD_LEADS_AGENCY, verb=Verb.CONFIRM,
            instead={"its own agency proposed it": says_yes(K.TEAM_POSITION, position("colleague"))}),
    _writes(63, "the lead's agency confirms a sharing decision that another agency made", (R.TEAM_MANAGER, R.FAMILY_PRACTITIONER),
            (P.SUPPORT,), K.SHARING_DECISION, says_yes(K.SHARING_DECISION, decision()), LEADS_AGENCY, verb=Verb.CONFIRM,
            instead={"its own agency made it": says_yes(K.SHARING_DECISION, decision("colleague"))}),
    _writes(63, "triage confirms a position", (R.TRIAGE_WORKER,), (P.TRIAGE,), K.TEAM_POSITION, says_yes(K.TEAM_POSITION, position()),
            CONTACT, verb=Verb.CONFIRM),
    _writes(63, "a social worker with the child's case confirms a position", (R.SOCIAL_WORKER,), (P.SUPPORT, P.PROTECTION), K.TEAM_POSITION,
            says_yes(K.TEAM_POSITION, position()), CASE, verb=Verb.CONFIRM),
    _writes(63, "triage confirms a sharing decision", (R.TRIAGE_WORKER,), (P.TRIAGE,), K.SHARING_DECISION,
            says_yes(K.SHARING_DECISION, decision()), CONTACT, verb=Verb.CONFIRM,
            instead={"its own agency made it": says_yes(K.SHARING_DECISION, decision("colleague"))}),
    _writes(63, "a social worker with the case confirms a sharing decision", (R.SOCIAL_WORKER,), (P.SUPPORT, P.PROTECTION),
            K.SHARING_DECISION, says_yes(K.SHARING_DECISION, decision()), CASE, verb=Verb.CONFIRM),
    _writes(64, "whoever sees to moves brings in a file that proposes an enrolment", MOVERS, (P.TRANSITION,), K.ENROLMENT,
            new(K.ENROLMENT, starting("elsewhere"), verb="IMPORT"), verb=Verb.IMPORT,
            instead={"it confirms one for a child who was never on roll": new(K.ENROLMENT, imported, verb="IMPORT")}),
    _writes(64, "the school that sent the file confirms", MOVERS, (P.TRANSITION,), K.ENROLMENT,
            new(K.ENROLMENT, imported, verb="IMPORT"), ON_ROLL_WITHIN_THE_YEAR, verb=Verb.IMPORT),
    _writes(64, "whoever sees to moves brings in attendance", MOVERS, (P.TRANSITION,), K.ATTENDANCE,
            new(K.ATTENDANCE, verb="IMPORT"), verb=Verb.IMPORT),
    _writes(65, "an administrator assigns a colleague", (R.AGENCY_ADMINISTRATOR,), (P.ADMINISTRATION,), K.ASSIGNMENT,
            new(K.ASSIGNMENT, assigns("colleague")), also={(R.TEAM_MANAGER, P.SUPPORT): 65},
            instead={"it is themselves": new(K.ASSIGNMENT, assigns("viewer")),
                     "they work elsewhere": new(K.ASSIGNMENT, assigns("elsewhere"))}),
    _writes(65, "a team manager assigns a colleague", (R.TEAM_MANAGER,), (P.SUPPORT,), K.ASSIGNMENT,
            new(K.ASSIGNMENT, assigns("colleague")), also={(R.AGENCY_ADMINISTRATOR, P.ADMINISTRATION): 65},
            instead={"it is themselves": new(K.ASSIGNMENT, assigns("viewer")),
                     "they work elsewhere": new(K.ASSIGNMENT, assigns("elsewhere"))}),
    _writes(65, "a team manager of a confidential service assigns a colleague there", (R.TEAM_MANAGER,), (P.SUPPORT,), K.ASSIGNMENT,
            new(K.ASSIGNMENT, assigns("colleague", sensitivity="CONFIDENTIAL")), works_at=A.HEALTH, in_service=True,
            instead={"it is themselves": new(K.ASSIGNMENT, assigns("viewer", sensitivity="CONFIDENTIAL"))}),
    _writes(75, "a social worker with the case protects who somebody is", (R.SOCIAL_WORKER,), (P.PROTECTION,), K.PROTECTION,
            new(K.PROTECTION, hidden), CASE),
    _writes(77, "the custodian's social workers and team managers lift a protection", (R.SOCIAL_WORKER, R.TEAM_MANAGER),
            (P.PROTECTION,), K.PROTECTION, says_yes(K.PROTECTION, protection("colleague")), verb=Verb.CONFIRM,
            instead={"another agency made it": says_yes(K.PROTECTION, protection())}),
    _writes(85, "a privacy officer places a legal hold", (R.PRIVACY_OFFICER,), (P.ASSURANCE,), K.LEGAL_HOLD, new(K.LEGAL_HOLD)),
    _writes(64, "whoever sees to moves brings in addresses", MOVERS, (P.TRANSITION,), K.ADDRESS, new(K.ADDRESS, verb="IMPORT"),
            verb=Verb.IMPORT),
    _writes(80, "a privacy officer writes a rights request", (R.PRIVACY_OFFICER,), (P.RIGHTS,), K.RIGHTS_REQUEST, new(K.RIGHTS_REQUEST)),
    _writes(81, "a privacy officer or team manager approves a rights request that a colleague opened",
            (R.PRIVACY_OFFICER, R.TEAM_MANAGER), (P.RIGHTS,), K.RIGHTS_REQUEST, says_yes(K.RIGHTS_REQUEST, rights_request()),
            verb=Verb.CONFIRM, instead={"they opened it": says_yes(K.RIGHTS_REQUEST, rights_request("viewer")),
            "it is another agency's": says_yes(K.RIGHTS_REQUEST, rights_request("maker"))}),
)  # fmt: skip
