"""`import-ctf` and `import-reports`, as somebody types them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest
from click.testing import CliRunner, Result

from tests.conftest import Database
from tests.transfer.schools import ELM, OAK, ctf, pupil
from tests.world import SECRET, World
from throughline.__main__ import main
from throughline.oauth.keys import new_pem
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.role import Role


@dataclass(frozen=True)
class Terminal:
    database: Database
    folder: Path
    sender: UUID
    worker: UUID

    def types(self, *arguments: str) -> Result:
        environment = {
            "DATABASE_URL": self.database.app_url,
            "THROUGHLINE_SECRET": SECRET.decode(),
            "THROUGHLINE_SIGNING_KEY": new_pem().decode(),
            "THROUGHLINE_PUBLIC_URL": "http://127.0.0.1:8080",
            "THROUGHLINE_DATA_DIR": str(self.folder),
        }
        return CliRunner().invoke(main, arguments, env=environment)

    def file(self, name: str, data: bytes) -> str:
        path = self.folder / name
        path.write_bytes(data)
        return str(path)

    def holds(self, sql: str) -> Any:
        return asyncio.run(with_owner(self.database, lambda connection: connection.fetchval(sql)))


async def with_owner(database: Database, do: Callable[[Any], Any]) -> Any:
    connection = await asyncpg.connect(database.owner_url)
    try:
        return await do(connection)
    finally:
        await connection.close()


async def staff(connection: Any) -> tuple[UUID, UUID]:
    world = World(connection)
    await world.kinds_of_support()
    oak = await world.agency(AgencyKind.SCHOOL, laestab=OAK)
    await world.agency(AgencyKind.SCHOOL, laestab=ELM)
    sender = await world.practitioner(oak, Role.INCLUSION_LEAD)
    worker = await world.practitioner(await world.agency(AgencyKind.VOLUNTARY), Role.VOLUNTARY_WORKER)
    return sender.id, worker.id


@pytest.fixture
def terminal(database: Database, tmp_path: Path) -> Terminal:
    return Terminal(database, tmp_path, *asyncio.run(with_owner(database, staff)))


def test_files_are_brought_in_with_progress_and_a_report(terminal: Terminal) -> None:
    good = terminal.file(f"{OAK}_CTF_{ELM}_001.xml", ctf(pupil(), pupil(2, "Omar", born="soon")))
    broken = terminal.file("broken.xml", ctf(pupil())[:-30])
    kept = terminal.folder / "report.json"
    done = terminal.types("import-ctf", good, broken, "--as", str(terminal.sender), "--report", str(kept))
    assert done.exit_code == 1  # one file was refused
    assert "2 of 2 pupils" in done.output
    assert "left out: pupil 2: BIRTH_DATE_UNREADABLE" in done.output
    assert "Quillfeather" not in done.output
    first, second = orjson.loads(kept.read_bytes())
    assert (first["pupils"], first["tally"]["kept_as_hashes"], second["refused"]["code"]) == (2, 1, "CTF_TRUNCATED")
    assert terminal.holds("select count(*) from portal.identity_record") == 1


def test_pupils_left_out_are_no_failure(terminal: Terminal) -> None:
    file = terminal.file("a.xml", ctf(pupil(born="soon")))
    assert terminal.types("import-ctf", file, "--as", str(terminal.sender)).exit_code == 0


@pytest.mark.parametrize("command", ["import-ctf", "import-reports"])
def test_it_says_who_cannot_bring_anything(terminal: Terminal, command: str) -> None:
    file = terminal.file("a.xml", ctf(pupil()))
    assert "there is no practitioner" in terminal.types(command, file, "--as", "nobody@example.org").output
    other = terminal.worker if command == "import-ctf" else None
    if other:
        assert "they hold none of them" in terminal.types(command, file, "--as", str(other)).output


def test_a_practitioner_without_a_client_in_force_is_told_so(terminal: Terminal) -> None:
    terminal.holds("update portal.oauth_client set disabled_at = now() returning 1")
    file = terminal.file("a.xml", ctf(pupil()))
    refused = terminal.types("import-ctf", file, "--as", str(terminal.sender))
    assert (refused.exit_code, "no client" in refused.output) == (1, True)


def test_whoever_has_left_brings_in_nothing(terminal: Terminal) -> None:
    terminal.holds("update portal.practitioner set disabled_at = now() returning 1")
    file = terminal.file("a.xml", ctf(pupil()))
    assert terminal.types("import-ctf", file, "--as", str(terminal.sender)).exit_code == 1
    assert terminal.holds("select count(*) from portal.identity_record") == 0


def test_a_list_is_brought_in_line_by_line(terminal: Terminal) -> None:
    empty = terminal.types("import-reports", "--template").output
    lines = (
        "17,Zoë,Example,09/03/2015,,,,02/03/2026,TALK,GROUP,,1,Talked.,,no,\n"
        ",Ann,Example,,,,,32/03/2026,TALK,GROUP,,1,Talked.,,no,\n"
    )
    errors, kept = terminal.folder / "errors.csv", terminal.folder / "report.json"
    asked = ("import-reports", terminal.file("list.csv", (empty + lines).encode()), "--as", str(terminal.worker))
    done = terminal.types(*asked, "--errors", str(errors), "--report", str(kept))
    assert done.exit_code == 0
    assert "line 5, date: DATE_UNREADABLE" in done.output
    assert "1 submitted, 0 there already, 1 left out" in done.output
    assert errors.read_text().splitlines()[1].startswith("5,date,DATE_UNREADABLE,")
    assert orjson.loads(kept.read_bytes())[0]["submitted"] == 1
    assert "0 submitted, 1 there already, 1 left out" in terminal.types(*asked).output
