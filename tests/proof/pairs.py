"""The same questions and acts of one viewer in two worlds that differ only in what that viewer may not see: the same bytes."""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.proof.hidden import Differing
from tests.proof.stage import NO_SUCH_ROWS, Reply, Stage
from tests.proof.truth import Truth
from throughline.access.viewer import Viewer

_UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Asked:
    """`is_act`: it writes, and so may name ids that were never shown before."""

    text: str
    variables: Mapping[str, Any]
    is_act: bool = False


@dataclass
class Pairs:
    counts: Counter[str] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)
    sizes: Counter[int] = field(default_factory=Counter)

    def add(self, other: "Pairs") -> None:
        self.counts += other.counts
        self.steps += other.steps
        self.sizes += other.sizes

    def __str__(self) -> str:
        by_size: Counter[str] = Counter()
        for size, count in self.sizes.items():
            by_size[
                next((name for most, name in ((2, "1-2"), (5, "3-5"), (10, "6-10"), (20, "11-20")) if size <= most), "> 20")
            ] += count
        return f"{dict(self.counts)}; worlds apart in so many hidden rows: {dict(by_size)}; by {dict(self.steps.most_common())}"


async def compare(
    stage: Stage,
    viewer: Viewer,
    truth: Truth,
    answered: Mapping[int, tuple[Asked, Reply]],
    chance: Random,
    pairs: Pairs,
    most: int = 8,
) -> list[str]:
    """Faults. `answered`: what was asked of the world that stands, each with its answer there."""
    found = Differing(stage, truth, chance).difference(most)
    if found is None:
        pairs.counts["no other world"] += 1
        return []
    difference, other = found
    faults = []
    shown = known_to(truth)
    async with stage.aside():
        try:
            await stage.change(difference.gone, difference.new)
        except NO_SUCH_ROWS:
            pairs.counts["no such world"] += 1
            return []
        for asked, before in answered.values():
            after = await stage.ask(viewer, asked.text, asked.variables)
            pairs.counts["acts" if asked.is_act else "reads"] += 1
            pairs.counts["acts done"] += asked.is_act and b'"userErrors":[]' in before.body
            pairs.counts["telling"] += bool(before.noted)
            if wrong := apart(asked, before, after, shown):
                faults.append(f"two worlds, {dict(difference.kinds)}: {wrong}\n{viewer}\n{asked.text}\n{dict(asked.variables)}")
    pairs.counts["worlds"] += 1
    pairs.steps.update(difference.kinds)
    pairs.sizes[difference.size] += 1
    assert other.viewer == truth.viewer
    return faults


def known_to(truth: Truth) -> set[bytes]:
    """Ids that the viewer may have been shown."""
    seen = truth.seen
    ids = {*seen.records, *seen.parts, *seen.persons, *seen.families, *(home for home, _ in truth.world.families)}
    return {str(one).encode() for one in ids}


def apart(asked: Asked, before: Reply, after: Reply, shown: Collection[bytes]) -> str:
    """What a client can tell one from the other by; empty where by nothing."""
    if (before.status, before.headers) != (after.status, after.headers):
        return f"status or headers: {before.status} {before.headers} / {after.status} {after.headers}"
    bodies = before.body, after.body
    if asked.is_act and bodies[0] != bodies[1]:
        given = set(_UUID.findall(str(dict(asked.variables)).encode()))
        bodies = renamed(bodies[0], {*shown, *given}), renamed(bodies[1], {*shown, *given})
    if bodies[0] != bodies[1]:
        return f"body: {_around(*bodies)!r} / {_around(bodies[1], bodies[0])!r}"
    if not asked.is_act and before.work != after.work:
        return f"the server's work: {len(before.work)} / {len(after.work)} statements"
    return ""


def renamed(body: bytes, shown: Collection[bytes]) -> bytes:
    """New ids by the order in which they come: whom an act names for the first time has an id at random."""
    new: dict[bytes, bytes] = {}
    return _UUID.sub(lambda one: one[0] if one[0] in shown else new.setdefault(one[0], b"new id %d" % len(new)), body)


def _around(one: bytes, other: bytes) -> bytes:
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[max(0, same - 80) : same + 160]
