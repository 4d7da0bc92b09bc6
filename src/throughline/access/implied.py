"""What opens access, as one SELECT over the records that imply it. `openings.py` keeps `portal.opening` equal to it.

Each branch yields (subject_id, holder_id, because, source_id, during, kinds, sensitive_kinds, agreed_kinds, purpose), where
`during` is a datemultirange. Two records meet in a person when their identity records are linked to the same one.

What is CONFIDENTIAL opens and closes nothing for anybody (wall W2), except that an assignment, position or decision which names
a confidential identity record is held for that record. So whoever refreshes openings, confidential rows invisible to them or not,
derives the same ones. Nor does what is said about a protected person (wall W3), or a contact about an unborn child (W7), open
anything about anybody else: nobody learns of the one from what shows of the other.
"""

from throughline.access.implied_ends import ENDED, eighteen
from throughline.access.opening import Because as B
from throughline.terms.holder import KIND_HOLDER, SCHOOL_ON_ROLL

_NOTHING_SHARED = "0 kinds, 0 sensitive_kinds, 0 agreed_kinds, null::text purpose"


def _during(alias: str) -> str:
    """The days of a dated row; a row that ends before it starts holds no days."""
    return _days(f"{alias}.from_on", f"{alias}.until_on")


def _days(first: str, last: str) -> str:
    return f"(case when {last} < {first} then '{{}}' else datemultirange(daterange({first}, {last}, '[]')) end)"


_MEMBER = (
    "portal.membership {v} join portal.identity_record {v}i on {v}i.id = {v}.identity_record_id and {v}.withdrawn_at is null "
    "and 'CONFIDENTIAL' not in ({v}.sensitivity, {v}i.sensitivity)"
)
_POSITION = "portal.team_position p"
_POSITION_STANDS = (
    "p.confirmed_by_agency_id is not null and p.withdrawn_at is null and p.sensitivity <> 'CONFIDENTIAL' "
    "and coalesce((select bool_or(s.custodian_id is null or s.custodian_id = p.holder_agency_id) "
    "from portal.team_position_person s where s.position_id = p.id), true)"
)
_ENROLMENT = (
    "portal.enrolment e join portal.identity_record ei on ei.id = e.identity_record_id "
    "and e.state = 'CONFIRMED' and e.withdrawn_at is null and 'CONFIDENTIAL' not in (e.sensitivity, ei.sensitivity)"
)

_BEFORE_START = _days("(e.confirmed_at at time zone 'Europe/London')::date", "e.from_on - 1")

ASSIGNMENTS = (
    f"select s.identity_record_id subject_id, s.holder_id, {B.ASSIGNED:d} because, s.id source_id, "
    f"{_during('s')} during, {_NOTHING_SHARED} from portal.assignment s where s.withdrawn_at is null "
    f"union all select s.identity_record_id, m.manager_id, {B.MANAGES:d}, s.id, {_during('s')}, {_NOTHING_SHARED} "
    "from portal.assignment s join portal.practitioner m on m.id = s.holder_id where m.manager_id is not null and s.withdrawn_at is null"
)

_ENROLMENTS = (
    f"select e.identity_record_id, e.school_id, {B.ON_ROLL:d}, e.id, {_during('e')}, {_NOTHING_SHARED} from {_ENROLMENT} "
    f"union all select e.identity_record_id, e.school_id, {B.COMING:d}, e.id, "
    f"{_BEFORE_START}, {_NOTHING_SHARED} from {_ENROLMENT} "
    f"union all select v.household_id, e.school_id, {B.ON_ROLL:d}, e.id, range_agg(d) , {_NOTHING_SHARED} "
    f"from {_ENROLMENT} join {_MEMBER.format(v='v')} on vi.person_id = ei.person_id "
    f"cross join lateral unnest({_during('e')} * {_during('v')}) d where v.role = 'CHILD' and ei.custodian_id is null "
    "group by v.household_id, e.school_id, e.id"
)

_POSITIONS = " union all ".join(
    f"select {subject}, {holder}, {because:d}, p.id, {_during('p')}, {_NOTHING_SHARED} from {_POSITION} {join} "
    f"where {_POSITION_STANDS}{only}"
    for subject, join in (
        ("l.identity_record_id", "join portal.team_position_person l on l.position_id = p.id"),
        ("p.household_id", ""),
    )
    for holder, because, only in (
        ("p.holder_id", B.TEAM, ""),
        ("p.holder_id", B.LEAD, " and p.position = 'LEAD'"),
        ("p.holder_id", B.CASE, " and p.position = 'ALLOCATED_SOCIAL_WORKER'"),
        ("p.holder_agency_id", B.LEADS, " and p.position = 'LEAD'"),
    )
)

_POSITIONS_AT = (
    f"select p.family_id, p.household_id, p.holder_id, p.holder_agency_id, p.id source_id, {_during('p')} during "
    f"from {_POSITION} where {_POSITION_STANDS}"
)
_HELD_THERE = (
    "coalesce((select range_agg(d) from (" + _POSITIONS_AT + ") t cross join lateral unnest(t.during) d "
    "where t.household_id = y.id and t.holder_id = q.holder_id), '{}')"
)
_OTHER_HOUSEHOLDS = (
    f"select y.id, q.holder_id, {B.OTHER_HOUSEHOLD:d}, q.source_id, q.during - {_HELD_THERE}, "
    f"{_NOTHING_SHARED} from ({_POSITIONS_AT}) q join portal.household y on y.family_id = q.family_id and y.id <> q.household_id"
)
_EIGHTEEN = eighteen("x.date_of_birth")
_GROWN = (
    f"(select case when min(x.date_of_birth) filter (where not x.is_unborn) is not null then datemultirange(daterange(min({_EIGHTEEN}) "
    "filter (where not x.is_unborn), null)) when bool_or(x.is_unborn) then '{}' else '{(,)}' end "
    "from portal.identity_record x where x.person_id = vi.person_id and x.sensitivity <> 'CONFIDENTIAL')"
)
# By the word of an agency that nobody around that household is of: no side takes down the wall by itself.
_LIVES_WHERE_HELD = (
    "coalesce((select range_agg(d) from (" + _POSITIONS_AT + ") t join " + _MEMBER.format(v="u") +
    " on u.household_id = t.household_id cross join lateral unnest(t.during * " + _during("u") + ") d "
    "where t.holder_id = q.holder_id and ui.person_id = vi.person_id and not exists (select from " + _POSITION +
    " where p.household_id = u.household_id and p.holder_agency_id = u.agency_id and " + _POSITION_STANDS + ")), '{}')"
)  # fmt: skip
_NAMED_BY_POSITION = (
    f"coalesce((select range_agg(d) from {_POSITION} join portal.team_position_person l on l.position_id = p.id "
    "join portal.identity_record li on li.id = l.identity_record_id and li.sensitivity <> 'CONFIDENTIAL' "
    f"cross join lateral unnest({_during('p')}) d where {_POSITION_STANDS} and p.holder_id = q.holder_id "
    "and li.person_id = vi.person_id), '{}')"
)
_OTHER_ADULTS = (
    f"select v.identity_record_id, q.holder_id, {B.OTHER_HOUSEHOLD:d}, q.source_id, range_agg(d), {_NOTHING_SHARED} "
    f"from ({_POSITIONS_AT}) q join portal.household y on y.family_id = q.family_id and y.id <> q.household_id "
    f"join {_MEMBER.format(v='v')} on v.household_id = y.id cross join lateral unnest("
    f"q.during * {_during('v')} * {_GROWN} - {_HELD_THERE} - {_LIVES_WHERE_HELD} - {_NAMED_BY_POSITION}) d "
    "group by v.identity_record_id, q.holder_id, q.source_id"
)


def _and_household(first: str, holder: str, because: B, source: str, days: str, table: str, spreads: str = "true") -> str:
    """The person whom a row names, and whoever shares a household with them on those days. `spreads`: of that person's identity
    record `ni`, whether it says anything about others."""
    return (
        f"select {first}.identity_record_id, {holder}, {because:d}, {source}, {days}, {_NOTHING_SHARED} from {table} "
        f"union all select u.identity_record_id, {holder}, {because:d}, {source}, range_agg(d), {_NOTHING_SHARED} "
        f"from {table} join portal.identity_record ni on ni.id = {first}.identity_record_id and ni.sensitivity <> 'CONFIDENTIAL' "
        f"join {_MEMBER.format(v='v')} on vi.person_id = ni.person_id "
        f"join {_MEMBER.format(v='u')} on u.household_id = v.household_id and ui.person_id <> vi.person_id "
        f"cross join lateral unnest({days} * {_during('v')} * {_during('u')}) d "
        f"where {spreads} group by u.identity_record_id, {holder}, {source}"
    )


_CONTACTS = _and_household(
    "k", "k.front_door_id", B.CONTACT, "k.id", _days("k.received_on", "k.decided_on - 1"),
    "(select * from portal.contact where withdrawn_at is null and sensitivity <> 'CONFIDENTIAL') k",
    "ni.custodian_id is null and not (select bool_or(b.is_unborn) and not bool_or(b.date_of_birth is not null) "
    "from portal.identity_record b where b.person_id = ni.person_id and b.sensitivity <> 'CONFIDENTIAL')",
)  # fmt: skip
# The days on which it may run: at which instants it does, is asked in each read (`conditions.opened_in_emergency`).
_EMERGENCIES = (
    f"select x.identity_record_id, x.practitioner_id, {B.EMERGENCY:d}, x.id, "
    + _days("x.opened_on", "(least(x.until_at, x.ended_at) at time zone 'Europe/London')::date")
    + f", {_NOTHING_SHARED} from portal.emergency_access x"
)
_CONNECTIONS = _and_household(
    "k", "k.practitioner_id", B.CONNECTED, "k.id",
    _days("least((k.made_at at time zone 'Europe/London')::date, k.ended_on)", "k.ended_on"), "portal.connection k",
)  # fmt: skip

# Whereabouts (wall W4): of whoever is marked, of everybody who shares a household with them, and of that household. The place is hidden
# from every kind of agency; it is told to a custodian or reader for as long as every mark that holds allows for them.
_MARK = "(select * from portal.protection where what = 'WHEREABOUTS' and withdrawn_at is null and sensitivity <> 'CONFIDENTIAL') k"
_HIDDEN_PLACES = (
    f"(select k.identity_record_id subject_id, k.id source_id, k.agency_id, {_during('k')} during from {_MARK} "
    f"union all select x.subject_id, k.id, k.agency_id, range_agg(d) from {_MARK} "
    "join portal.identity_record ni on ni.id = k.identity_record_id and ni.sensitivity <> 'CONFIDENTIAL' "
    f"join {_MEMBER.format(v='v')} on vi.person_id = ni.person_id join {_MEMBER.format(v='u')} on u.household_id = v.household_id "
    "cross join lateral (values (u.identity_record_id, true), (v.household_id, false)) x(subject_id, is_other) "
    f"cross join lateral unnest({_during('k')} * {_during('v')} * case when x.is_other then {_during('u')} else {_during('v')} end) d "
    "where not x.is_other or ui.person_id <> vi.person_id group by x.subject_id, k.id, k.agency_id)"
)
_TELLS = (
    "(x.agency_id = h.holder_id or x.agency_id = h.holder_agency_id "
    "or exists (select from portal.protection_reader n where n.protection_id = x.source_id and n.practitioner_id = h.holder_id))"
)
# What opens is added up over all of somebody's identity records: no mark on one of them tells what a mark on another hides.
_SAME = (
    "x.subject_id = y.subject_id or x.subject_id in (select b.id from portal.identity_record a join portal.identity_record b "
    "on b.person_id = a.person_id and b.sensitivity <> 'CONFIDENTIAL' where a.id = y.subject_id)"
)
_EVERY_KIND = ", ".join(f"('{holder}'::uuid)" for holder in KIND_HOLDER.values())
_PLACES = (
    f"select x.subject_id, a.id, {B.HIDDEN_PLACE:d}, x.source_id, x.during, {_NOTHING_SHARED} "
    f"from {_HIDDEN_PLACES} x cross join (values {_EVERY_KIND}) a(id) "
    f"union all select y.subject_id, h.holder_id, {B.TOLD_PLACE:d}, y.source_id, y.during - coalesce((select range_agg(d) "
    f"from {_HIDDEN_PLACES} x cross join lateral unnest(x.during) d where ({_SAME}) and {_TELLS} is not true), '{{}}'), "
    f"{_NOTHING_SHARED} from {_HIDDEN_PLACES} y cross join lateral (select y.agency_id holder_id, null::uuid holder_agency_id "
    "union all select n.practitioner_id, p.agency_id from portal.protection_reader n join portal.practitioner p on p.id = n.practitioner_id "
    "where n.protection_id = y.source_id) h"
)

_LIVE_DECISION = (
    "(select s.*, " + _days("s.from_on", "least(s.until_on, s.withdrawn_on - 1)") + " during, "
    "(select count(*) from portal.sharing_decision_person n where n.decision_id = s.id) = 1 and s.is_agreed_by_person is_agreed "
    "from portal.sharing_decision s where s.confirmed_by_agency_id is not null and not s.is_refusal and s.withdrawn_at is null "
    "and s.sensitivity <> 'CONFIDENTIAL') s"
)
_SCOPE = "s.kinds, s.sensitive_kinds, case when s.is_agreed then s.sensitive_kinds else 0 end, s.purpose"
_COVERS = "portal.sharing_decision_person l on l.decision_id = s.id join portal.identity_record li on li.id = l.identity_record_id"
_DECISIONS = (
    f"select l.identity_record_id, r.receiver_id, {B.COVERED:d}, s.id, s.during - {ENDED}, {_SCOPE} from {_LIVE_DECISION} "
    f"join {_COVERS} join portal.sharing_decision_receiver r on r.decision_id = s.id "
    f"where r.receiver_id <> '{SCHOOL_ON_ROLL}' "
    f"union all select l.identity_record_id, e.school_id, {B.COVERED:d}, s.id, range_agg(d), s.kinds, s.sensitive_kinds, "
    "case when bool_and(s.is_agreed) then s.sensitive_kinds else 0 end, s.purpose "
    f"from {_LIVE_DECISION} join {_COVERS} "
    f"join portal.sharing_decision_receiver r on r.decision_id = s.id and r.receiver_id = '{SCHOOL_ON_ROLL}' "
    "join portal.sharing_decision_person c on c.decision_id = s.id "
    "join portal.identity_record ci on ci.id = c.identity_record_id and ci.sensitivity <> 'CONFIDENTIAL' "
    "and (ci.custodian_id is null or ci.person_id = (select li.person_id from portal.identity_record li where li.id = l.identity_record_id)) "
    f"join ({_ENROLMENT}) on ei.person_id = ci.person_id cross join lateral unnest((s.during - {ENDED}) * {_during('e')}) d "
    "group by l.identity_record_id, e.school_id, s.id, s.kinds, s.sensitive_kinds, s.purpose"
)

EVERYTHING = " union all ".join(
    (
        ASSIGNMENTS,
        _ENROLMENTS,
        _POSITIONS,
        _OTHER_HOUSEHOLDS,
        _OTHER_ADULTS,
        _CONTACTS,
        _EMERGENCIES,
        _CONNECTIONS,
        _PLACES,
        _DECISIONS,
    )
)


def rows(branches: str, where: str = "true") -> str:
    """The rows of `portal.opening` that these branches imply: one for each unbroken run of days, however many branches
    give it (a decision that names a school, and the school where the child is on roll, may name one school twice)."""
    opening = "i.subject_id, i.holder_id, i.because, i.source_id"
    scope = "i.kinds, i.sensitive_kinds, i.agreed_kinds, i.purpose"
    return (
        f"select {opening}, lower(d) from_on, (upper(d) - 1) until_on, {scope}, (select x.service_id from portal.identity_record x "
        "where x.id = i.subject_id and x.sensitivity = 'CONFIDENTIAL') service_id, "
        "(select x.custodian_id from portal.identity_record x where x.id = i.subject_id) custodian_id from ("
        f"select {opening}, {scope}, range_agg(i.during) during from ({branches}) i where {where} group by {opening}, {scope}"
        ") i cross join lateral unnest(i.during) d where not lower_inf(d)"
    )
