"""The servers that a round compares, each a uvicorn process of its own: the portal, and Limit B."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.benchmarks import limit_b_submission
from throughline.app import build
from throughline.db import engine
from throughline.settings import Settings

HERE = Path(__file__).parent
PICTURE = (HERE / "limit_b.sql").read_text()
FAMILIES = (HERE / "limit_b_families.sql").read_text()


def portal() -> Starlette:
    settings = Settings.for_demo(data_dir=Path(os.environ["BENCH_DATA"]), port=int(os.environ["BENCH_PORT"]))
    return build(settings, os.environ["BENCH_APP_URL"])


def counted() -> ASGIApp:
    """The portal, and at `/statements` the statements that it has sent since it was last asked for them."""
    said: list[str] = []

    class Counted(engine.Unreset):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self.add_query_logger(lambda query: None if _is_sealing(query.query) else said.append(query.query))

    patch.object(engine, "Unreset", Counted).start()
    app = portal()

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path") != "/statements":
            await app(scope, receive, send)
            return
        await reply(send, orjson.dumps(said))
        said.clear()

    return answer


def _is_sealing(query: str) -> bool:
    """The trail is sealed once a second, however many requests there are (`audit/sealer.py`)."""
    return "app.seal_trail(" in query or "app.trail_heads(" in query


class _NoReset(asyncpg.Connection):
    def get_reset_query(self) -> str:
        return ""


Answer = Callable[[Any, Any], Awaitable[bytes]]


async def _picture(pool: Any, variables: Any) -> bytes:
    text: str = await pool.fetchval(PICTURE, UUID(variables["id"]))
    return b'{"data":{"family":' + text.encode() + b"}}"


async def _families(pool: Any, variables: Any) -> bytes:
    text: str = await pool.fetchval(FAMILIES, UUID(variables["lead"]))
    return b'{"data":{"families":' + text.encode() + b"}}"


def limit_b() -> Starlette:
    """Bare Starlette and asyncpg: what the body names goes into a frozen statement, its text comes out."""
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

    app = Starlette(lifespan=lifespan)
    answers: dict[str, Answer] = {
        "/graphql": _picture,
        "/families": _families,
        "/submit-in-one": limit_b_submission.in_one_statement,
        "/submit": limit_b_submission.insert_by_insert,
    }
    for path, answer in answers.items():
        app.mount(path, _served(state, answer))
    return app


def _served(state: dict[str, Any], answer: Answer) -> ASGIApp:
    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        said = orjson.loads((await receive()).get("body", b""))
        await reply(send, await answer(state["pool"], said["variables"]))

    return served


async def reply(send: Send, out: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(out)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": out})
