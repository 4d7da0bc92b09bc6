"""`GET /rights-requests/ID/export.json` and `.html`: the answer to a request for one's own data, for the officer who gives it."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Scope

from throughline.access.acting import Acting
from throughline.access.viewer import Viewer
from throughline.api.errors import Masker, Refusals
from throughline.api.even_time import STEP, until_the_stroke
from throughline.api.negotiation import MediaType, Statuses, headers_of_refusal, status_of_refusal
from throughline.api.selection import as_uuid
from throughline.db.refusal import RefusalCode, not_found
from throughline.reading.reader import Reader
from throughline.transfer.subject_access import VERB, NotToBeGiven, SubjectAccess
from throughline.transfer.subject_access_document import as_html, as_json

Authenticate = Callable[[Scope], Awaitable[Viewer]]
Write = Callable[[SubjectAccess], AsyncIterator[bytes]]
FORMATS: Mapping[str, tuple[str, Write]] = {
    "json": ("application/json", as_json),
    "html": ("text/html; charset=utf-8", as_html),
}
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


def routes(reader: Reader, acting: Acting, authenticate: Authenticate, refusals: Refusals, step: float = STEP) -> list[Route]:
    """`step`: see `even_time.py`."""
    masker = Masker(refusals)

    async def export(request: Request) -> Response:
        try:
            viewer = await authenticate(request.scope)
            return await _given(reader, acting, viewer, request, step)
        except Exception as error:
            refusal = masker.refusal(error)
            if refusal is None:
                message, extensions = masker.fault(error, uuid.uuid4().hex)
                return _error(500, message, extensions)
            status = status_of_refusal(refusal, MediaType.JSON, Statuses())
            return _error(status, str(refusal), {"code": refusal.code.value, **refusal.extensions}, headers_of_refusal(refusal))

    return [Route("/rights-requests/{id}/export.{form}", export, methods=["GET"])]


async def _given(reader: Reader, acting: Acting, viewer: Viewer, request: Request, step: float) -> Response:
    started = time.perf_counter()
    form = FORMATS.get(request.path_params["form"])
    if form is None:
        return _absent()
    try:
        access = await SubjectAccess.begin(reader, viewer, as_uuid(request.path_params["id"]))
    except NotToBeGiven:
        await acting.note_refusal(viewer, VERB, VERB, RefusalCode.NOT_FOUND)
        await asyncio.sleep(until_the_stroke(time.perf_counter() - started, step))
        return _absent()
    media_type, write = form
    pieces = write(access)
    first = await anext(pieces)  # what can be refused is refused before anything is sent

    async def all_pieces() -> AsyncIterator[bytes]:
        yield first
        async for piece in pieces:
            yield piece

    return StreamingResponse(all_pieces(), media_type=media_type, headers=_HEADERS)


def _absent() -> Response:
    """The same whether there is no such request, another agency has it, or nobody has approved it."""
    return _error(404, not_found().message, {"code": RefusalCode.NOT_FOUND})


def _error(status: int, message: str, extensions: Mapping[str, object], headers: Mapping[str, str] | None = None) -> Response:
    body = {"errors": [{"message": message, "extensions": dict(extensions)}]}
    return JSONResponse(body, status, headers={**_HEADERS, **(headers or {})})
