"""The kinds of record, printed: `schema/records.md`."""

from collections.abc import Iterator

from throughline.access.page import BASES
from throughline.access.policy import RULES
from throughline.access.rule import Verb
from throughline.records.catalogue import KINDS
from throughline.terms.record_kind import RecordKind as K
from throughline.terms.role import Role

WHAT = {
    K.SUPPORT_REPORT: "Support given: «we did this for this child or family». A common part, and parts for the people in it.",
    K.INVOLVEMENT: "The thin fact that an agency is working with somebody, and how to reach it.",
    K.NEED: "Level of need, with its reason.",
    K.LEGAL_STATUS: "Child in need, enquiry, protection plan, looked after.",
    K.ENROLMENT: "A child on roll at a school, with dates; proposed until another agency confirms it.",
    K.ATTENDANCE: "Sessions possible, attended and missed in one academic year.",
    K.MEMBERSHIP: "Who belongs to a household, in which role, from when until when.",
    K.RELATIONSHIP: "How two people are related.",
    K.TEAM_POSITION: "A place in the team around a family; opens nothing until another agency confirms it.",
    K.SHARING_DECISION: "What may be shared: purpose, scope, people, receivers, dates, reviews; opens nothing "
    "until another agency confirms it.",
    K.SHARING_REASON: "Why it was decided to share: who agreed, or why nobody did, the bases, and who signed. One for every decision.",
    K.SERVICE_AGREEMENT: "Who agreed to be helped by a service, or refused; lapses at 18 where somebody else agreed for a child.",
    K.ADDRESS: "Where somebody lives, ordinary or confidential.",
    K.CONTACT: "A request for help reaching a front door, and its decision.",
    K.IDENTITY_RECORD: "What one agency's own system says about who somebody is.",
    K.IDENTITY_NUMBER: "A UPN, former UPN, ULN or NHS number on an identity record.",
    K.LIGHT_TOUCH_REPORT: "A support report without names and free text, about a family or nobody.",
    K.ASSIGNMENT: "That a practitioner supports somebody, or holds their case, for their own agency; opens only what it made.",
    K.PARENTAL_RESPONSIBILITY: "Who has parental responsibility for a child, by what that is known, since when.",
    K.COURT_ORDER: "What a court has ordered about somebody, from when until when, and who must keep away.",
    K.EMERGENCY_ACCESS: "That somebody opened one child's records for hours, with the reason and the review; it stays for ever.",
    K.PROTECTION: "That who somebody is, or where they are, is protected; its maker is their custodian.",
    K.RIGHTS_REQUEST: "That somebody asks for what an agency keeps about them; opens that agency's own records to its privacy officer "
    "when it is checked and a second person has approved it.",
    K.LEGAL_HOLD: "That what is held about somebody is kept, whatever schedule or request would delete it.",
    K.PERSON: "A human being: the identity records linked together. No record, but governed like one.",
}
FLOOR = {
    K.SUPPORT_REPORT: "set by the kind of support (data of the area); CONFIDENTIAL in a confidential service",
    K.LIGHT_TOUCH_REPORT: "STANDARD, and never more",
    K.IDENTITY_RECORD: "STANDARD; CONFIDENTIAL in a confidential service",
    K.IDENTITY_NUMBER: "as its identity record",
    K.ASSIGNMENT: "as its identity record",
    K.SHARING_REASON: "STANDARD; SENSITIVE where nobody agreed",
    K.SERVICE_AGREEMENT: "as an involvement of its agency; CONFIDENTIAL in a confidential service",
    K.COURT_ORDER: "SENSITIVE",
    K.EMERGENCY_ACCESS: "SENSITIVE, and never more",
    K.RIGHTS_REQUEST: "as its identity record",
    K.PERSON: "none: each identity record has its own",
}
OTHERWISE = {
    K.IDENTITY_NUMBER: "whoever makes the identity record",
    K.PERSON: "made with the first identity record; changed only by the ledger of links",
}


def records_page() -> str:
    """The whole page, as Markdown."""
    return "\n".join((*_head(), *(line for kind in K for line in _kind(kind))))


def _head() -> Iterator[str]:
    yield "# The kinds of record"
    yield ""
    yield "Printed by `throughline print-policy`; never edited by hand. Who may see each: `access-policy.md`."
    yield ""
    yield "An amendment adds a version, a withdrawal a reason; what was replaced is kept."
    yield "How long each is kept is configuration of the area, by kind and by whether the person was a child or grown when it was made:"
    yield "`throughline retention show`. What is over is deleted by `throughline retain`, unless a legal hold keeps it; a record about"
    yield "several people is kept as long as it is asked for any of them, and memberships and addresses, on which walls rest, as long as"
    yield "anything else about their people is. From then on it is absent like what never was; that it was deleted can be proved."
    yield ""


def _kind(kind: K) -> Iterator[str]:
    yield f"## {kind}"
    yield ""
    yield WHAT[kind]
    yield ""
    yield f"- made by: {_makers(kind)}"
    if confirmed := _roles(kind, Verb.CONFIRM):
        yield f"- confirmed or decided by: {confirmed}"
    yield f"- sensitivity, at least: {FLOOR.get(kind, 'STANDARD')}"
    yield f"- versions: {'kept' if kind in KINDS or kind is K.LIGHT_TOUCH_REPORT else 'only the latest'}"
    bases = {basis: None for rule in RULES if kind in rule.what for basis in rule.basis}
    yield f"- lawful bases: {', '.join(BASES[basis] for basis in bases)}"
    yield ""


def _makers(kind: K) -> str:
    by_file = _roles(kind, Verb.IMPORT)
    said = (
        _roles(kind, Verb.WRITE),
        by_file and f"from a Common Transfer File: {by_file}",
        OTHERWISE.get(kind),
    )
    return "; ".join(filter(None, said)) or "nobody yet"


def _roles(kind: K, verb: Verb) -> str:
    """Roles with the numbers of their sentences."""
    found = {role: sorted({r.number for r in RULES if verb in r.may and kind in r.what and role in r.roles}) for role in Role}
    return ", ".join(f"{role} ({', '.join(map(str, numbers))})" for role, numbers in found.items() if numbers)
