"""The whole portal, put together as `serve` puts it together, on a real database and without a socket."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from tests.conftest import Database
from tests.world import NOW, SECRET, STANDARD, Human, Someone, World
from throughline.api import schema
from throughline.app import Signing, build
from throughline.oauth.client import new_secret, secret_hash
from throughline.oauth.keys import new_pem
from throughline.oauth.scope import Scope
from throughline.oauth.subject import subject
from throughline.settings import Settings
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio

URL = "http://127.0.0.1:8080"
LEAD, TRIAGE = Role.SAFEGUARDING_LEAD, Role.TRIAGE_WORKER
SEARCH = """query Find($input: PersonSearchInput!, $first: Int, $after: String) {
    personSearch(input: $input, first: $first, after: $after) {
        totalCount pageInfo { hasNextPage endCursor } edges { node { id givenName familyName } } } }"""


@dataclass(frozen=True)
class Portal:
    client: httpx.AsyncClient
    signing: Signing
    world: World

    def token(self, who: Someone, purpose: Purpose) -> str:
        scope = Scope(who.role, purpose)
        return self.signing.mint.mint(subject(who.id, is_tool=who.is_tool), who.client_id, scope)

    async def send(self, who: Someone, purpose: Purpose, query: str, accept: str = "*/*", **variables: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token(who, purpose)}", "accept": accept}
        return await self.client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)

    async def ask(self, who: Someone, purpose: Purpose, query: str, **variables: Any) -> Any:
        response = await self.send(who, purpose, query, **variables)
        assert response.status_code == 200
        return response.json()


@pytest.fixture
async def portal(database: Database, tmp_path: Path) -> AsyncIterator[Portal]:
    settings = Settings(data_dir=tmp_path, public_url=URL, secret=SECRET.decode(), signing_key=new_pem().decode())
    app = build(settings, database.app_url, clock=lambda: NOW)
    connection = await asyncpg.connect(database.owner_url)
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=URL) as client,
    ):
        yield Portal(client, Signing.of(settings), World(connection))
    await connection.close()


async def trail(portal: Portal) -> list[Any]:
    return list(await portal.world.connection.fetch("select * from audit.entry order by at, id"))


def code(answer: Any) -> str:
    return str(answer["errors"][0]["extensions"]["code"])


async def lead_of_a_school(portal: Portal) -> Someone:
    return await portal.world.practitioner(await portal.world.agency(AgencyKind.SCHOOL, "Oak"), LEAD, name="Lena")


async def triage(portal: Portal) -> Someone:
    return await portal.world.practitioner(await portal.world.agency(AgencyKind.LOCAL_AUTHORITY), TRIAGE)


async def test_everybody_sees_who_they_are(portal: Portal) -> None:
    lead = await lead_of_a_school(portal)
    query = "{ viewer { role purpose agency { name kind } practitioner { name } tool { name } } }"
    assert await portal.ask(lead, Purpose.SUPPORT, query) == {
        "data": {
            "viewer": {
                "role": "SAFEGUARDING_LEAD",
                "purpose": "SUPPORT",
                "agency": {"name": "Oak", "kind": "SCHOOL"},
                "practitioner": {"name": "Lena"},
                "tool": None,
            }
        }
    }


async def test_a_tool_is_no_practitioner(portal: Portal) -> None:
    tool = await portal.world.tool(await portal.world.agency(AgencyKind.SCHOOL), LEAD)
    answer = await portal.ask(tool, Purpose.SUPPORT, "{ viewer { practitioner { name } tool { id } } }")
    assert answer["data"]["viewer"] == {"practitioner": None, "tool": {"id": str(tool.id)}}


async def test_a_tool_that_reports_gets_an_id_although_it_is_shown_no_report(portal: Portal) -> None:
    """The same one for a retry: enough to keep, and to name the report by to whoever may see it."""
    await portal.world.kinds_of_support()
    tool = await portal.world.tool(await portal.world.agency(AgencyKind.SCHOOL), LEAD)
    submit = """mutation($input: SupportReportSubmitInput!) { supportReportSubmit(input: $input) {
        recordedId supportReport { id } userErrors { code } } }"""
    part = {"whatWasDone": "Talked.", "about": [{"identity": {"ownId": "7", "givenName": "Sam", "familyName": "Oak"}}]}
    given = {"idempotencyKey": "k", "kindOfSupport": "TALK", "givenOn": "2026-03-10", "delivery": "VISIT", "parts": [part]}
    answers = [await portal.ask(tool, Purpose.SUPPORT, submit, input=given) for _ in range(2)]
    made = str(await portal.world.connection.fetchval("select id from portal.support_report"))
    expected: dict[str, Any] = {"recordedId": made, "supportReport": None, "userErrors": []}
    assert answers == [{"data": {"supportReportSubmit": expected}}] * 2


async def test_nobody_is_served_without_a_token(portal: Portal) -> None:
    for headers in ({}, {"authorization": "Bearer nonsense"}):
        response = await portal.client.post("/graphql", json={"query": "{ __typename }"}, headers=headers)
        assert response.status_code == 401
        assert response.headers["www-authenticate"].startswith("Bearer")
    assert await trail(portal) == []


async def test_whoever_has_left_is_refused_on_the_next_request(portal: Portal) -> None:
    lead = await lead_of_a_school(portal)
    query = "{ supportKinds { code } viewer { role } }"
    assert "errors" not in await portal.ask(lead, Purpose.SUPPORT, query)
    await portal.world.change("practitioner", lead.id, disabled_at=NOW)
    for accept in ("application/json", "application/graphql-response+json"):
        response = await portal.send(lead, Purpose.SUPPORT, query, accept)
        at_the_door = await portal.client.post(
            "/graphql", json={"query": query}, headers={"authorization": "Bearer nonsense", "accept": accept}
        )
        assert response.status_code == at_the_door.status_code == 401
        assert dict(response.headers) == {**at_the_door.headers, "content-length": response.headers["content-length"]}
        (error,) = response.json()["errors"]
        assert error == {"message": "Sign in again: this sign-in is no longer in force.", "extensions": {"code": "UNAUTHENTICATED"}}
        assert response.json().keys() == {"errors"}


async def test_an_act_of_somebody_who_has_left_is_refused_in_the_same_way(portal: Portal) -> None:
    lead = await lead_of_a_school(portal)
    await portal.world.change("practitioner", lead.id, disabled_at=NOW)
    declare = (
        """mutation($input: ConnectionDeclareInput!) { connectionDeclare(input: $input) { isDeclared userErrors { code } } }"""
    )
    given = {"idempotencyKey": "k", "kind": "RELATIVE", "about": {"identity": {"ownId": "1", "givenName": "Sam"}}}
    response = await portal.send(lead, Purpose.SUPPORT, declare, input=given)
    assert (response.status_code, code(response.json())) == (401, "UNAUTHENTICATED")
    assert await trail(portal) == []


async def test_nobody_enters_by_somebody_elses_client(portal: Portal) -> None:
    """Tokens are made for a client's own practitioner or tool; this is what stands behind a token that should not be."""
    school, other = await portal.world.agency(AgencyKind.SCHOOL), await portal.world.agency(AgencyKind.SCHOOL)
    lead, colleague = [await portal.world.practitioner(school, LEAD) for _ in range(2)]
    front_end, gone, tool = [await portal.world.tool(school, LEAD) for _ in range(3)]
    await portal.world.change("tool", gone.id, disabled_at=NOW)
    stranger, strange_tool = await portal.world.practitioner(other, LEAD), await portal.world.tool(other, LEAD)

    async def enters(who: Someone, by: Someone) -> bool:
        response = await portal.send(replace(who, client_id=by.client_id), Purpose.SUPPORT, "{ viewer { role } }")
        assert response.status_code in (200, 401)
        return response.status_code == 200

    assert [await enters(lead, by) for by in (lead, front_end)] == [True, True]
    assert [await enters(lead, by) for by in (colleague, gone, stranger, strange_tool)] == [False] * 4
    assert await enters(tool, tool)
    assert [await enters(tool, by) for by in (lead, front_end, stranger, strange_tool)] == [False] * 4


async def test_an_id_that_is_malformed_absent_or_forbidden_is_answered_alike(portal: Portal) -> None:
    lead = await lead_of_a_school(portal)
    hidden = await portal.world.person(await portal.world.agency(AgencyKind.HEALTH))
    query = "query($id: ID!) { node(id: $id) { id } person(id: $id) { id } family(id: $id) { id } }"
    asked = ["nobody", "00000000-0000-0000-0000-000000000007", str(hidden.person_id)]
    answers = [await portal.ask(lead, Purpose.SUPPORT, query, id=one) for one in asked]
    assert answers == [{"data": {"node": None, "person": None, "family": None}}] * 3


async def test_a_finder_finds_by_spelling_order_and_exchanged_days(portal: Portal) -> None:
    worker = await triage(portal)
    school = await portal.world.agency(AgencyKind.SCHOOL)
    child = await portal.world.person(school, "Aisha", "Begum")  # born on 6 May
    await portal.world.person(school, "Oliver", "Twist")
    sought = {"name": "Begum Ayesha", "dateOfBirth": "2015-06-05", "reason": "CONCERN"}
    found = (await portal.ask(worker, Purpose.TRIAGE, SEARCH, input=sought))["data"]["personSearch"]
    assert found["totalCount"] == 1
    assert [edge["node"]["id"] for edge in found["edges"]] == [str(child.person_id)]


async def test_a_search_leaves_digests_and_no_name_in_the_trail(portal: Portal) -> None:
    worker = await triage(portal)
    one, other = ({"givenName": given, "familyName": family, "reason": "CONCERN"} for given, family in
                  (("Aisha", "Begum"), ("Begum", "Aisha")))  # fmt: skip
    await portal.ask(worker, Purpose.TRIAGE, SEARCH, input=one)
    await portal.ask(worker, Purpose.TRIAGE, SEARCH, input=other)
    entries = await trail(portal)
    assert [entry["verb"] for entry in entries] == ["person_search"] * 2
    assert entries[0]["terms"] == entries[1]["terms"]
    assert len(entries[0]["terms"]) == 2 * 16
    assert b"egum" not in repr([dict(entry) for entry in entries]).encode()


async def test_a_cursor_serves_its_own_list_only(portal: Portal) -> None:
    worker = await triage(portal)
    school = await portal.world.agency(AgencyKind.SCHOOL)
    for _ in range(3):
        await portal.world.person(school, "Aisha", "Begum")
    sought = {"name": "Aisha Begum", "reason": "CONCERN"}
    seen, after = [], None
    for _ in range(3):
        page = await portal.ask(worker, Purpose.TRIAGE, SEARCH, input=sought, first=1, after=after)
        found = page["data"]["personSearch"]
        seen += [edge["node"]["id"] for edge in found["edges"]]
        after = found["pageInfo"]["endCursor"]
    assert len(set(seen)) == 3
    assert found["pageInfo"]["hasNextPage"] is False
    other = {"name": "Aisha Khan", "reason": "CONCERN"}
    for refused in (
        await portal.ask(worker, Purpose.TRIAGE, SEARCH, input=other, after=after),
        await portal.ask(worker, Purpose.TRIAGE, SEARCH, input=sought, after="made up"),
        await portal.ask(worker, Purpose.TRIAGE, SEARCH, input=sought, first=0),
    ):
        assert code(refused) == "BAD_USER_INPUT"
        assert refused["errors"][0]["message"].startswith(("'after'", "'first'"))


OF_ONE = """query($id: ID!, $reports: String, $history: String) { person(id: $id) {
    supportReports(first: 1, after: $reports) { edges { cursor node { id } } pageInfo { hasNextPage } }
    history(first: 1, after: $history) { edges { cursor node { id } } } } }"""
OF_TWO = """query($one: ID!, $other: ID!, $after: String) {
    one: person(id: $one) { supportReports(after: $after) { totalCount } }
    other: person(id: $other) { supportReports(after: $after) { totalCount } } }"""


async def test_a_cursor_of_one_child_serves_no_other(portal: Portal) -> None:
    school = await portal.world.agency(AgencyKind.SCHOOL)
    teacher = await portal.world.practitioner(school, Role.SCHOOL_STAFF)
    await portal.world.kinds_of_support()
    one, other, hidden = [await portal.world.person(school, name) for name in ("Aisha", "Ben", "Cara")]
    for child in (one, other, one, other):
        await portal.world.assigned(teacher, child.record_id)
        await portal.world.report(teacher, ([child], STANDARD))
    await portal.world.report(school, ([hidden], STANDARD))
    await portal.world.settle()

    async def person(child: Human, **after: str) -> Any:
        return await portal.ask(teacher, Purpose.SUPPORT, OF_ONE, id=str(child.person_id), **after)

    first = (await person(one))["data"]["person"]
    cursors = {"reports": first["supportReports"]["edges"][0]["cursor"], "history": first["history"]["edges"][0]["cursor"]}
    second = (await person(one, **cursors))["data"]["person"]
    assert second["supportReports"]["edges"][0]["node"] != first["supportReports"]["edges"][0]["node"]
    assert second["supportReports"]["pageInfo"] == {"hasNextPage": False}
    assert second["history"]["edges"][0]["node"] != first["history"]["edges"][0]["node"]
    reports, history = cursors["reports"], cursors["history"]
    for refused in (
        await person(other, reports=reports),
        await person(other, history=history),
        await person(one, reports=history),
        await person(one, reports=f"{reports[:-2]}AA"),
        await person(one, reports="made up"),
    ):
        assert refused["data"] == {"person": None}
        assert code(refused) == "BAD_USER_INPUT"
        assert refused["errors"][0]["message"].startswith("'after'")
    nobody = Human(UUID(int=7), UUID(int=7))
    assert await person(hidden, reports=reports) == await person(nobody, reports=reports) == {"data": {"person": None}}
    asked = {"one": str(one.person_id), "other": str(other.person_id), "after": reports}
    both = await portal.ask(teacher, Purpose.SUPPORT, OF_TWO, **asked)
    assert both["data"] == {"one": {"supportReports": {"totalCount": 2}}, "other": None}
    assert [error["path"] for error in both["errors"]] == [["other"]]


@pytest.mark.parametrize(
    ("sought", "message"),
    [
        ({"name": "Aisha"}, "Say why"),
        ({"reason": "CONCERN"}, "Give a name"),
        ({"dateOfBirth": "2015-05-06", "reason": "CONCERN"}, "Give a name"),
        ({"name": "…", "reason": "CONCERN"}, "Give a name"),
        ({"name": "Aisha", "familyName": "Begum", "reason": "CONCERN"}, "Give 'name', or"),
        ({"name": "a" * 201, "reason": "CONCERN"}, "A name has at most"),
    ],
)
async def test_what_cannot_be_searched_is_said(portal: Portal, sought: dict[str, str], message: str) -> None:
    refused = await portal.ask(await triage(portal), Purpose.TRIAGE, SEARCH, input=sought)
    assert code(refused) == "BAD_USER_INPUT"
    assert refused["errors"][0]["message"].startswith(message)


async def test_whoever_never_searches_is_told_so(portal: Portal) -> None:
    group = await portal.world.agency(AgencyKind.VOLUNTARY)
    worker = await portal.world.practitioner(group, Role.VOLUNTARY_WORKER)
    assert code(await portal.ask(worker, Purpose.SUPPORT, SEARCH, input={"name": "Aisha"})) == "FORBIDDEN"


async def test_somebody_who_fishes_runs_dry(portal: Portal) -> None:
    worker = await triage(portal)
    sought = {"name": "Aisha", "reason": "CONCERN"}
    codes = [await portal.ask(worker, Purpose.TRIAGE, SEARCH, input=sought) for _ in range(31)]
    assert code(codes[-1]) == "RATE_LIMITED"
    assert "errors" not in codes[-2]


async def test_a_log_line_says_what_ran_and_nothing_that_was_asked(portal: Portal, caplog: pytest.LogCaptureFixture) -> None:
    worker = await triage(portal)
    with caplog.at_level(logging.INFO, logger="throughline"):
        await portal.ask(worker, Purpose.TRIAGE, SEARCH, input={"name": "Aisha Begum", "reason": "CONCERN"})
    (line,) = [record.getMessage() for record in caplog.records if record.name == "throughline.app"]
    assert line.startswith("query - document=")
    assert "errors=0" in line
    assert "isha" not in line


async def test_a_history_of_histories_is_refused_before_it_is_written(portal: Portal) -> None:
    """Thirteen kinds of record, each about people with histories of thirteen kinds: text grows, whatever
    `first` says."""
    inner = "id"
    for _ in range(3):
        inner = f"history(first: 1) {{ edges {{ node {{ about {{ {inner} }} }} }} }}"
    query = f"query($id: ID!) {{ person(id: $id) {{ {inner} }} }}"
    assert code(await portal.ask(await triage(portal), Purpose.TRIAGE, query, id="x")) == "QUERY_TOO_COMPLEX"


async def test_a_statement_that_would_be_too_long_is_not_sent(portal: Portal) -> None:
    every = " ".join(f"h{n}: history(first: 1) {{ totalCount edges {{ node {{ id }} }} }}" for n in range(20))
    query = f"query($id: ID!) {{ person(id: $id) {{ {every} }} }}"
    answer = await portal.ask(await lead_of_a_school(portal), Purpose.SUPPORT, query, id="x")
    assert code(answer) == "QUERY_TOO_COMPLEX"
    assert answer["errors"][0]["path"] == ["person"]


async def test_a_client_gets_a_token_and_uses_it(portal: Portal) -> None:
    lead, secret = await lead_of_a_school(portal), new_secret()
    client = await portal.world.connection.fetchval("select id from portal.oauth_client where client_id = $1", lead.client_id)
    await portal.world.change("oauth_client", client, auth_method="client_secret_basic", secret_hash=secret_hash(secret))
    form = {"grant_type": "client_credentials", "scope": "role:SAFEGUARDING_LEAD purpose:SUPPORT"}
    given = await portal.client.post("/oauth/token", data=form, auth=(lead.client_id, secret))
    assert given.status_code == 200
    headers = {"authorization": f"Bearer {given.json()['access_token']}"}
    answer = await portal.client.post("/graphql", json={"query": "{ viewer { role } }"}, headers=headers)
    assert answer.json() == {"data": {"viewer": {"role": "SAFEGUARDING_LEAD"}}}
    form["scope"] = "role:SAFEGUARDING_LEAD purpose:RIGHTS"
    refused = await portal.client.post("/oauth/token", data=form, auth=(lead.client_id, secret))
    assert refused.json()["error"] == "invalid_scope"
    await portal.world.change("practitioner", lead.id, disabled_at=NOW)
    gone = await portal.client.post("/oauth/token", data=form, auth=(lead.client_id, secret))
    assert gone.json()["error"] == "invalid_client"


async def test_the_front_page_and_the_probes_answer(portal: Portal) -> None:
    assert "Throughline" in (await portal.client.get("/")).text
    for path in ("/health/live", "/health/ready", "/oauth/jwks", "/.well-known/oauth-authorization-server"):
        assert (await portal.client.get(path)).status_code == 200


async def test_many_at_once_each_get_their_own_answer(portal: Portal) -> None:
    people = [await lead_of_a_school(portal), await triage(portal)] * 10
    purposes = {LEAD: Purpose.SUPPORT, TRIAGE: Purpose.TRIAGE}
    asked = (portal.ask(who, purposes[who.role], "{ viewer { role practitioner { id } } }") for who in people)
    answers = await asyncio.gather(*asked)
    assert [answer["data"]["viewer"]["practitioner"]["id"] for answer in answers] == [str(who.id) for who in people]


def test_the_schema_is_made_once() -> None:
    assert schema.make_schema().as_str() == schema.make_schema().as_str()
