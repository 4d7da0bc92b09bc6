"""What stands open on one day, worked out in plain Python from the rows: written from the policy page, not from its SQL."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from throughline.terms.holder import KIND_HOLDER

ASSIGNED, MANAGES, ON_ROLL, COMING, TEAM, LEAD, CASE, CONTACT, COVERED, CONNECTED, OTHER_HOUSEHOLD, LEADS, EMERGENCY = (
    1 << n for n in range(13)
)
HIDDEN_PLACE, TOLD_PLACE = 1 << 13, 1 << 14
Row = dict[str, Any]
Open = tuple[UUID, UUID, int, UUID, int, int, int, str | None]
"""Subject, holder, because, source, and a decision's kinds, sensitive kinds, agreed kinds and purpose."""
TABLES = (
    "identity_record", "household", "practitioner", "assignment", "connection", "membership", "enrolment", "contact", "emergency_access",
    "team_position", "team_position_person", "sharing_decision", "sharing_decision_person", "sharing_decision_receiver", "sharing_reason",
    "service_agreement", "agency", "protection", "protection_reader",
)  # fmt: skip


@dataclass(frozen=True)
class Town:
    """All rows by table. `on_roll`: the receiver that stands for the school where the child is on roll; `kinds`: the holders that stand
    for every agency of a kind."""

    rows: dict[str, list[Row]]
    on_roll: UUID
    kinds: frozenset[UUID]

    @classmethod
    async def read(cls, connection: Any, on_roll: UUID, kinds: Iterable[UUID]) -> "Town":
        rows = {name: [dict(row) for row in await connection.fetch(f"select * from portal.{name}")] for name in TABLES}
        return cls(rows, on_roll, frozenset(kinds))

    def opened(self, on: date) -> set[Open]:
        branches = (
            self._assignments, self._enrolments, self._positions, self._other_households, self._contacts, self._connections,
            self._emergencies, self._places,
        )  # fmt: skip
        plain = {(*found, 0, 0, 0, None) for branch in branches for found in branch(on)}
        return plain | set(self._decisions(on))

    # Who is who

    def _records(self) -> dict[UUID, Row]:
        return {row["id"]: row for row in self.rows["identity_record"]}

    def _person(self, record_id: UUID) -> UUID:
        person: UUID = self._records()[record_id]["person_id"]
        return person

    def _is_ordinary(self, row: Row) -> bool:
        """Nothing CONFIDENTIAL about the row, nor about whom it names."""
        named = self._records().get(row.get("identity_record_id"))  # type: ignore[arg-type]
        return row["sensitivity"] != "CONFIDENTIAL" and (named is None or named["sensitivity"] != "CONFIDENTIAL")

    def _members(self, on: date) -> list[Row]:
        return [row for row in self.rows["membership"] if _runs(row, on) and row["withdrawn_at"] is None and self._is_ordinary(row)]

    def _is_grown(self, person: UUID, on: date) -> bool:
        met = [r for r in self.rows["identity_record"] if r["person_id"] == person and r["sensitivity"] != "CONFIDENTIAL"]
        births = [r["date_of_birth"] for r in met if r["date_of_birth"] and not r["is_unborn"]]
        if any(_is_18(born, on) for born in births):
            return True
        return not births and not any(r["is_unborn"] for r in met)

    # What opens

    def _assignments(self, on: date) -> Iterator[tuple[UUID, UUID, int, UUID]]:
        managers = {row["id"]: row["manager_id"] for row in self.rows["practitioner"]}
        for row in self.rows["assignment"]:
            if _runs(row, on) and row["withdrawn_at"] is None:
                yield row["identity_record_id"], row["holder_id"], ASSIGNED, row["id"]
                if managers[row["holder_id"]]:
                    yield row["identity_record_id"], managers[row["holder_id"]], MANAGES, row["id"]

    def _confirmed(self) -> list[Row]:
        return [
            r for r in self.rows["enrolment"] if r["state"] == "CONFIRMED" and r["withdrawn_at"] is None and self._is_ordinary(r)
        ]

    def _enrolments(self, on: date) -> Iterator[tuple[UUID, UUID, int, UUID]]:
        for row in self._confirmed():
            if _runs(row, on):
                yield row["identity_record_id"], row["school_id"], ON_ROLL, row["id"]
                for member in self._members(on):
                    is_child = member["role"] == "CHILD"
                    if is_child and self._person(member["identity_record_id"]) == self._person(row["identity_record_id"]):
                        yield member["household_id"], row["school_id"], ON_ROLL, row["id"]
            elif row["confirmed_at"] and _in_london(row["confirmed_at"]) <= on < row["from_on"]:
                yield row["identity_record_id"], row["school_id"], COMING, row["id"]

    def _standing(self, on: date) -> list[Row]:
        return [
            r for r in self.rows["team_position"]
            if r["confirmed_by_agency_id"] and r["withdrawn_at"] is None and self._is_ordinary(r) and _runs(r, on)
        ]  # fmt: skip

    def _named(self, position: Row) -> list[UUID]:
        return [r["identity_record_id"] for r in self.rows["team_position_person"] if r["position_id"] == position["id"]]

    def _positions(self, on: date) -> Iterator[tuple[UUID, UUID, int, UUID]]:
        for row in self._standing(on):
            for subject in (*self._named(row), row["household_id"]):
                yield subject, row["holder_id"], TEAM, row["id"]
                if row["position"] == "LEAD":
                    yield subject, row["holder_id"], LEAD, row["id"]
                    yield subject, row["holder_agency_id"], LEADS, row["id"]
                if row["position"] == "ALLOCATED_SOCIAL_WORKER":
                    yield subject, row["holder_id"], CASE, row["id"]

    def _other_households(self, on: date) -> Iterator[tuple[UUID, UUID, int, UUID]]:
        families = {row["id"]: row["family_id"] for row in self.rows["household"]}
        around = {
            (r["household_id"], r["holder_agency_id"]) for r in self.rows["team_position"]
            if r["confirmed_by_agency_id"] and r["withdrawn_at"] is None and self._is_ordinary(r)
        }  # fmt: skip
        for row in self._standing(on):
            mine = [p for p in self._standing(on) if p["holder_id"] == row["holder_id"]]
            homes = {p["household_id"] for p in mine}
            others = {home for home, family in families.items() if family == row["family_id"] and home != row["household_id"]}
            for home in others - homes:
                yield home, row["holder_id"], OTHER_HOUSEHOLD, row["id"]
            known = {self._person(r) for p in mine for r in self._named(p) if self._records()[r]["sensitivity"] != "CONFIDENTIAL"}
            known |= {
                self._person(m["identity_record_id"])
                for m in self._members(on)
                if m["household_id"] in homes and (m["household_id"], m["agency_id"]) not in around
            }
            for member in self._members(on):
                person = self._person(member["identity_record_id"])
                if member["household_id"] in others - homes and person not in known and self._is_grown(person, on):
                    yield member["identity_record_id"], row["holder_id"], OTHER_HOUSEHOLD, row["id"]

    def _and_household(self, record_id: UUID, on: date) -> Iterator[UUID]:
        """The record itself, and whoever else shares a household with its person that day."""
        yield record_id
        if self._records()[record_id]["sensitivity"] == "CONFIDENTIAL":
            return
        person, members = self._person(record_id), self._members(on)
        homes = {m["household_id"] for m in members if self._person(m["identity_record_id"]) == person}
        for member in members:
            if member["household_id"] in homes and self._person(member["identity_record_id"]) != person:
                yield member["identity_record_id"]

    def _contacts(self, on: date) -> Iterator[tuple[UUID, UUID, int, UUID]]:
        for row in self.rows["contact"]:
            is_undecided = row["received_on"] <= on and (row["decided_on"] is None or on < row["decided_on"])
            if is_undecided and row["withdrawn_at"] is None and row["sensitivity"] != "CONFIDENTIAL":
                for subject in self._and_household(row["identity_record_id"], on):
                    yield subject, row["front_door_id"], CONTACT, row["id"]

    def _emergencies(self, on: date) -> Iterator[tuple[UUID, UUID, int, UUID]]:
        """On which days one may run; the instants are asked in each read."""
        for row in self.rows["emergency_access"]:
            last = min(row["until_at"], row["ended_at"] or row["until_at"])
            if _in_london(row["made_at"]) <= on <= _in_london(last):
                yield row["identity_record_id"], row["practitioner_id"], EMERGENCY, row["id"]

    def _connections(self, on: date) -> Iterator[tuple[UUID, UUID, int, UUID]]:
        for row in self.rows["connection"]:
            first, last = _in_london(row["made_at"]), row["ended_on"]
            if min(first, last or first) <= on and (last is None or on <= last):
                for subject in self._and_household(row["identity_record_id"], on):
                    yield subject, row["practitioner_id"], CONNECTED, row["id"]

    def _hidden(self, on: date) -> set[tuple[UUID, UUID]]:
        """Whose place is hidden, or which household's, and by which mark."""
        found: set[tuple[UUID, UUID]] = set()
        for mark in self.rows["protection"]:
            if (
                mark["what"] != "WHEREABOUTS"
                or mark["withdrawn_at"]
                or mark["sensitivity"] == "CONFIDENTIAL"
                or not _runs(mark, on)
            ):
                continue
            subjects = set(self._and_household(mark["identity_record_id"], on))
            if self._is_ordinary(mark):
                person = self._person(mark["identity_record_id"])
                subjects |= {m["household_id"] for m in self._members(on) if self._person(m["identity_record_id"]) == person}
            found |= {(subject, mark["id"]) for subject in subjects}
        return found

    def _places(self, on: date) -> Iterator[tuple[UUID, UUID, int, UUID]]:
        hidden = self._hidden(on)
        custodians = {row["id"]: row["agency_id"] for row in self.rows["protection"]}
        agencies = {row["id"]: row["agency_id"] for row in self.rows["practitioner"]}
        readers = {(row["protection_id"], row["practitioner_id"]) for row in self.rows["protection_reader"]}
        for subject, mark in hidden:
            for kind in self.kinds:
                yield subject, kind, HIDDEN_PLACE, mark
            for holder in {custodians[mark]} | {reader for one, reader in readers if one == mark}:
                others = {one for whom, one in hidden if whom == subject}
                if all(custodians[one] in (holder, agencies.get(holder)) or (one, holder) in readers for one in others):
                    yield subject, holder, TOLD_PLACE, mark

    def _decisions(self, on: date) -> Iterator[Open]:
        for row in self.rows["sharing_decision"]:
            ends = row["until_on"] if row["withdrawn_on"] is None else min(row["until_on"], row["withdrawn_on"] - timedelta(days=1))
            stands = (
                row["confirmed_by_agency_id"] and not row["is_refusal"] and row["withdrawn_at"] is None and self._is_ordinary(row)
            )
            if not stands or not row["from_on"] <= on <= ends:
                continue
            named = self._covered(row)
            agreed = row["sensitive_kinds"] if row["is_agreed_by_person"] and len(named) == 1 else 0
            for receiver in self._receivers(row):
                for subject in named:
                    if self._ended(row, subject, receiver, on):
                        continue
                    for holder in self._schools(named, on) if receiver == self.on_roll else {receiver}:
                        yield subject, holder, COVERED, row["id"], row["kinds"], row["sensitive_kinds"], agreed, row["purpose"]

    def _covered(self, decision: Row) -> list[UUID]:
        return [r["identity_record_id"] for r in self.rows["sharing_decision_person"] if r["decision_id"] == decision["id"]]

    def _receivers(self, decision: Row) -> set[UUID]:
        return {r["receiver_id"] for r in self.rows["sharing_decision_receiver"] if r["decision_id"] == decision["id"]}

    def _schools(self, named: list[UUID], on: date) -> set[UUID]:
        people = {self._person(r) for r in named if self._records()[r]["sensitivity"] != "CONFIDENTIAL"}
        return {e["school_id"] for e in self._confirmed() if _runs(e, on) and self._person(e["identity_record_id"]) in people}

    def _speaker(self, record_id: UUID | None) -> UUID | None:
        """Whose word it is; nobody's that others can know of where a confidential service alone knows them so."""
        hidden = record_id is None or self._records()[record_id]["sensitivity"] == "CONFIDENTIAL"
        return None if hidden or record_id is None else self._person(record_id)

    def _is_18(self, person: UUID, on: date) -> bool:
        met = [r for r in self.rows["identity_record"] if r["person_id"] == person and r["sensitivity"] != "CONFIDENTIAL"]
        return any(r["date_of_birth"] and not r["is_unborn"] and _is_18(r["date_of_birth"], on) for r in met)

    def _is_for_another(self, record_id: UUID, by: UUID) -> bool:
        return by != record_id and self._speaker(by) != self._person(record_id)

    def _reason(self, decision: Row) -> Row:
        found = [g for g in self.rows["sharing_reason"] if g["decision_id"] == decision["id"]]
        return found[0] if found else {"agreed_by_record_id": None, "service_agreement_id": None}

    def _ended(self, decision: Row, subject: UUID, receiver: UUID, on: date) -> bool:
        """For this person, before the decision's own last day."""
        reason, person = self._reason(decision), self._person(subject)
        by = reason["agreed_by_record_id"]
        if by and self._is_for_another(subject, by) and self._is_18(person, on):
            return True
        if by and any(self._refuses(f, decision, by, person, receiver, on) for f in self.rows["sharing_decision"]):
            return True
        agreements = [
            a for a in self.rows["service_agreement"]
            if a["sensitivity"] != "CONFIDENTIAL" and self._records()[a["identity_record_id"]]["sensitivity"] != "CONFIDENTIAL"
        ]  # fmt: skip
        if any(a["id"] == reason["service_agreement_id"] and self._agreement_ended(a, on) for a in agreements):
            return True
        for a in agreements:
            withdrawn = a["withdrawn_on"] if a["withdrawn_at"] is None and not a["is_refusal"] else None
            if withdrawn is None or self._person(a["identity_record_id"]) != person or _in_london(decision["made_at"]) > withdrawn:
                continue
            goes_on = decision["review_outcome"] == "GOES_ON" and decision["reviewed_on"] >= withdrawn
            if not goes_on and on >= withdrawn + timedelta(days=10):
                return True
        return False

    def _agreement_ended(self, agreement: Row, on: date) -> bool:
        taken_back = agreement["withdrawn_at"] and _in_london(agreement["withdrawn_at"])
        about = agreement["identity_record_id"]
        lapsed = self._is_for_another(about, agreement["agreed_by_record_id"]) and self._is_18(self._person(about), on)
        over = agreement["until_on"] and agreement["until_on"] < on
        return bool(over or lapsed or any(day and day <= on for day in (agreement["withdrawn_on"], taken_back)))

    def _refuses(self, refusal: Row, decision: Row, by: UUID, person: UUID, receiver: UUID, on: date) -> bool:
        last = (
            refusal["until_on"]
            if refusal["withdrawn_on"] is None
            else min(refusal["until_on"], refusal["withdrawn_on"] - timedelta(days=1))
        )
        both = (refusal["kinds"] | refusal["sensitive_kinds"]) & (decision["kinds"] | decision["sensitive_kinds"])
        stands = refusal["is_refusal"] and refusal["withdrawn_at"] is None and self._is_ordinary(refusal)
        if not (stands and both and refusal["purpose"] == decision["purpose"] and refusal["from_on"] <= on <= last):
            return False
        refuser = self._speaker(self._reason(refusal)["agreed_by_record_id"])
        named = {self._speaker(one) for one in self._covered(refusal)}
        if refuser is None or refuser not in (person, self._speaker(by)) or person not in named:
            return False
        return any(self._meet(one, receiver) for one in self._receivers(refusal))

    def _meet(self, one: UUID, other: UUID) -> bool:
        agencies = {row["id"]: row["kind"] for row in self.rows["agency"]}
        if one == other:
            return True
        if one in agencies and other in agencies:
            return False
        return bool(self._reaches(one, agencies) & self._reaches(other, agencies))

    def _reaches(self, receiver: UUID, agencies: dict[UUID, str]) -> set[str]:
        if receiver == self.on_roll:
            return {"NURSERY", "SCHOOL", "COLLEGE"}
        return {agencies[receiver]} if receiver in agencies else {str(kind) for kind, one in KIND_HOLDER.items() if one == receiver}


def _runs(row: Row, on: date) -> bool:
    """First and last day are both included."""
    return bool(row["from_on"] <= on and (row["until_on"] is None or on <= row["until_on"]))


def _is_18(born: date, on: date) -> bool:
    """From the birthday on; born on 29 February, from 1 March in other years."""
    return (on.year - born.year, on.month, on.day) >= (18, born.month, born.day)


def _in_london(instant: Any) -> date:
    day: date = instant.astimezone(ZoneInfo("Europe/London")).date()
    return day
