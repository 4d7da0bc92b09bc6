"""Who is asking, on whose behalf, in which role and for which purpose. Nothing here is trusted for longer than a request."""

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from throughline.terms.purpose import Purpose
from throughline.terms.role import Role


@dataclass(frozen=True, slots=True)
class Viewer:
    """`actor_id`: a practitioner's id, or a tool's when `is_tool`. Agency and services are read afresh by each statement."""

    actor_id: UUID
    client_id: str
    role: Role
    purpose: Purpose
    is_tool: bool = False

    @property
    def plan_key(self) -> tuple[str, str, bool]:
        """What a compiled plan depends on: nothing else about the viewer reaches its text."""
        return (self.role, self.purpose, self.is_tool)

    @property
    def seal(self) -> bytes:
        """Binds a cursor to this viewer; a new token for the same viewer keeps old cursors valid."""
        return sha256(f"{self.actor_id}|{self.client_id}|{self.role}|{self.purpose}".encode()).digest()
