"""Small random boroughs: everything that the policy speaks of occurs in them, in every state, more densely than in life.

The same seed gives the same world, ids included. `casework.py` adds the records.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from throughline.access import openings
from throughline.db.base import Base
from throughline.linking.keys import hashed_keys
from throughline.records import catalogue
from throughline.terms.agency_kind import SCHOOLS, AgencyKind
from throughline.terms.names import search_keys
from throughline.terms.role import Role

TODAY = date(2026, 3, 16)
NOW = datetime(2026, 3, 16, 11, 30, 15, 123456, tzinfo=UTC)
SECRET = "a secret of these tests, long enough to be one"
AREAS = ("Northshire", "Southshire")
GIVEN = ("Adam", "Aïsha", "Zoë", 'Bill "Billy"', "Chlöe\\Ann", "Dai", "Erin\tJo", "Faith", "Gwen", "Ōta")
FAMILY = ("Khan", "O’Brien", "Smith-Jones", "Nowak", "Évans", "de Souza")
WORKS_AT = {
    Role.SCHOOL_STAFF: SCHOOLS,
    Role.SAFEGUARDING_LEAD: SCHOOLS,
    Role.INCLUSION_LEAD: SCHOOLS,
    Role.TRANSITION_COORDINATOR: (*SCHOOLS, AgencyKind.LOCAL_AUTHORITY),
    Role.HEALTH_PRACTITIONER: (AgencyKind.HEALTH,),
    Role.POLICE_OFFICER: (AgencyKind.POLICE,),
    Role.VOLUNTARY_WORKER: (AgencyKind.VOLUNTARY,),
    Role.FAMILY_PRACTITIONER: (AgencyKind.LOCAL_AUTHORITY, AgencyKind.VOLUNTARY),
    Role.TEAM_MANAGER: tuple(AgencyKind),
}
"""Every other role works for a local authority."""

assert catalogue.KINDS  # every table is registered
Item = TypeVar("Item")


@dataclass
class Who:
    """A person: their identity records, and which of these only one service may meet."""

    id: UUID
    is_child: bool
    records: list[dict[str, Any]] = field(default_factory=list)

    def ordinary(self) -> list[dict[str, Any]]:
        return [record for record in self.records if record["service_id"] is None]


@dataclass
class Kin:
    """A family, its households, and who has ever lived in them."""

    id: UUID
    households: list[UUID]
    people: list[Who]


class World:
    """Rows by table, in the making."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)  # noqa: S311  # repeatable, not secret
        self.rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.people: list[Who] = []
        self.kin: list[Kin] = []

    def add(self, table: str, **columns: Any) -> UUID:
        row_id = self.new_id()
        self.rows[table].append({"id": row_id, **columns})
        return row_id

    def join(self, table: str, **columns: Any) -> None:
        self.rows[table].append(columns)

    def new_id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)

    def happens(self, share: float) -> bool:
        return self.chance.random() < share

    def pick(self, choices: Sequence[Item]) -> Item:
        return self.chance.choice(choices)

    def some(self, choices: Sequence[Item], most: int, least: int = 1) -> list[Item]:
        return self.chance.sample(list(choices), min(len(choices), self.chance.randint(least, most)))

    def day(self, first: int, last: int) -> date:
        """A day so many days from today; the ends are as likely as anything between."""
        return TODAY + timedelta(days=self.pick((first, last, self.chance.randint(first, last))))

    def instant(self) -> datetime:
        day = self.day(-500, -1)
        return datetime.combine(day, time(self.chance.randint(0, 23), 59, 1, self.chance.randint(0, 999_999)), UTC)

    def dated(self, running: float = 0.6) -> dict[str, date | None]:
        """`from_on` and `until_on`: running today, over, or yet to come."""
        if self.happens(running):
            return {"from_on": self.day(-400, 0), "until_on": self.pick((None, None, TODAY, self.day(0, 90)))}
        if self.happens(0.6):
            return {"from_on": self.day(-900, -400), "until_on": self.day(-399, -1)}
        return {"from_on": self.day(1, 60), "until_on": self.pick((None, self.day(60, 300)))}

    def agencies(self, *kinds: AgencyKind) -> list[dict[str, Any]]:
        return [row for row in self.rows["agency"] if not kinds or row["kind"] in kinds]

    def confidential_services(self) -> list[dict[str, Any]]:
        return [row for row in self.rows["service"] if row["is_confidential"]]

    def staff(self, agency_id: UUID) -> list[dict[str, Any]]:
        return [row for row in self.rows["practitioner"] if row["agency_id"] == agency_id]

    def members(self, service_id: UUID) -> list[UUID]:
        return [row["practitioner_id"] for row in self.rows["service_member"] if row["service_id"] == service_id]


def make_directory(world: World) -> None:
    for kind in (*AgencyKind, AgencyKind.SCHOOL, AgencyKind.HEALTH, AgencyKind.VOLUNTARY, AgencyKind.LOCAL_AUTHORITY):
        count = len(world.agencies())
        world.add(
            "agency", kind=str(kind), name=f"{kind.title()} «{count}»", area=AREAS[0] if world.happens(0.85) else AREAS[1],
            laestab=f"30{count:05}" if kind in SCHOOLS else None, urn=None, ukprn=None, cluster_id=None,
            telephone=world.pick((None, "020 7946 0000")), source_rank=world.chance.randint(1, 3), suspended_at=None,
        )  # fmt: skip
    for agency in world.agencies():
        for is_confidential in (False, True):
            if agency["kind"] in ("HEALTH", "LOCAL_AUTHORITY", "VOLUNTARY") or world.happens(0.3):
                world.add("service", agency_id=agency["id"], name="A service", is_confidential=is_confidential)
        for kind in ("SUPPORT_REPORT", "INVOLVEMENT", "NEED", "LEGAL_STATUS", "ENROLMENT"):
            if world.happens(0.12):
                world.add(
                    "feed", agency_id=agency["id"], area=agency["area"], kind=kind, covered_from=world.day(-900, -300),
                    covered_to=world.day(-60, 0), promised_every_days=world.pick((1, 7, 60)),
                )  # fmt: skip
    for severity in ("UNIVERSAL", "ADDITIONAL", "INTENSIVE", "SPECIALIST"):
        if world.happens(0.7):
            world.join("need_label", area=AREAS[0], severity=severity, label=f"Level «{severity[:2]}»")
    for code, floor in (("LISTEN", "STANDARD"), ("GROUP", "STANDARD"), ("THERAPY", "SENSITIVE"), ("CLINIC", "CONFIDENTIAL")):
        world.join("support_kind", code=code, label=code.title(), floor=floor)


def make_staff(world: World) -> None:
    for number, role in enumerate((*Role, *Role)):
        agency = world.pick(world.agencies(*WORKS_AT.get(role, (AgencyKind.LOCAL_AUTHORITY,))))
        colleagues = world.staff(agency["id"])
        practitioner = world.add(
            "practitioner", agency_id=agency["id"], name=f"{world.pick(GIVEN)} №{number}", job_title=role.title(),
            email=f"{number}@example.org", disabled_at=None,
            manager_id=world.pick(colleagues)["id"] if colleagues and world.happens(0.5) else None,
        )  # fmt: skip
        for held in dict.fromkeys((role, *(world.some(list(Role), 1) if world.happens(0.2) else ()))):
            world.join("practitioner_role", practitioner_id=practitioner, role=str(held), until_on=world.pick((None, TODAY)))
        for service in world.rows["service"]:
            if service["agency_id"] == agency["id"] and world.happens(0.6):
                world.add("service_member", service_id=service["id"], practitioner_id=practitioner, **world.dated(0.8))
    for agency in world.agencies():
        managers = [p["manager_id"] for p in world.staff(agency["id"]) if p["manager_id"]]
        if not managers:
            continue
        held = {(row["practitioner_id"], row["role"]) for row in world.rows["practitioner_role"]}
        if (managers[0], "TEAM_MANAGER") not in held:
            world.join("practitioner_role", practitioner_id=managers[0], role="TEAM_MANAGER", until_on=None)
    tool = world.add(
        "tool", agency_id=world.pick(world.agencies(AgencyKind.LOCAL_AUTHORITY))["id"], name="A case system", disabled_at=None
    )
    for role in (Role.FAMILY_PRACTITIONER, Role.TRIAGE_WORKER, Role.SOCIAL_WORKER):
        world.join("tool_role", tool_id=tool, role=str(role))


def make_people(world: World) -> None:
    for _ in range(world.chance.randint(2, 3)):
        founder = world.pick(world.agencies())["id"]
        family = world.add("family", agency_id=founder, made_at=world.instant())
        count = world.pick((1, 2, 2))
        households = [
            world.add("household", family_id=family, agency_id=founder, label=f"House {n}", made_at=world.instant())
            for n in range(count)
        ]
        people = [make_person(world, is_child=n % 2 == 0) for n in range(world.chance.randint(3, 5))]
        world.kin.append(Kin(family, households, people))
    make_person(world, is_child=True)
    if len(world.kin) > 1:
        world.kin[0].people.append(world.kin[1].people[0])  # one child, two families


def make_person(world: World, *, is_child: bool) -> Who:
    who = Who(world.add("person", made_at=world.instant()), is_child)
    eighteen = date(TODAY.year - 18, TODAY.month, TODAY.day)
    born = (
        world.pick((eighteen + timedelta(days=1), date(2014, 5, 6), date(2019, 12, 31)))
        if is_child
        else world.pick((eighteen, date(1985, 2, 3)))
    )
    is_unborn = is_child and world.happens(0.15)
    makers = [*world.some(world.agencies(), 4, 2)]
    services: list[dict[str, Any] | None] = [None] * len(makers)
    if world.happens(0.35):
        services.append(world.pick(world.confidential_services()))
    for place, service in enumerate(services):
        agency_id = service["agency_id"] if service else makers[place]["id"]
        row = {
            "id": world.new_id(), "person_id": who.id, "agency_id": agency_id, "service_id": service["id"] if service else None,
            "practitioner_id": world.pick(world.staff(agency_id) or [{"id": None}])["id"],
            "sensitivity": "CONFIDENTIAL" if service else "STANDARD", "own_id": str(world.new_id()),
            "given_name": None if world.happens(0.15) else world.pick(GIVEN),
            "family_name": None if world.happens(0.15) else world.pick(FAMILY),
            "date_of_birth": None if is_unborn or world.happens(0.3) else born if world.happens(0.85) else date(1999, 1, 2),
            "is_unborn": is_unborn, "sex": world.pick((None, "FEMALE", "MALE")), "source_rank": world.chance.randint(1, 3),
            "made_at": world.instant(), "version": 1,
        }  # fmt: skip
        world.rows["identity_record"].append(row)
        who.records.append(row)
        describe(world, row)
    world.people.append(who)
    return who


def describe(world: World, row: dict[str, Any]) -> None:
    """The numbers on an identity record, and the keys by which a search finds it."""
    for scheme in world.some(("UPN", "FORMER_UPN", "ULN", "NHS_NUMBER", "POSTCODE"), 3, 0):
        kept = {name: row[name] for name in ("agency_id", "service_id", "sensitivity")}
        world.add(
            "identity_number",
            identity_record_id=row["id"],
            scheme=scheme,
            value=f"{scheme[:1]}123",
            made_at=world.instant(),
            **kept,
        )
    keys = search_keys(row["given_name"], row["family_name"], row["date_of_birth"])
    for key in hashed_keys(SECRET.encode(), keys):
        world.join("search_key", key=key, identity_record_id=row["id"], service_id=row["service_id"])


def client_of(actor_id: UUID) -> str:
    """The client by which a practitioner or tool of any world signs in."""
    return f"client-{actor_id}"


def publish_counts(world: World, chance: Random) -> None:
    """Figures of two years, by chance of their own."""
    for area, figure in zip(AREAS, (35, None), strict=True):
        for year in (2023, 2024):
            world.join(
                "published_count", id=UUID(int=chance.getrandbits(128), version=4), area=area, year=year, fewest=10,
                reports=figure, people=figure, published_on=date(2025, 4, 1),
            )  # fmt: skip


async def keep(world: World, connection: AsyncConnection) -> None:
    """Into the database, as its owner, with a client for everybody; and what the records open."""
    for owner in ("practitioner", "tool"):
        for row in world.rows.get(owner, ()):
            who = {"practitioner_id": None, "tool_id": None, f"{owner}_id": row["id"]}
            world.add(
                "oauth_client", client_id=client_of(row["id"]), secret_hash=None, jwks=None,
                auth_method="client_secret_basic", disabled_at=None, **who,
            )  # fmt: skip
    for table in Base.metadata.sorted_tables:
        rows = world.rows.get(table.name)
        if rows and table.schema == "portal":
            await connection.execute(insert(table), rows)
    raw: Any = await connection.get_raw_connection()
    await openings.refresh_all(raw.driver_connection)
