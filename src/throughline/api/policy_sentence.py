"""The sentences of the access policy, as callers meet them."""

import strawberry

from throughline.api.described import said
from throughline.api.vocabulary import PolicyBasis


@strawberry.type(
    description="One sentence of the access policy that lets you see something. Show it to whoever asks «why can I see this?»."
)
class PolicySentence:
    number: int = said("Its number on the printed policy page. Sentences keep their numbers.")
    text: str = said("The sentence itself, in plain English.")
    basis: list[PolicyBasis] = said("The lawful bases that it rests on.")
