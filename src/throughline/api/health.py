"""Is the process alive, and can it serve? Plain JSON, without sign-in and without saying why not."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

log = logging.getLogger(__name__)

PROBE_TIMEOUT_S = 2.0
_NO_STORE = {"cache-control": "no-store"}


async def live(_: Request) -> Response:
    return JSONResponse({"status": "live"}, headers=_NO_STORE)


def ready(probe: Callable[[], Awaitable[object]], timeout_s: float = PROBE_TIMEOUT_S) -> Callable[[Request], Awaitable[Response]]:
    """A handler that answers 200 while `probe` returns, and 503 when it raises or takes too long."""

    async def handler(_: Request) -> Response:
        try:
            await asyncio.wait_for(probe(), timeout_s)
        except Exception as error:  # whatever it is, we are not ready
            log.warning("not ready: %s", type(error).__name__)
            return JSONResponse({"status": "unavailable"}, 503, headers=_NO_STORE)
        return JSONResponse({"status": "ready"}, headers=_NO_STORE)

    return handler


def routes(probe: Callable[[], Awaitable[object]]) -> list[Route]:
    return [
        Route("/health/live", live, methods=["GET"]),
        Route("/health/ready", ready(probe), methods=["GET"]),
    ]
