"""What may be done to a record that is there, and about a person: for each act of a front-end, what it asks of the record beyond the
policy. The policy itself is asked as the act asks it (`writing.py`), so that the answer and the act cannot disagree.

An answer tells no more than trying the act would: whether, never before whom the policy closes it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from throughline.access.rule import Verb
from throughline.records.caution_amendment import CAUTIONED
from throughline.records.withdrawal import WITHDRAWABLE
from throughline.terms.agency_kind import SCHOOLS, AgencyKind
from throughline.terms.record_kind import RecordKind as K

WRITE, CONFIRM = Verb.WRITE, Verb.CONFIRM


class PermissionCode(StrEnum):
    """Why something may be done or not; the first that applies, in this order, where it may not."""

    ALLOWED = "ALLOWED"
    NO_SUCH_ACT = "NO_SUCH_ACT"
    NOT_YOUR_ROLE = "NOT_YOUR_ROLE"
    WITHDRAWN = "WITHDRAWN"
    NOT_YOUR_AGENCY = "NOT_YOUR_AGENCY"
    NOT_ALLOWED = "NOT_ALLOWED"
    SETTLED = "SETTLED"


REASONS: Mapping[PermissionCode, str] = {
    PermissionCode.ALLOWED: "You may, by the sentence that is named.",
    PermissionCode.NO_SUCH_ACT: "Nothing of this kind is done to records of this kind.",
    PermissionCode.NOT_YOUR_ROLE: "No sentence of the access policy lets your role do this, for your purpose.",
    PermissionCode.WITHDRAWN: "The record has been withdrawn.",
    PermissionCode.NOT_YOUR_AGENCY: "Only the agency that made the record may.",
    PermissionCode.NOT_ALLOWED: "What the access policy asks for this is not given here.",
    PermissionCode.SETTLED: "It has been confirmed, decided, withdrawn or ended already, or is not as far as that.",
}


@dataclass(frozen=True, slots=True)
class RecordAct:
    """`act`: what a front-end calls it, whatever the kind. `is_own`: done by the author's agency alone. `settled`: true, over the
    record `{r}` and `me`, of one to which it cannot be done any more. `anyway`: true of one to which it may be done by whoever sees
    it. `whole`: true of one that the viewer sees whole, over the row `{b}` by which it was found."""

    act: str
    mutation: str
    kind: K
    verb: Verb = WRITE
    is_own: bool = False
    settled: str = "false"
    anyway: str = "false"
    whole: str = "true"


_LIFTED = "{r}.until_on is not null"
_CLOSED = "{r}.state = 'CLOSED'"
_CONFIRMED = "{r}.confirmed_by_agency_id is not null"
_ALL_PARTS = "cardinality({b}.parts) = {r}.parts_made"

RECORD_ACTS: tuple[RecordAct, ...] = (
    RecordAct("amend", "supportReportAmend", K.SUPPORT_REPORT, is_own=True, whole=_ALL_PARTS),
    RecordAct("amend", "parentalResponsibilityAmend", K.PARENTAL_RESPONSIBILITY, is_own=True),
    RecordAct("amend", "courtOrderAmend", K.COURT_ORDER, is_own=True),
    *(RecordAct("amend_caution", "cautionAmend", kind, is_own=True) for kind in CAUTIONED),
    RecordAct("withdraw", "supportReportWithdraw", K.SUPPORT_REPORT, is_own=True, whole=_ALL_PARTS),
    RecordAct("withdraw", "supportReportWithdraw", K.LIGHT_TOUCH_REPORT, is_own=True),
    *(RecordAct("withdraw", "recordWithdraw", kind, is_own=True) for kind in WITHDRAWABLE),
    RecordAct("withdraw", "sharingDecisionWithdraw", K.SHARING_DECISION, is_own=True, settled="{r}.withdrawn_on is not null"),
    RecordAct(
        "withdraw", "serviceAgreementWithdraw", K.SERVICE_AGREEMENT, is_own=True,
        settled="({r}.is_refusal or {r}.withdrawn_on is not null or coalesce({r}.until_on < me.today, false))",
    ),
    RecordAct("review", "sharingDecisionReview", K.SHARING_DECISION, is_own=True, settled="{r}.withdrawn_on is not null"),
    RecordAct("review", "emergencyAccessReview", K.EMERGENCY_ACCESS, CONFIRM, settled="{r}.outcome is not null"),
    RecordAct("end", "involvementEnd", K.INVOLVEMENT, is_own=True),
    RecordAct("end", "legalStatusEnd", K.LEGAL_STATUS, is_own=True),
    RecordAct("end", "courtOrderEnd", K.COURT_ORDER, is_own=True),
    RecordAct("end", "parentalResponsibilityEnd", K.PARENTAL_RESPONSIBILITY),
    RecordAct(
        "end", "emergencyAccessEnd", K.EMERGENCY_ACCESS, is_own=True,
        settled="({r}.ended_at is not null or {r}.until_at <= me.now)",
    ),
    RecordAct("end", "enrolmentEnd", K.ENROLMENT),
    RecordAct("end", "membershipEnd", K.MEMBERSHIP),
    RecordAct("end", "relationshipEnd", K.RELATIONSHIP),
    RecordAct("end", "teamPositionEnd", K.TEAM_POSITION, anyway="{r}.holder_id = me.actor_id"),
    RecordAct("confirm", "enrolmentConfirm", K.ENROLMENT, CONFIRM, settled="{r}.state <> 'PROPOSED'"),
    RecordAct("confirm", "teamPositionConfirm", K.TEAM_POSITION, CONFIRM, settled=_CONFIRMED),
    RecordAct(
        "confirm", "sharingDecisionConfirm", K.SHARING_DECISION, CONFIRM,
        settled=f"({_CONFIRMED} or {{r}}.is_refusal or {{r}}.withdrawn_on is not null)",
    ),
    RecordAct("confirm", "sharingReasonSign", K.SHARING_REASON, CONFIRM),
    RecordAct("decide", "contactDecide", K.CONTACT, CONFIRM, settled="{r}.decided_on is not null"),
    RecordAct("end", "protectionLift", K.PROTECTION, CONFIRM, settled=_LIFTED),
    RecordAct("end", "legalHoldLift", K.LEGAL_HOLD, is_own=True, settled=_LIFTED),
    RecordAct("check", "rightsRequestCheck", K.RIGHTS_REQUEST, is_own=True, settled="{r}.state <> 'OPEN'"),
    RecordAct("extend", "rightsRequestExtend", K.RIGHTS_REQUEST, is_own=True, settled=_CLOSED),
    RecordAct("leave_out", "rightsRequestLeaveOut", K.RIGHTS_REQUEST, is_own=True, settled=_CLOSED),
    RecordAct("confirm", "rightsRequestApprove", K.RIGHTS_REQUEST, CONFIRM, settled="{r}.state <> 'CHECKED'"),
    RecordAct("end", "rightsRequestClose", K.RIGHTS_REQUEST, is_own=True, settled=_CLOSED),
)  # fmt: skip
"""Every mutation that changes one record by its id."""

ACTS_ON_RECORDS = tuple(dict.fromkeys(one.act for one in RECORD_ACTS))


@dataclass(frozen=True, slots=True)
class PersonAct:
    """Something new about a person whom the viewer has been shown, named by `personId` and nobody beside them."""

    act: str
    mutation: str
    kind: K


PERSON_ACTS: tuple[PersonAct, ...] = (
    PersonAct("report_support", "supportReportSubmit", K.SUPPORT_REPORT),
    PersonAct("start_involvement", "involvementStart", K.INVOLVEMENT),
    PersonAct("record_need", "needRecord", K.NEED),
    PersonAct("record_legal_status", "legalStatusRecord", K.LEGAL_STATUS),
    PersonAct("record_court_order", "courtOrderRecord", K.COURT_ORDER),
    PersonAct("make_contact", "contactMake", K.CONTACT),
    PersonAct("record_sharing_decision", "sharingDecisionRecord", K.SHARING_DECISION),
    PersonAct("propose_sharing", "sharingReasonPropose", K.SHARING_REASON),
    PersonAct("record_service_agreement", "serviceAgreementRecord", K.SERVICE_AGREEMENT),
    PersonAct("start_enrolment", "enrolmentStart", K.ENROLMENT),
    PersonAct("protect", "protectionPlace", K.PROTECTION),
)
"""Acts that name several people, a household or a colleague depend on these too, and are answered by the act alone."""

_MAY_ENROL = ", ".join(f"'{kind}'" for kind in (*SCHOOLS, AgencyKind.LOCAL_AUTHORITY))

NEW_RECORD = (
    "(select 'STANDARD' sensitivity, me.agency_id, me.actor_id practitioner_id, null::uuid service_id, null::uuid household_id, "
    "null::timestamptz withdrawn_at, null::uuid must_not_be_told_id, null::uuid keeps_away_id, "
    f"case when me.agency_kind in ({_MAY_ENROL}) then me.agency_id end school_id, 'PROPOSED' state, "
    "null::uuid confirmed_by_agency_id) r"
)
"""The record that would be made, as the policy would judge it: an enrolment at the viewer's own school (or, for a local authority,
at one of its area)."""


def acts_on(kind: K) -> Iterator[RecordAct]:
    return (one for one in RECORD_ACTS if one.kind is kind)
