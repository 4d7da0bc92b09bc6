"""The command line. Expected faults are said in a sentence, without a traceback: 2 for the environment, 1 for
the rest."""

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from urllib.parse import unquote, urlsplit

import asyncpg
import click
import uvicorn

from throughline import __version__
from throughline.access.explain import Looks
from throughline.access.explain_command import command as explain
from throughline.access.gate import Gate
from throughline.access.page import policy_page
from throughline.access.records_page import records_page
from throughline.access.retain_command import Ways
from throughline.access.retain_command import command as retain
from throughline.access.retention_command import command as retention
from throughline.access.rules import allowed_purposes
from throughline.api.schema import make_schema
from throughline.app import build
from throughline.audit.unusual import find
from throughline.audit.verify_command import Places
from throughline.audit.verify_command import command as verify_audit
from throughline.db import migrate as migrations
from throughline.db.bootstrap import BootstrapError, bootstrap
from throughline.db.embedded import EmbeddedPostgresError
from throughline.db.engine import UnfitDatabaseError, check_fitness, make_pool, own_database, own_urls
from throughline.db.housekeeping import Removed
from throughline.db.housekeeping import tidy as tidied
from throughline.db.running import running_app_url, running_owner_url
from throughline.demo.command import command as demo
from throughline.demo.fresh_token import DemoTokenError, fresh_token
from throughline.oauth.keys import SigningKeyError
from throughline.reading.looking import Looking
from throughline.records.publish_command import command as publish_counts
from throughline.settings import DEMO_SECRET, Settings, SettingsError
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role
from throughline.terms.unusual import UnusualKind
from throughline.transfer.command import commands as transfer

P = ParamSpec("P")
R = TypeVar("R")

SCHEMA_FOLDER = Path("schema")
EXPECTED = (
    BootstrapError,
    DemoTokenError,
    EmbeddedPostgresError,
    SigningKeyError,
    UnfitDatabaseError,
    migrations.MigrationError,
    asyncpg.InvalidPasswordError,
    asyncpg.InvalidCatalogNameError,
    OSError,
)


def plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Expected faults become one line and an exit code."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except SettingsError as error:
            raise _UnfitEnvironment(str(error)) from error
        except ConnectionError as error:
            raise click.ClickException(f"the database does not answer: {error.strerror or error}") from error
        except EXPECTED as error:
            raise click.ClickException(str(error) or type(error).__name__) from error

    return run


class _UnfitEnvironment(click.ClickException):
    exit_code = 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Throughline: a portal that agencies share to help children early.

    `throughline demo` needs nothing and shows everything. In production: `migrate` once, then `serve`.
    """


@main.command()
@plainly
def serve() -> None:
    """Serve the portal, with the settings of the environment.

    THROUGHLINE_SECRET, THROUGHLINE_SIGNING_KEY and THROUGHLINE_PUBLIC_URL must be set. DATABASE_URL names the
    database, signed in to as throughline_app; without it, Throughline runs a PostgreSQL of its own in
    THROUGHLINE_DATA_DIR.
    """
    settings = Settings.from_environment()
    with _database(settings) as database:
        if not database.app:
            raise SettingsError("DATABASE_URL is not set: the portal signs in as throughline_app")
        asyncio.run(check_fitness(database.app))
        _run(settings, database.app)


@main.command()
@click.option(
    "--bootstrap",
    "superuser_url",
    metavar="URL",
    help="First make the roles, the database and its extensions, signed in as this superuser. Once is enough; again does no harm.",
)
@plainly
def migrate(superuser_url: str | None) -> None:
    """Bring the database to the newest version of its tables.

    DATABASE_OWNER_URL names it, signed in to as throughline_owner. With --bootstrap, the passwords in
    DATABASE_URL and DATABASE_OWNER_URL are those that the roles get.
    """
    settings = Settings.for_migration()
    if superuser_url is not None:
        asyncio.run(_bootstrap(settings, superuser_url))
    with _database(settings) as database:
        if database.owner is None:
            raise SettingsError("DATABASE_OWNER_URL is not set: migrations run as throughline_owner")
        migrations.upgrade(database.owner, report=click.echo)
    click.echo("The database is up to date.")


@main.command()
@click.argument("role", metavar="ROLE", type=click.Choice([role.value for role in Role], case_sensitive=False))
@click.option(
    "--purpose",
    type=click.Choice([purpose.value for purpose in Purpose], case_sensitive=False),
    help="Without it: the first that fits.",
)
@click.option("--data", type=click.Path(path_type=Path), help="The demo's data folder, if it is not the ordinary one.")
@plainly
def token(role: str, purpose: str | None, data: Path | None) -> None:
    """Print a fresh token of the demo for ROLE. `throughline demo` must have run."""
    wanted = Role(role.upper())
    if purpose and Purpose(purpose.upper()) not in allowed_purposes(wanted):
        raise click.BadParameter(f"no sentence of the policy lets {wanted} ask for that", param_hint="--purpose")
    settings = Settings.for_demo(data_dir=data)
    chosen = Purpose(purpose.upper()) if purpose else None
    click.echo(fresh_token(settings, wanted, chosen))


@main.command(name="print-schema")
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), default=SCHEMA_FOLDER, show_default=True)
@plainly
def print_schema(to: Path) -> None:
    """Write throughline.graphql, the schema that we promise."""
    _write(to / "throughline.graphql", make_schema().as_str())


@main.command(name="print-policy")
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), default=SCHEMA_FOLDER, show_default=True)
@plainly
def print_policy(to: Path) -> None:
    """Write access-policy.md and records.md: who may see what, and the kinds of record."""
    _write(to / "access-policy.md", policy_page())
    _write(to / "records.md", records_page())


main.add_command(demo(build))


@main.command()
@click.option("--data", type=click.Path(path_type=Path), help="The data folder, if it is not the ordinary one.")
@plainly
def tidy(data: Path | None) -> None:
    """Remove what has served its time, and say how much.

    The keys of acts after THROUGHLINE_IDEMPOTENCY_DAYS (30), the bytes of imported files after
    THROUGHLINE_IMPORT_RETENTION_DAYS (30), spent sign-in assertions. A portal that is being served does it by itself, every
    hour; both at once do no harm.
    """
    with _opened(data) as (settings, app_url):
        removed = asyncio.run(_tidy(settings, app_url))
    click.echo(f"keys of acts: {removed.idempotency_keys}")
    click.echo(f"bytes of imported files: {removed.imported_files}")
    click.echo(f"spent assertions: {removed.assertions}")


async def _tidy(settings: Settings, app_url: str) -> Removed:
    async with make_pool(app_url, fewest=1, most=1) as pool:
        return await tidied(pool, settings)


@main.command(name="unusual-access")
@click.option("--data", type=click.Path(path_type=Path), help="The data folder, if it is not the ordinary one.")
@plainly
def unusual_access(data: Path | None) -> None:
    """Look through the trail for access that is out of the ordinary, and say how much was raised.

    Many people read by one practitioner in an hour (BULK), a tool that wakes after a long silence (DORMANT_TOOL), a rare family name that
    is the reader's own (OWN_FAMILY), one person read by many who have nothing to do with them (CELEBRITY). Each is raised once, to the
    agency's privacy officer. A portal that is being served does it by itself, every few minutes.
    """
    with _opened(data) as (_, app_url):
        raised = asyncio.run(_look(app_url))
    for kind in UnusualKind:
        click.echo(f"{kind}: {raised.get(kind, 0)}")


async def _look(app_url: str) -> dict[str, int]:
    async with make_pool(app_url, fewest=1, most=1) as pool:
        return await find(pool, datetime.now(UTC))


@contextmanager
def _opened(data: Path | None) -> Iterator[tuple[Settings, str]]:
    """The settings and the database of a portal, whether it runs at this moment or not."""
    settings = _settings(data)
    running = None if settings.database_url else running_app_url(settings.data_dir)
    if running:
        yield settings, running
        return
    with _database(settings) as database:
        if not database.app:
            raise SettingsError("DATABASE_URL is not set: this command signs in as throughline_app")
        asyncio.run(check_fitness(database.app))
        yield settings, database.app


def _settings(data: Path | None) -> Settings:
    """A demo's where its data folder is named, or where the ordinary one holds a demo and nothing says that this is production."""
    is_production = any(os.environ.get(name) for name in ("THROUGHLINE_SECRET", "THROUGHLINE_SECRET_FILE"))
    folder = data or Settings.for_migration().data_dir
    if not is_production and (folder / DEMO_SECRET).exists():
        return Settings.for_demo(data_dir=data)
    return Settings.from_environment()


@contextmanager
def _owned(data: Path | None) -> Iterator[str]:
    """The database as its owner sees it, whether its portal runs at this moment or not."""
    settings = Settings.for_migration()
    settings = replace(settings, data_dir=data) if data else settings
    running = None if settings.database_owner_url else running_owner_url(settings.data_dir)
    if running:
        yield running
        return
    with _database(settings) as database:
        if database.owner is None:
            raise SettingsError("DATABASE_OWNER_URL is not set: this command signs in as throughline_owner")
        yield database.owner


def _checkpoints(data: Path | None) -> Path:
    settings = Settings.for_migration()
    return (replace(settings, data_dir=data.expanduser().absolute()) if data else settings).checkpoints


def _signing_key(data: Path | None) -> str:
    return _settings(data).signing_key


def _secret(data: Path | None) -> str:
    return _settings(data).secret


@contextmanager
def _both(data: Path | None) -> Iterator[tuple[str, str]]:
    """The database as its owner sees it, and as the portal does."""
    with _owned(data) as owner_url:
        settings = Settings.for_migration()
        settings = replace(settings, data_dir=data) if data else settings
        app_url = settings.database_url or running_app_url(settings.data_dir)
        if not app_url:
            raise SettingsError("DATABASE_URL is not set: this command looks as the portal does, as throughline_app")
        yield owner_url, app_url


def _eyes(gate: Gate, now: datetime) -> Looks:
    return Looking(gate, now).numbers


owning = Ways(_owned, _secret)
verify = verify_audit(_owned, Places(_checkpoints, _signing_key))
for command in (*transfer(_opened), explain(_both, _eyes), verify, retain(owning), retention(owning), publish_counts(_owned)):
    main.add_command(command)
    for one in command.commands.values() if isinstance(command, click.Group) else [command]:
        one.callback = plainly(one.callback) if one.callback else None


@dataclass(frozen=True)
class _Urls:
    app: str
    owner: str | None


@contextmanager
def _database(settings: Settings) -> Iterator[_Urls]:
    """The database that the environment names, or our own, brought up to date."""
    if settings.database_url or settings.database_owner_url:
        yield _Urls(settings.database_url or "", settings.database_owner_url)
        return
    with own_database(settings) as cluster:
        urls = asyncio.run(own_urls(cluster))
        migrations.upgrade(urls.owner)
        yield _Urls(urls.app, urls.owner)


async def _bootstrap(settings: Settings, superuser_url: str) -> None:
    if not settings.database_url or not settings.database_owner_url:
        raise SettingsError("--bootstrap needs DATABASE_URL and DATABASE_OWNER_URL, with the passwords that the roles shall have")
    app, owner = urlsplit(settings.database_url), urlsplit(settings.database_owner_url)
    await bootstrap(
        superuser_url,
        database=unquote(app.path.lstrip("/")),
        owner_password=unquote(owner.password or ""),
        app_password=unquote(app.password or ""),
    )


def _run(settings: Settings, app_url: str, **options: Any) -> None:
    """Until it is told to stop: also by SIGTERM, after which our own database must still end in good order."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    with suppress(KeyboardInterrupt):
        uvicorn.run(
            build(settings, app_url, **options),
            host=settings.host,
            port=settings.port,
            loop="uvloop",
            http="httptools",
            access_log=False,
            server_header=False,
            log_config=None,
        )


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    click.echo(f"wrote {path}")


if __name__ == "__main__":
    main()
