"""How people of the demo sign in at the token endpoint: a client for each one to try, and for tools."""

import base64
import hmac

from throughline.demo.world import World
from throughline.oauth.client import secret_hash
from throughline.people.client import ClientAuthentication
from throughline.terms.role import Role


def client_id(role: Role) -> str:
    return f"demo-{role.lower().replace('_', '-')}"


def client_secret(secret: str, name: str) -> str:
    """Follows from the demo's own secret, so that it can be shown again after a restart."""
    digest = hmac.digest(secret.encode(), f"demo client {name}".encode(), "sha256")
    return f"demo-{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def clients(world: World, secret: str) -> None:
    """The first practitioner of a role is the one to try; whom that is, the stories see to."""
    people = {row["id"]: row for row in world.rows["practitioner"]}
    first: dict[str, object] = {}
    for row in world.rows["practitioner_role"]:
        first.setdefault(row["role"], people[row["practitioner_id"]]["id"])
    for role in Role:
        _client(world, secret, client_id(role), practitioner_id=first[str(role)])
    for tool in world.rows["tool"]:
        _client(world, secret, f"demo-tool-{tool['name'].lower().replace(' ', '-')}", tool_id=tool["id"])


def _client(world: World, secret: str, name: str, **who: object) -> None:
    world.add(
        "oauth_client", client_id=name, secret_hash=secret_hash(client_secret(secret, name)),
        auth_method=ClientAuthentication.SECRET.value, **who,
    )  # fmt: skip
