"""Who may see what: a second opinion, written from the printed page (schema/access-policy.md) alone, not from what it checks.

Fill a World with facts (fact.py), name a Viewer and a day, and ask the functions at the end. The walls and sentences are in rules.txt.
What is named by an identity record of a confidential service does not hold for those outside it. A person without an identity record
that exists for the viewer does not exist for them.
"""

# fmt: off
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from tests.proof.fact import EACH_THEIR_OWN, Dated, Id, Part, Record, Viewer, World, parts

SCHOOLS, HEALTH = ("NURSERY", "SCHOOL", "COLLEGE"), "HEALTH_SERVICE"
OWN_SENTENCES = ("LIGHT_TOUCH_REPORT", "PERSON", "ASSIGNMENT")  # of which their own sentences say what an author sees
SENSITIVE = ("SENSITIVE", None)  # as walls ask it: where it cannot be told whether a wall stands, it stands
SCHOOL_WHERE_ON_ROLL = "SCHOOL_WHERE_ON_ROLL"  # a receiver: the school where a child whom the decision names is on roll
SCHOOL_OR_VOLUNTARY_ROLES = ("SCHOOL_STAFF", "SAFEGUARDING_LEAD", "INCLUSION_LEAD", "TRANSITION_COORDINATOR", "VOLUNTARY_WORKER")

class Rule(NamedTuple):  # a wall, or a part of a sentence
    id: str
    label: str  # "42.2" is the second part of sentence 42
    names: list[set[str]]  # roles, verbs, kinds, purposes; EVERY stands for every one
    condition: str
    def speaks_to(self, *asked: str) -> bool:
        return all(one in these or "EVERY" in these for one, these in zip(asked, self.names, strict=True))

def table() -> Iterator[Rule]:
    seen: list[str] = []
    lists: dict[str, str] = {}  # of roles, that the page writes out each time
    for line in Path(__file__).with_name("rules.txt").read_text(encoding="utf-8").splitlines():
        number, *cells = (cell.strip() for cell in line.split("|"))
        name, _, roles = number.partition(" = ")
        if roles:
            lists[name] = roles
        elif cells and not line.startswith("#"):
            seen.append(number)
            names = [set(lists.get(cell, cell).split()) for cell in cells[:-1]]
            yield Rule(number, f"{number}.{seen.count(number)}", names, cells[-1])

WALLS = [rule for rule in table() if not rule.id.isdigit()]  # and W5, which is no condition but a way to judge: see Case.part
SENTENCES = [rule for rule in table() if rule.id.isdigit()]
CODE = {r.condition: eval("lambda holds: " + re.sub("«(.+?)»", lambda m: f"holds({m[1]!r})", r.condition)) for r in WALLS + SENTENCES}  # noqa: S307

@cache
def speaking(*asked: str) -> tuple[list[Rule], list[tuple[int, Rule]]]:  # walls, and sentences with their place on the page
    return [w for w in WALLS if w.speaks_to(*asked)], [(i, s) for i, s in enumerate(SENTENCES) if s.speaks_to(*asked)]
class Asked(NamedTuple):  # one part of a record, for one person in it (None: it names nobody)
    record: Record
    part: Part
    person: Id | None
    ref: Id | None = None  # the one identity record by which it names the person

def year_before(day: date) -> date:  # of 29 February: 28 February
    return date(day.year - 1, 2, 28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)
def years_after(day: date, years: int) -> date:  # of 29 February: 1 March
    return date(day.year + years, 3, 1) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + years)

class Case:
    """One world, one viewer, one day: first the people and households of whom each phrase is true, then the judging."""
    def __init__(self, world: World, viewer: Viewer, today: date) -> None:
        self.world, self.viewer, self.today, self.us = world, viewer, today, viewer.agency
        self.without: set[str] = set()
        self.everyone: Callable[[Iterable[object]], bool] = all
        self.ended: dict[tuple[Id, Id, Id], bool] = {}
        self.judged: dict[tuple[Any, ...], tuple[set[str], dict[tuple[bool, int], Rule]]] = {}
        self.kind_of: dict[Id | None, str] = {a.id: a.kind for a in world.agencies}
        self.our_kind = self.kind_of.get(self.us)
        areas = {a.id: a.area for a in world.agencies if a.area is not None}
        self.our_area: set[Id | None] = {a for a, area in areas.items() if area == areas.get(self.us)}
        self.lay = self.our_kind in (*SCHOOLS, "VOLUNTARY_GROUP") or viewer.role in SCHOOL_OR_VOLUNTARY_ROLES
        self.my_services = {m.to for m in world.service_members if m.actor == viewer.actor and m.runs(today)}
        identities = [r for r in world.records if r.kind == "IDENTITY_RECORD" and self.exists(r)]
        self.person = {ref: i.people[0] for i in identities for ref in (i.id, i.people[0])}
        self.whoever: dict[Id | None, Id] = {
            ref: i.people[0] for i in world.records if i.kind == "IDENTITY_RECORD" for ref in (i.id, i.people[0])}
        self.open_refs = {i.id for i in identities if i.service not in world.confidential_services}
        self.unborn = {i.people[0] for i in identities if i.unborn} - {i.people[0] for i in identities if i.birth_date}
        self.adults, self.openly_adults = self.grown(identities), self.grown(i for i in identities if i.id in self.open_refs)
        self.eighteen = {p for p, days in self.of_age(i for i in identities if i.id in self.open_refs).items() if days and min(days) <= today}
        self.adult_by = {i.id: bool(self.grown([i])) for i in identities}
        self.made_here = {i.id for i in identities if not i.own_system}
        self.children_by = {i for i, is_adult in self.adult_by.items() if not is_adult} - self.made_here
        mine = {viewer.actor, self.us, self.our_kind}  # "on behalf of"
        self.colleagues = {a.id for a in world.actors if a.agency == self.us}
        marks = sorted(self.live("PROTECTION"), key=lambda m: str(m.recorded), reverse=True)
        self.custodian = {p: m.agency for m in marks if m.protects == "IDENTITY" and m.end is None for p in self.people([m])}
        nowhere = [m for m in marks if m.protects == "WHEREABOUTS" and m.runs(today)]
        untold = [m for m in nowhere if m.agency != self.us and viewer.actor not in m.named]
        held = [t for t in self.live("TEAM_POSITION") if t.state == "CONFIRMED" and self.names_somebody(t)]
        around = {(t.household, a.agency) for t in held for a in world.actors if a.id == t.holder}
        positions = [t for t in held if t.runs(today)]
        team = [t for t in positions if t.holder in mine]
        lead, worker = ([t for t in team if t.role == role] for role in ("LEAD", "ALLOCATED_SOCIAL_WORKER"))
        assigned = [a for a in self.live("ASSIGNMENT") if a.runs(today)]
        enrolled = [e for e in self.live("ENROLMENT") if e.state == "CONFIRMED" and e.school == self.us]
        on_roll = self.openly(e for e in enrolled if e.runs(today))
        self.enrolments = [(e, p) for e in self.live("ENROLMENT") if e.state == "CONFIRMED" for p in self.openly([e])]
        self.lately_here = self.openly(e for e in enrolled if Dated(start=e.start).runs(today) and Dated(end=e.end).runs(year_before(today)))
        living = [(p, m.household, m.role) for m in self.live("MEMBERSHIP") if m.runs(today) for p in self.openly([m])]
        self.homes = {p: {home for q, home, _ in living if p == q} for p, _, _ in living}
        connections = [t.to for t in world.connections if t.actor == viewer.actor and Dated(end=t.end).runs(today)]
        contacts = [c for c in self.live("CONTACT") if c.front_door == self.us and c.agency != self.us and not c.decided]
        reached = self.with_households(self.people(contacts), self.openly(contacts) - self.unborn - self.custodian.keys())
        self.whom: dict[str, set[Id]] = {
            "agency works with": self.people(i for i in self.live("IDENTITY_RECORD") if i.agency == self.us),
            "assigned": self.people(a for a in assigned if a.agency == self.us and a.holder in mine),
            "child's own": set(self.person.values()) - self.adults,
            "coming": self.openly(e for e in enrolled if e.start and e.start > today),
            "connected": self.with_households(self.named(connections), self.named(self.open_refs & set(connections))),
            "contact undecided": reached,
            "lead": self.people(lead),
            "lead's agency": self.people(t for t in positions if t.role == "LEAD" and t.holder in mine | self.colleagues),
            "no contact undecided": set(self.person.values()) - reached,
            "on roll": on_roll,
            "opened in an emergency": self.people(e for e in self.live("EMERGENCY_ACCESS") if e.practitioner == viewer.actor
                and world.now and e.recorded and e.until and e.recorded <= world.now < e.until),
            "protected identity": set(self.custodian),
            "protected whereabouts": self.with_households(self.people(nowhere), self.openly(nowhere)),
            "protected, and another agency's": {p for p, agency in self.custodian.items() if agency != self.us},
            "team": self.people(team),
            "their team manager": self.people(a for a in assigned for h in world.actors if (h.id, h.manager) == (a.holder, viewer.actor)),
            "with the case": self.people(worker),
        }
        self.where: dict[str, set[Id | None]] = {
            "household's lead": {t.household for t in lead},
            "household's lead's agency": {t.household for t in positions if t.role == "LEAD" and t.holder in mine | self.colleagues},
            "household's team": {t.household for t in team},  # of a record that names no household: team
            "lives with a child on roll": {home for p, home, role in living if role == "CHILD" and p in on_roll - self.custodian.keys()},
            "with the household's case": {t.household for t in worker},
        }
        my_homes = self.where["household's team"]
        families = {family for home, family in world.families if home in my_homes}
        self.other_homes = {home for home, family in world.families if family in families and home not in my_homes}
        told = {m for m in self.live("MEMBERSHIP") if m.runs(today) and m.household in my_homes and (m.household, m.agency) not in around}
        away = self.openly_adults - self.openly(team) - self.openly(told)
        self.other_adults = {p for p, homes in self.homes.items() if p in away and homes & self.other_homes}
        self.named_here = {i.people[0] for i in self.live("IDENTITY_RECORD") if i.agency == self.us and i.own_system}
        self.set_apart = self.people(a for a in self.live("ADDRESS", True) if a.marked_confidential and Dated(end=a.end).runs(today))
        self.untold = self.with_households(self.people(untold), self.openly(untold))
        guarded, secret = ({home for p in self.openly(some) for home in self.homes.get(p, ())} for some in (nowhere, untold))
        self.families_hidden = {family for home, family in world.families if home in guarded} - {
            family for home, family in world.families if home in guarded - secret}
        self.approved = {(r.service, p) for r in self.live("RIGHTS_REQUEST", True) if (r.agency, r.state) == (self.us, "APPROVED")
                         for p in self.people([r])}
        self.agreements = self.live("SERVICE_AGREEMENT")
        self.endings = [r for r in world.records if r.kind == "SERVICE_AGREEMENT" and r.sensitivity != "CONFIDENTIAL"]
        decided = [d for d in self.live("SHARING_DECISION") if d.runs(today) and not (d.stopped and d.stopped <= today)]
        self.refusals = [d for d in decided if d.refusal]
        shared = [(d, by, self.openly([d]) & on_roll) for d in decided if d.state == "CONFIRMED" and not d.refusal for by in d.receivers]
        let_in = [(d, self.people([d]) if by != SCHOOL_WHERE_ON_ROLL or here - self.custodian.keys() else here, by)
                  for d, by, here in shared if by in (self.us, self.our_kind, SCHOOL_WHERE_ON_ROLL)]
        self.decisions = [one for one in let_in if viewer.purpose in one[0].purposes]
        self.apart = self.unborn - self.people(worker) - {p for d, named, by in let_in for p in named if not self.has_ended(d, p, by)}
    def exists(self, record: Record) -> bool:
        """Identity records of a confidential service exist for its members alone, withdrawn ones for the agency that made them."""
        outside = record.service in self.world.confidential_services and record.service not in self.my_services
        return record.kind != "IDENTITY_RECORD" or not (outside or (record.withdrawn and record.agency != self.us))
    def live(self, kind: str, seen: bool = False) -> list[Record]:
        """What is withdrawn opens and closes nothing. What is CONFIDENTIAL neither, but for an assignment or, `seen`, for members."""
        mine = self.my_services if seen else ()
        return [r for r in self.world.of_kind[kind] if not r.withdrawn and self.exists(r) and
                (r.sensitivity != "CONFIDENTIAL" or kind in ("ASSIGNMENT", "IDENTITY_RECORD") or r.service in mine)]
    def of_age(self, identities: Iterable[Record]) -> dict[Id, list[date]]:  # the days on which they are 18, by each that says so
        of_age: dict[Id, list[date]] = {}
        for i in identities:
            day = [date.max] if i.unborn else [years_after(i.birth_date, 18)] if i.birth_date else []
            of_age.setdefault(i.people[0], []).extend(day)
        return of_age
    def grown(self, identities: Iterable[Record]) -> set[Id]:
        """The adults: 18 by any of their birth dates, or by none less than 18 years old and not unborn."""
        return {p for p, days in self.of_age(identities).items() if not days or min(days) <= self.today}
    def openly(self, records: Iterable[Record]) -> set[Id]:  # named, and not by an identity record of a confidential service
        return self.named(ref for record in records for ref in record.people if ref in self.open_refs)
    def named(self, refs: Iterable[Id]) -> set[Id]:
        return {self.person[ref] for ref in refs if ref in self.person}
    def people(self, records: Iterable[Record]) -> set[Id]:
        return self.named(ref for record in records for ref in record.people)
    def with_households(self, people: set[Id], openly: set[Id]) -> set[Id]:  # they, and whoever shares a household with one today
        shared = {home for p in openly for home in self.homes.get(p, ())}
        return people | {p for p, homes in self.homes.items() if homes & shared}
    def names_somebody(self, position: Record) -> bool:  # besides people whose custodian is another agency than its holder's
        holders = next((a.agency for a in self.world.actors if a.id == position.holder), position.holder)
        return not position.people or any(self.custodian.get(self.whoever.get(ref, ""), holders) == holders for ref in position.people)
    def households(self, record: Record) -> set[Id | None]:
        of_family: set[Id | None] = {home for home, family in self.world.families if family == record.family}
        return of_family if record.kind == "LIGHT_TOUCH_REPORT" else {record.household} - {None}
    def covers(self, q: Asked, sensitivity: str | None, agreed_alone: bool = False) -> bool:
        return any(q.person in who and (q.record.kind, sensitivity) in d.covers
                   and (not agreed_alone or (len(d.people) == 1 and self.named(d.agreed_by) == {q.person}))
                   and not self.has_ended(d, q.person, by) for d, who, by in self.decisions)
    def whose(self, said: Record) -> Id | None:  # by whose word it was agreed, or refused
        return said.word_of and self.person.get(said.word_of if said.word_of in self.open_refs else "", said.word_of)
    def outgrown(self, said: Record, p: Id) -> bool:  # somebody else agreed for them, who are 18
        return self.whose(said) not in (p, None) and p in self.eighteen
    def has_ended(self, d: Record, p: Id, by: Id) -> bool:
        """«covered»: early, for this person and for the receiver who lets the viewer in, in one of the four ways."""
        if (d.id, p, by) not in self.ended:
            ten = timedelta(days=10)
            self.ended[d.id, p, by] = (self.outgrown(d, p)
                or any(a.withdrawn or (a.stopped and a.stopped <= self.today) or (a.end and a.end < self.today)
                       or any(self.outgrown(a, one) for one in self.people([a])) for a in self.endings if a.id == d.ends_with)
                or any(a.stopped and a.stopped + ten <= self.today and d.made and d.made <= a.stopped
                       and not (d.goes_on and d.goes_on >= a.stopped) for a in self.agreements if not a.refusal and p in self.people([a]))
                or any(self.whose(r) in (p, self.whose(d)) and p in self.people([r]) and r.purposes & d.purposes
                       and {kind for kind, _ in r.covers} & {kind for kind, _ in d.covers}
                       and any(self.meet(by, other) for other in r.receivers)
                       for r in self.refusals if d.word_of and r.word_of))
        return self.ended[d.id, p, by]
    def meet(self, *receivers: Id) -> bool:
        return any(one in (other, self.kind_of.get(other)) or (one == SCHOOL_WHERE_ON_ROLL and {other, self.kind_of.get(other)} & {*SCHOOLS})
                   for one, other in (receivers, receivers[::-1]))
    def is_adult(self, q: Asked) -> bool:  # of the own agency's record: told from the one identity record on which it hangs
        hangs = q.record.agency == self.us and q.record.kind not in (*EACH_THEIR_OWN, "IDENTITY_RECORD", "PERSON")
        return self.adult_by[q.ref] if hangs and q.ref in self.adult_by else q.person in self.adults
    def holds(self, phrase: str, q: Asked) -> bool:
        if phrase in self.where:
            homes = self.households(q.record)
            return bool(homes & self.where[phrase]) if homes or phrase != "household's team" else q.person in self.whom["team"]
        return q.person in self.whom[phrase] if phrase in self.whom else PHRASES[phrase](self, q)
    def applies(self, rule: Rule, q: Asked) -> bool:
        return bool(CODE[rule.condition](lambda phrase: self.holds(phrase, q)))
    @cached_property
    def in_force(self) -> bool:  # step 1
        v, standing = self.viewer, [(a.id, a.agency) for a in self.world.actors if a.runs(self.today)]
        return ((v.actor, v.agency) in standing and any(a.id == v.agency and a.runs(self.today) for a in self.world.agencies)
                and any(t.actor == v.actor and t.to == v.role and t.runs(self.today) for t in self.world.roles_held)
                and (v.client is None or any(client == v.client for client, _ in standing)))
    def judge(self, verb: str, q: Asked) -> tuple[set[str], dict[tuple[bool, int], Rule]]:
        """The walls that stand, and the sentences that hold, each by (writer's own?, place on the page)."""
        walls, opening = speaking(self.viewer.role, verb, q.record.kind, self.viewer.purpose)
        wrote = verb == "SEE" and q.record.practitioner == self.viewer.actor and q.record.kind not in OWN_SENTENCES  # what a writer sees
        writing = speaking(self.viewer.role, "WRITE", q.record.kind, self.viewer.purpose)[1] if wrote else ()
        found = {(own, i): s for own, some in ((False, opening), (True, writing)) for i, s in some if self.applies(s, q)}
        return {w.id for w in walls if self.applies(w, q)}, found
    def one(self, verb: str, q: Asked) -> set[tuple[bool, int]]:
        """Steps 2 and 3 for one part and one person: the sentences that open it."""
        key = (verb, q.record.kind, q.record.id, q.part.id, q.part.sensitivity, q.part.released, q.part.meant, q.person, q.ref)
        if key not in self.judged:
            self.judged[key] = self.judge(verb, q)
        walls, found = self.judged[key]
        return set() if walls - self.without else {at for at, s in found.items() if not self.without & {s.id, s.label}}
    def part(self, verb: str, record: Record, part: Part) -> set[tuple[bool, int]]:
        """W5: a part is open if it is open for every person in it, each by a sentence of their own."""
        hidden = not self.exists(record) or any(ref not in self.person for ref in part.people)
        thin = (verb, record.kind) == ("SEE", "PERSON")  # sentence 1: only with a record about them
        if hidden or not self.in_force or (thin and not self.named(part.people) & self.spoken_of):
            return set()
        asked = [Asked(record, part, self.person[ref], ref) for ref in part.people] or [Asked(record, part, None)]
        each = [self.one(verb, q) for q in asked]
        return set().union(*each) if self.everyone(each) else set()
    def recalls(self, record: Record) -> bool:
        """Earlier versions of a report: every part, as it is and as it ever was, by a sentence for each of both verbs."""
        versions = [p for part in record.parts for p in
                    (part, *(replace(part, sensitivity=s, released=r, meant=m) for s, r, m in part.earlier))]
        return bool(versions) and all(self.part(verb, record, p) for p in versions for verb in ("SEE", "SEE_EARLIER"))
    @cached_property
    def opened(self) -> dict[Id, list[Part]]:
        opened = {r.id: [p for p in self.world.parts[r.id] if self.part("SEE", r, p)] for r in self.world.records}
        return {record: its for record, its in opened.items() if its}  # every record that shows, with its open parts
    @cached_property
    def spoken_of(self) -> set[Id]:
        return self.named(ref for its in self.opened.values() for part in its for ref in part.people)

# The glossary's phrases about a record. Those about its person or its household alone are in Case.whom and Case.where.
PHRASES: dict[str, Callable[[Case, Asked], bool]] = {
    "a colleague's": lambda c, q: q.record.holder != c.viewer.actor and q.record.holder in c.colleagues,
    "a home with protected whereabouts, not told to the viewer": lambda c, q: (
        q.record.agency != c.us and q.record.family in c.families_hidden),
    "a refusal": lambda c, q: q.record.refusal,
    "a safe contact with protected whereabouts, not told to the viewer": lambda c, q: (
        bool(q.record.safe_contact) and c.holds("protected whereabouts, not told to the viewer", q)),
    "a school's": lambda c, q: c.kind_of.get(q.record.agency) in SCHOOLS,
    "another agency's": lambda c, q: q.record.agency not in (c.us, None),
    "at any time": lambda c, q: True,
    "CONFIDENTIAL": lambda c, q: q.part.sensitivity == "CONFIDENTIAL",
    "covered": lambda c, q: c.covers(q, q.part.sensitivity),
    "current": lambda c, q: q.record.state == "CONFIRMED" and q.record.runs(c.today),
    "in their queue": lambda c, q: q.record.front_door == c.us,
    "left by own school": lambda c, q: (q.record.school != c.us and q.person in c.lately_here and not any(
        p == q.person and e.school not in (c.us, q.record.school) and Dated(end=e.end).runs(q.record.start or date.min)
        for e, p in c.enrolments)),
    "must keep away, and connected": lambda c, q: c.whoever.get(q.record.keeps_away) in c.whom["connected"],
    "must not be told, and connected": lambda c, q: c.whoever.get(q.part.meant) in c.whom["connected"],
    "named as reader": lambda c, q: c.viewer.actor in q.record.named,
    "named by its custodian": lambda c, q: q.record.marked_confidential and c.viewer.actor in q.record.named,
    "not yet born, and not theirs to know of": lambda c, q: q.person in c.apart and not (
        q.person in c.named_here and (c.our_kind == HEALTH or q.record.agency in (c.us, None))),
    "NHS number": lambda c, q: q.record.number_type == "NHS_NUMBER",
    "no refusal": lambda c, q: not q.record.refusal,
    "only proposed": lambda c, q: q.record.state == "PROPOSED",
    "ordinary address": lambda c, q: not q.record.marked_confidential and q.person not in c.set_apart,
    "other household": lambda c, q: ((q.record.household in c.other_homes and q.record.practitioner != c.viewer.actor)
        or (q.person in c.other_adults and q.record.agency != c.us
            and (q.record.agency is not None or q.person not in c.named_here))),
    "outside its service": lambda c, q: q.part.sensitivity in ("CONFIDENTIAL", None) and q.record.service not in c.my_services,
    "own agency": lambda c, q: q.record.agency == c.us,
    "own school's": lambda c, q: q.record.school == c.us,
    "own service": lambda c, q: q.record.service in c.my_services,
    "protected whereabouts, not told to the viewer": lambda c, q: q.record.agency != c.us and q.person in c.untold,
    "released": lambda c, q: q.part.released,
    "rights request approved": lambda c, q: (
        q.record.service if q.part.sensitivity == "CONFIDENTIAL" else None, q.person) in c.approved,
    "said to be a child": lambda c, q: q.ref in c.children_by or (q.ref in c.made_here and q.person in c.whom["child's own"]),
    "SENSITIVE": lambda c, q: q.part.sensitivity == "SENSITIVE",
    "SENSITIVE about an adult, to a school or voluntary role": lambda c, q: (
        q.part.sensitivity in SENSITIVE and c.lay and c.is_adult(q)
        and not (q.person in c.whom["lead"] and c.covers(q, "SENSITIVE", agreed_alone=True))),
    "SENSITIVE health": lambda c, q: q.part.sensitivity in SENSITIVE and c.kind_of.get(q.record.agency, HEALTH) == HEALTH,
    "SENSITIVE, another agency's": lambda c, q: q.part.sensitivity in SENSITIVE and q.record.agency != c.us,
    "signed": lambda c, q: c.viewer.actor in (q.record.practitioner, q.record.second),
    "somebody else's": lambda c, q: q.record.practitioner != c.viewer.actor,
    "STANDARD": lambda c, q: q.part.sensitivity == "STANDARD",
    "STANDARD or SENSITIVE": lambda c, q: q.part.sensitivity in ("STANDARD", "SENSITIVE"),
    "statutory": lambda c, q: c.our_kind in (HEALTH, "POLICE_FORCE", "LOCAL_AUTHORITY"),
    "theirs to change": lambda c, q: c.us in (q.record.agency, q.record.confirmed_by, q.record.school),
    "theirs": lambda c, q: q.record.holder == c.viewer.actor,
    "their school's": lambda c, q: (q.record.school == c.us or (q.record.state == "PROPOSED" and q.person in c.whom["on roll"])
                                    or (c.our_kind == "LOCAL_AUTHORITY" and q.record.school in c.our_area)),
    "unsigned": lambda c, q: (not q.record.agreement and not q.record.decided and q.record.second is None
                              and Dated(end=q.record.end).runs(c.today)),
    "UPN or ULN": lambda c, q: q.record.number_type in ("UPN", "FORMER_UPN", "ULN"),
    "withdrawn by another agency": lambda c, q: q.record.withdrawn and q.record.agency != c.us,
    "wrote": lambda c, q: q.record.practitioner == c.viewer.actor,
}

whole = lru_cache(maxsize=64)(Case)

@lru_cache(maxsize=256)  # what may be asked, each also with without_sentence=42 or "42.2", without_wall="W8":
def case(world: World, viewer: Viewer, today: date, without_sentence: int | str = "", without_wall: str = "") -> Case:
    c = copy(whole(world, viewer, today))
    c.without, c.everyone = {str(without_sentence), without_wall}, any if without_wall == "W5" else all
    return c

def sentences(world: World, viewer: Viewer, today: date, verb: str, record: Record, part: Part | None = None,
              **without: Any) -> list[int]:
    """The numbers of all sentences that allow it (for one part, if named), first the one that the trail keeps; []: not allowed."""
    c = case(world, viewer, today, **without)
    each = [c.part(verb, record, p) for p in ([part] if part else world.parts.get(record.id) or parts(record))]
    found = sorted(set().union(*each)) if (any if verb in ("SEE", "KNOW_OF", "FIND") else all)(each) else []  # acts: on the whole of it
    return list(dict.fromkeys(int(SENTENCES[i].id) for _, i in found))  # what a writer sees is asked last
def person_record(person: Id) -> Record:  # a person is judged as a STANDARD record that nobody made
    return Record(id=person, kind="PERSON", people=(person,))
def finds(world: World, viewer: Viewer, today: date, person: Id, **without: Any) -> list[int]:
    """By which sentences a search may answer with this person: 2, or 1 for somebody about whom they have a record."""
    verbs = () if viewer.role in ("VOLUNTARY_WORKER", "ANALYST", "PRIVACY_OFFICER", "AGENCY_ADMINISTRATOR") else ("SEE", "FIND")
    return [n for verb in verbs for n in sentences(world, viewer, today, verb, person_record(person), **without)]
class Seen(NamedTuple):
    records: dict[Id, set[Id]]  # each with the people it may be said to be about
    parts: dict[Id, set[Id]]  # the open parts of support reports, each with its people
    persons: set[Id]
    families: dict[Id, set[Id]]  # each with its members
def visible(world: World, viewer: Viewer, today: date, **without: Any) -> Seen:
    c = case(world, viewer, today, **without)
    people = {record: c.named(p for part in its for p in part.people) for record, its in c.opened.items()}
    the_parts = {part.id: c.named(part.people) for its in c.opened.values() for part in its if part.id is not None}
    persons = {p for p in c.spoken_of if sentences(world, viewer, today, "SEE", person_record(p), **without)}
    families: dict[Id, set[Id]] = {}
    for m, family in ((m, dict(world.families).get(m.household or "")) for m in c.live("MEMBERSHIP", True)):
        if family is not None and m.id in people and m.runs(today):
            families.setdefault(family, set()).update(people[m.id])
    return Seen(people, the_parts, persons, families)
def section(world: World, viewer: Viewer, today: date, kind: str, people: set[Id], family: Id | None = None,
            **without: Any) -> str | None:
    """What a section of a picture says of these people (light-touch reports: of this family); None: not in force."""
    c = case(world, viewer, today, **without)
    ours = [(r, p) for r in world.of_kind[kind] for p in world.parts[r.id]
            if c.named(p.people) & people or (r.family is not None and r.family == family)]
    seen = any(c.part("SEE", r, p) for r, p in ours)
    known = any(c.part("KNOW_OF", r, p) for r, p in ours if kind != "SUPPORT_REPORT" or len(p.people) == 1)
    late = [p.due < today for p in world.promises if p.kind == kind and p.agency in c.our_area]
    state = "VISIBLE" if seen else "WITHHELD" if known else "NOT_CONNECTED" if not late else "STALE" if all(late) else "NONE_RECORDED"
    return state if c.in_force else None
