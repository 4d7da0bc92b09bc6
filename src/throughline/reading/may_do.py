"""What the viewer may do, as the policy says of their role and purpose. Nothing is looked up: the plan is compiled for one role and
purpose, so the whole answer is a constant of it."""

from collections.abc import Callable, Iterable

import orjson

from throughline.access.abilities import Ability, abilities, acts, searches
from throughline.reading.because import SENTENCE, sentence
from throughline.reading.statement import Emitted, Scope
from throughline.reading.tree import Field


def may_do(scope: Scope, wanted: Field) -> Emitted:
    statement = scope.statement
    said = {
        "mutations": _list(_text(name) for name in acts(statement.role, statement.purpose, is_tool=statement.is_tool)),
        "search": _text(searches(statement.role)),
        "__typename": _text("MayDo"),
    }
    able = abilities(statement.role, statement.purpose)

    def part(item: Field) -> str:
        return _list(_ability(one, item) for one in able) if item.name == "abilities" else said[item.name]

    return Emitted(f"{statement.constant(_object(wanted.of('MayDo'), part), 'text')}::json")


FIELDS = {"mutations", "search", "abilities"}
ABILITY_FIELDS = {"kind", "verb", "mutations", "sentences"}


def _ability(able: Ability, wanted: Field) -> str:
    said = {
        "kind": _text(able.kind),
        "verb": _text(able.verb),
        "mutations": _list(_text(name) for name in able.acts),
        "__typename": _text("Ability"),
    }

    def part(item: Field) -> str:
        return _list(sentence(SENTENCE[number], item) for number in able.sentences) if item.name == "sentences" else said[item.name]

    return _object(wanted.of("Ability"), part)


def _object(wanted: tuple[Field, ...], part: Callable[[Field], str]) -> str:
    """As `row_to_json` spaces it."""
    return "{" + ",".join(f"{_text(item.key)}:{part(item)}" for item in wanted) + "}"


def _list(items: Iterable[str]) -> str:
    """As `json_agg` spaces it."""
    return f"[{', '.join(items)}]"


def _text(value: object) -> str:
    return orjson.dumps(value).decode()
