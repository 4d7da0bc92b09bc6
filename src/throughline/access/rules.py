"""The policy as SQL, for one role and purpose: which sentence lets a row in, and which ones all do.

The same three functions serve every route: single rows, lists, counts, searches, writes and explanations.
"""

from dataclasses import dataclass

from throughline.access.conditions import wrote
from throughline.access.policy import RULES, WALLS
from throughline.access.rule import Phrase, Rule, Verb, Wall, all_of
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind
from throughline.terms.role import Role

OWN_SENTENCE_KINDS = (RecordKind.LIGHT_TOUCH_REPORT, RecordKind.PERSON, RecordKind.ASSIGNMENT)
"""Kinds whose own sentences say what an author sees; elsewhere who may write a record sees what they wrote."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the policy's placeholders are called in one place of a statement. `hw` is an integer expression; `about` is the id of
    the identity record by which the row names its person, null where it names them by none alone."""

    r: str
    m: str
    hw: str = "0"
    me: str = "me"
    about: str = "null::uuid"

    def fill(self, template: str, kind: RecordKind) -> str:
        return template.format(r=self.r, m=self.m, hw=self.hw, me=self.me, about=self.about, bit=kind.bit)


_told: dict[tuple[Verb, RecordKind, Role, Purpose], list[Rule]] = {}
_told_of: list[tuple[Rule, ...]] = [()]
"""The list of which `_told` speaks: whoever puts another in its place finds nothing told yet."""


def rules_for(verb: Verb, kind: RecordKind, role: Role, purpose: Purpose) -> list[Rule]:
    """The sentences that speak to this viewer, in file order; a writer's own record is seen by the sentence that let it be written."""
    if _told_of[0] is not RULES:
        _told_of[0] = RULES
        _told.clear()
    asked = (verb, kind, role, purpose)
    if asked not in _told:
        _told[asked] = _speaking(*asked)
    return _told[asked]


def _speaking(verb: Verb, kind: RecordKind, role: Role, purpose: Purpose) -> list[Rule]:
    found = []
    for rule in RULES:
        if rule.speaks_to(verb, kind, role, purpose):
            found.append(rule)
        elif verb is Verb.SEE and kind not in OWN_SENTENCE_KINDS and rule.speaks_to(Verb.WRITE, kind, role, purpose):
            found.append(_seen_by_its_writer(rule))
    return found


def _seen_by_its_writer(rule: Rule) -> Rule:
    return Rule(rule.number, rule.sentence, (Verb.SEE,), rule.what, rule.purposes, all_of(wrote, rule.when), rule.basis, rule.roles)


def walls_for(verb: Verb, kind: RecordKind, role: Role) -> list[Wall]:
    return [wall for wall in WALLS if wall.stands_before(verb, kind, role)]


def because(verb: Verb, kind: RecordKind, role: Role, purpose: Purpose, names: Names) -> str:
    """The number of the first sentence that lets the row in; null where none does, or where a wall stands or cannot be told."""
    rules = rules_for(verb, kind, role, purpose)
    if not rules:
        return "null::int2"
    cases = " ".join(f"when {names.fill(rule.when.sql, kind)} then {rule.number}" for rule in rules)
    return f"(case when ({_stands(verb, kind, role, names)}) is not false then null {cases} end)::int2"


def no_wall(verb: Verb, kind: RecordKind, role: Role, _: Purpose, names: Names) -> str:
    """0; null where a wall stands or cannot be told."""
    return f"(case when ({_stands(verb, kind, role, names)}) is false then 0 end)::int2"


def _stands(verb: Verb, kind: RecordKind, role: Role, names: Names) -> str:
    return " or ".join(names.fill(wall.stands.sql, kind) for wall in walls_for(verb, kind, role)) or "false"


def why(verb: Verb, kind: RecordKind, role: Role, purpose: Purpose, names: Names) -> str:
    """Every sentence that lets the row in, as bits over `numbers`; meaningful only where `because` is not null."""
    holds: dict[int, list[str]] = {}
    for rule in rules_for(verb, kind, role, purpose):
        holds.setdefault(rule.number, []).append(names.fill(rule.when.sql, kind))
    terms = [f"case when {' or '.join(its)} then {1 << place} else 0 end" for place, its in enumerate(holds.values())]
    return f"({' | '.join(terms)})" if terms else "0"


def numbers(verb: Verb, kind: RecordKind, role: Role, purpose: Purpose) -> list[int]:
    """The sentences that could let such a row in, each once, in file order."""
    return list(dict.fromkeys(rule.number for rule in rules_for(verb, kind, role, purpose)))


WITHOUT_RECORDS = {Role.ANALYST: Purpose.OVERSIGHT}
"""Roles to whom no sentence speaks of anything about a person sign in for these, and see themselves."""


def allowed_purposes(role: Role) -> frozenset[Purpose]:
    """The purposes that some sentence gives this role; a token for any other is not issued."""
    given = {p for rule in RULES if len(rule.purposes) < len(Purpose) and role in rule.roles for p in rule.purposes}
    return frozenset(given or {WITHOUT_RECORDS[role]})


def household_bits(kind: RecordKind, role: Role, purpose: Purpose) -> int | None:
    """The openings for a household, one of which every sentence on this kind asks for; None where some sentence asks for none."""
    bits = 0
    for rule in rules_for(Verb.SEE, kind, role, purpose):
        asked = sum({leaf.of_household for leaf in rule.when.leaves()})
        if not asked or _has_choice(rule.when):
            return None
        bits |= asked
    return bits


def _has_choice(phrase: Phrase) -> bool:
    """Whether the phrase, or one within it, is an `any_of`: a household phrase inside it need not hold."""
    return phrase.is_choice or any(_has_choice(part) for part in phrase.parts)
