"""Who is asked about a world, and what: where the rules that were seldomest decisive turn the answer."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

from tests.proof.asking import Question, Variable
from tests.proof.fact import Viewer as Asker
from tests.proof.oracle import SENTENCES, WALLS, case
from tests.proof.truth import Facts, Truth
from tests.reading.portal import viewers
from tests.reading.worlds import TODAY, World
from throughline.access.viewer import Viewer

RULES = (*dict.fromkeys(rule.id for rule in (*WALLS, *SENTENCES)), "W5")
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
BY_SEARCH_ALONE = "2"
TRIED_MORE = 12
"""Viewers who are looked at, besides those who are asked."""
ATTEMPTS = 8


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
        """Of several the first whose answer the rarest rule turns that turns anything for this viewer."""
        rule = self.rarest(truth)
        other, turning = without(truth, rule), self.turning(truth, rule)
        for _ in range(ATTEMPTS):
            question = self.chance.choice(documents)
            given = self.filling(truth, question, turning)
            roots = question.filled(given)
            if bare(other.answer(roots)) != bare(truth.answer(roots)):
                break
        return question, given

    def rarest(self, truth: Truth) -> str:
        seldom = sorted(bearing(truth) - {BY_SEARCH_ALONE}, key=lambda rule: (self.rare[rule], rule))
        return next((rule for rule in seldom[:ATTEMPTS] if not without(truth, rule).is_as_whole), seldom[0])

    def turning(self, truth: Truth, rule: str) -> dict[str, list[Any]]:
        """Where this rule turns the answer: ids by root."""
        other = without(truth, rule)
        records = [one for one in {*truth.seen.records, *other.seen.records} if truth.because(one) != other.because(one)]
        people = {p for one in records for seen in (truth.seen, other.seen) for p in seen.records.get(one, ())}
        people |= truth.seen.persons ^ other.seen.persons
        families = {f for seen in (truth.seen, other.seen) for f, its in seen.families.items() if its & people}
        return {"node": sorted(records), "person": sorted(people), "family": sorted(families)}

    def filling(self, truth: Truth, question: Question, turning: Mapping[str, list[Any]] | None = None) -> dict[str, Any]:
        """Whom and what to ask for: mostly what the viewer may see, and often something else of the same world, or nothing."""
        chance, seen = self.chance, truth.seen
        known = {"person": sorted(seen.persons), "family": sorted(seen.families), "node": sorted(seen.records)}
        turning = turning or self.turning(truth, self.rarest(truth))
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


def without(truth: Truth, rule: str) -> Truth:
    """What it would be, were it not for this sentence or wall."""
    if rule not in truth.others:
        left_out = {"without_sentence": rule} if rule.isdigit() else {"without_wall": rule}
        truth.others[rule] = Truth(truth.facts, truth.viewer, truth.today, **left_out)
    return truth.others[rule]


def bare(answer: Any) -> Any:
    """An answer without the numbers of sentences."""
    return {key: bare(one) for key, one in answer.items() if key != "seenBecause"} if isinstance(answer, dict) else answer


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
