"""`seenBecause`: the sentences that let this viewer in, every one of them, not only the first that the audit keeps."""

import orjson

from throughline.access.policy import RULES
from throughline.access.rule import Rule
from throughline.reading.statement import Emitted, Emitter, Scope, Statement
from throughline.reading.tree import Field
from throughline.terms.record_kind import RecordKind

SENTENCE = {rule.number: rule for rule in reversed(RULES)}


def sentences(kind: RecordKind) -> Emitter:
    """An array of PolicySentence objects, made while compiling: the rows only choose among them by bits of `why`."""

    def emit(scope: Scope, wanted: Field) -> Emitted:
        numbers = scope.statement.numbers(kind)
        return Emitted(_chosen(scope.statement, numbers, f"{scope.b}.why", wanted))

    return emit


def first_of(*numbers: int) -> Emitter:
    """An array of one sentence: of these, the one that let the row in."""

    def emit(scope: Scope, wanted: Field) -> Emitted:
        bits = " ".join(f"when {number} then {1 << place}" for place, number in enumerate(numbers))
        return Emitted(_chosen(scope.statement, list(numbers), f"(case {scope.b}.because {bits} else 0 end)", wanted))

    return emit


def _chosen(statement: Statement, numbers: list[int], why: str, wanted: Field) -> str:
    cases = []
    for place, number in enumerate(numbers):
        text = statement.constant(sentence(SENTENCE[number], wanted), "text")
        cases.append(f"case when {why} & {1 << place} <> 0 then {text} end")
    return f"('[' || concat_ws(', ', {', '.join(cases) or 'null'}) || ']')::json"


def sentence(rule: Rule, wanted: Field) -> str:
    """A PolicySentence as JSON text."""
    said: dict[str, object] = {
        "__typename": "PolicySentence",
        "number": rule.number,
        "text": rule.sentence,
        "basis": [basis.name for basis in rule.basis],
    }
    return orjson.dumps({item.key: said[item.name] for item in wanted.of("PolicySentence")}).decode()
