"""`errors.json` is complete: every code that can reach a caller is there, with what to do, and nothing else."""

import ast
import enum
import importlib
import io
import json
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.portal import ROOT
from tests.contract.record import EXAMPLES
from throughline import terms
from throughline.api.errors import Code
from throughline.api.mutation import UserErrorCode
from throughline.db.refusal import RefusalCode
from throughline.terms.numbers import make_upn, parse_laestab
from throughline.transfer.ctf import read_ctf
from throughline.transfer.ctf_error import CtfError
from throughline.transfer.ctf_sample import SamplePupil, SampleSchool, write_ctf

PACKAGE = ROOT / "src" / "throughline"
WRITTEN: list[dict[str, str]] = json.loads((ROOT / "frontend-contract" / "errors.json").read_text())
SHAPE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")
NEVER_TOLD = {
    "LAESTAB_MALFORMED": "whoever reads a school's number says CTF_SOURCE, DESTINATION_UNREADABLE or SCHOOL_UNREADABLE instead",
    "NHS_NUMBER_NOT_SYNTHETIC": "only who makes numbers for a demonstration meets it",
}
BY_NOBODY_YET = {
    "CELL_UNREADABLE": "what is said if a check of a cell fails in a way that we did not think of",
    "FIELD_UNREADABLE": "the same for a pupil's field",
    "NOT_IN_FORCE": "the command line looks up who brings a file before it reads one",
    "ATTENDANCE_INCOMPLETE": "a year with some figures missing",
}
"""Codes that no example and no unit test shows, each with the reason."""


def codes(where: str) -> set[str]:
    return {row["code"] for row in WRITTEN if row["where"].startswith(where)}


def vocabulary() -> set[str]:
    """Values of enumerations, which look like codes."""
    modules = [importlib.import_module(f"throughline.terms.{one.name}") for one in pkgutil.iter_modules(terms.__path__)]
    kinds = [kind for module in modules for kind in vars(module).values() if isinstance(kind, type)]
    return {str(one.value) for kind in kinds if issubclass(kind, enum.Enum) for one in kind}


def said_of_files() -> set[str]:
    """Every code that the rooms which read files and numbers have in their text."""
    modules = [*(PACKAGE / "transfer").glob("*.py"), PACKAGE / "terms" / "numbers.py"]
    found = {
        node.value
        for path in modules
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SHAPE.fullmatch(node.value)
    }
    return found - vocabulary() - NEVER_TOLD.keys()


def test_each_has_a_meaning_and_something_to_do() -> None:
    for row in WRITTEN:
        assert list(row) == ["where", "code", "meaning", "do", "retry"], row
        assert all(row.values()), row
    pairs = [(row["where"], row["code"]) for row in WRITTEN]
    assert len(pairs) == len(set(pairs))


def test_refused_acts_and_requests_are_all_there() -> None:
    assert codes("userErrors") == set(RefusalCode) == {str(one.value) for one in UserErrorCode}
    assert codes("errors[]") == set(Code)


def test_what_is_said_of_files_and_numbers_is_all_there() -> None:
    assert codes("ctfImport") | codes("import-reports") == said_of_files()


def told(body: Any) -> Iterator[str]:
    if isinstance(body, dict):
        for name, inner in body.items():
            if name == "code" and isinstance(inner, str):
                yield inner
            yield from told(inner)
    elif isinstance(body, list):
        for inner in body:
            yield from told(inner)
    elif isinstance(body, str):
        yield from (found[0] for found in SHAPE.finditer(body))


def test_each_is_shown_by_an_example_or_a_test() -> None:
    shown = {code for path in EXAMPLES.rglob("*.json") for one in json.loads(path.read_text()) for code in told(one["response"])}
    tests = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    missing = {code for code in codes("") - shown - BY_NOBODY_YET.keys() if not re.search(rf"\b{code}\b", tests)}
    assert missing == set()


def test_user_errors_are_all_shown_by_examples() -> None:
    shown: dict[str, set[str]] = defaultdict(set)
    for path in EXAMPLES.rglob("*.json"):
        for one in json.loads(path.read_text()):
            body = one["response"]["body"]
            shown["errors"] |= {error["extensions"]["code"] for error in body.get("errors", ())}
            shown["userErrors"] |= set(told(body.get("data")))
    assert codes("userErrors") <= shown["userErrors"]
    # Neither a fault of ours nor a database that is away is for the showing.
    assert shown["errors"] == set(Code) - {Code.INTERNAL_SERVER_ERROR, Code.SERVICE_UNAVAILABLE}


def test_a_file_that_changes_while_it_is_read_is_refused() -> None:
    school = SampleSchool(parse_laestab("9892001"), "900001", "Oakfield Primary School")
    pupil = SamplePupil(make_upn("989200123901"), "Quill", "Mina", "2018-04-09")
    text = b"".join(write_ctf([pupil], source=school))
    stream = io.BytesIO(text)
    file = read_ctf(stream, max_bytes=100_000, max_pupils=10)
    stream.seek(0)
    stream.write(text.replace(b"Mina", b"Nina"))
    with pytest.raises(CtfError) as refused:
        list(file.pupils())
    assert refused.value.code == "CTF_CHANGED"
