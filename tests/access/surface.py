"""The portal as a front-end meets it, and one question for each route by which a record could leave."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest
from starlette.applications import Starlette

from tests.conftest import Database
from tests.world import NOW, SECRET, Someone
from throughline.access import rules
from throughline.access.policy import WALLS
from throughline.app import GRAPHQL_PATH, Signing, routes
from throughline.db.engine import make_pool
from throughline.oauth.scope import Scope
from throughline.settings import Settings
from throughline.terms.purpose import Purpose

_RECORD = (
    "id __typename cautions { mustNotBeTold safeContact } "
    "version sensitivity madeAt withdrawnAt madeBy { id name } madeByService { id } madeByPractitioner { id } "
    "about { id givenName familyName } seenBecause { number }"
)
_PAGE = "totalCount pageInfo { hasNextPage endCursor startCursor }"
_REPORT = (
    f"{_RECORD} kindOfSupport {{ code }} givenOn parts {{ id caution {{ safeContact }} whatWasDone sensitivity about {{ id }} }}"
)


def _pages(stem: str, node: str, first: int) -> str:
    return f"{stem}(first: {first}) {{ {_PAGE} edges {{ cursor node {{ {node} }} }} }}"


_THIN = "id givenName familyName dateOfBirth isUnborn seenBecause { number }"
_SECTIONS = "sections { kind state coveredFrom coveredTo }"
PERSON_BODY = (
    f"{_THIN} {_SECTIONS} families {{ id members {{ id }} households {{ id }} }} "
    f"{_pages('supportReports', _REPORT, 1)} {_pages('involvements', _RECORD, 2)} {_pages('needs', _RECORD, 2)} "
    f"legalStatuses {{ {_RECORD} }} enrolments {{ {_RECORD} }} attendance {{ {_RECORD} }} relationships {{ {_RECORD} }} "
    f"parentalResponsibilities {{ {_RECORD} }} courtOrders {{ {_RECORD} keepsAway {{ {_THIN} }} }} "
    f"addresses {{ {_RECORD} }} contacts {{ {_RECORD} }} sharingDecisions {{ {_RECORD} }} "
    f"protections {{ {_RECORD} }} "
    "identityRecords { id ownId givenName familyName } numbers { id scheme value }"
)
FAMILY_BODY = (
    f"id {_SECTIONS} households {{ id }} members {{ {_RECORD} person {{ {_THIN} {_SECTIONS} }} }} leadPractitioner {{ id }} "
    f"team {{ {_RECORD} }} {_pages('supportReports', _REPORT, 2)} {_pages('involvements', _RECORD, 1)} "
    f"{_pages('needs', _RECORD, 1)} relationships {{ {_RECORD} }} parentalResponsibilities {{ {_RECORD} }} "
    f"courtOrders {{ {_RECORD} }} sharingDecisions {{ {_RECORD} }}"
)
_HISTORY = f"{_PAGE} edges {{ cursor node {{ {_RECORD} }} }}"
PERSON = f"query($id: ID!) {{ person(id: $id) {{ {PERSON_BODY} }} }}"
HISTORY = f"query($id: ID!) {{ person(id: $id) {{ history(first: 3) {{ {_HISTORY} }} }} }}"
FAMILY = f"query($id: ID!) {{ family(id: $id) {{ {FAMILY_BODY} }} }}"
RECORDS = f"query($id: ID!) {{ family(id: $id) {{ records(first: 3) {{ {_HISTORY} }} }} }}"
FAMILIES = f"{{ families(first: 1) {{ {_PAGE} edges {{ cursor node {{ id members {{ id }} {_SECTIONS} }} }} }} }}"
NODE = "query($id: ID!) { node(id: $id) { __typename id } }"
SEARCH = f"query($input: PersonSearchInput!) {{ personSearch(input: $input, first: 2) {{ {_PAGE} edges {{ cursor node {{ {_THIN} }} }} }} }}"


class Surface:
    """The GraphQL surface on a pool, spoken to without a socket."""

    def __init__(self, pool: Any, folder: Path, step: float = 0.0) -> None:
        settings = replace(Settings.for_demo({}, data_dir=folder, port=0), secret=SECRET.decode())
        self._signing = Signing.of(settings)
        app = Starlette(routes=routes(settings, pool, clock=lambda: NOW, step=step))
        self._tokens: dict[Any, str] = {}
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://portal.test")

    async def raw(self, who: Someone, purpose: Purpose, query: str, **variables: Any) -> bytes:
        """The body of the answer, byte for byte."""
        kind = "tool" if who.is_tool else "practitioner"
        if (who, purpose) not in self._tokens:
            token = self._signing.mint.mint(f"{kind}:{who.id}", who.client_id, Scope(who.role, purpose))
            self._tokens[who, purpose] = getattr(token, "token", token)
        answer = await self._client.post(
            GRAPHQL_PATH,
            content=orjson.dumps({"query": query, "variables": variables}),
            headers={"content-type": "application/json", "authorization": f"Bearer {self._tokens[who, purpose]}"},
        )
        return answer.content

    async def data(self, who: Someone, purpose: Purpose, query: str, **variables: Any) -> Any:
        said = orjson.loads(await self.raw(who, purpose, query, **variables))
        assert "errors" not in said, said
        return said["data"]

    async def everything(
        self, who: Someone, purpose: Purpose, *, people: list[UUID], families: list[UUID], nodes: list[UUID], names: list[str]
    ) -> list[bytes]:
        """The answers of all routes: whatever a viewer could observe about these people."""
        said = [await self.raw(who, purpose, FAMILIES)]
        for person in people:
            said += [await self.raw(who, purpose, query, id=str(person)) for query in (PERSON, HISTORY)]
        for family in families:
            said += [await self.raw(who, purpose, query, id=str(family)) for query in (FAMILY, RECORDS)]
        said += [await self.raw(who, purpose, NODE, id=str(node)) for node in nodes]
        for name in names:
            said.append(await self.raw(who, purpose, SEARCH, input={"name": name, "reason": "CONCERN"}))
        return said

    async def close(self) -> None:
        await self._client.aclose()


WALLS_UP = ("both walls", "the first wall alone", "the second wall alone")


@asynccontextmanager
async def walls_up(which: str, wall: str, database: Database, folder: Path, patch: pytest.MonkeyPatch) -> AsyncIterator[Surface]:
    """With one of `WALLS_UP`: row security does not hold for the tables' owner; `wall` is the one left out of the first wall."""
    if which == "the second wall alone":
        patch.setattr(rules, "WALLS", tuple(one for one in WALLS if one.name != wall))
    url = database.owner_url if which == "the first wall alone" else database.app_url
    async with make_pool(url, fewest=1, most=2) as pool:
        opened = Surface(pool, folder)
        yield opened
        await opened.close()
