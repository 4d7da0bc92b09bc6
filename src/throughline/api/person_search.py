"""Searching for people: what may be asked, by whom, and how the words become keys."""

import datetime
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any

import strawberry

from throughline.access.policy import NEVER_SEARCH
from throughline.access.rule import Verb
from throughline.access.rules import rules_for
from throughline.access.viewer import Viewer
from throughline.api.connection import AFTER, FIRST
from throughline.api.context import Info
from throughline.api.errors import BadUserInput, Forbidden, Refusal
from throughline.api.vocabulary import SearchReason
from throughline.linking.keys import hashed_keys
from throughline.terms.names import fold, query_keys
from throughline.terms.record_kind import RecordKind

LONGEST_NAME = 200
DIGEST_BYTES = 16
_PREPARED = " search"
"""Where the prepared search stands among the variables: no variable of GraphQL has such a name."""


@strawberry.input(
    description="Whom to look for. Spelling, accents, the order of names, and day and month exchanged are "
    "forgiven. Give `name`, or "
    "`givenName` and `familyName`; a date of birth puts the right person first."
)
class PersonSearchInput:
    name: str | None = strawberry.field(
        default=None, description="All names in one line, when you do not know which is which: «Adam Khan»."
    )
    given_name: str | None = strawberry.field(default=None, description="First name or names.")
    family_name: str | None = strawberry.field(default=None, description="Surname.")
    date_of_birth: datetime.date | None = strawberry.field(default=None, description="Date of birth, as `YYYY-MM-DD`.")
    reason: SearchReason | None = strawberry.field(
        default=None,
        description="Why you search. Required for triage workers, social workers and identity stewards when "
        "they may find anybody "
        "(for TRIAGE, PROTECTION or IDENTITY); everybody else finds only people of whom they may see "
        "something, and needs none.",
    )


INPUT = Annotated[PersonSearchInput, strawberry.argument(description="Whom to look for.")]


async def person_search(input: INPUT, info: Info, first: FIRST = 20, after: AFTER = strawberry.UNSET) -> Any:  # noqa: A002
    """The best matches first. Who may not search is told so; who may, finds those whom they may know of."""
    context = info.context
    try:
        _check(context.viewer, input)
        context.desk.searches.spend(context.viewer.actor_id)
    except Refusal as refused:
        await context.desk.acting.note_refusal(context.viewer, "personSearch", context.request.operation_hash, refused.code)
        raise
    context.request.even_time.ask()
    selected = context.selected(info)
    wanted = replace(selected.wanted, arguments={**selected.wanted.arguments, "input": _prepared})
    variables = {**selected.variables, _PREPARED: prepare(context.desk.secret, input)}
    return await context.read(replace(selected, wanted=wanted), variables)


def _prepared(variables: Mapping[str, Any]) -> Any:
    return variables[_PREPARED]


def _check(viewer: Viewer, sought: PersonSearchInput) -> None:
    if viewer.role in NEVER_SEARCH:
        raise Forbidden("Your role does not search for people.")
    names = [sought.name, sought.given_name, sought.family_name]
    if not any(fold(name) for name in names):
        raise BadUserInput("Give a name to search for.")
    if fold(sought.name) and (fold(sought.given_name) or fold(sought.family_name)):
        raise BadUserInput("Give 'name', or 'givenName' and 'familyName', not both.")
    if any(len(name or "") > LONGEST_NAME for name in names):
        raise BadUserInput(f"A name has at most {LONGEST_NAME} characters.")
    may_find_anybody = rules_for(Verb.FIND, RecordKind.PERSON, viewer.role, viewer.purpose)
    if may_find_anybody and sought.reason is None:
        raise BadUserInput("Say why you search: give a 'reason'.")


def prepare(secret: bytes, sought: PersonSearchInput) -> dict[str, Any]:
    """`keys` to look up, `name` and `born` to rank by, and `terms`, the digests that the trail keeps."""
    given, family = sought.given_name, sought.family_name
    if not (given or family):
        given, _, family = fold(sought.name).rpartition(" ")
    name = " ".join(filter(None, (fold(given), fold(family))))
    return {
        "keys": hashed_keys(secret, query_keys(given or None, family or None, sought.date_of_birth)),
        "name": name,
        "born": sought.date_of_birth,
        "terms": b"".join(_digest(secret, term) for term in _terms(name, sought)),
    }


def _terms(name: str, sought: PersonSearchInput) -> Iterator[str]:
    """Whoever knows a name can ask the trail for it: order of names does not matter."""
    yield "name:" + " ".join(sorted(name.split()))
    if sought.date_of_birth:
        yield f"born:{sought.date_of_birth}"
    if sought.reason:
        yield f"reason:{sought.reason.value}"


def _digest(secret: bytes, term: str) -> bytes:
    return hmac.digest(secret, b"search-term|" + term.encode(), "sha256")[:DIGEST_BYTES]
