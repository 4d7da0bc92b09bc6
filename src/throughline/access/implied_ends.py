"""What ends a sharing decision before its last day, for one of its people: as days that are taken from it.

Correlated with the decision `s`, its person `l` (with `li`, their identity record) and its receiver `r`. What is CONFIDENTIAL ends
nothing for anybody.
"""

from throughline.terms.agency_kind import SCHOOLS, AgencyKind
from throughline.terms.holder import KIND_HOLDER, SCHOOL_ON_ROLL
from throughline.terms.sharing import GOES_ON_WITHIN, ReviewOutcome


def eighteen(born: str) -> str:
    """The day on which somebody is 18: born on 29 February, on 1 March."""
    on = f"{born} + interval '18 years'"
    return f"(({on})::date + (extract(day from {on}) <> extract(day from {born}))::int)"


def _is_18_from(person: str) -> str:
    """The first day on which they are 18 by any of their birth dates; null where none is known."""
    return (
        f"(select min({eighteen('x.date_of_birth')}) from portal.identity_record x "
        f"where x.person_id = {person} and not x.is_unborn and x.sensitivity <> 'CONFIDENTIAL')"
    )


def _from(day: str) -> str:
    return f"datemultirange(daterange({day}, null))"


_REASON = "portal.sharing_reason g left join portal.identity_record gb on gb.id = g.agreed_by_record_id and gb.sensitivity <> 'CONFIDENTIAL'"

# Somebody else agreed for them: until they are 18.
_GROWN_UP = (
    f"select {_from('y.d')} d from {_REASON} cross join lateral (select {_is_18_from('li.person_id')} d) y "
    "where g.decision_id = s.id and g.agreed_by_record_id <> l.identity_record_id and gb.person_id is distinct from li.person_id "
    "and y.d is not null"
)

# The agreement to a service with which it ends has ended, or lapsed.
AGREEMENT_ENDS = (
    "least(a.withdrawn_on, a.until_on + 1, (a.withdrawn_at at time zone 'Europe/London')::date, "
    "case when a.agreed_by_record_id <> a.identity_record_id and ab.person_id is distinct from ai.person_id "
    f"then {_is_18_from('ai.person_id')} end)"
)
_AGREEMENT = (
    "portal.service_agreement a join portal.identity_record ai on ai.id = a.identity_record_id "
    "left join portal.identity_record ab on ab.id = a.agreed_by_record_id and ab.sensitivity <> 'CONFIDENTIAL'"
)
_NOT_CONFIDENTIAL = "'CONFIDENTIAL' not in (a.sensitivity, ai.sensitivity)"
_AGREEMENT_ENDED = (
    f"select {_from('y.d')} from portal.sharing_reason g cross join lateral (select {AGREEMENT_ENDS} d from {_AGREEMENT} "
    f"where a.id = g.service_agreement_id and {_NOT_CONFIDENTIAL}) y where g.decision_id = s.id and y.d is not null"
)


def undecided(person: str) -> str:
    """The FROM and WHERE of agreements to a service, withdrawn by this person after the decision `s` was made, since when nobody has
    recorded that it goes on."""
    return (
        "from portal.service_agreement a join portal.identity_record ai on ai.id = a.identity_record_id "
        f"where ai.person_id = {person} and a.withdrawn_on is not null and a.withdrawn_at is null and not a.is_refusal "
        f"and {_NOT_CONFIDENTIAL} and (s.made_at at time zone 'Europe/London')::date <= a.withdrawn_on "
        f"and (s.reviewed_on >= a.withdrawn_on and s.review_outcome = '{ReviewOutcome.GOES_ON}') is not true"
    )


_NOBODY_DECIDED = f"select {_from(f'a.withdrawn_on + {GOES_ON_WITHIN.days}')} {undecided('li.person_id')}"

# Whom a receiver lets in: an agency by itself, or every agency of these kinds.
_KINDS = ", ".join(
    [f"('{KIND_HOLDER[kind]}'::uuid, '{kind}')" for kind in AgencyKind] + [f"('{SCHOOL_ON_ROLL}', '{kind}')" for kind in SCHOOLS]
)


def _reaches(receiver: str) -> str:
    return (
        f"(select x.kind, true is_one from portal.agency x where x.id = {receiver} "
        f"union all select k.kind, false from (values {_KINDS}) k(id, kind) where k.id = {receiver})"
    )


_MEETS = (
    "exists (select from portal.sharing_decision_receiver n where n.decision_id = f.id and (n.receiver_id = r.receiver_id "
    f"or exists (select from {_reaches('n.receiver_id')} one join {_reaches('r.receiver_id')} other using (kind) "
    "where not (one.is_one and other.is_one))))"
)
# Whoever agreed has refused since, or the person themselves has, whoever agreed for them.
_REFUSED = (
    "select case when f.from_on <= least(f.until_on, f.withdrawn_on - 1) then datemultirange(daterange(f.from_on, "
    f"least(f.until_on, f.withdrawn_on - 1), '[]')) end from {_REASON} "
    "join portal.identity_record fi on fi.person_id = li.person_id and fi.sensitivity <> 'CONFIDENTIAL' "
    "join portal.sharing_decision_person fl on fl.identity_record_id = fi.id "
    "join portal.sharing_decision f on f.id = fl.decision_id and f.is_refusal and f.purpose = s.purpose and f.withdrawn_at is null "
    "and f.sensitivity <> 'CONFIDENTIAL' and (f.kinds | f.sensitive_kinds) & (s.kinds | s.sensitive_kinds) <> 0 "
    "join portal.sharing_reason fg on fg.decision_id = f.id "
    "join portal.identity_record fb on fb.id = fg.agreed_by_record_id and fb.sensitivity <> 'CONFIDENTIAL' "
    "where g.decision_id = s.id and g.agreed_by_record_id is not null and fb.person_id in (li.person_id, gb.person_id) "
    f"and {_MEETS}"
)

ENDED = f"coalesce((select range_agg(e.d) from ({' union all '.join((_GROWN_UP, _AGREEMENT_ENDED, _NOBODY_DECIDED, _REFUSED))}) e), '{{}}')"
