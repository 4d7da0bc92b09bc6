"""`throughline publish-counts`. `__main__` hands it the way to the database's owner."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import asyncpg
import click

from throughline.records.published_count import FEWEST, Figure, PublishError, publish

Opened = Callable[[Path | None], AbstractContextManager[str]]
"""The owner's address of the database in the data folder that was named, or in the ordinary one."""

_TODAY = "select (now() at time zone 'Europe/London')::date"


def command(opened: Opened) -> click.Command:
    @click.command("publish-counts")
    @click.option("--year", type=int, required=True, help="The calendar year; from the first of April after it on.")
    @click.option(
        "--fewest", "asked", multiple=True, metavar="AREA=N",
        help=f"How many people and reports a service of this area must have had, if more than {FEWEST}. It stays so. May be repeated.",
    )  # fmt: skip
    @click.option("--dry-run", is_flag=True, help="Say what would be published, and publish nothing.")
    @click.option("--data", type=click.Path(path_type=Path), help="The data folder, if it is not the ordinary one.")
    def run(year: int, asked: tuple[str, ...], data: Path | None, *, dry_run: bool) -> None:
        """Publish what confidential services did in a year: anonymous counts for each area, for analysts.

        Each year is counted once, for all areas together, and never again: what is reported or withdrawn afterwards changes nothing.
        Services with few people or reports are left out, and figures are rounded to five.

        Exit code 0 if it is published, 1 if it is not, with a code that says why: BAD_YEAR, NOT_YET, ALREADY_PUBLISHED,
        UNKNOWN_AREA, TOO_FEW or NOT_THE_OWNER.
        """
        fewest = dict(map(_asked, asked))
        with opened(data) as owner_url:
            click.echo(f"counting {year} …", err=True)
            try:
                figures = asyncio.run(_published(owner_url, year, fewest, is_dry=dry_run))
            except PublishError as error:
                raise click.ClickException(str(error)) from error
        for one in figures:
            click.echo(_told(one))
        done = "Nothing is published: this was a dry run." if dry_run else f"Published: {len(figures)} areas, {year}."
        click.echo(done)

    return run


def _asked(text: str) -> tuple[str, int]:
    area, _, number = text.rpartition("=")
    if not area.strip() or not number.strip().isdecimal() or len(number) > len("1000000"):
        raise click.BadParameter(f"say AREA=N, such as «Marlbeck=20», not «{text}»", param_hint="--fewest")
    return area.strip(), int(number)


def _told(one: Figure) -> str:
    if one.people is None:
        return f"{one.area}: no figure (no service with at least {one.fewest} people and reports)"
    return f"{one.area}: about {one.reports} reports, {one.people} people (services with at least {one.fewest} of both)"


async def _published(owner_url: str, year: int, fewest: Mapping[str, int], *, is_dry: bool) -> Sequence[Figure]:
    connection = await asyncpg.connect(owner_url)
    try:
        transaction = connection.transaction()
        await transaction.start()
        today: date = await connection.fetchval(_TODAY)
        figures = await publish(connection, year, today, fewest)
        await (transaction.rollback() if is_dry else transaction.commit())
        return figures
    finally:
        await connection.close()
