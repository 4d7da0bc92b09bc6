"""The case that the acts are tried on: Adam and his mother Sara, led by the hub's Lena; everybody else looks
on or joins in."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tests.world import Home, Human, Someone, World
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.role import Role


@dataclass(frozen=True, slots=True)
class Case:
    hub: UUID
    school: UUID
    health: UUID
    front_door: UUID
    lead: Someone
    manager: Someone
    colleague: Someone
    social_worker: Someone
    triage: Someone
    nurse: Someone
    nurses_manager: Someone
    teacher: Someone
    inclusion_lead: Someone
    coordinator: Someone
    adam: Human
    sara: Human
    home: Home
    leading: UUID
    """The lead's position, made by the hub and confirmed by the front door."""


async def make_case(world: World) -> Case:
    hub = await world.agency(AgencyKind.LOCAL_AUTHORITY, "Family hub")
    school = await world.agency(AgencyKind.SCHOOL, "Hill Primary")
    health = await world.agency(AgencyKind.HEALTH, "Health visiting")
    front_door = await world.agency(AgencyKind.LOCAL_AUTHORITY, "Front door")
    lead = await world.practitioner(hub, Role.FAMILY_PRACTITIONER)
    triage = await world.practitioner(front_door, Role.TRIAGE_WORKER)
    social_worker = await world.practitioner(front_door, Role.SOCIAL_WORKER)
    adam = await world.person(lead, "Adam", "Khan", date(2015, 5, 6))
    sara = await world.person(lead, "Sara", "Khan", date(1988, 1, 2))
    home = await world.home(lead, None, adam, sara)
    leading = await world.position(lead, lead, home, [adam, sara], "LEAD", confirmed_by=front_door)
    case = Case(
        hub=hub, school=school, health=health, front_door=front_door, lead=lead, triage=triage, social_worker=social_worker,
        manager=await world.practitioner(hub, Role.TEAM_MANAGER),
        colleague=await world.practitioner(hub, Role.FAMILY_PRACTITIONER),
        nurse=await world.practitioner(health, Role.HEALTH_PRACTITIONER),
        nurses_manager=await world.practitioner(health, Role.TEAM_MANAGER),
        teacher=await world.practitioner(school, Role.SCHOOL_STAFF),
        inclusion_lead=await world.practitioner(school, Role.INCLUSION_LEAD),
        coordinator=await world.practitioner(hub, Role.TRANSITION_COORDINATOR),
        adam=adam, sara=sara, home=home, leading=leading,
    )  # fmt: skip
    await world.settle()
    return case


def person(human: Human) -> dict[str, str]:
    """As an AboutInput."""
    return {"personId": str(human.person_id)}


def identity(own_id: str, given: str = "Noor", family: str = "Khan", born: str = "2019-02-03") -> dict[str, dict[str, str]]:
    """Somebody as the agency's own system knows them, as an AboutInput."""
    return {"identity": {"ownId": own_id, "givenName": given, "familyName": family, "dateOfBirth": born}}
