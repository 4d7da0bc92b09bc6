"""One connection, one server in process, one transaction that is never committed: worlds take turns in it.

The server asks on that connection as the app role, each request in a savepoint of its own that is rolled back; worlds are made
and changed on it as its owner. So nothing has to be cleared away, and the same request can be asked of two worlds.
"""

import asyncio
import itertools
import json
import time
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest
import uuid_utils.compat
from starlette.types import Message

from tests.conftest import Database
from tests.proof import facts
from tests.proof.dense import make_dense
from tests.proof.truth import Facts
from tests.reading.portal import BOUNDLESS, SETTINGS
from tests.reading.worlds import NOW, TODAY, World, client_of
from throughline import app
from throughline.access import openings
from throughline.access.viewer import Viewer
from throughline.api.budget import Budget
from throughline.audit.trail import seen_rows
from throughline.db.base import Base
from throughline.db.bootstrap import APP_ROLE
from throughline.db.engine import SERVER_SETTINGS
from throughline.oauth import subject
from throughline.oauth.scope import Scope
from throughline.people import person
from throughline.transfer import ctf_import

TABLES = {table.name: table for table in Base.metadata.sorted_tables if table.schema == "portal" and table.name != "opening"}
"""Parents before their children; openings follow from the rest."""
Rows = Mapping[str, Sequence[Mapping[str, Any]]]
NO_SUCH_ROWS = (asyncpg.IntegrityConstraintViolationError, asyncpg.InsufficientPrivilegeError)
"""What tables and their triggers say of rows that they do not take."""
STATEMENTS_KEPT = 400
"""Prepared: a plan of a large document takes ten megabytes of the server's memory."""


@dataclass(frozen=True)
class Reply:
    """Everything that a client can observe, and what the trail says of it: each id with the sentences noted. `work`: the statements
    that the server sent, in order: what takes the same statements takes about the same time."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    noted: Mapping[UUID, set[int]]
    work: tuple[str, ...] = ()

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


class Shared:
    """What the gate takes for its pool: the stage's one connection, as the app role for as long as it is lent."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection, self._turn = connection, asyncio.Lock()

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[asyncpg.Connection]:
        async with self._turn:
            await self.connection.execute(f"savepoint lent; set local role {APP_ROLE}")
            try:
                yield self.connection
            except BaseException:
                await self.connection.execute("rollback to savepoint lent; reset role; release savepoint lent")
                raise
            await self.connection.execute("reset role; release savepoint lent")


@dataclass
class Stage:
    connection: asyncpg.Connection
    view: Any = None
    worlds: list[World] = field(default_factory=list)
    """The one that stands, if any."""
    focus: list[UUID] = field(default_factory=list)
    """The practitioners of it to whom everything happens."""
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Everything that stands, as it was when the world was made."""
    clock: datetime = NOW
    _whole: Any = None
    _said: list[str] = field(default_factory=list)
    _turn: int = 0
    """How many requests changed the world that stands: ids are counted anew in each."""

    def serve(self) -> None:
        """A server that has seen nothing yet."""
        pool: Any = Shared(self.connection)
        self.view = app.make_view(SETTINGS, pool, app.Signing.of(SETTINGS).verifier, clock=lambda: self.clock, step=0.0)

    async def arrange(self, seed: int) -> Facts:
        """Another world in the place of the last one."""
        world, self.focus = make_dense(seed)
        if self._whole:
            await self._whole.rollback()
        self._whole = self.connection.transaction()
        await self._whole.start()
        await fill(self.connection, _with_clients(world))
        await openings.refresh_all(self.connection)
        self.worlds[:], self._turn = [world], 0
        self.rows = await self.read()
        return self.facts(self.rows)

    async def read(self) -> dict[str, list[dict[str, Any]]]:
        return {name: [dict(row) for row in await self.connection.fetch(f"select * from portal.{name}")] for name in TABLES}

    def facts(self, rows: Rows) -> Facts:
        names = {row["id"]: (row["given_name"], row["family_name"]) for row in rows["identity_record"]}
        cautions = {
            row["id"]: (row["must_not_be_told"], row["safe_contact"])
            for its in rows.values()
            for row in its
            if "safe_contact" in row and (row["must_not_be_told"] or row["safe_contact"])
        }
        return Facts(facts.told(rows, TODAY, self.clock), names, cautions)

    @asynccontextmanager
    async def aside(self) -> AsyncIterator[None]:
        """Whatever is done in the block, by whomever, is undone at its end."""
        await self.connection.execute("savepoint aside")
        try:
            yield
        finally:
            await self.connection.execute("rollback to savepoint aside; release savepoint aside")

    async def change(self, gone: Rows, new: Rows) -> None:
        """Rows go and come; what they name must be there at the end. Openings follow."""
        await self.connection.execute("set constraints all deferred")
        for name, rows in gone.items():
            keys = [column.name for column in TABLES[name].primary_key]
            where = " and ".join(f"{key} = ${place}" for place, key in enumerate(keys, 1))
            await self.connection.executemany(f"delete from portal.{name} where {where}", [[row[k] for k in keys] for row in rows])
        await fill(self.connection, new)
        await self.connection.execute(_CUSTODY)
        await self.connection.execute("set constraints all immediate")
        await openings.refresh_all(self.connection)

    async def ask(self, viewer: Viewer, text: str, variables: Mapping[str, Any]) -> Reply:
        """The answer of the real server; what it wrote is gone again."""
        turn = self._turn
        try:
            async with self.aside():
                return await self.act(viewer, text, variables)
        finally:
            self._turn = turn

    async def act(self, viewer: Viewer, text: str, variables: Mapping[str, Any]) -> Reply:
        """The same; what it wrote stays, but for the trail."""
        self._turn += 1
        with numbered(self._turn):
            self._said.clear()
            status, headers, body = await self._post(viewer, orjson.dumps({"query": text, "variables": dict(variables)}))
        noted: dict[UUID, set[int]] = {}
        for row in await self.connection.fetch("delete from audit.entry returning seen"):
            for row_id, sentence in seen_rows(row["seen"]):
                noted.setdefault(row_id, set()).add(sentence)
        await self.connection.execute(
            "select set_config(n, '', true) from unnest(array['app.viewer', 'app.agency', 'app.services']) n"
        )
        return Reply(status, headers, body, noted, tuple(self._said))

    def heard(self, query: Any) -> None:
        """For asyncpg's query logger."""
        self._said.append(query.query)

    async def _post(self, viewer: Viewer, body: bytes) -> tuple[int, tuple[tuple[bytes, bytes], ...], bytes]:
        sent: list[Message] = []
        headers = [
            (b"authorization", f"Bearer {token(viewer)}".encode()), (b"content-type", b"application/json"),
            (b"accept", b"application/json"),
        ]  # fmt: skip

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": headers}
        await self.view(scope, receive, send)
        return sent[0]["status"], tuple(sent[0]["headers"]), bytes(sent[1]["body"])


_TOKENS: dict[Viewer, tuple[float, str]] = {}
"""Each with when it was minted: they expire by the clock on the wall, which a hunt outlasts."""
FRESH_S = 60.0


def token(viewer: Viewer) -> str:
    now = time.monotonic()
    minted, kept = _TOKENS.get(viewer, (-FRESH_S, ""))
    if now - minted >= FRESH_S:
        if len(_TOKENS) > 1_000:
            _TOKENS.clear()
        who = subject.subject(viewer.actor_id, is_tool=viewer.is_tool)
        kept = app.Signing.of(SETTINGS).mint.mint(who, viewer.client_id, Scope(viewer.role, viewer.purpose))
        _TOKENS[viewer] = (now, kept)
    return kept


@contextmanager
def numbered(turn: int) -> Iterator[None]:
    """Ids are counted from the same first one in every request that is asked at this turn."""
    ids = itertools.count((turn << 32) + 1)

    def next_id(version: int) -> UUID:
        return UUID(int=(0xFEED << 112) | next(ids), version=version)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uuid_utils.compat, "uuid7", lambda: UUID(int=next_id(4).int & ~(0xF << 76) | (7 << 76)))
        for module in (uuid, person, ctf_import):
            patch.setattr(module, "uuid4", lambda: next_id(4))
        yield


async def fill(connection: asyncpg.Connection, rows: Rows) -> None:
    """Rows into their tables, parents first; those that say something about the same columns together."""
    for name in TABLES:
        groups: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
        for row in rows.get(name, ()):
            groups.setdefault(tuple(row), []).append(tuple(_kept(value) for value in row.values()))
        for columns, records in groups.items():
            await connection.copy_records_to_table(name, schema_name="portal", columns=columns, records=records)


def _kept(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict) else value


def _with_clients(world: World) -> Rows:
    """With a client for everybody."""
    for owner in ("practitioner", "tool"):
        for row in world.rows.get(owner, ()):
            who = {"practitioner_id": None, "tool_id": None, f"{owner}_id": row["id"]}
            world.add(
                "oauth_client", client_id=client_of(row["id"]), secret_hash=None, jwks=None,
                auth_method="client_secret_basic", disabled_at=None, **who,
            )  # fmt: skip
    return world.rows


_CUSTODY = """
    update portal.person p set custodian_id = k.keeper from (
        select q.id, (select m.agency_id from portal.protection m join portal.identity_record i on i.id = m.identity_record_id
            where i.person_id = q.id and m.what = 'IDENTITY' and m.until_on is null and m.withdrawn_at is null
            order by m.made_at, m.id limit 1) keeper from portal.person q) k
      where k.id = p.id and p.custodian_id is distinct from k.keeper;
    update portal.identity_record i set custodian_id = p.custodian_id from portal.person p
      where p.id = i.person_id and i.custodian_id is distinct from p.custodian_id;
    update portal.search_key k set custodian_id = i.custodian_id from portal.identity_record i
      where i.id = k.identity_record_id and k.custodian_id is distinct from i.custodian_id;
    update portal.identity_number k set custodian_id = i.custodian_id from portal.identity_record i
      where i.id = k.identity_record_id and k.custodian_id is distinct from i.custodian_id;
"""
"""Whoever is protected is kept as if the marks that stand had been made and lifted one by one."""
_REFERENCES = """
    select c.conrelid::regclass::text name, quote_ident(c.conname) as key from pg_constraint c
    join pg_class r on r.oid = c.conrelid join pg_namespace n on n.oid = r.relnamespace
    where c.contype = 'f' and n.nspname = 'portal' and c.conparentid = 0
"""
"""May be asked at the end of a change, so that rows come and go in any order: to switch triggers off instead would make the server
forget every plan, and to plan takes most of its time."""


@asynccontextmanager
async def staged(database: Database) -> AsyncIterator[Stage]:
    options: Any = {"server_settings": SERVER_SETTINGS, "statement_cache_size": STATEMENTS_KEPT, "max_cacheable_statement_size": 0}
    connection = await asyncpg.connect(database.superuser_url, **options)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(app, "LIMITS", BOUNDLESS)
            patch.setattr(Budget, "spend", lambda *_: None)
            for row in await connection.fetch(_REFERENCES):
                await connection.execute(f"alter table {row['name']} alter constraint {row['key']} deferrable initially immediate")
            stage = Stage(connection)
            connection.add_query_logger(stage.heard)
            stage.serve()
            yield stage
    finally:
        await connection.close()
