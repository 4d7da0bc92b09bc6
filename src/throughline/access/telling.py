"""What an explanation may tell of each phrase of the policy to the viewer who asks (`accessExplanation`).

A phrase is told to hold or to be missing only where it speaks of the viewer's own standing, which they know anyway. Of every other
it is said, always and to everybody alike, that it depends on the record or is not told: else «missing» would tell that a sharing
decision stands or does not, that a contact waits, who lives with whom, how old somebody is by another agency's word, or that a
wall stands. A phrase that nobody has listed here is not told; the tests want every one listed.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from throughline.access import conditions as c
from throughline.access.rule import Phrase, Rule, Verb
from throughline.access.rules import Names, walls_for
from throughline.terms.record_kind import RecordKind
from throughline.terms.role import Role


class Told(StrEnum):
    """OWN: whether it holds. BY_RECORD: that it depends on the record. NEVER: that it is not told."""

    OWN = "OWN"
    BY_RECORD = "BY_RECORD"
    NEVER = "NEVER"


class AccessAnswer(StrEnum):
    """Whether somebody may, as far as what is told says."""

    YES = "YES"
    DEPENDS = "DEPENDS"
    NO = "NO"


class ConditionState(StrEnum):
    """What is told of one condition."""

    HOLDS = "HOLDS"
    MISSING = "MISSING"
    DEPENDS_ON_RECORD = "DEPENDS_ON_RECORD"
    NOT_TOLD = "NOT_TOLD"


OWN = (
    c.always,
    c.statutory,  # the kind of one's own agency
    c.assigned,  # one's own assignment (sentence 67)
    c.manages_assigned,  # that of those whom one manages (67)
    c.on_roll,  # one's own school's roll
    c.coming,
    c.on_team,  # one's own position (42)
    c.lead,
    c.with_case,
    c.opened_in_emergency,  # what they opened themselves, a moment ago
)
BY_RECORD = (
    # what it is, and how careful one must be with it
    c.standard, c.sensitive, c.confidential, c.not_confidential, c.released, c.upn_or_uln, c.nhs_number, c.current, c.only_proposed,
    c.said_child,  # by what one's own agency says
    # who made it, or holds it
    c.own_agency, c.own_service, c.wrote, c.school_made, c.made_by_another, c.theirs_to_change, c.held_by_viewer, c.held_by_colleague,
    c.signed_it, c.awaits_second_signature, c.shares, c.refuses,
    # where it is, or to whom it went; that an address is ordinary would tell that the person has no other
    c.own_school, c.their_school, c.left_by_own_school, c.in_queue, c.ordinary_address, c.named_by_custodian,
    # the agency's own yes to somebody who asks for their own; whom a protection names
    c.rights_approved, c.named_as_reader,
    # which household it names
    c.household_team, c.household_lead, c.household_case, c.household_leads_agency, c.household_on_roll,
    # so it is as soon as one's own agency names them in it
    c.works_with,
)  # fmt: skip
NEVER = (
    c.covered,  # that others decided to share, or not to
    c.contact_undecided,  # that somebody asked for help, perhaps for whoever lives with them
    c.nothing_undecided,
    c.leads_agency,  # a colleague's position
    c.about_child,  # by whichever agency's birth dates
    # the walls
    c.means_connected, c.keeps_connected_away,
    c.connected, c.outside_service, c.withdrawn_elsewhere, c.sensitive_about_adult, c.other_household, c.others_record,
    c.sensitive_from_another, c.sensitive_health, c.kept_elsewhere, c.protected_identity, c.unborn_to_others, c.place_protected,
    c.place_not_told, c.home_not_told, c.contact_not_told,
)  # fmt: skip

TELLING: Mapping[Phrase, Told] = {
    **dict.fromkeys(OWN, Told.OWN),
    **dict.fromkeys(BY_RECORD, Told.BY_RECORD),
    **dict.fromkeys(NEVER, Told.NEVER),
}


def told(phrase: Phrase) -> Told:
    return TELLING.get(phrase, Told.NEVER)


def as_told(phrase: Phrase, names: Names, kind: RecordKind) -> str:
    """A boolean that is null where the answer depends on what is not told: it can be neither yes nor no by what is."""
    if phrase.parts:
        word = " or " if phrase.is_choice else " and "
        return f"({word.join(as_told(part, names, kind) for part in phrase.parts)})"
    return f"({names.fill(phrase.sql, kind)})" if told(phrase) is Told.OWN else "null::boolean"


def any_as_told(rules: Iterable[Rule], verb: Verb, kind: RecordKind, role: Role, names: Names) -> str:
    """The same for a verb: whether one of its sentences (`rules`) lets the viewer do it; no, where a wall stands before this role
    whatever the record is."""
    if any(wall.stands is c.always for wall in walls_for(verb, kind, role)):
        return "false"
    return " or ".join(as_told(rule.when, names, kind) for rule in rules) or "false"
