"""What must hold of every answer beside what the oracle says of it: each property, tried on one viewer of one world.

Each function answers the faults that it found, as text.
"""

import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from statistics import median
from typing import Any
from uuid import UUID

from tests.proof.acts import Actor
from tests.proof.asking import PAGED, MoreThanAPageError, Question, differences, directory, ids_in, narrowed, page_of, shaped
from tests.proof.hidden import alike
from tests.proof.oracle import case, sentences
from tests.proof.pairs import Asked, apart, known_to
from tests.proof.stage import Reply, Stage
from tests.proof.truth import Truth
from tests.reading.worlds import TODAY, client_of
from throughline.access.viewer import Viewer

UUID_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
MADE_BY_NAMING = ("IDENTITY_RECORD", "IDENTITY_NUMBER")
"""What whoever names somebody makes, whatever else they may."""


@dataclass
class Trial:
    """One viewer of the world that stands."""

    stage: Stage
    viewer: Viewer
    truth: Truth
    chance: Random
    questions: list[tuple[Question, dict[str, Any]]] = field(default_factory=list)
    """With their variables: those that were asked already."""

    @property
    def hidden(self) -> set[str]:
        """Ids of what is there and does not show."""
        rows, seen = self.stage.rows, self.truth.seen
        homes = {str(home) for home, family in self.truth.world.families if family in seen.families}
        homes |= {str(self.truth.facts.by_id[one].household) for one in seen.records}
        every = {str(row["id"]) for table in ("person", "family", "household", "support_report_part") for row in rows[table]}
        every |= {str(record.id) for record in self.truth.world.records}
        every -= {str(row["id"]) for row in rows["person"] if self.truth.finds(row["id"])}  # whom a search finds is there
        return (
            every - homes - {one.decode() for one in known_to(self.truth) - {str(h).encode() for h, _ in self.truth.world.families}}
        )

    async def ask(self, asked: Asked) -> Reply:
        return await self.stage.ask(self.viewer, asked.text, asked.variables)

    async def anew(self) -> "Trial":
        """The same viewer, in the world as it stands in the database now."""
        self.stage.rows = await self.stage.read()
        return self.with_facts()

    def with_facts(self) -> "Trial":
        truth = Truth(self.stage.facts(self.stage.rows), self.truth.viewer, TODAY)
        return Trial(self.stage, self.viewer, truth, self.chance, self.questions)


def swapped(value: Any, ids: Mapping[str, str]) -> Any:
    """With other ids in the place of these."""
    if isinstance(value, str):
        return ids.get(value, value)
    if isinstance(value, Mapping):
        return {key: swapped(one, ids) for key, one in value.items()}
    return [swapped(one, ids) for one in value] if isinstance(value, list) else value


async def hidden_is_absent(trial: Trial) -> list[str]:
    """What is there and does not show is answered like what is not there: for reads, and for acts."""
    hidden = trial.hidden
    tried = [Asked(question.text, given) for question, given in trial.questions[:1]]
    tried += [Asked(*Actor(trial.stage.rows, trial.truth, trial.chance).act(), is_act=True) for _ in range(4)]
    for name, text in directory().items():  # whatever else names somebody
        filled = Actor(trial.stage.rows, trial.truth, trial.chance).filling(name)
        tried += [Asked(text, filled)] if filled else []
    if hidden:
        node = trial.chance.choice(sorted(hidden))
        tried.append(
            Asked("query Asked($id: ID!){node(id: $id){__typename id} person(id: $id){id} family(id: $id){id}}", {"id": node})
        )
    faults = []
    for asked in tried:
        named = set(UUID_TEXT.findall(str(asked.variables))) & hidden
        if not named:
            continue
        other = {one: str(UUID(int=trial.chance.getrandbits(128), version=4)) for one in sorted(named)}
        instead = Asked(asked.text, swapped(asked.variables, other), asked.is_act)
        shown = known_to(trial.truth) | {one.encode() for one in (*other, *other.values())}
        if wrong := apart(asked, await trial.ask(asked), await trial.ask(instead), shown):
            faults.append(f"hidden and not absent: {wrong}\n{trial.viewer}\n{asked.text}\n{asked.variables}")
    return faults


async def act_is_allowed(trial: Trial, acts: int = 2) -> list[str]:
    """Whatever an act makes, a sentence lets this viewer write."""
    faults = []
    for _ in range(acts):
        text, given = Actor(trial.stage.rows, trial.truth, trial.chance).act()
        rows = trial.stage.rows
        async with trial.stage.aside():
            reply = await trial.stage.act(trial.viewer, text, given)
            if b'"userErrors":[]' in reply.body:
                after = await trial.anew()
                faults += [f"made without a sentence: {one}\n{trial.viewer}\n{text}\n{given}" for one in unallowed(trial, after)]
                faults += [f"an act {one}\n{trial.viewer}\n{text}\n{given}" for one in untold(reply)]
        trial.stage.rows = rows
    return faults


def unallowed(before: Trial, after: Trial) -> Iterable[str]:
    truth, known = after.truth, before.truth.facts.by_id
    for record in truth.world.records:
        if record.id in known or record.kind in MADE_BY_NAMING or record.practitioner != truth.viewer.actor:
            continue
        if not any(sentences(truth.world, truth.viewer, TODAY, verb, record) for verb in ("WRITE", "IMPORT")):
            yield f"{record.kind} {record.id}"


def untold(reply: Reply) -> list[str]:
    """Ids that were shown and are not in the trail."""
    shown = ids_in(reply.json.get("data")) if reply.json.get("data") else set()
    return [f"showed {one}, which is not in the trail" for one in shown - reply.noted.keys()]


async def others_acts_change_nothing(trial: Trial, other: Trial) -> list[str]:
    """Somebody else's act that the oracle says this viewer cannot tell: they are answered as before."""
    asked = [Asked(question.text, given) for question, given in trial.questions[:2]]
    before, rows, faults = [await trial.ask(one) for one in asked], trial.stage.rows, []
    text, given = Actor(rows, other.truth, trial.chance).act()
    async with trial.stage.aside():
        reply = await trial.stage.act(other.viewer, text, given)
        if b'"userErrors":[]' in reply.body:
            after = await trial.anew()
            if alike(after.truth) == alike(trial.truth) and not changed_shown(rows, trial.stage.rows, trial.truth):
                for one, was in zip(asked, before, strict=True):
                    if wrong := apart(one, was, await trial.ask(one), ()):
                        faults.append(
                            f"another's act shows: {wrong}\n{trial.viewer}\n{one.text}\n{one.variables}\n{other.viewer}\n{given}"
                        )
    trial.stage.rows = rows
    return faults


def changed_shown(before: Mapping[str, Any], after: Mapping[str, Any], truth: Truth) -> bool:
    """Whether a row that shows says something else now."""
    shown = {*truth.seen.records, *truth.seen.parts}
    return any(
        [row for row in before[table] if row.get("id") in shown] != [row for row in after[table] if row.get("id") in shown]
        for table in before
    )


async def pages_make_the_whole(trial: Trial) -> list[str]:
    """Page by page comes what comes at once, in the same order; and nothing but what shows."""
    owner, name = trial.chance.choice(PAGED)
    lists: dict[str, list[Any]] = {
        "Person": sorted(trial.truth.seen.persons), "Family": sorted(trial.truth.seen.families), "Query": [None],
    }  # fmt: skip
    seen = lists[owner]
    if not seen:
        return []
    given: dict[str, Any] = {"id": str(trial.chance.choice(seen))} if owner != "Query" else {}
    given |= narrowed(owner, name, trial.chance)
    question = page_of(owner, name)
    whole = await trial.ask(Asked(question, {**given, "first": 100}))
    if "errors" in whole.json:
        return []
    every, total = _page(whole, owner, name)
    found: list[str] = []
    after, faults = None, []
    for _ in range(len(every) + 2):
        reply = await trial.ask(Asked(question, {**given, "first": trial.chance.randint(1, 3), "after": after}))
        if "errors" in reply.json:
            return [f"pages: {reply.json['errors']}\n{trial.viewer}\n{question}\n{given}"]
        page, count = _page(reply, owner, name)
        found += page
        info = _connection(reply, owner, name)["pageInfo"]
        faults += [f"pages: {count} in all, and {total} at once"] if count != total else []
        after = info["endCursor"]
        if not info["hasNextPage"]:
            break
    if found != every:
        faults.append(f"pages: {found}, and at once {every}")
    shown = {one.decode() for one in known_to(trial.truth)}
    faults += [f"pages: {one} does not show" for one in every if one not in shown]
    return [f"{one}\n{trial.viewer}\n{question}\n{given}" for one in faults]


def _connection(reply: Reply, owner: str, name: str) -> Any:
    data = reply.json["data"]
    return data[name] if owner == "Query" else data[owner.lower()][name]


def _page(reply: Reply, owner: str, name: str) -> tuple[list[str], int]:
    found = _connection(reply, owner, name)
    return [edge["node"]["id"] for edge in found["edges"]], found["totalCount"]


async def through_a_tool(trial: Trial) -> list[str]:
    """Through a front-end of their agency nobody is shown more than by a client of their own; through another agency's, nothing."""
    viewer, faults = trial.viewer, []
    if viewer.is_tool or not trial.questions:
        return []
    question, given = trial.chance.choice(trial.questions)
    asked = Asked(question.text, given)
    own = await trial.ask(asked)
    for tool in trial.stage.rows["tool"]:
        through = replace(viewer, client_id=client_of(tool["id"]))
        reply = await trial.stage.ask(through, asked.text, asked.variables)
        if tool["agency_id"] != trial.truth.viewer.agency:
            faults += (
                [f"entered through another agency's tool\n{through}"] if reply.noted or ids_in(reply.json.get("data") or {}) else []
            )
        elif more := reply.noted.keys() - own.noted.keys():
            faults.append(f"more through a tool: {more}\n{through}\n{asked.text}\n{given}")
    return faults


@dataclass
class Stopwatch:
    """Seconds that answers took: for what is hidden, and for what is absent."""

    hidden: list[float] = field(default_factory=list)
    absent: list[float] = field(default_factory=list)

    async def watch(self, trial: Trial, pairs: int = 6) -> None:
        """Interleaved, in random order, with a document that both take the same way."""
        people = sorted(one for one in trial.hidden if UUID(one) in {row["id"] for row in trial.stage.rows["person"]})
        if not people:
            return
        text = "query Asked($id: ID!){person(id: $id){id}}"
        await trial.stage.ask(trial.viewer, text, {"id": people[0]})  # so that nobody waits for the plan
        for _ in range(pairs):
            turns: list[tuple[list[float], str]] = [
                (self.hidden, trial.chance.choice(people)),
                (self.absent, str(UUID(int=trial.chance.getrandbits(128), version=4))),
            ]
            trial.chance.shuffle(turns)
            for kept, one in turns:
                began = time.perf_counter()
                await trial.stage.ask(trial.viewer, text, {"id": one})
                kept.append(time.perf_counter() - began)

    @property
    def longer(self) -> float:
        """Seconds between the medians."""
        return median(self.hidden) - median(self.absent)

    @property
    def area(self) -> float:
        """Under the curve: 0.5 where the two cannot be told apart."""
        ranked = sorted([(s, 1) for s in self.hidden] + [(s, 0) for s in self.absent])
        above = sum(place for place, (_, is_hidden) in enumerate(ranked, 1) if is_hidden)
        many, few = len(self.hidden), len(self.absent)
        return (above - many * (many + 1) / 2) / max(1, many * few)


async def same_as_the_oracle(trial: Trial) -> list[str]:
    """The questions asked already, asked of the world as it stands now."""
    faults = []
    for question, given in trial.questions:
        roots = question.filled(given)
        reply = await trial.ask(Asked(question.text, given))
        faults += [f"{one}\n{trial.viewer}\n{question.text}\n{given}" for one in unlike(trial, reply, question, roots)[:4]]
    return faults


def unlike(trial: Trial, reply: Reply, question: Question, roots: Mapping[str, Any]) -> list[str]:
    answer = reply.json
    if any(error["extensions"]["code"] == "QUERY_TOO_COMPLEX" for error in answer.get("errors", ())):
        return []
    if not case(trial.truth.world, trial.truth.viewer, TODAY).in_force:
        return [] if answer.get("data") is None else ["not in force, and answered"]
    if "errors" in answer:
        return [f"refused: {answer['errors']}"]
    data = answer["data"].get("viewer", answer["data"])
    try:
        return differences(trial.truth.answer(dict(roots)), shaped(data, roots))
    except MoreThanAPageError:
        return []
