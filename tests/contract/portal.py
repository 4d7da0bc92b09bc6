"""A portal on a small borough that is the same on every day, and people to sign in as."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from tests.conftest import Administrator, Database
from throughline.app import build
from throughline.db.columns import new_id
from throughline.demo.borough import DEFAULT_SEED
from throughline.demo.clients import client_id, client_secret
from throughline.demo.seed import seed
from throughline.oauth.client import secret_hash
from throughline.oauth.scope import Scope
from throughline.settings import Settings
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

ROOT = Path(__file__).parents[2]
OPERATIONS = ROOT / "frontend-contract" / "operations"

# `throughline demo --children 200` makes the same people with the same ids, on whatever day it runs.
CHILDREN, SEED = 200, DEFAULT_SEED
TODAY = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
SECRET = "demo-of-the-contract: the same cursors in every run"

OF_THE_TRAIL = ("WhoHasSeenIt", "WhoSawOurRecords", "UnusualAccess")
"""Operations that ask what was unfolded from the trail, which a server does every minute: here, before they are sent."""

OTHERS = {
    "the mother’s brother": "select practitioner_id from portal.connection",
    "the new school": (
        "select p.id from portal.practitioner p join portal.agency a on a.id = p.agency_id "
        "join portal.practitioner_role r on r.practitioner_id = p.id "
        "where a.name = 'St Aidan’s Catholic Primary School' and r.role = '{role}' order by p.id limit 1"
    ),
    "the second household’s lead": (
        "select t.holder_id from portal.team_position t where t.position = 'LEAD' and t.household_id in "
        "(select m.household_id from portal.membership m join portal.identity_record i on i.id = m.identity_record_id "
        "where i.given_name = 'Declan' and i.family_name = 'Brennan') order by t.id desc limit 1"
    ),
}
"""Practitioners beside the first of each role, whom the demo gives no client: how to find them."""


@dataclass(frozen=True)
class Who:
    """`other`: one of OTHERS; without it, the practitioner whom the demo shows for the role."""

    role: Role
    purpose: Purpose
    other: str | None = None

    @property
    def client_id(self) -> str:
        place = f"-{list(OTHERS).index(self.other) + 2}" if self.other else ""
        return client_id(self.role) + place


@dataclass
class Seeded:
    """A database to copy, never to write to."""

    database: Database
    settings: Settings
    named: dict[str, UUID]


def seeded(administrator: Administrator, template: str, folder: Path, others: set[Who]) -> Seeded:
    settings = replace(Settings.for_demo({"HOME": str(folder)}, data_dir=folder / "data", port=8080), secret=SECRET)
    database = administrator.make_database(template)
    held = asyncio.run(seed(database.owner_url, secret=SECRET, seed=SEED, children=CHILDREN, as_of=TODAY))
    asyncio.run(_let_in(database, others))
    return Seeded(database, settings, dict(held.named))


async def _let_in(database: Database, others: set[Who]) -> None:
    connection = await asyncpg.connect(database.owner_url)
    try:
        await connection.execute("update portal.unusual_threshold set most = 3 where kind = 'BULK'")  # so that an example is short
        for who in sorted(others, key=lambda one: one.client_id):
            assert who.other
            practitioner = await connection.fetchval(OTHERS[who.other].format(role=who.role))
            await connection.execute(
                "insert into portal.oauth_client (id, client_id, practitioner_id, auth_method, secret_hash) "
                "values ($1, $2, $3, 'client_secret_basic', $4) on conflict do nothing",
                new_id(), who.client_id, practitioner, secret_hash(client_secret(SECRET, who.client_id)),
            )  # fmt: skip
    finally:
        await connection.close()


@dataclass
class Portal:
    """Answers over HTTP, to whoever has signed in at the token endpoint; `operations`: the documents by name."""

    client: httpx.AsyncClient
    owner_url: str
    operations: dict[str, str]
    tokens: dict[Who, str] = field(default_factory=dict)

    async def token(self, who: Who) -> str:
        if who not in self.tokens:
            answer = await self.client.post(
                "/oauth/token",
                data={"grant_type": "client_credentials", "scope": str(Scope(who.role, who.purpose))},
                auth=(who.client_id, client_secret(SECRET, who.client_id)),
            )
            assert answer.status_code == 200, (who, answer.text)
            self.tokens[who] = answer.json()["access_token"]
        return self.tokens[who]

    async def send(self, who: Who | None, request: dict[str, Any]) -> dict[str, Any]:
        """`request` as an example has it: an operation and its variables, or the whole body as text."""
        headers = {"content-type": "application/json", **request.get("headers", {})}
        if who:
            headers["authorization"] = f"Bearer {await self.token(who)}"
        if request.get("operation") in OF_THE_TRAIL:
            await self.value("select app.index_trail(100000)")
            await self.value("select count(*) from app.find_unusual_access($1)", NOW)
        body = request.get("body")
        if body is None:
            body = json.dumps({"query": self.operations[request["operation"]], "variables": request["variables"]})
        for _ in range(request.get("times", 1)):
            answer = await self.client.post("/graphql", content=body, headers=headers)
        return {"status": answer.status_code, "body": answer.json()}

    async def value(self, sql: str, *values: Any) -> Any:
        connection = await asyncpg.connect(self.owner_url)
        try:
            return await connection.fetchval(sql, *values)
        finally:
            await connection.close()


def operations() -> dict[str, str]:
    return {path.stem: path.read_text() for path in sorted(OPERATIONS.glob("*.graphql"))}


@asynccontextmanager
async def opened(administrator: Administrator, source: Seeded) -> AsyncIterator[Portal]:
    """On a copy of the borough, dropped in the end."""
    database = await asyncio.to_thread(administrator.make_database, source.database.name)
    app = build(source.settings, database.app_url, clock=lambda: NOW)
    transport = httpx.ASGITransport(app)
    try:
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url=source.settings.public_url) as client,
        ):
            yield Portal(client, database.owner_url, operations())
    finally:
        await asyncio.to_thread(administrator.drop_database, database)
