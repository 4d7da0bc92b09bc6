"""The agencies that are no schools: the authority's own, health, police and the voluntary groups."""

from dataclasses import dataclass
from uuid import UUID

from throughline.demo.directory import VOLUNTARY, Agency, Directory, DirectoryMaker, Worker, schools
from throughline.demo.vocabulary import NEED_LABELS, SUPPORT_KINDS
from throughline.demo.world import AREA, World
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.record_kind import RecordKind
from throughline.terms.role import Role


@dataclass
class Partners:
    """Everybody outside schools whom the borough's stories need by name."""

    schools: Directory
    council: Agency
    front_door: Agency
    admissions: Agency
    community_health: Agency
    camhs: Agency
    hospital: Agency
    police: Agency
    refuge: Agency
    drop_in: UUID
    refuge_service: UUID
    drop_in_nurse: Worker
    refuge_worker: Worker

    def health(self) -> list[Worker]:
        return self.community_health.workers[Role.HEALTH_PRACTITIONER]


def build_directory(world: World, scale: float) -> Partners:
    """`scale`: 1 for 5,000 children; how many caseworkers there are follows from it."""
    make, directory = DirectoryMaker(world), Directory()
    schools(world, make, directory)
    council, front_door, admissions = _authority(make, scale)
    community, camhs, hospital, drop_in, nurse = _health(make, scale)
    police = make.agency(AgencyKind.POLICE, "Marlbeck Police", 40)
    for _ in range(max(6, round(10 * scale))):
        make.worker(police, "Neighbourhood officer", Role.POLICE_OFFICER)
    for name in VOLUNTARY:
        group = make.agency(AgencyKind.VOLUNTARY, name, 60)
        for _ in range(max(2, round(4 * scale))):
            make.worker(group, "Project worker", Role.VOLUNTARY_WORKER)
        directory.voluntary.append(group)
    refuge = make.agency(AgencyKind.VOLUNTARY, "Marlbeck Women’s Aid", 60)
    refuge_service = make.service(refuge, "Refuge", is_confidential=True)
    refuge_worker = make.worker(refuge, "Refuge worker", Role.VOLUNTARY_WORKER, service=refuge_service)
    _lists(world)
    _feeds(world, council, community, directory)
    _tools(world, council)
    return Partners(
        directory, council, front_door, admissions, community, camhs, hospital, police, refuge, drop_in,
        refuge_service, nurse, refuge_worker,
    )  # fmt: skip


def _authority(make: DirectoryMaker, scale: float) -> tuple[Agency, Agency, Agency]:
    council = make.agency(AgencyKind.LOCAL_AUTHORITY, "Marlbeck Children’s Services", 30)
    hubs = [make.service(council, f"Family Hub {side}") for side in ("North", "Centre", "South")]
    care = make.service(council, "Children’s Social Care")
    manager = make.worker(council, "Early help team manager", Role.TEAM_MANAGER, service=hubs[0])
    for place in range(max(6, round(16 * scale))):
        make.worker(council, "Family practitioner", Role.FAMILY_PRACTITIONER, service=hubs[place % 3], manager=manager)
    lead = make.worker(council, "Social work team manager", Role.TEAM_MANAGER, service=care)
    for _ in range(max(4, round(10 * scale))):
        make.worker(council, "Social worker", Role.SOCIAL_WORKER, service=care, manager=lead)
    make.worker(council, "Data quality officer", Role.IDENTITY_STEWARD)
    make.worker(council, "Insight analyst", Role.ANALYST)
    make.worker(council, "Information governance officer", Role.PRIVACY_OFFICER)
    make.worker(council, "Systems administrator", Role.AGENCY_ADMINISTRATOR)
    front_door = make.agency(AgencyKind.LOCAL_AUTHORITY, "Marlbeck Front Door (MASH)", 30)
    for _ in range(max(4, round(6 * scale))):
        make.worker(front_door, "Triage worker", Role.TRIAGE_WORKER)
    admissions = make.agency(AgencyKind.LOCAL_AUTHORITY, "Marlbeck School Admissions", 35)
    for _ in range(2):
        make.worker(admissions, "Transition coordinator", Role.TRANSITION_COORDINATOR)
    return council, front_door, admissions


def _health(make: DirectoryMaker, scale: float) -> tuple[Agency, Agency, Agency, UUID, Worker]:
    community = make.agency(AgencyKind.HEALTH, "Marlbeck Community Health", 10)
    nursing = make.service(community, "School Nursing")
    visiting = make.service(community, "Health Visiting")
    drop_in = make.service(community, "Young People’s Drop-in", is_confidential=True)
    nurse = make.worker(community, "School nurse", Role.HEALTH_PRACTITIONER, service=nursing)
    make.join(nurse, drop_in)
    for _ in range(max(3, round(8 * scale))):
        make.worker(community, "School nurse", Role.HEALTH_PRACTITIONER, service=nursing)
    for _ in range(max(3, round(8 * scale))):
        make.worker(community, "Health visitor", Role.HEALTH_PRACTITIONER, service=visiting)
    camhs = make.agency(AgencyKind.HEALTH, "Marlbeck CAMHS", 15, involvement_floor="SENSITIVE")
    hospital = make.agency(AgencyKind.HEALTH, "Marlbeck General Hospital", 16)
    make.service(hospital, "A&E")
    for agency, title in ((camhs, "Therapist"), (hospital, "A&E liaison nurse")):
        for _ in range(max(2, round(4 * scale))):
            make.worker(agency, title, Role.HEALTH_PRACTITIONER)
    return community, camhs, hospital, drop_in, nurse


def _lists(world: World) -> None:
    for code, (label, floor) in SUPPORT_KINDS.items():
        world.join("support_kind", code=code, label=label, floor=str(floor))
    for severity, label in NEED_LABELS.items():
        world.join("need_label", area=AREA, severity=str(severity), label=label)


def _feeds(world: World, council: Agency, health: Agency, directory: Directory) -> None:
    """Legal status is connected by nobody yet, and the feed of involvements is late."""
    promised = (
        (council, RecordKind.SUPPORT_REPORT, 1, 31),
        (health, RecordKind.SUPPORT_REPORT, 2, 31),
        (directory.voluntary[0], RecordKind.SUPPORT_REPORT, 12, 92),
        (council, RecordKind.NEED, 1, 31),
        (directory.primaries[0], RecordKind.ENROLMENT, 1, 31),
        (directory.primaries[0], RecordKind.ATTENDANCE, 7, 31),
        (health, RecordKind.INVOLVEMENT, 75, 7),
    )
    for agency, kind, days_ago, every in promised:
        world.add(
            "feed", agency_id=agency.id, area=AREA, kind=str(kind), covered_from=world.day(1200),
            covered_to=world.day(days_ago), promised_every_days=every,
        )  # fmt: skip


def _tools(world: World, council: Agency) -> None:
    for name, role in (
        ("Early help dashboard", Role.ANALYST),
        ("Joint needs assessment", Role.ANALYST),
        ("Case system", Role.FAMILY_PRACTITIONER),
    ):
        tool = world.add("tool", agency_id=council.id, name=name)
        world.join("tool_role", tool_id=tool, role=str(role))
