"""The composition root: the only module that knows every room."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Scope

from throughline.access.acting import Acting
from throughline.access.gate import Gate, NotInForce
from throughline.access.viewer import Viewer
from throughline.api import health
from throughline.api.budget import Budget
from throughline.api.context import Context, Desk
from throughline.api.errors import Code, Unauthenticated
from throughline.api.limits import Limits
from throughline.api.schema import make_schema
from throughline.api.selection import Selections
from throughline.api.server import GraphQLView, RequestInfo
from throughline.db.engine import make_pool
from throughline.oauth import server, subject
from throughline.oauth.bearer import BAD_TOKEN, NO_TOKEN, bearer_token
from throughline.oauth.keys import SigningKeys, from_pem
from throughline.oauth.store import SqlClientStore
from throughline.oauth.tokens import TokenError, TokenMint, TokenVerifier
from throughline.reading.cursor import BadCursor
from throughline.reading.page import BadPage
from throughline.reading.reader import PlanTooLarge, Reader
from throughline.settings import Settings

log = logging.getLogger(__name__)

GRAPHQL_PATH = "/graphql"
LONGEST_LOGGED_NAME = 60
LIMITS = Limits(field_costs={"Query.personSearch": 50, "Query.node": 10, "Person.history": 10, "Family.records": 10})
REFUSALS = {
    BadCursor: Code.BAD_USER_INPUT,
    BadPage: Code.BAD_USER_INPUT,
    NotInForce: Code.UNAUTHENTICATED,
    PlanTooLarge: Code.QUERY_TOO_COMPLEX,
}

Pool = Any  # asyncpg.Pool, which takes no parameters at run time
Clock = Callable[[], datetime]
Page = Callable[[], str]
"""Makes the HTML of `GET /`."""


def plain_page() -> str:
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Throughline</title><h1>Throughline</h1>"
        f"<p>A portal that agencies share to help children early. Its GraphQL API is at "
        f"<code>{GRAPHQL_PATH}</code>: "
        "send a POST with an access token."
    )


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Signing:
    """Who signs tokens, and who believes them."""

    keys: SigningKeys
    mint: TokenMint
    verifier: TokenVerifier

    @classmethod
    def of(cls, settings: Settings) -> "Signing":
        keys = from_pem(settings.signing_key.encode())
        issuer, audience, is_demo = settings.issuer, settings.issuer + GRAPHQL_PATH, settings.is_demo
        return cls(
            keys,
            TokenMint(issuer=issuer, audience=audience, keys=keys, is_demo=is_demo),
            TokenVerifier(issuer=issuer, audience=audience, keys=keys, is_demo=is_demo),
        )


def build(settings: Settings, app_url: str, *, page: Page = plain_page, clock: Clock = now) -> Starlette:
    """The portal on a database; the pool opens and closes with the application's lifespan."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with make_pool(app_url) as pool:
            app.router.routes[:] = routes(settings, pool, page=page, clock=clock)
            yield

    return Starlette(lifespan=lifespan)


def routes(settings: Settings, pool: Pool, *, page: Page = plain_page, clock: Clock = now) -> list[BaseRoute]:
    """Everything that is served, on a pool that is open."""
    signing = Signing.of(settings)
    oauth = server.routes(issuer=settings.issuer, mint=signing.mint, keys=signing.keys, store=SqlClientStore(pool))

    async def front(_: Request) -> Response:
        return HTMLResponse(page())

    async def probe() -> object:
        return await pool.fetchval("select 1")

    graphql = Route(GRAPHQL_PATH, make_view(settings, pool, signing.verifier, clock=clock))
    return [Route("/", front, methods=["GET"]), graphql, *oauth, *health.routes(probe)]


def make_view(settings: Settings, pool: Pool, verifier: TokenVerifier, *, clock: Clock) -> GraphQLView[Viewer, Context]:
    secret = settings.secret.encode()
    schema = make_schema()
    gate = Gate(pool)
    reader = Reader(gate, secret=secret, clock=clock)
    desk = Desk(
        reader=reader,
        acting=Acting(gate, secret=secret, clock=clock, sees=reader.sees),
        selections=Selections(schema._schema),
        searches=Budget(),
        secret=secret,
        import_retention_days=settings.import_retention_days,
    )

    def make_context(viewer: Viewer, request: RequestInfo) -> Context:
        return Context(desk, viewer, request)

    return GraphQLView(
        schema,
        authenticate=authenticator(verifier),
        make_context=make_context,
        limits=LIMITS,
        refusals=REFUSALS,
        on_done=log_operation,
    )


def authenticator(verifier: TokenVerifier) -> Callable[[Scope], Awaitable[Viewer]]:
    """Whom a request speaks for; what they may do is asked of the database, by every statement."""

    async def authenticate(scope: Scope) -> Viewer:
        try:
            token = bearer_token(scope)
            if token is None:
                raise Unauthenticated(challenge=NO_TOKEN)
            return subject.viewer(verifier.verify(token))
        except TokenError as error:
            log.info("token refused: %s", error)
            raise Unauthenticated("The access token is not valid; get a new one.", challenge=BAD_TOKEN) from error

    return authenticate


def log_operation(request: RequestInfo, seconds: float, errors: int) -> None:
    """One line for each operation: never an argument, a variable or an answer."""
    name = (request.operation_name or "-")[:LONGEST_LOGGED_NAME] if request.is_trusted_document else "-"
    log.info(
        "%s %s document=%s request=%s ms=%.1f errors=%d",
        request.operation_type.value,
        name,
        request.document_hash[:16],
        request.request_id,
        seconds * 1000,
        errors,
    )
