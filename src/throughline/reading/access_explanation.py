"""`accessExplanation`: the sentences that speak to the viewer of one kind of record about one person, and which of their conditions
hold, as far as that is theirs to know (`access/telling.py`). Somebody whom the viewer may not see is absent, as everywhere.

Which kind is asked for is a value of the occasion: every kind's answer is compiled, and one of them is chosen and worked out.
"""

from collections.abc import Callable, Iterator

from throughline.access.page import condition
from throughline.access.policy import WALLS
from throughline.access.rule import Phrase, Rule, Verb, Wall
from throughline.access.rules import Names, rules_for, walls_for
from throughline.access.telling import AccessAnswer, ConditionState, Told, any_as_told, as_told, told
from throughline.reading import person, search
from throughline.reading.because import sentence
from throughline.reading.json_text import compiled, list_text, object_text, text, told_by
from throughline.reading.kind import Kind
from throughline.reading.shape import joined, one_or_null
from throughline.reading.statement import Bind, Emitted, Scope
from throughline.reading.tree import Field
from throughline.terms.record_kind import RecordKind as K

FIELDS = {"person", "kind", "verbs", "walls"}
VERB_FIELDS = {"verb", "answer", "sentences"}
SENTENCE_FIELDS = {"sentence", "condition", "answer", "conditions"}
CONDITION_FIELDS = {"name", "means", "state"}
WALL_FIELDS = {"name", "text"}

NOT_HERE = {Told.BY_RECORD: ConditionState.DEPENDS_ON_RECORD, Told.NEVER: ConditionState.NOT_TOLD}


def access_explanation(root: Scope, wanted: Field, kinds: tuple[Kind, ...], person_id: Bind, kind: Bind) -> Emitted:
    """`kinds`: of one of these the viewer must see a record. Null for somebody of whom they see none."""
    statement = root.statement
    rows = search.open_people(statement, kinds, f"i.person_id = {statement.bind('explained', person_id, 'uuid')}", Verb.SEE)
    alias = statement.alias("p")
    inner = Scope(statement, alias, alias, alias)
    asked = wanted.of("AccessExplanation")
    people = {item.key: person.same_person(inner, item) for item in asked if item.name == "person"}
    chosen = " ".join(f"when '{one}' then {compiled(object_text(asked, _Kind(inner, one, people).part), statement)}" for one in K)
    answer = f"(case {statement.bind('explained kind', kind, 'text')} {chosen} end)::json"
    seen = joined([f"uuid_send({alias}.person_id) || int2send({alias}.because)", *(one.seen for one in people.values())])
    return one_or_null(root, rows, Emitted(answer, seen), Scope(statement, alias, alias, None, inner.joins))


class _Kind:
    """The explanation of one kind of record, as JSON text."""

    def __init__(self, scope: Scope, kind: K, people: dict[str, Emitted]) -> None:
        self._kind, self._people = kind, people
        self._role, self._purpose = scope.statement.role, scope.statement.purpose
        self._names = Names(r="null", m=str(scope.m))

    def part(self, item: Field) -> str:
        if item.name == "person":
            return told_by(f"{self._people[item.key].sql}::text")
        if item.name == "verbs":
            return list_text(self._verb(verb, item) for verb in Verb)
        if item.name == "walls":
            return list_text(_wall(wall, item) for wall in self._walls())
        return text({"kind": self._kind, "__typename": "AccessExplanation"}[item.name])

    def _walls(self) -> Iterator[Wall]:
        """Those that speak to this role and kind, whether or not they stand."""
        speaking = {wall for verb in Verb for wall in walls_for(verb, self._kind, self._role)}
        return (wall for wall in WALLS if wall in speaking)

    def _verb(self, verb: Verb, wanted: Field) -> str:
        rules = rules_for(verb, self._kind, self._role, self._purpose)
        parts: dict[str, Callable[[Field], str]] = {
            "verb": lambda _: text(verb),
            "answer": lambda _: _answer(any_as_told(rules, verb, self._kind, self._role, self._names)),
            "sentences": lambda item: list_text(self._rule(rule, item) for rule in rules),
            "__typename": lambda _: text("VerbExplanation"),
        }
        return object_text(wanted.of("VerbExplanation"), lambda item: parts[item.name](item))

    def _rule(self, rule: Rule, wanted: Field) -> str:
        leaves = dict.fromkeys(rule.when.leaves())
        parts: dict[str, Callable[[Field], str]] = {
            "sentence": lambda item: sentence(rule, item),
            "condition": lambda _: text(condition(rule.when)),
            "answer": lambda _: _answer(as_told(rule.when, self._names, self._kind)),
            "conditions": lambda item: list_text(self._leaf(leaf, item) for leaf in leaves),
            "__typename": lambda _: text("SentenceExplanation"),
        }
        return object_text(wanted.of("SentenceExplanation"), lambda item: parts[item.name](item))

    def _leaf(self, leaf: Phrase, wanted: Field) -> str:
        def state() -> str:
            if told(leaf) is not Told.OWN:
                return text(NOT_HERE[told(leaf)])
            holds = self._names.fill(leaf.sql, self._kind)
            return told_by(f"(case when {holds} then '{text(ConditionState.HOLDS)}' else '{text(ConditionState.MISSING)}' end)")

        parts: dict[str, Callable[[], str]] = {
            "name": lambda: text(leaf.name),
            "means": lambda: text(leaf.means),
            "state": state,
            "__typename": lambda: text("ConditionExplanation"),
        }

        def part(item: Field) -> str:
            return parts[item.name]()

        return object_text(wanted.of("ConditionExplanation"), part)


def _answer(holds: str) -> str:
    yes, no, depends = text(AccessAnswer.YES), text(AccessAnswer.NO), text(AccessAnswer.DEPENDS)
    return told_by(f"(case ({holds}) when true then '{yes}' when false then '{no}' else '{depends}' end)")


def _wall(wall: Wall, wanted: Field) -> str:
    said = {"name": wall.name, "text": wall.sentence, "__typename": "PolicyWall"}
    return object_text(wanted.of("PolicyWall"), lambda item: text(said[item.name]))
