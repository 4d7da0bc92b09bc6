"""The portal itself, in one process: mutations as a front-end sends them, and what they leave behind."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx

from tests.world import Someone, World
from throughline.app import GRAPHQL_PATH, Signing
from throughline.audit.trail import seen_rows
from throughline.oauth.scope import Scope
from throughline.terms.purpose import Purpose

Given = dict[str, Any]
EVERY_TABLE = (
    "select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace "
    "where n.nspname = 'portal' and c.relkind = 'r' order by 1"
)


@dataclass(slots=True)
class Portal:
    world: World
    client: httpx.AsyncClient
    signing: Signing

    async def ask(self, who: Someone, purpose: Purpose, query: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        said = await self.raw(who, purpose, query, **variables)
        assert "errors" not in said, said
        return said["data"]

    async def raw(self, who: Someone, purpose: Purpose, query: str, **variables: Any) -> Any:
        """The whole answer."""
        kind = "tool" if who.is_tool else "practitioner"
        token = self.signing.mint.mint(f"{kind}:{who.id}", who.client_id, Scope(who.role, purpose))
        answer = await self.client.post(
            GRAPHQL_PATH,
            json={"query": query, "variables": variables},
            headers={"authorization": f"Bearer {getattr(token, 'token', token)}"},
        )
        return answer.json()

    async def send(self, who: Someone, purpose: Purpose, mutation: str, given: Given, shows: str = "") -> Any:
        """The payload of one mutation. `idempotencyKey` is a new one unless given."""
        input_type = mutation[0].upper() + mutation[1:] + "Input"
        query = (
            f"mutation($input: {input_type}!) "
            f"{{ done: {mutation}(input: $input) {{ userErrors {{ code field message }} {shows} }} }}"
        )
        given = {"idempotencyKey": str(uuid4()), **given}
        return (await self.ask(who, purpose, query, input=given))["done"]

    async def does(
        self,
        who: Someone,
        purpose: Purpose,
        mutation: str,
        given: Given,
        shows: str,
        *,
        told: str | None = "WRITE",
    ) -> Any:
        """What the payload shows of a record that was made or changed; it must be in the trail and, unless
        `told` is None,
        in the outbox with that verb."""
        payload = await self.send(who, purpose, mutation, given, shows)
        assert payload["userErrors"] == []
        entry = await self.last_entry(who)
        assert entry["verb"] == mutation
        (field,) = payload.keys() - {"userErrors"}
        if told and payload[field]:
            assert entry["outcome"] == "SHOWN"
            record_id = UUID(payload[field]["id"])
            rows = await self.world.connection.fetch("select verb from portal.outbox where record_id = $1", record_id)
            assert told in {row["verb"] for row in rows}
        return payload[field]

    async def refuses(self, who: Someone, purpose: Purpose, mutation: str, given: Given, code: str, *field: str) -> None:
        """The act is refused with this code, for this place in the input; nothing changed, and the attempt is
        in the trail."""
        before = await self.everything()
        payload = await self.send(who, purpose, mutation, given)
        assert [error["code"] for error in payload["userErrors"]] == [code], payload
        if field:
            assert payload["userErrors"][0]["field"] == list(field)
        assert await self.everything() == before
        entry = await self.last_entry(who)
        assert (entry["verb"], entry["outcome"]) == (mutation, code)

    async def row(self, table: str, row_id: object) -> Any:
        return await self.world.connection.fetchrow(f"select * from portal.{table} where id = $1", UUID(str(row_id)))

    async def opened(self, because: int, source_id: object) -> set[tuple[UUID, UUID]]:
        """Who holds what for whom on this account: (subject, holder), on whatever days."""
        rows = await self.world.connection.fetch(
            "select subject_id, holder_id from portal.opening where because = $1 and source_id = $2",
            because,
            UUID(str(source_id)),
        )
        return {tuple(row) for row in rows}

    async def last_entry(self, who: Someone) -> Any:
        """Of the trail, for this practitioner."""
        return await self.world.connection.fetchrow(
            "select * from audit.entry where actor_id = $1 order by xid desc, id desc limit 1", who.id
        )

    async def named_in_trail(self, who: Someone, verb: str) -> set[UUID]:
        """The records that the trail names where this practitioner did this."""
        rows = await self.world.connection.fetch("select seen from audit.entry where actor_id = $1 and verb = $2", who.id, verb)
        return {record_id for row in rows for record_id, _ in seen_rows(row["seen"])}

    async def everything(self) -> str:
        """A digest of all tables: the same as long as nothing changed anywhere."""
        tables = [row[0] for row in await self.world.connection.fetch(EVERY_TABLE)]
        digests = ", ".join(f"(select md5(string_agg(t::text, '|' order by t::text)) from {name} t)" for name in tables)
        return str(await self.world.connection.fetchval(f"select concat_ws(' ', {digests})"))
