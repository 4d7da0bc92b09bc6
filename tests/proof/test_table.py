"""The oracle stands by itself, and its table is the printed page's, line by line."""

import ast
import re
from datetime import date
from pathlib import Path

from tests.house.repository import ROOT
from tests.proof import oracle
from tests.proof.fact import Viewer, World
from tests.proof.oracle import PHRASES, SENTENCES, WALLS, Case
from throughline.access.page import condition
from throughline.access.rule import Phrase, all_of, any_of

HERE = Path(__file__).parent
PAGE = (ROOT / "schema" / "access-policy.md").read_text(encoding="utf-8")
STANDARD_LIBRARY = {
    "__future__", "re", "collections", "copy", "dataclasses", "datetime", "functools", "pathlib", "typing", "uuid",
}  # fmt: skip
VERBS = tuple(re.findall(r"^- \*\*([A-Z_]+)\*\*: ", PAGE.split("\nLawful bases")[0], re.MULTILINE))


def ticked(text: str) -> set[str]:
    return set(re.findall(r"`([A-Z_-]+)`", text))


def test_the_oracle_is_short_and_imports_nothing_of_what_it_checks() -> None:
    for name, others in (("oracle.py", {"tests.proof.fact"}), ("fact.py", set())):
        text = (HERE / name).read_text(encoding="utf-8")
        assert len(text.splitlines()) < 400
        found = set()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                found |= {one.name for one in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add(node.module or "")
        found = {one.split(".")[0] for one in found - others}
        assert found <= STANDARD_LIBRARY, found - STANDARD_LIBRARY


def test_the_sentences_are_those_of_the_page() -> None:
    printed = []
    for block in re.split(r"\n### ", PAGE.split("\n## Sentences\n")[1].split("\n## By role\n")[0])[1:]:
        number = block.split()[0]
        for line in re.findall(r"^- (.*)$", block, re.MULTILINE):
            told = re.fullmatch(r"(.+?) may (.+?), for (.+?), when (.+?)\. Basis: .*", line)
            assert told, line
            words = ticked(told[2])
            roles = {"EVERY"} if told[1] == "every role" else ticked(told[1])
            purposes = {"EVERY"} if told[3] == "every purpose" else ticked(told[3])
            printed.append((number, roles, words & set(VERBS), words - set(VERBS), purposes, told[4]))
    assert printed == [(one.id, *one.names, one.condition) for one in SENTENCES]


def test_the_walls_are_those_of_the_page() -> None:
    text = PAGE.split("\n## Walls\n")[1].split("\n## Sentences\n")[0]
    lines = r"\*\*([\w-]+)\*\*[^\n]*\n  - stands where: ([^\n]+)\n  - before: ([^\n]*)\n  - refuses: ([^\n]*)"
    walls = []
    for name, where, before, refuses in re.findall(lines, text):
        roles, _, kinds = before.partition(";")
        verbs = {"EVERY"} if refuses == "every verb" else ticked(refuses)
        walls.append((name, ticked(roles) or {"EVERY"}, verbs, ticked(kinds) or {"EVERY"}, {"EVERY"}, where))
    assert walls == [(one.id, *one.names, one.condition) for one in WALLS]


def test_the_phrases_are_those_of_the_glossary() -> None:
    glossary = set(re.findall(r"^- \*\*«(.+?)»\*\*", PAGE.split("\n## Glossary\n")[1], re.MULTILINE))
    nobody = Case(World(), Viewer(actor="a", agency="b", role="c", purpose="d"), date(2026, 3, 16))
    assert glossary == set(PHRASES) | set(nobody.whom) | set(nobody.where)


def test_the_oracle_judges_as_the_lines_by_role_do() -> None:
    """One line for each purpose, verb and kind; what a writer sees of their own stands after it."""
    compared = 0
    for block in re.split(r"\n### ", PAGE.split("\n## By role\n")[1].split("\n## By kind of record\n")[0])[1:]:
        role = block.split("\n")[0].strip()
        lines = re.findall(
            r"^- ([A-Z]+): ([A-Z_]+) ([A-Z_]+)((?: by [^;\n]+?)?)((?:[;,] what they wrote[^\n]*)?)$", block, re.MULTILINE
        )
        assert len(lines) == len(re.findall(r"^- (?!purpose|never)", block, re.MULTILINE)), role
        for purpose, verb, kind, by, _ in lines:
            named = {one.id for _, one in oracle.speaking(role, verb, kind, purpose)[1]}
            assert named == set(re.findall(r"\[(\d+)\]", by)), (role, purpose, verb, kind)
            compared += 1
    assert compared > 200


def test_the_lines_by_kind_are_those_by_role() -> None:
    """Who may do what, told twice: for each kind the same sentences, verbs, purposes and roles; but what a wall always refuses."""
    by_role, by_kind = set(), set()
    for block in re.split(r"\n### ", PAGE.split("\n## By role\n")[1].split("\n## By kind of record\n")[0])[1:]:
        role = block.split("\n")[0].strip()
        for purpose, verb, kind, by in re.findall(r"^- ([A-Z]+): ([A-Z_]+) ([A-Z_]+) by ([^;\n]+)", block, re.MULTILINE):
            by_role |= {(role, purpose, verb, kind, number) for number in re.findall(r"\[(\d+)\]", by)}
    for block in re.split(r"\n### ", PAGE.split("\n## By kind of record\n")[1].split("\n## Terms\n")[0])[1:]:
        kind = block.split("\n")[0].strip()
        for verb, number, purpose, roles in re.findall(
            r"^- ([A-Z_]+) by \[(\d+)\]\(#s\d+\), for ([A-Z]+): (.*)$", block, re.MULTILINE
        ):
            by_kind |= {(role, purpose, verb, kind, number) for role in ticked(roles)}
    assert by_role < by_kind
    always = {(role, kind) for one in WALLS if one.condition == "«at any time»" for role in one.names[0] for kind in one.names[2]}
    assert {one for one in by_kind - by_role if one[3] != "PERSON" and (one[0], one[3]) not in always} == set()


def test_what_is_printed_of_a_condition_is_what_is_evaluated() -> None:
    """A choice that comes first once made the page print «or» for the «and» after it."""
    a, b, c = (Phrase(name, "", name) for name in "abc")
    assert condition(all_of(any_of(a, b), c)) == "(«a» or «b») and «c»"
    assert condition(any_of(all_of(any_of(a, b), c), a)) == "((«a» or «b») and «c») or «a»".join("()")
