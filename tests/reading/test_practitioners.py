"""Who works for an agency: for whoever may propose somebody for a team, and for nobody else."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.conftest import Database
from tests.reading.portal import Portal, opened
from tests.reading.small import Small, same
from tests.reading.worlds import TODAY, client_of
from throughline.access.viewer import Viewer
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio

WHO = "query Who($id: ID!, $name: String) { practitioners(agencyId: $id, name: $name) { id name roles agency { id } } }"


class Staff(Small):
    """A refuge and its staff, whom the viewer, a lead elsewhere, looks up."""

    def __init__(self) -> None:
        super().__init__()
        self.leading = self.position("LEAD", 0)
        world = self.world
        self.refuge = world.add(
            "agency", kind=str(AgencyKind.VOLUNTARY), name="Harbour", area="Northshire", laestab=None, urn=None, ukprn=None,
            cluster_id=None, telephone=None, source_rank=2, suspended_at=None,
        )  # fmt: skip
        self.secret, self.plain = (
            world.add("service", agency_id=self.refuge, name="A service", is_confidential=is_confidential)
            for is_confidential in (True, False)
        )

    def hire(self, name: str, *services: UUID, role: Role = Role.VOLUNTARY_WORKER, **changes: Any) -> UUID:
        hired = self.world.add(
            "practitioner", agency_id=self.refuge, name=name, job_title="Refuge worker", email=f"{name}@example.org",
            disabled_at=None, manager_id=None,
        )  # fmt: skip
        self.world.join("practitioner_role", practitioner_id=hired, role=str(role), until_on=None)
        for service in services:
            dated = {"from_on": TODAY, "until_on": None, **changes}
            self.world.add("service_member", service_id=service, practitioner_id=hired, **dated)
        return hired


@pytest.fixture
def staff() -> Staff:
    return Staff()


async def found(portal: Portal, viewer: Viewer, agency: object, name: str | None = None) -> list[str]:
    return [one["name"] for one in (await same(portal, viewer, WHO, {"id": str(agency), "name": name}))["practitioners"]]


async def test_a_lead_finds_them_by_name(database: Database, staff: Staff) -> None:
    for name in ("Zoë Adams", "Amy Bell", "Bea Amson"):
        staff.hire(name)
    async with opened(database, staff.world) as portal:
        assert await found(portal, staff.viewer, staff.refuge) == ["Amy Bell", "Bea Amson", "Zoë Adams"]
        assert await found(portal, staff.viewer, staff.refuge, "AM") == ["Amy Bell", "Bea Amson"]
        assert await found(portal, staff.viewer, staff.refuge, "bell") == ["Amy Bell"]
        assert await found(portal, staff.viewer, staff.refuge, "ell") == []
        assert await found(portal, staff.viewer, UUID(int=7)) == []
        assert await found(portal, staff.viewer, "no id") == []


async def test_texts_that_postgresql_does_not_take_are_refused(database: Database, staff: Staff) -> None:
    staff.hire("Amy")
    agencies = "query($name: String) { agencies(name: $name) { id } }"
    async with opened(database, staff.world) as portal:
        for text, given in ((WHO, {"id": str(staff.refuge), "name": "A\x00"}), (agencies, {"name": "H\x00"})):
            assert b'"code":"BAD_USER_INPUT"' in await portal.post(staff.viewer, text, given)
        halved = agencies.replace("$name)", r'"\ud800")').replace("($name: String)", "")
        assert b"errors" in await portal.post(staff.viewer, halved, {})


async def test_whoever_works_in_confidential_services_alone_is_not_found(database: Database, staff: Staff) -> None:
    staff.hire("Only there", staff.secret)
    staff.hire("There and elsewhere", staff.secret, staff.plain)
    staff.hire("There until yesterday", staff.secret, from_on=TODAY - timedelta(days=9), until_on=TODAY - timedelta(days=1))
    staff.hire("Nowhere")
    async with opened(database, staff.world) as portal:
        everybody = ["Nowhere", "There and elsewhere", "There until yesterday"]
        assert sorted(await found(portal, staff.viewer, staff.refuge)) == everybody
        shown = await portal.post(staff.viewer, WHO, {"id": str(staff.refuge)})
    assert b"Refuge worker" not in shown  # a job title would tell


async def test_members_of_a_confidential_service_find_each_other(database: Database, staff: Staff) -> None:
    """And nobody of another one."""
    own = staff.world.add("service", agency_id=staff.worker["agency_id"], name="A service", is_confidential=True)
    staff.world.add("service_member", service_id=own, practitioner_id=staff.worker["id"], from_on=TODAY, until_on=None)
    staff.hire("Of the same", own)
    staff.hire("Of another", staff.secret)
    async with opened(database, staff.world) as portal:
        assert await found(portal, staff.viewer, staff.refuge) == ["Of the same"]


async def test_an_administrator_finds_those_of_their_own_agency(database: Database, staff: Staff) -> None:
    admin = staff.hire("Ada", role=Role.AGENCY_ADMINISTRATOR)
    staff.hire("Here")
    staff.hire("Hidden", staff.secret)
    viewer = Viewer(admin, client_of(admin), Role.AGENCY_ADMINISTRATOR, Purpose.ADMINISTRATION)
    async with opened(database, staff.world) as portal:
        assert await found(portal, viewer, staff.refuge) == ["Here"]
        assert await found(portal, viewer, staff.worker["agency_id"]) == []
        assert staff.worker["name"] in await found(portal, staff.viewer, staff.worker["agency_id"])


async def test_whoever_may_not_sign_in_to_support_people_is_not_found(database: Database, staff: Staff) -> None:
    staff.hire("Here")
    gone, analyst, was = staff.hire("Gone"), staff.hire("Counts", role=Role.ANALYST), staff.hire("Was")
    next(row for row in staff.world.rows["practitioner"] if row["id"] == gone)["disabled_at"] = staff.world.instant()
    next(r for r in staff.world.rows["practitioner_role"] if r["practitioner_id"] == was)["until_on"] = TODAY - timedelta(days=1)
    staff.world.join("practitioner_role", practitioner_id=staff.hire("Both"), role="IDENTITY_STEWARD", until_on=None)
    async with opened(database, staff.world) as portal:
        shown = (await same(portal, staff.viewer, WHO, {"id": str(staff.refuge)}))["practitioners"]
    assert [(one["name"], one["roles"]) for one in shown] == [("Both", ["VOLUNTARY_WORKER"]), ("Here", ["VOLUNTARY_WORKER"])]
    assert str(analyst) not in {one["id"] for one in shown}


async def test_a_suspended_agency_has_nobody(database: Database, staff: Staff) -> None:
    staff.hire("Here")
    next(row for row in staff.world.rows["agency"] if row["id"] == staff.refuge)["suspended_at"] = staff.world.instant()
    async with opened(database, staff.world) as portal:
        assert await found(portal, staff.viewer, staff.refuge) == []


async def test_who_may_propose_nobody_finds_nobody(database: Database, staff: Staff) -> None:
    """Not the same practitioner without a position, nor in another role or for another purpose; a team manager needs none."""
    staff.hire("Here")
    for role in (Role.TEAM_MANAGER, Role.ANALYST, Role.TRIAGE_WORKER, Role.SOCIAL_WORKER):
        held = {row["role"] for row in staff.world.rows["practitioner_role"] if row["practitioner_id"] == staff.worker["id"]}
        if role not in held:
            staff.world.join("practitioner_role", practitioner_id=staff.worker["id"], role=str(role), until_on=None)
    position = next(row for row in staff.world.rows["team_position"] if row["id"] == staff.leading)
    position |= {"from_on": TODAY - timedelta(days=3), "until_on": TODAY - timedelta(days=1)}
    who = staff.worker["id"]
    async with opened(database, staff.world) as portal:
        assert await found(portal, Viewer(who, client_of(who), Role.TEAM_MANAGER, Purpose.SUPPORT), staff.refuge) == ["Here"]
        assert await found(portal, staff.viewer, staff.refuge) == []
        for role, purpose in (
            (Role.ANALYST, Purpose.OVERSIGHT), (Role.TRIAGE_WORKER, Purpose.TRIAGE), (Role.SOCIAL_WORKER, Purpose.PROTECTION),
        ):  # fmt: skip
            assert await found(portal, Viewer(who, client_of(who), role, purpose), staff.refuge) == [], role
