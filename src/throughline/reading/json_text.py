"""JSON written while compiling, spaced as PostgreSQL spaces its own; what only a row can say is put in as SQL."""

from collections.abc import Callable, Iterable

import orjson

from throughline.reading.statement import Statement
from throughline.reading.tree import Field

_MARK = "\0"
"""Stands in no JSON text: control characters are escaped there."""


def object_text(wanted: Iterable[Field], part: Callable[[Field], str]) -> str:
    return "{" + ",".join(f"{text(item.key)}:{part(item)}" for item in wanted) + "}"


def list_text(items: Iterable[str]) -> str:
    return f"[{', '.join(items)}]"


def text(value: object) -> str:
    return orjson.dumps(value).decode()


def told_by(sql: str) -> str:
    """The place of a value that the row says: an expression of type text, which is JSON."""
    return f"{_MARK}{sql}{_MARK}"


def compiled(said: str, statement: Statement) -> str:
    """An expression of type text."""
    pieces = said.split(_MARK)
    written = [piece if place % 2 else statement.constant(piece, "text") for place, piece in enumerate(pieces) if piece]
    return " || ".join(written)
