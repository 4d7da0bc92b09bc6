"""The environment, read once into one frozen Settings. A secret that others know does not start `serve`."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

DEMO_MARK = "demo-"  # begins a demo secret, and stands above a demo key; no real PEM can contain it
DEMO_SECRET = "demo.secret"  # the file, in the data folder  # noqa: S105  # a file name
SHORTEST_SECRET = 32
PLACEHOLDERS = ("changeme", "change-me", "secret", "default", "example", "password")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SettingsError(Exception):
    """The environment does not do; the message names the variable and says what it needs."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    data_dir: Path
    public_url: str
    """Where callers reach this service, without a slash at the end; also the issuer of its tokens."""
    secret: str = field(repr=False)
    """Signs cursors and keys the hashes of searches."""
    signing_key: str = field(repr=False)
    """A P-256 private key in PEM; signs access tokens (ES256)."""
    is_demo: bool = False
    host: str = "127.0.0.1"
    port: int = 8080
    database_url: str | None = field(default=None, repr=False)
    """The app role. None: our own PostgreSQL in `data_dir`."""
    database_owner_url: str | None = field(default=None, repr=False)
    postgres_bin: Path | None = None
    allowed_origins: tuple[str, ...] = ()
    import_retention_days: int = 30
    """How long the bytes of an imported file may wait to be accepted."""
    idempotency_days: int = 30
    """How long an act is recognised by its key; promised are 30 days."""
    checkpoints_dir: Path | None = None
    checkpoint_seconds: int = 45
    """From one checkpoint of the trail to the next."""

    def __post_init__(self) -> None:
        if self.checkpoints.is_relative_to(self.data_dir):
            raise SettingsError(
                "THROUGHLINE_CHECKPOINTS must lie outside the data folder: whoever restores the one keeps the other"
            )

    @property
    def issuer(self) -> str:
        return self.public_url

    @property
    def checkpoints(self) -> Path:
        """The folder of the trail's checkpoints: unless it is named, beside the data folder."""
        return self.checkpoints_dir or self.data_dir.with_name(f"{self.data_dir.name}-checkpoints")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """For production: whatever is missing, known to others or left over from a demo is refused."""
        reader = _Reader(os.environ if environment is None else environment)
        settings = cls(
            secret=reader.secret("THROUGHLINE_SECRET") or "",
            signing_key=reader.secret("THROUGHLINE_SIGNING_KEY") or "",
            public_url=(reader.text("THROUGHLINE_PUBLIC_URL") or "").rstrip("/"),
            **reader.common(),
        )
        _refuse_weak_secret(settings.secret)
        _refuse_unfit_key(settings.signing_key)
        _refuse_open_address(settings.public_url)
        return settings

    @classmethod
    def for_migration(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Where the data are, and nothing that signs: migrating needs no secrets of ours."""
        reader = _Reader(os.environ if environment is None else environment)
        return cls(secret="", signing_key="", public_url="", **reader.common())

    @classmethod
    def for_demo(
        cls,
        environment: Mapping[str, str] | None = None,
        *,
        data_dir: Path | None = None,
        port: int | None = None,
    ) -> "Settings":
        """Secrets of the demo's own, marked as such and kept in its data folder, so that its tokens outlive
        a restart."""
        reader = _Reader(os.environ if environment is None else environment)
        common = reader.common()
        if data_dir is not None:
            common["data_dir"] = data_dir.expanduser().absolute()
        if port is not None:
            common["port"] = port
        folder: Path = common["data_dir"]
        return cls(
            is_demo=True,
            secret=kept(folder / DEMO_SECRET, f"{DEMO_MARK}{secrets.token_urlsafe(32)}\n").strip(),
            signing_key=kept(folder / "demo-signing-key.pem", _demo_key()),
            public_url=(reader.text("THROUGHLINE_PUBLIC_URL") or f"http://{common['host']}:{common['port']}").rstrip("/"),
            **common,
        )


@dataclass(frozen=True)
class _Reader:
    environment: Mapping[str, str]

    def text(self, name: str) -> str | None:
        return self.environment.get(name, "").strip() or None

    def secret(self, name: str) -> str | None:
        """The value itself, or the text of the file that NAME_FILE names."""
        value, file = self.text(name), self.text(f"{name}_FILE")
        if value and file:
            raise SettingsError(f"set {name} or {name}_FILE, not both")
        if file is None:
            return value
        try:
            return Path(file).read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{name}_FILE cannot be read: {error}") from error

    def number(self, name: str, default: int, lowest: int, highest: int) -> int:
        value = self.text(name)
        if value is None:
            return default
        if not value.isascii() or not value.isdecimal() or not lowest <= int(value) <= highest:
            raise SettingsError(f"{name} must be a whole number from {lowest} to {highest}")
        return int(value)

    def database(self, name: str) -> str | None:
        value = self.secret(name)
        if value is None:
            return None
        scheme, separator, rest = value.partition("://")
        if not separator or scheme not in ("postgresql", "postgres"):
            raise SettingsError(f"{name} must begin with postgresql://")
        return f"postgresql://{rest}"

    def data_dir(self) -> Path:
        if named := self.text("THROUGHLINE_DATA_DIR"):
            return Path(named).expanduser().absolute()
        state = Path(self.text("XDG_STATE_HOME") or "")
        base = state if state.is_absolute() else Path(self.text("HOME") or Path.home()) / ".local" / "state"
        return base / "throughline"

    def common(self) -> dict[str, Any]:
        """What a demo and production read alike."""
        postgres_bin = self.text("THROUGHLINE_POSTGRES_BIN")
        checkpoints = self.text("THROUGHLINE_CHECKPOINTS")
        return {
            "data_dir": self.data_dir(),
            "database_url": self.database("DATABASE_URL"),
            "database_owner_url": self.database("DATABASE_OWNER_URL"),
            "postgres_bin": Path(postgres_bin) if postgres_bin else None,
            "host": self.text("THROUGHLINE_HOST") or "127.0.0.1",
            "port": self.number("THROUGHLINE_PORT", 8080, 0, 65535),
            "allowed_origins": _origins(self.text("THROUGHLINE_ALLOWED_ORIGINS")),
            "import_retention_days": self.number("THROUGHLINE_IMPORT_RETENTION_DAYS", 30, 1, 30),
            "checkpoints_dir": Path(checkpoints).expanduser().absolute() if checkpoints else None,
            "checkpoint_seconds": self.number("THROUGHLINE_CHECKPOINT_SECONDS", 45, 1, 60),
            "idempotency_days": self.number("THROUGHLINE_IDEMPOTENCY_DAYS", 30, 30, 365),
        }


def _origins(text: str | None) -> tuple[str, ...]:
    origins = tuple(origin.strip().rstrip("/") for origin in (text or "").split(",") if origin.strip())
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or "*" in origin:
            raise SettingsError(f"THROUGHLINE_ALLOWED_ORIGINS: {origin} is no origin like https://example.org")
    return origins


def _refuse_weak_secret(secret: str) -> None:
    name = "THROUGHLINE_SECRET"
    if not secret:
        raise SettingsError(f"{name} is not set: it needs {SHORTEST_SECRET} or more random characters")
    if secret.startswith(DEMO_MARK):
        raise SettingsError(f"{name} is a demo's: only `throughline demo` runs with it")
    if len(secret) < SHORTEST_SECRET or len(set(secret)) < 10 or secret.lower().startswith(PLACEHOLDERS):
        raise SettingsError(f"{name} can be guessed: it needs {SHORTEST_SECRET} or more random characters")


def _refuse_unfit_key(pem: str) -> None:
    name = "THROUGHLINE_SIGNING_KEY"
    if not pem:
        raise SettingsError(f"{name} is not set: it needs a P-256 private key in PEM, or {name}_FILE")
    if DEMO_MARK in pem:
        raise SettingsError(f"{name} is a demo's: only `throughline demo` runs with it")
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise SettingsError(f"{name} is no private key in PEM without a passphrase") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise SettingsError(f"{name} must be a key on the curve P-256")


def _refuse_open_address(public_url: str) -> None:
    name = "THROUGHLINE_PUBLIC_URL"
    parts = urlsplit(public_url)
    if not parts.hostname or parts.query or parts.fragment:
        raise SettingsError(f"{name} must say where callers reach this service, like https://early.example")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise SettingsError(f"{name} must begin with https://")


def _demo_key() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return f"{DEMO_MARK}key: `throughline serve` refuses it\n{pem}"


def kept(path: Path, made: str) -> str:
    """The text of a file that only its owner reads, or `made`, kept there from now on; never half written."""
    try:
        return path.read_text()
    except FileNotFoundError:
        pass
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.new")
    partial.unlink(missing_ok=True)
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(made)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)
    return made
