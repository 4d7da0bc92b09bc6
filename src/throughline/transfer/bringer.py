"""In whose name a file is brought in on the command line: a practitioner, in a role that may, by a client of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from throughline.access.gate import Gate
from throughline.access.viewer import Viewer
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

_FIND = """
    select p.id, p.agency_id,
      array(select h.role from portal.practitioner_role h where h.practitioner_id = p.id) roles,
      (select min(k.client_id) from portal.oauth_client k where k.practitioner_id = p.id and k.disabled_at is null) client_id
    from portal.practitioner p where lower(p.email) = lower($1) or p.id::text = lower($1)
"""


class NobodyToBringItError(Exception):
    """The practitioner is not there, has no role for it, or no client to act by; the message says which."""


@dataclass(frozen=True, slots=True)
class Bringer:
    viewer: Viewer
    agency_id: UUID


async def bringer(gate: Gate, named: str, roles: Sequence[Role], purpose: Purpose) -> Bringer:
    """`named`: an e-mail address or an id; the first of `roles` that they hold. Whether they are in force, the gate asks."""
    async with gate.transaction() as connection:
        row = await connection.fetchrow(_FIND, named)
    if row is None:
        raise NobodyToBringItError("there is no practitioner with that e-mail address or id")
    role = next((role for role in roles if role in row["roles"]), None)
    if role is None:
        raise NobodyToBringItError(f"this takes one of the roles {', '.join(roles)}, and they hold none of them")
    if row["client_id"] is None:
        raise NobodyToBringItError("they have no client of their own to act by: give them one first")
    return Bringer(Viewer(row["id"], row["client_id"], role, purpose), row["agency_id"])
