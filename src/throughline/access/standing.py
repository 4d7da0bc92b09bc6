"""What a viewer is to a person, gathered once: openings as bits, coverage as kinds, age and own agency.

Every text here is correlated with `me` (`entering.py`) and reads `portal.opening` by its key.
"""

from throughline.access.opening import Because
from throughline.terms.agency_kind import AgencyKind

PERSON_COLUMNS = ("person_id", "ids", "is_adult", "is_own", "is_named", "is_kept", "is_awaited", "w", "c0", "c1", "ag")
"""The columns of a row of people: see `people`. ids uuid[]; is_adult, is_own, is_named (by the viewer's
own agency) bool; w, c0, c1, ag int."""

NOT_ANOTHER_SERVICES = "({i}.sensitivity <> 'CONFIDENTIAL' or {i}.service_id = any(me.services))"
"""An identity record of a confidential service exists for that service alone."""

_HELD_TODAY = (
    "{o}.holder_id in (me.actor_id, me.agency_id, me.kind_holder) and {o}.from_on <= me.today "
    "and ({o}.until_on is null or {o}.until_on >= me.today)"
)


def held_today(alias: str) -> str:
    """The opening is the viewer's own, their agency's or their kind of agency's, and runs today (inclusive)."""
    return _HELD_TODAY.format(o=alias)


def openings_of(subjects: str) -> str:
    """A select of w, c0, c1 and ag over openings for any of these subjects (an expression of type uuid[])."""
    covered = f"o.because = {Because.COVERED:d} and o.purpose = me.purpose"
    return (
        "select coalesce(bit_or(o.because), 0) w, "
        f"coalesce(bit_or(o.kinds) filter (where {covered}), 0) c0, "
        f"coalesce(bit_or(o.sensitive_kinds) filter (where {covered}), 0) c1, "
        f"coalesce(bit_or(o.agreed_kinds) filter (where {covered}), 0) ag "
        f"from portal.opening o where o.subject_id = any({subjects}) and {held_today('o')}"
    )


def household_openings(household: str) -> str:
    """The viewer's openings for a household, as bits; nothing is looked up where there is no household."""
    held = f"select coalesce(bit_or(o.because), 0) from portal.opening o where o.subject_id = {household} and {held_today('o')}"
    return f"(case when {household} is null then 0 else ({held}) end)"


def family_openings(report: str) -> str:
    """A select of `w`, for a light-touch report: the viewer's openings for any household of the family that it names. That
    another household has a team of its own counts only where the report names that household."""
    return (
        f"select coalesce(bit_or(case when y.id = {report}.household_id then x.w else x.w & ~{Because.OTHER_HOUSEHOLD:d} end), 0) w "
        "from portal.household y "
        f"cross join lateral (select {household_openings('y.id')} w offset 0) x where y.family_id = {report}.family_id"
    )


def people(which: str) -> str:
    """A select of `PERSON_COLUMNS`, one row a person, over the identity records `i` that satisfy `which`.

    `which` must pick persons whole (by `i.person_id`), else coverage of a person would depend on the route.
    """
    return (
        "select p.person_id, p.ids, p.is_adult, p.is_own, p.is_named, p.is_kept, "
        f"p.is_unborn and g.w & {Because.CASE | Because.COVERED:d} = 0 and not (p.is_named and me.agency_kind = '{AgencyKind.HEALTH}') is_awaited, "
        "g.w, g.c0, g.c1, g.ag from ("
        "select i.person_id, array_agg(i.id) ids, "
        "coalesce(bool_or(not i.is_unborn and i.date_of_birth <= me.adult_since), false) "
        "or not coalesce(bool_or(i.is_unborn or i.date_of_birth > me.adult_since), false) is_adult, "
        "bool_or(i.agency_id = me.agency_id) is_own, "
        "bool_or(i.agency_id = me.agency_id and not i.is_made_here) is_named, "
        "coalesce(bool_or(i.custodian_id <> me.agency_id), false) is_kept, "
        "bool_or(i.is_unborn) and not bool_or(i.date_of_birth is not null) is_unborn "
        f"from portal.identity_record i where {which} and {NOT_ANOTHER_SERVICES.format(i='i')} group by i.person_id"
        f") p cross join lateral ({openings_of('p.ids')}) g"
    )
