"""What the viewer is told that they may do is what the act then does: every act, in every role, on everything that stands in scenes
where much is open and where little is. Each act is really done, up to the commit, and then taken back."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tests.access.given import ASSIGNED, CASE, CONTACT, LEAD, LEADS_AGENCY, ON_ROLL, WORKS_WITH, Given, covered
from tests.access.portal import Portal
from tests.access.scene import Scene, open_scene
from tests.world import BEFORE, NOW, SECRET, SENSITIVE, STANDARD, TODAY, Someone, day
from throughline.access.acting import Act, Acting
from throughline.access.gate import Gate
from throughline.access.permissions import PERSON_ACTS, RECORD_ACTS, acts_on
from throughline.access.rules import allowed_purposes
from throughline.api.schema import make_schema
from throughline.db.columns import new_id
from throughline.db.refusal import Refused
from throughline.db.session import Session
from throughline.reading.catalogue import EVERY_KIND
from throughline.reading.tree import Field
from throughline.records import (
    caution_amendment,
    contact,
    court_order,
    emergency_access,
    enrolment,
    involvement,
    legal_hold,
    legal_status,
    membership,
    need,
    parental_responsibility,
    protection,
    relationship,
    rights_request,
    service_agreement,
    sharing_decision,
    sharing_without_agreement,
    support_report,
    team_position,
    withdrawal,
)
from throughline.records.about import About
from throughline.records.caution import Caution
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.emergency import EmergencyOutcome
from throughline.terms.family_law import CourtOrderKind, ResponsibilityBasis
from throughline.terms.purpose import Purpose as P
from throughline.terms.record_kind import RecordKind as K
from throughline.terms.rights import Extension, IdentityCheck, LeftOutBecause, RightsOutcome
from throughline.terms.role import Role as R
from throughline.terms.severity import LegalStatusKind, Severity
from throughline.terms.sharing import ConfidenceMet, LawfulBasis, ReviewOutcome, WithoutAgreement
from throughline.terms.work import Channel, Delivery, Protected

pytestmark = pytest.mark.anyio


class Undone(Exception):  # noqa: N818  # the act was done
    """Everything went well, and was taken back."""


class Undoing(Gate):
    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        async with super().transaction() as connection:
            yield connection
            raise Undone


Performed = Callable[[Session], Awaitable[None]]


async def succeeds(acting: Acting, who: Someone, purpose: P, mutation: str, record_id: UUID, perform: Performed) -> bool:
    try:
        await acting.do(who.asks(purpose), Act(mutation, str(new_id()), b"", record_id, perform, "test"))
    except Undone:
        return True
    except Refused:
        return False
    raise AssertionError("neither done nor refused")


async def on_record(scene: Scene, mutation: str, kind: K, record: UUID) -> Performed:
    """The act, with an input that nothing is wrong with."""
    table = "support_report" if kind is K.LIGHT_TOUCH_REPORT else kind.lower()
    row = await scene.world.connection.fetchrow(f"select * from portal.{table} where id = $1", record)
    version, last = row["version"], max(row.get("from_on") or TODAY, min(row.get("until_on") or TODAY, TODAY))
    parts = await scene.world.connection.fetch("select id from portal.support_report_part where report_id = $1", record)
    better = {part["id"]: support_report.PartChange(what_was_done="Better said.") for part in parts}
    acts: dict[str, Performed] = {
        "supportReportAmend": lambda s: support_report.amend(s, record, version, parts=better),
        "parentalResponsibilityAmend": lambda s: parental_responsibility.amend(s, record, version, ResponsibilityBasis.TOLD, None),
        "courtOrderAmend": lambda s: court_order.amend(s, record, version, "Keep away."),
        "cautionAmend": lambda s: caution_amendment.amend(s, record, version, Caution(safe_contact="by text")),
        "supportReportWithdraw": lambda s: support_report.withdraw(s, record, version, "wrong"),
        "recordWithdraw": lambda s: withdrawal.withdraw(s, record, version, "wrong"),
        "sharingDecisionWithdraw": lambda s: sharing_decision.withdraw(s, record, version, "wrong"),
        "sharingDecisionReview": lambda s: sharing_decision.review(s, record, version, ReviewOutcome.ENDED, "looked at", None),
        "serviceAgreementWithdraw": lambda s: service_agreement.withdraw(s, record, version, "no more"),
        "sharingReasonSign": lambda s: sharing_without_agreement.sign(s, record, version),
        "involvementEnd": lambda s: involvement.end(s, record, version, last),
        "legalStatusEnd": lambda s: legal_status.end(s, record, version, last),
        "courtOrderEnd": lambda s: court_order.end(s, record, version, last),
        "parentalResponsibilityEnd": lambda s: parental_responsibility.end(s, record, version, last),
        "emergencyAccessEnd": lambda s: emergency_access.end(s, record, version),
        "emergencyAccessReview": lambda s: emergency_access.review(s, record, version, EmergencyOutcome.JUSTIFIED, "looked at"),
        "enrolmentEnd": lambda s: enrolment.end(s, record, version, last),
        "membershipEnd": lambda s: membership.end(s, record, version, last),
        "relationshipEnd": lambda s: relationship.end(s, record, version, last),
        "teamPositionEnd": lambda s: team_position.end(s, record, version, last),
        "enrolmentConfirm": lambda s: enrolment.confirm(s, record, version),
        "teamPositionConfirm": lambda s: team_position.confirm(s, record, version),
        "sharingDecisionConfirm": lambda s: sharing_decision.confirm(s, record, version),
        "contactDecide": lambda s: contact.decide(s, record, version, "EARLY_HELP"),
        "protectionLift": lambda s: protection.lift(s, record, version, "It is over."),
        "legalHoldLift": lambda s: legal_hold.lift(s, record, version, "It is over."),
        "rightsRequestCheck": lambda s: rights_request.check(s, record, version, IdentityCheck.PHOTO_DOCUMENT, None),
        "rightsRequestExtend": lambda s: rights_request.extend(
            s, record, version, Extension.COMPLEX, rights_request.months_after(row["received_on"], 2)
        ),
        "rightsRequestLeaveOut": lambda s: rights_request.leave_out(s, record, version, new_id(), LeftOutBecause.SERIOUS_HARM),
        "rightsRequestApprove": lambda s: rights_request.approve(s, record, version),
        "rightsRequestClose": lambda s: rights_request.close(s, record, version, RightsOutcome.REFUSED),
    }
    return acts[mutation]


def about_person(scene: Scene, school: UUID, mutation: str, person_id: UUID, new: UUID, able: str | None) -> Performed:
    about = About(person_id=person_id)
    report = support_report.Report("TALK", TODAY, Delivery.VISIT, (support_report.Part((about,), "Talked."),))
    decision = sharing_decision.Decision(
        (about,), P.SUPPORT, (K.NEED,), (sharing_decision.Receiver(agency_id=scene.elsewhere.agency_id),), LawfulBasis.PUBLIC_TASK,
        "Mia", TODAY, day(30), day(60),
    )  # fmt: skip
    proposal = sharing_without_agreement.Proposal(
        replace(decision, confidence_met=ConfidenceMet.PUBLIC_INTEREST), WithoutAgreement.CRIME, "The officer said so."
    )
    acts: dict[str, Performed] = {
        "supportReportSubmit": lambda s: support_report.submit(s, new, report),
        "involvementStart": lambda s: involvement.start(s, new, involvement.Start(about, "ring", TODAY)),
        "needRecord": lambda s: need.record(s, new, need.Level(about, Severity.ADDITIONAL, "tired", TODAY)),
        "legalStatusRecord": lambda s: legal_status.record(s, new, legal_status.Status(about, LegalStatusKind.ENQUIRY, TODAY)),
        "courtOrderRecord": lambda s: court_order.record(
            s, new, court_order.Order(about, CourtOrderKind.OTHER, TODAY, None, "Stay.")
        ),
        "contactMake": lambda s: contact.make(s, new, contact.Request(scene.elsewhere.agency_id, about, "worried", Channel.PHONE)),
        "sharingDecisionRecord": lambda s: sharing_decision.record(s, new, decision, sharing_decision.Word(about, able)),
        "sharingReasonPropose": lambda s: sharing_without_agreement.propose(s, new, proposal),
        "serviceAgreementRecord": lambda s: service_agreement.record(
            s, new, service_agreement.Agreement(about, "Talking", TODAY, judged_able_reason=able)
        ),
        "enrolmentStart": lambda s: enrolment.start(s, new, enrolment.Start(school, day(10), about)),
        "protectionPlace": lambda s: protection.place(s, new, protection.Mark(about, Protected.WHEREABOUTS, "A threat.")),
    }
    return acts[mutation]


_PERMISSION = {"Permission": tuple(Field(name, name) for name in ("is_allowed", "code", "mutation"))}
_RECORD = {act: Field(act, act, {}, _PERMISSION) for act in dict.fromkeys(one.act for one in RECORD_ACTS)}
_CAN = Field("can", "viewer_can", {}, {"RecordPermissions": tuple(_RECORD.values())})
_ID = Field("id", "id")
NODE = Field("node", "node", {"id": lambda v: v["id"]}, {
    kind.type_name: (_ID, _CAN) for kind in EVERY_KIND if "viewer_can" in kind.fields
})  # fmt: skip
PERSON = Field("person", "person", {"id": lambda v: v["id"]}, {"Person": (_ID, Field("can", "viewer_can", {}, {
    "PersonPermissions": tuple(Field(one.act, one.act, {}, _PERMISSION) for one in PERSON_ACTS)
}))})  # fmt: skip


async def records(scene: Scene) -> list[tuple[K, UUID]]:
    """Of every kind, by the viewer and by others, as they begin, and settled."""
    world, child, home = scene.world, scene.child, scene.home
    made: list[tuple[K, UUID]] = []
    for by in (scene.viewer, scene.colleague, scene.maker):
        person = child
        if by is not scene.maker:
            person = type(child)(child.person_id, await world.known_to(by.agency_id, child.person_id))
        made += [(K.SUPPORT_REPORT, await world.report(by, ([person], STANDARD), ([person, scene.mother], SENSITIVE)))]
        made += [(K.LIGHT_TOUCH_REPORT, await world.light_touch(by, home))]
        made += [(K.NEED, await world.about("need", by, person))]
        made += [(K.TEAM_POSITION, await world.position(by, scene.elsewhere, home, [person]))]
        made += [(K.ENROLMENT, await world.enrolled(by, person, scene.viewer.agency_id, 5))]
        for last in (9, -1):
            made += [(K.SHARING_REASON, await world.reason(by, [person], review_on=day(last), until_on=day(last)))]
        if by is scene.colleague:
            continue
        made += [(kind, await world.about(kind.lower(), by, person)) for kind in (K.INVOLVEMENT, K.LEGAL_STATUS)]
        made += [(K.SUPPORT_REPORT, await world.report(by, ([person], STANDARD)))]
        made += [(K.RELATIONSHIP, await world.related(by, scene.mother, person, home))]
        made += [(K.COURT_ORDER, await world.about("court_order", by, person, SENSITIVE))]
        made += [(K.PARENTAL_RESPONSIBILITY, await world.responsible(by, scene.mother, person, home))]
        made += [(K.MEMBERSHIP, await world.lives(by, person, home, -50))]
        made += [(K.TEAM_POSITION, await world.position(by, scene.viewer, home, [person], confirmed_by=scene.board.agency_id))]
        for more in ({}, {"withdrawn": 0}, {"is_refusal": True}):
            made += [(K.SHARING_DECISION, await world.decision(by, [scene.elsewhere.agency_id], [person], kinds=[K.NEED], **more))]
        agreements: tuple[dict[str, Any], ...] = ({}, {"withdrawn_on": day(-1)}, {"is_refusal": True})
        made += [(K.SERVICE_AGREEMENT, await world.agreement(by, person, **columns)) for columns in agreements]
    made += await kept_by_officers(scene)
    made += [(K.EMERGENCY_ACCESS, await world.emergency(by, child)) for by in (scene.viewer, scene.colleague)]
    made += [(K.CONTACT, await world.contact(scene.viewer, child, scene.elsewhere.agency_id))]
    made += [(K.NEED, await world.about("need", scene.viewer, child, withdrawn_at=BEFORE, withdrawn_reason="wrong"))]
    made += [
        (K.CONTACT, await world.contact(scene.maker, child, scene.viewer.agency_id, decided=decided)) for decided in (None, -1)
    ]
    return made


async def kept_by_officers(scene: Scene) -> list[tuple[K, UUID]]:
    """About somebody of whom nothing else is: what a mark hides shows in nobody else's answers."""
    world, child = scene.world, scene.child
    kept = await world.person(scene.viewer, "Ida", "Noor", date(2013, 2, 3))
    made = [
        (K.PROTECTION, await world.protected(by, kept, "WHEREABOUTS", [scene.viewer], last=last))
        for by, last in ((scene.viewer, None), (scene.viewer, -1), (scene.maker, None))
    ]
    own = type(child)(child.person_id, await world.known_to(scene.viewer.agency_id, child.person_id))
    made += [(K.LEGAL_HOLD, await world.about("legal_hold", scene.viewer, own))]
    lifted = await world.about("legal_hold", scene.viewer, own, until_on=TODAY, lifted_because="It is over.")
    made += [(K.LEGAL_HOLD, lifted)]
    for state in ("OPEN", "CHECKED", "APPROVED", "CLOSED"):
        made += [(K.RIGHTS_REQUEST, await world.rights_request(scene.colleague, own, state))]
    return [*made, (K.RIGHTS_REQUEST, await world.rights_request(scene.viewer, own, "CHECKED"))]


async def agrees(scene: Scene, roles: Iterable[R], school: UUID, acting: Acting) -> Counter[tuple[str, str, bool]]:
    """By act, code and whether it was done."""
    found: Counter[tuple[str, str, bool]] = Counter()
    made = await records(scene)
    await scene.settle()
    for who, purpose in [(scene.as_(role), purpose) for role in roles for purpose in sorted(allowed_purposes(role))]:
        for kind, record in made:
            shown = await scene.portal.ask(who, purpose, NODE, id=record)
            for act in acts_on(kind) if shown else ():
                told = shown["can"][act.act]
                perform = await on_record(scene, act.mutation, kind, record)
                done = await succeeds(acting, who, purpose, act.mutation, record, perform)
                assert (told["is_allowed"], told["mutation"]) == (done, act.mutation), (who.role, purpose, kind, act, told)
                assert (told["code"] == "ALLOWED") is done
                found[act.mutation, told["code"], done] += 1
        for human in (scene.child, scene.mother, scene.stranger):
            shown = await scene.portal.ask(who, purpose, PERSON, id=human.person_id)
            for one in PERSON_ACTS if shown else ():
                new = new_id()
                # Whoever is under 18 by the own agency's record is judged able, and nobody else is.
                ways = [
                    about_person(scene, school, one.mutation, human.person_id, new, able)
                    for able in (None, "She sees what follows.")
                ]
                done = any([await succeeds(acting, who, purpose, one.mutation, new, perform) for perform in ways])
                assert shown["can"][one.act]["is_allowed"] is done, (who.role, purpose, one.act, shown["can"][one.act])
                found[one.mutation, shown["can"][one.act]["code"], done] += 1
    return found


OPEN = (ASSIGNED, WORKS_WITH, LEAD, CASE, CONTACT, covered(K.SUPPORT_REPORT), covered(K.SUPPORT_REPORT, SENSITIVE), covered(K.NEED))
SCENES: dict[str, tuple[A, tuple[R, ...], tuple[Given, ...]]] = {
    "much is open to a council": (A.LOCAL_AUTHORITY, tuple(R), OPEN),
    "led by a colleague": (A.LOCAL_AUTHORITY, (R.TEAM_MANAGER, R.FAMILY_PRACTITIONER), (LEADS_AGENCY, WORKS_WITH)),
    "much is open to a school": (A.SCHOOL, (R.INCLUSION_LEAD, R.TRANSITION_COORDINATOR), (ON_ROLL, *OPEN)),
    "little is open to a charity": (A.VOLUNTARY, (R.VOLUNTARY_WORKER, R.SAFEGUARDING_LEAD), ()),
}


async def test_what_may_be_done_is_what_the_act_does(stage: Portal) -> None:
    gate = Undoing(stage._gate._pool)
    acting = Acting(gate, secret=SECRET, clock=lambda: NOW, sees=stage.reader.sees)
    found: Counter[tuple[str, str, bool]] = Counter()
    for works_at, roles, givens in SCENES.values():
        scene = await open_scene(stage, works_at)
        await scene.world.join("practitioner_role", practitioner_id=scene.elsewhere.id, role="TRIAGE_WORKER")
        for given in givens:
            await given.arrange(scene, given.ways[0])
        of_the_area = await scene.world.agency(A.SCHOOL, area="Marlbeck")
        school = of_the_area if works_at is A.LOCAL_AUTHORITY else scene.viewer.agency_id
        found += await agrees(scene, roles, school, acting)
    mutations = {*(act.mutation for act in RECORD_ACTS), *(act.mutation for act in PERSON_ACTS)}
    assert {name for name, _, done in found if done} == mutations, "each was done by somebody"
    assert {name for name, _, done in found if not done} == mutations, "and refused to somebody"
    assert {code for _, code, _ in found} == {
        "ALLOWED", "NOT_YOUR_ROLE", "WITHDRAWN", "NOT_YOUR_AGENCY", "NOT_ALLOWED", "SETTLED",
    }  # fmt: skip


def test_every_act_on_one_record_is_told_of() -> None:
    """By its input: whatever names a record and the version that was read."""
    schema = make_schema()._schema
    assert schema.mutation_type is not None
    changes = {
        name for name, field in schema.mutation_type.fields.items()
        if {"id", "version"} <= set(getattr(getattr(field.args["input"].type, "of_type", None), "fields", {}))
    }  # fmt: skip
    assert changes == {act.mutation for act in RECORD_ACTS}
