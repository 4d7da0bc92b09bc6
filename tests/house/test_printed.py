"""What is printed is current: nobody edits `schema/` by hand, and nobody forgets to print it again."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.house.repository import ROOT
from throughline.__main__ import main

PRINTED = {
    "print-schema": ["throughline.graphql"],
    "print-policy": ["access-policy.md", "records.md"],
}


@pytest.mark.parametrize(("command", "names"), PRINTED.items())
def test_the_printed_pages_are_current(command: str, names: list[str], tmp_path: Path) -> None:
    done = CliRunner().invoke(main, [command, "--to", str(tmp_path)])
    assert done.exit_code == 0, done.output
    stale = [name for name in names if (ROOT / "schema" / name).read_text() != (tmp_path / name).read_text()]
    assert stale == [], f"run: throughline {command}"


def test_every_page_in_the_folder_is_printed_or_known() -> None:
    by_hand = {"changes.md"}
    assert {path.name for path in (ROOT / "schema").iterdir()} - by_hand == {name for names in PRINTED.values() for name in names}
