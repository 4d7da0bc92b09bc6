"""One sentence as a case: whom it lets in, to what, and everything that misses it by one thing."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.access.given import Given
from tests.access.portal import Portal, Writing
from tests.access.scene import WORKS_AT, Scene, open_scene
from throughline.access.rule import Verb
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind
from throughline.terms.role import Role

Made = Callable[[Scene], Awaitable[Any]]
"""Makes the record in the scene and answers its id; or, for a write, the act that would make it."""

ASKS = [(role, purpose) for role in Role for purpose in Purpose]


@dataclass(frozen=True, slots=True)
class Case:
    """`roles` × `purposes` are let in by this sentence. `also`: who else is, under the very same givens, by which other one.
    `instead`: records just beside the one that the sentence speaks of, which the same viewers may not see."""

    number: int
    said: str
    roles: tuple[Role, ...]
    purposes: tuple[Purpose, ...]
    kind: RecordKind
    record: Made
    given: tuple[Given, ...] = ()
    verb: Verb = Verb.SEE
    also: Mapping[tuple[Role, Purpose], int] = field(default_factory=dict)
    instead: Mapping[str, Made] = field(default_factory=dict)
    works_at: AgencyKind | None = None
    maker_kind: AgencyKind | None = None
    in_service: bool = False

    @property
    def id(self) -> str:
        return f"{self.number} {self.said}"

    async def play(
        self, portal: Portal, changed: int | None = None, how: str = "", record: Made | None = None
    ) -> tuple[Scene, Any]:
        """The scene with every given as it should be, but for number `changed`, which goes as `how` says."""
        works_at = self.works_at or WORKS_AT.get(self.roles[0], AgencyKind.LOCAL_AUTHORITY)
        scene = await open_scene(portal, works_at, maker_kind=self.maker_kind)
        if self.in_service:
            await join_service(scene)
        for place, given in enumerate(self.given):
            way = how if place == changed else given.ways[0]
            if way:
                await given.arrange(scene, way)
        made = await (record or self.record)(scene)
        await scene.settle()
        return scene, made

    async def outcome(self, scene: Scene, made: Any, role: Role, purpose: Purpose) -> tuple[int, ...]:
        """The sentences that let this role in for this purpose; of a write, its own number where it was done."""
        who = scene.as_(role)
        if self.verb is Verb.SEE:
            seen = await scene.portal.sees(who, purpose, self.kind, made)
            return seen.because if seen else ()
        act: Writing = made(who)
        return (self.number,) if await scene.portal.writes(who, purpose, act) == "done" else ()

    def expected(self, role: Role, purpose: Purpose) -> int | None:
        if role in self.roles and purpose in self.purposes:
            return self.number
        return self.also.get((role, purpose))


async def join_service(scene: Scene) -> None:
    """The viewer works in a confidential service of their agency."""
    service = await scene.world.service(scene.viewer.agency_id)
    await scene.world.member(service, scene.viewer.id)
    viewer = scene.viewer
    scene.viewer = type(viewer)(viewer.id, viewer.agency_id, viewer.role, viewer.client_id, service)


def ways(cases: tuple[Case, ...]) -> Iterator[Any]:
    for case in cases:
        for place, given in enumerate(case.given):
            for way in given.ways:
                yield pytest.param(case, place, way, id=f"{case.id}: {way}")
        if not case.given:
            yield pytest.param(case, None, "", id=case.id)


def failures(cases: tuple[Case, ...]) -> Iterator[Any]:
    for case in cases:
        for place, given in enumerate(case.given):
            yield pytest.param(case, place, "", id=f"{case.id}: but condition {place + 1} is missing")
            for way in given.fails:
                yield pytest.param(case, place, way, id=f"{case.id}: but {way}")


def neighbours(cases: tuple[Case, ...]) -> Iterator[Any]:
    for case in cases:
        for name, record in case.instead.items():
            yield pytest.param(case, record, id=f"{case.id}: but {name}")
