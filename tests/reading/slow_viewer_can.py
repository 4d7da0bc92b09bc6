"""What may be done with a record and about a person, said again: the acts, what each asks beside the policy, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.reading import slow_fields
from tests.reading.sight import BARE, Seen
from tests.reading.verdicts import Me, Question, Standing, household_bits, judge, speaking
from throughline.access.rule import Verb
from throughline.terms.record_kind import RecordKind as K

if TYPE_CHECKING:
    from tests.reading.slow_fields import Desk

ACTS = ("amend", "amendCaution", "withdraw", "review", "end", "confirm", "decide", "check", "extend", "leaveOut")
WITHDRAWN_BY = {
    K.SUPPORT_REPORT: "supportReportWithdraw", K.LIGHT_TOUCH_REPORT: "supportReportWithdraw",
    K.SHARING_DECISION: "sharingDecisionWithdraw", K.SERVICE_AGREEMENT: "serviceAgreementWithdraw",
    **dict.fromkeys(
        (K.INVOLVEMENT, K.NEED, K.LEGAL_STATUS, K.ENROLMENT, K.MEMBERSHIP, K.RELATIONSHIP, K.TEAM_POSITION, K.CONTACT,
            K.PARENTAL_RESPONSIBILITY, K.COURT_ORDER), "recordWithdraw"
    ),
}  # fmt: skip
ENDED_BY = {
    K.INVOLVEMENT: "involvementEnd", K.LEGAL_STATUS: "legalStatusEnd", K.ENROLMENT: "enrolmentEnd", K.MEMBERSHIP: "membershipEnd",
    K.RELATIONSHIP: "relationshipEnd", K.TEAM_POSITION: "teamPositionEnd",
    K.COURT_ORDER: "courtOrderEnd", K.EMERGENCY_ACCESS: "emergencyAccessEnd", K.PARENTAL_RESPONSIBILITY: "parentalResponsibilityEnd",
    K.PROTECTION: "protectionLift", K.LEGAL_HOLD: "legalHoldLift", K.RIGHTS_REQUEST: "rightsRequestClose",
}  # fmt: skip
CONFIRMED_BY = {
    K.ENROLMENT: "enrolmentConfirm", K.TEAM_POSITION: "teamPositionConfirm", K.SHARING_DECISION: "sharingDecisionConfirm",
    K.SHARING_REASON: "sharingReasonSign", K.RIGHTS_REQUEST: "rightsRequestApprove",
}  # fmt: skip
AMENDED_BY = {
    K.SUPPORT_REPORT: "supportReportAmend", K.COURT_ORDER: "courtOrderAmend", K.PARENTAL_RESPONSIBILITY: "parentalResponsibilityAmend",
}  # fmt: skip
CAUTION_AMENDED_BY = {
    kind: "cautionAmend"
    for kind, by in WITHDRAWN_BY.items()
    if by in ("recordWithdraw", "sharingDecisionWithdraw", "serviceAgreementWithdraw")
}
MUTATIONS = {
    "amend": AMENDED_BY, "amendCaution": CAUTION_AMENDED_BY, "withdraw": WITHDRAWN_BY, "end": ENDED_BY, "confirm": CONFIRMED_BY,
    "decide": {K.CONTACT: "contactDecide"},
    "review": {K.SHARING_DECISION: "sharingDecisionReview", K.EMERGENCY_ACCESS: "emergencyAccessReview"},
    "check": {K.RIGHTS_REQUEST: "rightsRequestCheck"}, "extend": {K.RIGHTS_REQUEST: "rightsRequestExtend"},
    "leaveOut": {K.RIGHTS_REQUEST: "rightsRequestLeaveOut"},
}  # fmt: skip
ANY_AGENCY_ENDS = (K.PARENTAL_RESPONSIBILITY, K.ENROLMENT, K.MEMBERSHIP, K.RELATIONSHIP, K.TEAM_POSITION, K.PROTECTION)
IS_SETTLED: dict[str, Callable[[Any, Me], bool]] = {
    "sharingDecisionWithdraw": lambda row, _: row.withdrawn_on is not None,
    "sharingDecisionReview": lambda row, _: row.withdrawn_on is not None,
    "enrolmentConfirm": lambda row, _: row.state != "PROPOSED",
    "teamPositionConfirm": lambda row, _: row.confirmed_by_agency_id is not None,
    "sharingDecisionConfirm": lambda row, _: (
        row.confirmed_by_agency_id is not None or row.is_refusal or row.withdrawn_on is not None
    ),
    "contactDecide": lambda row, _: row.decided_on is not None,
    "serviceAgreementWithdraw": lambda row, me: (
        row.is_refusal or row.withdrawn_on is not None or bool(row.until_on and row.until_on < me.today)
    ),
    "emergencyAccessEnd": lambda row, me: row.ended_at is not None or row.until_at <= me.now,
    "emergencyAccessReview": lambda row, _: row.outcome is not None,
    "protectionLift": lambda row, _: row.until_on is not None,
    "legalHoldLift": lambda row, _: row.until_on is not None,
    "rightsRequestCheck": lambda row, _: row.state != "OPEN",
    "rightsRequestApprove": lambda row, _: row.state != "CHECKED",
    **dict.fromkeys(("rightsRequestExtend", "rightsRequestLeaveOut", "rightsRequestClose"), lambda row, _: row.state == "CLOSED"),
}
ABOUT_PEOPLE = {
    "reportSupport": ("supportReportSubmit", K.SUPPORT_REPORT), "startInvolvement": ("involvementStart", K.INVOLVEMENT),
    "recordNeed": ("needRecord", K.NEED), "recordLegalStatus": ("legalStatusRecord", K.LEGAL_STATUS),
    "recordCourtOrder": ("courtOrderRecord", K.COURT_ORDER),
    "makeContact": ("contactMake", K.CONTACT), "recordSharingDecision": ("sharingDecisionRecord", K.SHARING_DECISION),
    "proposeSharing": ("sharingReasonPropose", K.SHARING_REASON),
    "recordServiceAgreement": ("serviceAgreementRecord", K.SERVICE_AGREEMENT), "startEnrolment": ("enrolmentStart", K.ENROLMENT),
    "protect": ("protectionPlace", K.PROTECTION),
}  # fmt: skip
WORDS = {
    "ALLOWED": "You may, by the sentence that is named.",
    "NO_SUCH_ACT": "Nothing of this kind is done to records of this kind.",
    "NOT_YOUR_ROLE": "No sentence of the access policy lets your role do this, for your purpose.",
    "WITHDRAWN": "The record has been withdrawn.",
    "NOT_YOUR_AGENCY": "Only the agency that made the record may.",
    "NOT_ALLOWED": "What the access policy asks for this is not given here.",
    "SETTLED": "It has been confirmed, decided, withdrawn or ended already, or is not as far as that.",
}


def permission(code: str, mutation: str | None, number: int | None = None) -> dict[str, Any]:
    by = slow_fields.sentences([number])[0] if number is not None and code == "ALLOWED" else None
    return {"isAllowed": code == "ALLOWED", "code": code, "reason": WORDS[code], "mutation": mutation, "sentence": by}


async def with_record(desk: Desk, source: Seen) -> dict[str, Any]:
    return {act: await _with_this(desk, source, act) for act in ACTS}


async def _with_this(desk: Desk, source: Seen, act: str) -> dict[str, Any]:
    mutation, row, me = MUTATIONS[act].get(source.kind), source.row, desk.eye.me
    if mutation is None:
        return permission("NO_SUCH_ACT", None)
    verb = Verb.CONFIRM if act in ("confirm", "decide") or mutation in ("emergencyAccessReview", "protectionLift") else Verb.WRITE
    steps_down = mutation == "teamPositionEnd" and row.holder_id == me.actor_id
    speaks = speaking(verb, source.kind, me)
    if not speaks and mutation != "teamPositionEnd":
        return permission("NOT_YOUR_ROLE", mutation)
    if row.withdrawn_at is not None:
        return permission("WITHDRAWN", mutation)
    by_others = (act == "end" and source.kind in ANY_AGENCY_ENDS) or mutation == "emergencyAccessReview"
    if act not in ("confirm", "decide") and not by_others and row.agency_id != me.agency_id:
        return permission("NOT_YOUR_AGENCY", mutation)
    if steps_down:
        return permission("ALLOWED", mutation, source.sentences[0])
    if not speaks:
        return permission("NOT_YOUR_ROLE", mutation)
    said = await _judged(desk, source, verb)
    is_whole = source.kind is not K.SUPPORT_REPORT or len(source.parts) == row.parts_made
    if not said or not all(said) or not is_whole:
        return permission("NOT_ALLOWED", mutation)
    if mutation in IS_SETTLED and IS_SETTLED[mutation](row, me):
        return permission("SETTLED", mutation)
    return permission("ALLOWED", mutation, min(numbers[0] for numbers in said))


async def _judged(desk: Desk, source: Seen, verb: Verb) -> list[list[int]]:
    """For everybody whom the record is about: the sentences that let it be done; nothing for somebody of whom nobody can know."""
    eye, rows, row = desk.eye, desk.eye.rows, source.row
    if source.kind is K.LIGHT_TOUCH_REPORT:
        return await judge(desk.engine, eye.me, verb, source.kind, [Question(vars(row), Standing())])
    named: list[tuple[dict[str, Any], UUID]]
    if source.kind is K.SUPPORT_REPORT:
        more = {name: getattr(row, name) for name in ("practitioner_id", "withdrawn_at", "household_id")}
        named = [({**vars(part), **more}, link.identity_record_id) for part in rows.parts[row.id] for link in rows.in_part[part.id]]
    elif source.kind in (K.RELATIONSHIP, K.PARENTAL_RESPONSIBILITY):
        named = [(vars(row), one) for one in (row.identity_record_id, row.other_identity_record_id)]
    elif source.kind in (K.TEAM_POSITION, K.SHARING_DECISION, K.SHARING_REASON):
        links = {
            K.TEAM_POSITION: rows.in_position, K.SHARING_DECISION: rows.in_decision, K.SHARING_REASON: rows.in_reason,
        }[source.kind][row.id]  # fmt: skip
        named = [(vars(row), link.identity_record_id) for link in links]
    else:
        named = [(vars(row), row.identity_record_id)]
    bits = household_bits(rows, eye.me, getattr(row, "household_id", None))
    people = [eye.person_of(record) for _, record in named]
    questions = [
        Question({**said, "identity_record_id": record}, eye.standing[person], bits)
        for (said, record), person in zip(named, people, strict=True)
        if person
    ]
    return await judge(desk.engine, eye.me, verb, source.kind, questions) + [[] for person in people if not person]


async def about_person(desk: Desk, person_id: UUID) -> dict[str, Any]:
    return {act: await _about_them(desk, person_id, mutation, kind) for act, (mutation, kind) in ABOUT_PEOPLE.items()}


async def _about_them(desk: Desk, person_id: UUID, mutation: str, kind: K) -> dict[str, Any]:
    me = desk.eye.me
    if not speaking(Verb.WRITE, kind, me):
        return permission("NOT_YOUR_ROLE", mutation)
    school = me.agency_id if me.agency_kind in ("NURSERY", "SCHOOL", "COLLEGE", "LOCAL_AUTHORITY") else None
    new = {
        **BARE, "agency_id": me.agency_id, "practitioner_id": me.actor_id, "school_id": school, "state": "PROPOSED",
    }  # fmt: skip
    towards = replace(desk.eye.standing[person_id], is_own=True)
    (said,) = await judge(desk.engine, me, Verb.WRITE, kind, [Question(new, towards)])
    is_shown = person_id in desk.eye.visible
    return permission("ALLOWED", mutation, said[0]) if said and is_shown else permission("NOT_ALLOWED", mutation)
