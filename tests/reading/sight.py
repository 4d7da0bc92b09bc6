"""Everything that one viewer may see in a world: each record once, with the people whom it may be shown to be about.

What stands beneath a person, a family, a history or an id is then only a choice among these: no route can differ.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncEngine

from tests.reading.rows import Rows, runs_on
from tests.reading.verdicts import Me, Question, Standing, household_bits, in_force, judge, meets, standing_towards
from throughline.access.opening import Because
from throughline.access.rule import Verb
from throughline.access.viewer import Viewer
from throughline.terms.record_kind import RecordKind as K

ABOUT_ONE = {
    K.INVOLVEMENT: ("Involvement", "from_on"), K.NEED: ("Need", "from_on"), K.LEGAL_STATUS: ("LegalStatus", "from_on"),
    K.ENROLMENT: ("Enrolment", "from_on"), K.ATTENDANCE: ("Attendance", "counted_on"), K.MEMBERSHIP: ("FamilyMember", "from_on"),
    K.ADDRESS: ("Address", "from_on"), K.CONTACT: ("Contact", "received_on"),
    K.ASSIGNMENT: ("Assignment", "from_on"), K.SERVICE_AGREEMENT: ("ServiceAgreement", "from_on"), K.COURT_ORDER: ("CourtOrder", "from_on"),
    K.EMERGENCY_ACCESS: ("EmergencyAccess", "opened_on"),
    K.ASSIGNMENT: ("Assignment", "from_on"), K.PROTECTION: ("Protection", "from_on"), K.RIGHTS_REQUEST: ("RightsRequest", "received_on"),
    K.LEGAL_HOLD: ("LegalHold", "from_on"),
}  # fmt: skip
"""By kind: what it is called in the schema, and the day by which it stands in a chronology."""
LONDON = ZoneInfo("Europe/London")
BARE = {"sensitivity": "STANDARD"}


@dataclass(eq=False)
class Seen:
    """A record that the viewer may see. `sentences`: all that let it in, the first one first."""

    type_name: str
    kind: K
    row: Any
    day: date | None
    sentences: list[int]
    people: list[UUID]
    parts: list[Any] = field(default_factory=list)


@dataclass
class Sight:
    rows: Rows
    me: Me
    standing: dict[UUID, Standing] = field(default_factory=dict)
    unwalled: set[UUID] = field(default_factory=set)
    findable: set[UUID] = field(default_factory=set)
    seen: list[Seen] = field(default_factory=list)
    known: dict[K, set[UUID]] = field(default_factory=dict)
    """Of whom the viewer may know that such records exist which they may not see."""
    recalled: set[UUID] = field(default_factory=set)
    """The support reports of which the viewer may see the earlier versions."""

    @cached_property
    def visible(self) -> set[UUID]:
        """The people of whom some record is open."""
        return {person for one in self.seen for person in one.people} & self.unwalled

    def about(self, people: Iterable[UUID], *kinds: K) -> list[Seen]:
        wanted = set(people)
        return [one for one in self.seen if (not kinds or one.kind in kinds) and wanted & set(one.people)]

    def members(self, family_id: UUID) -> list[Seen]:
        """The memberships of a family that are open, run today and stand."""
        found = [one for one in self.seen if one.kind is K.MEMBERSHIP and one.row.family_id == family_id]
        return [one for one in found if runs_on(one.row, self.me.today) and one.row.withdrawn_at is None]

    def person_of(self, identity_record_id: UUID) -> UUID | None:
        """Nobody, where the identity record does not exist for this viewer."""
        identity = self.rows.identity[identity_record_id]
        return identity.person_id if meets(self.me, identity) else None


async def look(engine: AsyncEngine, rows: Rows, viewer: Viewer, now: datetime) -> Sight | None:
    """None for a viewer who is not in force."""
    me = in_force(rows, viewer, now)
    if me is None:
        return None
    sight = Sight(rows, me)
    for person in rows.of("person"):
        towards = standing_towards(rows, me, person.id)
        if towards is not None:
            sight.standing[person.id] = towards
    looker = _Looker(engine, sight)
    await looker.at_people()
    for kind, (type_name, day) in ABOUT_ONE.items():
        await looker.at_one(kind, type_name, day)
    await looker.at_both(K.RELATIONSHIP, "Relationship")
    await looker.at_both(K.PARENTAL_RESPONSIBILITY, "ParentalResponsibility")
    await looker.at_each(K.TEAM_POSITION, "TeamPosition", rows.in_position)
    await looker.at_each(K.SHARING_DECISION, "SharingDecision", rows.in_decision)
    await looker.at_every(K.SHARING_REASON, "SharingReason", rows.in_reason)
    await looker.at_reports()
    await looker.at_light_touch()
    await looker.at_identities()
    return sight


@dataclass
class _Looker:
    engine: AsyncEngine
    sight: Sight

    async def _judge(self, kind: K, questions: list[Question], verb: Verb = Verb.SEE) -> list[list[int]]:
        return await judge(self.engine, self.sight.me, verb, kind, questions)

    def _question(self, row: Any, person_id: UUID, **more: Any) -> Question:
        said = {**vars(row), **more}
        bits = household_bits(self.sight.rows, self.sight.me, said.get("household_id"))
        return Question(said, self.sight.standing[person_id], bits)

    async def at_people(self) -> None:
        people = list(self.sight.standing)
        questions = [Question(BARE, self.sight.standing[person]) for person in people]
        sees = await self._judge(K.PERSON, questions)
        finds = await self._judge(K.PERSON, questions, Verb.FIND)
        self.sight.unwalled = {person for person, numbers in zip(people, sees, strict=True) if numbers}
        self.sight.findable = {person for person, numbers in zip(people, finds, strict=True) if numbers}

    async def at_one(self, kind: K, type_name: str, day: str) -> None:
        asked = [(row, self.sight.person_of(row.identity_record_id)) for row in self.sight.rows.of(kind.lower())]
        pairs = [(row, person) for row, person in asked if person]
        questions = [self._question(row, person) for row, person in pairs]
        for (row, person), numbers in zip(pairs, await self._judge(kind, questions), strict=True):
            if numbers:
                self.sight.seen.append(Seen(type_name, kind, row, getattr(row, day), numbers, [person]))
        if kind is K.NEED:
            known = await self._judge(kind, questions, Verb.KNOW_OF)
            self.sight.known[kind] = {person for (_, person), numbers in zip(pairs, known, strict=True) if numbers}

    async def _judge_all(self, kind: K, groups: list[list[Question]], verb: Verb = Verb.SEE) -> list[list[list[int]]]:
        """The same for many groups of questions at once."""
        said = iter(await self._judge(kind, [question for group in groups for question in group], verb))
        return [[next(said) for _ in group] for group in groups]

    async def at_both(self, kind: K, type_name: str) -> None:
        rows = self.sight.rows.of(kind.lower())
        named = [[self.sight.person_of(one) for one in (row.identity_record_id, row.other_identity_record_id)] for row in rows]
        people = [[person for person in both if person] for both in named]
        asked = [
            [
                self._question(row, person, identity_record_id=record)
                for record, person in zip((row.identity_record_id, row.other_identity_record_id), both, strict=True)
                if person
            ]
            for row, both in zip(rows, named, strict=True)
        ]
        for row, both, said in zip(rows, people, await self._judge_all(kind, asked), strict=True):
            if len(both) == 2 and all(said):
                self._see(type_name, kind, row, row.from_on, said, both)

    async def at_each(self, kind: K, type_name: str, named: dict[UUID, list[Any]]) -> None:
        rows = self.sight.rows.of(kind.lower())
        found = [[self.sight.person_of(link.identity_record_id) for link in named.get(row.id, [])] for row in rows]
        people = [list(dict.fromkeys(person for person in some if person)) for some in found]
        asked = [[self._question(row, person) for person in some] for row, some in zip(rows, people, strict=True)]
        for row, some, said in zip(rows, people, await self._judge_all(kind, asked), strict=True):
            shown = [person for person, numbers in zip(some, said, strict=True) if numbers]
            if shown:
                self._see(type_name, kind, row, row.from_on, [numbers for numbers in said if numbers], shown)

    async def at_every(self, kind: K, type_name: str, named: dict[UUID, list[Any]]) -> None:
        """Open only where it is open for everybody whom it names, each of whom the viewer has to meet."""
        rows = self.sight.rows.of(kind.lower())
        found = [
            [(link.identity_record_id, self.sight.person_of(link.identity_record_id)) for link in named.get(row.id, [])]
            for row in rows
        ]
        asked = [
            [self._question(row, person, identity_record_id=record) for record, person in some if person]
            for row, some in zip(rows, found, strict=True)
        ]
        for row, some, said in zip(rows, found, await self._judge_all(kind, asked), strict=True):
            if some and len(said) == len(some) and all(said):
                self._see(type_name, kind, row, row.from_on, said, [person for _, person in some if person])

    async def at_reports(self) -> None:
        """Part by part: open where it is open for each of its people."""
        rows = self.sight.rows
        parts = sorted(rows.of("support_report_part"), key=lambda part: int(part.ordinal))
        people = [[self.sight.person_of(link.identity_record_id) for link in rows.in_part[part.id]] for part in parts]
        asked = []
        for part, some in zip(parts, people, strict=True):
            named = [link.identity_record_id for link in rows.in_part[part.id]]
            report = rows.report[part.report_id]
            more = {name: getattr(report, name) for name in ("practitioner_id", "withdrawn_at", "household_id")}
            pairs = [pair for pair in zip(named, some, strict=True) if pair[1]]
            asked.append([self._question(part, one, identity_record_id=record, **more) for record, one in pairs if one])
        opened: dict[UUID, list[tuple[Any, list[UUID], list[list[int]]]]] = defaultdict(list)
        for part, some, said in zip(parts, people, await self._judge_all(K.SUPPORT_REPORT, asked), strict=True):
            if all(some) and all(said):
                opened[part.report_id].append((part, [person for person in some if person], said))
        for report_id, found in opened.items():
            report = rows.report[report_id]
            numbers = [one for _, _, said in found for one in said]
            shown = [person for _, some, _ in found for person in some]
            self._see("SupportReport", K.SUPPORT_REPORT, report, report.given_on, numbers, shown, [part for part, _, _ in found])
        await self._at_earlier_versions(opened)
        knows = await self._judge_all(K.SUPPORT_REPORT, asked, Verb.KNOW_OF)
        single = (some[0] for some, said in zip(people, knows, strict=True) if len(some) == 1 and any(said))
        self.sight.known[K.SUPPORT_REPORT] = {person for person in single if person is not None}

    async def _at_earlier_versions(self, opened: dict[UUID, list[tuple[Any, list[UUID], list[list[int]]]]]) -> None:
        """Of reports that are open as a whole: every part as it is, and as it ever was, by both kinds of sentences."""
        for report_id, found in opened.items():
            report = self.sight.rows.report[report_id]
            if len(found) < report.parts_made:
                continue
            more = {name: getattr(report, name) for name in ("practitioner_id", "withdrawn_at", "household_id")}
            asked = []
            for part, some, _ in found:
                stood = [row.body for row in self.sight.rows.replaced[part.id]]
                for then in (
                    {},
                    *({name: body.get(name) for name in ("sensitivity", "is_released", "must_not_be_told_id")} for body in stood),
                ):
                    named = zip(self.sight.rows.in_part[part.id], some, strict=True)
                    asked += [
                        self._question(part, person, identity_record_id=link.identity_record_id, **more, **then)
                        for link, person in named
                    ]
            sees = await self._judge(K.SUPPORT_REPORT, asked)
            recalls = await self._judge(K.SUPPORT_REPORT, asked, Verb.SEE_EARLIER)
            if all(sees) and all(recalls):
                self.sight.recalled.add(report_id)

    async def at_light_touch(self) -> None:
        rows, me = self.sight.rows, self.sight.me
        for row in rows.of("support_report"):
            if not row.is_light_touch:
                continue
            bits = 0
            for home in rows.of("household"):
                if home.family_id == row.family_id:
                    bits |= household_bits(rows, me, home.id) & (-1 if home.id == row.household_id else ~Because.OTHER_HOUSEHOLD)
            said = await self._judge(K.LIGHT_TOUCH_REPORT, [Question(vars(row), Standing(), bits)])
            if said[0]:
                self._see("SupportReport", K.LIGHT_TOUCH_REPORT, row, row.given_on, said, [])

    async def at_identities(self) -> None:
        rows = self.sight.rows
        records = [row for row in rows.of("identity_record") if meets(self.sight.me, row)]
        questions = [self._question(row, row.person_id) for row in records]
        for row, numbers in zip(records, await self._judge(K.IDENTITY_RECORD, questions), strict=True):
            if numbers:
                day = row.made_at.astimezone(LONDON).date()
                self.sight.seen.append(Seen("IdentityRecord", K.IDENTITY_RECORD, row, day, numbers, [row.person_id]))
        pairs = [(row, self.sight.person_of(row.identity_record_id)) for row in rows.of("identity_number")]
        asked = [(row, person) for row, person in pairs if person]
        said = await self._judge(K.IDENTITY_NUMBER, [self._question(row, person) for row, person in asked])
        for (row, person), numbers in zip(asked, said, strict=True):
            if numbers:
                day = row.made_at.astimezone(LONDON).date()
                self.sight.seen.append(Seen("IdentityNumber", K.IDENTITY_NUMBER, row, day, numbers, [person]))

    def _see(
        self, type_name: str, kind: K, row: Any, day: date | None, said: list[list[int]], people: list[UUID],
        parts: list[Any] | None = None,
    ) -> None:  # fmt: skip
        """Open by these sentences for these people: what let it in is everything that was said for any of them."""
        numbers = sorted({number for one in said for number in one})
        self.sight.seen.append(Seen(type_name, kind, row, day, numbers, list(dict.fromkeys(people)), parts or []))
