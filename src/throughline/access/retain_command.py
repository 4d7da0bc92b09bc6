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
from throughline.access.judging import kind_of
from throughline.access.retaining import Done, Run
from throughline.audit.deletion import Proved, proved
from throughline.db.columns import new_id
from throughline.records import retention
from throughline.records.retention import Term, UnfitTerm
from throughline.terms.retention import EVERY, KeptAbout, KeptFrom
from throughline.terms.role import Role

KEPT_BACK = 3
"""Exit code: a legal hold kept something of the person back."""
LIST_AT_ONCE = 1_000
SHORTEST_BECAUSE = 10

_DATA = click.option("--data", type=click.Path(path_type=Path), help="The data folder, if it is not the ordinary one.")


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


def commands(ways: Ways) -> list[click.Command]:
    return [_retain(ways), _retention(ways)]


def _retain(ways: Ways) -> click.Command:
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
    @_DATA
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
    async with _connected(owner_url) as connection:
        today = _today()
        _tell("working out whose time is over", 0, 0)
        await retaining.plan(connection, today)
        if listed:
            await _write(connection, listed)
        lines = list(_count_lines(await retaining.counts(connection)))
        await retaining.plan_people(connection, today)
        people = await connection.fetchval("select count(*) from pg_temp.due where not is_held")
        return [*lines, f"people on whom nothing hangs already: {people:,}; others follow with the last of their records"]


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
    async with _connected(owner_url) as connection:
        return await retaining.apply(connection, Run(new_id(), _today(), _now, secret), _tell)


async def _erase(owner_url: str, secret: bytes, wanted: Request, *, is_dry: bool) -> Done:
    async with _connected(owner_url) as connection:
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
            _now,
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
    if done.left:
        yield f"{done.left:,} were in use at this moment: run it again."


def _retention(ways: Ways) -> click.Group:
    @click.group("retention")
    def group() -> None:
        """How long records are kept: the schedules, and proofs of what was deleted under them."""

    @group.command("show")
    @_DATA
    def show(data: Path | None) -> None:
        """Print the schedules: what is kept, for whom, from which day on, for how many years, and by what law or decision.

        The row that names the kind of record goes before the one that names the area. What no row fits is kept for good.
        """
        with ways.owned(data) as owner_url:
            for row in asyncio.run(_terms(owner_url)):
                where = f"{row['area']} {row['kind']} {row['about']}"
                click.echo(f"{where}: {row['kept_from']} + {row['years']} years. {row['source']}")

    @group.command("set")
    @click.option("--area", default=EVERY, show_default=True, help="An area of agencies of the portal.")
    @click.option(
        "--kind",
        default=EVERY,
        show_default=True,
        help="A kind of record, such as SUPPORT_REPORT; IDENTITY_RECORD: who people are.",
    )
    @click.option("--about", required=True, type=click.Choice(list(KeptAbout)), help="Who the person was when the record was made.")
    @click.option(
        "--from", "kept_from", required=True, type=click.Choice(list(KeptFrom)), help="The day from which the years count."
    )
    @click.option("--years", required=True, type=int)
    @click.option("--source", required=True, help="The law, or the decision of the area, that sets it.")
    @_DATA
    def set_one(data: Path | None, **given: Any) -> None:
        """Set how long something is kept, in place of what was set for it before. It deletes nothing by itself: `throughline retain
        --dry-run` says what it comes to.

        BIRTH counts from the person's birth; RECORD_ENDED from the record's last day; CASE_CLOSED from the last day of the last work
        with the person; LAST_RECORD from the last day on which anything about them was recorded.
        """
        term = Term(
            given["area"],
            given["kind"].upper(),
            KeptAbout(given["about"]),
            KeptFrom(given["kept_from"]),
            given["years"],
            given["source"],
        )
        with ways.owned(data) as owner_url:
            try:
                asyncio.run(_set(owner_url, term))
            except UnfitTerm as error:
                raise click.ClickException(str(error)) from None
        click.echo("It is set.")

    @group.command("prove")
    @click.argument("record", metavar="RECORD", type=click.UUID)
    @_DATA
    def prove(record: UUID, data: Path | None) -> None:
        """Say what became of RECORD (or of a part of a report, or a person): still held, deleted on which day and under which
        schedule, or never held.

        Exit code 1 if there is a proof that does not fit the trail. `throughline verify-audit` says whether the trail itself is whole.
        """
        with ways.owned(data) as owner_url:
            lines, is_sound = asyncio.run(_proved(owner_url, record))
        click.echo("\n".join(lines))
        if not is_sound:
            raise click.exceptions.Exit(1)

    return group


async def _terms(owner_url: str) -> list[Any]:
    async with _connected(owner_url) as connection:
        return await retention.terms(connection)


async def _set(owner_url: str, term: Term) -> None:
    async with _connected(owner_url) as connection:
        await retention.set_term(connection, term, _now())


async def _proved(owner_url: str, record: UUID) -> tuple[list[str], bool]:
    async with _connected(owner_url) as connection:
        found = await proved(connection, record)
        is_held = await kind_of(connection, record) or await connection.fetchval(_STILL_THERE, record)
    lines = ["It is still held."] if is_held else []
    lines += [line for one in found for line in _proof_lines(one)]
    return lines or ["Never held: there is neither such a record nor a proof that one was deleted."], all(
        one.is_genuine for one in found
    )


def _proof_lines(one: Proved) -> Iterator[str]:
    proof = one.proof
    yield f"{proof.kind} deleted on {day_in_london(proof.at)} under {proof.schedule}."
    if not one.is_genuine:
        yield f"THE PROOF IS NOT GENUINE: it does not fit entry {proof.entry_id} of the trail."
        return
    sealed = "which is sealed" if one.is_sealed else "which is not sealed yet"
    yield f"Attested by entry {proof.entry_id} of the trail, {sealed}; content {proof.content_digest.hex()}, salt {proof.salt.hex()}."


class _connected:  # noqa: N801  # reads as what it does
    def __init__(self, owner_url: str) -> None:
        self._url = owner_url

    async def __aenter__(self) -> Any:
        self._connection = await asyncpg.connect(self._url)
        return self._connection

    async def __aexit__(self, *_: object) -> None:
        await self._connection.close()


def _tell(what: str, count: int, total: int) -> None:
    click.echo(f"{what}: {count:,} of {total:,}" if total else what, err=True)


def _now() -> datetime:
    return datetime.now(UTC)


def _today() -> Any:
    return day_in_london(_now())


_IN_FORCE = """
    select exists (select from portal.practitioner p join portal.practitioner_role h on h.practitioner_id = p.id
      join portal.agency a on a.id = p.agency_id
      where p.id = $1 and h.role = $2 and (h.until_on is null or h.until_on >= $3) and p.disabled_at is null and a.suspended_at is null)
"""
_STILL_THERE = """
    select exists (select from portal.person where id = $1) or exists (select from portal.support_report_part where id = $1)
"""
