"""Deleting what is no longer kept: whole, in batches, each one transaction with its proof. As the database's owner alone.

A batch waits for whoever acts about the same people at that moment, asks once more whose time is over and whom a hold keeps, deletes,
derives anew what stands open, and writes the proofs and the entries of the trail that attest them. Killed at any moment, what was
begun is undone as a whole; run again, it goes on where it was.
"""

import secrets
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from throughline.access import openings
from throughline.access.version import policy_version
from throughline.audit import deletion, shown
from throughline.audit.deletion import Proof
from throughline.db.columns import new_id
from throughline.records import due, units
from throughline.records.due import Unit, unit
from throughline.records.removal import Removal, keep_walls
from throughline.terms.record_kind import RecordKind

BATCH: Final = 200
"""Units in one transaction. Acts about their people wait meanwhile."""
OPERATOR: Final = UUID(int=0)
"""Who acts, where a schedule does and nobody in person."""
CLIENT: Final = "throughline retain"
_BUSY = (asyncpg.ForeignKeyViolationError, asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError, asyncpg.SerializationError)
"""Somebody recorded something about them meanwhile, or waits for what we wait for."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Run:
    """`actor_id`: on whose word; `because`: what stands in the proofs instead of a schedule. `secret`: keys the claims of confidential
    services' people (`linking/claims.py`)."""

    id: UUID
    today: date
    clock: Callable[[], datetime]
    secret: bytes
    actor_id: UUID = OPERATOR
    operation: str = ""
    because: str | None = None


@dataclass(slots=True)
class Done:
    """What went, by kind; `held`: kept back by a legal hold; `left`: in use at the moment, for the next run. `looks`: of which nobody is
    told any more (`audit/shown.py`)."""

    deleted: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    held: int = 0
    left: int = 0
    looks: int = 0


async def plan(connection: Any, today: date) -> None:
    """The temporary table `due` of this connection: every unit whose time is over, held or not, in the order in which they go."""
    await connection.execute("drop table if exists pg_temp.due")
    await connection.execute(f"create temporary table due (place bigint generated always as identity, {_DUE_COLUMNS})")
    for select in (due.of_people("$1::date", None), due.of_nobody("$1::date")):
        await connection.execute(
            f"{_FILL} from ({select}) d where d.kept_until < $1 order by array_position($2::text[], d.kind), d.record_id",
            today, [str(kind) for kind in units.kinds()],
        )  # fmt: skip
    await connection.execute("analyze pg_temp.due")


async def plan_people(connection: Any, today: date) -> None:
    """The same for people on whom nothing hangs any more."""
    await connection.execute("truncate pg_temp.due")
    select = due.of_people("$1::date", None, themselves=True)
    await connection.execute(
        f"{_FILL} from ({select}) d cross join lateral (select d.unit_id person_id) p where d.kept_until < $1 and {due.without_records()}",
        today,
    )


async def counts(connection: Any) -> list[Any]:
    """Of what was planned: agency, kind, schedule, is_held and how many."""
    rows: list[Any] = await connection.fetch(
        "select a.name agency, d.kind, d.schedule, d.is_held, count(*) units from pg_temp.due d "
        "join portal.agency a on a.id = d.agency_id group by 1, 2, 3, 4 order by 1, 2, 3, 4"
    )
    return rows


async def planned(connection: Any, size: int, *, is_held: bool = False) -> AsyncIterator[list[Unit]]:
    """The planned units that no hold keeps (or those that one does), so many at once."""
    place = 0
    while rows := await connection.fetch(
        "select * from pg_temp.due where place > $1 and is_held = $2 order by place limit $3", place, is_held, size
    ):
        place = rows[-1]["place"]
        yield [unit(row) for row in rows]


async def apply(connection: Any, run: Run, progress: Progress) -> Done:
    """Delete everything whose time is over."""
    done = Done()
    await plan(connection, run.today)
    done.held = await connection.fetchval("select count(*) from pg_temp.due where is_held")
    await _all_planned(connection, run, done, "records", progress, _still_due)
    await plan_people(connection, run.today)
    done.held += await connection.fetchval("select count(*) from pg_temp.due where is_held")
    await _all_planned(connection, run, done, "people", progress, _people_still_due)
    done.looks = await shown.forget_older(connection, run.today)
    return done


StillDue = Callable[[Any, Run, Sequence[Unit]], Awaitable[list[Unit]]]


async def _all_planned(connection: Any, run: Run, done: Done, what: str, progress: Progress, still_due: StillDue) -> None:
    total, count = await connection.fetchval("select count(*) from pg_temp.due where not is_held"), 0
    async for some in planned(connection, BATCH):
        await batch(connection, run, some, done, still_due)
        count += len(some)
        progress(what, count, total)


async def batch(connection: Any, run: Run, some: Sequence[Unit], done: Done, still_due: StillDue) -> None:
    """One transaction; where it cannot be done whole, each unit in one of its own."""
    try:
        async with connection.transaction():
            removal = await _deleted(connection, run, some, still_due)
    except _BUSY:
        if len(some) == 1:
            done.left += 1
            return
        for one in some:
            await batch(connection, run, [one], done, still_due)
        return
    for one in removal.gone:
        done.deleted[one.kind] += 1


async def _deleted(connection: Any, run: Run, some: Sequence[Unit], still_due: StillDue) -> Removal:
    people = list({person for one in some for person in one.people})
    touched = await openings.touched(connection, people)
    wanted = await still_due(connection, run, some)
    return await _removed(connection, run, wanted, touched)


async def _removed(connection: Any, run: Run, wanted: Sequence[Unit], touched: list[UUID], of: UUID | None = None) -> Removal:
    removal = Removal(connection, run.secret, of)
    await removal.remove(wanted)
    await openings.derive(connection, touched)
    await _prove(connection, run, removal)
    return removal


async def erase(connection: Any, run: Run, person_id: UUID, *, is_dry: bool = False) -> Done:
    """Everything about one person, whatever its schedule, in one transaction; all but what a legal hold keeps, and, where it keeps
    anything or another's record rests on them, who they are. A part of a report goes whole where it names them, whomever it names beside:
    nobody takes words apart."""
    done = Done()
    async with connection.transaction():
        together = await _beside(connection, [person_id])
        touched = await openings.touched(connection, together)
        found = [
            unit(row)
            for row in await connection.fetch(due.naming("$1::date", "$2::uuid[]", "$3::uuid"), run.today, together, person_id)
        ]
        wanted = [one for one in found if not one.is_held]
        done.held = len(found) - len(wanted)
        themselves = await connection.fetch(due.of_people("$1::date", "$2::uuid[]", themselves=True), run.today, [person_id])
        done.held += await _meant_by_others(connection, person_id, wanted)
        if not done.held:
            wanted += [unit(row) for row in themselves if not row["is_held"]]
        if is_dry:
            for one in wanted:
                done.deleted[one.kind] += 1
            return done
        await keep_walls(connection, person_id, run.clock())
        removal = await _removed(connection, run, wanted, touched, person_id)
    for one in removal.gone:
        done.deleted[one.kind] += 1
    return done


async def _meant_by_others(connection: Any, person_id: UUID, wanted: Sequence[Unit]) -> int:
    """How many records that stay say of this person that they must not be told or must keep away, or that they agreed for somebody."""
    goes = [one.unit_id for one in wanted if units.goes_whole(RecordKind(one.kind)) or one.people == (person_id,)]
    each = " union all ".join(
        f"select t.id from {column.table} t join portal.identity_record i on i.id = t.{column.name} where i.person_id = $1"
        for column in units.meaning()
    )
    return int(await connection.fetchval(f"select count(distinct x.id) from ({each}) x where x.id <> all($2)", person_id, goes))


async def _beside(connection: Any, people: list[UUID]) -> list[UUID]:
    """These people, and everybody who is named together with one of them."""
    rows = await connection.fetch(f"select distinct unit_id from ({units.about()}) a where person_id = any($1)", people)
    ids = [row[0] for row in rows]
    rows = await connection.fetch(f"select distinct person_id from ({units.about()}) a where unit_id = any($1)", ids)
    return list({*people, *(row[0] for row in rows)})


async def _still_due(connection: Any, run: Run, some: Sequence[Unit]) -> list[Unit]:
    """Asked again, now that nobody else can act about these people."""
    people = list({person for one in some for person in one.people})
    beside = await _beside(connection, people)
    ids = [one.unit_id for one in some]
    asked = f"({due.of_people('$1::date', '$2::uuid[]')}) union all ({due.of_nobody('$1::date')} where a.unit_id = any($3))"
    rows = await connection.fetch(_AGAIN.format(asked), run.today, beside, ids)
    return [unit(row) for row in rows]


async def _people_still_due(connection: Any, run: Run, some: Sequence[Unit]) -> list[Unit]:
    people = [one.unit_id for one in some]
    asked = due.of_people("$1::date", "$2::uuid[]", themselves=True)
    rows = await connection.fetch(
        f"{_AGAIN.format(asked)} and exists (select from (select d.unit_id person_id) p where {due.without_records()})",
        run.today, people, people,
    )  # fmt: skip
    return [unit(row) for row in rows]


async def _prove(connection: Any, run: Run, removal: Removal) -> None:
    """One entry of the trail for each agency whose records went, and a proof for each record."""
    now = run.clock()
    of_agency: dict[UUID, list[tuple[Unit, bytes]]] = defaultdict(list)
    for one, content in removal.contents():
        of_agency[one.agency_id].append((one, content))
    for agency_id, some in of_agency.items():
        entry_id = new_id()
        proofs = [_proof(run, entry_id, one, content, now) for one, content in some]
        await deletion.add(connection, proofs)
        await connection.execute(
            _ENTRY, entry_id, now, agency_id, run.actor_id, CLIENT, deletion.VERB, f"retain {run.id}{run.operation}",
            policy_version(), deletion.OUTCOME, deletion.attested(proofs),
        )  # fmt: skip


def _proof(run: Run, entry_id: UUID, one: Unit, content: bytes, now: datetime) -> Proof:
    salt = secrets.token_bytes(deletion.SALT_BYTES)
    return Proof(
        id=new_id(), entry_id=entry_id, agency_id=one.agency_id, kind=one.kind, schedule=run.because or one.schedule, at=now,
        salt=salt, record_digest=deletion.salted(salt, one.unit_id.bytes), content_digest=deletion.salted(salt, content),
    )  # fmt: skip


_DUE_COLUMNS = (
    "kind text, record_id uuid, unit_id uuid, agency_id uuid, kept_until date, schedule text, is_held boolean, people uuid[]"
)
_FILL = f"insert into pg_temp.due ({due.COLUMNS}) select {', '.join(f'd.{name}' for name in due.COLUMNS.split(', '))}"
_AGAIN = "select d.* from ({0}) d where d.kept_until < $1 and not d.is_held and d.unit_id = any($3)"
_ENTRY = (
    "insert into audit.entry (id, at, agency_id, actor_id, client_id, role, purpose, verb, operation, policy_version, outcome, terms) "
    "values ($1, $2, $3, $4, $5, 'OPERATOR', 'ADMINISTRATION', $6, $7, $8, $9, $10)"
)
