"""Opening a child's records in an emergency: for hours, with everybody told, a review, and no way to undo that it was done."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from tests.conftest import Database
from tests.records.case import Case, identity, make_case, person
from tests.records.portal import Given, Portal
from tests.world import CONFIDENTIAL, NOW, SENSITIVE, STANDARD, Human, Someone, World
from throughline.app import Signing, routes
from throughline.audit.trail import seen_rows
from throughline.db.engine import make_pool
from throughline.linking.keys import link_keys
from throughline.settings import Settings
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio
PROTECTION, ASSURANCE, SUPPORT, TRIAGE = Purpose.PROTECTION, Purpose.ASSURANCE, Purpose.SUPPORT, Purpose.TRIAGE
OPEN, END, REVIEW = "emergencyAccessOpen", "emergencyAccessEnd", "emergencyAccessReview"
UPN, INSTANT = "R808200015001", timedelta(microseconds=1)
SHOWS = (
    "emergencyAccess { id version ground reason hours madeAt untilAt endedAt reviewState reviewDueOn outcome findings "
    "reviewedBy { id } seenBecause { number } about { givenName supportReports { totalCount } } }"
)
PICTURE = "query($id: ID!) { person(id: $id) { history { edges { node { id seenBecause { number } } } } } }"
LIST = "query($state: EmergencyReviewState) { emergencyAccesses(state: $state) { totalCount edges { node { id reviewState } } } }"


@dataclass
class Clock:
    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Stage:
    """`child` is known to the hub, whose report is SENSITIVE; the school's safeguarding lead has never heard of him."""

    portal: Portal
    clock: Clock
    case: Case
    opener: Someone
    officer: Someone
    report: UUID

    @property
    def given(self) -> Given:
        named = {**identity("S1", "Adam", "Khan", "2015-05-06")["identity"], "upn": UPN}
        return {"about": {"identity": named}, "ground": "SIGNIFICANT_HARM", "reason": "afraid to go home", "hours": 4}

    async def opens(self, **more: Any) -> Any:
        return await self.portal.does(self.opener, PROTECTION, OPEN, {**self.given, **more}, SHOWS)

    async def sees(self, who: Someone, purpose: Purpose = PROTECTION, whom: Human | None = None) -> dict[str, list[int]]:
        """What stands in the child's history, each with its sentences."""
        answer = await self.portal.ask(who, purpose, PICTURE, id=str((whom or self.case.adam).person_id))
        nodes = [edge["node"] for edge in answer["person"]["history"]["edges"]] if answer["person"] else []
        return {node["id"]: [one["number"] for one in node["seenBecause"]] for node in nodes}

    async def alerts(self, access_id: str) -> list[tuple[str, UUID]]:
        rows = await self.portal.world.connection.fetch(
            "select verb, told_agency_id from portal.outbox where record_id = $1 and told_agency_id is not null order by verb",
            UUID(access_id),
        )
        return [tuple(row) for row in rows]


@pytest.fixture
async def stage(database: Database, tmp_path: Path) -> AsyncIterator[Stage]:
    settings, clock = Settings.for_demo({}, data_dir=tmp_path, port=0), Clock()
    connection = await asyncpg.connect(database.owner_url)
    world = World(connection)
    await world.kinds_of_support()
    case = await make_case(world)
    opener = await world.practitioner(case.school, Role.SAFEGUARDING_LEAD)
    officer = await world.practitioner(case.school, Role.PRIVACY_OFFICER)
    report = await world.report(case.lead, ([case.adam], SENSITIVE))
    for key in link_keys(settings.secret.encode(), [("UPN", UPN)], "Adam", date(2015, 5, 6)):
        await world.join("search_key", key=key, identity_record_id=case.adam.record_id)
    async with make_pool(database.app_url, fewest=1, most=2) as pool:
        transport = httpx.ASGITransport(app=Starlette(routes=routes(settings, pool, clock=clock)))
        async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
            yield Stage(Portal(world, client, Signing.of(settings)), clock, case, opener, officer, report)
    await connection.close()


async def test_it_opens_at_once_and_the_trail_says_by_which_sentence(stage: Stage) -> None:
    assert await stage.sees(stage.opener) == {}
    made = await stage.opens()
    assert (made["untilAt"], made["reviewState"], made["reviewDueOn"]) == ("2026-03-11T16:00:00.000000Z", "WAITING", "2026-03-16")
    assert made["about"] == [{"givenName": "Adam", "supportReports": {"totalCount": 1}}]
    assert await stage.sees(stage.opener) == {str(stage.report): [60], made["id"]: [60, 73]}
    entry = await stage.portal.last_entry(stage.opener)
    assert (stage.report, 60) in seen_rows(entry["seen"])
    assert await stage.sees(stage.opener, SUPPORT) == {}


async def test_it_is_over_at_the_instant_whatever_was_asked_before(stage: Stage) -> None:
    made = await stage.opens()
    until = datetime(2026, 3, 11, 16, 0, tzinfo=UTC)
    for at, is_open in ((until - INSTANT, True), (until, False), (until + timedelta(days=400), False)):
        stage.clock.at = at
        assert (str(stage.report) in await stage.sees(stage.opener)) is is_open
        assert made["id"] in await stage.sees(stage.opener)  # that it was done shows for ever


async def test_whoever_opened_it_ends_it_early_and_once(stage: Stage) -> None:
    made = await stage.opens()
    given = {"id": made["id"], "version": 1}
    await stage.portal.refuses(stage.officer, ASSURANCE, END, given, "FORBIDDEN")
    stage.clock.at += timedelta(minutes=5)
    done = await stage.portal.does(stage.opener, PROTECTION, END, given, SHOWS)
    assert (done["endedAt"], done["version"]) == ("2026-03-11T12:05:00.000000Z", 2)
    assert str(stage.report) not in await stage.sees(stage.opener)
    await stage.portal.refuses(stage.opener, PROTECTION, END, {**given, "version": 2}, "BAD_USER_INPUT", "id")


async def test_what_is_also_about_another_or_confidential_stays_hidden(stage: Stage) -> None:
    case, world = stage.case, stage.portal.world
    hidden = [
        await world.report(case.lead, ([case.adam, case.sara], STANDARD)),
        await world.report(case.lead, ([case.sara], STANDARD)),
    ]
    keeper = await world.practitioner(case.health, Role.HEALTH_PRACTITIONER, services=[await world.service(case.health)])
    known = Human(case.adam.person_id, await world.known_to(keeper, case.adam.person_id))
    hidden.append(await world.report(keeper, ([known], CONFIDENTIAL)))
    made = await stage.opens()
    assert (await stage.sees(stage.opener)).keys() == {str(stage.report), made["id"]}
    assert await stage.sees(stage.opener, whom=case.sara) == {}
    for one in hidden:
        query = "query($id: ID!) { node(id: $id) { id } }"
        assert await stage.portal.ask(stage.opener, PROTECTION, query, id=str(one)) == {"node": None}


async def test_who_answers_for_it_is_told_in_the_same_transaction_and_nothing_personal(stage: Stage) -> None:
    made = await stage.opens()
    assert await stage.alerts(made["id"]) == [
        ("ALERT_LEADS_AGENCY", stage.case.hub), ("ALERT_PRIVACY_OFFICERS", stage.case.school),
    ]  # fmt: skip
    rows = await stage.portal.world.connection.fetch(
        "select o::text said from portal.outbox o where record_id = $1", UUID(made["id"])
    )
    told = " ".join(row["said"] for row in rows)
    adam = await stage.portal.row("emergency_access", made["id"])
    for secret in ("Adam", "Khan", "afraid", "2015", UPN, str(stage.case.adam.person_id), str(adam["identity_record_id"])):
        assert secret not in told


async def test_where_the_alert_cannot_be_written_nothing_opens(stage: Stage) -> None:
    await stage.portal.world.connection.execute(
        "alter table portal.outbox add constraint nobody_is_told check (told_agency_id is null) not valid"
    )
    before = await stage.portal.everything()
    answer = await stage.portal.raw(
        stage.opener, PROTECTION, f"mutation($input: EmergencyAccessOpenInput!) {{ {OPEN}(input: $input) {{ recordedId }} }}",
        input={"idempotencyKey": "1", **stage.given},
    )  # fmt: skip
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["INTERNAL_SERVER_ERROR"]
    assert await stage.portal.everything() == before
    assert await stage.sees(stage.opener) == {}


async def test_a_privacy_officer_finds_what_waits_and_reviews_it_once(stage: Stage) -> None:
    made = await stage.opens()
    assert await stage.portal.ask(stage.officer, ASSURANCE, LIST, state="OVERDUE") == {
        "emergencyAccesses": {"totalCount": 0, "edges": []}
    }
    stage.clock.at += timedelta(days=6)
    (edge,) = (await stage.portal.ask(stage.officer, ASSURANCE, LIST, state="OVERDUE"))["emergencyAccesses"]["edges"]
    assert edge["node"] == {"id": made["id"], "reviewState": "OVERDUE"}
    given = {"id": made["id"], "version": 1, "outcome": "NOT_JUSTIFIED", "findings": "nobody was in danger"}
    await stage.portal.refuses(stage.opener, PROTECTION, REVIEW, given, "FORBIDDEN")
    elsewhere = await stage.portal.world.practitioner(stage.case.hub, Role.PRIVACY_OFFICER)
    await stage.portal.refuses(elsewhere, ASSURANCE, REVIEW, given, "NOT_FOUND", "id")
    assert (await stage.portal.ask(elsewhere, ASSURANCE, LIST))["emergencyAccesses"]["totalCount"] == 0
    done = await stage.portal.does(stage.officer, ASSURANCE, REVIEW, given, SHOWS, told="CONFIRM")
    assert (done["outcome"], done["reviewState"], done["reviewedBy"]) == (
        "NOT_JUSTIFIED",
        "REVIEWED",
        {"id": str(stage.officer.id)},
    )
    await stage.portal.refuses(stage.officer, ASSURANCE, REVIEW, {**given, "version": 2}, "BAD_USER_INPUT", "id")
    assert (await stage.portal.ask(stage.officer, ASSURANCE, LIST, state="WAITING"))["emergencyAccesses"]["totalCount"] == 0


async def test_nobody_reviews_what_they_opened_themselves(stage: Stage) -> None:
    await stage.portal.world.join("practitioner_role", practitioner_id=stage.opener.id, role=str(Role.PRIVACY_OFFICER))
    made = await stage.opens()
    also = Someone(stage.opener.id, stage.opener.agency_id, Role.PRIVACY_OFFICER, stage.opener.client_id)
    given = {"id": made["id"], "version": 1, "outcome": "JUSTIFIED", "findings": "I say so"}
    await stage.portal.refuses(also, ASSURANCE, REVIEW, given, "FORBIDDEN")


async def test_hours_are_not_strung_together_with_nobody_looking(stage: Stage) -> None:
    made = await stage.opens()
    await stage.portal.refuses(stage.opener, PROTECTION, OPEN, stage.given, "BAD_USER_INPUT", "about")
    stage.clock.at += timedelta(days=5)  # it is over, and the review is not overdue yet: the last day is still in time
    again = await stage.opens()
    stage.clock.at += timedelta(days=1)
    await stage.portal.refuses(stage.opener, PROTECTION, OPEN, stage.given, "BAD_USER_INPUT", "about")
    colleague = await stage.portal.world.practitioner(stage.case.school, Role.SAFEGUARDING_LEAD)
    await stage.portal.does(colleague, PROTECTION, OPEN, stage.given, SHOWS)
    for one in (made, again):
        given = {"id": one["id"], "version": 1, "outcome": "JUSTIFIED", "findings": "he was in danger"}
        await stage.portal.does(stage.officer, ASSURANCE, REVIEW, given, SHOWS, told="CONFIRM")
    await stage.opens()


async def test_a_name_tells_nobody_who_exists(stage: Stage) -> None:
    """Absent, hidden and walled by id are one answer; by identity all three are one answer too, and the same as for a child known."""
    case, world = stage.case, stage.portal.world
    await world.connected(stage.opener, case.sara.record_id)  # and so Adam, who lives with her
    await world.settle()
    hidden = await world.person(case.lead, "Tom", "Reed")
    query = f"mutation($input: EmergencyAccessOpenInput!) {{ {OPEN}(input: $input) {{ recordedId userErrors {{ code field message }} }} }}"

    async def asks(about: Given) -> Any:
        given = {"idempotencyKey": str(uuid4()), **stage.given, "about": about}
        return await stage.portal.raw(stage.opener, PROTECTION, query, input=given)

    answers = [await asks({"personId": str(one)}) for one in (case.adam.person_id, hidden.person_id, uuid4(), "no id")]
    assert [answer == answers[0] for answer in answers] == [True] * 4
    assert answers[0]["data"][OPEN]["userErrors"][0]["code"] == "NOT_FOUND"

    walled = await stage.opens()
    unknown = await stage.opens(about=identity("S2", "Adam", "Khan", "2015-05-06"))
    for name in ("id", "madeAt"):
        walled.pop(name), unknown.pop(name)
    assert walled == unknown
    assert walled["about"] == [{"givenName": "Adam", "supportReports": {"totalCount": 0}}]
    assert await stage.sees(stage.opener) == {}
    rows = await world.connection.fetch("select told_agency_id from portal.outbox where told_agency_id is not null")
    assert {row[0] for row in rows} == {case.school}  # nor is the lead told of whom the opener may not mean


async def test_it_is_for_a_child_whom_the_opener_names_and_for_a_person_who_answers_for_it(stage: Stage) -> None:
    portal, given = stage.portal, stage.given
    for about in (identity("S3", "Sara", "Khan", "1988-01-02"), identity("S4", "Adam", "Khan", "2008-03-11")):
        await portal.refuses(stage.opener, PROTECTION, OPEN, {**given, "about": about}, "FORBIDDEN")
    nameless = {"identity": {"ownId": "S5", "givenName": "Adam"}}
    await portal.refuses(stage.opener, PROTECTION, OPEN, {**given, "about": nameless}, "BAD_USER_INPUT", "about")
    for hours in (0, 25):
        await portal.refuses(stage.opener, PROTECTION, OPEN, {**given, "hours": hours}, "BAD_USER_INPUT", "hours")
    await portal.refuses(stage.opener, PROTECTION, OPEN, {**given, "reason": " "}, "BAD_USER_INPUT", "reason")
    tool = await portal.world.tool(stage.case.school, Role.SAFEGUARDING_LEAD)
    await portal.refuses(tool, PROTECTION, OPEN, given, "FORBIDDEN")
    for who, purpose in ((stage.case.teacher, SUPPORT), (stage.case.lead, SUPPORT), (stage.opener, SUPPORT)):
        await portal.refuses(who, purpose, OPEN, given, "FORBIDDEN")


async def test_who_searches_names_the_child_by_what_was_found(stage: Stage) -> None:
    """A social worker finds anybody by search, with a reason; a safeguarding lead does not."""
    given = {**stage.given, "about": person(stage.case.adam)}
    await stage.portal.refuses(stage.opener, PROTECTION, OPEN, given, "NOT_FOUND", "about", "personId")
    made = await stage.portal.does(stage.case.social_worker, PROTECTION, OPEN, given, SHOWS)
    assert str(stage.report) in await stage.sees(stage.case.social_worker)
    assert made["about"][0]["supportReports"] == {"totalCount": 1}
    adult = {**stage.given, "about": person(stage.case.sara)}
    await stage.portal.refuses(stage.case.social_worker, PROTECTION, OPEN, adult, "FORBIDDEN")


async def test_a_lead_of_a_school_reads_no_reasons_of_others(stage: Stage) -> None:
    """The alert reaches their agency; what it says reaches leads from statutory agencies."""
    made = await stage.opens()
    assert made["id"] in await stage.sees(stage.case.lead, SUPPORT)
    world, case = stage.portal.world, stage.case
    await world.position(case.lead, case.teacher, case.home, [case.adam], "LEAD", confirmed_by=case.front_door)
    await world.settle()
    assert made["id"] not in await stage.sees(case.teacher, SUPPORT)


async def test_the_database_keeps_it_whatever_the_program_asks(stage: Stage, database: Database) -> None:
    made = UUID((await stage.opens())["id"])

    async def tries(who: Someone, agency: UUID, statement: str, *values: Any) -> str:
        connection = await asyncpg.connect(database.app_url)
        try:
            await connection.execute(
                "select set_config('app.agency', $1, false), set_config('app.viewer', $2, false)", str(agency), str(who.id)
            )
            async with connection.transaction():
                return str(await connection.execute(statement, *values))
        except asyncpg.PostgresError as refused:
            return type(refused).__name__
        finally:
            await connection.close()

    changes = "update portal.emergency_access set version = version + 1, {} where id = $1"
    school, refused = stage.case.school, "InsufficientPrivilegeError"
    reviewed = "outcome = 'JUSTIFIED', findings = 'x', reviewed_at = now(), reviewed_by_id = $2"
    assert await tries(stage.opener, school, "delete from portal.emergency_access where id = $1", made) == refused
    assert await tries(stage.opener, school, changes.format("withdrawn_at = now()"), made) == refused
    assert await tries(stage.opener, school, changes.format("until_at = now()"), made) == refused
    assert await tries(stage.opener, school, changes.format(reviewed), made, stage.officer.id) == refused
    assert await tries(stage.opener, school, changes.format(reviewed), made, stage.opener.id) == "CheckViolationError"
    assert await tries(stage.officer, school, changes.format("ended_at = now()"), made) == refused
    assert await tries(stage.officer, stage.case.hub, changes.format(reviewed), made, stage.officer.id) == "UPDATE 0"
    assert await tries(stage.officer, school, changes.format(reviewed), made, stage.officer.id) == "UPDATE 1"
    assert await tries(stage.officer, school, changes.format("outcome = 'NOT_JUSTIFIED'"), made) == refused
    copies = (
        "insert into portal.emergency_access select (jsonb_populate_record(x, jsonb_build_object('id', gen_random_uuid()) || $2)).* "
        "from portal.emergency_access x where x.id = $1"
    )
    fresh = '{"outcome": null, "findings": null, "reviewed_at": null, "reviewed_by_id": null, "version": 1}'
    assert await tries(stage.officer, school, copies, made, fresh) == refused  # not in their name
    assert await tries(stage.opener, school, copies, made, "{}") == refused  # and reviewed from the start
    assert await tries(stage.opener, school, copies, made, fresh) == "INSERT 0 1"
