"""Random worlds, random viewers, random questions: the oracle's answer against the portal's, and how much was tried."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
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
    Variable,
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
from tests.proof.fact import Viewer as Asker
from tests.proof.oracle import SENTENCES, WALLS, case
from tests.proof.pairs import Asked, Pairs
from tests.proof.stage import Reply, Stage
from tests.proof.truth import Facts, Truth
from tests.reading.portal import viewers
from tests.reading.worlds import TODAY, World
from throughline.access import acting
from throughline.access.viewer import Viewer

RULES = (*dict.fromkeys(rule.id for rule in (*WALLS, *SENTENCES)), "W5")
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


def asker(facts: Facts, viewer: Viewer) -> Asker:
    agency = next(actor.agency for actor in facts.world.actors if actor.id == viewer.actor_id)
    return Asker(
        actor=viewer.actor_id, agency=agency or "", role=str(viewer.role), purpose=str(viewer.purpose), client=viewer.client_id,
    )  # fmt: skip


def bearing(truth: Truth) -> set[str]:
    """The sentences and walls that hold or stand anywhere for this viewer: only these can be decisive."""
    c = case(truth.world, truth.viewer, truth.today)
    assert c.opened is not None
    found = {"W5", "1", "2"}
    for walls, sentences in c.judged.values():
        if sentences:
            found |= walls | {rule.id for rule in sentences.values()}
    return found


class Play:
    """A world in play: who may be asked about it, and what each of them sees."""

    def __init__(self, made: World, focus: list[UUID], facts: Facts, chance: Random, rare: Counter[str]) -> None:
        self.made, self.focus, self.facts, self.chance, self.rare = made, set(focus), facts, chance, rare
        self.ids = [*facts.by_id, *facts.family_of.values(), *(row["id"] for row in made.rows["person"])]
        self.ids += [part.id for record in facts.world.records for part in record.parts]
        self.ids += [*facts.family_of, *(agency.id for agency in facts.world.agencies)]

    def viewers(self, count: int) -> list[tuple[Viewer, Truth]]:
        """Mostly those for whom something rare is decisive; one at hazard."""
        everybody = viewers(self.made)
        likely = sorted(
            everybody, key=lambda one: -self.chance.random() * self.hope(one) * (3 if one.actor_id in self.focus else 1)
        )
        tried = [*likely[: count + TRIED_MORE], *self.chance.sample(everybody, 1)]
        weighed = []
        for viewer in tried:
            truth = Truth(self.facts, asker(self.facts, viewer), TODAY)
            worth = sum(self.worth(rule) for rule in bearing(truth)) if truth.seen.records else 0
            weighed.append((worth, viewer, truth))
        best = sorted(weighed, key=lambda one: -one[0])
        return [(viewer, truth) for _, viewer, truth in [*best[: count - 1], self.chance.choice(weighed)]]

    def worth(self, rule: str) -> float:
        """The more, the seldomer it was decisive."""
        return 1 / (1 + self.rare[rule]) ** 2

    def hope(self, viewer: Viewer) -> float:
        """Of a rule that speaks of their role for their purpose, that it turns something for them."""
        asked = [(rule.id, rule.names) for rule in (*WALLS, *SENTENCES)]
        spoken = {
            name
            for name, names in asked
            if names[0] & {viewer.role, "EVERY"} and names[-1] & {viewer.purpose, "EVERY"} and name not in NOT_BY_READING
        }
        return sum(self.worth(name) for name in spoken)

    def question(self, truth: Truth, documents: list[Question]) -> tuple[Question, dict[str, Any]]:
        """Of several the first whose answer the rarest rule that bears on this viewer turns."""
        rule = self.rarest(truth)
        other = without(truth, rule)
        for _ in range(ATTEMPTS):
            question = self.chance.choice(documents)
            given = self.filling(truth, question)
            roots = question.filled(given)
            if bare(other.answer(roots)) != bare(truth.answer(roots)):
                break
        return question, given

    def rarest(self, truth: Truth) -> str:
        return min(sorted(bearing(truth)), key=lambda one: self.rare[one])

    def turning(self, truth: Truth) -> dict[str, list[Any]]:
        """Where the rarest rule that bears on this viewer turns the answer: ids by root."""
        other = without(truth, self.rarest(truth))
        records = [one for one in {*truth.seen.records, *other.seen.records} if truth.because(one) != other.because(one)]
        people = {p for one in records for seen in (truth.seen, other.seen) for p in seen.records.get(one, ())}
        people |= truth.seen.persons ^ other.seen.persons
        families = {f for seen in (truth.seen, other.seen) for f, its in seen.families.items() if its & people}
        return {"node": sorted(records), "person": sorted(people), "family": sorted(families)}

    def filling(self, truth: Truth, question: Question) -> dict[str, Any]:
        """Whom and what to ask for: mostly what the viewer may see, and often something else of the same world, or nothing."""
        chance, seen = self.chance, truth.seen
        known = {"person": sorted(seen.persons), "family": sorted(seen.families), "node": sorted(seen.records)}
        turning = self.turning(truth)
        filled: dict[str, Any] = {}
        for root in question.roots.values():
            for one in root.arguments.values():
                if not isinstance(one, Variable):
                    continue
                if one.name == "filter":
                    filled |= self.narrowed(truth)
                    continue
                choice = turning[root.name] if turning[root.name] and chance.random() < 0.6 else known[root.name]
                is_known = choice and chance.random() < (0.5 if root.name == "node" else 0.85)
                filled[one.name] = str(chance.choice(choice) if is_known else self.some_id())
        return filled

    def narrowed(self, truth: Truth) -> dict[str, Any]:
        match self.chance.randint(0, 5):
            case 0:
                return {"filter": {"personId": str(self.chance.choice(sorted(truth.seen.persons) or self.ids))}}
            case 1:
                return {"filter": {"myPosition": self.chance.choice(("LEAD", "MEMBER", "ALLOCATED_SOCIAL_WORKER"))}}
            case 2 | 3:
                return {"filter": {"reportedSince": str(self.chance.choice(reported(truth) or [self.made.day(-60, 0)]))}}
        return {}

    def some_id(self) -> UUID:
        """Of anything in the world, seen or hidden; or of nothing."""
        if self.chance.random() < 0.15:
            return UUID(int=self.chance.getrandbits(128), version=4)
        return UUID(str(self.chance.choice(self.ids)))


def reported(truth: Truth) -> list[date]:
    """When something that does not show was reported of somebody in a family that does: where a list narrowed by it could tell."""
    person = case(truth.world, truth.viewer, truth.today).person
    members = {one for its in truth.seen.families.values() for one in its}
    return sorted(
        record.start
        for record in truth.world.records
        if record.kind == "SUPPORT_REPORT" and record.id not in truth.seen.records and record.start
        if members & {person.get(ref) for part in record.parts for ref in part.people}
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


def without(truth: Truth, rule: str) -> Truth:
    """What it would be, were it not for this sentence or wall."""
    if rule not in truth.others:
        left_out = {"without_sentence": rule} if rule.isdigit() else {"without_wall": rule}
        truth.others[rule] = Truth(truth.facts, truth.viewer, truth.today, **left_out)
    return truth.others[rule]


def bare(answer: Any) -> Any:
    """An answer without the numbers of sentences."""
    return {key: bare(one) for key, one in answer.items() if key != "seenBecause"} if isinstance(answer, dict) else answer


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
TRIED_MORE = 12
"""Viewers who are looked at, besides those who are asked."""
ATTEMPTS = 8
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


NOT_BY_READING = {
    "10": "a lead or allocated social worker is on the household's team: 8 lets them in first",
    "13": "an inclusion lead's own school is one of «their school's»: 43",
    "29": "WRITE alone; what its author sees, 20 says",
    "62": "LINK alone",
    "64": "IMPORT alone",
    "65": "WRITE alone; assignments are seen by 67",
    "75": "WRITE alone; what its author sees, their agency's social workers see by 76",
    "77": "CONFIRM alone",
    "W3-LINK": "LINK alone",
    "NEVER-STEWARD": "no sentence shows an identity steward what tells where somebody is",
}
"""Sentences that turn no answer of a read, and why."""


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
