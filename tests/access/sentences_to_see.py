"""The sentences about seeing, as cases. Written from the policy page, not from its code."""

from datetime import timedelta
from typing import Any

from tests.access.case import Case, Made
from tests.access.given import (
    ASSIGNED,
    CASE,
    CASE_ELSEWHERE,
    CASE_TO_WRITE,
    COMING,
    CONTACT,
    EMERGENCY,
    HOUSEHOLD_LEAD,
    HOUSEHOLD_LEADS_AGENCY,
    HOUSEHOLD_TEAM,
    LEAD,
    LEADS_AGENCY,
    MANAGES,
    ON_ROLL,
    ON_ROLL_OR_COMING,
    OPENED,
    RIGHTS_APPROVED,
    SIBLING_ON_ROLL,
    TEAM,
    covered,
)
from tests.access.scene import Scene
from tests.world import CONFIDENTIAL, NOW, SENSITIVE, STANDARD, day
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.purpose import Purpose as P
from throughline.terms.record_kind import RecordKind as K
from throughline.terms.role import Role as R
from throughline.terms.sensitivity import Sensitivity

SUPPORTING = (
    R.SCHOOL_STAFF, R.SAFEGUARDING_LEAD, R.INCLUSION_LEAD, R.HEALTH_PRACTITIONER, R.POLICE_OFFICER, R.VOLUNTARY_WORKER,
    R.FAMILY_PRACTITIONER, R.SOCIAL_WORKER, R.TEAM_MANAGER,
)  # fmt: skip
BUT_SCHOOL_STAFF = tuple(role for role in SUPPORTING if role is not R.SCHOOL_STAFF)
OTHERS = tuple(role for role in SUPPORTING if role not in (R.SCHOOL_STAFF, R.VOLUNTARY_WORKER))
SCHOOL = (R.SCHOOL_STAFF, R.SAFEGUARDING_LEAD, R.INCLUSION_LEAD)
MOVERS = (R.TRANSITION_COORDINATOR, R.INCLUSION_LEAD, R.SAFEGUARDING_LEAD)


def report(*sensitivities: Sensitivity, whom: str = "child", by: str = "maker", **columns: Any) -> Made:
    async def make(scene: Scene) -> Any:
        about = [getattr(scene, whom)]
        return await scene.world.report(getattr(scene, by), *((about, one) for one in sensitivities), **columns)

    return make


def about(table: str, sensitivity: Sensitivity = STANDARD, *, whom: str = "child", by: str = "maker", at_home: bool = False,
          **columns: Any) -> Made:  # fmt: skip
    async def make(scene: Scene) -> Any:
        home = {"household_id": scene.home.household_id} if at_home else {}
        return await scene.world.about(table, getattr(scene, by), getattr(scene, whom), sensitivity, **home, **columns)

    return make


def own_identity(**columns: Any) -> Made:
    async def make(scene: Scene) -> Any:
        return await scene.world.connection.fetchval(
            "select id from portal.identity_record where person_id = $1 and agency_id = $2",
            scene.child.person_id, scene.viewer.agency_id,
        ) or await scene.world.known_to(scene.viewer.agency_id, scene.child.person_id)  # fmt: skip

    return make


async def others_identity(scene: Scene) -> Any:
    return scene.child.record_id


def number(scheme: str, *, own: bool = False, by_school: bool = False) -> Made:
    """On the agency's own identity record, on that of another agency of its kind (a school), or on the family hub's."""

    async def make(scene: Scene) -> Any:
        record = await own_identity()(scene) if own else scene.child.record_id
        if by_school:
            record = await scene.world.known_to(scene.elsewhere, scene.child.person_id)
        return await scene.world.number(record, scheme, "A823432101234")

    return make


async def membership(scene: Scene) -> Any:
    return await scene.world.connection.fetchval(
        "select id from portal.membership where identity_record_id = $1", scene.mother.record_id
    )


async def legal_responsibility(scene: Scene) -> Any:
    return await scene.world.responsible(scene.maker, scene.mother, scene.child, scene.home)


async def responsibility(scene: Scene) -> Any:
    return await scene.world.related(scene.maker, scene.mother, scene.child, scene.home)


def enrolment(school: str = "elsewhere", first: int = -100, last: int | None = None, *, is_confirmed: bool = True) -> Made:
    async def make(scene: Scene) -> Any:
        return await scene.world.enrolled(
            scene.maker, scene.child, getattr(scene, school).agency_id, first, last,
            confirmed_by=scene.board.agency_id if is_confirmed else None,
        )  # fmt: skip

    return make


def position(by: str = "maker", holder: str = "colleague") -> Made:
    async def make(scene: Scene) -> Any:
        return await scene.world.position(getattr(scene, by), getattr(scene, holder), scene.home, [scene.child])

    return make


def decision(by: str = "maker", **columns: Any) -> Made:
    async def make(scene: Scene) -> Any:
        return await scene.world.decision(getattr(scene, by), [scene.elsewhere.agency_id], [scene.child], **columns)

    return make


def reason(by: str = "maker", whom: tuple[str, ...] = ("child",), signed_by: str | None = None, **columns: Any) -> Made:
    """A proposal to share without agreement."""

    async def make(scene: Scene) -> Any:
        signed = {"signed_by_id": getattr(scene, signed_by).id, "signed_at": NOW} if signed_by else {}
        return await scene.world.reason(getattr(scene, by), [getattr(scene, one) for one in whom], **signed, **columns)

    return make


def agreement(sensitivity: Sensitivity = STANDARD, by: str = "maker") -> Made:
    async def make(scene: Scene) -> Any:
        return await scene.world.agreement(getattr(scene, by), scene.child, sensitivity)

    return make


def protection(by: str = "maker", reader: str | None = None) -> Made:
    async def make(scene: Scene) -> Any:
        readers = [getattr(scene, reader)] if reader else []
        return await scene.world.protected(getattr(scene, by), scene.child, "WHEREABOUTS", readers)

    return make


def light_touch(by: str = "maker", home: str | None = "home") -> Made:
    async def make(scene: Scene) -> Any:
        return await scene.world.light_touch(getattr(scene, by), getattr(scene, home) if home else None)

    return make


def contact(by: str = "maker", door: str = "elsewhere", decided: int | None = None) -> Made:
    async def make(scene: Scene) -> Any:
        return await scene.world.contact(getattr(scene, by), scene.child, getattr(scene, door).agency_id, decided=decided)

    return make


def assignment(holder: str = "viewer", first: int = -30, last: int | None = None, *, is_managed: bool = False) -> Made:
    async def make(scene: Scene) -> Any:
        if is_managed:
            await scene.world.change("practitioner", scene.colleague.id, manager_id=scene.viewer.id)
        own = await scene.world.known_to(scene.viewer.agency_id, scene.child.person_id)
        return await scene.world.assigned(getattr(scene, holder), own, first, last)

    return make


def emergency(by: str = "viewer", whom: str = "child") -> Made:
    """Long over, and there for ever."""

    async def make(scene: Scene) -> Any:
        return await scene.world.emergency(getattr(scene, by), getattr(scene, whom), NOW - timedelta(days=400))

    return make


def with_hers(record: Made) -> Made:
    """The mother's records are opened too, which opens nothing: she is no child."""

    async def make(scene: Scene) -> Any:
        await scene.world.emergency(scene.viewer, scene.mother)
        return await record(scene)

    return make


async def report_with_her(scene: Scene) -> Any:
    return await scene.world.report(scene.maker, ([scene.child, scene.mother], STANDARD))


async def confidential_address(scene: Scene) -> Any:
    address = await about("address", is_confidential=True)(scene)
    await scene.world.join("address_reader", address_id=address, practitioner_id=scene.viewer.id, agency_id=scene.maker.agency_id)
    return address


async def service_report(scene: Scene) -> Any:
    """Made by a colleague in the viewer's own confidential service, about the child as that service knows them."""
    record = await scene.world.connection.fetchval(
        "select id from portal.identity_record where person_id = $1 and service_id = $2",
        scene.child.person_id, scene.viewer.service_id,
    )  # fmt: skip
    known = type(scene.child)(scene.child.person_id, record or await scene.world.known_to(scene.viewer, scene.child.person_id))
    colleague = type(scene.viewer)(
        scene.colleague.id, scene.colleague.agency_id, R.HEALTH_PRACTITIONER, scene.colleague.client_id, scene.viewer.service_id
    )
    return await scene.world.report(colleague, ([known], CONFIDENTIAL))


async def another_services_report(scene: Scene) -> Any:
    service = await scene.world.service(scene.viewer.agency_id)
    colleague = type(scene.viewer)(scene.colleague.id, scene.colleague.agency_id, R.HEALTH_PRACTITIONER, "", service)
    known = type(scene.child)(scene.child.person_id, await scene.world.known_to(colleague, scene.child.person_id))
    return await scene.world.report(colleague, ([known], CONFIDENTIAL))


_OUTSIDE = {"it is CONFIDENTIAL": another_services_report}

IDENTITY = (
    Case(3, "a practitioner sees their agency's own identity record", SUPPORTING, (P.SUPPORT,), K.IDENTITY_RECORD, own_identity(),
         (ASSIGNED,), instead={"it is another agency's": others_identity}),
    Case(4, "a school role sees the UPN of a child on roll", (*SCHOOL, R.TRANSITION_COORDINATOR), (P.TRANSITION,),
         K.IDENTITY_NUMBER, number("UPN", by_school=True), (ON_ROLL_OR_COMING,),
         instead={"it is an NHS number": number("NHS_NUMBER", by_school=True), "it is a postcode": number("POSTCODE", by_school=True),
                  "no school holds it": number("UPN")}),
    Case(4, "a school role sees the ULN of a child who is coming", (*SCHOOL, R.TRANSITION_COORDINATOR), (P.TRANSITION,),
         K.IDENTITY_NUMBER, number("ULN", by_school=True), (COMING,)),
    Case(4, "a school role sees the former UPN on their own record when assigned", (*SCHOOL, R.TRANSITION_COORDINATOR),
         (P.TRANSITION,), K.IDENTITY_NUMBER, number("FORMER_UPN", own=True), (ASSIGNED,),
         instead={"it is on another agency's record": number("UPN")}),
    Case(5, "a health practitioner or social worker sees the NHS number on their own record when assigned",
         (R.HEALTH_PRACTITIONER, R.SOCIAL_WORKER), (P.SUPPORT,), K.IDENTITY_NUMBER, number("NHS_NUMBER", own=True), (ASSIGNED,),
         instead={"it is on another agency's record": number("NHS_NUMBER"), "it is a UPN": number("UPN", own=True)}),
    Case(5, "a health practitioner or social worker on the team sees the NHS number", (R.HEALTH_PRACTITIONER, R.SOCIAL_WORKER),
         (P.SUPPORT,), K.IDENTITY_NUMBER, number("NHS_NUMBER", own=True), (TEAM,),
         instead={"it is on another agency's record": number("NHS_NUMBER"), "it is a UPN": number("UPN", own=True)}),
    Case(6, "a team member sees the household's ordinary address", SUPPORTING, (P.SUPPORT, P.PROTECTION), K.ADDRESS,
         about("address", at_home=True), (HOUSEHOLD_TEAM,),
         instead={"it is confidential": about("address", at_home=True, is_confidential=True)}),
    Case(6, "a team member sees an ordinary address that names no household", SUPPORTING, (P.SUPPORT, P.PROTECTION), K.ADDRESS,
         about("address"), (TEAM,)),
    Case(6, "a triage worker with the contact sees the ordinary address", (R.TRIAGE_WORKER,), (P.TRIAGE,), K.ADDRESS,
         about("address"), (CONTACT,), instead={"it is confidential": about("address", is_confidential=True)}),
    Case(6, "a social worker with the child's case sees the ordinary address", (R.SOCIAL_WORKER,), (P.SUPPORT, P.PROTECTION), K.ADDRESS,
         about("address", at_home=True), (CASE_ELSEWHERE,)),
    Case(7, "a practitioner named by its custodian sees a confidential address", SUPPORTING, (P.PROTECTION,), K.ADDRESS,
         confidential_address,
         instead={"nobody has named them": about("address", is_confidential=True)}),
)  # fmt: skip

FAMILY = (
    Case(8, "a team member sees the household's memberships", SUPPORTING, (P.SUPPORT,), K.MEMBERSHIP, membership, (HOUSEHOLD_TEAM,)),
    Case(8, "a team member sees how people are related", SUPPORTING, (P.SUPPORT,), K.RELATIONSHIP, responsibility,
         (HOUSEHOLD_TEAM,)),
    Case(8, "a team member sees parental responsibility", SUPPORTING, (P.SUPPORT,), K.PARENTAL_RESPONSIBILITY, legal_responsibility,
         (HOUSEHOLD_TEAM,)),
    Case(9, "a safeguarding lead sees the mother of a pupil when covered", (R.SAFEGUARDING_LEAD,), (P.SUPPORT,), K.MEMBERSHIP,
         membership, (SIBLING_ON_ROLL, covered(K.MEMBERSHIP, who="mother"))),
    Case(11, "school staff see the enrolments of a child on roll", SCHOOL, (P.SUPPORT,), K.ENROLMENT, enrolment(), (ON_ROLL,)),
    Case(11, "school staff see the attendance of a child on roll", SCHOOL, (P.SUPPORT,), K.ATTENDANCE, about("attendance"),
         (ON_ROLL,)),
    Case(12, "a team member sees the child's current school", SUPPORTING, (P.SUPPORT,), K.ENROLMENT, enrolment(last=0), (TEAM,),
         instead={"the child left it yesterday": enrolment(last=-1), "it starts tomorrow": enrolment(first=1),
                  "it is only proposed": enrolment(is_confirmed=False)}),
)  # fmt: skip

INVOLVEMENT = (
    Case(15, "a safeguarding lead sees STANDARD involvement of a child on roll", (R.SAFEGUARDING_LEAD,), (P.SUPPORT,),
         K.INVOLVEMENT, about("involvement"), (ON_ROLL,), instead={"it is SENSITIVE": about("involvement", SENSITIVE)}),
    Case(16, "a safeguarding lead sees a child's own SENSITIVE involvement when on roll and covered", (R.SAFEGUARDING_LEAD,),
         (P.SUPPORT,), K.INVOLVEMENT, about("involvement", SENSITIVE),
         (ON_ROLL, covered(K.INVOLVEMENT, SENSITIVE, at_school=True)),
         instead={"it is the mother's": about("involvement", SENSITIVE, whom="mother")}),
    Case(17, "a team member sees STANDARD involvement", BUT_SCHOOL_STAFF, (P.SUPPORT,), K.INVOLVEMENT, about("involvement"), (TEAM,),
         instead={"it is SENSITIVE": about("involvement", SENSITIVE)}),
    Case(17, "a team member sees SENSITIVE involvement when covered", BUT_SCHOOL_STAFF, (P.SUPPORT,), K.INVOLVEMENT,
         about("involvement", SENSITIVE), (TEAM, covered(K.INVOLVEMENT, SENSITIVE)), works_at=A.LOCAL_AUTHORITY),
    Case(18, "a triage worker sees SENSITIVE involvement while the contact is undecided", (R.TRIAGE_WORKER,), (P.TRIAGE,),
         K.INVOLVEMENT, about("involvement", SENSITIVE), (CONTACT,)),
    Case(18, "a social worker with the case sees SENSITIVE involvement", (R.SOCIAL_WORKER,), (P.PROTECTION,), K.INVOLVEMENT,
         about("involvement", SENSITIVE), (CASE,)),
)  # fmt: skip

REPORTS = (
    Case(20, "school staff and voluntary workers see reports that they wrote", (R.SCHOOL_STAFF, R.VOLUNTARY_WORKER), (P.SUPPORT,),
         K.SUPPORT_REPORT, report(SENSITIVE, by="viewer"), instead={"a colleague wrote it": report(STANDARD, by="colleague")}),
    Case(20, "school staff and voluntary workers see light-touch reports that they wrote", (R.SCHOOL_STAFF, R.VOLUNTARY_WORKER),
         (P.SUPPORT,), K.LIGHT_TOUCH_REPORT, light_touch("viewer"), instead={"a colleague wrote it": light_touch("colleague")}),
    Case(21, "an assigned practitioner sees their own agency's SENSITIVE reports", OTHERS, (P.SUPPORT,), K.SUPPORT_REPORT,
         report(SENSITIVE, by="colleague"), (ASSIGNED,), works_at=A.LOCAL_AUTHORITY,
         instead={"another agency made it": report(STANDARD), **_OUTSIDE}),
    Case(21, "a team manager sees their team's own STANDARD reports", (R.TEAM_MANAGER,), (P.SUPPORT,), K.SUPPORT_REPORT,
         report(STANDARD, by="colleague"), (MANAGES,), instead={"another agency made it": report(STANDARD)}),
    Case(22, "a safeguarding lead sees STANDARD reports when on roll and covered", (R.SAFEGUARDING_LEAD,), (P.SUPPORT,),
         K.SUPPORT_REPORT, report(STANDARD), (ON_ROLL, covered(K.SUPPORT_REPORT, at_school=True)),
         instead={"it is SENSITIVE": report(SENSITIVE, released=True)}),
    Case(23, "a safeguarding lead sees a child's own SENSITIVE report when on roll, covered and released", (R.SAFEGUARDING_LEAD,),
         (P.SUPPORT,), K.SUPPORT_REPORT, report(SENSITIVE, released=True),
         (ON_ROLL, covered(K.SUPPORT_REPORT, SENSITIVE, at_school=True)),
         instead={"it is not released": report(SENSITIVE), "it is the mother's": report(SENSITIVE, whom="mother", released=True)}),
    Case(24, "a health practitioner, police officer or family practitioner on the team sees STANDARD reports when covered",
         (R.HEALTH_PRACTITIONER, R.POLICE_OFFICER, R.FAMILY_PRACTITIONER), (P.SUPPORT,), K.SUPPORT_REPORT, report(STANDARD),
         (TEAM, covered(K.SUPPORT_REPORT))),
    Case(25, "a lead sees SENSITIVE reports when covered",
         (R.SAFEGUARDING_LEAD, R.POLICE_OFFICER, R.SOCIAL_WORKER, R.TEAM_MANAGER), (P.SUPPORT,), K.SUPPORT_REPORT, report(SENSITIVE),
         (LEAD, covered(K.SUPPORT_REPORT, SENSITIVE)), works_at=A.LOCAL_AUTHORITY,
         also={(role, P.SUPPORT): 25 for role in (R.HEALTH_PRACTITIONER, R.FAMILY_PRACTITIONER)}),
    Case(25, "a health or family practitioner on the team sees SENSITIVE reports when covered",
         (R.HEALTH_PRACTITIONER, R.FAMILY_PRACTITIONER), (P.SUPPORT,), K.SUPPORT_REPORT, report(SENSITIVE),
         (TEAM, covered(K.SUPPORT_REPORT, SENSITIVE))),
    Case(26, "an allocated social worker sees STANDARD reports when covered", (R.SOCIAL_WORKER,), (P.SUPPORT,), K.SUPPORT_REPORT,
         report(STANDARD), (CASE, covered(K.SUPPORT_REPORT)),
         also={(R.SOCIAL_WORKER, P.PROTECTION): 26, **{(role, P.SUPPORT): 24 for role in
               (R.HEALTH_PRACTITIONER, R.POLICE_OFFICER, R.FAMILY_PRACTITIONER)}}),
    Case(26, "an allocated social worker sees SENSITIVE reports for PROTECTION", (R.SOCIAL_WORKER,), (P.PROTECTION,),
         K.SUPPORT_REPORT, report(SENSITIVE), (CASE,)),
    Case(27, "a triage worker sees SENSITIVE reports on the child while the contact is undecided", (R.TRIAGE_WORKER,), (P.TRIAGE,),
         K.SUPPORT_REPORT, report(SENSITIVE), (CONTACT,)),
    Case(28, "a confidential service's practitioner sees its reports when assigned", OTHERS, (P.SUPPORT,), K.SUPPORT_REPORT,
         service_report, (ASSIGNED,), works_at=A.HEALTH, in_service=True, instead={"it is another service's": another_services_report}),
    Case(30, "the lead sees light-touch reports about the family", SUPPORTING, (P.SUPPORT,), K.LIGHT_TOUCH_REPORT, light_touch(),
         (HOUSEHOLD_LEAD,), instead={"it is about another family": light_touch(home="other_home"), "it is about nobody": light_touch(home=None)}),
)  # fmt: skip

NEED = (
    Case(33, "a team member sees need when covered", BUT_SCHOOL_STAFF, (P.SUPPORT,), K.NEED, about("need"), (TEAM, covered(K.NEED))),
    Case(33, "a safeguarding lead of a child on roll sees need when covered", (R.SAFEGUARDING_LEAD,), (P.SUPPORT,), K.NEED,
         about("need"), (ON_ROLL, covered(K.NEED, at_school=True))),
    Case(35, "a social worker with the case sees legal status", (R.SOCIAL_WORKER,), (P.PROTECTION,), K.LEGAL_STATUS,
         about("legal_status"), (CASE,), works_at=A.VOLUNTARY),
    Case(35, "a safeguarding lead of a child on roll sees legal status", (R.SAFEGUARDING_LEAD,), (P.PROTECTION,), K.LEGAL_STATUS,
         about("legal_status"), (ON_ROLL,)),
    Case(35, "a statutory team member sees legal status",
         tuple(r for r in BUT_SCHOOL_STAFF if r is not R.VOLUNTARY_WORKER), (P.PROTECTION,), K.LEGAL_STATUS, about("legal_status"),
         (TEAM,), works_at=A.POLICE),
)  # fmt: skip

_ORDER, _COVERED = about("court_order", SENSITIVE), covered(K.COURT_ORDER, SENSITIVE, purpose=P.PROTECTION)
COURT_ORDERS = (
    Case(71, "a social worker with the case sees court orders", (R.SOCIAL_WORKER,), (P.PROTECTION,), K.COURT_ORDER, _ORDER, (CASE,),
         works_at=A.VOLUNTARY),
    Case(71, "the lead sees court orders when covered",
         tuple(r for r in BUT_SCHOOL_STAFF if r is not R.VOLUNTARY_WORKER), (P.PROTECTION,), K.COURT_ORDER, _ORDER, (LEAD, _COVERED),
         works_at=A.VOLUNTARY),
    Case(71, "a statutory team member sees court orders when covered",
         tuple(r for r in BUT_SCHOOL_STAFF if r is not R.VOLUNTARY_WORKER), (P.PROTECTION,), K.COURT_ORDER, _ORDER, (TEAM, _COVERED),
         works_at=A.POLICE),
    Case(71, "a safeguarding lead of a child on roll sees court orders when covered", (R.SAFEGUARDING_LEAD,), (P.PROTECTION,),
         K.COURT_ORDER, _ORDER, (ON_ROLL, covered(K.COURT_ORDER, SENSITIVE, purpose=P.PROTECTION, at_school=True)),
         instead={"it is about the mother": about("court_order", SENSITIVE, whom="mother")}),
)  # fmt: skip

TEAMWORK = (
    Case(40, "a team manager sees what waits for a second signature", (R.TEAM_MANAGER,), (P.SUPPORT, P.PROTECTION), K.SHARING_REASON,
         reason("colleague"), also={(R.PRIVACY_OFFICER, P.ASSURANCE): 55},
         instead={"another agency proposed it": reason(), "its last day has passed": reason("colleague", review_on=day(-1), until_on=day(-1)),
                  "it has been signed": reason("colleague", signed_by="board")}),
    Case(41, "a team member sees a sharing decision", SUPPORTING, (P.SUPPORT,), K.SHARING_DECISION, decision(), (TEAM,),
         instead={"it is a refusal": decision(is_refusal=True)}),
    Case(41, "the lead sees a refusal", SUPPORTING, (P.SUPPORT,), K.SHARING_DECISION, decision(is_refusal=True), (LEAD,)),
    Case(41, "the lead sees why it was decided", SUPPORTING, (P.SUPPORT,), K.SHARING_REASON, reason(), (LEAD,),
         instead={"it is about the mother too, whom they do not lead": reason(whom=("child", "mother"))}),
    Case(41, "who made it sees why it was decided", SUPPORTING, (P.SUPPORT, P.PROTECTION), K.SHARING_REASON, reason("viewer"),
         also={(R.TRIAGE_WORKER, P.TRIAGE): 41, (R.PRIVACY_OFFICER, P.ASSURANCE): 55}),
    Case(41, "who signed it second sees why it was decided", SUPPORTING, (P.SUPPORT, P.PROTECTION), K.SHARING_REASON,
         reason(signed_by="viewer"), also={(R.TRIAGE_WORKER, P.TRIAGE): 41}, instead={"somebody else did": reason(signed_by="colleague")}),
    Case(41, "a triage worker who made it sees why it was decided", (R.TRIAGE_WORKER,), (P.TRIAGE,), K.SHARING_REASON, reason("viewer"),
         also={**{(role, p): 41 for role in SUPPORTING for p in (P.SUPPORT, P.PROTECTION)}, (R.PRIVACY_OFFICER, P.ASSURANCE): 55}),
    Case(55, "a privacy officer sees why their agency's decisions were made", (R.PRIVACY_OFFICER,), (P.ASSURANCE,), K.SHARING_REASON,
         reason("colleague", signed_by="board"), instead={"another agency's": reason()}),
    Case(68, "an assigned practitioner sees their own agency's agreement to a service", SUPPORTING, (P.SUPPORT,), K.SERVICE_AGREEMENT,
         agreement(SENSITIVE, "colleague"), (ASSIGNED,), instead={"another agency's": agreement()}),
    Case(69, "a team member sees STANDARD agreements to a service", BUT_SCHOOL_STAFF, (P.SUPPORT,), K.SERVICE_AGREEMENT, agreement(),
         (TEAM,), instead={"it is SENSITIVE": agreement(SENSITIVE)}),
    Case(69, "a social worker with the case sees SENSITIVE agreements to a service", (R.SOCIAL_WORKER,), (P.PROTECTION,),
         K.SERVICE_AGREEMENT, agreement(SENSITIVE), (CASE,)),
    Case(42, "team members see each other", SUPPORTING, (P.SUPPORT,), K.TEAM_POSITION, position(), (HOUSEHOLD_TEAM,)),
    Case(55, "a privacy officer sees their agency's sharing decisions", (R.PRIVACY_OFFICER,), (P.ASSURANCE,), K.SHARING_DECISION,
         decision("viewer"), instead={"another agency made it": decision()}),
    Case(63, "the lead's agency sees a position that another agency proposed", (R.TEAM_MANAGER, R.FAMILY_PRACTITIONER),
         (P.SUPPORT,), K.TEAM_POSITION, position(), (HOUSEHOLD_LEADS_AGENCY,),
         instead={"its own agency proposed it": position("colleague")}),
    Case(63, "the lead's agency sees a sharing decision that another agency made", (R.TEAM_MANAGER, R.FAMILY_PRACTITIONER),
         (P.SUPPORT,), K.SHARING_DECISION, decision(), (LEADS_AGENCY,),
         instead={"its own agency made it": decision("colleague"), "it is a refusal": decision(is_refusal=True)}),
    Case(63, "a social worker with the child's case sees a position that another agency made", (R.SOCIAL_WORKER,),
         (P.SUPPORT, P.PROTECTION), K.TEAM_POSITION, position(), (CASE_ELSEWHERE,)),
    Case(63, "triage sees a position that another agency made", (R.TRIAGE_WORKER,), (P.TRIAGE,), K.TEAM_POSITION, position(), (CONTACT,)),
    Case(63, "a social worker with the case sees a sharing decision that another agency made", (R.SOCIAL_WORKER,), (P.PROTECTION,),
         K.SHARING_DECISION, decision(), (CASE,), instead={"it is a refusal": decision(is_refusal=True)},
         also={(role, P.SUPPORT): 41 for role in SUPPORTING}),
    Case(63, "triage sees a sharing decision that another agency made", (R.TRIAGE_WORKER,), (P.TRIAGE,), K.SHARING_DECISION,
         decision(), (CONTACT,)),
)  # fmt: skip


def rights_request(by: str = "colleague", state: str = "CHECKED") -> Made:
    async def make(scene: Scene) -> Any:
        return await scene.world.rights_request(getattr(scene, by), scene.child, state)

    return make


_OFFICER = (R.PRIVACY_OFFICER,)
RIGHTS = (
    Case(56, "a privacy officer sees their agency's own SENSITIVE report when a rights request is approved", _OFFICER, (P.RIGHTS,),
         K.SUPPORT_REPORT, report(SENSITIVE, by="colleague"), (RIGHTS_APPROVED,),
         instead={"another agency made it": report(STANDARD), "it is about somebody else": report(STANDARD, by="colleague", whom="mother")}),
    Case(56, "a privacy officer sees their agency's own need when a rights request is approved", _OFFICER, (P.RIGHTS,), K.NEED,
         about("need", by="colleague"), (RIGHTS_APPROVED,)),
    Case(80, "a privacy officer sees their agency's rights requests", _OFFICER, (P.RIGHTS,), K.RIGHTS_REQUEST,
         rights_request("viewer"), instead={"it is another agency's": rights_request("maker")}),
    Case(80, "a privacy officer sees a request that a colleague opened", _OFFICER, (P.RIGHTS,), K.RIGHTS_REQUEST,
         rights_request(), also={(R.TEAM_MANAGER, P.RIGHTS): 81}),
    Case(81, "a team manager sees a rights request that a colleague opened", (R.TEAM_MANAGER,), (P.RIGHTS,), K.RIGHTS_REQUEST,
         rights_request(), also={(R.PRIVACY_OFFICER, P.RIGHTS): 81},
         instead={"they opened it": rights_request("viewer"), "it is another agency's": rights_request("maker")}),
)  # fmt: skip

SCHOOL_MOVES = (
    Case(43, "whoever sees to moves sees enrolments at their own school", MOVERS, (P.TRANSITION,), K.ENROLMENT,
         enrolment("viewer", is_confirmed=False),
         instead={"it is at another school, and confirmed": enrolment(), "it is proposed for a child not on roll": enrolment(is_confirmed=False)}),
    Case(43, "whoever sees to moves sees the proposal for a child on roll", MOVERS, (P.TRANSITION,), K.ENROLMENT,
         enrolment(is_confirmed=False), (ON_ROLL,), instead={"it is confirmed": enrolment()},
         also={(role, P.SUPPORT): 11 for role in SCHOOL}),
)  # fmt: skip

FRONT_DOOR = (
    Case(52, "a practitioner sees what became of their contact", SUPPORTING, (P.SUPPORT,), K.CONTACT,
         contact("viewer", decided=-1), instead={"a colleague made it": contact("colleague")}),
    Case(53, "a triage worker sees contacts in their queue", (R.TRIAGE_WORKER,), (P.TRIAGE,), K.CONTACT,
         contact(door="viewer", decided=-1), instead={"it is in another queue": contact()}),
)  # fmt: skip

ASSIGNMENTS = (
    Case(67, "a practitioner sees their own assignment", SUPPORTING, (P.SUPPORT,), K.ASSIGNMENT, assignment(),
         instead={"it ended yesterday": assignment(last=-1), "it starts tomorrow": assignment(first=1),
                  "it is a colleague's": assignment("colleague")}),
    Case(67, "their team manager sees it", (R.TEAM_MANAGER,), (P.SUPPORT,), K.ASSIGNMENT, assignment("colleague", is_managed=True),
         instead={"it ended yesterday": assignment("colleague", last=-1, is_managed=True),
                  "somebody else manages them": assignment("colleague")}),
)  # fmt: skip

OPENERS = (R.SAFEGUARDING_LEAD, R.HEALTH_PRACTITIONER, R.TRIAGE_WORKER, R.SOCIAL_WORKER)
EMERGENCIES = (
    Case(60, "whoever opened the child's records sees a report", OPENERS, (P.PROTECTION,), K.SUPPORT_REPORT, report(SENSITIVE),
         (EMERGENCY,), instead={"it is about the mother": with_hers(report(whom="mother")),
                                "it is about her as well": with_hers(report_with_her),
                                "it is CONFIDENTIAL": another_services_report}),
    *(Case(60, f"and what else there is: {kind.lower()}", OPENERS, (P.PROTECTION,), kind, about(kind.lower(), SENSITIVE), (OPENED,),
           instead={"it is about the mother": with_hers(about(kind.lower(), whom="mother"))})
      for kind in (K.INVOLVEMENT, K.NEED, K.LEGAL_STATUS)),
    Case(73, "whoever opened a child's records sees for ever that they did", OPENERS, (P.PROTECTION,), K.EMERGENCY_ACCESS, emergency(),
         also={(R.PRIVACY_OFFICER, P.ASSURANCE): 55}, instead={"a colleague did": emergency("colleague")}),
    Case(73, "a lead from a statutory agency sees it", SUPPORTING, (P.SUPPORT,), K.EMERGENCY_ACCESS, emergency("maker"), (LEAD,),
         works_at=A.HEALTH),
    Case(73, "triage sees it while the contact is undecided", (R.TRIAGE_WORKER,), (P.TRIAGE,), K.EMERGENCY_ACCESS,
         emergency("maker"), (CONTACT,)),
    Case(73, "an allocated social worker sees it", (R.SOCIAL_WORKER,), (P.SUPPORT, P.PROTECTION), K.EMERGENCY_ACCESS,
         emergency("maker"), (CASE_TO_WRITE,)),
    Case(55, "a privacy officer sees their agency's emergency accesses", (R.PRIVACY_OFFICER,), (P.ASSURANCE,), K.EMERGENCY_ACCESS,
         emergency("colleague"), instead={"another agency's": emergency("maker")}),
)  # fmt: skip

PROTECTIONS = (
    Case(
        76,
        "a social worker or manager of the custodian sees a protection",
        (R.SOCIAL_WORKER, R.TEAM_MANAGER),
        (P.PROTECTION,),
        K.PROTECTION,
        protection("colleague"),
        instead={"another agency made it": protection()},
    ),
    Case(
        76,
        "whoever the custodian names sees it",
        SUPPORTING,
        (P.PROTECTION,),
        K.PROTECTION,
        protection(reader="viewer"),
        instead={"it names a colleague": protection(reader="colleague")},
    ),
)

HOLDS = (
    Case(85, "a privacy officer sees their agency's legal holds", (R.PRIVACY_OFFICER,), (P.ASSURANCE,), K.LEGAL_HOLD,
         about("legal_hold", by="colleague"), instead={"another agency placed it": about("legal_hold")}),
)  # fmt: skip

TO_SEE = (
    *IDENTITY, *FAMILY, *INVOLVEMENT, *REPORTS, *NEED, *COURT_ORDERS, *TEAMWORK, *SCHOOL_MOVES, *FRONT_DOOR, *ASSIGNMENTS, *EMERGENCIES,
    *PROTECTIONS, *RIGHTS, *HOLDS,
)  # fmt: skip
