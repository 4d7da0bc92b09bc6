"""The composition root: the only module that knows every room."""

import gc
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
from throughline.access.rule import Verb
from throughline.access.rules import rules_for
from throughline.access.viewer import Viewer
from throughline.api import health, subject_access
from throughline.api.budget import Budget
from throughline.api.context import Context, Desk
from throughline.api.errors import BadUserInput, QueryTooComplex, Refusals, ServiceUnavailable, Unauthenticated
from throughline.api.even_time import STEP
from throughline.api.limits import Limits
from throughline.api.schema import make_schema
from throughline.api.selection import Selections
from throughline.api.server import GraphQLView, RequestInfo
from throughline.audit.checkpoint import CheckpointFolder
from throughline.audit.sealer import Sealer
from throughline.audit.unusual import watched
from throughline.db.engine import AWAY, RETRY_AFTER_S, make_pool
from throughline.db.housekeeping import kept_house
from throughline.oauth import server, subject
from throughline.oauth.bearer import BAD_TOKEN, NO_TOKEN, bearer_token
from throughline.oauth.keys import SigningKeys, from_pem
from throughline.oauth.store import SqlClientStore
from throughline.oauth.tokens import TokenError, TokenMint, TokenVerifier
from throughline.reading.cursor import BadCursor
from throughline.reading.page import BadPage
from throughline.reading.plan import BadText
from throughline.reading.reader import PlanTooLarge, Reader
from throughline.settings import Settings, SettingsError
from throughline.terms.record_kind import RecordKind

log = logging.getLogger(__name__)

GRAPHQL_PATH = "/graphql"
LONGEST_LOGGED_NAME = 60
LIMITS = Limits(
    field_costs={
        "Query.personSearch": 50,
        "Query.node": 10,
        "Query.accessExplanation": 10,
        "Person.history": 10,
        "Family.records": 10,
    }
)


def no_longer_in_force(message: str) -> Unauthenticated:
    return Unauthenticated(message, challenge=BAD_TOKEN)


def database_away(_: str) -> ServiceUnavailable:
    log.warning("the database is away, or too slow")
    return ServiceUnavailable(retry_after_s=RETRY_AFTER_S)


REFUSALS: Refusals = {
    BadCursor: BadUserInput,
    BadPage: BadUserInput,
    BadText: BadUserInput,
    NotInForce: no_longer_in_force,
    PlanTooLarge: QueryTooComplex,
    **dict.fromkeys(AWAY, database_away),
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
    """The portal on a database; pool, housekeeping and sealer begin and end with the application's lifespan.

    Raises SettingsError where checkpoints of the trail cannot be written."""
    checkpoints = _checkpoints(settings)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with make_pool(app_url) as pool, kept_house(pool, settings), watched(pool, clock), sealer(pool).running():
            app.router.routes[:] = routes(settings, pool, page=page, clock=clock)
            gc.freeze()  # what is made by now stays: looking through all of it for garbage stopped everybody for 0.1 s, every second
            try:
                yield
            finally:
                gc.unfreeze()

    def sealer(pool: Pool) -> Sealer:
        key = from_pem(settings.signing_key.encode()).current
        return Sealer(pool, checkpoints, key, clock=clock, every=settings.checkpoint_seconds)

    return Starlette(lifespan=lifespan)


def _checkpoints(settings: Settings) -> CheckpointFolder:
    folder = CheckpointFolder(settings.checkpoints)
    try:
        folder.prepare()
    except OSError as error:
        raise SettingsError(
            f"checkpoints of the trail cannot be written in {settings.checkpoints} ({error.strerror}); "
            "name another folder, outside the data folder, in THROUGHLINE_CHECKPOINTS"
        ) from error
    return folder


def routes(settings: Settings, pool: Pool, *, page: Page = plain_page, clock: Clock = now, step: float = STEP) -> list[BaseRoute]:
    """Everything that is served, on a pool that is open. `step`: see `api/even_time.py`."""
    signing = Signing.of(settings)
    oauth = server.routes(issuer=settings.issuer, mint=signing.mint, keys=signing.keys, store=SqlClientStore(pool))

    async def front(_: Request) -> Response:
        return HTMLResponse(page())

    async def probe() -> object:
        return await pool.fetchval("select 1")

    graphql = Route(GRAPHQL_PATH, make_view(settings, pool, signing.verifier, clock=clock, step=step))
    answers = subject_access.routes(*_reading(settings, pool, clock), authenticator(signing.verifier), REFUSALS, step)
    return [Route("/", front, methods=["GET"]), graphql, *answers, *oauth, *health.routes(probe)]


def _reading(settings: Settings, pool: Pool, clock: Clock) -> tuple[Reader, Acting]:
    secret, gate = settings.secret.encode(), Gate(pool)
    reader = Reader(gate, secret=secret, clock=clock)
    return reader, Acting(gate, secret=secret, clock=clock, sees=reader.sees)


def make_view(
    settings: Settings, pool: Pool, verifier: TokenVerifier, *, clock: Clock, step: float = STEP
) -> GraphQLView[Viewer, Context]:
    secret = settings.secret.encode()
    schema = make_schema()
    reader, acting = _reading(settings, pool, clock)
    desk = Desk(
        reader=reader,
        acting=acting,
        selections=Selections(schema._schema),
        searches=Budget(),
        secret=secret,
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
        may_upload=may_upload,
        step=step,
    )


def may_upload(viewer: Viewer) -> bool:
    return bool(rules_for(Verb.IMPORT, RecordKind.ENROLMENT, viewer.role, viewer.purpose))


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
