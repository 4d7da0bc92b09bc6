"""Who has seen my record: agency, purpose and day; never staff, and nothing that would give somebody away."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.conftest import Database
from tests.transfer.desk import Desk, opened
from tests.world import NOW, SENSITIVE, STANDARD, Someone, day
from throughline.audit.trail import seen_bytes
from throughline.db.columns import new_id
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio
LOG = """query($id: ID!, $first: Int, $after: String) { node(id: $id) { ... on RightsRequest {
    disclosures(first: $first, after: $after) { totalCount
    edges { node { id day purpose agency { name } } } pageInfo { hasNextPage endCursor } } } } }"""
Line = tuple[str, str, str]


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(database, tmp_path) as made:
        yield made


async def saw(desk: Desk, who: Someone, purpose: Purpose, *rows: UUID, at: datetime = NOW, outcome: str = "SHOWN") -> None:
    """An entry of the trail, as a read leaves it."""
    await desk.world.connection.execute(
        "insert into audit.entry (id, at, agency_id, actor_id, client_id, role, purpose, verb, operation, policy_version, outcome, seen) "
        "values ($1, $2, $3, $4, $5, $6, $7, 'person', 'test', 'test', $8, $9)",
        new_id(), at, who.agency_id, who.id, who.client_id, str(who.role), str(purpose), outcome, seen_bytes((row, 1) for row in rows),
    )  # fmt: skip


async def log(desk: Desk, who: Someone, request_id: UUID, purpose: Purpose = Purpose.RIGHTS) -> set[Line] | None:
    """Every line, page by page; None where there is no such request. Unfolds the trail first, as a server does every minute."""
    while await desk.pool.fetchval("select app.index_trail(3)"):
        pass
    lines: list[Any] = []
    after = None
    while True:
        said = await desk.ask(who, purpose, LOG, id=str(request_id), first=2, after=after)
        if said["node"] is None:
            return None
        page = said["node"]["disclosures"]
        lines += [edge["node"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert len(lines) == page["totalCount"]
    found = {(one["agency"]["name"], one["purpose"], one["day"]) for one in lines}
    assert len(found) == len(lines)
    return found


TODAY = "2026-03-11"


async def test_it_names_agency_purpose_and_day_and_nothing_that_gives_away(desk: Desk) -> None:
    world, case = desk.world, desk.case
    twin = await world.person(case.lead, "Zebedee", "Khan")
    need = await world.about("need", case.lead, case.adam)
    others = await world.about("need", case.lead, twin)
    theirs = await world.about("need", case.nurse, case.adam)
    both = await world.report(case.lead, ([case.adam], STANDARD), ([twin], STANDARD))
    parts = [row[0] for row in await world.connection.fetch(
        "select id from portal.support_report_part where report_id = $1 order by ordinal", both)]  # fmt: skip
    police = await world.practitioner(await world.agency(AgencyKind.POLICE, "Police"), Role.POLICE_OFFICER)
    refuge = await world.agency(AgencyKind.VOLUNTARY, "The refuge")
    hidden = await world.practitioner(refuge, Role.VOLUNTARY_WORKER, services=[await world.service(refuge)])
    request = await world.rights_request(desk.officer, case.adam)
    await saw(desk, case.nurse, Purpose.SUPPORT, need, parts[0])
    await saw(desk, case.nurse, Purpose.SUPPORT, need, at=NOW + timedelta(hours=2))
    await saw(desk, case.nurse, Purpose.SUPPORT, need, at=NOW - timedelta(days=3))
    await saw(desk, case.lead, Purpose.SUPPORT, both, parts[0])
    await saw(desk, case.triage, Purpose.TRIAGE, case.adam.record_id)
    # and what must not be told, or is not about him
    await saw(desk, police, Purpose.PROTECTION, need)
    await saw(desk, hidden, Purpose.SUPPORT, need)
    await saw(desk, case.teacher, Purpose.SUPPORT, both, parts[1], others)
    await saw(desk, case.coordinator, Purpose.TRANSITION, theirs, case.adam.person_id)
    await saw(desk, case.inclusion_lead, Purpose.SUPPORT, need, outcome="ABSENT")
    await saw(desk, desk.officer, Purpose.RIGHTS, need)
    told = {
        ("Health visiting", "SUPPORT", TODAY), ("Health visiting", "SUPPORT", "2026-03-08"), ("Family hub", "SUPPORT", TODAY),
        ("Front door", "TRIAGE", TODAY),
    }  # fmt: skip
    assert await log(desk, desk.officer, request) == told
    answer = await desk.get(desk.officer, request)
    assert {(one["agency"]["name"], one["purpose"], one["day"]) for one in answer.json()["seenBy"]} == told
    page = (await desk.get(desk.officer, request, "html")).text
    assert "Front door" in page
    for trap in ("Police", "refuge", "Hill Primary", str(case.nurse.id)):
        assert trap not in answer.text
        assert trap not in page
    assert await log(desk, desk.officer, request) == told  # to be given it is not in it
    # each of the traps is told of somebody, or told when nothing stands against it: the test can fail
    await world.change("practitioner", hidden.id, name="moved")
    await world.connection.execute("update portal.service set is_confidential = false where agency_id = $1", refuge)
    assert await log(desk, desk.officer, request) == told | {("The refuge", "SUPPORT", TODAY)}


async def test_an_officer_takes_a_line_out_and_nothing_shows_it(desk: Desk) -> None:
    need = await desk.world.about("need", desk.case.lead, desk.case.adam)
    request = await desk.world.rights_request(desk.officer, desk.case.adam)
    await saw(desk, desk.case.nurse, Purpose.SUPPORT, need)
    await saw(desk, desk.case.triage, Purpose.TRIAGE, need)
    assert len(await log(desk, desk.officer, request) or ()) == 2
    said = await desk.ask(desk.officer, Purpose.RIGHTS, LOG, id=str(request), first=100)
    line = next(e["node"]["id"] for e in said["node"]["disclosures"]["edges"] if e["node"]["purpose"] == "TRIAGE")
    await desk.world.join(
        "left_out", request_id=request, left_out_id=UUID(line), agency_id=desk.case.hub, sensitivity="STANDARD",
        reason="ENQUIRY", at=NOW,
    )  # fmt: skip
    assert await log(desk, desk.officer, request) == {("Health visiting", "SUPPORT", TODAY)}


async def test_nobody_is_told_without_an_approved_request_of_their_own(desk: Desk) -> None:
    need = await desk.world.about("need", desk.case.lead, desk.case.adam)
    await saw(desk, desk.case.nurse, Purpose.SUPPORT, need)
    approved = await desk.world.rights_request(desk.officer, desk.case.adam)
    assert await log(desk, desk.officer, approved)
    for state in ("OPEN", "CHECKED", "CLOSED"):
        assert await log(desk, desk.officer, await desk.world.rights_request(desk.officer, desk.case.adam, state)) == set()
    assert await log(desk, desk.elsewhere, approved) is None
    assert await log(desk, desk.officer, approved, Purpose.ASSURANCE) is None
    assert await log(desk, desk.case.manager, approved) == set()  # who approves it sees the request, and is told nothing
    gone = "update portal.practitioner_role set until_on = '2026-01-01' where practitioner_id = $1"
    await desk.world.connection.execute(gone, desk.officer.id)
    assert await desk.pool.fetch("select * from app.disclosures($1)", approved) == []


async def test_an_enquiry_a_hiding_place_and_what_a_child_keeps_private_are_not_told(desk: Desk) -> None:
    world, case = desk.world, desk.case
    need = await world.about("need", case.lead, case.adam)
    private = await world.about("involvement", case.lead, case.adam, SENSITIVE)
    await saw(desk, case.social_worker, Purpose.PROTECTION, need)
    await saw(desk, case.nurse, Purpose.SUPPORT, private)
    mine = await world.rights_request(desk.officer, case.adam)
    by_parent = await world.rights_request(desk.officer, case.adam, asked_by="PARENT", entitlement="PARENTAL_RESPONSIBILITY_SEEN")
    agreed = await world.rights_request(desk.officer, case.adam, asked_by="PARENT", entitlement="CHILD_AGREES")
    protecting, private_line = ("Front door", "PROTECTION", TODAY), ("Health visiting", "SUPPORT", TODAY)
    assert await log(desk, desk.officer, mine) == await log(desk, desk.officer, agreed) == {protecting, private_line}
    assert await log(desk, desk.officer, by_parent) == {protecting}
    assert str(private) in (await desk.get(desk.officer, agreed)).text
    assert str(private) not in (await desk.get(desk.officer, by_parent)).text
    enquiry = await world.about("legal_status", case.social_worker, case.adam, status="ENQUIRY", from_on=day(-1))
    assert await log(desk, desk.officer, mine) == {private_line}
    await world.change("legal_status", enquiry, until_on=day(0))
    assert await log(desk, desk.officer, mine) == {protecting, private_line}
    address = await world.about("address", case.nurse, case.adam, is_confidential=True, until_on=None)
    assert await log(desk, desk.officer, mine) == set()
    await world.change("address", address, withdrawn_at=NOW, withdrawn_reason="moved")
    assert await log(desk, desk.officer, mine) == {protecting, private_line}
    mark = await world.protected(case.front_door, case.adam, "WHEREABOUTS")
    await world.settle()
    assert await log(desk, desk.officer, mine) == set()
    await world.change("protection", mark, until_on=day(-1), lifted_because="over")
    await world.settle()
    assert await log(desk, desk.officer, mine) == {protecting, private_line}


async def test_a_request_about_somebody_in_anothers_custody_is_none(desk: Desk) -> None:
    world, case = desk.world, desk.case
    need = await world.about("need", case.lead, case.adam)
    await saw(desk, case.nurse, Purpose.SUPPORT, need)
    request = await world.rights_request(desk.officer, case.adam)
    told = {("Health visiting", "SUPPORT", TODAY)}
    assert await log(desk, desk.officer, request) == told
    mark = await world.protected(case.front_door, case.adam)
    assert await log(desk, desk.officer, request) is None
    assert await desk.pool.fetch("select * from app.disclosures($1)", request) == []
    assert (await desk.get(desk.officer, request)).status_code == (await desk.get(desk.officer, new_id())).status_code
    later = await world.rights_request(desk.officer, case.adam)
    assert await log(desk, desk.officer, later) is None
    await world.change("protection", mark, until_on=day(-1), lifted_because="over")
    assert await log(desk, desk.officer, request) == await log(desk, desk.officer, later) == told
