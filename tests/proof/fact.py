"""The facts of a world, in the words of the printed page: what the oracle judges. It imports nothing of what it checks.

Ids are strings or UUIDs (never both for one thing), days are dates; the one instant is `World.now`. A person is known by the id that the
ledger of links gives to all identity records of one human being; a fact names a person by that id or by the id of an identity record.
"""

# fmt: off
from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import dataclass_transform
from uuid import UUID

Id = str | UUID

@dataclass_transform(kw_only_default=True, frozen_default=True)
class Fact:
    def __init_subclass__(cls) -> None:  # every fact is a frozen dataclass, filled by field names
        dataclass(frozen=True, kw_only=True)(cls)

class Dated(Fact):
    start: date | None = None  # None: has always run
    end: date | None = None  # the last day, on which it still runs
    def runs(self, today: date) -> bool:
        return (self.start is None or self.start <= today) and (self.end is None or today <= self.end)
class Agency(Dated):
    id: Id
    kind: str  # NURSERY, SCHOOL, COLLEGE, VOLUNTARY_GROUP, HEALTH_SERVICE, POLICE_FORCE, LOCAL_AUTHORITY, or another
    area: Id | None = None
class Actor(Dated):  # a practitioner, a tool or a client
    id: Id
    agency: Id | None = None  # not asked of a client
    manager: Id | None = None
class Tie(Dated):  # an actor holds a role, is a member of a service, is connected with a person: the World's lists say which
    actor: Id
    to: Id
class Promise(Fact):  # an agency's promise to send a kind of record
    agency: Id
    kind: str
    due: date  # overdue from the day after
class Part(Fact):  # of a support report
    id: Id | None = None
    people: tuple[Id, ...] = ()
    sensitivity: str | None = "STANDARD"
    released: bool = False
    meant: Id | None = None  # somebody who must not be told, where it names one
    earlier: tuple[tuple[str, bool, Id | None], ...] = ()  # sensitivity, release and who must not be told of each version replaced
class Record(Dated):
    id: Id
    kind: str
    agency: Id | None = None  # that made it
    practitioner: Id | None = None  # who made it
    service: Id | None = None  # in which it was made
    sensitivity: str | None = "STANDARD"  # or SENSITIVE or CONFIDENTIAL; None: cannot be told, and walls that turn on it stand
    withdrawn: bool = False
    people: tuple[Id, ...] = ()  # whom it is about (a support report: see `parts`; a light-touch report: nobody)
    household: Id | None = None  # that it names
    safe_contact: str | None = None  # how to be in touch safely, where it says so
    meant: Id | None = None  # somebody who must not be told, where it names one (a support report: see `parts`)
    parts: tuple[Part, ...] = ()  # SUPPORT_REPORT
    family: Id | None = None  # LIGHT_TOUCH_REPORT
    birth_date: date | None = None  # IDENTITY_RECORD, to `recorded`; its `people` is the one person whom the ledger gives it
    unborn: bool = False
    own_system: bool = True  # False: made here, for a person whom the agency was shown
    source_rank: int = 0  # its place in "the order of sources", least first
    recorded: datetime | None = None  # also EMERGENCY_ACCESS, PROTECTION
    until: datetime | None = None  # EMERGENCY_ACCESS: from this instant on its hours are over, or it was ended early
    number_type: str | None = None  # IDENTITY_NUMBER: UPN, FORMER_UPN, ULN, NHS_NUMBER, or another
    school: Id | None = None  # ENROLMENT
    confirmed_by: Id | None = None  # ENROLMENT: the agency that said yes
    state: str = "CONFIRMED"  # ENROLMENT, TEAM_POSITION, SHARING_DECISION: or PROPOSED, or another; RIGHTS_REQUEST: APPROVED, or another
    role: str | None = None  # MEMBERSHIP: CHILD, or another; TEAM_POSITION: LEAD, ALLOCATED_SOCIAL_WORKER, or another
    holder: Id | None = None  # ASSIGNMENT, TEAM_POSITION: a practitioner or tool, an agency, or a kind of agency
    marked_confidential: bool = False  # ADDRESS
    named: frozenset[Id] = frozenset()  # ADDRESS, PROTECTION: those whom its custodian named
    protects: str | None = None  # PROTECTION: IDENTITY or WHEREABOUTS
    covers: frozenset[tuple[str, str]] = frozenset()  # SHARING_DECISION, to `refusal`: kinds, each with a sensitivity
    purposes: frozenset[str] = frozenset()
    receivers: frozenset[Id] = frozenset()  # agencies, kinds of agency, SCHOOL_WHERE_ON_ROLL
    agreed_by: frozenset[Id] = frozenset()
    refusal: bool = False
    made: date | None = None
    ends_with: Id | None = None  # the agreement to a service with which it is to end
    goes_on: date | None = None  # when it was reviewed, if that said that it goes on
    word_of: Id | None = None  # SHARING_DECISION, SERVICE_AGREEMENT: who agreed, or refused
    stopped: date | None = None  # the same: the day on which it was withdrawn by whoever gave it
    agreement: bool = False  # SHARING_REASON: whether it rests on one
    second: Id | None = None  # who signed it a second time
    decided: bool = False  # SHARING_REASON, CONTACT
    front_door: Id | None = None  # CONTACT: the agency to whose front door it was made
    keeps_away: Id | None = None  # COURT_ORDER: who must

EACH_THEIR_OWN = ("TEAM_POSITION", "SHARING_DECISION")  # each person whom they name is a part of its own
def parts(record: Record) -> tuple[Part, ...]:
    who = [(p,) for p in record.people] if record.kind in EACH_THEIR_OWN else [record.people]
    return record.parts if record.kind == "SUPPORT_REPORT" else tuple(
        Part(people=g, sensitivity=record.sensitivity, meant=record.meant) for g in who)

@dataclass(frozen=True, kw_only=True, eq=False)
class World:
    agencies: tuple[Agency, ...] = ()
    actors: tuple[Actor, ...] = ()
    roles_held: tuple[Tie, ...] = ()
    service_members: tuple[Tie, ...] = ()
    connections: tuple[Tie, ...] = ()  # declared or detected
    confidential_services: frozenset[Id] = frozenset()
    families: tuple[tuple[Id, Id], ...] = ()  # (household, its family)
    promises: tuple[Promise, ...] = ()
    now: datetime | None = None  # of the request
    records: tuple[Record, ...] = ()  # of every kind; what opens and closes (enrolments, positions ...) is a record too
    @cached_property
    def parts(self) -> dict[Id, tuple[Part, ...]]:
        return {r.id: parts(r) for r in self.records}
    @cached_property
    def of_kind(self) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = defaultdict(list)
        for record in self.records:
            found[record.kind].append(record)
        return found
class Viewer(Fact):
    actor: Id
    agency: Id
    role: str
    purpose: str
    client: Id | None = None  # None: the case does not say through which client they ask, and it is not judged
