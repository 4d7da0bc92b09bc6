"""What is installed is exactly what was reviewed, from wherever it is fetched."""

import re
import tomllib

from tests.house.repository import ROOT

LOCK = ROOT / "requirements.lock"
PINNED = re.compile(r"^([a-z0-9-]+)==([^\s;]+)(?: ; (.+))?$")
HASH = re.compile(r"^--hash=sha256:[0-9a-f]{64}$")


def entries() -> list[list[str]]:
    """Each requirement with its hashes."""
    text = "\n".join(line for line in LOCK.read_text().splitlines() if not line.startswith("#"))
    return [
        [part.strip() for part in entry.split("\n") if part.strip()] for entry in re.split(r"\n(?=\S)", text.replace(" \\\n", "\n"))
    ]


def test_every_requirement_is_pinned_and_hashed() -> None:
    assert len(entries()) > 30
    for requirement, *hashes in entries():
        assert PINNED.match(requirement), requirement
        assert hashes, f"{requirement} has no hash"
        assert all(HASH.match(given) for given in hashes), requirement


def test_the_lock_names_no_host_and_no_folder() -> None:
    text = LOCK.read_text()
    assert "://" not in text
    assert not re.search(r"(?m)^\s*(-i|-f|--(?!hash=)\S+)", text)


def test_everything_that_the_project_asks_for_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = project["dependencies"] + project["optional-dependencies"]["test"]
    names = {re.split(r"[\[<>=~; ]", requirement)[0] for requirement in asked}
    assert names - {requirement.split("==")[0] for requirement, *_ in entries()} == set()
