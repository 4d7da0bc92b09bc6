"""Formal statuses are the allocated social worker's to write."""

import pytest

from tests.records.case import Case, identity, person
from tests.records.portal import Given, Portal
from tests.world import Human
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio
PROTECTION = Purpose.PROTECTION
SHOWS = "legalStatus { id version status fromOn untilOn }"


def in_need(case: Case, **more: object) -> Given:
    return {"about": person(case.adam), "status": "CHILD_IN_NEED", "fromOn": "2026-03-01", **more}


async def allocate(portal: Portal, case: Case) -> None:
    await portal.world.position(
        case.lead,
        case.social_worker,
        case.home,
        [case.adam],
        "ALLOCATED_SOCIAL_WORKER",
        confirmed_by=case.front_door,
    )
    await portal.world.about("involvement", case.lead, case.adam)
    await portal.world.settle()


async def test_the_allocated_social_worker_records_and_ends_it(portal: Portal, case: Case) -> None:
    await allocate(portal, case)
    made = await portal.does(case.social_worker, PROTECTION, "legalStatusRecord", in_need(case), SHOWS)
    assert (made["status"], made["untilOn"]) == ("CHILD_IN_NEED", None)
    await portal.refuses(case.social_worker, PROTECTION, "legalStatusRecord", in_need(case), "BAD_USER_INPUT", "status")
    given = {"id": made["id"], "version": 1, "untilOn": "2026-03-11"}
    await portal.refuses(case.social_worker, PROTECTION, "legalStatusEnd", {**given, "version": 9}, "CONFLICT", "version")
    ended = await portal.does(case.social_worker, PROTECTION, "legalStatusEnd", given, SHOWS)
    assert (ended["untilOn"], ended["version"]) == ("2026-03-11", 2)


async def test_a_social_worker_without_the_case_may_not(portal: Portal, case: Case) -> None:
    given = in_need(case, about=identity("SC1", "Adam", "Khan"))
    await portal.refuses(case.social_worker, PROTECTION, "legalStatusRecord", given, "FORBIDDEN")


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AGENCY_ADMINISTRATOR, Role.FAMILY_PRACTITIONER, Role.SOCIAL_WORKER])
async def test_a_colleague_does_not_learn_of_it_by_being_refused(portal: Portal, case: Case, role: Role) -> None:
    """Whoever may not write it is told the same, whether or not their agency has recorded it."""
    record_id = await portal.world.known_to(case.social_worker, case.adam.person_id, given="Adam", family="Khan")
    await portal.world.change("identity_record", record_id, own_id="SC1")
    adam = Human(case.adam.person_id, record_id)
    await portal.world.about("legal_status", case.social_worker, adam, status="CHILD_IN_NEED")
    colleague = await portal.world.practitioner(case.front_door, role)
    for status in ("CHILD_IN_NEED", "LOOKED_AFTER"):
        given = {"about": {"identity": {"ownId": "SC1"}}, "status": status, "fromOn": "2026-03-01"}
        await portal.refuses(colleague, PROTECTION, "legalStatusRecord", given, "FORBIDDEN")


async def test_who_may_not_see_it_does_not_end_it(portal: Portal, case: Case) -> None:
    status = await portal.world.about("legal_status", case.social_worker, case.adam)
    given = {"id": str(status), "version": 1, "untilOn": "2026-03-11"}
    await portal.refuses(case.social_worker, PROTECTION, "legalStatusEnd", given, "NOT_FOUND", "id")
