"""What a seeded fault is, and the ways in which faults are put in."""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from throughline.access import writing
from throughline.reading import plan

Patch = Callable[[pytest.MonkeyPatch], None]
Rewrite = Callable[[str], str]


@dataclass(frozen=True)
class Leak:
    """`breaks`: the rule, as the design says it. `patch`: puts it into the program; `sql`: into the database, as its owner.
    `is_slow`: nothing but time tells it, so it alone is looked for by the clock; any other would be noticed whenever the machine is busy."""

    name: str
    breaks: str
    patch: Patch = lambda _: None
    sql: tuple[str, ...] = ()
    is_slow: bool = False


class NeverAppliedError(AssertionError):
    """The place that a fault was to be put into is no longer there: the fault must be written anew."""


TEXTS = {"patched": 0, "rewritten": 0}
"""Whether the fault that is put in now is one in the text of statements, and of how many it changed the text."""


def in_text(rewrite: Rewrite) -> Patch:
    """Every statement that is composed is rewritten."""

    def rewritten(text: str) -> str:
        other = rewrite(text)
        TEXTS["rewritten"] += other != text
        return other

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        around, sentence = plan._around, writing._sentence
        TEXTS.update(rewritten=0, patched=1)
        monkeypatch.setattr(plan, "_around", lambda *asked: rewritten(around(*asked)))
        monkeypatch.setattr(writing, "_sentence", lambda *asked: rewritten(sentence(*asked)))

    return patch


def instead(old: str, new: str) -> Patch:
    return in_text(lambda text: text.replace(old, new))


def matching(pattern: str, new: str) -> Patch:
    found = re.compile(pattern)
    return in_text(lambda text: found.sub(new, text))


def everywhere(monkeypatch: pytest.MonkeyPatch, old: Any, new: Any) -> None:
    """In every module of the program that names it."""
    applied = False
    for name, module in list(sys.modules.items()):
        if name.startswith("throughline."):
            for key, value in list(vars(module).items()):
                if value is old:
                    monkeypatch.setattr(module, key, new)
                    applied = True
    if not applied:
        raise NeverAppliedError(old)


def both(*patches: Patch) -> Patch:
    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        for one in patches:
            one(monkeypatch)

    return patch
