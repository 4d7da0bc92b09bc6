"""What an explanation says, worked out condition by condition: three words for each, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.reading import slow_fields
from tests.reading.sight import BARE
from tests.reading.verdicts import SPOKEN_OF_AUTHORS, Question, judge_phrases
from throughline.access import conditions
from throughline.access.page import condition
from throughline.access.policy import RULES, WALLS
from throughline.access.rule import Phrase, Rule, Verb, all_of
from throughline.access.telling import BY_RECORD, OWN
from throughline.terms.record_kind import RecordKind as K

if TYPE_CHECKING:
    from tests.reading.slow_fields import Desk

States = Mapping[Phrase, str]


async def explanation(desk: Desk, person_id: UUID, kind: K) -> dict[str, Any] | None:
    eye = desk.eye
    if person_id not in eye.visible:
        return None
    held = await judge_phrases(desk.engine, eye.me, kind, OWN, Question(BARE, eye.standing[person_id]))
    told = {phrase: "HOLDS" if holds else "MISSING" for phrase, holds in zip(OWN, held, strict=True)}
    told |= dict.fromkeys(BY_RECORD, "DEPENDS_ON_RECORD")
    walls = [one for one in WALLS if (not one.roles or eye.me.role in one.roles) and (not one.what or kind in one.what)]
    return {
        "person": slow_fields.Someone(person_id),
        "kind": str(kind),
        "verbs": [_verb(desk, told, kind, verb) for verb in Verb],
        "walls": [{"name": one.name, "text": one.sentence} for one in walls],
    }


def _verb(desk: Desk, told: States, kind: K, verb: Verb) -> dict[str, Any]:
    me = desk.eye.me
    said = []
    for rule in RULES:
        if kind in rule.what and me.role in rule.roles and me.purpose in rule.purposes:
            if verb in rule.may:
                said.append((rule, rule.when))
            elif verb is Verb.SEE and Verb.WRITE in rule.may and kind not in SPOKEN_OF_AUTHORS:
                said.append((rule, all_of(conditions.wrote, rule.when)))
    shut = any(one.stands is conditions.always and verb in one.verbs and me.role in one.roles and kind in one.what for one in WALLS)
    answers = {word(when, told) for _, when in said}
    best = next((one for one in ("YES", "DEPENDS") if one in answers and not shut), "NO")
    return {"verb": str(verb), "answer": best, "sentences": [_sentence(rule, when, told) for rule, when in said]}


def _sentence(rule: Rule, when: Phrase, told: States) -> dict[str, Any]:
    leaves = dict.fromkeys(when.leaves())
    return {
        "sentence": slow_fields.sentences([rule.number])[0],
        "condition": condition(when),
        "answer": word(when, told),
        "conditions": [{"name": one.name, "means": one.means, "state": told.get(one, "NOT_TOLD")} for one in leaves],
    }


def word(phrase: Phrase, told: States) -> str:
    """YES or NO where what is told decides it."""
    if not phrase.parts:
        return {"HOLDS": "YES", "MISSING": "NO"}.get(told.get(phrase, ""), "DEPENDS")
    words = [word(part, told) for part in phrase.parts]
    strongest, other = ("YES", "NO") if phrase.is_choice else ("NO", "YES")
    if strongest in words:
        return strongest
    return other if all(one == other for one in words) else "DEPENDS"
