"""The agencies of the borough, their services, and who works there."""

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from throughline.demo.names import ORIGINS, SHARES
from throughline.demo.world import AREA, AUTHORITY, By, World
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.names import fold
from throughline.terms.role import Role
from throughline.terms.work import Sex

CLUSTERS = ("Beckside", "Castle Hill", "Docklands", "Eastfields", "Moor End")
PRIMARIES = (
    "Oakfield Primary School", "St Aidan’s Catholic Primary School", "Riverside Primary School",
    "Hilltop Primary School",
    "Canal Street Primary School", "Meadow Lane Primary School", "St Mary’s CE Primary School",
    "Northgate Primary School",
    "Ferry Road Primary School", "Woodlands Primary School", "Kingfisher Primary School",
    "Priory Primary School",
    "Larkspur Primary School", "Station Road Primary School", "All Saints CE Primary School",
    "Beechwood Primary School",
    "Harbour Primary School", "Millbrook Primary School", "Southmead Primary School",
    "Thornbank Primary School",
    "Viaduct Primary School", "Willow Tree Primary School", "Crossways Primary School",
    "Foxglove Primary School",
    "Highmoor Primary School",
)  # fmt: skip
SECONDARIES = (
    "Marlbeck High School", "Castle Hill Academy", "Docklands Community School", "Eastfields School",
    "Moor End Academy", "St Aidan’s Catholic High School", "Beckside School for Girls", "The Viaduct School",
)  # fmt: skip
NURSERIES = (
    "Little Acorns Nursery",
    "Sunbeams Nursery",
    "Ducklings Nursery",
    "Toybox Nursery",
    "Stepping Stones Nursery",
)
COLLEGES = ("Marlbeck Sixth Form College", "Marlbeck College")
VOLUNTARY = (
    "Beckside Youth Project", "Marlbeck Food Bank", "Young Carers Marlbeck", "Docklands Boxing Club",
    "Home-Start Marlbeck",
    "Castle Hill Community Church", "The Allotment Project", "Marlbeck Refugee Welcome", "Bereaved Together",
    "Eastfields Play Scheme", "Moor End Girls’ Group",
)  # fmt: skip


@dataclass
class Worker:
    id: UUID
    agency: "Agency"
    name: str
    services: tuple[UUID, ...] = ()

    @property
    def by(self) -> By:
        return By(self.agency.id, self.id)


@dataclass
class Agency:
    id: UUID
    kind: AgencyKind
    name: str
    mail: str
    rank: int
    estab: str = ""
    workers: dict[Role, list[Worker]] = field(default_factory=dict)
    services: dict[str, UUID] = field(default_factory=dict)

    @property
    def by(self) -> By:
        """Written by a system of the agency, by nobody in particular."""
        return By(self.id)

    def first(self, role: Role) -> Worker:
        return self.workers[role][0]


@dataclass
class Directory:
    nurseries: list[Agency] = field(default_factory=list)
    primaries: list[Agency] = field(default_factory=list)
    secondaries: list[Agency] = field(default_factory=list)
    colleges: list[Agency] = field(default_factory=list)
    voluntary: list[Agency] = field(default_factory=list)


class DirectoryMaker:
    """Writes agencies and practitioners; every name and e-mail address is made up."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._mails: set[str] = set()
        self._urn = 900_000

    def agency(self, kind: AgencyKind, name: str, rank: int, **columns: Any) -> Agency:
        mail = f"{re.sub('[^a-z]+', '-', fold(name))}.example"
        telephone = f"01632 960{len(self._world.rows['agency']):03d}"
        row_id = self._world.add(
            "agency",
            kind=str(kind),
            name=name,
            area=AREA,
            source_rank=rank,
            telephone=telephone,
            **{"involvement_floor": "SENSITIVE" if kind is AgencyKind.POLICE else "STANDARD", **columns},
        )
        return Agency(row_id, kind, name, mail, rank)

    def school(self, kind: AgencyKind, name: str, estab: int, rank: int, cluster: UUID | None) -> Agency:
        self._urn += 1
        numbers = {"ukprn": f"10{self._urn}"} if kind is AgencyKind.COLLEGE else {"urn": str(self._urn)}
        school = self.agency(kind, name, rank, cluster_id=cluster, laestab=f"{AUTHORITY}{estab}", **numbers)
        school.estab = str(estab)
        for title, role in (
            ("Teacher", Role.SCHOOL_STAFF), ("Teacher", Role.SCHOOL_STAFF), ("Safeguarding lead",
            Role.SAFEGUARDING_LEAD),
            ("Inclusion lead", Role.INCLUSION_LEAD),
        ):  # fmt: skip
            self.worker(school, title, role)
        return school

    def service(self, agency: Agency, name: str, *, is_confidential: bool = False) -> UUID:
        service = self._world.add(
            "service", agency_id=agency.id, name=name, is_confidential=is_confidential, involvement_floor="STANDARD"
        )
        agency.services[name] = service
        return service

    def worker(
        self,
        agency: Agency,
        job_title: str,
        *roles: Role,
        service: UUID | None = None,
        manager: Worker | None = None,
    ) -> Worker:
        world = self._world
        origin = world.chance.choices(ORIGINS, SHARES)[0]
        given = world.pick(origin.given(world.pick((Sex.FEMALE, Sex.MALE))))
        name = f"{given} {world.pick(origin.surnames)}"
        worker_id = world.add(
            "practitioner", agency_id=agency.id, name=name, job_title=job_title, email=self._mail(name,
            agency),
            manager_id=manager.id if manager else None,
        )  # fmt: skip
        worker = Worker(worker_id, agency, name)
        for role in roles:
            world.join("practitioner_role", practitioner_id=worker_id, role=str(role))
            agency.workers.setdefault(role, []).append(worker)
        if service:
            self.join(worker, service)
        return worker

    def join(self, worker: Worker, service: UUID) -> None:
        self._world.add("service_member", service_id=service, practitioner_id=worker.id, from_on=self._world.day(900))
        worker.services = (*worker.services, service)

    def _mail(self, name: str, agency: Agency) -> str:
        stem, number = fold(name).replace(" ", "."), 1
        while (mail := f"{stem}{number if number > 1 else ''}@{agency.mail}") in self._mails:
            number += 1
        self._mails.add(mail)
        return mail


def schools(world: World, make: DirectoryMaker, directory: Directory) -> None:
    clusters = [world.add("cluster", name=name, area=AREA) for name in CLUSTERS]
    for names, found, kind, first, rank in (
        (PRIMARIES, directory.primaries, AgencyKind.SCHOOL, 2001, 20),
        (NURSERIES, directory.nurseries, AgencyKind.NURSERY, 1001, 50),
        (SECONDARIES, directory.secondaries, AgencyKind.SCHOOL, 4001, 25),
        (COLLEGES, directory.colleges, AgencyKind.COLLEGE, 8001, 55),
    ):
        for place, name in enumerate(names):
            cluster = None if kind is AgencyKind.COLLEGE else clusters[place % len(clusters)]
            found.append(make.school(kind, name, first + place, rank, cluster))
