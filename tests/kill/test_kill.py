"""A small dose of `python -m tests.kill`."""

from pathlib import Path

import pytest

from tests.kill.__main__ import run, told


@pytest.mark.slow
def test_no_acknowledged_report_is_lost_or_doubled_by_kills(tmp_path: Path) -> None:
    loop, reckoning = run(tmp_path, 5, 0.2)
    said = told(loop, reckoning, 0)
    assert loop.figures.postgres_kills == 1, said
    assert reckoning.acknowledged > 20, said
    assert reckoning.is_right, said
    assert [one.wrong for one in loop.submitters if one.wrong] == [], said
