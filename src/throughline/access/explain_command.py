"""`throughline explain`. `__main__` hands it the way to the database's owner."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
import click

from throughline.access import explain as asking
from throughline.access.explain import Explanation, Judged, Seer, Unexplainable
from throughline.access.gate import day_in_london
from throughline.access.rules import allowed_purposes
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

Opened = Callable[[Path | None], AbstractContextManager[str]]
"""The owner's address of the database in the data folder that was named, or in the ordinary one."""

NOT_SEEN = 3
"""Exit code: asked and answered, and the answer is that nobody asked about can see the record."""


def command(opened: Opened) -> click.Command:
    @click.command("explain")
    @click.argument("record", metavar="RECORD", type=click.UUID)
    @click.option("--as", "named", metavar="PRACTITIONER", help="Why this practitioner sees it or not: an e-mail address or an id.")
    @click.option("--who", is_flag=True, help="Who could see it: every practitioner in force.")
    @click.option("--role", type=click.Choice([role.value for role in Role], case_sensitive=False), help="In this role alone.")
    @click.option("--purpose", type=click.Choice([p.value for p in Purpose], case_sensitive=False), help="For this purpose alone.")
    @click.option("--data", type=click.Path(path_type=Path), help="The data folder, if it is not the ordinary one.")
    def run(record: UUID, named: str | None, *, who: bool, role: str | None, purpose: str | None, data: Path | None) -> None:
        """Say why somebody may see RECORD or may not, or who may. It shows nothing that the record says.

        Exit code 0 if somebody can see it, 3 if nobody asked about can, 1 if there is no such practitioner or record.
        """
        if bool(named) == who:
            raise click.UsageError("say either --as PRACTITIONER or --who")
        today = day_in_london(datetime.now(UTC))
        wanted = (Role(role.upper()) if role else None, Purpose(purpose.upper()) if purpose else None)
        with opened(data) as owner_url:
            try:
                found = asyncio.run(_answer(owner_url, record, named, wanted, today))
            except Unexplainable as error:
                raise click.ClickException(str(error)) from error
        lines, is_seen = found
        click.echo("\n".join(lines))
        if not is_seen:
            raise click.exceptions.Exit(NOT_SEEN)

    return run


async def _answer(
    owner_url: str, record: UUID, named: str | None, wanted: tuple[Role | None, Purpose | None], today: date
) -> tuple[list[str], bool]:
    role, purpose = wanted
    connection = await asyncpg.connect(owner_url)
    try:
        async with connection.transaction(readonly=True):
            if named is None:
                seers = [
                    seer for seer in await asking.who_can_see(connection, record, today)
                    if role in (None, seer.role) and purpose in (None, seer.purpose)
                ]  # fmt: skip
                return list(who_lines(seers)), bool(seers)
            practitioner = await asking.practitioner_named(connection, named)
            roles = [role] if role else await asking.roles_of(connection, practitioner)
            explained = [
                await asking.explain(connection, practitioner, record, one, each, today)
                for one in roles
                for each in sorted(allowed_purposes(one))
                if purpose in (None, each)
            ]
            return list(explained_lines(explained)), any(one.is_seen for one in explained)
    finally:
        await connection.close()


def who_lines(seers: Iterable[Seer]) -> Iterator[str]:
    """One line for each practitioner, role and purpose."""
    count = 0
    for seer in seers:
        count += 1
        yield f"{seer.agency}: {seer.practitioner} <{seer.email}>, {seer.role} for {seer.purpose}: sentence {seer.number}"
    yield "Nobody can see it." if count == 0 else f"{count} ways in."


def explained_lines(explained: Iterable[Explanation]) -> Iterator[str]:
    """Everything that was asked, the purposes for which no sentence speaks to the role in one line each."""
    count = 0
    for one in explained:
        count += 1
        yield from _explanation(one)
    if count == 0:
        yield "No sentence of the policy gives that role that purpose."


def _explanation(one: Explanation) -> Iterator[str]:
    yield f"{one.kind} as {one.role} for {one.purpose}: {'SEES it' if one.is_seen else 'does not see it'}"
    if not one.is_in_force:
        yield "  is not in force: the practitioner, the role or the agency has ended, or no client may sign in"
        return
    if not any(judged.tried for judged in one.judged):
        yield f"  no sentence lets this role see {one.kind} for this purpose{_others(one)}"
    several = len({(judged.part, judged.person_id) for judged in one.judged}) > 1
    for judged in one.judged:
        if several:
            yield f"  part {judged.part}, person {judged.person_id}:"
        yield from (f"  {'  ' if several else ''}{line}" for line in _judged(judged))


def _others(one: Explanation) -> str:
    numbers = sorted({rule.number for rule in one.elsewhere})
    return f" (others are let in by {', '.join(map(str, numbers))})" if numbers else ""


def _judged(one: Judged) -> Iterator[str]:
    if one.is_unknown:
        yield "names somebody of whom the viewer cannot know (W2)"
        return
    for wall in one.walls:
        yield f"WALL {wall.name}: {wall.sentence}"
        yield f"     stands where: {wall.stands.means}"
    for tried in one.tried:
        if tried.lets_in:
            yield f"{'would let in' if one.walls else 'lets in'} {tried.rule.number}: {tried.rule.sentence}"
    for tried in one.tried:
        if not tried.lets_in:
            yield f"not by {tried.rule.number}: {tried.rule.sentence}"
            yield from (f"     missing «{phrase.name}»: {phrase.means}" for phrase in tried.missing)
