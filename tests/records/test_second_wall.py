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


NAMES = "insert into portal.{} ({}, identity_record_id, agency_id) values ($1, $2, $3)"
SENDS = "insert into portal.sharing_decision_receiver (decision_id, receiver_id, agency_id) values ($1, $2, $3)"


@pytest.mark.parametrize("is_confirmed", [True, False])
async def test_what_has_been_confirmed_takes_no_more_people_or_receivers(
    portal: Portal, case: Case, database: Database, is_confirmed: bool
) -> None:
    """Not even of its own maker: the yes was to those whom it named."""
    yes = case.front_door if is_confirmed else None
    position = await portal.world.position(case.lead, case.nurse, case.home, [case.adam], confirmed_by=yes)
    decision = await portal.world.decision(case.lead, [case.school], [case.adam], confirmed_by=yes)
    for statement, record, named in (
        (NAMES.format("team_position_person", "position_id"), position, case.sara.record_id),
        (NAMES.format("sharing_decision_person", "decision_id"), decision, case.sara.record_id),
        (SENDS, decision, case.health),
    ):
        if is_confirmed:
            await refused_as(database, case.hub, statement, record, named, case.hub)
        else:
            connection = await asyncpg.connect(database.app_url)
            await connection.execute("select set_config('app.agency', $1, false)", str(case.hub))
            assert await connection.execute(statement, record, named, case.hub) == "INSERT 0 1"
            await connection.close()
