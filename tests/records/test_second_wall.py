"""What PostgreSQL itself refuses the app's role, whatever the program in front of it does."""

from typing import Any

import asyncpg
import pytest

from tests.conftest import Database
from tests.records.case import Case
from tests.records.portal import Portal

pytestmark = pytest.mark.anyio


async def refused_as(database: Database, agency: object, statement: str, *values: Any) -> None:
    connection = await asyncpg.connect(database.app_url)
    try:
        await connection.execute("select set_config('app.agency', $1, false)", str(agency))
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement, *values)
    finally:
        await connection.close()


CONFIRMS = "update portal.team_position set version = version + 1, confirmed_by_agency_id = $2 where id = $1"


async def test_nobody_says_yes_in_another_agencys_name(portal: Portal, case: Case, database: Database) -> None:
    position = await portal.world.position(case.lead, case.nurse, case.home, [case.adam])
    for agency in (case.hub, case.health):
        await refused_as(database, agency, CONFIRMS, position, case.front_door)


async def test_nobody_makes_what_another_agency_has_confirmed(portal: Portal, case: Case, database: Database) -> None:
    made = (
        "insert into portal.team_position select (jsonb_populate_record(p, "
        "jsonb_build_object('id', gen_random_uuid()))).* from portal.team_position p where p.id = $1"
    )
    await refused_as(database, case.hub, made, case.leading)


async def test_another_agency_ends_a_membership_and_changes_nothing_else(portal: Portal, case: Case, database: Database) -> None:
    member = await portal.world.connection.fetchval("select id from portal.membership limit 1")
    changes = "update portal.membership set version = version + 1, role = 'CARER' where id = $1"
    await refused_as(database, case.health, changes, member)


async def test_another_agency_withdraws_no_decision(portal: Portal, case: Case, database: Database) -> None:
    decision = await portal.world.decision(case.lead, [case.school], [case.adam])
    withdraws = "update portal.sharing_decision set version = version + 1, withdrawn_on = '2026-03-11' where id = $1"
    await refused_as(database, case.health, withdraws, decision)
