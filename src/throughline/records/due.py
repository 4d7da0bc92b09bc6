"""Whose time is over: each unit with the day until which it is kept, under which schedule, and whether a legal hold keeps it.

A unit is kept as long as the schedule asks of any person in it; where no schedule fits anybody, for good. A hold on one person keeps
whatever names them. The kinds on which walls rest are kept as long as anything else about their people is.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from throughline.records import units
from throughline.terms.retention import EVERY, KeptAbout, KeptFrom

COLUMNS = "kind, record_id, unit_id, agency_id, kept_until, schedule, is_held, people"


@dataclass(frozen=True, slots=True)
class Unit:
    """`people`: everybody whose time it waits for."""

    kind: str
    record_id: UUID
    unit_id: UUID
    agency_id: UUID
    schedule: str
    people: tuple[UUID, ...]
    is_held: bool = False


def unit(row: Any) -> Unit:
    """Of a row of `COLUMNS`."""
    return Unit(
        row["kind"], row["record_id"], row["unit_id"], row["agency_id"], row["schedule"] or "", tuple(row["people"]), row["is_held"]
    )


_EIGHTEEN = "(f.born + interval '18 years')"
_FROM = (
    f"case s.kept_from when '{KeptFrom.BIRTH}' then f.born when '{KeptFrom.RECORD_ENDED}' then a.last_on "
    f"when '{KeptFrom.CASE_CLOSED}' then f.closed_on else f.last_on end"
)
_SAID = "s.about || ': ' || s.kept_from || ' + ' || s.years || ' years (' || s.source || ')'"
_HOLDS = (
    "select i.person_id, h.kinds from portal.legal_hold h join portal.identity_record i on i.id = h.identity_record_id "
    "where h.withdrawn_at is null and h.from_on <= {today} and (h.until_on is null or h.until_on >= {today})"
)


def _schedule(kind: str, about: str) -> str:
    """The row that fits best: one that names the kind goes before one that names the area."""
    return (
        f"left join lateral (select s.*, {_SAID} said from portal.retention_schedule s where s.area in (g.area, '{EVERY}') "
        f"and s.kind in ({kind}, '{EVERY}') and s.about = {about} order by s.kind = '{EVERY}', s.area = '{EVERY}' limit 1) s on true"
    )


def of_people(today: str, people: str | None, *, themselves: bool = False) -> str:
    """Units that name people. `people`: an expression of type uuid[], everybody whom the units in question name; None: everybody.
    `themselves`: not what is about them but who they are."""
    which = "true" if people is None else f"person_id = any({people})"
    work, last = (", ".join(f"'{kind}'" for kind in some) for some in (units.WORK, units.GOES_LAST))
    asked = f"select * from ({units.IDENTITIES}) x where {which}" if themselves else "table about"
    return (
        f"with about as materialized (select * from ({units.about()}) x where {which}), "
        "who as (select i.person_id, max(i.date_of_birth) filter (where not i.is_unborn) born, "
        "min(i.made_at at time zone 'Europe/London')::date first_on, max(i.made_at at time zone 'Europe/London')::date said_on "
        f"from portal.identity_record i where {which} group by 1), "
        "met as (select a.person_id, max(greatest(a.made_on, nullif(a.last_on, 'infinity'))) last_on, "
        f"max(a.last_on) filter (where a.kind in ({work})) closed_on from about a group by 1), "
        "facts as materialized (select w.person_id, coalesce(w.born, w.first_on) born, greatest(w.said_on, t.last_on) last_on, "
        "coalesce(t.closed_on, greatest(w.said_on, t.last_on)) closed_on from who w left join met t using (person_id)), "
        f"holds as materialized ({_HOLDS.format(today=today)}), "
        f"each as (select a.*, coalesce(({_FROM} + make_interval(years => s.years))::date, 'infinity') kept_until, s.said, "
        "exists (select from holds h where h.person_id = a.person_id and (cardinality(h.kinds) = 0 or a.kind = any(h.kinds) "
        "or a.kind in ('LEGAL_HOLD', 'IDENTITY_RECORD'))) is_held "
        f"from ({asked}) a join facts f using (person_id) join portal.agency g on g.id = a.agency_id "
        f"{_schedule('a.kind', _about())}), "
        "unit as materialized (select kind, record_id, unit_id, (array_agg(agency_id))[1] agency_id, max(kept_until) kept_until, "
        "(array_agg(said order by kept_until desc))[1] schedule, bool_or(is_held) is_held, array_agg(distinct person_id) people "
        "from each group by kind, record_id, unit_id), "
        "longest as materialized (select p.person_id, max(case when u.is_held then 'infinity' else u.kept_until end) kept_until "
        "from unit u cross join lateral unnest(u.people) p(person_id) "
        f"where u.kind not in ({last}) group by 1) "
        "select u.kind, u.record_id, u.unit_id, u.agency_id, "
        f"case when u.kind in ({last}) then greatest(u.kept_until, (select max(l.kept_until) from longest l where l.person_id = any(u.people))) "
        "else u.kept_until end kept_until, u.schedule, u.is_held, u.people from unit u"
    )


def naming(today: str, people: str, person: str) -> str:
    """Every unit that names this person, whatever its time. `people`: they, and everybody who is named beside them."""
    return f"select d.* from ({of_people(today, people)}) d where (d.kind, d.unit_id) in ({units.naming_one(person)})"


def _about() -> str:
    return f"case when a.made_on < {_EIGHTEEN} then '{KeptAbout.CHILD}' else '{KeptAbout.ADULT}' end"


def of_nobody(today: str) -> str:
    """Records that name no person. One about a family is held where anybody who ever belonged to it is."""
    held = (
        f"exists (select from portal.membership v join portal.identity_record vi on vi.id = v.identity_record_id "
        f"join ({_HOLDS.format(today=today)}) h on h.person_id = vi.person_id "
        "where v.family_id = a.family_id and (cardinality(h.kinds) = 0 or a.kind = any(h.kinds)))"
    )
    return (
        "select a.kind, a.record_id, a.unit_id, a.agency_id, coalesce((a.last_on + make_interval(years => s.years))::date, 'infinity') "
        f"kept_until, s.said schedule, {held} is_held, '{{}}'::uuid[] people from ({units.about_nobody()}) a "
        f"join portal.agency g on g.id = a.agency_id {_schedule('a.kind', repr(str(KeptAbout.NOBODY)))}"
    )


def without_records() -> str:
    """A condition on a person `p.person_id`: nothing hangs on them or on any of their identity records any more."""
    own = " and ".join(
        f"not exists (select from {column.table} t where t.{column.name} = p.person_id)"
        for column in units.standing_on(units.PERSON) if column.table is not units.IDENTITY
    )  # fmt: skip
    of_identity = " and ".join(
        f"not exists (select from {column.table} t where t.{column.name} = i.id)" for column in units.standing_on(units.IDENTITY)
    )
    nothing = f"not exists (select from portal.identity_record i where i.person_id = p.person_id and not ({of_identity}))"
    return f"{nothing} and {own}" if own else nothing
