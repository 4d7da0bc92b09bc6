"""The staircase of pyproject.toml, and what stands at the top of the repository."""

import subprocess
import sys
import tomllib

from tests.house.repository import PACKAGE, ROOT, tracked

TOP = {"pyproject.toml", "README.md", "schema", "src", "migrations", "tests", "frontend-contract"}
ALSO_ALLOWED = {"LICENSE", "requirements.lock"}
STAIRS = [
    {"__main__"},
    {"app"},
    {"demo"},
    {"api", "oauth"},
    {"delivery"},
    {"transfer"},
    {"reading"},
    {"access"},
    {"audit"},
    {"records"},
    {"linking"},
    {"people"},
    {"db"},
    {"terms"},
    {"settings"},
]


def test_imports_run_downstairs_and_never_in_a_circle() -> None:
    command = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True, no_logo=True))"
    # in a process of its own: it configures logging, and would silence the loggers of every test after it
    done = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_staircase_is_the_one_that_was_decided() -> None:
    configured = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    stairs = next(contract for contract in configured["contracts"] if contract["type"] == "layers")
    assert stairs["exhaustive"] is True
    assert stairs["exhaustive_ignores"] == ["_migrations"]
    assert "ignore_imports" not in stairs
    assert [{room.strip(" ()") for room in step.split("|")} for step in stairs["layers"]] == STAIRS


def test_a_room_that_is_built_is_no_longer_optional() -> None:
    configured = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    stairs = next(contract for contract in configured["contracts"] if contract["type"] == "layers")
    optional = [room.strip() for step in stairs["layers"] for room in step.split("|") if "(" in room]
    names = [room.strip("()") for room in optional]
    built = [name for name in names if (PACKAGE / name / "__init__.py").exists() or _module(name)]
    assert built == []


def _module(name: str) -> bool:
    return (PACKAGE / f"{name}.py").exists()


def test_nothing_else_stands_at_the_top() -> None:
    tops = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {top for top in tops if not top.startswith(".")} - TOP - ALSO_ALLOWED == set()
