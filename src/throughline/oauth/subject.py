"""The subject of a token: a practitioner or a tool, by id; and the viewer whom a token makes."""

from uuid import UUID

from throughline.access.viewer import Viewer
from throughline.oauth.tokens import Claims, TokenError

_PRACTITIONER, _TOOL = "practitioner", "tool"


def subject(actor_id: UUID, *, is_tool: bool) -> str:
    return f"{_TOOL if is_tool else _PRACTITIONER}:{actor_id}"


def viewer(claims: Claims) -> Viewer:
    """Raises TokenError for a subject that is neither, and for a tool that acts for somebody: not served
    yet."""
    kind, _, actor_id = claims.subject.partition(":")
    if kind not in (_PRACTITIONER, _TOOL) or claims.actor is not None:
        raise TokenError("subject")
    try:
        return Viewer(UUID(actor_id), claims.client_id, claims.role, claims.purpose, is_tool=kind == _TOOL)
    except ValueError as error:
        raise TokenError("subject") from error
