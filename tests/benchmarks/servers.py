"""The two servers that a round compares, each a uvicorn process of its own: the portal, and Limit B."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from throughline.app import build
from throughline.settings import Settings

HERE = Path(__file__).parent
PICTURE = (HERE / "limit_b.sql").read_text()


def portal() -> Starlette:
    settings = Settings.for_demo(data_dir=Path(os.environ["BENCH_DATA"]), port=int(os.environ["BENCH_PORT"]))
    return build(settings, os.environ["BENCH_APP_URL"])


class _NoReset(asyncpg.Connection):  # type: ignore[misc]  # asyncpg's stubs leave the class untyped here
    def get_reset_query(self) -> str:
        return ""


def limit_b() -> Starlette:
    """Bare Starlette and asyncpg: the body's family id goes into one frozen statement, its text comes out."""
    state: dict[str, Any] = {}

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        tuned = {"jit": "off", "plan_cache_mode": "force_generic_plan", "synchronous_commit": "on"}
        async with asyncpg.create_pool(
            os.environ["BENCH_OWNER_URL"], min_size=16, max_size=16, connection_class=_NoReset,
            max_cacheable_statement_size=0, server_settings=tuned,
        ) as pool:  # fmt: skip
            state["pool"] = pool
            yield

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        body = (await receive()).get("body", b"")
        family = UUID(orjson.loads(body)["variables"]["id"])
        text = await state["pool"].fetchval(PICTURE, family)
        out = b'{"data":{"family":' + text.encode() + b"}}"
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(out)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": out})

    app = Starlette(lifespan=lifespan)
    app.mount("/graphql", answer)
    return app
