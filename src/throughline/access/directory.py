"""Who may look up by name who works for an agency, and who is found. No record about people: so no sentence, but a rule all the
same, printed with them.

Staff are people too: to look through an agency's staff takes a reason, and there are two, proposing somebody for a team and
assigning a colleague. Whoever works in confidential services alone is found by those services alone: that somebody works for a
refuge is for them to say.
"""

from throughline.access.opening import Because
from throughline.access.policy import PRACTITIONERS
from throughline.access.rule import Verb
from throughline.access.rules import rules_for
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind
from throughline.terms.role import Role

PRACTITIONERS_SHOW = """\
Who works for an
agency, by name and role, can be looked up by whoever may name them in an act: the practitioners of any agency by those whom a
sentence lets write `TEAM_POSITION`, and where it asks for «household's lead», who lead some household today; those of their own
agency by those whom a sentence lets write `ASSIGNMENT`. Found is whoever may sign in today in a role that supports people,
unless all services of which they are a member today are confidential and none of them is the viewer's own. Services, addresses
and job titles do not show there."""

_ROLES = ", ".join(f"'{role}'" for role in PRACTITIONERS)


def may_look_up(role: Role, purpose: Purpose, agency_id: str) -> str:
    """A boolean over `me`: the viewer may look up the practitioners of this agency (an expression of type uuid) today."""
    if rules_for(Verb.WRITE, RecordKind.ASSIGNMENT, role, purpose):
        return f"({agency_id} = me.agency_id or {_may_propose(role, purpose)})"
    return _may_propose(role, purpose)


def _may_propose(role: Role, purpose: Purpose) -> str:
    asked = [
        {leaf.of_household for leaf in one.when.leaves()} - {0}
        for one in rules_for(Verb.WRITE, RecordKind.TEAM_POSITION, role, purpose)
    ]
    if not asked:
        return "false"
    if set() in asked:
        return "true"
    bits = ", ".join(str(int(bit)) for bit in Because if any(bit in one for one in asked))
    return (
        f"exists (select from portal.opening o where o.holder_id = me.actor_id and o.because in ({bits}) "
        "and o.from_on <= me.today and (o.until_on is null or o.until_on >= me.today))"
    )


def is_found(practitioner: str) -> str:
    """A boolean over `me`: the practitioner (an alias) may be found."""
    membership = (
        "exists (select from portal.service_member n join portal.service s on s.id = n.service_id "
        f"where n.practitioner_id = {practitioner}.id and n.from_on <= me.today "
        "and (n.until_on is null or n.until_on >= me.today) and {which})"
    )
    in_some = membership.format(which="true")
    in_open = membership.format(which="(not s.is_confidential or s.id = any(me.services))")
    return f"{practitioner}.disabled_at is null and exists ({roles_of(practitioner)}) and (not {in_some} or {in_open})"


def roles_of(practitioner: str) -> str:
    """A select of `role`: those that support people, in which the practitioner may sign in today."""
    return (
        f"select h.role from portal.practitioner_role h where h.practitioner_id = {practitioner}.id and h.role in ({_ROLES}) "
        "and (h.until_on is null or h.until_on >= me.today)"
    )
