"""`python -m tests.proof --mutants`: every fault of `mutants.py`, and whether the oracle sees it."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import asyncpg

from tests.proof.mutants import READ, Mutant, mutants, mutated
from tests.proof.play import asker
from tests.proof.stage import Stage
from tests.proof.truth import Truth
from tests.proof.verdicts import Expected, said
from tests.reading.portal import viewers
from tests.reading.worlds import TODAY
from throughline.access import policy, rules
from throughline.access.rule import Rule, Verb, Wall
from throughline.access.viewer import Viewer
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind

UNNOTICED = Path(__file__).with_name("unnoticed.txt")
TRIED = 8
"""Viewers of a world to whom each mutant is shown."""


def explained() -> set[str]:
    """The names of those that no verdict can show."""
    lines = UNNOTICED.read_text(encoding="utf-8").splitlines()
    return {line.split(" | ")[0] for line in lines if line and not line.startswith("#")}


def touched(mutant: Mutant) -> Iterable[tuple[Verb, RecordKind]]:
    """What a mutant could change, for what can be seen."""
    before: Any = getattr(policy, mutant.of)[mutant.place]
    found = set()
    for rule in (before, mutant.other):
        if rule is None:
            continue
        verbs = rule.may if isinstance(rule, Rule) else rule.verbs
        kinds = rule.what or tuple(RecordKind)
        seen = {verb for verb in verbs if verb in READ} | ({Verb.SEE} if Verb.WRITE in verbs else set())
        found |= {(verb, kind) for verb in seen for kind in kinds}
    return sorted(found)


def suits(mutant: Mutant, viewer: Viewer) -> bool:
    """Whether it could change anything for this viewer: where it speaks to others than before, only for those."""
    before: Any = getattr(policy, mutant.of)[mutant.place]
    was, becomes = _speaks(before, viewer), _speaks(mutant.other, viewer)
    is_scope = mutant.other is None or (before.roles, _purposes(before)) != (mutant.other.roles, _purposes(mutant.other))
    return was != becomes if is_scope else was


def _purposes(rule: Rule | Wall) -> tuple[Purpose, ...]:
    return rule.purposes if isinstance(rule, Rule) else tuple(Purpose)


def _speaks(rule: Rule | Wall | None, viewer: Viewer) -> bool:
    return rule is not None and (not rule.roles or viewer.role in rule.roles) and viewer.purpose in _purposes(rule)


async def killed_by(owner: asyncpg.Connection, mutant: Mutant, viewer: Viewer, expected: Expected) -> bool:
    for verb, kind in touched(mutant):
        if not rules.rules_for(verb, kind, viewer.role, viewer.purpose) and mutant.of == "WALLS":
            continue
        try:
            with mutated(mutant):
                async with owner.transaction():  # what does not compile leaves the world's own standing
                    found = await said(owner, verb, kind, viewer)
        except asyncpg.UndefinedColumnError:  # a condition on what such a record does not have: nothing would start
            return True
        if any(numbers != expected.of(verb, kind, row) for row, numbers in found.items()):
            return True
    return False


async def survivors(stage: Stage, worlds: int, seed: int, some: int | None = None) -> tuple[int, list[Mutant]]:
    """How many were tried, and those that nobody noticed. `some`: only so many of them, by chance."""
    alive = [mutant for mutant in mutants() if mutant.name not in explained()]
    if some is not None:
        alive = Random(seed).sample(alive, some)  # noqa: S311  # repeatable, not secret
    tried = len(alive)
    for number in range(seed, seed + worlds):
        chance = Random(number)  # noqa: S311
        facts = await stage.arrange(number)
        signed_in = {replace(one, purpose=purpose) for one in viewers(stage.worlds[0]) for purpose in Purpose}  # allowed or not
        everybody = sorted(signed_in, key=lambda one: (one.actor_id not in stage.focus, one.actor_id, one.role, one.purpose))
        chance.shuffle(everybody)
        everybody.sort(key=lambda one: one.actor_id not in stage.focus)
        known: dict[Viewer, Expected] = {}
        left = []
        for mutant in alive:
            for viewer in [one for one in everybody if suits(mutant, one)][:TRIED]:
                if viewer not in known:
                    known[viewer] = Expected(Truth(facts, asker(facts, viewer), TODAY))
                if await killed_by(stage.connection, mutant, viewer, known[viewer]):
                    break
            else:
                left.append(mutant)
        alive = left
    return tried, alive
