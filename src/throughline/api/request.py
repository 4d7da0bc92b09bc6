"""A GraphQL request as it arrives: read under a cap, and checked in shape before anything is believed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.types import Receive

from throughline.api.errors import BadRequest
from throughline.api.negotiation import BodyTooLarge


class DisconnectedError(Exception):
    """The client went away before it had sent everything; nobody is left to answer."""


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """`text` or `document_id` (a sha256 in hex) is there, or both."""

    text: str | None
    document_id: str | None
    operation_name: str | None
    variables: Mapping[str, Any] = field(default_factory=dict)
    size: int = 0
    """Bytes of its body."""


async def read_body(receive: Receive, announced: bytes | None, cap: int) -> bytes:
    """The body, refused as soon as it is known to be larger than `cap` bytes, whatever was announced."""
    if announced is not None and announced.isdigit() and (len(announced) > 15 or int(announced) > cap):
        raise BodyTooLarge()
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise DisconnectedError()
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > cap:
            raise BodyTooLarge()
        chunks.append(chunk)
        if not message.get("more_body"):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def from_body(body: bytes) -> GraphQLRequest:
    return replace(_from_members(_json(body, "The body is not JSON.")), size=len(body))


def from_query_string(query_string: bytes, cap: int) -> GraphQLRequest:
    if len(query_string) > cap:
        raise BodyTooLarge()
    try:
        pairs = parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=20)
    except ValueError as error:
        raise BadRequest("The query string is not readable.") from error
    members: dict[str, Any] = dict(pairs)
    if len(members) != len(pairs):
        raise BadRequest("Each parameter may be given once.")
    for name in ("variables", "extensions"):
        if name in members:
            members[name] = _json(members[name], f"'{name}' is not JSON.")
    return _from_members(members)


def _json(text: bytes | str, complaint: str) -> Any:
    try:
        return orjson.loads(text)
    except ValueError as error:  # not JSON, not UTF-8, or nested too deeply
        raise BadRequest(complaint) from error


def _from_members(members: Any) -> GraphQLRequest:
    if not isinstance(members, dict):
        raise BadRequest("Send one JSON object; batches are not served.")
    text = _optional(members, "query", str)
    document_id = _optional(members, "documentId", str)
    extensions = _optional(members, "extensions", dict) or {}
    persisted = _optional(extensions, "persistedQuery", dict) or {}
    document_id = document_id or _optional(persisted, "sha256Hash", str)
    if text is None and document_id is None:
        raise BadRequest("Give a 'query', or the 'documentId' of a trusted document.")
    return GraphQLRequest(
        text,
        document_id.removeprefix("sha256:").lower() if document_id else None,
        _optional(members, "operationName", str),
        _optional(members, "variables", dict) or {},
    )


def _optional(members: dict[str, Any], name: str, kind: type) -> Any:
    value = members.get(name)
    if value is not None and not isinstance(value, kind):
        raise BadRequest(f"'{name}' must be {'a string' if kind is str else 'an object'} or null.")
    return value
