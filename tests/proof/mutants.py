"""Faults in the list of rules, one at a time: would the comparison notice?

Each mutant is a rule or wall of the *program's* policy, changed; it is killed where the program's own verdict (its SQL, over the
same rows) then differs from the oracle's for at least one record of a random world.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from throughline.access import conditions, policy, rules
from throughline.access.rule import Phrase, Rule, Verb, Wall, all_of, any_of
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind
from throughline.terms.role import Role

READ = (Verb.SEE, Verb.SEE_EARLIER, Verb.KNOW_OF, Verb.FIND)


@dataclass(frozen=True)
class Mutant:
    """`place`: which rule or wall it changes; None in place of another drops it."""

    name: str
    of: str
    place: int
    other: Rule | Wall | None


def negated(phrase: Phrase) -> Phrase:
    return Phrase(f"not {phrase.name}", "", f"(({phrase.sql}) is not true)", of_household=phrase.of_household)


def conditions_changed(phrase: Phrase) -> Iterator[tuple[str, Phrase]]:
    """Each phrase within dropped, and negated; all turned into any, any into all."""
    if not phrase.parts:
        yield f"not «{phrase.name}»", negated(phrase)
        if phrase is not conditions.always:
            yield f"without «{phrase.name}»", conditions.always
        return
    join, other, word = (any_of, all_of, "all for any") if phrase.is_choice else (all_of, any_of, "any for all")
    yield word, other(*phrase.parts)
    for place, part in enumerate(phrase.parts):
        rest = [*phrase.parts[:place], *phrase.parts[place + 1 :]]
        yield f"without «{part.name}»", join(*rest) if len(rest) > 1 else rest[0]
        for name, changed in conditions_changed(part):
            if name.startswith("without") and not part.parts:
                continue
            yield name, join(*phrase.parts[:place], changed, *phrase.parts[place + 1 :])


def of_rule(rule: Rule) -> Iterator[tuple[str, Rule | None]]:
    yield "dropped", None
    for name, when in conditions_changed(rule.when):
        yield name, replace(rule, when=when)
    others = tuple(role for role in Role if role not in rule.roles)
    if others:
        yield "every other role too", replace(rule, roles=tuple(Role))
    if others and len(rule.roles) > 1:
        yield f"not for {rule.roles[0]}", replace(rule, roles=rule.roles[1:])
    if len(rule.purposes) < len(Purpose):
        yield "for every purpose", replace(rule, purposes=tuple(Purpose))
    if len(rule.what) < len(RecordKind):
        kinds = list(RecordKind)
        next_kind = kinds[(kinds.index(rule.what[0]) + 1) % len(kinds)]
        yield f"{next_kind} for {rule.what[0]}", replace(rule, what=(next_kind, *rule.what[1:]))


def of_wall(wall: Wall) -> Iterator[tuple[str, Wall | None]]:
    yield "dropped", None
    yield "only for writing", replace(wall, verbs=(Verb.WRITE,))
    for name, stands in conditions_changed(wall.stands):
        yield name, replace(wall, stands=stands)
    if wall.roles and len(wall.roles) > 1:
        yield f"not for {wall.roles[0]}", replace(wall, roles=wall.roles[1:])
    if wall.what and len(wall.what) > 1:
        yield f"not for {wall.what[0]}", replace(wall, what=wall.what[1:])


def mutants() -> list[Mutant]:
    """Of every rule that lets something be seen, and of every wall."""
    found = []
    for place, rule in enumerate(policy.RULES):
        seen_by_writer = Verb.WRITE in rule.may and not set(rule.what) <= set(rules.OWN_SENTENCE_KINDS)
        if set(rule.may) & set(READ) or seen_by_writer:
            found += [Mutant(f"{rule.number} ({place}): {name}", "RULES", place, other) for name, other in of_rule(rule)]
    for place, wall in enumerate(policy.WALLS):
        found += [Mutant(f"{wall.name}: {name}", "WALLS", place, other) for name, other in of_wall(wall)]
    return found


@contextmanager
def mutated(mutant: Mutant) -> Iterator[None]:
    """The program's policy with this one fault."""
    whole: Sequence[Any] = getattr(rules, mutant.of)
    instead = () if mutant.other is None else (mutant.other,)
    setattr(rules, mutant.of, (*whole[: mutant.place], *instead, *whole[mutant.place + 1 :]))
    try:
        yield
    finally:
        setattr(rules, mutant.of, whole)
