"""A privacy officer's queries: their own agency's entries, and which agencies saw its records; nothing of anybody else's."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.conftest import Database
from tests.transfer.desk import Desk, opened
from tests.world import CONFIDENTIAL, NOW, Human, Someone
from throughline.audit.trail import seen_bytes
from throughline.db.columns import new_id
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio
ASSURANCE = Purpose.ASSURANCE
ENTRIES = """query($input: AuditEntriesInput!, $first: Int, $after: String) { auditEntries(input: $input, first: $first, after: $after) {
    totalCount edges { node { id at practitioner { id } role purpose act outcome } } pageInfo { hasNextPage endCursor } } }"""
SEEN = "query($input: RecordsSeenInput!) { disclosures(input: $input) { agency { name } purpose records lastOn } }"
DAYS = {"fromOn": "2026-03-01", "untilOn": "2026-03-11"}


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(database, tmp_path) as made:
        yield made


async def saw(desk: Desk, who: Someone, purpose: Purpose, *rows: UUID, at: datetime = NOW, outcome: str = "SHOWN") -> UUID:
    entry = new_id()
    await desk.world.connection.execute(
        "insert into audit.entry (id, at, agency_id, actor_id, client_id, role, purpose, verb, operation, policy_version, outcome, seen) "
        "values ($1, $2, $3, $4, $5, $6, $7, 'person', 'test', 'test', $8, $9)",
        entry, at, who.agency_id, who.id, who.client_id, str(who.role), str(purpose), outcome, seen_bytes((row, 1) for row in rows),
    )  # fmt: skip
    return entry


async def entries(desk: Desk, who: Someone, given: dict[str, Any] | None = None, purpose: Purpose = ASSURANCE) -> list[str]:
    """The ids, page by page, newest first."""
    found: list[str] = []
    after = None
    while True:
        said = await desk.ask(who, purpose, ENTRIES, input={**DAYS, **(given or {})}, first=2, after=after)
        page = said["auditEntries"]
        found += [edge["node"]["id"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


async def test_they_are_the_agencys_own_and_narrowed_as_asked(desk: Desk) -> None:
    case, sql = desk.case, desk.world.connection
    need = await desk.world.about("need", case.lead, case.adam)
    made = {
        "lead": await saw(desk, case.lead, Purpose.SUPPORT, need, case.adam.person_id),
        "long ago": await saw(desk, case.lead, Purpose.SUPPORT, need, at=NOW - timedelta(days=200)),
        "refused": await saw(desk, case.manager, Purpose.SUPPORT, outcome="FORBIDDEN"),
        "absent": await saw(desk, case.manager, Purpose.RIGHTS, outcome="ABSENT"),
        "nurse": await saw(desk, case.nurse, Purpose.SUPPORT, need),
    }
    ours = {str(made[name]) for name in ("lead", "refused", "absent")}
    own = await entries(desk, desk.officer)
    assert set(own) - ours <= {
        str(row[0]) for row in await sql.fetch("select id from audit.entry where actor_id = $1", desk.officer.id)
    }
    assert ours <= set(own)
    assert own == sorted(own, reverse=True)
    looks = await sql.fetchval("select count(*) from audit.entry where actor_id = $1 and verb = 'audit_entries'", desk.officer.id)
    assert looks >= 2  # reads of the log are in the log
    await desk.pool.fetchval("select app.index_trail(1000)")
    narrowed: list[tuple[dict[str, Any], set[str]]] = [
        ({"practitionerId": str(case.manager.id)}, {"refused", "absent"}),
        ({"practitionerId": str(case.nurse.id)}, set()),
        ({"purpose": "SUPPORT"}, {"lead", "refused"}),
        ({"isRefused": True}, {"refused"}),
        ({"isRefused": False, "practitionerId": str(case.manager.id)}, {"absent"}),
        ({"personId": str(case.adam.person_id)}, {"lead"}),
        ({"personId": str(case.sara.person_id)}, set()),
        ({"personId": str(UUID(int=5))}, set()),
    ]
    for given, names in narrowed:
        assert set(await entries(desk, desk.officer, given)) == {str(made[name]) for name in names}, given
    with pytest.raises(AssertionError, match="BAD_USER_INPUT"):
        await entries(desk, desk.officer, {"fromOn": "2025-01-01"})


async def test_nobody_else_is_told_anything(desk: Desk) -> None:
    case = desk.case
    need = await desk.world.about("need", case.lead, case.adam)
    await saw(desk, case.lead, Purpose.SUPPORT, need)
    await saw(desk, case.nurse, Purpose.SUPPORT, need)
    await desk.pool.fetchval("select app.index_trail(1000)")
    assert await entries(desk, desk.officer)
    for who, purpose in ((desk.officer, Purpose.RIGHTS), (case.manager, Purpose.SUPPORT), (case.lead, Purpose.SUPPORT)):
        assert await entries(desk, who, None, purpose) == []
        assert (await desk.ask(who, purpose, SEEN, input=DAYS))["disclosures"] == []
    theirs = await entries(desk, desk.elsewhere, {"practitionerId": str(case.lead.id)})
    assert theirs == []
    assert (await desk.ask(desk.elsewhere, ASSURANCE, SEEN, input=DAYS))["disclosures"] == []


async def test_of_a_confidential_service_and_of_ones_own_relatives_nothing_shows(desk: Desk) -> None:
    world, case = desk.world, desk.case
    service = await world.service(case.hub)
    keeper = await world.practitioner(case.hub, Role.HEALTH_PRACTITIONER, services=[service])
    own = Human(case.adam.person_id, await world.known_to(keeper, case.adam.person_id))
    secret = await world.about("need", keeper, own, CONFIDENTIAL)
    need = await world.about("need", case.lead, case.adam)
    hidden = await saw(desk, keeper, Purpose.SUPPORT, secret, own.record_id, case.adam.person_id)
    open_ = await saw(desk, case.lead, Purpose.SUPPORT, need)
    await desk.pool.fetchval("select app.index_trail(1000)")
    inside = await world.practitioner(case.hub, Role.PRIVACY_OFFICER, services=[service])
    adam = {"personId": str(case.adam.person_id)}
    assert await entries(desk, desk.officer, adam) == [str(open_)]
    assert [one["records"] for one in (await desk.ask(desk.officer, ASSURANCE, SEEN, input=DAYS))["disclosures"]] == [1]
    assert [one["records"] for one in (await desk.ask(inside, ASSURANCE, SEEN, input=DAYS))["disclosures"]] == [3]
    assert str(hidden) in await entries(desk, desk.officer)  # that somebody worked is no secret; with whom is
    await world.connected(desk.officer, case.adam.record_id)
    await world.settle()
    assert await entries(desk, desk.officer, adam) == []
    assert await entries(desk, desk.second, adam) == [str(open_)]


async def test_which_agencies_saw_our_records(desk: Desk) -> None:
    case = desk.case
    need, other = [await desk.world.about("need", case.lead, human) for human in (case.adam, case.sara)]
    theirs = await desk.world.about("need", case.nurse, case.adam)
    await saw(desk, case.nurse, Purpose.SUPPORT, need, other, theirs)
    await saw(desk, case.nurse, Purpose.SUPPORT, need, at=NOW - timedelta(days=1))
    await saw(desk, case.triage, Purpose.TRIAGE, need)
    await saw(desk, case.teacher, Purpose.SUPPORT, need, at=NOW - timedelta(days=100))
    await desk.pool.fetchval("select app.index_trail(1000)")
    told = (await desk.ask(desk.officer, ASSURANCE, SEEN, input=DAYS))["disclosures"]
    assert [(one["agency"]["name"], one["purpose"], one["records"], one["lastOn"]) for one in told] == [
        ("Health visiting", "SUPPORT", 2, "2026-03-11"),
        ("Front door", "TRIAGE", 1, "2026-03-11"),
    ]


async def test_of_somebody_in_anothers_custody_nothing_shows(desk: Desk) -> None:
    world, case = desk.world, desk.case
    need, other = [await world.about("need", case.lead, human) for human in (case.adam, case.sara)]
    look = await saw(desk, case.lead, Purpose.SUPPORT, need, case.adam.person_id)
    await saw(desk, case.nurse, Purpose.SUPPORT, need, other)
    await desk.pool.fetchval("select app.index_trail(1000)")
    adam = {"personId": str(case.adam.person_id)}

    async def counted() -> list[int]:
        return [one["records"] for one in (await desk.ask(desk.officer, ASSURANCE, SEEN, input=DAYS))["disclosures"]]

    assert (await entries(desk, desk.officer, adam), await counted()) == ([str(look)], [2, 1])
    await world.protected(case.front_door, case.adam)
    assert (await entries(desk, desk.officer, adam), await counted()) == ([], [1])
    assert str(look) in await entries(desk, desk.officer)  # that somebody worked is no secret; with whom is


async def test_the_second_wall_shows_the_trail_to_no_other_statement(desk: Desk) -> None:
    """Who has entered reads nothing of it by themselves, and never an id of what was shown."""
    await saw(desk, desk.case.lead, Purpose.SUPPORT, desk.case.adam.record_id)
    settings = "select set_config('app.viewer', $1, true), set_config('app.agency', $2, true), set_config('app.audits', $3, true)"
    for audits, agency, found in (("", desk.case.hub, 0), ("own", desk.case.health, 0), ("own", desk.case.hub, 1)):
        async with desk.pool.acquire() as connection, connection.transaction():
            await connection.execute(settings, str(desk.officer.id), str(agency), audits)
            assert await connection.fetchval("select count(*) from audit.entry") == found
    for forbidden in ("select seen from audit.entry", "select terms from audit.entry", "select * from audit.shown"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await desk.pool.fetch(forbidden)
