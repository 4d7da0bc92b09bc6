"""Somebody asks for their own data: two people of the agency answer for what is given."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from tests.records.case import Case
from tests.records.portal import Given, Portal
from tests.world import Someone
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio
RIGHTS = Purpose.RIGHTS
SHOWS = (
    "rightsRequest { id version state askedBy receivedOn dueOn identityCheck entitlement outcome approvedBy { id } "
    "leavesOut { leftOutId reason } about { id } }"
)


@dataclass(frozen=True, slots=True)
class Office:
    officer: Someone
    second: Someone
    elsewhere: Someone
    adams_id: str


@pytest.fixture
async def office(portal: Portal, case: Case) -> Office:
    world = portal.world
    own_id = await world.connection.fetchval("select own_id from portal.identity_record where id = $1", case.adam.record_id)
    return Office(
        officer=await world.practitioner(case.hub, Role.PRIVACY_OFFICER),
        second=await world.practitioner(case.hub, Role.PRIVACY_OFFICER),
        elsewhere=await world.practitioner(case.health, Role.PRIVACY_OFFICER),
        adams_id=own_id,
    )


def asks(office: Office, **more: object) -> Given:
    return {"localId": office.adams_id, "askedBy": "PERSON", "receivedOn": "2026-01-31", **more}


def this(made: Given, **more: object) -> Given:
    return {"id": made["id"], "version": made["version"], **more}


async def opened(portal: Portal, office: Office, **more: object) -> Given:
    made: Given = await portal.does(office.officer, RIGHTS, "rightsRequestOpen", asks(office, **more), SHOWS)
    return made


async def checked(portal: Portal, office: Office) -> Given:
    given = this(await opened(portal, office), identityCheck="PHOTO_DOCUMENT")
    made: Given = await portal.does(office.officer, RIGHTS, "rightsRequestCheck", given, SHOWS)
    return made


async def test_it_is_opened_checked_approved_by_a_second_person_and_closed(portal: Portal, case: Case, office: Office) -> None:
    made = await opened(portal, office)
    assert (made["state"], made["dueOn"]) == ("OPEN", "2026-02-28")
    made = await portal.does(office.officer, RIGHTS, "rightsRequestCheck", this(made, identityCheck="PHOTO_DOCUMENT"), SHOWS)
    told = "select count(*) from portal.outbox where record_id = $1 and verb = 'ASKED_OTHERS'"
    assert await portal.world.connection.fetchval(told, UUID(made["id"])) == 1
    later = this(made, because="COMPLEX", dueOn="2026-04-30")
    await portal.refuses(office.officer, RIGHTS, "rightsRequestExtend", {**later, "dueOn": "2026-05-01"}, "BAD_USER_INPUT", "dueOn")
    made = await portal.does(office.officer, RIGHTS, "rightsRequestExtend", later, SHOWS)
    assert made["dueOn"] == "2026-04-30"
    given = this(made, outcome="GIVEN")
    await portal.refuses(office.officer, RIGHTS, "rightsRequestClose", given, "BAD_USER_INPUT", "outcome")
    made = await portal.does(case.manager, RIGHTS, "rightsRequestApprove", this(made), SHOWS, told="CONFIRM")
    assert (made["state"], made["approvedBy"]) == ("APPROVED", {"id": str(case.manager.id)})
    left = str(uuid4())
    given = this(made, leftOutId=left, reason="SERIOUS_HARM")
    made = await portal.does(office.second, RIGHTS, "rightsRequestLeaveOut", given, SHOWS)
    assert made["leavesOut"] == [{"leftOutId": left, "reason": "SERIOUS_HARM"}]
    made = await portal.does(office.officer, RIGHTS, "rightsRequestClose", this(made, outcome="GIVEN"), SHOWS)
    await portal.refuses(office.second, RIGHTS, "rightsRequestApprove", this(made), "BAD_USER_INPUT", "id")
    kept = "select version, body->>'state' from portal.record_history where record_id = $1 order by version"
    rows = [tuple(row) for row in await portal.world.connection.fetch(kept, UUID(made["id"]))]
    assert rows == [(1, "OPEN"), (2, "CHECKED"), (3, "CHECKED"), (4, "APPROVED"), (5, "APPROVED")]


async def test_nobody_approves_their_own_nor_what_nobody_checked(portal: Portal, case: Case, office: Office) -> None:
    made = await opened(portal, office)
    await portal.refuses(office.second, RIGHTS, "rightsRequestApprove", this(made), "BAD_USER_INPUT", "id")
    made = await portal.does(office.second, RIGHTS, "rightsRequestCheck", this(made, identityCheck="KNOWN_TO_STAFF"), SHOWS)
    await portal.refuses(office.officer, RIGHTS, "rightsRequestApprove", this(made), "FORBIDDEN")
    tool = await portal.world.tool(case.hub, Role.PRIVACY_OFFICER)
    await portal.refuses(tool, RIGHTS, "rightsRequestApprove", this(made), "FORBIDDEN")
    await portal.refuses(tool, RIGHTS, "rightsRequestOpen", asks(office), "FORBIDDEN")
    await portal.does(office.second, RIGHTS, "rightsRequestApprove", this(made), SHOWS, told="CONFIRM")


async def test_another_agencys_officer_meets_neither_the_request_nor_the_person(portal: Portal, case: Case, office: Office) -> None:
    made = await checked(portal, office)
    for mutation in ("rightsRequestApprove", "rightsRequestCheck", "rightsRequestClose"):
        more = {"rightsRequestCheck": {"identityCheck": "KNOWN_TO_STAFF"}, "rightsRequestClose": {"outcome": "REFUSED"}}
        await portal.refuses(office.elsewhere, RIGHTS, mutation, this(made, **more.get(mutation, {})), "NOT_FOUND", "id")
    await portal.refuses(office.elsewhere, RIGHTS, "rightsRequestOpen", asks(office), "NOT_FOUND", "localId")
    await portal.refuses(case.manager, RIGHTS, "rightsRequestOpen", asks(office), "FORBIDDEN")
    await portal.refuses(case.lead, Purpose.SUPPORT, "rightsRequestOpen", asks(office), "FORBIDDEN")


async def test_whoever_asks_for_another_must_be_entitled(portal: Portal, office: Office) -> None:
    made = await opened(portal, office, askedBy="PARENT")
    given = this(made, identityCheck="PHOTO_DOCUMENT")
    for wrong in ({}, {"entitlement": "POWER_OF_ATTORNEY_SEEN"}):
        await portal.refuses(office.officer, RIGHTS, "rightsRequestCheck", {**given, **wrong}, "BAD_USER_INPUT", "entitlement")
    given["entitlement"] = "PARENTAL_RESPONSIBILITY_SEEN"
    made = await portal.does(office.officer, RIGHTS, "rightsRequestCheck", given, SHOWS)
    assert made["entitlement"] == "PARENTAL_RESPONSIBILITY_SEEN"
    await portal.refuses(office.officer, RIGHTS, "rightsRequestOpen", asks(office), "BAD_USER_INPUT", "localId")


async def test_a_relative_of_the_officer_does_not_exist_for_them(portal: Portal, case: Case, office: Office) -> None:
    await portal.world.connected(office.officer, case.adam.record_id)
    await portal.world.settle()
    await portal.refuses(office.officer, RIGHTS, "rightsRequestOpen", asks(office), "NOT_FOUND", "localId")
    await portal.refuses(office.officer, RIGHTS, "rightsRequestOpen", asks(office, localId="no such id"), "NOT_FOUND", "localId")


async def test_a_confidential_services_request_exists_for_it_alone(portal: Portal, case: Case, office: Office) -> None:
    world = portal.world
    service = await world.service(case.hub)
    inside = await world.practitioner(case.hub, Role.PRIVACY_OFFICER, services=[service])
    await world.known_to(inside, case.adam.person_id, own_id="S1")
    given = asks(office, localId="S1", serviceId=str(service))
    await portal.refuses(office.officer, RIGHTS, "rightsRequestOpen", given, "NOT_FOUND", "serviceId")
    made = await portal.does(inside, RIGHTS, "rightsRequestOpen", given, SHOWS)
    await portal.refuses(office.officer, RIGHTS, "rightsRequestApprove", this(made), "NOT_FOUND", "id")
    await opened(portal, office)  # and it hinders nobody else's
