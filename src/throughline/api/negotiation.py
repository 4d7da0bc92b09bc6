"""GraphQL over HTTP: which media type answers, with which status, and how the transport itself refuses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from throughline.api.errors import BadRequest, Code, Refusal, ServiceUnavailable, Unauthenticated


class MediaType(StrEnum):
    JSON = "application/json"
    GRAPHQL_RESPONSE = "application/graphql-response+json"


_MOST_RANGES = 32


@dataclass(frozen=True)
class Statuses:
    """The draft may yet settle on 422 for invalid documents, and on 294 for data beside errors."""

    refused: int = 400
    partial: int = 200


def negotiate(accept: str | None) -> MediaType | None:
    """The media type of the answer for an Accept header; None means 406."""
    if not accept or not accept.strip():
        return MediaType.JSON
    ranges: dict[str, tuple[float, int]] = {}
    for position, item in enumerate(accept.split(",")[:_MOST_RANGES]):
        name, *parameters = (part.strip().lower() for part in item.split(";"))
        if _speaks_utf8(parameters):
            ranges.setdefault(name, (_quality(parameters), -position))
    ranked = [(_rank(media_type, ranges), media_type) for media_type in MediaType]
    # max() keeps the first of equals, and JSON stands first: */* means JSON, as older clients expect
    (quality, *_), chosen = max(ranked, key=lambda pair: pair[0])
    return chosen if quality > 0 else None


def _rank(media_type: MediaType, ranges: Mapping[str, tuple[float, int]]) -> tuple[float, bool, int]:
    """The quality that the most specific range gives, then whether it was named, then who came first."""
    for name in (media_type.value, "application/*", "*/*"):
        if name in ranges:
            quality, position = ranges[name]
            return quality, name == media_type, position
    return 0.0, False, 0


def _speaks_utf8(parameters: list[str]) -> bool:
    return all(p.partition("=")[2].strip('"') in ("utf-8", "utf8") for p in parameters if p.startswith("charset="))


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return min(max(float(parameter[2:]), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


def is_json(content_type: str | None) -> bool:
    """Whether a request's Content-Type is JSON in UTF-8, the only encoding that RFC 8259 knows."""
    name, *parameters = (part.strip().lower() for part in (content_type or "").split(";"))
    return name == MediaType.JSON and _speaks_utf8(parameters)


class HttpRefusal(BadRequest):
    """A request that HTTP alone is enough to refuse."""

    status = 400
    headers: Mapping[str, str] = {}


class MethodNotAllowed(HttpRefusal):
    status = 405

    def __init__(self, message: str, *, allow: str) -> None:
        super().__init__(message)
        self.headers = {"allow": allow}


class NotAcceptable(HttpRefusal):
    status = 406
    message = f"Answers are {MediaType.GRAPHQL_RESPONSE} or {MediaType.JSON}, in UTF-8."


class BodyTooLarge(HttpRefusal):
    status = 413
    message = "The request is too large."


class UnsupportedMediaType(HttpRefusal):
    status = 415
    message = "Send application/json in UTF-8."


_STATUS_OF_CODE = {
    Code.UNAUTHENTICATED: 401,
    Code.FORBIDDEN: 403,
    Code.RATE_LIMITED: 429,
    Code.INTERNAL_SERVER_ERROR: 500,
    Code.BAD_REQUEST: 400,
    Code.SERVICE_UNAVAILABLE: 503,
}


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    media_type: MediaType = MediaType.JSON
    headers: Mapping[str, str] = field(default_factory=dict)

    def raw_headers(self) -> list[tuple[bytes, bytes]]:
        headers = {
            "content-type": f"{self.media_type}; charset=utf-8",
            "content-length": str(len(self.body)),
            "cache-control": "no-store",
            "vary": "Accept",
            **self.headers,
        }
        return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


def status_of_refusal(refusal: Refusal, media_type: MediaType, statuses: Statuses) -> int:
    """What GraphQL refuses, rather than HTTP, is a 200 to clients that asked for plain JSON."""
    if isinstance(refusal, HttpRefusal):
        return refusal.status
    if refusal.code in _STATUS_OF_CODE:
        return _STATUS_OF_CODE[refusal.code]
    return statuses.refused if media_type is MediaType.GRAPHQL_RESPONSE else 200


def headers_of_refusal(refusal: Refusal) -> Mapping[str, str]:
    if isinstance(refusal, Unauthenticated):
        return {"www-authenticate": refusal.challenge}
    if isinstance(refusal, ServiceUnavailable):
        return {"retry-after": str(refusal.retry_after_s)}
    return refusal.headers if isinstance(refusal, HttpRefusal) else {}
