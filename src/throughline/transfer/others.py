"""Other people taken out of free text: whatever they are called in the records around somebody who asks for their own."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from throughline.terms.names import fold

SOMEBODY = "[another person]"
_WORD = re.compile(r"\w+(?:['’`-]\w+)*")
_NUMBER = re.compile(r"\b\d(?:[ -]?\d){5,}\b")
_TIES = re.compile(r"['’`-]")
_SHORTEST, _SHORTEST_NUMBER = 2, 4


@dataclass(frozen=True, slots=True)
class Others:
    """`words`: folded; those of the person's own names and numbers are not among them, so that a family name that all share stays."""

    words: frozenset[str]

    @classmethod
    def of(cls, names: Iterable[str], numbers: Iterable[str], own: Iterable[str]) -> "Others":
        kept = {piece for said in own for word in (said, *_WORD.findall(said)) for piece in _pieces(word)}
        found = {piece for said in names for word in _WORD.findall(said) for piece in _pieces(word)}
        found |= {folded for said in numbers if len(folded := _folded(said)) >= _SHORTEST_NUMBER}
        return cls(frozenset(found - kept))

    def taken_out(self, text: str) -> str:
        """The text without them. In doubt a word goes: `will` where there is a Will."""
        return _WORD.sub(self._word, _NUMBER.sub(self._number, text))

    def _word(self, found: re.Match[str]) -> str:
        """`Tom’s`, `Anne-Marie` and `O’Brien` are names as a whole, and by each of their pieces."""
        return SOMEBODY if _pieces(found[0]) & self.words else found[0]

    def _number(self, found: re.Match[str]) -> str:
        return SOMEBODY if _folded(found[0]) in self.words else found[0]


def _pieces(word: str) -> set[str]:
    return {piece for piece in map(_folded, (word, *_TIES.split(word))) if len(piece) >= _SHORTEST}


def _folded(text: str) -> str:
    return fold(text).replace(" ", "")
