import asyncio

import httpx
import pytest
from starlette.applications import Starlette

from throughline.api.health import ready, routes

pytestmark = pytest.mark.anyio


async def get(app: Starlette, path: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://portal.test") as client:
        return await client.get(path)


async def fine() -> None:
    return None


async def broken() -> None:
    raise ConnectionError("the address of the database")


async def test_alive_and_ready() -> None:
    app = Starlette(routes=routes(fine))
    assert (await get(app, "/health/live")).json() == {"status": "live"}
    response = await get(app, "/health/ready")
    assert (response.status_code, response.json()) == (200, {"status": "ready"})
    assert response.headers["cache-control"] == "no-store"


async def test_not_ready_says_no_more_than_that() -> None:
    app = Starlette(routes=routes(broken))
    assert (await get(app, "/health/live")).status_code == 200
    response = await get(app, "/health/ready")
    assert (response.status_code, response.json()) == (503, {"status": "unavailable"})


async def test_a_probe_that_hangs_is_not_ready() -> None:
    async def hangs() -> None:
        await asyncio.sleep(60)

    app = Starlette()
    app.add_route("/health/ready", ready(hangs, timeout_s=0.01))
    assert (await get(app, "/health/ready")).status_code == 503
