"""What cannot be the same twice, and what stands in its place. This is the whole list.

- **Ids of what was made while recording** (records, their parts, people whom a report made known) become
  `00000000-0000-7000-8000-000000000001`, `…2`, in the order in which they first appear in their story.
- **Cursors** become `cursor-1`, `cursor-2`, likewise: they hold ids.
- **Seconds until another search is free** become 6.
- **When an earlier version was replaced** (`replacedAt`) is the database's own clock; it becomes 10:00 on 2 November 2026.

Everything else is as the server said it: its clock stands still at 10:00 on 2 November 2026, and the borough has the
ids of `throughline demo --children 200`.
"""

import re
from typing import Any
from uuid import UUID

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_CURSORS = {"cursor", "startCursor", "endCursor"}
_WAIT = re.compile(r"in [\d.]+ seconds")
_SEEDED_FROM_MS, _SEEDED_TO_MS = 1_704_067_200_000, 1_704_067_200_000 + 10_000_000


def is_seeded(text: str) -> bool:
    """Ids of the borough count milliseconds from the first day of 2024; those made since are of their own day."""
    return _SEEDED_FROM_MS <= UUID(text).int >> 80 <= _SEEDED_TO_MS


def _in_one_order(value: list[Any]) -> list[Any]:
    """Lists of people come in the order of their ids, which are random where people were made while recording: here, by name."""
    if not all(isinstance(one, dict) and "givenName" in one for one in value):
        return value
    return sorted(value, key=lambda one: (str(one["givenName"]), str(one.get("familyName")), str(one.get("dateOfBirth"))))


class Placeholders:
    """Of one story: what the server said, in the words of the examples, and back."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}
        self._ids = self._cursors = 0

    def recorded(self, value: Any, key: str = "") -> Any:
        """With placeholders for what the server made up."""
        if isinstance(value, dict):
            return {name: self.recorded(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.recorded(inner, key) for inner in _in_one_order(value)]
        if key == "retryAfter":
            return 6
        if key == "replacedAt":
            return "2026-11-02T10:00:00.000000Z"
        if not isinstance(value, str):
            return value
        if key in _CURSORS:
            return self._cursor(value)
        return _WAIT.sub("in 6 seconds", _UUID.sub(lambda found: self._id(found[0]), value))

    def asked(self, value: Any) -> Any:
        """A request as the examples have it: what the server said before is named by its placeholder."""
        return _exchanged(value, self._said)

    def sent(self, value: Any) -> Any:
        """A request of an example, with what the server has really said in this run."""
        return _exchanged(value, {placeholder: said for said, placeholder in self._said.items()})

    def _cursor(self, said: str) -> str:
        if said not in self._said:
            self._cursors += 1
            self._said[said] = f"cursor-{self._cursors}"
        return self._said[said]

    def _id(self, said: str) -> str:
        if is_seeded(said):
            return said
        if said not in self._said:
            self._ids += 1
            self._said[said] = f"00000000-0000-7000-8000-{self._ids:012x}"
        return self._said[said]


def _exchanged(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _exchanged(inner, words) for name, inner in value.items()}
    if isinstance(value, list):
        return [_exchanged(inner, words) for inner in value]
    return words.get(value, value) if isinstance(value, str) else value
