"""What a superuser does once: two roles, one database, four extensions. Doing it again changes nothing.

`throughline_owner` owns the database and migrates it; `throughline_app` serves, and owns nothing.
Neither may pass row security by.
"""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from throughline.db.embedded import EmbeddedPostgres, kept_secret

OWNER_ROLE = "throughline_owner"
APP_ROLE = "throughline_app"
DATABASE = "throughline"
EXTENSIONS = ("btree_gist", "fuzzystrmatch", "pg_trgm", "unaccent")
OLDEST_SERVER = 160000

APP_TIMEOUTS = {
    "statement_timeout": "15s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "30s",
}

ROLE_FACTS = """
    select rolsuper or rolbypassrls as passes_by, rolcreatedb or rolcreaterole as makes_others
    from pg_roles where rolname = $1
"""


class BootstrapError(Exception):
    """The server, or a role that it has already, does not fit."""


@dataclass(frozen=True)
class DatabaseUrls:
    app: str = field(repr=False)
    owner: str = field(repr=False)


async def bootstrap(superuser_url: str, *, database: str = DATABASE, owner_password: str, app_password: str) -> DatabaseUrls:
    connection = await asyncpg.connect(superuser_url)
    try:
        if connection.get_server_version().major * 10000 < OLDEST_SERVER:
            raise BootstrapError("Throughline needs PostgreSQL 16 or newer")
        await _make_role(connection, OWNER_ROLE, owner_password)
        await _make_role(connection, APP_ROLE, app_password)
        for setting, value in APP_TIMEOUTS.items():
            await connection.execute(f"alter role {APP_ROLE} set {setting} = '{value}'")
        await _make_database(connection, database)
    finally:
        await connection.close()
    await _make_extensions(_url(superuser_url, database))
    return DatabaseUrls(
        app=_url(superuser_url, database, APP_ROLE, app_password),
        owner=_url(superuser_url, database, OWNER_ROLE, owner_password),
    )


async def bootstrap_embedded(cluster: EmbeddedPostgres, database: str = DATABASE) -> DatabaseUrls:
    """The roles' passwords are made once and kept beside the cluster."""
    return await bootstrap(
        cluster.url(),
        database=database,
        owner_password=kept_secret(cluster.data_dir / "owner.password"),
        app_password=kept_secret(cluster.data_dir / "app.password"),
    )


async def _make_role(connection: asyncpg.Connection, role: str, password: str) -> None:
    facts = await connection.fetchrow(ROLE_FACTS, role)
    if facts is None:
        await connection.execute(f"create role {role} login nosuperuser nobypassrls nocreatedb nocreaterole")
    elif facts["passes_by"] or facts["makes_others"]:
        raise BootstrapError(
            f"the role {role} exists and may pass row security by or make databases and roles; "
            f"run: alter role {role} nosuperuser nobypassrls nocreatedb nocreaterole"
        )
    await connection.execute(f"alter role {role} password '{_scram_verifier(password)}'")


async def _make_database(connection: asyncpg.Connection, database: str) -> None:
    name = '"' + database.replace('"', '""') + '"'
    if not await connection.fetchval("select rolsuper from pg_roles where rolname = current_user"):
        # A hosted server's administrator is no superuser, and must belong to a role to give it something.
        await connection.execute(f"grant {OWNER_ROLE} to current_user with inherit true, set true")
    if not await connection.fetchval("select true from pg_database where datname = $1", database):
        await connection.execute(f"create database {name} owner {OWNER_ROLE} template template0 encoding 'UTF8'")
    await connection.execute(f"revoke all on database {name} from public")
    await connection.execute(f"grant connect on database {name} to {APP_ROLE}")


async def _make_extensions(superuser_url: str) -> None:
    connection = await asyncpg.connect(superuser_url)
    try:
        for extension in EXTENSIONS:
            await connection.execute(f"create extension if not exists {extension} schema public")
    finally:
        await connection.close()


def _scram_verifier(password: str) -> str:
    """What PostgreSQL stores (RFC 5803), computed here so that no password reaches the server's log."""
    if not password.isascii() or len(password) < 8:
        raise BootstrapError("a database password needs at least 8 characters, all of them ASCII")
    salt, rounds = os.urandom(16), 4096
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, rounds)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    salt64, stored64, server64 = (base64.b64encode(part).decode() for part in (salt, stored, server))
    return f"SCRAM-SHA-256${rounds}:{salt64}${stored64}:{server64}"


def _url(base: str, database: str, user: str | None = None, password: str = "") -> str:
    """The same server, another database, and another user if one is named."""
    parts = urlsplit(base)
    who, _, where = parts.netloc.rpartition("@")
    if user is not None:
        who = f"{user}:{quote(password, safe='')}"
    place = f"{who}@{where}" if who else where
    return urlunsplit(parts._replace(netloc=place, path=f"/{quote(database, safe='')}"))
