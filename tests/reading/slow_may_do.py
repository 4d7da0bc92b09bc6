"""What a viewer may do, said again from the sentences and from the names of the mutations themselves."""

from typing import Any

from tests.reading import slow_fields
from tests.reading.verdicts import SPOKEN_OF_AUTHORS, Me
from throughline.access.policy import NEVER_SEARCH, RULES, WALLS
from throughline.access.rule import Verb
from throughline.api.schema import make_schema
from throughline.terms.record_kind import RecordKind as K

WITHDRAWN = (
    K.INVOLVEMENT, K.NEED, K.LEGAL_STATUS, K.ENROLMENT, K.MEMBERSHIP, K.RELATIONSHIP, K.TEAM_POSITION, K.CONTACT,
    K.PARENTAL_RESPONSIBILITY, K.COURT_ORDER,
)  # fmt: skip
STEMS = {
    "supportReport": (K.SUPPORT_REPORT,), "involvement": (K.INVOLVEMENT,), "need": (K.NEED,), "contact": (K.CONTACT,),
    "family": (K.TEAM_POSITION,), "household": (K.MEMBERSHIP,), "membership": (K.MEMBERSHIP,), "relationship": (K.RELATIONSHIP,),
    "teamPosition": (K.TEAM_POSITION,), "sharingDecision": (K.SHARING_DECISION,),
    "sharingReason": (K.SHARING_REASON,), "serviceAgreement": (K.SERVICE_AGREEMENT,), "enrolment": (K.ENROLMENT,),
    "legalStatus": (K.LEGAL_STATUS,), "identity": (K.PERSON,), "ctf": (K.ENROLMENT,), "assignment": (K.ASSIGNMENT,),
    "parentalResponsibility": (K.PARENTAL_RESPONSIBILITY,), "courtOrder": (K.COURT_ORDER,), "emergencyAccess": (K.EMERGENCY_ACCESS,),
    "protection": (K.PROTECTION,), "rightsRequest": (K.RIGHTS_REQUEST,), "legalHold": (K.LEGAL_HOLD,),
    "record": WITHDRAWN,
    "caution": (*WITHDRAWN, K.SHARING_DECISION, K.SERVICE_AGREEMENT),
}  # fmt: skip
"""What a mutation is about, by how its name begins."""
ENDINGS = {
    "Confirm": Verb.CONFIRM, "Decide": Verb.CONFIRM, "Sign": Verb.CONFIRM, "Review": Verb.CONFIRM, "Lift": Verb.CONFIRM,
    "Approve": Verb.CONFIRM, "Link": Verb.LINK, "Import": Verb.IMPORT,
}  # fmt: skip
"""What it does, by how its name ends; every other ending WRITEs."""
OWN_TO_REVIEW = {"sharingDecisionReview": Verb.WRITE}
"""Reviewed by whoever decides, not by a second agency."""
BESIDES = {
    "supportReportSubmit": [(Verb.WRITE, K.LIGHT_TOUCH_REPORT)],
    "supportReportSubmitMany": [(Verb.WRITE, K.LIGHT_TOUCH_REPORT)],
    "supportReportWithdraw": [(Verb.WRITE, K.LIGHT_TOUCH_REPORT)],
    "teamPositionEnd": [(Verb.SEE, K.TEAM_POSITION)],
}
ANYBODYS = "connectionDeclare"
AUDITORS = {("PRIVACY_OFFICER", "ASSURANCE"): {"unusualAccessReview"}}
MUTATIONS = sorted(make_schema()._schema.mutation_type.fields)  # type: ignore[union-attr]


def done_by(mutation: str) -> list[tuple[Verb, K]]:
    stem = max((one for one in STEMS if mutation.startswith(one)), key=len)
    verb = OWN_TO_REVIEW.get(mutation) or next((verb for ending, verb in ENDINGS.items() if mutation.endswith(ending)), Verb.WRITE)
    return [(verb, kind) for kind in STEMS[stem]] + BESIDES.get(mutation, [])


def may_do(me: Me) -> dict[str, Any]:
    able = []
    for kind in K:
        always = [w for w in WALLS if w.stands.sql == "true" and kind in w.what and (not w.roles or me.role in w.roles)]
        for verb in Verb:
            numbers = [] if any(verb in wall.verbs for wall in always) else _numbers(me, verb, kind)
            if numbers:
                done = [
                    name for name in MUTATIONS if name not in (ANYBODYS, "unusualAccessReview") and (verb, kind) in done_by(name)
                ]
                able.append({
                    "kind": str(kind), "verb": str(verb), "mutations": done, "sentences": slow_fields.sentences(numbers),
                })  # fmt: skip
    if not any(one["verb"] == "SEE" and one["kind"] not in ("PERSON", "LIGHT_TOUCH_REPORT") for one in able):
        able = [one for one in able if (one["verb"], one["kind"]) != ("SEE", "PERSON")]
    names = (
        {name for one in able for name in one["mutations"]}
        | AUDITORS.get((me.role, me.purpose), set())
        | (set() if me.is_tool else {ANYBODYS})
    )
    return {"mutations": sorted(names), "search": me.role not in NEVER_SEARCH, "abilities": able}


def _numbers(me: Me, verb: Verb, kind: K) -> list[int]:
    spoken = [rule for rule in RULES if kind in rule.what and me.role in rule.roles and me.purpose in rule.purposes]
    as_writer = verb is Verb.SEE and kind not in SPOKEN_OF_AUTHORS
    return sorted({rule.number for rule in spoken if verb in rule.may or (as_writer and Verb.WRITE in rule.may)})
