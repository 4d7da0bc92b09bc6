"""A child, the mother, and whoever works around them; and one viewer, who could sign in in any role."""

from dataclasses import dataclass
from datetime import date

from tests.access.portal import Portal
from tests.world import Home, Human, Someone, World
from throughline.access import openings
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.role import Role

WORKS_AT = {
    Role.SCHOOL_STAFF: AgencyKind.SCHOOL,
    Role.SAFEGUARDING_LEAD: AgencyKind.SCHOOL,
    Role.INCLUSION_LEAD: AgencyKind.SCHOOL,
    Role.TRANSITION_COORDINATOR: AgencyKind.SCHOOL,
    Role.HEALTH_PRACTITIONER: AgencyKind.HEALTH,
    Role.POLICE_OFFICER: AgencyKind.POLICE,
    Role.VOLUNTARY_WORKER: AgencyKind.VOLUNTARY,
}
"""Everybody else works for the council."""


@dataclass(slots=True)
class Scene:
    """`viewer` has every role at one agency, so that only the role in which they ask makes the difference. The records are
    made by `maker`, of another agency; `board`, a third one, says yes to whatever needs a second agency's yes."""

    portal: Portal
    world: World
    viewer: Someone
    colleague: Someone
    maker: Someone
    board: Someone
    elsewhere: Someone
    child: Human
    mother: Human
    stranger: Human
    home: Home
    other_home: Home

    def as_(self, role: Role) -> Someone:
        return Someone(self.viewer.id, self.viewer.agency_id, role, self.viewer.client_id, self.viewer.service_id)

    async def settle(self) -> None:
        people = [self.child.person_id, self.mother.person_id, self.stranger.person_id]
        await openings.refresh(self.world.connection, people)


async def open_scene(
    portal: Portal, works_at: AgencyKind, *, area: str = "Marlbeck", maker_kind: AgencyKind | None = None
) -> Scene:
    world = portal.world
    hub = await world.agency(maker_kind or AgencyKind.LOCAL_AUTHORITY, "The hub", area="Elsewhere")
    maker = await world.practitioner(hub, Role.FAMILY_PRACTITIONER)
    own = await world.agency(works_at, "Where the viewer works", area=area)
    other = await world.agency(works_at, "Another agency of that kind", area="Faraway")
    board = await world.agency(AgencyKind.LOCAL_AUTHORITY, "The board", area="Elsewhere")
    viewer = await world.practitioner(own, Role.SCHOOL_STAFF)
    for role in Role:
        if role is not Role.SCHOOL_STAFF:
            await world.join("practitioner_role", practitioner_id=viewer.id, role=str(role))
    child = await world.person(maker, "Sara", "Khan", date(2015, 5, 6))
    mother = await world.person(maker, "Mia", "Khan", date(1988, 1, 2))
    stranger = await world.person(maker, "Tom", "Reed", date(2014, 7, 8))
    home = await world.home(maker, None, child, mother)
    return Scene(
        portal=portal,
        world=world,
        viewer=viewer,
        colleague=await world.practitioner(own, Role.SCHOOL_STAFF),
        maker=maker,
        board=await world.practitioner(board, Role.TEAM_MANAGER),
        elsewhere=await world.practitioner(other, Role.SCHOOL_STAFF),
        child=child,
        mother=mother,
        stranger=stranger,
        home=home,
        other_home=await world.home(maker, None, stranger),
    )
