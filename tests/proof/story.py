"""Decisions, moves, revocations, links and acts, one after another in one world, with questions between them.

After each of them the portal is asked again and must answer as the oracle does of the world as it stands then: nothing is
remembered. What withdraws or ends something never shows more; an act that is sent again shows no more than may be seen now.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.proof.acts import Actor
from tests.proof.asking import ids_in
from tests.proof.hidden import Row
from tests.proof.pairs import Asked
from tests.proof.properties import Trial, same_as_the_oracle
from tests.proof.stage import NO_SUCH_ROWS
from tests.reading.worlds import NOW, TODAY, client_of

Turn = Callable[["Stand"], list[tuple[str, Row | None, Row | None]]]
"""Rows of tables, each as it was and as it becomes: None for none."""
YESTERDAY = TODAY - timedelta(days=1)


class Stand:
    """What a turn may take hold of: the rows as they stand, and the viewer."""

    def __init__(self, trial: Trial) -> None:
        self.trial, self.rows, self.chance = trial, trial.stage.rows, trial.chance

    def mine(self, table: str, column: str) -> list[Row]:
        held = {self.trial.truth.viewer.actor, self.trial.truth.viewer.agency}
        return [row for row in self.rows[table] if row[column] in held]

    def one(self, rows: list[Row], table: str, **changes: Any) -> list[tuple[str, Row | None, Row | None]]:
        if not rows:
            return []
        row = self.chance.choice(rows)
        return [(table, row, row | changes)] if row | changes != row else []


def _decisions(stand: Stand) -> list[Row]:
    agency = stand.trial.truth.viewer.agency
    received = {row["decision_id"] for row in stand.rows["sharing_decision_receiver"] if row["receiver_id"] == agency}
    live = [row for row in stand.rows["sharing_decision"] if row["withdrawn_on"] is None and row["withdrawn_at"] is None]
    return [row for row in live if row["id"] in received] or live


def _link(stand: Stand) -> list[tuple[str, Row | None, Row | None]]:
    """One identity record, of another agency, is linked to somebody else."""
    own = stand.trial.truth.viewer.agency
    others = [row for row in stand.rows["identity_record"] if row["agency_id"] != own and row["service_id"] is None]
    return stand.one(others, "identity_record", person_id=stand.chance.choice(stand.rows["person"])["id"])


def _connect(stand: Stand) -> list[tuple[str, Row | None, Row | None]]:
    people = {row["id"] for row in stand.rows["identity_record"] if row["person_id"] in stand.trial.truth.seen.persons}
    if not people or stand.trial.viewer.is_tool:
        return []
    row = {
        "id": UUID(int=stand.chance.getrandbits(128), version=4), "agency_id": stand.trial.truth.viewer.agency,
        "practitioner_id": stand.trial.truth.viewer.actor, "identity_record_id": stand.chance.choice(sorted(people)),
        "kind": "RELATIVE", "made_at": NOW - timedelta(days=9), "ended_on": None,
    }  # fmt: skip
    return [("connection", None, row)]


NARROWING: dict[str, Turn] = {
    "decision withdrawn": lambda s: s.one(_decisions(s), "sharing_decision", withdrawn_on=TODAY),
    "position ended": lambda s: s.one([r for r in s.mine("team_position", "holder_id") if r["from_on"] < TODAY], "team_position", until_on=YESTERDAY),
    "position ended at once": lambda s: s.one(s.mine("team_position", "holder_id"), "team_position", withdrawn_at=NOW),
    "moved away": lambda s: s.one(
        [r for r in s.mine("enrolment", "school_id") if r["from_on"] < TODAY], "enrolment", until_on=YESTERDAY
    ),
    "assignment ended": lambda s: s.one([r for r in s.mine("assignment", "holder_id") if r["from_on"] < TODAY], "assignment", until_on=YESTERDAY),
    "contact decided": lambda s: s.one(
        [r for r in s.mine("contact", "front_door_id") if r["decided_on"] is None], "contact", decided_on=TODAY, decision="advice"
    ),
    "role over": lambda s: s.one(s.mine("practitioner_role", "practitioner_id"), "practitioner_role", until_on=YESTERDAY),
    "left": lambda s: s.one([r for r in s.rows["practitioner"] if r["id"] == s.trial.truth.viewer.actor], "practitioner", disabled_at=NOW),
    "client stopped": lambda s: s.one(
        [r for r in s.rows["oauth_client"] if r["client_id"] == client_of(s.trial.viewer.actor_id)], "oauth_client", disabled_at=NOW
    ),
    "connected": _connect,
    "agreement withdrawn": lambda s: s.one(
        [r for r in s.rows["service_agreement"] if r["withdrawn_on"] is None and not r["is_refusal"]], "service_agreement", withdrawn_on=TODAY
    ),
    "emergency ended": lambda s: s.one(
        [r for r in s.mine("emergency_access", "practitioner_id") if r["ended_at"] is None], "emergency_access", ended_at=NOW
    ),
}  # fmt: skip
"""What closes, and opens nothing."""
NEVER_SHOWS_MORE = (
    "decision withdrawn", "role over", "left", "client stopped", "assignment ended", "contact decided", "agreement withdrawn", "emergency ended",
)  # fmt: skip
"""Those that by themselves take nothing away that closes something (the end of a position may end the wall W8)."""
OTHERS: dict[str, Turn] = {
    "linked": _link,
    "enrolment confirmed": lambda s: s.one(
        [r for r in s.rows["enrolment"] if r["state"] == "PROPOSED"], "enrolment", state="CONFIRMED",
        confirmed_by_agency_id=s.chance.choice(s.rows["agency"])["id"], confirmed_at=NOW,
    ),
    "refused": lambda s: s.one([r for r in _decisions(s) if not r["is_refusal"]], "sharing_decision", is_refusal=True),
    "signed second": lambda s: s.one(
        [r for r in s.rows["sharing_reason"] if r["without_agreement"] and r["signed_by_id"] is None], "sharing_reason",
        signed_by_id=s.trial.truth.viewer.actor, signed_at=NOW,
    ),
    "withdrawn": lambda s: s.one([r for r in s.rows["involvement"] if not r["withdrawn_at"]], "involvement", withdrawn_at=NOW),
    "service left": lambda s: [(("service_member"), row, None) for row in s.mine("service_member", "practitioner_id")[:1]],
    "grown up": lambda s: s.one(s.rows["identity_record"], "identity_record", date_of_birth=TODAY.replace(year=TODAY.year - 18), is_unborn=False),
}  # fmt: skip
TURNS = NARROWING | OTHERS


async def take(trial: Trial, name: str) -> Trial | None:
    """The turn is taken, in the database and in the facts; None where there is nothing to take hold of."""
    steps = TURNS[name](Stand(trial))
    if not steps:
        return None
    gone: dict[str, list[Row]] = {}
    new: dict[str, list[Row]] = {}
    for table, before, after in steps:
        if before is not None:
            gone.setdefault(table, []).append(before)
        if after is not None:
            new.setdefault(table, []).append(after)
    rows = {
        table: [row for row in its if not any(row is one for one in gone.get(table, ()))] + new.get(table, [])
        for table, its in trial.stage.rows.items()
    }
    try:
        async with trial.stage.connection.transaction():
            await trial.stage.change(gone, new)
    except NO_SUCH_ROWS:
        return None
    trial.stage.rows = rows
    return trial.with_facts()


async def told(trial: Trial, length: int = 3) -> list[str]:
    """A story of so many turns, and what was wrong in it."""
    faults: list[str] = []
    with kept(trial):
        async with trial.stage.aside():
            faults += await _told(trial, length)
    return faults


@contextmanager
def kept(trial: Trial) -> Iterator[None]:
    rows = trial.stage.rows
    try:
        yield
    finally:
        trial.stage.rows = rows


async def _told(trial: Trial, length: int) -> list[str]:
    acts = [Asked(*Actor(trial.stage.rows, trial.truth, trial.chance).act(), is_act=True) for _ in range(3)]
    done: list[Asked] = []
    for act in acts:
        reply = await trial.stage.act(trial.viewer, act.text, {**act.variables, **_key(act, len(done))})
        if b'"userErrors":[]' in reply.body and b'"code":' not in reply.body and b'"ctfImport"' not in reply.body:
            done.append(Asked(act.text, {**act.variables, **_key(act, len(done))}, is_act=True))
    trial = await trial.anew()
    faults = [f"after acts: {one}\n{[a.variables for a in done]}" for one in await same_as_the_oracle(trial)] if done else []
    for _ in range(length):
        name = trial.chance.choice(list(TURNS))
        before = await _shown(trial)
        after = await take(trial, name)
        if after is None:
            continue
        faults += [f"after «{name}»: {one}" for one in await same_as_the_oracle(after)]
        more = await _shown(after) - before if name in NEVER_SHOWS_MORE else set()
        faults += [f"«{name}» shows {one}, that did not show\n{trial.viewer}" for one in more]
        trial = after
        for act in done:
            faults += [f"sent again after «{name}»: {one}\n{act.text}\n{act.variables}" for one in await _sent_again(trial, act)]
    return faults


def _key(act: Asked, place: int) -> dict[str, Any]:
    given = act.variables.get("input")
    return {"input": given | {"idempotencyKey": f"key {place}"}} if isinstance(given, dict) and "idempotencyKey" in given else {}


async def _shown(trial: Trial) -> set[UUID]:
    found: set[UUID] = set()
    for question, given in trial.questions:
        found |= ids_in((await trial.ask(Asked(question.text, given))).json.get("data") or {})
    return found


async def _sent_again(trial: Trial, act: Asked) -> list[str]:
    """The answer to a retry names only what shows now."""
    reply = await trial.ask(act)
    seen = trial.truth.seen
    may = {*seen.records, *seen.parts, *seen.persons, *seen.families}.union(*seen.records.values())
    return [f"shows {one}\n{trial.viewer}" for one in ids_in(reply.json.get("data") or {}) - may]
