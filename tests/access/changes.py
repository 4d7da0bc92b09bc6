"""A small town, and the changes that could happen to it: each by a plain statement, each telling whom it touched."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from tests.world import BEFORE, NOW, TODAY, Home, Human, Someone, World
from throughline.records.sharing_scope import SCOPE
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.holder import KIND_HOLDER, SCHOOL_ON_ROLL
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind as K
from throughline.terms.role import Role as R
from throughline.terms.sensitivity import Sensitivity

CLEARED = (
    "opening, assignment, connection, membership, enrolment, contact, emergency_access, team_position_person, team_position, "
    "sharing_reason_person, sharing_reason, service_agreement, sharing_decision_person, sharing_decision_receiver, sharing_decision, "
    "record_history"
)


@dataclass
class Cast:
    """People by identity records, of which the last is a confidential service's; two families, three households."""

    agencies: list[UUID]
    schools: list[UUID]
    workers: list[Someone]
    service_worker: Someone
    people: list[Human]
    records: list[Human]
    homes: list[Home]
    born: dict[UUID, date | None] = field(default_factory=dict)


async def make_cast(world: World) -> Cast:
    agencies = [await world.agency(kind) for kind in (A.SCHOOL, A.COLLEGE, A.HEALTH, A.LOCAL_AUTHORITY, A.LOCAL_AUTHORITY)]
    manager = await world.practitioner(agencies[3], R.TEAM_MANAGER)
    workers = [
        manager,
        *[await world.practitioner(one, R.FAMILY_PRACTITIONER, manager=manager) for one in (agencies[2], agencies[3])],
    ]
    service = await world.service(agencies[2])
    keeper = await world.practitioner(agencies[2], R.HEALTH_PRACTITIONER, services=[service])
    births = [date(2014, 1, 1), date(2008, 3, 10), date(2008, 2, 29), date(1980, 1, 1), None]
    people = [await world.person(agencies[3], f"P{place}", "X", born) for place, born in enumerate(births)]
    people.append(await world.person(agencies[3], "Unborn", "X", None, is_unborn=True))
    others = [Human(p.person_id, await world.known_to(agencies[2], p.person_id)) for p in people[:3]]
    hidden = Human(people[0].person_id, await world.known_to(keeper, people[0].person_id, born=date(1970, 1, 1)))
    one, other = await world.home(agencies[3]), await world.home(agencies[3])
    homes = [one, await world.home(agencies[3], one.family_id), other]
    return Cast(agencies, agencies[:2], workers, keeper, people, [*people, *others, hidden], homes)


class Town:
    """One run of changes, drawn from one seed."""

    def __init__(self, world: World, cast: Cast, seed: int) -> None:
        self.world, self.cast, self.chance = world, cast, Random(seed)  # noqa: S311  # repeatable, not secret
        self.made: dict[str, list[UUID]] = {}
        self.names_hidden = False  # whether the last change named the confidential service's own identity record

    async def clear(self) -> None:
        await self.world.connection.execute("truncate " + ", ".join(f"portal.{name.strip()}" for name in CLEARED.split(",")))
        for human in self.cast.records:
            await self.world.change("identity_record", human.record_id, person_id=human.person_id)

    async def change(self) -> list[UUID]:
        """One thing happens. Answers the people whom it touched."""
        return await self.chance.choice(CHANGES)(self)

    def record(self) -> Human:
        return self.chance.choice(self.cast.records)

    def some(self) -> list[Human]:
        return self.chance.sample(self.cast.records, self.chance.randint(1, 3))

    def near(self) -> date:
        return TODAY + timedelta(days=self.chance.randint(-4, 4))

    def dated(self) -> dict[str, date | None]:
        first = self.near()
        return {"from_on": first, "until_on": self.chance.choice([None, first, first + timedelta(days=self.chance.randint(0, 5))])}

    def by(self) -> Someone | UUID:
        """Now and then the confidential service."""
        return self.cast.service_worker if self.chance.random() < 0.1 else self.cast.agencies[4]

    def walls(self, by: Someone | UUID) -> dict[str, Any]:
        careful = {"sensitivity": "CONFIDENTIAL"} if isinstance(by, Someone) else {}
        return {**careful, "withdrawn_at": NOW if self.chance.random() < 0.08 else None}

    def confirmed(self) -> dict[str, Any]:
        if self.chance.random() < 0.25:
            return {"confirmed_by_agency_id": None}
        return {"confirmed_by_agency_id": self.cast.agencies[3], "confirmed_at": self.chance.choice([BEFORE, _at(self.near())])}

    async def keep(self, table: str, row: UUID) -> None:
        self.made.setdefault(table, []).append(row)

    def kept(self, table: str) -> UUID | None:
        return self.chance.choice(self.made[table]) if self.made.get(table) else None

    async def people_of(self, records: list[UUID]) -> list[UUID]:
        self.names_hidden = self.cast.records[-1].record_id in records
        rows = await self.world.connection.fetch("select person_id from portal.identity_record where id = any($1)", records)
        return [row[0] for row in rows]


def _at(day: date) -> datetime:
    """Half past midnight in summer time is still the day before in UTC: days are those of London."""
    return datetime(day.year, day.month, day.day, 0, 30, tzinfo=NOW.tzinfo)


def adds(
    table: str, columns: Callable[[Town], dict[str, Any]], link: tuple[str, str] | None = None
) -> Callable[[Town], Awaitable[list[UUID]]]:
    async def change(town: Town) -> list[UUID]:
        by, named = town.by(), town.some() if link else [town.record()]
        values = {**town.walls(by), **columns(town)}
        if not link:
            values["identity_record_id"] = named[0].record_id
        row = await town.world.record(table, by, **values)
        maker = by.agency_id if isinstance(by, Someone) else by
        for human in named if link else ():
            source, key = link or ("", "")
            await town.world.join(source, **{key: row}, identity_record_id=human.record_id, agency_id=maker)
        if table == "sharing_decision":
            receivers = [SCHOOL_ON_ROLL, *town.cast.schools, town.cast.agencies[2], KIND_HOLDER[A.COLLEGE], KIND_HOLDER[A.HEALTH]]
            for receiver in town.chance.sample(receivers, town.chance.randint(1, 3)):
                await town.world.join("sharing_decision_receiver", decision_id=row, receiver_id=receiver, agency_id=maker)
            await _reason(town, by, row, values)
        await town.keep(table, row)
        return await town.people_of([human.record_id for human in named])

    return change


async def _reason(town: Town, by: Someone | UUID, decision: UUID, values: dict[str, Any]) -> None:
    """Somebody agreed to most decisions, and some rest on an agreement to a service."""
    covered = await town.world.connection.fetch(
        "select identity_record_id from portal.sharing_decision_person where decision_id = $1 order by 1", decision
    )
    theirs = town.chance.choice(covered)[0] if town.chance.random() < 0.6 else town.record().record_id
    agreed = theirs if town.chance.random() < 0.8 else None
    scope = {name: values[name] for name in SCOPE if name in values}
    await town.world.record(
        "sharing_reason", by, Sensitivity(values.get("sensitivity", "STANDARD")), decision_id=decision, is_refusal=values["is_refusal"],
        receiver_ids=[], agreement="PERSON" if agreed else None, agreed_by_record_id=agreed,
        service_agreement_id=town.kept("service_agreement") if town.chance.random() < 0.5 else None, **scope,
    )  # fmt: skip


def adds_plain(table: str, columns: Callable[[Town], dict[str, Any]]) -> Callable[[Town], Awaitable[list[UUID]]]:
    async def change(town: Town) -> list[UUID]:
        human, worker = town.record(), town.chance.choice(town.cast.workers)
        row = await town.world.add(
            table, agency_id=worker.agency_id, practitioner_id=worker.id, identity_record_id=human.record_id, **columns(town)
        )
        await town.keep(table, row)
        return await town.people_of([human.record_id])

    return change


async def adds_assignment(town: Town) -> list[UUID]:
    human, worker = town.record(), town.chance.choice(town.cast.workers)
    row = await town.world.assigned(worker, human.record_id)
    await town.world.change("assignment", row, **town.dated(), withdrawn_at=NOW if town.chance.random() < 0.08 else None)
    await town.keep("assignment", row)
    return await town.people_of([human.record_id])


def ends(
    table: str, columns: Callable[[Town], dict[str, Any]], link: tuple[str, str] | None = None
) -> Callable[[Town], Awaitable[list[UUID]]]:
    async def change(town: Town) -> list[UUID]:
        row = town.kept(table)
        if row is None:
            return []
        source, key = link or (table, "id")
        records = await town.world.connection.fetch(f"select identity_record_id from portal.{source} where {key} = $1", row)
        current = await town.world.connection.fetchrow(f"select * from portal.{table} where id = $1", row)
        new = columns(town)
        if new.get("until_on") and new["until_on"] < current["from_on"]:
            new["until_on"] = current["from_on"]
        await town.world.change(table, row, **new)
        return await town.people_of([one[0] for one in records])

    return change


def _enrolment(town: Town) -> dict[str, Any]:
    settled = town.confirmed()
    state = "CONFIRMED" if settled["confirmed_by_agency_id"] else "PROPOSED"
    return {**settled, "state": state, "school_id": town.chance.choice(town.cast.schools), **town.dated()}


def _membership(town: Town) -> dict[str, Any]:
    home = town.chance.choice(town.cast.homes)
    return {
        "household_id": home.household_id,
        "family_id": home.family_id,
        "role": town.chance.choice(["CHILD", "CHILD", "PARENT"]),
        **town.dated(),
    }


def _position(town: Town) -> dict[str, Any]:
    home, holder = town.chance.choice(town.cast.homes), town.chance.choice(town.cast.workers)
    return {
        "household_id": home.household_id, "family_id": home.family_id, "holder_id": holder.id, "holder_agency_id": holder.agency_id,
        "position": town.chance.choice(["LEAD", "MEMBER", "ALLOCATED_SOCIAL_WORKER"]), **town.dated(), **town.confirmed(),
    }  # fmt: skip


def _decision(town: Town) -> dict[str, Any]:
    first = town.near()
    last = first + timedelta(days=town.chance.choice([0, 2, 4, 6, 20, 20]))
    return {
        "lawful_basis": "PUBLIC_TASK", "purpose": str(town.chance.choice([Purpose.SUPPORT, Purpose.PROTECTION])),
        "kinds": K.NEED.bit, "sensitive_kinds": town.chance.choice([0, K.NEED.bit]), "is_agreed_by_person": town.chance.random() < 0.5,
        "is_refusal": town.chance.random() < 0.3, "decided_by": "Mia", "from_on": first, "review_on": last, "until_on": last,
        "withdrawn_on": town.near() if town.chance.random() < 0.2 else None, **town.confirmed(),
    }  # fmt: skip


def _agreement(town: Town) -> dict[str, Any]:
    return {
        "service": "Talking", "is_refusal": town.chance.random() < 0.1, "agreed_by": "PERSON",
        "agreed_by_record_id": town.record().record_id, "withdrawn_on": town.near() if town.chance.random() < 0.3 else None, **town.dated(),
    }  # fmt: skip


def _contact(town: Town) -> dict[str, Any]:
    return {
        "front_door_id": town.cast.agencies[3], "channel": "PHONE", "reason": "noise", "received_on": town.near(),
        "decided_on": town.near() if town.chance.random() < 0.4 else None,
    }  # fmt: skip


async def adds_emergency(town: Town) -> list[UUID]:
    human, worker = town.record(), town.chance.choice(town.cast.workers)
    row = await town.world.emergency(worker, human, _at(town.near()), town.chance.randint(1, 24))
    await town.keep("emergency_access", row)
    return await town.people_of([human.record_id])


async def link(town: Town) -> list[UUID]:
    """Somebody says that two records speak of one person, or takes it back."""
    human, other = town.record(), town.chance.choice(town.cast.people)
    before = await town.people_of([human.record_id])
    await town.world.change("identity_record", human.record_id, person_id=other.person_id)
    return [*before, other.person_id]


async def rename(town: Town) -> list[UUID]:
    """An agency says another birth date."""
    human = town.record()
    born = town.chance.choice([date(2008, 3, 9), date(2008, 3, 12), date(2008, 2, 29), date(1990, 1, 1), None])
    await town.world.change("identity_record", human.record_id, date_of_birth=born, is_unborn=town.chance.random() < 0.1)
    return await town.people_of([human.record_id])


_SEAT, _NAMED = ("team_position_person", "position_id"), ("sharing_decision_person", "decision_id")
CHANGES = (
    adds("membership", _membership), adds("membership", _membership), adds("membership", _membership),
    ends("membership", lambda town: {"until_on": town.near()}), ends("membership", lambda town: {"withdrawn_at": NOW}),
    adds("enrolment", _enrolment), adds("enrolment", _enrolment), ends("enrolment", lambda town: {"until_on": town.near()}),
    adds("team_position", _position, _SEAT), adds("team_position", _position, _SEAT),
    ends("team_position", lambda town: {"until_on": town.near()}, _SEAT),
    ends("team_position", lambda town: {"confirmed_by_agency_id": town.cast.agencies[3]}, _SEAT),
    adds("sharing_decision", _decision, _NAMED), ends("sharing_decision", lambda town: {"withdrawn_on": town.near()}, _NAMED),
    adds("service_agreement", _agreement), adds("service_agreement", _agreement),
    ends("service_agreement", lambda town: {"withdrawn_on": town.near()}),
    ends("sharing_decision", lambda town: {"reviewed_on": town.near(), "review_outcome": "GOES_ON"}, _NAMED),
    adds("contact", _contact), ends("contact", lambda town: {"decided_on": town.near()}),
    adds_plain("connection", lambda town: {"kind": "RELATIVE", "made_at": _at(town.near())}),
    ends("connection", lambda town: {"ended_on": town.near()}),
    adds_emergency, ends("emergency_access", lambda town: {"ended_at": _at(town.near())}),
    adds_assignment, ends("assignment", lambda town: {"until_on": town.near()}),
    link, rename,
)  # fmt: skip
