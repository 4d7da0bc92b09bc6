"""Random worlds, random viewers, random questions: the oracle's answer against the portal's, and how much was tried."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from tests.proof import pairs
from tests.proof.acts import Actor
from tests.proof.asking import (
    DISCLOSED,
    PAGED,
    MoreThanAPageError,
    Question,
    Writer,
    asked,
    differences,
    directory,
    ids_in,
    lists_of,
    narrowed,
    page_of,
    shaped,
)
from tests.proof.oracle import case
from tests.proof.pairs import Asked, Pairs
from tests.proof.play import NOT_BY_READING, RULES, Play, bare, bearing, without
from tests.proof.stage import Reply, Stage
from tests.proof.truth import Truth
from tests.reading.worlds import TODAY
from throughline.access import acting
from throughline.access.viewer import Viewer

NEVER_SEARCH = ("VOLUNTARY_WORKER", "ANALYST", "PRIVACY_OFFICER", "AGENCY_ADMINISTRATOR")
FINDING = ("TRIAGE", "PROTECTION", "IDENTITY")
FINDERS = {(role, purpose) for role in ("TRIAGE_WORKER", "SOCIAL_WORKER", "IDENTITY_STEWARD") for purpose in FINDING}


@dataclass
class Mix:
    """What was tried, and what came of it."""

    counts: Counter[str] = field(default_factory=Counter)
    decisive: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    pairs: Pairs = field(default_factory=Pairs)
    refused: set[tuple[Any, ...]] = field(default_factory=set)
    """Documents that are too large, each with the role and purpose for which they are."""
    began: float = field(default_factory=time.monotonic)

    def add(self, other: "Mix") -> None:
        self.counts += other.counts
        self.decisive += other.decisive
        self.faults += other.faults
        self.pairs.add(other.pairs)

    @property
    def share_telling(self) -> float:
        return self.counts["telling"] / max(1, self.counts["queries"])

    def scarce(self, least: int) -> dict[str, int]:
        """The sentences and walls that were decisive less often than that, but for those that no read can show."""
        return {rule: self.decisive[rule] for rule in RULES if self.decisive[rule] < least and rule not in NOT_BY_READING}

    def __str__(self) -> str:
        by_rule = ", ".join(f"{rule}: {self.decisive[rule]}" for rule in RULES)
        return (
            f"{dict(self.counts)}; {self.share_telling:.0%} of queries return something; {time.monotonic() - self.began:.0f} s\n"
            f"pairs: {self.pairs}\ndecisive in so many queries: {by_rule}\nviolations: {len(self.faults)}"
        )


async def compare(
    stage: Stage,
    seed: int,
    viewer: Viewer,
    truth: Truth,
    question: Question,
    given: dict[str, Any],
    mix: Mix,
    *,
    decides: bool = True,
) -> Reply:
    """`decides`: which rules decided it is counted too."""
    roots = question.filled(given)
    expected = truth.answer(roots)
    reply = await stage.ask(viewer, question.text, given)
    answer, noted = reply.json, reply.noted
    if any(error["extensions"]["code"] == "QUERY_TOO_COMPLEX" for error in answer.get("errors", ())):
        mix.counts["too large"] += 1
        mix.refused.add((question.text, viewer.role, viewer.purpose))
        return reply
    problems = []
    if not case(truth.world, truth.viewer, truth.today).in_force:
        if answer.get("data") is not None or answer["errors"][0]["extensions"]["code"] != "UNAUTHENTICATED":
            problems = [f"not in force, and answered: {answer}"]
        mix.counts["not in force"] += 1
    elif "errors" in answer:
        problems = [f"refused: {answer['errors']}"]
    else:
        data = answer["data"].get("viewer", answer["data"])
        try:
            problems = differences(expected, shaped(data, roots))
        except MoreThanAPageError:
            mix.counts["too large"] += 1
            return reply
        except AssertionError as error:
            problems = [f"shape: {error}"]
        told = ids_in(data)
        problems += [f"{one}: shown, and not in the trail" for one in told - noted.keys()]
        problems += [f"{one}: in the trail, and not shown" for one in noted.keys() - told]
        mix.counts["ids in the trail"] += len(told)
    if problems:
        shown = "\n  ".join(problems[:8])
        mix.faults.append(f"world {seed}, {viewer}\n{question.text}\n{given}\n  {shown}")
    mix.counts["queries"] += 1
    mix.counts["telling"] += bool(ids_in(expected))
    for rule in bearing(truth) if decides else ():
        other = without(truth, rule)
        if other.is_as_whole and not question.asks_beyond_ids:
            continue
        if bare(other.answer(roots)) != bare(expected):  # other ids, not only other reasons
            mix.decisive[rule] += 1
    return reply


SEARCH = (
    "query Asked($input: PersonSearchInput!, $first: Int, $after: String) {personSearch(input: $input, first: $first, after: $after)"
    "{totalCount pageInfo{hasNextPage hasPreviousPage startCursor endCursor} edges{cursor node{id givenName seenBecause{number}}}}}"
)
SOUGHT = ("name", "givenName", "familyName", "dateOfBirth", "reason")
FILTERS = ("personId", "myPosition", "reportedSince")
"""Fields of inputs that questions give: `sought`, `Play.narrowed`."""


async def search(stage: Stage, seed: int, viewer: Viewer, truth: Truth, play: Play, mix: Mix) -> None:
    """By the names by which the viewer would know somebody: only those whom they may find come back, and the one they meant does."""
    if not case(truth.world, truth.viewer, TODAY).in_force:
        return
    people = sorted({one.people[0] for one in truth.facts.by_id.values() if one.kind == "IDENTITY_RECORD"})
    target = play.chance.choice(sorted(truth.seen.persons) if truth.seen.persons and play.chance.random() < 0.5 else people)
    given, family = (truth.named(target, which) for which in (0, 1))
    if not given or not family or (given, family) not in truth.names_in_one(target):
        return  # of names that no one record has together, a search finds half
    names = {"givenName": given, "familyName": family}
    is_finder = (truth.viewer.role, truth.viewer.purpose) in FINDERS
    reply = await stage.ask(viewer, SEARCH, {"input": names | ({"reason": "CONCERN"} if is_finder else {}), "first": 100})
    answer, noted = reply.json, reply.noted
    mix.counts["searches"] += 1
    if truth.viewer.role in NEVER_SEARCH:
        problems = [] if answer["errors"][0]["extensions"]["code"] == "FORBIDDEN" else [f"searched: {answer}"]
    elif "errors" in answer:
        problems = [f"refused: {answer['errors']}"]
    else:
        found = {UUID(e["node"]["id"]): e["node"]["seenBecause"][0]["number"] for e in answer["data"]["personSearch"]["edges"]}
        problems = [
            f"{one}: found by {number}, oracle {truth.finds(one)}"
            for one, number in found.items()
            if number not in truth.finds(one)
        ]
        problems += [f"{target}: not found, oracle {truth.finds(target)}"] * (bool(truth.finds(target)) and target not in found)
        problems += [f"{one}: shown, and not in the trail" for one in found.keys() ^ noted.keys()]
        mix.counts["found"] += len(found)
    if problems:
        mix.faults.append(f"world {seed}, {viewer}\n{SEARCH}\n{names}\n  " + "\n  ".join(problems))
    for rule in bearing(truth):
        mix.decisive[rule] += bool(without(truth, rule).finds(target)) != bool(truth.finds(target))


def sought(truth: Truth, chance: Random) -> dict[str, Any]:
    """By names that somebody has, in one line or two; with a birth date, or without."""
    given, family = chance.choice(sorted(truth.facts.names.values(), key=str))
    whole = {"name": f"{given} {family}"} if chance.random() < 0.4 else {"givenName": given, "familyName": family}
    born = {"dateOfBirth": "2014-05-06"} if chance.random() < 0.3 else {}
    return {"input": {"reason": "CONCERN", **whole, **born}, "first": chance.choice((1, 20))}


async def looked_up(stage: Stage, viewer: Viewer, truth: Truth, chance: Random) -> list[tuple[Asked, Reply]]:
    """Everything that leads to nobody's records, and a search: two worlds must answer it alike."""
    actor = Actor(stage.rows, truth, chance)
    questions = [Asked(text, actor.filling(name)) for name, text in directory().items() if name != "personSearch"]
    questions.append(Asked(SEARCH, sought(truth, chance)))
    for whole, its in (("Person", sorted(truth.seen.persons)), ("Family", sorted(truth.seen.families))):
        questions += [Asked(lists_of(whole), {"id": str(one)}) for one in its[:3]]
    answered = sorted(one for one in truth.seen.records if truth.facts.by_id[one].kind == "RIGHTS_REQUEST")
    questions += [Asked(DISCLOSED, {"id": str(one), "first": 2}) for one in answered[:2]]
    owner, name = chance.choice(PAGED)
    seen = sorted(truth.seen.persons if owner == "Person" else truth.seen.families)
    if owner == "Query" or seen:
        whose = {"id": str(chance.choice(seen))} if owner != "Query" else narrowed(owner, name, chance)
        questions.append(Asked(page_of(owner, name), {**whose, "first": 2}))
    return [(one, await stage.ask(viewer, one.text, one.variables)) for one in questions]


ACTS = 4
"""Of the viewer who is asked in two worlds."""
A_PAIR = 20
"""Of so many questions in a world one more viewer is asked in two worlds; one always is."""
ROUTES = ("node", "node", "person", "person", "person", "family", "family", "families", "lightTouchReports", "emergencyAccesses")


@cache
def shapes(seed: int, count: int) -> list[Question]:
    """Documents to choose from: each is asked of many viewers, as a front-end's are. For each place the one of several that asks
    most of what no earlier one asks."""
    writer = Writer(Random(seed))  # noqa: S311  # repeatable, not secret
    chosen: list[Question] = []
    known: set[str] = set()
    for place in range(count):
        tried = [writer.question(ROUTES[place % len(ROUTES)]) for _ in range(CANDIDATES)]
        news = [asked([one.text]) - known for one in tried]
        best = max(range(CANDIDATES), key=lambda number: len(news[number]))
        chosen.append(tried[best])
        known |= news[best]
    return [*chosen, *writer.left(known)]


CANDIDATES = 5
DOCUMENTS_EACH = 6
"""Of them, for one role and purpose: PostgreSQL plans each for every role and purpose, which takes longer than forty answers."""


def its_own(documents: list[Question], viewer: Viewer, refused: set[tuple[Any, ...]]) -> list[Question]:
    """Those that viewers of this role and purpose are asked; another in the place of one that is too large for them."""
    chance = Random(f"{viewer.role} {viewer.purpose}")  # noqa: S311  # the same for the same viewer in every world
    mixed = chance.sample(documents, len(documents))
    return [one for one in mixed if (one.text, viewer.role, viewer.purpose) not in refused][:DOCUMENTS_EACH]


def documents_of(worlds: int) -> int:
    """How many documents so many worlds are asked: each costs PostgreSQL a plan for every role and purpose."""
    return 12 + worlds // 100


class OnlySecond(logging.Handler):
    """What the second wall alone has refused: the first must refuse by itself whatever the second does."""

    def __init__(self, mix: Mix) -> None:
        super().__init__()
        self.mix = mix

    def emit(self, record: logging.LogRecord) -> None:
        self.mix.faults.append(record.getMessage())


async def run(stage: Stage, worlds: int, queries: int, seed: int, said: Callable[[str], None] | None = None) -> Mix:
    mix, documents, told = Mix(), shapes(seed, documents_of(worlds)), 0
    acting.log.addHandler(OnlySecond(mix))
    for number in range(seed, seed + worlds):
        chance = Random(f"asked of {number}")  # noqa: S311  # not the stream of which the world is made, else new ids would be its own
        facts = await stage.arrange(number)
        world = Play(stage.worlds[0], stage.focus, facts, chance, mix.decisive)
        count = max(1, min(4, queries // 2))
        paired = chance.sample(range(count), min(count, max(1, queries // A_PAIR)))
        for place, (viewer, truth) in enumerate(world.viewers(count)):
            answered: dict[int, tuple[Asked, Reply]] = {}
            known = its_own(documents, viewer, mix.refused)
            for turn in range(place, queries, count):
                question, given = world.question(truth, known)
                reply = await compare(stage, number, viewer, truth, question, given, mix)
                answered[turn] = (Asked(question.text, given), reply)
            if place in paired:
                for turn in range(ACTS):
                    act = Asked(*Actor(stage.rows, truth, chance).act(), is_act=True)
                    answered[queries + turn] = (act, await stage.ask(viewer, act.text, act.variables))
                more = await looked_up(stage, viewer, truth, chance)
                answered |= dict(enumerate(more, queries + ACTS))
                found = await pairs.compare(stage, viewer, truth, answered, chance, mix.pairs)
                mix.faults += [f"world {number}, {one}" for one in found]
            if chance.random() < (0.7 if (viewer.role, viewer.purpose) in FINDERS else 0.3):
                await search(stage, number, viewer, truth, world, mix)
        if said:
            for fault in mix.faults[told:]:
                said(fault)
        told = len(mix.faults)
        if said and (number - seed + 1) % 50 == 0:
            said(f"{number - seed + 1} worlds: {mix}")
    return mix
