"""What the viewer may do: for front-ends, to draw only what can lead somewhere."""

import strawberry

from throughline.api.described import said
from throughline.api.policy_sentence import PolicySentence
from throughline.api.vocabulary import PolicyVerb, RecordKind


@strawberry.type(
    description="One thing that you may do with one kind of record. It says what your role and purpose allow, not for which people: "
    "that is decided for each record, so an act can still be refused, and a list be empty."
)
class Ability:
    kind: RecordKind = said("The kind of record.")
    verb: PolicyVerb = said("What you may do with records of the kind.")
    mutations: list[str] = said("Names of the mutations that do it, in order of the alphabet. Empty for what is done by asking.")
    sentences: list[PolicySentence] = said("The sentences of the access policy that allow it. Each has conditions of its own.")


@strawberry.type(
    description="What you may do in your role and for your purpose, before any record is looked at. Draw no button for what is not "
    "here: it would always be refused. It is the same for everybody of this role and purpose, so keep it as long as the token."
)
class MayDo:
    mutations: list[str] = said("Names of all mutations that may do something for you, in order of the alphabet.")
    search: bool = said(
        "Whether `personSearch` answers you. If you have the ability to FIND, you find anybody and must give a reason; otherwise "
        "you find people of whom you may see something."
    )
    abilities: list[Ability] = said("Kind by kind, what you may do, and by which sentences.")
