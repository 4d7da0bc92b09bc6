"""`throughline retention`. `__main__` hands it the way to the database's owner."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from throughline.access.gate import day_in_london
from throughline.access.judging import kind_of
from throughline.access.retain_command import DATA, Connected, Ways, now
from throughline.audit.deletion import Proved, proved
from throughline.records import retention
from throughline.records.retention import Term, UnfitTerm
from throughline.terms.retention import EVERY, KeptAbout, KeptFrom


def command(ways: Ways) -> click.Group:
    @click.group("retention")
    def group() -> None:
        """How long records are kept: the schedules, and proofs of what was deleted under them."""

    group.add_command(_show(ways))
    group.add_command(_set(ways))
    group.add_command(_prove(ways))
    return group


def _show(ways: Ways) -> click.Command:
    @click.command("show")
    @DATA
    def run(data: Path | None) -> None:
        """Print the schedules: what is kept, for whom, from which day on, for how many years, and by what law or decision.

        The row that names the kind of record goes before the one that names the area. What no row fits is kept for good.
        """
        with ways.owned(data) as owner_url:
            for row in asyncio.run(_terms(owner_url)):
                where = f"{row['area']} {row['kind']} {row['about']}"
                click.echo(f"{where}: {row['kept_from']} + {row['years']} years. {row['source']}")

    return run


def _set(ways: Ways) -> click.Command:
    @click.command("set")
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
    @DATA
    def run(data: Path | None, **given: Any) -> None:
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
                asyncio.run(_kept(owner_url, term))
            except UnfitTerm as error:
                raise click.ClickException(str(error)) from None
        click.echo("It is set.")

    return run


def _prove(ways: Ways) -> click.Command:
    @click.command("prove")
    @click.argument("record", metavar="RECORD", type=click.UUID)
    @DATA
    def run(record: UUID, data: Path | None) -> None:
        """Say what became of RECORD (or of a part of a report, or a person): still held, deleted on which day and under which
        schedule, or never held.

        Exit code 1 if there is a proof that does not fit the trail. `throughline verify-audit` says whether the trail itself is whole.
        """
        with ways.owned(data) as owner_url:
            lines, is_sound = asyncio.run(_proved(owner_url, record))
        click.echo("\n".join(lines))
        if not is_sound:
            raise click.exceptions.Exit(1)

    return run


async def _terms(owner_url: str) -> list[Any]:
    async with Connected(owner_url) as connection:
        return await retention.terms(connection)


async def _kept(owner_url: str, term: Term) -> None:
    async with Connected(owner_url) as connection:
        await retention.set_term(connection, term, now())


async def _proved(owner_url: str, record: UUID) -> tuple[list[str], bool]:
    async with Connected(owner_url) as connection:
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


_STILL_THERE = """
    select exists (select from portal.person where id = $1) or exists (select from portal.support_report_part where id = $1)
"""
