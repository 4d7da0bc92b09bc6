"""What the viewer may do, as the policy says of their role and purpose. Nothing is looked up: the plan is compiled for one role and
purpose, so the whole answer is a constant of it."""

from throughline.access.abilities import Ability, abilities, acts, searches
from throughline.reading.because import SENTENCE, sentence
from throughline.reading.json_text import list_text, object_text, text
from throughline.reading.statement import Emitted, Scope
from throughline.reading.tree import Field


def may_do(scope: Scope, wanted: Field) -> Emitted:
    statement = scope.statement
    said = {
        "mutations": list_text(text(name) for name in acts(statement.role, statement.purpose, is_tool=statement.is_tool)),
        "search": text(searches(statement.role)),
        "__typename": text("MayDo"),
    }
    able = abilities(statement.role, statement.purpose)

    def part(item: Field) -> str:
        return list_text(_ability(one, item) for one in able) if item.name == "abilities" else said[item.name]

    return Emitted(f"{statement.constant(object_text(wanted.of('MayDo'), part), 'text')}::json")


FIELDS = {"mutations", "search", "abilities"}
ABILITY_FIELDS = {"kind", "verb", "mutations", "sentences"}


def _ability(able: Ability, wanted: Field) -> str:
    said = {
        "kind": text(able.kind),
        "verb": text(able.verb),
        "mutations": list_text(text(name) for name in able.acts),
        "__typename": text("Ability"),
    }

    def part(item: Field) -> str:
        return (
            list_text(sentence(SENTENCE[number], item) for number in able.sentences)
            if item.name == "sentences"
            else said[item.name]
        )

    return object_text(wanted.of("Ability"), part)
