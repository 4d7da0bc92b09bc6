"""`throughline explain`. `__main__` hands it the ways to the database, and the eyes of whoever is asked about."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
import click

from throughline.access.explain import (
    Explainer,
    Explanation,
    Judged,
    Looks,
    Open,
    Seer,
    Unexplainable,
    practitioner_named,
    roles_of,
)
from throughline.access.gate import Gate, day_in_london
from throughline.access.rules import allowed_purposes
from throughline.db.engine import make_pool
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

Opened = Callable[[Path | None], AbstractContextManager[tuple[str, str]]]
"""The owner's and the app's address of the database in the data folder that was named, or in the ordinary one."""

Eyes = Callable[[Gate, datetime], Looks]

NOT_SEEN = 3
"""Exit code: asked and answered, and the answer is that nobody asked about can see the record."""


def command(opened: Opened, eyes: Eyes) -> click.Command:
    @click.command("explain")
    @click.argument("asked", metavar="ID", type=click.UUID)
    @click.option("--as", "named", metavar="PRACTITIONER", help="Why this practitioner sees it or not: an e-mail address or an id.")
    @click.option("--who", is_flag=True, help="Who could see it: every practitioner in force.")
    @click.option("--role", type=click.Choice([role.value for role in Role], case_sensitive=False), help="In this role alone.")
    @click.option("--purpose", type=click.Choice([p.value for p in Purpose], case_sensitive=False), help="For this purpose alone.")
    @click.option("--data", type=click.Path(path_type=Path), help="The data folder, if it is not the ordinary one.")
    def run(asked: UUID, named: str | None, *, who: bool, role: str | None, purpose: str | None, data: Path | None) -> None:
        """Say why somebody may see a record, person or family or may not, or who may. It shows nothing that a record says, and that
        it was asked is in the trail.

        Exit code 0 if somebody can see it, 3 if nobody asked about can, 1 if there is no such practitioner, record, person or family.
        """
        if bool(named) == who:
            raise click.UsageError("say either --as PRACTITIONER or --who")
        wanted = (Role(role.upper()) if role else None, Purpose(purpose.upper()) if purpose else None)
        with opened(data) as (owner_url, app_url):
            try:
                found = asyncio.run(_asked(owner_url, app_url, eyes, asked, named, wanted))
            except Unexplainable as error:
                raise click.ClickException(str(error)) from error
        lines, is_seen = found
        click.echo("\n".join(lines))
        if not is_seen:
            raise click.exceptions.Exit(NOT_SEEN)

    return run


Wanted = tuple[Role | None, Purpose | None]


async def _asked(
    owner_url: str, app_url: str, eyes: Eyes, asked: UUID, named: str | None, wanted: Wanted
) -> tuple[list[str], bool]:
    now = datetime.now(UTC)
    owner = await asyncpg.connect(owner_url)
    try:
        async with make_pool(app_url, fewest=1, most=1) as pool, owner.transaction(readonly=True):
            gate = Gate(pool)
            explainer = Explainer(owner, gate, eyes(gate, now), day_in_london(now))
            practitioner = await practitioner_named(owner, named) if named else None
            found = await _answer(explainer, asked, practitioner, wanted)
            await gate.note_operator("explain", f"--as {practitioner}" if named else "--who", [asked], now)
            return found
    finally:
        await owner.close()


async def _answer(explainer: Explainer, asked: UUID, practitioner: UUID | None, wanted: Wanted) -> tuple[list[str], bool]:
    role, purpose = wanted
    if practitioner is None:
        seers = await explainer.who_can_see(asked)
        seers = [seer for seer in seers if role in (None, seer.role) and purpose in (None, seer.purpose)]
        return list(who_lines(seers)), bool(seers)
    roles = [role] if role else await roles_of(explainer.owner, practitioner)
    explained = [
        await explainer.explain(practitioner, asked, one, each)
        for one in roles
        for each in sorted(allowed_purposes(one))
        if purpose in (None, each)
    ]
    return list(explained_lines(explained)), any(one.is_seen for one in explained)


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
    yield from (f"  {_beneath(each)}" for each in one.beneath)
    if one.kind == "FAMILY":
        return
    if not any(judged.tried for judged in one.judged):
        yield f"  no sentence lets this role see {one.kind} for this purpose{_others(one)}"
    several = len({(judged.part, judged.person_id) for judged in one.judged}) > 1
    for judged in one.judged:
        if several:
            yield f"  part {judged.part}, person {judged.person_id}:"
        yield from (f"  {'  ' if several else ''}{line}" for line in _judged(judged))


def _beneath(one: Open) -> str:
    by = f", by {', '.join(map(str, one.numbers))}" if one.numbers else ""
    return f"{one.kind}: {one.shown} of {one.count} open{by}"


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
