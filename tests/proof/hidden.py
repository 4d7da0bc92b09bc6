"""What two worlds may differ in without one viewer being answered otherwise: the oracle says what that is.

Rows go, come and change wherever they are not shown to this viewer; then the oracle is asked about both worlds, and whatever made a
difference to what this viewer may see, know of, find or do is taken back.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from tests.proof.dense import meeting_keys
from tests.proof.oracle import case
from tests.proof.stage import TABLES, Stage
from tests.proof.truth import Facts, Truth
from tests.reading.worlds import TODAY

Row = dict[str, Any]
CHILDREN = {
    "support_report": (("support_report_part", "report_id"), ("support_report_part_person", "report_id")),
    "team_position": (("team_position_person", "position_id"),),
    "sharing_decision": (
        ("sharing_decision_person", "decision_id"), ("sharing_decision_receiver", "decision_id"), ("sharing_reason", "decision_id"),
    ),
    "sharing_reason": (("sharing_reason_person", "reason_id"),),
    "service_agreement": (("sharing_reason", "service_agreement_id"),),
    "address": (("address_reader", "address_id"),),
    "protection": (("protection_reader", "protection_id"),),
    "rights_request": (("left_out", "request_id"),),
    "identity_record": (("identity_number", "identity_record_id"), ("search_key", "identity_record_id")),
}  # fmt: skip
"""Rows that go and come with another, and by which column they name it."""
NAMING = ("id", "identity_record_id", "other_identity_record_id", "agreed_by_record_id", "keeps_away_id", "must_not_be_told_id")
"""Columns by which a row is, or names, an identity record."""
AS_IT_IS = {"emergency_access": ("sensitivity", "withdrawn_at", "practitioner_id"), "court_order": ("sensitivity",)}
"""What the tables let nobody say otherwise."""
SEVERAL = (
    ("team_position_person", "position_id"),
    ("sharing_decision_person", "decision_id"),
    ("sharing_reason_person", "reason_id"),
)
RECORDS = tuple(
    name for name, table in TABLES.items() if "sensitivity" in table.c and "version" in table.c and name not in (
        "identity_record", "record_history", "support_report_part", "support_report_part_person",
    )
)  # fmt: skip
"""Tables of records, found by their columns: a kind that is built later is in it the day it appears."""
PROTECTED = ("IDENTITY", "WHEREABOUTS")
UNSEEN_PHRASES = ("connected", "child's own", "no contact undecided")


@dataclass
class Difference:
    """Rows by table: those that only the first world has, and those that only the second has."""

    gone: dict[str, list[Row]] = field(default_factory=dict)
    new: dict[str, list[Row]] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def size(self) -> int:
        return sum(len(rows) for side in (self.gone, self.new) for rows in side.values())


@dataclass(frozen=True)
class Step:
    """One thing that is otherwise."""

    what: str
    gone: tuple[tuple[str, Row], ...] = ()
    new: tuple[tuple[str, Row], ...] = ()


class Differing:
    """Makes worlds that one viewer cannot tell from this one."""

    def __init__(self, stage: Stage, truth: Truth, chance: Random) -> None:
        self.stage, self.truth, self.chance = stage, truth, chance
        self.rows = stage.rows
        self.seen = truth.seen
        self.own = {row["id"] for row in self.rows["identity_record"] if row["agency_id"] == truth.viewer.agency}
        self.before = alike(truth)

    def difference(self, most: int) -> tuple[Difference, Truth] | None:
        """Up to so many steps; None where every one that was tried made a difference."""
        steps: list[Step] = []
        taken: set[tuple[str, int]] = set()
        for step in self.steps(most):
            touched = {(table, id(row)) for table, row in step.gone}
            if not touched & taken:
                taken |= touched
                steps.append(step)
        kept = self.unnoticed(steps)
        return (self.sum_of(kept), Truth(self.facts_with(kept), self.truth.viewer, TODAY)) if kept else None

    def unnoticed(self, steps: list[Step], most: int = 3) -> list[Step]:
        """Those that make no difference together: halves are tried where the whole does, but not endlessly."""
        if not steps or alike(Truth(self.facts_with(steps), self.truth.viewer, TODAY)) == self.before:
            return steps
        if len(steps) == 1 or most == 0:
            return []
        middle = len(steps) // 2
        first = self.unnoticed(steps[:middle], most - 1)
        second = self.unnoticed(steps[middle:], most - 1)
        if not first or not second:
            return first or second
        both = first + second
        return both if alike(Truth(self.facts_with(both), self.truth.viewer, TODAY)) == self.before else max(first, second, key=len)

    def facts_with(self, steps: list[Step]) -> Facts:
        gone = {(table, id(row)) for step in steps for table, row in step.gone}
        rows = {name: [row for row in its if (name, id(row)) not in gone] for name, its in self.rows.items()}
        for step in steps:
            for table, row in step.new:
                rows[table].append(row)
        return self.stage.facts(rows)

    def sum_of(self, steps: list[Step]) -> Difference:
        made = Difference()
        for step in steps:
            made.kinds[step.what] += 1
            for side, rows in ((made.gone, step.gone), (made.new, step.new)):
                for table, row in rows:
                    side.setdefault(table, []).append(row)
        return made

    def steps(self, most: int) -> Iterator[Step]:
        makers = [
            self._without_record, self._without_record, self._changed, self._changed, self._changed, self._another, self._another,
            self._another, self._without_person, self._another_person, self._unnamed, self._connection, self._history, self._part, self._count,
        ]  # fmt: skip
        made = 0
        for _ in range(most * 4):
            step = self.chance.choice(makers)()
            if step:
                made += 1
                yield step
            if made == most:
                return

    # What may be otherwise

    def hidden(self, *tables: str) -> tuple[str, Row] | None:
        """A record that does not show."""
        table = self.chance.choice(tables or RECORDS)
        rows = [row for row in self.rows[table] if row["id"] not in self.seen.records]
        return (table, self.chance.choice(rows)) if rows else None

    def whole(self, table: str, row: Row) -> list[tuple[str, Row]]:
        belonging = [
            found
            for name, key in CHILDREN.get(table, ())
            for one in self.rows[name]
            if one[key] == row["id"]
            for found in (self.whole(name, one) if name in CHILDREN else [(name, one)])
        ]
        of_parts = {one["id"] for name, one in belonging if name == "support_report_part"} | {row["id"]}
        return [
            (table, row),
            *belonging,
            *(("record_history", r) for r in self.rows["record_history"] if r["record_id"] in of_parts),
        ]

    def _without_record(self) -> Step | None:
        found = self.hidden()
        return Step(f"without {found[0]}", tuple(self.whole(*found))) if found else None

    def _changed(self) -> Step | None:
        """A hidden record says something else, of somebody else, or at another time."""
        found = self.hidden(*(name for name in RECORDS if name != "support_report"))
        if not found:
            return None
        table, row = found
        columns = [name for name in row if name in CHANGES and name not in AS_IT_IS.get(table, ())]
        named = self.chance.sample(columns, min(len(columns), self.chance.randint(1, 3)))
        other = row | {name: CHANGES[name](self, row) for name in named}
        if (other["sensitivity"] == "CONFIDENTIAL") != (row["sensitivity"] == "CONFIDENTIAL"):
            other["sensitivity"] = row["sensitivity"]
        return Step(f"changed {table}", ((table, row),), ((table, possible(other)),)) if other != row else None

    def _another(self) -> Step | None:
        """The same as some record says, said once more by a hidden one: of the same people or of others."""
        table = self.chance.choice(RECORDS)
        if not self.rows[table]:
            return None
        new: list[tuple[str, Row]] = []
        swapped: dict[Any, Any] = {}
        for name, row in self.whole(table, self.chance.choice(self.rows[table])):
            if name != "record_history":
                swapped |= {row["id"]: self._id()} if "id" in row else {}
                new.append((name, renamed(row, swapped)))
        if "identity_record_id" in new[0][1] and self.chance.random() < 0.6:
            new[0][1]["identity_record_id"] = _somebody(self, new[0][1])
        for column in ("from_on", "until_on", "position", "role", "holder_id"):
            if column in new[0][1] and self.chance.random() < 0.4:
                new[0][1][column] = CHANGES[column](self, new[0][1])
        for name, row in new:
            if name == "sharing_reason" and row["decision_id"] not in swapped.values():
                row["decision_id"] = None  # a decision has one reason
        new[0] = (table, possible(new[0][1]))
        return Step(f"another {table}", new=tuple(new))

    def _without_person(self) -> Step | None:
        """Somebody who does not exist for the viewer, and everything that names them."""
        hidden = [row for row in self.rows["person"] if row["id"] not in self.seen.persons]
        if not hidden:
            return None
        person = self.chance.choice(hidden)
        theirs = [row for row in self.rows["identity_record"] if row["person_id"] == person["id"]]
        gone = {("person", id(person)): ("person", person)}
        refs = {row["id"] for row in theirs}
        for table, rows in self.rows.items():
            for row in rows:
                if refs & {row.get(name) for name in NAMING}:
                    found = self.whole(table, row) if table in RECORDS or table == "identity_record" else [(table, row)]
                    gone |= {(name, id(one)): (name, one) for name, one in found}
        return None if refs & self.own else Step("without a person", tuple(gone.values()))

    def _another_person(self) -> Step | None:
        """Somebody like another, whom others know: the same names, numbers, household; but no key by which the two would be linked,
        which is claimed once (`linking/claims.py`)."""
        person = self.chance.choice(self.rows["person"])
        theirs = [r for r in self.rows["identity_record"] if r["person_id"] == person["id"] and r["id"] not in self.own]
        if not theirs:
            return None
        other = self._id()
        new: list[tuple[str, Row]] = [("person", person | {"id": other})]
        for identity in theirs:
            swapped = {identity["id"]: self._id(), person["id"]: other}
            claimed = meeting_keys(identity)
            about = [("identity_record", identity), *(
                (table, row) for table in ("identity_number", "search_key", "membership", "need", "involvement", "enrolment")
                for row in self.rows[table] if row["identity_record_id"] == identity["id"] and row.get("key") not in claimed
            )]  # fmt: skip
            for table, row in about:
                if "id" in row and row["id"] not in swapped:
                    swapped[row["id"]] = self._id()
                copy = renamed(row, swapped)
                new.append((table, copy | ({"own_id": str(self._id())} if table == "identity_record" else {})))
        return Step("another person", new=tuple(new))

    def _unnamed(self) -> Step | None:
        """A record that shows names somebody less of whom it shows nothing."""
        table, key = self.chance.choice(SEVERAL)
        people = {row["id"]: row["person_id"] for row in self.rows["identity_record"]}
        rows = [r for r in self.rows[table] if people[r["identity_record_id"]] not in self.seen.records.get(r[key], ())]
        return Step(f"unnamed in {table}", ((table, self.chance.choice(rows)),)) if rows else None

    def _connection(self) -> Step | None:
        mine = [row for row in self.rows["connection"] if row["practitioner_id"] != self.truth.viewer.actor]
        return Step("without a connection", (("connection", self.chance.choice(mine)),)) if mine else None

    def _history(self) -> Step | None:
        parts = {row["id"]: row["report_id"] for row in self.rows["support_report_part"]}
        rows = [r for r in self.rows["record_history"] if parts.get(r["record_id"], r["record_id"]) not in self.seen.records]
        return Step("without history", (("record_history", self.chance.choice(rows)),)) if rows else None

    def _part(self) -> Step | None:
        """A hidden part, of a report that may show, says something else."""
        rows = [row for row in self.rows["support_report_part"] if row["id"] not in self.seen.parts]
        if not rows:
            return None
        row = self.chance.choice(rows)
        return Step("changed a part", (("support_report_part", row),), (("support_report_part", row | {"what_was_done": "else"}),))

    def _count(self) -> Step | None:
        """Other figures are published; whoever sees any sees them all."""
        if (self.truth.viewer.role, self.truth.viewer.purpose) == ("ANALYST", "OVERSIGHT") or not self.rows["published_count"]:
            return None
        row = self.chance.choice(self.rows["published_count"])
        return Step("changed a figure", (("published_count", row),), (("published_count", row | {"reports": 55, "people": 50}),))

    def _id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)

    def choice(self, table: str) -> Any:
        return self.chance.choice(self.rows[table])["id"]


def possible(row: Row) -> Row:
    """With days in an order that the tables take."""
    if row.get("until_on") and row.get("from_on") and row["until_on"] < row["from_on"]:
        row = row | {"until_on": row["from_on"]}
    return row | {"review_on": row["from_on"]} if "review_on" in row else row


def renamed(row: Row, ids: Mapping[UUID, UUID]) -> Row:
    """With other ids in the place of these."""
    return {key: ids.get(value, value) if isinstance(value, UUID) else value for key, value in row.items()}


def _days(made: Differing, least: int, most: int) -> Any:
    return TODAY + timedelta(days=made.chance.randint(least, most))


def _colleague(made: Differing, row: Row) -> Any:
    """An agency assigns its own people; whoever holds a position stays one of the same agency."""
    agency = row.get("holder_agency_id") or row["agency_id"]
    theirs = [one["id"] for one in made.rows["practitioner"] if one["agency_id"] == agency]
    return made.chance.choice(theirs) if theirs else row["holder_id"]


def _somebody(made: Differing, row: Row) -> Any:
    """Anybody. Whoever is protected is named by an identity record that their agencies know: no act can name a confidential service's,
    and custody would follow from what the page says does not exist for others."""
    rows = made.rows["identity_record"]
    return made.chance.choice([one for one in rows if one["service_id"] is None] if row.get("what") in PROTECTED else rows)["id"]


def _known(made: Differing, row: Row) -> Any:
    """Somebody whom the maker of a record knows."""
    return made.chance.choice([one["id"] for one in made.rows["identity_record"] if one["agency_id"] == row["agency_id"]] or [None])


CHANGES: dict[str, Callable[[Differing, Row], Any]] = {
    "sensitivity": lambda made, _: made.chance.choice(("STANDARD", "SENSITIVE")),
    "from_on": lambda made, row: min(_days(made, -900, 0), row.get("until_on") or TODAY),
    "until_on": lambda made, row: row["until_on"] and max(_days(made, 0, 90), row.get("from_on") or TODAY),
    "reason": lambda made, _: f"because of {made.chance.random()}",
    "how_to_reach": lambda made, _: f"ring {made.chance.random()}",
    "lines": lambda made, _: f"{made.chance.randint(1, 99)} Low Street",
    "household_id": lambda made, row: row["household_id"] and made.choice("household"),
    "practitioner_id": lambda made, row: row["practitioner_id"] and made.choice("practitioner"),
    "identity_record_id": lambda made, row: _somebody(made, row),
    "status": lambda made, _: made.chance.choice(("CHILD_IN_NEED", "LOOKED_AFTER")),
    "position": lambda made, _: made.chance.choice(("LEAD", "MEMBER", "ALLOCATED_SOCIAL_WORKER")),
    "holder_id": lambda made, row: _colleague(made, row),
    "school_id": lambda made, row: row["school_id"] and made.chance.choice(
        [one["id"] for one in made.rows["agency"] if one["kind"] in ("SCHOOL", "NURSERY", "COLLEGE")]
    ),
    "withdrawn_at": lambda made, row: row["made_at"],
    "role": lambda made, _: made.chance.choice(("CHILD", "PARENT")),
    "is_refusal": lambda made, row: not row["is_refusal"],
    "safe_contact": lambda made, _: f"only by text {made.chance.random()}",
    "must_not_be_told": lambda made, _: f"nobody {made.chance.random()}",
    "must_not_be_told_id": lambda made, row: row["must_not_be_told"] and _known(made, row),
    "keeps_away_id": lambda made, row: _known(made, row),
    "agreed_by_record_id": lambda made, row: row["agreed_by_record_id"] and made.choice("identity_record"),
    "withdrawn_on": lambda made, _: made.chance.choice((None, _days(made, -12, 1))),
    "findings": lambda made, row: row["findings"] and f"as it should be {made.chance.random()}",
    "what_it_says": lambda made, _: f"stays away {made.chance.random()}",
    "explanation": lambda made, row: row["explanation"] and f"said so {made.chance.random()}",
}  # fmt: skip
"""What a hidden record may say otherwise, by column."""


def alike(truth: Truth) -> Any:
    """Everything of a world on which an answer to this viewer, or what becomes of an act of theirs, may depend by the page."""
    c = case(truth.world, truth.viewer, truth.today)
    seen, ours = truth.seen, {p for p in c.named_here if p not in c.whom["connected"]}
    reports = [one for one in seen.records if truth.facts.by_id[one].kind == "SUPPORT_REPORT"]
    near = seen.persons | ours | set(c.named_here)
    findable = near | {p for p in set(c.person.values()) if truth.finds(p)}
    homes: set[Any] = {home for home, family in truth.world.families if family in seen.families}
    homes |= {truth.facts.by_id[one].household for one in seen.records}
    return {
        "in force": c.in_force,
        "seen": seen,
        "because": {one: truth.because(one) for one in seen.records},
        "recalled": {one for one in reports if c.recalls(truth.facts.by_id[one])},
        "sections": {
            one: [truth.section(kind, people) for kind in ("SUPPORT_REPORT", "INVOLVEMENT", "NEED", "LEGAL_STATUS", "ENROLMENT")]
            for one, people in [*((p, {p}) for p in seen.persons), *seen.families.items()]
        },
        "ours": {one.id for one in c.live("IDENTITY_RECORD") if one.agency == c.us},
        "known": {one.id for one in c.live("IDENTITY_RECORD") if c.person[one.id] in findable - set(c.named_here)},
        "found": {p: truth.finds(p) for p in findable},
        "whom": {phrase: people & near for phrase, people in c.whom.items() if phrase not in UNSEEN_PHRASES},
        "where": {phrase: which & homes for phrase, which in c.where.items()},
        "walled": (set(c.named_here) - ours, near & c.other_adults, near & c.set_apart, near & c.adults),
        "shown around": sorted(
            (str(one.id), one.state, one.holder, one.role) for one in c.live("TEAM_POSITION", True) if one.id in seen.records
        ),
    }  # fmt: skip
