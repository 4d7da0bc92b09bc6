"""The second wall alone: what the app's role can do by plain SQL, whatever the program above it does."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.access.test_confidential import Town, drop_in, make_town
from tests.conftest import Database
from tests.house import test_row_security as house
from tests.world import NOW, World, day
from throughline.db.columns import new_id

pytestmark = pytest.mark.anyio

DIRECTORY = {
    "agency", "cluster", "feed", "need_label", "oauth_client", "practitioner", "practitioner_role", "service", "service_member",
    "support_kind", "tool", "tool_role",
}  # fmt: skip
SIGNING_IN = {"oauth_assertion"}
DERIVED = {"opening", "search_key"}
UNREAD = {"link_event", "outbox"}
"""Written in somebody's name, and read in nobody's."""
OWNERS = {"retention_schedule", "unusual_threshold"}
"""Neither written nor read in anybody's name."""
TABLES = (
    "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'portal' and c.relkind = 'r' "
    "order by 1"
)
WITH_COLUMN = "select table_name from information_schema.columns where table_schema = 'portal' and column_name = $1 order by 1"
CHILDREN = {
    "support_report_part": ("report_id", "support_report"),
    "support_report_part_person": ("part_id", "support_report_part"),
    "team_position_person": ("position_id", "team_position"),
    "sharing_decision_person": ("decision_id", "sharing_decision"),
    "sharing_decision_receiver": ("decision_id", "sharing_decision"),
    "sharing_reason_person": ("reason_id", "sharing_reason"),
    "address_reader": ("address_id", "address"),
    "identity_number": ("identity_record_id", "identity_record"),
}
"""Tables of what belongs to a record: the column that names it, and its table."""
REFUSED = asyncpg.InsufficientPrivilegeError


@dataclass
class Behind:
    """`app`: a bare connection of the app's role."""

    town: Town
    app: Any

    @property
    def owner(self) -> Any:
        return self.town.world.connection

    async def enter(self, agency: UUID, services: UUID | str = "") -> None:
        await self.app.execute(
            "select set_config('app.agency', $1, true), set_config('app.viewer', $1, true), set_config('app.services', $2, true)",
            str(agency), str(services),
        )  # fmt: skip

    async def tables(self) -> list[str]:
        return [row[0] for row in await self.owner.fetch(TABLES)]

    async def having(self, column: str) -> list[str]:
        return [row[0] for row in await self.owner.fetch(WITH_COLUMN, column)]


@pytest.fixture
async def behind(world: World, database: Database) -> AsyncIterator[Behind]:
    town = await make_town(world)
    await drop_in(town, about=town.child)
    await world.settle()
    connection = await asyncpg.connect(database.app_url)
    yield Behind(town, connection)
    await connection.close()


async def test_nothing_about_people_shows_where_nobody_has_entered(behind: Behind) -> None:
    for table in set(await behind.tables()) - DIRECTORY - SIGNING_IN - UNREAD - OWNERS:
        assert await behind.app.fetchval(f"select count(*) from portal.{table}") == 0, table
    assert await behind.app.fetchval("select count(*) from portal.practitioner") > 0


async def test_confidential_rows_show_to_members_of_their_service_alone(behind: Behind) -> None:
    tables = await behind.having("sensitivity")
    kept = {t for t in tables if await behind.owner.fetchval(f"select count(*) from portal.{t} where sensitivity = 'CONFIDENTIAL'")}
    assert {
        "identity_record",
        "identity_number",
        "support_report",
        "support_report_part",
        "support_report_part_person",
        "need",
    } <= kept
    hidden = "select count(*) from portal.{} where sensitivity = 'CONFIDENTIAL'"
    async with behind.app.transaction():
        for service in ("", new_id()):
            await behind.enter(behind.town.trust, service)
            assert {t for t in tables if await behind.app.fetchval(hidden.format(t))} == set()
        await behind.enter(behind.town.trust, behind.town.service)
        assert {t for t in tables if await behind.app.fetchval(hidden.format(t))} == kept


async def test_nobody_reads_the_ledger_or_the_outbox(behind: Behind) -> None:
    for table in UNREAD | OWNERS:
        async with behind.app.transaction():
            await behind.enter(behind.town.trust, behind.town.service)
            with pytest.raises(REFUSED):
                await behind.app.fetch(f"select * from portal.{table}")


async def test_who_holds_openings_to_a_confidential_services_people_shows_to_that_service_alone(behind: Behind) -> None:
    told = (
        "select count(*) from portal.opening o where not exists (select from portal.identity_record i where i.id = o.subject_id) "
        "and not exists (select from portal.household y where y.id = o.subject_id)"
    )
    kept = "select count(*) from portal.opening where service_id is not null"
    async with behind.app.transaction():
        await behind.enter(behind.town.trust, behind.town.service)
        assert await behind.app.fetchval(kept) > 0
        await behind.enter(behind.town.trust)
        assert (await behind.app.fetchval(kept), await behind.app.fetchval(told)) == (0, 0)


async def test_the_keys_of_a_confidential_services_people_show_to_that_service_alone(behind: Behind) -> None:
    own = await behind.owner.fetchval("select id from portal.identity_record where sensitivity = 'CONFIDENTIAL' limit 1")
    service = await behind.owner.fetchval("select service_id from portal.identity_record where id = $1", own)
    told = "select count(*) from portal.search_key where identity_record_id = $1"
    kept = "select count(*) from portal.search_key where service_id is not null"
    key = {"key": "k", "identity_record_id": own, "service_id": service}
    async with behind.app.transaction():
        await behind.enter(behind.town.trust, service)
        assert await behind.app.fetchval(told, own) == await behind.app.fetchval(kept) > 0
        await insert(behind.app, "search_key", key)
        await behind.enter(behind.town.trust)
        assert (await behind.app.fetchval(told, own), await behind.app.fetchval(kept)) == (0, 0)
        assert await behind.app.fetchval("select count(*) from portal.search_key") > 0
        assert await behind.app.execute("delete from portal.search_key where identity_record_id = $1", own) == "DELETE 0"
        with pytest.raises(REFUSED):
            await insert(behind.app, "search_key", {**key, "key": "another"})


async def test_nothing_is_added_to_another_agencys_record(behind: Behind) -> None:
    """Parts, people, receivers, readers and numbers, in one's own name, to what somebody else made."""
    tried = set()
    own = (await behind.town.world.person(behind.town.elsewhere)).record_id
    for table, (column, parent) in CHILDREN.items():
        row = await behind.owner.fetchrow(
            f"select c.* from portal.{table} c join portal.{parent} p on p.id = c.{column} where p.agency_id <> $1 limit 1",
            behind.town.elsewhere,
        )
        if row is None:
            continue
        values = {**dict(row), "agency_id": behind.town.elsewhere, **({"id": new_id()} if "id" in row else {})}
        if "identity_record_id" in row and column != "identity_record_id":
            values["identity_record_id"] = own
        if "receiver_id" in row:
            values["receiver_id"] = new_id()
        if "service_id" in row:
            values |= {"service_id": None, "sensitivity": "STANDARD"}
        transaction = behind.app.transaction()
        await transaction.start()
        await behind.enter(behind.town.elsewhere)
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await insert(behind.app, table, values)
        await transaction.rollback()
        tried.add(table)
    assert {"support_report_part", "support_report_part_person", "sharing_decision_person", "team_position_person"} <= tried


async def test_who_names_a_confidential_part_is_told_nothing_of_it(behind: Behind) -> None:
    """The same answer as for a part that does not exist."""
    secret = await behind.owner.fetchval("select id from portal.support_report_part where sensitivity = 'CONFIDENTIAL' limit 1")
    own = (await behind.town.world.person(behind.town.elsewhere)).record_id
    told = []
    for part_id in (secret, new_id()):
        transaction = behind.app.transaction()
        await transaction.start()
        await behind.enter(behind.town.elsewhere)
        with pytest.raises(asyncpg.PostgresError) as refused:
            await insert(behind.app, "support_report_part_person", {
                "part_id": part_id, "identity_record_id": own, "agency_id": behind.town.elsewhere, "sensitivity": "STANDARD",
            })  # fmt: skip
        told.append((refused.value.sqlstate, str(refused.value).replace(str(part_id), "")))
        await transaction.rollback()
    assert told[0] == told[1]


async def test_what_has_ended_is_not_taken_up_by_another_agency(behind: Behind) -> None:
    row = await behind.owner.fetchrow("select * from portal.team_position limit 1")
    await behind.owner.execute(
        "update portal.team_position set until_on = $2, version = version + 1 where id = $1", row["id"], day(-1)
    )
    again = "update portal.team_position set until_on = $2, version = version + 1 where id = $1"
    for agency, is_allowed in ((behind.town.elsewhere, False), (row["agency_id"], True)):
        transaction = behind.app.transaction()
        await transaction.start()
        await behind.enter(agency)
        if is_allowed:
            assert await behind.app.execute(again, row["id"], None) == "UPDATE 1"
        else:
            with pytest.raises(REFUSED):
                await behind.app.execute(again, row["id"], None)
        await transaction.rollback()


async def test_a_confidential_row_is_written_by_members_of_its_service_alone(behind: Behind) -> None:
    row = await behind.owner.fetchrow("select * from portal.identity_record where sensitivity = 'CONFIDENTIAL'")
    for service, is_allowed in ((behind.town.service, True), (new_id(), False), ("", False)):
        transaction = behind.app.transaction()
        await transaction.start()
        await behind.enter(behind.town.trust, service)
        values = {**dict(row), "id": new_id(), "own_id": "another"}
        if is_allowed:
            await insert(behind.app, "identity_record", values)
        else:
            with pytest.raises(REFUSED, match="row-level security"):
                await insert(behind.app, "identity_record", values)
        await transaction.rollback()


async def insert(connection: Any, table: str, values: dict[str, Any]) -> None:
    places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
    await connection.execute(f"insert into portal.{table} ({', '.join(values)}) values ({places})", *values.values())


async def test_no_row_is_made_in_another_agencys_name(behind: Behind) -> None:
    """Each row that some agency made is made again by another one, in the first one's name."""
    tried = []
    for table in set(await behind.having("agency_id")) - DIRECTORY - {"record_history"}:
        row = await behind.owner.fetchrow(f"select * from portal.{table} limit 1")
        if row is None:
            continue
        transaction = behind.app.transaction()
        await transaction.start()
        await behind.enter(behind.town.elsewhere)
        with pytest.raises(REFUSED, match="row-level security"):
            await insert(behind.app, table, {**dict(row), **({"id": new_id()} if "id" in row else {})})
        await transaction.rollback()
        tried.append(table)
    assert {"identity_record", "support_report", "enrolment", "sharing_decision", "team_position_person", "assignment"} <= set(
        tried
    )


async def test_another_agencys_record_is_not_rewritten(behind: Behind) -> None:
    """Everything that the app may update at all, tried by an agency that made none of it."""
    for table in set(await behind.having("agency_id")) - DIRECTORY:
        row = await behind.owner.fetchrow(f"select * from portal.{table} where agency_id <> $1 limit 1", behind.town.elsewhere)
        if row is None:
            continue
        before = await behind.owner.fetch(f"select * from portal.{table} t order by t::text")
        for column in sorted(
            set(row.keys()) & {"sensitivity", "reason", "withdrawn_reason", "agency_id", "what_was_done", "given_name", "kinds"}
        ):
            transaction = behind.app.transaction()
            await transaction.start()
            await behind.enter(behind.town.elsewhere)
            bump = ", version = version + 1" if "version" in row.keys() else ""  # noqa: SIM118  # a Record is no mapping
            value = behind.town.elsewhere if column == "agency_id" else 0 if column == "kinds" else "SENSITIVE"
            try:
                await behind.app.execute(f"update portal.{table} set {column} = $1{bump}", value)
                await transaction.commit()
            except (REFUSED, asyncpg.IntegrityConstraintViolationError):
                await transaction.rollback()
        assert await behind.owner.fetch(f"select * from portal.{table} t order by t::text") == before, table


@pytest.mark.parametrize("table", ["sharing_decision", "team_position", "enrolment"])
async def test_nobody_says_yes_in_another_agencys_name(behind: Behind, table: str) -> None:
    town = behind.town
    state = ", state = 'CONFIRMED'" if table == "enrolment" else ""
    proposed = {
        "sharing_decision": town.world.decision(town.trust, [town.trust], [town.child]),
        "team_position": town.world.position(town.trust, town.nurse, town.home, [town.child], "LEAD"),
        "enrolment": town.world.enrolled(town.trust, town.child, town.elsewhere),
    }
    row = {name: await making for name, making in proposed.items()}[table]
    async with behind.app.transaction():
        await behind.enter(town.trust)
        with pytest.raises(REFUSED, match="another agency's name"):
            async with behind.app.transaction():
                await behind.app.execute(
                    f"update portal.{table} set confirmed_by_agency_id = $2, version = version + 1{state} where id = $1",
                    row, town.elsewhere,
                )  # fmt: skip
    async with behind.app.transaction():
        await behind.enter(town.elsewhere)
        done = await behind.app.execute(
            f"update portal.{table} set confirmed_by_agency_id = $2, version = version + 1{state} where id = $1",
            row,
            town.elsewhere,
        )
        assert done == "UPDATE 1"


async def test_nothing_is_deleted_or_emptied(behind: Behind) -> None:
    for table in set(await behind.tables()) - DERIVED - SIGNING_IN:
        for statement in (f"delete from portal.{table}", f"truncate portal.{table}"):
            async with behind.app.transaction():
                await behind.enter(behind.town.trust)
                with pytest.raises(REFUSED):
                    async with behind.app.transaction():
                        await behind.app.execute(statement)


async def test_history_is_kept_by_the_database_and_written_by_nobody(behind: Behind) -> None:
    town = behind.town
    need = await town.world.about("need", town.trust, town.child)
    async with behind.app.transaction():
        await behind.enter(town.trust)
        await behind.app.execute("update portal.need set reason = 'better', version = 2 where id = $1", need)
        with pytest.raises(REFUSED):
            async with behind.app.transaction():
                await behind.app.execute("update portal.record_history set version = 9")
        with pytest.raises(asyncpg.SerializationError):
            async with behind.app.transaction():
                await behind.app.execute("update portal.need set reason = 'again', version = 2 where id = $1", need)
    assert await behind.owner.fetchval("select body ->> 'reason' from portal.record_history where record_id = $1", need) == "tired"


async def test_the_trail_is_only_ever_added_to_and_read_by_nobody(behind: Behind) -> None:
    entry = (
        "insert into audit.entry (id, at, agency_id, actor_id, client_id, role, purpose, verb, operation, policy_version, outcome) "
        "values ($1, now(), $2, $2, 'c', 'r', 'p', 'v', 'o', 'p', 'SHOWN')"
    )
    async with behind.app.transaction():
        await behind.enter(behind.town.trust)
        await behind.app.execute(entry, new_id(), behind.town.trust)
        for statement in (
            "select * from audit.entry",
            "update audit.entry set verb = 'x'",
            "delete from audit.entry",
            "truncate audit.entry",
        ):
            with pytest.raises(REFUSED):
                async with behind.app.transaction():
                    await behind.app.execute(statement)
        with pytest.raises(REFUSED, match="row-level security"):
            async with behind.app.transaction():
                await behind.app.execute(entry, new_id(), behind.town.elsewhere)
    assert await behind.owner.fetchval("select count(*) from audit.entry") == 1


async def test_one_connection_enters_one_agency_after_another_and_keeps_nothing(behind: Behind) -> None:
    confidential = "select count(*) from portal.identity_record where sensitivity = 'CONFIDENTIAL'"
    everybody = "select count(*) from portal.identity_record"
    async with behind.app.transaction():
        await behind.enter(behind.town.trust, behind.town.service)
        assert await behind.app.fetchval(confidential) == 1
    assert await behind.app.fetchval(everybody) == 0
    async with behind.app.transaction():
        assert await behind.app.fetchval(everybody) == 0
        await behind.enter(behind.town.elsewhere)
        assert await behind.app.fetchval(confidential) == 0
        assert await behind.app.fetchval(everybody) > 0
    assert await behind.app.fetchval(everybody) == 0


@pytest.mark.parametrize(
    "statement",
    ["set role throughline_owner", "alter table portal.need disable row level security", "create table portal.mine (id uuid)",
     "create policy mine on portal.need using (true)", "select * from audit.entry"],
)  # fmt: skip
async def test_the_app_cannot_make_itself_more_than_it_is(behind: Behind, statement: str) -> None:
    with pytest.raises(REFUSED):
        await behind.app.execute(statement)


async def test_switching_row_security_off_shows_nothing(behind: Behind) -> None:
    await behind.app.execute("set row_security = off")
    with pytest.raises(REFUSED):
        await behind.app.fetch("select * from portal.need")


async def test_a_table_that_somebody_adds_without_row_security_fails_the_house(database: Database) -> None:
    await house.test_every_table_that_the_app_can_touch_is_under_forced_row_security(database)
    owner = await asyncpg.connect(database.owner_url)
    await owner.execute("create table portal.forgotten (id uuid); grant select on portal.forgotten to throughline_app")
    await owner.close()
    with pytest.raises(AssertionError, match="forgotten"):
        await house.test_every_table_that_the_app_can_touch_is_under_forced_row_security(database)
    with pytest.raises(AssertionError, match="forgotten"):
        await house.test_every_such_table_has_a_policy_of_its_own_for_the_app(database)


# What the second wall does not keep: checks that PostgreSQL makes for itself pass row security by.


async def test_a_foreign_key_tells_that_an_id_exists_but_only_to_whom_knows_the_id(behind: Behind) -> None:
    """Ids are random in 74 bits and no answer holds one of a confidential record, so there is nothing to try."""
    town = behind.town
    hidden = await behind.owner.fetchval("select id from portal.identity_record where sensitivity = 'CONFIDENTIAL'")
    values = {
        "agency_id": town.elsewhere, "holder_id": town.nurse.id, "from_on": day(0), "version": 1, "sensitivity": "STANDARD", "made_at": NOW,
    }  # fmt: skip
    async with behind.app.transaction():
        await behind.enter(town.elsewhere)
        await insert(behind.app, "assignment", {**values, "id": new_id(), "identity_record_id": hidden})
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            async with behind.app.transaction():
                await insert(behind.app, "assignment", {**values, "id": new_id(), "identity_record_id": new_id()})


async def test_an_own_id_that_a_confidential_service_uses_is_free_for_its_colleagues(behind: Behind) -> None:
    row = dict(await behind.owner.fetchrow("select * from portal.identity_record where sensitivity = 'CONFIDENTIAL'"))
    async with behind.app.transaction():
        await behind.enter(behind.town.trust)
        ordinary = {**row, "id": new_id(), "service_id": None, "sensitivity": "STANDARD"}
        await insert(behind.app, "identity_record", ordinary)
        with pytest.raises(asyncpg.UniqueViolationError):
            async with behind.app.transaction():
                await insert(behind.app, "identity_record", {**ordinary, "id": new_id()})
