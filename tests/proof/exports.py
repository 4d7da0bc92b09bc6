"""`python -m tests.proof.exports --worlds N`: whoever asks an agency for their own is given exactly what the page says, in random worlds.

The set is the oracle's: every record of the agency that sentence 56 opens and that is about nobody else. What is kept out of an answer
beyond that (what an officer marked, an enquiry that runs, what may be meant for whoever asks) is told from the rows.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

import httpx
from starlette.applications import Starlette

from tests.proof.fact import Record
from tests.proof.oracle import case, sentences
from tests.proof.play import asker
from tests.proof.processes import alone, firsts
from tests.proof.stage import Shared, Stage, token
from tests.proof.truth import Facts, Truth
from tests.reading.portal import SETTINGS, viewers
from tests.reading.worlds import TODAY
from throughline import app
from throughline.access.viewer import Viewer

GIVEN = (
    "SUPPORT_REPORT", "INVOLVEMENT", "NEED", "LEGAL_STATUS", "ENROLMENT", "ATTENDANCE", "MEMBERSHIP", "TEAM_POSITION",
    "SHARING_DECISION", "ADDRESS", "CONTACT", "SERVICE_AGREEMENT", "COURT_ORDER",
)  # fmt: skip
"""Of what sentence 56 speaks, but for who they are, which comes first, and what is two people's: a relationship."""
NUMBER, OFFICERS = 56, 80


@dataclass
class Tried:
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def add(self, other: "Tried") -> None:
        self.counts += other.counts
        self.faults += other.faults


@dataclass(frozen=True)
class Whole:
    """What an answer holds, by id."""

    records: frozenset[str]
    parts: frozenset[str]
    identities: frozenset[str]
    numbers: frozenset[str]


class Answer:
    """What somebody is to be given by this request."""

    def __init__(self, facts: Facts, truth: Truth, rows: dict[str, dict[Any, Any]], request: Record) -> None:
        self.facts, self.truth, self.rows, self.request = facts, truth, rows, request
        self.case = case(truth.world, truth.viewer, TODAY)
        self.person = self.case.person.get(request.people[0])
        self.row = rows["rights_request"][request.id]

    @property
    def is_given(self) -> bool:
        return self.request.state == "APPROVED" and OFFICERS in self._because(self.request)

    def _because(self, record: Record, part: Any = None) -> list[int]:
        return sentences(self.truth.world, self.truth.viewer, TODAY, "SEE", record, part)

    @property
    def whole(self) -> Whole:
        records, parts = set(), set()
        for record in self._kept():
            open_parts = [one for one in self.truth.world.parts[record.id] if self._is_theirs(record, one)]
            if open_parts:
                records.add(str(record.id))
                parts |= {str(one.id) for one in open_parts if one.id is not None}
        who = {kind: set(self._who(kind)) for kind in ("IDENTITY_RECORD", "IDENTITY_NUMBER")}
        return Whole(frozenset(records), frozenset(parts), frozenset(who["IDENTITY_RECORD"]), frozenset(who["IDENTITY_NUMBER"]))

    def _kept(self) -> Iterator[Record]:
        for record in self.truth.world.records:
            is_apart = record.sensitivity == "CONFIDENTIAL" or self.request.sensitivity == "CONFIDENTIAL"
            if record.kind not in GIVEN or record.id in self._marked:
                continue
            if is_apart and (record.sensitivity, record.service) != (self.request.sensitivity, self.request.service):
                continue
            if self._runs(record) or (
                record.kind != "SUPPORT_REPORT" and self._is_kept_from_who_asks(record.kind.lower(), record.id)
            ):
                continue
            yield record

    def _is_theirs(self, record: Record, part: Any) -> bool:
        if {self.case.person.get(ref) for ref in part.people} != {self.person} or NUMBER not in self._because(record, part):
            return False
        is_part = part.id is not None
        return not is_part or (part.id not in self._marked and not self._is_kept_from_who_asks("support_report_part", part.id))

    @property
    def _marked(self) -> set[Any]:
        return {row["left_out_id"] for row in self.rows["left_out"].values() if row["request_id"] == self.request.id}

    def _runs(self, record: Record) -> bool:
        return record.kind == "LEGAL_STATUS" and record.end is None and self.rows["legal_status"][record.id]["status"] == "ENQUIRY"

    def _is_kept_from_who_asks(self, table: str, row_id: Any) -> bool:
        row = self.rows[table][row_id]
        is_private = (self.row["asked_by"], self.row["entitlement"]) != ("PARENT", "CHILD_AGREES") and self.row[
            "asked_by"
        ] == "PARENT"
        is_private = is_private and row["sensitivity"] != "STANDARD"
        return is_private or (self.row["asked_by"] != "PERSON" and bool(row.get("must_not_be_told")))

    def _who(self, kind: str) -> Iterator[str]:
        for record in self.truth.world.of_kind[kind]:
            is_theirs = self.case.person.get(record.people[0]) == self.person and record.service == self.request.service
            if is_theirs and NUMBER in self._because(record):
                yield str(record.id)

    def others(self) -> set[str]:
        """Ids and numbers by which anybody else could be known, and not the person."""
        theirs = {one["id"] for one in self.rows["identity_record"].values() if one["person_id"] == self.person}
        known: dict[bool, set[str]] = {True: set(), False: set()}
        for one in self.rows["identity_record"].values():
            known[one["id"] in theirs] |= {str(one["id"]), str(one["person_id"]), one["own_id"] or str(one["id"])}
        for one in self.rows["identity_number"].values():
            known[one["identity_record_id"] in theirs].add(one["value"])
        return known[False] - known[True]


async def tried(stage: Stage, worlds: int, seed: int) -> Tried:
    done, pool = Tried(), Shared(stage.connection)
    portal: Any = app.routes(SETTINGS, pool, clock=lambda: stage.clock, step=0.0)
    transport = httpx.ASGITransport(app=Starlette(routes=portal))
    async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
        for number in range(seed, seed + worlds):
            facts = await stage.arrange(number)
            rows = {name: {row.get("id", place): row for place, row in enumerate(its)} for name, its in stage.rows.items()}
            officers = [one for one in viewers(stage.worlds[0]) if (one.role, one.purpose) == ("PRIVACY_OFFICER", "RIGHTS")]
            for viewer in officers:
                truth = Truth(facts, asker(facts, viewer), TODAY)
                for request in truth.world.of_kind["RIGHTS_REQUEST"]:
                    answer = Answer(facts, truth, rows, request)
                    async with stage.aside():
                        wrong = await _compared(client, viewer, answer, done.counts)
                    done.faults += [f"world {number}, {viewer}, request {request.id}: {one}" for one in wrong]
    return done


async def _compared(client: httpx.AsyncClient, viewer: Viewer, answer: Answer, counts: Counter[str]) -> list[str]:
    counts["asked"] += 1
    headers = {"authorization": f"Bearer {token(viewer)}"}
    forms = [await client.get(f"/rights-requests/{answer.request.id}/export.{form}", headers=headers) for form in ("json", "html")]
    is_in_force = answer.case.in_force
    if [one.status_code for one in forms] != [200 if answer.is_given and is_in_force else 404 if is_in_force else 401] * 2:
        return [f"{[one.status_code for one in forms]}, the oracle gives it: {answer.is_given}, in force: {is_in_force}"]
    if forms[0].status_code != 200:
        return []
    counts["given"] += 1
    told, expected = whole(forms[0].json()), answer.whole
    counts["records"] += len(told.records)
    counts["parts"] += len(told.parts)
    both = {name: (getattr(told, name), getattr(expected, name)) for name in Whole.__annotations__}
    faults = [f"{name}: given alone {its - other}, missing {other - its}" for name, (its, other) in both.items() if its != other]
    others = [one for one in answer.others() if any(one.lower() in form.text.lower() for form in forms)]
    return faults + [f"of somebody else: {one}" for one in others]


def whole(answer: dict[str, Any]) -> Whole:
    parts = frozenset(part["id"] for record in answer["records"] for part in record.get("parts", ()))
    records, identities, numbers = (
        frozenset(one["id"] for one in answer[name]) for name in ("records", "identityRecords", "numbers")
    )
    return Whole(records, parts, identities, numbers)


def some(worlds: int, seed: int) -> Tried:
    return alone(lambda stage: tried(stage, worlds, seed))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.proof.exports", description=__doc__)
    parser.add_argument("--worlds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    done = Tried()
    seeds, counts = zip(*firsts(asked.worlds, asked.seed, asked.processes), strict=True)
    with ProcessPoolExecutor(asked.processes, mp_context=get_context("spawn")) as pool:
        for part in pool.map(some, counts, seeds):
            done.add(part)
    print(*done.faults, f"{asked.worlds} worlds: {dict(done.counts)}, violations: {len(done.faults)}", sep="\n")
    return int(bool(done.faults) or not done.counts["parts"])


if __name__ == "__main__":
    sys.exit(main())
