"""A street whose people are protected, unborn or hidden in one test or another, and everybody who works around them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tests.world import SENSITIVE, STANDARD, Home, Human, Someone, World
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.holder import SCHOOL_ON_ROLL
from throughline.terms.purpose import Purpose as P
from throughline.terms.record_kind import RecordKind
from throughline.terms.role import Role as R


@dataclass
class Street:
    """A mother and her daughter, and everybody around them; `keeper`: a social worker of the council that protects the brother."""

    world: World
    keeper: Someone
    worker: Someone
    nurse: Someone
    lead: Someone
    social: Someone
    door: UUID
    mother: Human
    child: Human
    home: Home
    watching: list[tuple[Someone, P]]


async def make_street(world: World) -> Street:
    council, trust, school, hub, door, board = [
        await world.agency(kind)
        for kind in (A.LOCAL_AUTHORITY, A.HEALTH, A.SCHOOL, A.LOCAL_AUTHORITY, A.LOCAL_AUTHORITY, A.LOCAL_AUTHORITY)
    ]
    keeper = await world.practitioner(council, R.SOCIAL_WORKER)
    worker = await world.practitioner(hub, R.FAMILY_PRACTITIONER)
    nurse = await world.practitioner(trust, R.HEALTH_PRACTITIONER)
    lead = await world.practitioner(school, R.SAFEGUARDING_LEAD)
    triage = await world.practitioner(door, R.TRIAGE_WORKER)
    steward = await world.practitioner(board, R.IDENTITY_STEWARD)
    social = await world.practitioner(hub, R.SOCIAL_WORKER)
    mother = await world.person(hub, "Mia", "Khan", date(1988, 1, 2))
    child = await world.person(trust, "Sara", "Khan", date(2015, 5, 6))
    home = await world.home(hub, None, mother, child)
    for holder, position in ((worker, "LEAD"), (nurse, "MEMBER"), (social, "ALLOCATED_SOCIAL_WORKER")):
        await world.position(board, holder, home, [mother, child], position, confirmed_by=council)
    await world.decision(
        board, [A.HEALTH, A.LOCAL_AUTHORITY, SCHOOL_ON_ROLL], [mother, child], sensitive=tuple(RecordKind), confirmed_by=council
    )
    await world.assigned(nurse, child.record_id)
    await world.enrolled(hub, child, school, confirmed_by=board)
    await world.report(worker, ([child], STANDARD), ([mother], SENSITIVE))
    await world.about("need", worker, mother, household_id=home.household_id)
    await world.related(worker, mother, child, home)
    watching = [(worker, P.SUPPORT), (nurse, P.SUPPORT), (lead, P.SUPPORT), (lead, P.PROTECTION), (triage, P.TRIAGE)]
    watching += [(steward, P.IDENTITY), (social, P.SUPPORT), (social, P.PROTECTION)]
    return Street(world, keeper, worker, nurse, lead, social, door, mother, child, home, watching)
