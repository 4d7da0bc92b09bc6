"""Writes the borough into a database: whole, in one transaction, and only where there is nothing else."""

import json
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import asyncpg

import throughline.audit.seal
import throughline.audit.trail
import throughline.records.catalogue  # noqa: F401  # registers every table
from throughline.access.gate import day_in_london
from throughline.access.opening import Opening
from throughline.access.openings import refresh_all
from throughline.db.base import Base
from throughline.demo.borough import Figures, build
from throughline.demo.clients import clients
from throughline.demo.world import World
from throughline.linking.keys import hashed_keys, link_keys
from throughline.records.published_count import last_year, publish
from throughline.terms.names import search_keys

Report = Callable[[str], None]
_MARK = "Throughline demo "  # begins the comment on the schema of a database that holds a borough


class SeedError(Exception):
    """The database is not one that a demo may fill; the message says why."""


@dataclass(frozen=True)
class Seeded:
    """`seed`, `children` and `as_of` of the borough that the database holds; `named`: people and families to
    begin with; `rows`: written now, by table."""

    seed: int
    children: int
    as_of: date
    named: Mapping[str, UUID]
    rows: Mapping[str, int]
    figures: Figures | None = None

    @property
    def is_new(self) -> bool:
        return self.figures is not None


async def seed(
    owner_url: str,
    *,
    secret: str,
    seed: int,
    children: int,
    fresh: bool = False,
    as_of: date | None = None,
    report: Report = lambda _: None,
) -> Seeded:
    """A database that holds a borough keeps it, unless `fresh`. `as_of`: its day, if not today. Raises SeedError, BoroughError."""
    connection = await asyncpg.connect(owner_url)
    try:
        async with connection.transaction():
            # Two demos at once: one waits, and keeps what the other has written.
            await connection.execute("lock table portal.agency in share row exclusive mode")
            mark, today = await _mark(connection), as_of or day_in_london(datetime.now(UTC))
            if mark is not None and not fresh:
                await connection.execute(_FEED_AGAIN, today)
                report(f"The borough of {mark.as_of:%-d %B %Y} is there, with all that was written since.")
                return mark
            await _make_room(connection, holds_a_borough=mark is not None)
            return await _fill(connection, secret, seed, children, today, report)
    finally:
        await connection.close()


_FEED_AGAIN = """
    update portal.feed set covered_to = covered_to + late.days from (
      select $1::date - 1 - max(covered_to) as days from portal.feed) late
    where late.days > 0
"""
"""Partners go on feeding a borough that is kept: all of them again as late as on its first day, when the newest was of yesterday."""


async def _fill(connection: Any, secret: str, seed: int, children: int, as_of: date, report: Report) -> Seeded:
    began = time.perf_counter()
    key = secret.encode()
    world, figures = build(children, seed, as_of, lambda number: hashed_keys(key, [f"UPN {number}"])[0])
    clients(world, secret)
    _make_search_keys(world, key)
    report(f"{sum(map(len, world.rows.values())):,} rows made in {time.perf_counter() - began:.1f} s; writing …")
    await _write(connection, world)
    await _analyze(connection, world)
    report(f"written after {time.perf_counter() - began:.1f} s; working out who may see whom …")
    openings = await refresh_all(connection)
    await connection.execute(f"analyze {Opening.__table__.fullname}")  # type: ignore[attr-defined]
    await publish(connection, last_year(as_of), as_of)
    await _leave_mark(connection, world, children)
    report(f"{openings:,} openings; the borough is ready after {time.perf_counter() - began:.1f} s.")
    rows = {table: len(found) for table, found in world.rows.items()} | {"opening": openings}
    return Seeded(seed, children, as_of, world.named, rows, figures)


def _make_search_keys(world: World, secret: bytes) -> None:
    """Whoever has a name is found by it; the pupils without early help have none, and are only linked."""
    numbers: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for row in world.rows["identity_number"]:
        numbers[row["identity_record_id"]].append((row["scheme"], row["value"]))
    for row in world.rows["identity_record"]:
        given, family, born = row.get("given_name"), row.get("family_name"), row.get("date_of_birth")
        keys = hashed_keys(secret, search_keys(given, family, born)) if given or family else []
        for key in (*keys, *link_keys(secret, numbers[row["id"]], given, born)):
            world.join("search_key", key=key, identity_record_id=row["id"], service_id=row.get("service_id"))
    for record, upn, given, born in world.nameless:
        for key in link_keys(secret, [("UPN", upn)], given, born):
            world.join("search_key", key=key, identity_record_id=record, service_id=None)


async def _write(connection: Any, world: World) -> None:
    """By COPY into a temporary table and from there: COPY is refused where row security is forced."""
    unknown = set(world.rows) - {table.name for table in Base.metadata.sorted_tables}
    if unknown:
        raise SeedError(f"no such tables: {', '.join(sorted(unknown))}")
    for table in Base.metadata.sorted_tables:
        rows = world.rows.get(table.name)
        if not rows:
            continue
        columns = [column.name for column in table.columns if any(column.name in row for row in rows)]
        _refuse_unknown_columns(table.name, rows, columns)
        names = ", ".join(columns)
        like = f"select {names} from {table.fullname}"  # names of our own tables
        await connection.execute(f"create temporary table staged on commit drop as {like} with no data")
        records = [tuple(row.get(column) for column in columns) for row in rows]
        await connection.copy_records_to_table("staged", records=records, columns=columns)
        await connection.execute(f"insert into {table.fullname} ({names}) select {names} from staged")
        await connection.execute("drop table staged")


def _refuse_unknown_columns(table: str, rows: list[dict[str, Any]], columns: list[str]) -> None:
    unknown = {name for row in rows for name in row} - set(columns)
    if unknown:
        raise SeedError(f"{table} has no column {', '.join(sorted(unknown))}")


async def _analyze(connection: Any, world: World) -> None:
    for table in Base.metadata.sorted_tables:
        if table.name in world.rows:
            await connection.execute(f"analyze {table.fullname}")


async def _mark(connection: Any) -> Seeded | None:
    comment = await connection.fetchval("select obj_description('portal'::regnamespace, 'pg_namespace')")
    if not comment or not comment.startswith(_MARK):
        return None
    said = json.loads(comment.removeprefix(_MARK))
    named = {name: UUID(row_id) for name, row_id in said["named"].items()}
    return Seeded(said["seed"], said["children"], date.fromisoformat(said["as_of"]), named, {})


async def _leave_mark(connection: Any, world: World, children: int) -> None:
    named = {name: str(row_id) for name, row_id in world.named.items()}
    said = {"seed": world.seed, "children": children, "as_of": world.as_of.isoformat(), "named": named}
    comment = await connection.fetchval("select quote_literal($1)", _MARK + json.dumps(said))
    await connection.execute(f"comment on schema portal is {comment}")


async def _make_room(connection: Any, *, holds_a_borough: bool) -> None:
    """Empties a database that holds a borough; one that holds anything else is not touched."""
    tables = ", ".join(table.fullname for table in Base.metadata.sorted_tables)
    if holds_a_borough:
        await connection.execute(f"truncate {tables}")
    elif await connection.fetchval("select exists (select from portal.agency) or exists (select from portal.person)"):
        raise SeedError("This database holds records that no demo made. Name another one; nothing was changed.")
