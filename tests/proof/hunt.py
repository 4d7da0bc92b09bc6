"""How many worlds it takes to notice each seeded fault, and which property notices it."""

import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from random import Random

import pytest

from tests.proof import pairs, story
from tests.proof.campaign import Mix, compare, looked_up, search, shapes
from tests.proof.leaks import LEAKS
from tests.proof.leaks.leak import TEXTS, Leak, NeverAppliedError
from tests.proof.pairs import Asked, Pairs
from tests.proof.play import Play, bearing
from tests.proof.processes import alone
from tests.proof.properties import (
    Stopwatch,
    Trial,
    act_is_allowed,
    hidden_is_absent,
    others_acts_change_nothing,
    pages_make_the_whole,
    through_a_tool,
)
from tests.proof.second_wall import behind_the_second_wall
from tests.proof.stage import Reply, Stage

DOCUMENTS, VIEWERS, QUESTIONS = 12, 3, 5
SLOW_S, SAMPLES = 0.0013, 60
"""How much longer what is hidden may take than what is absent, by the medians; with fewer samples nothing is said. It takes longer by
some 0.4 ms as things are: to judge somebody's records takes longer than to find that there is nobody."""


PROPERTIES: dict[str, Callable[[Trial], Awaitable[list[str]]]] = {
    "absent": hidden_is_absent,
    "allowed": act_is_allowed,
    "pages": pages_make_the_whole,
    "through a tool": through_a_tool,
    "second wall": behind_the_second_wall,
}


@dataclass
class Trail:
    """What a hunt keeps from world to world. `met`: which rules bore on those who were asked, so that others get their turn;
    `sql`: what is done to each world first; `watch`: times are taken too."""

    seed: int
    sql: Sequence[str] = ()
    watch: Stopwatch | None = None
    met: Counter[str] = field(default_factory=Counter)
    met_before: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Caught:
    """`worlds`: how many it took, 0 if it was not noticed. `by`: which property noticed it. `without`: what the same world showed
    without the fault, which must be nothing."""

    name: str
    breaks: str
    worlds: int
    by: str = ""
    fault: str = ""
    without: str = ""

    @property
    def is_noticed(self) -> bool:
        return bool(self.worlds) and not self.without

    def __str__(self) -> str:
        found = f"noticed in world {self.worlds:>4} by {self.by}" if self.worlds else "NOT NOTICED"
        found += " AND WITHOUT IT" if self.without else ""
        return f"{self.name:<45} {found:<48} ({self.breaks})"


async def hunt(stage: Stage, leaks: Iterable[Leak], worlds: int, seed: int) -> AsyncIterator[Caught]:
    """A world in which a fault was noticed is tried without it too: whatever is noticed then was not the fault's doing."""
    clean: dict[int, str] = {}
    for leak in leaks:
        trail = Trail(seed, leak.sql, Stopwatch() if leak.is_slow else None)
        with pytest.MonkeyPatch.context() as patch:
            TEXTS.update(patched=0, rewritten=0)
            leak.patch(patch)
            await _anew(stage)
            caught = await _hunted(stage, leak, worlds, trail)
        await _anew(stage)
        number = seed + caught.worlds - 1
        if caught.worlds and number not in clean:
            left = [fault async for _, fault in faults(stage, number, Trail(seed, met=trail.met_before))]
            clean[number] = "; ".join(left)
        yield replace(caught, without=clean.get(number, ""))


async def _anew(stage: Stage) -> None:
    """A server that has prepared nothing: what it prepared for another fault is asked no more, and holds memory."""
    await stage.connection.reload_schema_state()
    stage.serve()


async def _hunted(stage: Stage, leak: Leak, worlds: int, trail: Trail) -> Caught:
    for number in range(trail.seed, trail.seed + worlds):
        trail.met_before = trail.met.copy()
        async for by, fault in faults(stage, number, trail):
            return Caught(leak.name, leak.breaks, number - trail.seed + 1, by, fault)
    if TEXTS["patched"] and not TEXTS["rewritten"]:
        raise NeverAppliedError(leak.name)
    return Caught(leak.name, leak.breaks, 0)


async def faults(stage: Stage, number: int, trail: Trail) -> AsyncIterator[tuple[str, str]]:
    """Whatever is wrong in one world, by property: cheap ones first."""
    chance = Random(f"asked of {number}")  # noqa: S311  # not the stream of which the world is made, else new ids would be its own
    facts = await stage.arrange(number)
    for statement in trail.sql:
        await stage.connection.execute(statement)
    play, mix, documents = Play(stage.worlds[0], stage.focus, facts, chance, trail.met), Mix(), shapes(trail.seed, DOCUMENTS)
    narrowing = next(one for one in documents if "families" in one.roots)
    chosen = play.viewers(VIEWERS)
    trail.met.update(rule for _, truth in chosen for rule in bearing(truth))
    trials = []
    for viewer, truth in chosen:
        trial = Trial(stage, viewer, truth, chance)
        trials.append(trial)
        answered: dict[int, tuple[Asked, Reply]] = {}
        for turn in range(QUESTIONS):
            question = chance.choice(documents) if turn else narrowing
            given = play.filling(truth, question)
            trial.questions.append((question, given))
            reply = await compare(stage, number, viewer, truth, question, given, mix, decides=False)
            answered[turn] = (Asked(question.text, given), reply)
        await search(stage, number, viewer, truth, play, mix)
        for fault in mix.faults:
            yield ("trail" if "in the trail" in fault else "oracle"), fault
        for name, holds in PROPERTIES.items():
            for fault in await holds(trial):
                yield name, fault
        answered |= dict(enumerate(await looked_up(stage, viewer, truth, chance), QUESTIONS))
        for most in (6, 12):
            for fault in await pairs.compare(stage, viewer, truth, answered, chance, Pairs(), most):
                yield "pairs", fault
    async for found in _slow(trials, chance, trail.watch):
        yield found


async def _slow(trials: list[Trial], chance: Random, watch: Stopwatch | None) -> AsyncIterator[tuple[str, str]]:
    trial = chance.choice(trials)
    for fault in await story.told(trial, length=2):
        yield "story", fault
    for fault in await others_acts_change_nothing(trial, chance.choice(trials)):
        yield "others' acts", fault
    if watch is None:
        return
    await watch.watch(trial)
    if len(watch.hidden) >= SAMPLES and watch.longer > SLOW_S:
        yield "timing", f"what is hidden takes {watch.longer * 1000:.1f} ms longer than what is absent"


def named(names: Sequence[str]) -> list[Leak]:
    """Those of these names (or all), in the order of the catalogue."""
    return [leak for leak in LEAKS if not names or leak.name in names]


async def violations(stage: Stage, worlds: int, seed: int) -> list[str]:
    """Of the program as it is: none, if all is well."""
    trail, found = Trail(seed), []
    for number in range(seed, seed + worlds):
        async for by, fault in faults(stage, number, trail):
            print(f"{by}: {fault}", file=sys.stderr, flush=True)
            found.append(f"{by}: {fault}")
    return found


async def notices(stage: Stage, names: Sequence[str], worlds: int, seed: int) -> list[Caught]:
    found = []
    async for caught in hunt(stage, named(names), worlds, seed):
        print(caught, *caught.without.splitlines()[:9], file=sys.stderr, flush=True)
        found.append(caught)
    return found


def hunted(names: Sequence[str], worlds: int, seed: int) -> list[Caught]:
    """In a database of its own."""
    return alone(lambda stage: notices(stage, names, worlds, seed))


def violated(worlds: int, seed: int) -> list[str]:
    """In a database of its own."""
    return alone(lambda stage: violations(stage, worlds, seed))
