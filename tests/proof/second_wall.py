"""What the tables themselves let the app's role read and write, whatever the program asks: the second wall by itself."""

from uuid import UUID

import asyncpg

from tests.proof.hidden import Row
from tests.proof.oracle import case
from tests.proof.properties import Trial
from tests.proof.stage import TABLES
from tests.reading.worlds import TODAY
from throughline.db.bootstrap import APP_ROLE


async def behind_the_second_wall(trial: Trial) -> list[str]:
    """As the app's role, straight from the tables: nothing without a viewer, nothing CONFIDENTIAL outside its service, no row in
    another agency's name, and none of the own agency's beneath another's record."""
    stage, c = trial.stage, case(trial.truth.world, trial.truth.viewer, TODAY)
    secret = {
        row["id"] for rows in stage.rows.values() for row in rows
        if row.get("sensitivity") == "CONFIDENTIAL" and row["service_id"] not in c.my_services and "id" in row
    }  # fmt: skip
    faults = []
    async with stage.aside():
        readable = await stage.connection.fetch(_READABLE, APP_ROLE)
        await stage.connection.execute(f"set local role {APP_ROLE}")
        for relation in readable:
            if relation["is_careful"] and await stage.connection.fetchval(f"select exists (select from portal.{relation['name']})"):
                faults.append(f"second wall: {relation['name']} shows with no viewer")
        settings = (str(c.viewer.actor), str(c.us), ",".join(str(one) for one in c.my_services))
        for name, value in zip(("viewer", "agency", "services"), settings, strict=True):
            await stage.connection.execute("select set_config($1, $2, true)", f"app.{name}", value)
        for relation in readable:
            if relation["has_id"]:
                found = await stage.connection.fetch(f"select id from portal.{relation['name']} where id = any($1)", list(secret))
                faults += [f"second wall: {relation['name']} shows {row['id']}" for row in found[:1]]
        faults += [*await _foreign_row(trial), *await _foreign_child(trial)]
    return [f"{one}\n{trial.viewer}" for one in faults]


_READABLE = """
    select c.relname as name,
      exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'id' and a.atttypid = 'uuid'::regtype) has_id,
      exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'sensitivity') is_careful
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'portal' and c.relkind in ('r', 'v', 'm') and has_table_privilege($1, c.oid, 'select') order by 1
"""


async def _foreign_row(trial: Trial) -> list[str]:
    """A need in another agency's name."""
    others = [row for row in trial.stage.rows["need"] if row["agency_id"] != trial.truth.viewer.agency and not row["service_id"]]
    if not others:
        return []
    row = trial.chance.choice(others) | {"id": UUID(int=trial.chance.getrandbits(128), version=4)}
    try:
        async with trial.stage.connection.transaction():
            await _insert(trial, "need", row)
    except asyncpg.InsufficientPrivilegeError:
        return []
    return ["second wall: a need was written in another agency's name"]


CHILDREN = [
    (table.name, next(column.name for column in key.columns if column.name != "agency_id"), key.referred_table.name)
    for table in TABLES.values()
    for key in table.foreign_key_constraints
    if len(key.columns) > 1 and "agency_id" in key.columns
]
"""Tables of what belongs to a record: each with its column that names the record, and the table where that is found."""


async def _foreign_child(trial: Trial) -> list[str]:
    """Something of the own agency's that belongs to another agency's record: whom it names, to whom it is open."""
    rows, own = trial.stage.rows, trial.truth.viewer.agency
    table, column, parent = trial.chance.choice(CHILDREN)
    theirs = {row["id"] for row in rows[parent] if row["agency_id"] != own}
    said = [row for row in rows[table] if row[column] in theirs]
    if not said:
        return []
    row = trial.chance.choice(said) | {"agency_id": own}
    changed = {name: UUID(int=trial.chance.getrandbits(128), version=4) for name in ("id",) if name in row}
    keys = [one.name for one in TABLES[table].primary_key]
    for name, source in (("identity_record_id", "identity_record"), ("practitioner_id", "practitioner"), ("receiver_id", "agency")):
        if name in keys:  # somebody of whom it is not said yet
            known = {one[name] for one in rows[table] if one[column] == row[column]}
            others = [one["id"] for one in rows[source] if one["id"] not in known]
            changed |= {name: trial.chance.choice(others)} if others else {}
    try:
        async with trial.stage.connection.transaction():
            await _insert(trial, table, row | changed)
    except (asyncpg.InsufficientPrivilegeError, asyncpg.IntegrityConstraintViolationError):
        return []
    return [f"second wall: a {table} of the own agency was written beneath another agency's {parent}"]


async def _insert(trial: Trial, table: str, row: Row) -> None:
    columns = ", ".join(row)
    places = ", ".join(f"${place}" for place in range(1, len(row) + 1))
    await trial.stage.connection.execute(f"insert into portal.{table} ({columns}) values ({places})", *row.values())
