"""The database goes away, is too slow, and comes back: callers hear it in a code, and the portal recovers by itself."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from tests.served import free_port
from tests.world import NOW, SECRET, Someone, World
from throughline.app import Signing, build
from throughline.db import migrate
from throughline.db.bootstrap import DatabaseUrls, bootstrap_embedded
from throughline.db.embedded import EmbeddedPostgres
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
READ = "{ viewer { role } agencies { name } }"
WRITE = """mutation($input: SupportReportSubmitInput!) { supportReportSubmit(input: $input) {
    supportReport { id } userErrors { code } } }"""
REPORT = {
    "idempotencyKey": "once", "kindOfSupport": "TALK", "givenOn": "2026-03-10", "delivery": "VISIT",
    "parts": [{"whatWasDone": "Talked.", "about": [{"identity": {"ownId": "7", "givenName": "Sam", "familyName": "Oak"}}]}],
}  # fmt: skip
SECRET_OF_CLIENT = new_secret()
KEEPS_COMMITS = {"synchronous_commit": "on"}
"""What was acknowledged survives the end of the process."""


@dataclass
class Away:
    """A portal, and the PostgreSQL beneath it, which comes back at the same address."""

    postgres: EmbeddedPostgres
    urls: DatabaseUrls
    client: httpx.AsyncClient
    token: str
    who: Someone

    async def send(self, query: str = READ, accept: str = "*/*", **variables: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}", "accept": accept}
        return await self.client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)

    async def is_ready(self) -> bool:
        return (await self.client.get("/health/ready")).status_code == 200

    async def sign_in(self) -> httpx.Response:
        form = {"grant_type": "client_credentials", "scope": "role:FAMILY_PRACTITIONER purpose:SUPPORT"}
        return await self.client.post("/oauth/token", data=form, auth=(self.who.client_id, SECRET_OF_CLIENT))

    def kill(self) -> None:
        os.kill(self.postgres.pid, signal.SIGKILL)
        self.postgres.stop()

    async def works(self) -> bool:
        response = await self.send()
        return response.status_code == 200 and response.json()["data"]["viewer"] == {"role": "FAMILY_PRACTITIONER"}


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[EmbeddedPostgres, DatabaseUrls]]:
    with EmbeddedPostgres(tmp_path / "data", durable=False, port=free_port(), settings=KEEPS_COMMITS) as postgres:
        urls = asyncio.run(bootstrap_embedded(postgres))
        migrate.upgrade(urls.owner)
        yield postgres, urls


@pytest.fixture
async def away(own: tuple[EmbeddedPostgres, DatabaseUrls], tmp_path: Path) -> AsyncIterator[Away]:
    postgres, urls = own
    connection = await asyncpg.connect(urls.owner)
    world = World(connection)
    await world.kinds_of_support()
    who = await world.practitioner(await world.agency(AgencyKind.LOCAL_AUTHORITY), Role.FAMILY_PRACTITIONER)
    await connection.execute(
        "update portal.oauth_client set auth_method = 'client_secret_basic', secret_hash = $1", secret_hash(SECRET_OF_CLIENT)
    )
    await connection.close()
    settings = Settings(data_dir=tmp_path, public_url=URL, secret=SECRET.decode(), signing_key=new_pem().decode())
    app = build(settings, urls.app, clock=lambda: NOW)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app, client=("127.0.0.1", 1)), base_url=URL) as client,
    ):
        token = Signing.of(settings).mint.mint(subject(who.id, is_tool=False), who.client_id, Scope(who.role, Purpose.SUPPORT))
        yield Away(postgres, urls, client, token, who)


def check_away(response: httpx.Response) -> None:
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0
    assert response.headers["cache-control"] == "no-store"
    (error,) = response.json()["errors"]
    assert response.json().keys() == {"errors"}
    assert error["extensions"] == {"code": "SERVICE_UNAVAILABLE", "retryAfter": int(response.headers["retry-after"])}
    assert "5432" not in error["message"]
    assert "onnect" not in error["message"]


async def test_a_database_that_is_killed_is_told_in_a_code_and_recovers_by_itself(away: Away) -> None:
    assert await away.works()
    assert await away.is_ready()
    done = await away.send(WRITE, input=REPORT)
    assert done.json()["data"]["supportReportSubmit"]["userErrors"] == []
    away.kill()
    for accept in ("application/json", "application/graphql-response+json"):
        check_away(await away.send(accept=accept))
        check_away(await away.send(WRITE, accept, input=REPORT))
    assert not await away.is_ready()
    assert (await away.client.get("/health/live")).status_code == 200
    refused = await away.sign_in()
    assert (refused.status_code, refused.json()) == (503, {"error": "temporarily_unavailable"})
    assert int(refused.headers["retry-after"]) > 0
    away.postgres.start()
    assert await away.is_ready()
    assert await away.works()
    assert (await away.sign_in()).status_code == 200
    assert (await away.send(WRITE, input=REPORT)).json() == done.json()


async def test_whoever_waits_for_an_answer_when_it_goes_hears_the_same(away: Away) -> None:
    assert await away.works()
    holder = await asyncpg.connect(away.urls.owner)
    await holder.execute("begin; lock table portal.agency")
    waiting = [asyncio.create_task(away.send()), asyncio.create_task(away.send(WRITE, input=REPORT))]
    while await holder.fetchval("select count(*) from pg_locks where not granted") < 2:  # noqa: ASYNC110  # it cannot tell us
        await asyncio.sleep(0.01)
    away.kill()
    for response in await asyncio.gather(*waiting):
        check_away(response)
    holder.terminate()
    away.postgres.start()
    assert await away.works()
    assert (await away.send(WRITE, input=REPORT)).json()["data"]["supportReportSubmit"]["userErrors"] == []


@pytest.mark.parametrize("limit", ["lock_timeout", "statement_timeout"])
async def test_what_takes_too_long_is_told_in_the_same_way(away: Away, limit: str) -> None:
    superuser = await asyncpg.connect(away.postgres.url("throughline"))
    await superuser.execute(f"alter role throughline_app set {limit} = '100ms'")
    await superuser.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'throughline_app'")
    await superuser.execute("begin; lock table portal.agency")
    check_away(await away.send())
    check_away(await away.send(WRITE, input=REPORT))
    check_sign_in = await away.sign_in()
    assert (check_sign_in.status_code, check_sign_in.json()) == (503, {"error": "temporarily_unavailable"})
    await superuser.execute("rollback")
    assert await away.works()
    await superuser.close()
