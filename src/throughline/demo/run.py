"""`throughline demo`: a database, a borough in it, and the portal on both, until it is stopped."""

import asyncio
import errno
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

import asyncpg
import click
import uvicorn
from starlette.types import ASGIApp

from throughline.access.gate import day_in_london
from throughline.audit.checkpoint import CheckpointFolder
from throughline.db import migrate
from throughline.db.bootstrap import BootstrapError, DatabaseUrls
from throughline.db.embedded import EmbeddedPostgresError
from throughline.db.engine import own_database, own_urls
from throughline.demo.borough import DEFAULT_CHILDREN, DEFAULT_SEED, BoroughError
from throughline.demo.clients import client_secret
from throughline.demo.fresh_token import DESCRIBED
from throughline.demo.page import Facts, Shown, described, html, told
from throughline.demo.seed import Seeded, SeedError, seed
from throughline.demo.viewers import DemoViewer, demo_viewers, families_to_ask, people_to_ask
from throughline.oauth.keys import SigningKeyError, from_pem
from throughline.oauth.scope import Scope
from throughline.oauth.subject import subject
from throughline.oauth.tokens import DEMO_LIFETIME_S, TokenMint
from throughline.settings import Settings, SettingsError

GRAPHQL_PATH = "/graphql"


class DemoError(Exception):
    """The demo cannot start; the message says why and what to do."""


REFUSALS = (
    DemoError, SettingsError, SigningKeyError, EmbeddedPostgresError, BootstrapError, SeedError, BoroughError,
    migrate.MigrationError, asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError,
    ConnectionError,
)  # fmt: skip
"""What may go wrong that the person at the terminal can mend: shown as one sentence, without a traceback."""


class Builder(Protocol):
    """`app.build`. It comes as an argument, since the composition root stands above this room."""

    def __call__(self, settings: Settings, app_url: str, /, *, page: Callable[[], str]) -> ASGIApp: ...


@dataclass(frozen=True)
class Wishes:
    """The options of the command."""

    children: int = DEFAULT_CHILDREN
    seed: int = DEFAULT_SEED
    data: Path | None = None
    port: int | None = None
    fresh: bool = False
    describe: Path | None = None
    say: Callable[[str], None] = field(default=click.echo)


def run(build: Builder, wishes: Wishes) -> None:
    """Returns when the server is stopped, by Ctrl-C or SIGTERM. Raises one of `REFUSALS`.

    Call it from the main thread, outside of any event loop.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the database stops in good order too
    try:
        _run(build, wishes)
    except KeyboardInterrupt:
        wishes.say("Stopped; what was written stays.")


def _run(build: Builder, wishes: Wishes) -> None:
    settings = _on_a_free_port(Settings.for_demo(data_dir=wishes.data, port=wishes.port))
    for path in (settings.data_dir / DESCRIBED, wishes.describe):
        if path:
            _forget(path)
    with database(settings) as urls:
        migrate.upgrade(urls.owner)
        demo = asyncio.run(_prepare(settings, urls.owner, wishes))
        app = build(settings, urls.app, page=lambda: html(demo.facts()))
        asyncio.run(_serve(app, settings, demo, wishes))


def _forget(path: Path) -> None:
    """What an earlier run described is no sign that this one is ready."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise DemoError(f"{path} cannot be written: {error.strerror}") from error


@dataclass(frozen=True)
class Demo:
    """What is being served, and fresh tokens for it."""

    settings: Settings
    held: Seeded
    viewers: list[DemoViewer]
    families: list[UUID]

    def facts(self) -> Facts:
        return Facts(
            url=self.settings.public_url,
            today=day_in_london(datetime.now(UTC)).isoformat(),
            children=self.held.children,
            shown=[self._shown(viewer) for viewer in self.viewers],
            families=self.families,
            persons=people_to_ask(self.held.named),
        )

    def _shown(self, viewer: DemoViewer) -> Shown:
        return Shown(viewer, token(self.settings, viewer), client_secret(self.settings.secret, viewer.client_id))


def token(settings: Settings, viewer: DemoViewer) -> str:
    """Good for 12 hours, signed with the demo's own key, which `serve` refuses."""
    if not settings.is_demo:
        raise DemoError("only the demo signs in as one of its practitioners")
    keys = from_pem(settings.signing_key.encode())
    mint = TokenMint(issuer=settings.issuer, audience=settings.issuer + GRAPHQL_PATH, keys=keys, is_demo=True)
    who = subject(viewer.practitioner_id, is_tool=False)
    return mint.mint(who, viewer.client_id, Scope(viewer.role, viewer.purpose), lifetime_s=DEMO_LIFETIME_S)


@contextmanager
def database(settings: Settings) -> Iterator[DatabaseUrls]:
    """The one that DATABASE_URL names, or our own."""
    if settings.database_url:
        if not settings.database_owner_url:
            raise SettingsError("with DATABASE_URL, the demo needs DATABASE_OWNER_URL too: it migrates and fills the database")
        yield DatabaseUrls(settings.database_url, settings.database_owner_url)
        return
    with own_database(settings) as cluster:
        yield asyncio.run(own_urls(cluster))


async def _prepare(settings: Settings, owner_url: str, wishes: Wishes) -> Demo:
    held = await seed(
        owner_url,
        secret=settings.secret,
        seed=wishes.seed,
        children=wishes.children,
        fresh=wishes.fresh,
        report=wishes.say,
    )
    if held.rows:
        CheckpointFolder(settings.checkpoints).put_aside(datetime.now(UTC))
    if (held.children, held.seed) != (wishes.children, wishes.seed):
        wishes.say(f"It has {held.children:,} children (seed {held.seed}); --fresh makes another one.")
    connection = await asyncpg.connect(owner_url)
    try:
        viewers = await demo_viewers(connection, held.named)
        return Demo(settings, held, viewers, await families_to_ask(connection, viewers))
    finally:
        await connection.close()


class Server(uvicorn.Server):
    """Says so once it listens. What goes wrong then ends it in good order, and is raised at the end."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready
        self.refusal: DemoError | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.started:
            self.refusal = DemoError("the portal did not start; the lines above say why")
            return
        try:
            self._ready()
        except DemoError as refusal:
            self.refusal, self.should_exit = refusal, True


async def _serve(app: ASGIApp, settings: Settings, demo: Demo, wishes: Wishes) -> None:
    def ready() -> None:
        facts = demo.facts()
        for path in (settings.data_dir / DESCRIBED, wishes.describe):
            if path:
                write_whole(path, described(facts))
        wishes.say(told(facts))

    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
    )
    server = Server(config, ready)
    with _bound(settings.host, settings.port) as listener:
        await server.serve(sockets=[listener])
    if server.refusal:
        raise server.refusal


def write_whole(path: Path, text: str) -> None:
    """Whoever waits for the file never reads half of it. It holds tokens: only its owner may read it."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        raise DemoError(f"{path} cannot be written: {error.strerror}") from error


def _on_a_free_port(settings: Settings) -> Settings:
    """Says at once that a port is taken, before a borough is made; port 0 becomes a free one."""
    with _bound(settings.host, settings.port) as listener:
        port = int(listener.getsockname()[1])
    if port == settings.port:
        return settings
    address = settings.public_url
    if address.endswith(":0"):
        address = f"{address.removesuffix(':0')}:{port}"
    return replace(settings, port=port, public_url=address)


@contextmanager
def _bound(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(
            socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
        )  # an answer's last bytes wait for nothing; `uvicorn.run` sees to it
        try:
            listener.bind((host, port))
            listener.listen(2048)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise DemoError(f"port {port} of {host} is taken; choose another one with --port") from None
            raise DemoError(f"cannot listen on port {port} of {host}: {error.strerror}") from error
        yield listener
