"""One random world behind the real view, and the slow executor over the same database."""

import json
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from starlette.types import Message

from tests.conftest import Database
from tests.reading.casework import make_world
from tests.reading.documents import Hints
from tests.reading.rows import read_rows
from tests.reading.slow import Slow
from tests.reading.worlds import NOW, SECRET, World, client_of, keep
from throughline import app
from throughline.access.rules import allowed_purposes
from throughline.access.viewer import Viewer
from throughline.api.budget import Budget
from throughline.api.limits import Limits
from throughline.audit.trail import seen_rows
from throughline.db.engine import make_pool
from throughline.db.migrate import driver_url
from throughline.oauth import subject
from throughline.oauth.keys import new_pem
from throughline.oauth.scope import Scope
from throughline.settings import Settings
from throughline.terms.role import Role

BOUNDLESS = Limits(
    max_text_chars=10**6, max_tokens=10**6, max_fragments=10**4, max_merge_pairs=10**6, max_depth=10**3, max_fields=10**6,
    max_aliases=10**6, max_directives=10**6, max_written=10**8, max_cost=10**9,
)  # fmt: skip
"""Random documents are dearer than any front-end's; what they cost is another test's business."""
SETTINGS = Settings(
    data_dir=Path(tempfile.gettempdir()), public_url="https://portal.test", secret=SECRET, signing_key=new_pem().decode()
)


@dataclass
class Portal:
    world: World
    slow: Slow
    view: Any
    pool: Any
    owner: AsyncEngine

    async def post(self, viewer: Viewer, text: str, variables: Mapping[str, Any] | None = None) -> bytes:
        """The body that the real view answers, with a real token."""
        token = app.Signing.of(SETTINGS).mint.mint(
            subject.subject(viewer.actor_id, is_tool=viewer.is_tool), viewer.client_id, Scope(viewer.role, viewer.purpose)
        )
        sent: list[Message] = []
        body = json.dumps({"query": text, "variables": dict(variables or {})}).encode()
        headers = [
            (b"authorization", f"Bearer {token}".encode()),
            (b"content-type", b"application/json"),
            (b"accept", b"application/json"),
        ]

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        await self.view(
            {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": headers}, receive, send
        )
        return bytes(sent[1]["body"])

    async def ask(self, viewer: Viewer, text: str, variables: Mapping[str, Any] | None = None) -> Any:
        """The data of an answer without errors."""
        answer = orjson.loads(await self.post(viewer, text, variables))
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def seen(self) -> list[UUID]:
        """The ids in the newest row of the trail."""
        return [row_id for row_id, _ in await self.seen_because()]

    async def seen_because(self) -> list[tuple[UUID, int]]:
        """The same with the sentence that let each in."""
        async with self.owner.connect() as connection:
            found = (
                await connection.exec_driver_sql("select seen from audit.entry order by xid desc, id desc limit 1")
            ).scalar_one()
        return seen_rows(found)


def viewers(world: World) -> list[Viewer]:
    """Everybody of the world, in each of their roles and for each purpose that the role has."""
    found = [(row["practitioner_id"], row["role"], False) for row in world.rows["practitioner_role"]]
    found += [(row["tool_id"], row["role"], True) for row in world.rows["tool_role"]]
    return [
        Viewer(actor, client_of(actor), Role(role), purpose, is_tool)
        for actor, role, is_tool in found
        for purpose in sorted(allowed_purposes(Role(role)))
    ]


async def some_viewers(portal: Portal, chance: Random, count: int) -> list[Viewer]:
    """Mostly viewers who see much, of as many roles as there are places; some who see little or nothing."""
    everybody = viewers(portal.world)
    chance.shuffle(everybody)
    weighed = []
    for viewer in everybody[: 6 * count]:
        sight = await portal.slow.sight(viewer)
        weighed.append((len({one.kind for one in sight.seen}) if sight else 0, viewer))
    best = sorted(weighed, key=lambda one: -one[0])
    firsts = list({viewer.role: viewer for _, viewer in reversed(best)}.values())[::-1]
    return [*firsts[: count - 1], chance.choice(everybody)]


async def hints(portal: Portal, viewer: Viewer) -> Hints:
    sight = await portal.slow.sight(viewer)
    rows = portal.slow.rows
    seen = sight.seen if sight else []
    people = [person for one in seen for person in one.people]  # whoever has many records is asked for often
    families = sorted(family for family in rows.family if sight and sight.members(family))
    records = [one.row.id for one in seen]
    names = [
        (row.given_name or "", row.family_name or "") for row in rows.of("identity_record") if row.given_name or row.family_name
    ]
    made = portal.slow.cursors[viewer].made if viewer in portal.slow.cursors else {}
    others = [row.id for table in ("person", "family", "need", "support_report", "identity_record") for row in rows.of(table)]
    known = {"person": people, "family": families, "node": [*people, *families, *records], "agency": list(rows.agency)}
    return Hints(known, others, names, dict(made))


@asynccontextmanager
async def opened(database: Database, world: World | int) -> AsyncIterator[Portal]:
    """A world (or the one of this seed), kept in this database and open for questions."""
    made = make_world(world) if isinstance(world, int) else world
    engine = create_async_engine(driver_url(database.owner_url))
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(app, "LIMITS", BOUNDLESS)
            patch.setattr(Budget, "spend", lambda *_: None)
            async with engine.begin() as connection:
                await keep(made, connection)
            async with make_pool(database.app_url, fewest=1, most=2) as pool:
                view = app.make_view(SETTINGS, pool, app.Signing.of(SETTINGS).verifier, clock=lambda: NOW, step=0.0)
                slow = Slow(engine, await read_rows(engine), SECRET.encode(), NOW)
                yield Portal(made, slow, view, pool, engine)
    finally:
        await engine.dispose()


async def owned(database: Database, *statements: str) -> None:
    connection = await asyncpg.connect(database.owner_url)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()
