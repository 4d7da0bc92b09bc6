"""Asking the policy: what may I do here, and what is missing?"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

import strawberry

from throughline.api.context import Info
from throughline.api.described import PERSON, asked, said
from throughline.api.policy_sentence import PolicySentence
from throughline.api.selection import as_uuid
from throughline.api.vocabulary import AccessAnswer, ConditionState, PolicyVerb, RecordKind

_PREPARED = " explained"
"""Where the prepared input stands among the variables: no variable of GraphQL has such a name."""


@strawberry.type(description="One condition of a sentence, as the printed policy's glossary defines it.")
class ConditionExplanation:
    name: str = said("What the sentence calls it.")
    means: str = said("Exactly what it asks for.")
    state: ConditionState = said("Whether it holds.")


@strawberry.type(description="One sentence that speaks to your role and purpose, or one of its parts.")
class SentenceExplanation:
    sentence: PolicySentence = said("The sentence.")
    condition: str = said("What it asks for: its conditions, as they are joined.")
    answer: AccessAnswer = said("Whether it lets you.")
    conditions: list[ConditionExplanation] = said("Each of its conditions, once.")


@strawberry.type(description="What you may do with records of the kind in one way: see them, write them and so on.")
class VerbExplanation:
    verb: PolicyVerb = said("In which way.")
    answer: AccessAnswer = said("Whether you may.")
    sentences: list[SentenceExplanation] = said(
        "Every sentence that speaks to you of it, in the order of the policy; empty: none does."
    )


@strawberry.type(description="Something that no sentence overrules. That it is listed does not say that it stands here.")
class PolicyWall:
    name: str = said("Its name on the printed policy page.")
    text: str = said("What it says.")


@strawberry.type(
    description="What you may do with one kind of record about one person, and what is missing. Show it to whoever asks «why do I not "
    "see more?». It tells of your own standing alone: never what others have recorded or decided."
)
class AccessExplanation:
    person: Any = said("The person.", PERSON)
    kind: RecordKind = said("The kind of record.")
    verbs: list[VerbExplanation] = said("Each way, in the same order always.")
    walls: list[PolicyWall] = said("The walls that speak to your role and this kind: the same for everybody of your role.")


@strawberry.input(description="What is to be explained.")
class AccessExplanationInput:
    person_id: strawberry.ID = asked("About whom: somebody whom you have been shown.")
    kind: RecordKind = asked("Which kind of record.")


INPUT = Annotated[AccessExplanationInput, strawberry.argument(description="What is to be explained.")]


async def access_explanation(input: INPUT, info: Info) -> Any:  # noqa: A002  # the argument's name
    """Null for somebody who does not exist, and for somebody of whom you may see nothing: nobody can tell."""
    context = info.context
    selected = context.selected(info)
    wanted = replace(selected.wanted, arguments={"input": _prepared})
    prepared = {"person_id": as_uuid(input.person_id), "kind": str(input.kind.value)}
    return await context.read(replace(selected, wanted=wanted), {**selected.variables, _PREPARED: prepared})


def _prepared(variables: Mapping[str, Any]) -> Any:
    return variables[_PREPARED]
