"""What a role may do for a purpose, before any record is looked at: the sentences that speak to it, and the acts that they allow.

Front-ends decide by this which buttons to draw; whether a press does something, the record in hand decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from throughline.access.conditions import always
from throughline.access.policy import AUDITS, NEVER_SEARCH
from throughline.access.rule import Verb
from throughline.access.rules import numbers, walls_for
from throughline.records.caution_amendment import CAUTIONED
from throughline.records.withdrawal import WITHDRAWABLE
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind as K
from throughline.terms.role import Role

WRITE, CONFIRM, SEE = Verb.WRITE, Verb.CONFIRM, Verb.SEE

ACTS: Mapping[str, tuple[tuple[Verb, K], ...]] = {
    "supportReportSubmit": ((WRITE, K.SUPPORT_REPORT), (WRITE, K.LIGHT_TOUCH_REPORT)),
    "supportReportSubmitMany": ((WRITE, K.SUPPORT_REPORT), (WRITE, K.LIGHT_TOUCH_REPORT)),
    "supportReportAmend": ((WRITE, K.SUPPORT_REPORT),),
    "supportReportWithdraw": ((WRITE, K.SUPPORT_REPORT), (WRITE, K.LIGHT_TOUCH_REPORT)),
    "involvementStart": ((WRITE, K.INVOLVEMENT),),
    "involvementEnd": ((WRITE, K.INVOLVEMENT),),
    "needRecord": ((WRITE, K.NEED),),
    "contactMake": ((WRITE, K.CONTACT),),
    "contactDecide": ((CONFIRM, K.CONTACT),),
    "familyStart": ((WRITE, K.TEAM_POSITION),),
    "householdStart": ((WRITE, K.MEMBERSHIP),),
    "membershipStart": ((WRITE, K.MEMBERSHIP),),
    "membershipEnd": ((WRITE, K.MEMBERSHIP),),
    "relationshipRecord": ((WRITE, K.RELATIONSHIP),),
    "relationshipEnd": ((WRITE, K.RELATIONSHIP),),
    "teamPositionPropose": ((WRITE, K.TEAM_POSITION),),
    "teamPositionConfirm": ((CONFIRM, K.TEAM_POSITION),),
    "teamPositionEnd": ((WRITE, K.TEAM_POSITION), (SEE, K.TEAM_POSITION)),  # whoever sees their own may step down
    "sharingDecisionRecord": ((WRITE, K.SHARING_DECISION),),
    "sharingDecisionConfirm": ((CONFIRM, K.SHARING_DECISION),),
    "sharingDecisionWithdraw": ((WRITE, K.SHARING_DECISION),),
    "sharingDecisionReview": ((WRITE, K.SHARING_DECISION),),
    "sharingReasonPropose": ((WRITE, K.SHARING_REASON),),
    "sharingReasonSign": ((CONFIRM, K.SHARING_REASON),),
    "serviceAgreementRecord": ((WRITE, K.SERVICE_AGREEMENT),),
    "serviceAgreementWithdraw": ((WRITE, K.SERVICE_AGREEMENT),),
    "enrolmentStart": ((WRITE, K.ENROLMENT),),
    "enrolmentConfirm": ((CONFIRM, K.ENROLMENT),),
    "enrolmentEnd": ((WRITE, K.ENROLMENT),),
    "legalStatusRecord": ((WRITE, K.LEGAL_STATUS),),
    "legalStatusEnd": ((WRITE, K.LEGAL_STATUS),),
    "parentalResponsibilityRecord": ((WRITE, K.PARENTAL_RESPONSIBILITY),),
    "parentalResponsibilityAmend": ((WRITE, K.PARENTAL_RESPONSIBILITY),),
    "parentalResponsibilityEnd": ((WRITE, K.PARENTAL_RESPONSIBILITY),),
    "courtOrderRecord": ((WRITE, K.COURT_ORDER),),
    "courtOrderAmend": ((WRITE, K.COURT_ORDER),),
    "courtOrderEnd": ((WRITE, K.COURT_ORDER),),
    "cautionAmend": tuple((WRITE, kind) for kind in CAUTIONED),
    "recordWithdraw": tuple((WRITE, kind) for kind in WITHDRAWABLE),
    "assignmentStart": ((WRITE, K.ASSIGNMENT),),
    "assignmentEnd": ((WRITE, K.ASSIGNMENT),),
    "emergencyAccessOpen": ((WRITE, K.EMERGENCY_ACCESS),),
    "emergencyAccessEnd": ((WRITE, K.EMERGENCY_ACCESS),),
    "emergencyAccessReview": ((CONFIRM, K.EMERGENCY_ACCESS),),
    "protectionPlace": ((WRITE, K.PROTECTION),),
    "protectionLift": ((CONFIRM, K.PROTECTION),),
    "rightsRequestOpen": ((WRITE, K.RIGHTS_REQUEST),),
    "rightsRequestCheck": ((WRITE, K.RIGHTS_REQUEST),),
    "rightsRequestExtend": ((WRITE, K.RIGHTS_REQUEST),),
    "rightsRequestLeaveOut": ((WRITE, K.RIGHTS_REQUEST),),
    "rightsRequestApprove": ((CONFIRM, K.RIGHTS_REQUEST),),
    "rightsRequestClose": ((WRITE, K.RIGHTS_REQUEST),),
    "legalHoldPlace": ((WRITE, K.LEGAL_HOLD),),
    "legalHoldLift": ((WRITE, K.LEGAL_HOLD),),
    "identityLink": ((Verb.LINK, K.PERSON),),
    "ctfImport": ((Verb.IMPORT, K.ENROLMENT),),
}
"""Each act of a front-end, and what it does to which kind of record: a sentence for one of these lets somebody try it."""

ACTS_OF_ANYBODY = ("connectionDeclare",)
"""It only closes, so no sentence is asked; a practitioner's own, never a tool's."""

ACTS_OF_AUDITORS = ("unusualAccessReview",)
"""On what is no record: for whoever audits (sentence 55)."""


@dataclass(frozen=True, slots=True)
class Ability:
    """`sentences`: numbers, in file order. `acts`: names of mutations, in order of the alphabet."""

    kind: K
    verb: Verb
    sentences: tuple[int, ...]
    acts: tuple[str, ...]


def abilities(role: Role, purpose: Purpose) -> list[Ability]:
    """By kind, then by verb. What a wall refuses this role whatever the record is not among them, nor what no record could
    allow: sentence 1 shows people by their records alone."""
    found = [_ability(kind, verb, role, purpose) for kind in K for verb in Verb]
    able = [one for one in found if one.sentences]
    if not any(one.verb is SEE and one.kind not in (K.PERSON, K.LIGHT_TOUCH_REPORT) for one in able):
        able = [one for one in able if (one.kind, one.verb) != (K.PERSON, SEE)]
    return able


def acts(role: Role, purpose: Purpose, *, is_tool: bool) -> list[str]:
    """Every mutation that may do something in this role and for this purpose, in order of the alphabet."""
    able = {act for ability in abilities(role, purpose) for act in ability.acts}
    if (role, purpose) == AUDITS:
        able |= {*ACTS_OF_AUDITORS}
    return sorted(able if is_tool else able | {*ACTS_OF_ANYBODY})


def may_try(mutation: str, role: Role, purpose: Purpose) -> bool:
    """Whether any sentence lets this role, for this purpose, do what the mutation does to any record at all."""
    if mutation in ACTS_OF_AUDITORS:
        return (role, purpose) == AUDITS
    does = ACTS.get(mutation)
    return does is None or any(numbers(verb, kind, role, purpose) for verb, kind in does)


def searches(role: Role) -> bool:
    return role not in NEVER_SEARCH


def _ability(kind: K, verb: Verb, role: Role, purpose: Purpose) -> Ability:
    is_never = any(wall.stands is always for wall in walls_for(verb, kind, role))
    said = () if is_never else tuple(numbers(verb, kind, role, purpose))
    return Ability(kind, verb, said, tuple(sorted(act for act, does in ACTS.items() if (verb, kind) in does)))
