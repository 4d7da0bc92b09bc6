"""Small enough to read at one sitting. We aim at half of these; nothing may go beyond them."""

import ast

from tests.house.repository import PACKAGE, modules

LONGEST_MODULE = 400
LONGEST_FUNCTION = 60


def test_no_module_is_longer_than_one_can_hold_in_mind() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path, _ in modules()}
    too_long = {str(path.relative_to(PACKAGE)): n for path, n in lengths.items() if n > LONGEST_MODULE}
    assert too_long == {}


def test_no_function_is_longer_than_a_page() -> None:
    too_long = {
        f"{path.relative_to(PACKAGE)}:{node.lineno} {node.name}": length
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert too_long == {}


def test_no_room_for_odds_and_ends() -> None:
    names = {path.stem for path, _ in modules()} | {path.parent.name for path, _ in modules()}
    assert names & {"utils", "util", "helpers", "helper", "common", "misc", "tools"} == set()
