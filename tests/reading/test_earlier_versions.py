"""What stood in a report before: for the agency that made it, and there for whoever may see all of it, as it is and as it was."""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from tests.conftest import Database
from tests.reading.portal import Portal, opened, owned, viewers
from tests.reading.small import Small, same
from tests.reading.worlds import NOW
from throughline.access import conditions, policy, rules
from throughline.access.rule import Rule, Verb
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio

REPORT = """query Report($id: ID!) { node(id: $id) { ... on SupportReport { id version parts { id whatWasDone }
  earlierVersions { version replacedAt replacedBy { id } parts { partId whatWasDone outcome sensitivity isReleased about { id } } } } } }"""
CORRECTED = "Sara said that her brother hit her."


class Amended(Small):
    """A report of the viewer's own agency about the first two people, a part for each; the first part was amended once. The viewer
    may see STANDARD reports about `covered`."""

    def __init__(self, *covered: int, own: bool = True) -> None:
        super().__init__()
        covered = covered or (0, 1)
        self.position("MEMBER", *covered)
        self.decision([self.worker["agency_id"]], *covered)
        self.amended = self.report((0,), (1,), **({"agency_id": self.worker["agency_id"]} if own else {}))
        self.parts = [row for row in self.world.rows["support_report_part"] if row["report_id"] == self.amended]
        self.change(2)
        self.replaced(1, self.parts[0])

    def change(self, version: int) -> None:
        next(row for row in self.world.rows["support_report"] if row["id"] == self.amended)["version"] = version

    def replaced(self, version: int, part: dict[str, Any] | None, **then: Any) -> None:
        report = next(row for row in self.world.rows["support_report"] if row["id"] == self.amended)
        body = {"what_was_done": CORRECTED, "outcome": None, "is_released": True, "sensitivity": "STANDARD", **then}
        for kind, row, said in (("support_report", report, {}), *([("support_report_part", part, body)] if part else [])):
            walls = {"agency_id": row["agency_id"], "service_id": row["service_id"]}
            self.world.join(
                "record_history", record_id=row["id"], version=version, kind=kind, body=said, replaced_at=NOW,
                sensitivity=said.get("sensitivity", row["sensitivity"]), **walls,
            )  # fmt: skip

    async def shown(self, portal: Portal) -> Any:
        report = (await same(portal, self.viewer, REPORT, {"id": str(self.amended)}))["node"]
        assert report, "the report itself shows"
        return report["earlierVersions"]


async def test_its_own_agency_reads_what_stood_there(database: Database) -> None:
    case = Amended()
    async with opened(database, case.world) as portal:
        (version,) = await case.shown(portal)
        seen = await portal.seen()
    (part,) = version["parts"]
    assert (version["version"], version["replacedBy"]["id"]) == (1, str(case.worker["agency_id"]))
    assert version["replacedAt"] == "2026-03-16T11:30:15.123456Z"
    assert (part["partId"], part["whatWasDone"], part["sensitivity"]) == (str(case.parts[0]["id"]), CORRECTED, "STANDARD")
    assert part["about"] == [{"id": str(case.people[0].id)}]
    assert seen.count(case.amended) == 2  # the report, and its earlier version
    assert seen.count(case.parts[0]["id"]) == 2


async def test_the_trail_names_the_sentence(database: Database) -> None:
    case = Amended()
    async with opened(database, case.world) as portal:
        await case.shown(portal)
        found = {because for row_id, because in await portal.seen_because() if row_id == case.amended}
    assert 66 in found


async def test_newest_first_and_withdrawal_has_no_parts(database: Database) -> None:
    case = Amended()
    case.change(4)
    case.replaced(2, case.parts[1], what_was_done="second")
    case.replaced(3, None)
    async with opened(database, case.world) as portal:
        shown = await case.shown(portal)
    assert [(one["version"], [part["whatWasDone"] for part in one["parts"]]) for one in shown] == [
        (3, []), (2, ["second"]), (1, [CORRECTED]),
    ]  # fmt: skip


async def test_the_latest_twenty(database: Database) -> None:
    case = Amended()
    case.change(24)
    for version in range(2, 24):
        case.replaced(version, None)
    async with opened(database, case.world) as portal:
        assert [one["version"] for one in await case.shown(portal)] == [*range(23, 3, -1)]


async def test_another_agency_that_may_see_the_report_sees_no_earlier_words(database: Database) -> None:
    case = Amended(own=False)
    async with opened(database, case.world) as portal:
        assert await case.shown(portal) == []
        assert CORRECTED.encode() not in await portal.post(case.viewer, REPORT, {"id": str(case.amended)})


async def test_who_may_not_see_every_part_of_today_sees_no_earlier_one(database: Database) -> None:
    """Not even of the part that they do see."""
    case = Amended(0)
    async with opened(database, case.world) as portal:
        shown = (await same(portal, case.viewer, REPORT, {"id": str(case.amended)}))["node"]
        assert [part["id"] for part in shown["parts"]] == [str(case.parts[0]["id"])]
        assert shown["earlierVersions"] == []


@pytest.mark.parametrize(("sensitivity", "expected"), [("STANDARD", [1]), ("SENSITIVE", [])])
async def test_who_could_not_have_seen_a_part_as_it_was_sees_no_earlier_one(
    database: Database, sensitivity: str, expected: list[int]
) -> None:
    case = Amended()
    case.change(3)
    case.replaced(2, case.parts[1])
    case.world.rows["record_history"][1] |= {"sensitivity": sensitivity}
    case.world.rows["record_history"][1]["body"] |= {"sensitivity": sensitivity}
    async with opened(database, case.world) as portal:
        shown = await case.shown(portal)
    assert [one["version"] for one in shown] == ([2, *expected] if expected else [])


async def test_a_plain_report_has_none(database: Database) -> None:
    case = Amended()
    plain = case.report((0,), agency_id=case.worker["agency_id"])
    async with opened(database, case.world) as portal:
        answer = orjson.loads(await portal.post(case.viewer, REPORT, {"id": str(plain)}))
        assert answer["data"]["node"]["earlierVersions"] == []


def _for_anybody(number: int) -> tuple[Rule, ...]:
    return tuple(replace(rule, when=conditions.always) if rule.number == number else rule for rule in policy.RULES)


async def test_the_second_wall_keeps_them_in_the_agency_by_itself(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the sentence open to everybody, the database still shows no other agency's earlier versions."""
    monkeypatch.setattr(rules, "RULES", _for_anybody(66))
    case = Amended(own=False)
    async with opened(database, case.world) as portal:
        report = (await portal.ask(case.viewer, REPORT, {"id": str(case.amended)}))["node"]
    assert report["parts"]
    assert report["earlierVersions"] == []


async def test_the_first_wall_keeps_them_in_the_agency_by_itself(database: Database) -> None:
    """With the database open, the sentence alone."""
    await owned(
        database, "drop policy read on portal.record_history",
        "create policy read on portal.record_history for select to throughline_app using (true)",
    )  # fmt: skip
    case = Amended(own=False)
    async with opened(database, case.world) as portal:
        assert await case.shown(portal) == []


async def test_without_the_sentence_nobody_sees_any(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    case = Amended()
    monkeypatch.setattr(rules, "RULES", tuple(rule for rule in policy.RULES if rule.number != 66))
    async with opened(database, case.world) as portal:
        report = (await portal.ask(case.viewer, REPORT, {"id": str(case.amended)}))["node"]
    assert (len(report["parts"]), report["earlierVersions"]) == (2, [])


def test_it_speaks_to_those_who_support_people_for_support_alone() -> None:
    asked = [(role, purpose) for role in Role for purpose in Purpose]
    speaks = {ask for ask in asked if rules.rules_for(Verb.SEE_EARLIER, RecordKind.SUPPORT_REPORT, *ask)}
    assert speaks == {(role, Purpose.SUPPORT) for role in policy.PRACTITIONERS}
    kinds = {kind for rule in policy.RULES if Verb.SEE_EARLIER in rule.may for kind in rule.what}
    assert kinds == {RecordKind.SUPPORT_REPORT}


EVERYTHING = """query Everything($id: ID!) { person(id: $id) { supportReports(first: 100) { edges { node { id earlierVersions {
  version replacedAt replacedBy { name } parts { partId whatWasDone outcome sensitivity isReleased about { id } } } } } } } }"""


@pytest.mark.slow
async def test_whoever_asks_for_whomever_both_executors_answer_alike(database: Database) -> None:
    """In a random world, where parts were more or less sensitive once, or not released."""
    told = closed = 0
    async with opened(database, 2) as portal:
        for viewer in (one for one in viewers(portal.world) if one.purpose is Purpose.SUPPORT):
            sight = await portal.slow.sight(viewer)
            for person in sight.visible if sight else ():
                answer = await same(portal, viewer, EVERYTHING, {"id": str(person)})
                shown = [edge["node"]["earlierVersions"] for edge in answer["person"]["supportReports"]["edges"]]
                told += sum(bool(one) for one in shown)
                closed += sum(not one for one in shown)
    assert told >= 3
    assert closed >= 3
