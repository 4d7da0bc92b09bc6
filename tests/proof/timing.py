"""`python -m tests.proof.timing --pairs N`: does the time that an answer takes tell a hidden thing from one that is not there?

Pairs are interleaved in one process, in random order; printed for each route is the area under the ROC curve (0.5: the two cannot be
told apart; Mann and Whitney 1947) and both medians. `--planted MS` waits that long wherever something hidden was asked for: a
measure that does not notice 2 ms would prove nothing.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from tests.access.surface import FAMILY, HISTORY, NODE, PERSON, SEARCH, Surface
from tests.conftest import Database
from tests.proof.processes import throw_away
from tests.world import CONFIDENTIAL, STANDARD, Someone, World, day
from throughline.api.budget import Budget
from throughline.api.even_time import STEP
from throughline.db.engine import make_pool
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.numbers import make_upn
from throughline.terms.purpose import Purpose as P
from throughline.terms.role import Role as R

ALLOWED = 0.03
"""How far from 0.5 the area may be."""
HIDDEN = 60
"""How many hidden people, families and records take turns."""
WARM_UP = 30
WRITTEN = 10
"""An accepted act grows the tables: one pair of these for so many pairs of the others."""

Variables = dict[str, Any]


@dataclass
class Route:
    """One question and who asks it. `hidden` and `absent` give its variables, anew each time."""

    name: str
    who: Someone
    purpose: P
    query: str
    hidden: Callable[[], Variables]
    absent: Callable[[], Variables]
    share: int = 1
    took: tuple[list[float], list[float]] = field(default_factory=lambda: ([], []))

    @property
    def area(self) -> float:
        return area(*self.took)

    def __str__(self) -> str:
        hidden, absent = (median(side) * 1000 for side in self.took)
        return f"{self.name}: area {self.area:.3f} over {len(self.took[0])} pairs, medians {hidden:.2f} and {absent:.2f} ms"


def area(hidden: Sequence[float], absent: Sequence[float]) -> float:
    """How often a hidden one took longer than an absent one, over all pairs; ties count half. O(n log n)."""
    ranked = sorted([(took, True) for took in hidden] + [(took, False) for took in absent])
    total, place = 0.0, 0
    while place < len(ranked):
        upto = place
        while upto < len(ranked) and ranked[upto][0] == ranked[place][0]:
            upto += 1
        total += sum(one[1] for one in ranked[place:upto]) * (place + upto + 1) / 2
        place = upto
    return (total - len(hidden) * (len(hidden) + 1) / 2) / (len(hidden) * len(absent))


async def measure(surface: Surface, routes: list[Route], pairs: int, planted: float = 0.0, seed: int = 1) -> None:
    """`planted`: seconds waited wherever something hidden was asked for."""
    chance = random.Random(seed)  # noqa: S311  # an order, no secret
    for number in range(pairs):
        for route in routes:
            if number % route.share == 0:
                for side in chance.sample((0, 1), 2):
                    variables = (route.hidden, route.absent)[side]()
                    started = time.perf_counter()
                    await surface.raw(route.who, route.purpose, route.query, **variables)
                    if planted and side == 0:
                        await asyncio.sleep(planted)
                    route.took[side].append(time.perf_counter() - started)


def _named(chance: random.Random) -> str:
    def word() -> str:
        return "".join(chance.choice("bdfklmnprstvz") + chance.choice("aeiou") for _ in range(4)).capitalize()

    return f"{word()} {word()}"


def identity_of(chance: random.Random, number: int) -> dict[str, Any]:
    """A child as an agency's own system names one; each number once."""
    given, family = _named(chance).split()
    return {
        "givenName": given,
        "familyName": family,
        "dateOfBirth": str(day(-3000 - number % 700)),
        "upn": make_upn(f"{800_000_000_000 + number}"),
    }


_DONE = "userErrors { code message field } recordedId"
SUBMIT = (
    f"mutation($input: SupportReportSubmitInput!) {{ supportReportSubmit(input: $input) {{ {_DONE} supportReport {{ id }} }} }}"
)
WITHDRAW = f"mutation($input: SupportReportWithdrawInput!) {{ supportReportWithdraw(input: $input) {{ {_DONE} }} }}"


async def arranged(world: World, pairs: int, seed: int = 1) -> list[Route]:
    """A portal in which there is much that these viewers may not see, and the routes by which they might notice."""
    chance, keys, unused = random.Random(seed), count(), count(100_000)  # noqa: S311
    school, health, hub = [await world.agency(kind) for kind in (A.SCHOOL, A.HEALTH, A.LOCAL_AUTHORITY)]
    elsewhere = await world.practitioner(hub, R.FAMILY_PRACTITIONER)
    lead = await world.practitioner(school, R.SAFEGUARDING_LEAD)
    nurse = await world.practitioner(health, R.HEALTH_PRACTITIONER)
    officer = await world.practitioner(await world.agency(A.POLICE), R.POLICE_OFFICER)
    drop_in = await world.service(health)
    counsellor = await world.practitioner(health, R.HEALTH_PRACTITIONER, services=[drop_in])
    await world.kinds_of_support()
    strangers, walled, families, confidential = [list[Any]() for _ in range(4)]
    names = list[str]()
    for place in range(HIDDEN):
        given, family = _named(chance).split()
        child = await world.person(hub, given, family, day(-3000 - place))
        home = await world.home(elsewhere, None, child)
        await world.position(elsewhere, elsewhere, home, [child], "LEAD")
        await world.report(elsewhere, ([child], STANDARD))
        strangers.append(child.person_id)
        families.append(home.family_id)
        names.append(f"{given} {family}")
        given, family = _named(chance).split()
        relative = await world.person(hub, given, family, day(-3000 - place))
        at_home = await world.home(elsewhere, None, relative)
        await world.position(elsewhere, officer, at_home, [relative], confirmed_by=health)
        await world.connected(officer, relative.record_id)
        walled.append(relative.person_id)
        client = await world.person(health, given, family, day(-5000 - place))
        confidential.append(await world.report(counsellor, ([client], CONFIDENTIAL)))
    numbered = [identity_of(chance, place) for place in range(pairs // WRITTEN + 2 * WARM_UP)]
    for said in numbered:
        child = await world.person(hub, said["givenName"], said["familyName"], date.fromisoformat(said["dateOfBirth"]))
        await world.number(child.record_id, "UPN", said["upn"])
    await world.settle()

    def ids(of: list[Any]) -> tuple[Callable[[], Variables], Callable[[], Variables]]:
        return (lambda: {"id": str(chance.choice(of))}), (lambda: {"id": str(uuid4())})

    def submitting(whom: dict[str, Any]) -> Variables:
        parts = [{"about": [whom], "whatWasDone": "We talked."}]
        said = {"kindOfSupport": "TALK", "givenOn": str(day(0)), "delivery": "VISIT", "parts": parts}
        return {"input": {"idempotencyKey": f"{next(keys)}", **said}}

    def withdrawing(record: Any) -> Variables:
        return {"input": {"idempotencyKey": f"{next(keys)}", "id": str(record), "version": 1, "reason": "A wrong day."}}

    def identity(said: dict[str, Any]) -> dict[str, Any]:
        return {"identity": {"ownId": f"{next(keys)}", **said}}

    def looking(name: str) -> Variables:
        return {"input": {"name": name, "reason": "CONCERN"}}

    routes = []
    for viewer in (lead, officer):
        for name, query, of in (("person", PERSON, strangers), ("history", HISTORY, strangers), ("family", FAMILY, families),
                                ("node", NODE, strangers)):  # fmt: skip
            routes.append(Route(f"{name} as {viewer.role}", viewer, P.SUPPORT, query, *ids(of)))
    routes += [
        Route("person, walled", officer, P.SUPPORT, PERSON, *ids(walled)),
        Route("node, a confidential report", nurse, P.SUPPORT, NODE, *ids(confidential)),
        Route("search", lead, P.SUPPORT, SEARCH, lambda: looking(chance.choice(names)), lambda: looking(_named(chance))),
        Route("submit about an id", lead, P.SUPPORT, SUBMIT, lambda: submitting({"personId": str(chance.choice(strangers))}),
              lambda: submitting({"personId": str(uuid4())})),
        Route("submit about a walled id", officer, P.SUPPORT, SUBMIT, lambda: submitting({"personId": str(chance.choice(walled))}),
              lambda: submitting({"personId": str(uuid4())})),
        Route("withdraw a confidential report", nurse, P.SUPPORT, WITHDRAW, lambda: withdrawing(chance.choice(confidential)),
              lambda: withdrawing(uuid4())),
        Route("submit with a UPN", lead, P.SUPPORT, SUBMIT, lambda: submitting(identity(numbered.pop())),
              lambda: submitting(identity(identity_of(chance, next(unused)))), share=WRITTEN),
    ]  # fmt: skip
    return routes


async def timed(
    database: Database, pairs: int, planted: float = 0.0, only: str = "", seed: int = 1, step: float = STEP
) -> list[Route]:
    """The routes with what was measured; `planted` in seconds."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(Budget, "spend", lambda *_: None)
        owner = await asyncpg.connect(database.owner_url)
        routes = [route for route in await arranged(World(owner), pairs, seed) if only in route.name]
        await owner.execute("analyze")
        await owner.close()
        async with make_pool(database.app_url, fewest=1, most=1) as pool:
            surface = Surface(pool, Path(folder), step)
            await measure(surface, routes, WARM_UP)
            for route in routes:
                route.took = ([], [])
            await measure(surface, routes, pairs, planted, seed)
            await surface.close()
    return routes


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.proof.timing", description=__doc__)
    parser.add_argument("--pairs", type=int, default=5000)
    parser.add_argument("--planted", type=float, default=0.0, metavar="MS")
    parser.add_argument("--only", default="", help="routes whose names hold this")
    parser.add_argument("--uneven", action="store_true", help="without the even time of api/even_time.py")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with throw_away() as database:
        routes = asyncio.run(
            timed(database, asked.pairs, asked.planted / 1000, asked.only, asked.seed, 0.0 if asked.uneven else STEP)
        )
    told = [route for route in routes if abs(route.area - 0.5) > ALLOWED]
    print(*routes, f"{len(told)} of {len(routes)} routes tell by their time", sep="\n")
    return int(bool(told))


if __name__ == "__main__":
    sys.exit(main())
