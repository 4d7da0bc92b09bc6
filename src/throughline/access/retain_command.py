"""`throughline retain` and `throughline retention`. `__main__` hands them the way to the database's owner."""

import asyncio
import csv
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import click

from throughline.access import retaining
from throughline.access.explain import Unexplainable, practitioner_named
from throughline.access.gate import day_in_london
from throughline.access.retaining import Done, Run
from throughline.audit import shown
from throughline.db.columns import new_id
from throughline.terms.role import Role

KEPT_BACK = 3
"""Exit code: a legal hold kept something of the person back."""
LIST_AT_ONCE = 1_000
SHORTEST_BECAUSE = 10

DATA = click.option("--data", type=click.Path(path_type=Path), help="The data folder, if it is not the ordinary one.")


@dataclass(frozen=True)
class Ways:
    """`owned`: the owner's address of the database in the data folder that was named, or in the ordinary one; `secret`: of the portal
    there, which keys what is claimed for the people of confidential services."""

    owned: Callable[[Path | None], AbstractContextManager[str]]
    secret: Callable[[Path | None], str]


@dataclass(frozen=True, slots=True)
class Request:
    """That one person be erased: on whose word, with whose approval."""

    person_id: UUID
    because: str
    named: str
    approved_by: str


def command(ways: Ways) -> click.Command:
    @click.command("retain")
    @click.option("--dry-run", is_flag=True, help="Only say what would be deleted.")
    @click.option("--apply", "is_applied", is_flag=True, help="Delete it.")
    @click.option(
        "--list", "listed", type=click.Path(dir_okay=False, path_type=Path), help="With --dry-run: write every id as CSV."
    )
    @click.option("--person", type=click.UUID, help="Instead of whatever is over: erase this person (a granted rights request).")
    @click.option("--because", help="With --person: which request, in at least 10 characters; no names, it stays in the proof.")
    @click.option("--as", "named", metavar="PRACTITIONER", help="With --person: the privacy officer who decided it.")
    @click.option("--approved-by", metavar="PRACTITIONER", help="With --person: another privacy officer, who approved it.")
    @DATA
    def run(
        *, dry_run: bool, is_applied: bool, listed: Path | None, person: UUID | None, because: str | None, named: str | None,
        approved_by: str | None, data: Path | None,
    ) -> None:  # fmt: skip
        """Delete what is no longer kept: every record whose schedule is over and which no legal hold keeps, with all that belongs to
        it, and people on whom nothing hangs any more.

        Say --dry-run or --apply. It deletes in small batches, each whole and with its proof; stop it at any moment, and run it again:
        it goes on. A record about several people is kept as long as the schedule asks of any of them.

        Exit code 0 if it was done, 3 if a legal hold kept something of --person back.
        """
        if dry_run == is_applied:
            raise click.UsageError("say either --dry-run or --apply")
        if listed and (is_applied or person):
            raise click.UsageError("--list goes with --dry-run of the schedules")
        wanted = _request(person, because, named, approved_by)
        secret = ways.secret(data).encode() if is_applied else b""
        with ways.owned(data) as owner_url:
            if wanted:
                done = asyncio.run(_erase(owner_url, secret, wanted, is_dry=dry_run))
            elif dry_run:
                click.echo("\n".join(asyncio.run(_planned(owner_url, listed))))
                return
            else:
                done = asyncio.run(_applied(owner_url, secret))
        click.echo("\n".join(_done_lines(done, is_dry=dry_run)))
        if wanted and done.held:
            raise click.exceptions.Exit(KEPT_BACK)

    return run


def _request(person: UUID | None, because: str | None, named: str | None, approved_by: str | None) -> Request | None:
    if person is None:
        if because or named or approved_by:
            raise click.UsageError("--because, --as and --approved-by go with --person")
        return None
    if not because or len(because.strip()) < SHORTEST_BECAUSE or not named or not approved_by:
        raise click.UsageError("--person needs --because (10 characters or more), --as and --approved-by")
    return Request(person, because.strip(), named, approved_by)


async def _planned(owner_url: str, listed: Path | None) -> list[str]:
    async with Connected(owner_url) as connection:
        today = _today()
        _tell("working out whose time is over", 0, 0)
        await retaining.plan(connection, today)
        if listed:
            await _write(connection, listed)
        lines = list(_count_lines(await retaining.counts(connection)))
        await retaining.plan_people(connection, today)
        people = await connection.fetchval("select count(*) from pg_temp.due where not is_held")
        looks = f"looks that nobody is told of any more after {shown.YEARS} years: {await shown.older(connection, today):,}"
        return [*lines, looks, f"people on whom nothing hangs already: {people:,}; others follow with the last of their records"]


async def _write(connection: Any, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("kind", "record", "unit", "is_held", "schedule"))
        for is_held in (False, True):
            async for some in retaining.planned(connection, LIST_AT_ONCE, is_held=is_held):
                writer.writerows((one.kind, one.record_id, one.unit_id, is_held, one.schedule) for one in some)


def _count_lines(rows: Iterable[Any]) -> Iterator[str]:
    due = held = 0
    for row in rows:
        due, held = due + row["units"] * (not row["is_held"]), held + row["units"] * row["is_held"]
        kept = "kept by a legal hold" if row["is_held"] else "over"
        yield f"{row['agency']}: {row['kind']}: {row['units']:,} {kept}, under {row['schedule']}"
    yield f"{due:,} would be deleted; {held:,} are over and kept by a legal hold."


async def _applied(owner_url: str, secret: bytes) -> Done:
    async with Connected(owner_url) as connection:
        return await retaining.apply(connection, Run(new_id(), _today(), now, secret), _tell)


async def _erase(owner_url: str, secret: bytes, wanted: Request, *, is_dry: bool) -> Done:
    async with Connected(owner_url) as connection:
        officer, approver = [await _officer(connection, one) for one in (wanted.named, wanted.approved_by)]
        if officer == approver:
            raise click.ClickException("somebody else must have approved it")
        if not await connection.fetchval(
            "select exists (select from portal.identity_record where person_id = $1)", wanted.person_id
        ):
            raise click.ClickException(f"there is no person {wanted.person_id}")
        run = Run(
            new_id(),
            _today(),
            now,
            secret,
            actor_id=officer,
            operation=f" approved by {approver}",
            because=f"erasure: {wanted.because}",
        )
        return await retaining.erase(connection, run, wanted.person_id, is_dry=is_dry)


async def _officer(connection: Any, named: str) -> UUID:
    """A privacy officer in force."""
    try:
        found = await practitioner_named(connection, named)
    except Unexplainable as error:
        raise click.ClickException(str(error)) from None
    if not await connection.fetchval(_IN_FORCE, found, str(Role.PRIVACY_OFFICER), _today()):
        raise click.ClickException(f"{named} is no privacy officer in force")
    return found


def _done_lines(done: Done, *, is_dry: bool) -> Iterator[str]:
    verb = "would be deleted" if is_dry else "deleted"
    yield from (f"{kind}: {count:,} {verb}" for kind, count in sorted(done.deleted.items()))
    yield f"{sum(done.deleted.values()):,} {verb}; {done.held:,} kept by a legal hold."
    if done.looks:
        yield f"{done.looks:,} looks forgotten, which are more than {shown.YEARS} years old."
    if done.left:
        yield f"{done.left:,} were in use at this moment: run it again."


class Connected:
    """The owner's connection, for as long as the block runs."""

    def __init__(self, owner_url: str) -> None:
        self._url = owner_url

    async def __aenter__(self) -> Any:
        self._connection = await asyncpg.connect(self._url)
        return self._connection

    async def __aexit__(self, *_: object) -> None:
        await self._connection.close()


def _tell(what: str, count: int, total: int) -> None:
    click.echo(f"{what}: {count:,} of {total:,}" if total else what, err=True)


def now() -> datetime:
    return datetime.now(UTC)


def _today() -> Any:
    return day_in_london(now())


_IN_FORCE = """
    select exists (select from portal.practitioner p join portal.practitioner_role h on h.practitioner_id = p.id
      join portal.agency a on a.id = p.agency_id
      where p.id = $1 and h.role = $2 and (h.until_on is null or h.until_on >= $3) and p.disabled_at is null and a.suspended_at is null)
"""
