"""The clients in the database, with the roles and purposes that each may ask for."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import asyncpg
import orjson

from throughline.access.rules import allowed_purposes
from throughline.oauth.client import Client
from throughline.oauth.scope import Scope
from throughline.oauth.subject import subject
from throughline.people.client import ClientAuthentication
from throughline.terms.role import Role

_FIND = """
    select k.client_id, k.auth_method, k.secret_hash, k.jwks, k.tool_id, k.practitioner_id,
      coalesce((select array_agg(h.role) from portal.tool_role h where h.tool_id = k.tool_id),
               (select array_agg(h.role) from portal.practitioner_role h where h.practitioner_id =
               k.practitioner_id
                and (h.until_on is null or h.until_on >= (now() at time zone 'Europe/London')::date))) roles
    from portal.oauth_client k left join portal.tool t on t.id = k.tool_id
      left join portal.practitioner p on p.id = k.practitioner_id
      join portal.agency a on a.id = coalesce(t.agency_id, p.agency_id)
    where k.client_id = $1 and k.disabled_at is null and t.disabled_at is null and p.disabled_at is null
      and a.suspended_at is null
"""
_SPEND = """
    insert into portal.oauth_assertion (client_id, jti, expires_at) values ($1, $2, $3)
    on conflict do nothing returning 1
"""


class SqlClientStore:
    """A `ClientStore` (see `client.py`). Each statement is a transaction of its own."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def find(self, client_id: str) -> Client | None:
        row = await self._pool.fetchrow(_FIND, client_id)
        return _client(row) if row else None

    async def spend_assertion(self, client_id: str, token_id: str, expires_at: datetime) -> bool:
        return await self._pool.fetchval(_SPEND, client_id, token_id, expires_at) is not None


def _client(row: Any) -> Client:
    is_tool = row["tool_id"] is not None
    return Client(
        client_id=row["client_id"],
        subject=subject(row["tool_id"] or row["practitioner_id"], is_tool=is_tool),
        auth_method=ClientAuthentication(row["auth_method"]),
        scopes=frozenset(_scopes(row["roles"] or [])),
        secret_hash=row["secret_hash"],
        jwks=orjson.loads(row["jwks"]) if row["jwks"] else None,
    )


def _scopes(roles: list[str]) -> Iterator[Scope]:
    for role in map(Role, roles):
        for purpose in allowed_purposes(role):
            yield Scope(role, purpose)
