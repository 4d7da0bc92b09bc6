"""What is asked for, as a tree: response keys, snake-case field names, arguments, and children by concrete type."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Variables = Mapping[str, Any]
Argument = Callable[[Variables], Any]
"""Gives the argument's coerced value for one request's variables; never part of the statement's text."""


@dataclass(frozen=True, slots=True)
class Field:
    """`key` is the response key, `name` the field; `children` the merged selections beneath it, for each possible type."""

    key: str
    name: str
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    children: Mapping[str, tuple["Field", ...]] = field(default_factory=dict)

    def of(self, type_name: str) -> tuple["Field", ...]:
        return self.children.get(type_name, ())
