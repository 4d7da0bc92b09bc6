"""How a mutation runs: the input becomes an act, the act's record is read back by the planner, a refusal
becomes a user error."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import asdict
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Any, TypeVar
from uuid import UUID

import orjson
import strawberry

from throughline.access.acting import Act, Answer
from throughline.access.writing import how_many
from throughline.api.caution import CautionInput, beside
from throughline.api.context import Context, Info
from throughline.api.described import asked, said
from throughline.api.raw import Raw
from throughline.api.selection import Selected
from throughline.db.columns import new_id
from throughline.db.refusal import Refused, bad_input
from throughline.db.session import Question, Session, Written
from throughline.reading.tree import Field, Variables

LONGEST_KEY = 200


@strawberry.enum(description="Why an act was refused: a closed list. Nothing was changed.")
class UserErrorCode(StrEnum):
    BAD_USER_INPUT = "BAD_USER_INPUT"
    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
    CONFLICT = "CONFLICT"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"


_MEANS = {
    "BAD_USER_INPUT": "Something in the input is not acceptable; `field` says where.",
    "NOT_FOUND": "Something that the input names does not exist, or you may not see it: the two look alike.",
    "FORBIDDEN": "No sentence of the access policy lets you do this.",
    "CONFLICT": "Somebody changed the record after you read it. Read it again, and decide again.",
    "IDEMPOTENCY_CONFLICT": "You used this idempotency key before, with another input.",
}
for _value in UserErrorCode.__strawberry_definition__.values:  # type: ignore[attr-defined]
    _value.description = _MEANS[_value.name]


@strawberry.interface(description="Why an act was refused. The list of codes is closed; nothing was changed.")
class UserError:
    code: UserErrorCode = said("Which of the closed list it is.")
    message: str = said("For a person to read. It repeats nothing that you sent.")
    field: list[str] = said("Where in the input: names and positions, outermost first; empty where it is about the whole.")


@strawberry.type(description="An act was refused, for the reason that its code gives.")
class Refusal(UserError):  # noqa: N818  # an answer, not a fault
    pass


def _recorded(self: "Payload") -> Any:
    return self.read.get(MADE)


@strawberry.type
class Payload:
    """What every mutation answers: the record it made or changed, and why not. `read`: by response key."""

    read: strawberry.Private[dict[str, Raw]]
    user_errors: list[UserError] = said("Why the act was refused; empty if it was done. Nothing was changed unless it is empty.")

    recorded_id: strawberry.ID | None = strawberry.field(
        resolver=_recorded,
        graphql_type=strawberry.ID | None,
        description="The id of what was made or changed; null if the act was refused. There is one even where the policy lets you "
        "write a record that you may not see, and whatever else the payload has is null: then it was recorded all the same.",
    )


def shows(of: Any, description: str) -> Any:
    """The payload's field that shows the act's record, read back under its response key."""

    def shown(self: Payload, info: Info) -> Any:
        return self.read.get(str(info.path.key))

    return strawberry.field(resolver=shown, graphql_type=of, description=description)


def made(of: Any, description: str) -> Any:
    """A field made of the id of the act's record alone: `of` that id, or whether there is one."""

    def shown(self: Payload) -> Any:
        return MADE in self.read if of is bool else self.read.get(MADE)

    return strawberry.field(resolver=shown, graphql_type=of, description=description)


@strawberry.input
class ActInput:
    """What every input begins with."""

    idempotency_key: str = asked(
        "Any text of your user's own, one for each act: 1 to 200 characters. The same key with the same input does "
        "it once and gives the same record back; with another input: IDEMPOTENCY_CONFLICT."
    )


@strawberry.input
class MakingInput(ActInput):
    """The input of an act that makes a record about people."""

    caution: CautionInput | None = asked(
        "Who must not be told, or how to be in touch safely: it shows with the record.", default=None
    )


@strawberry.input
class ChangeInput(ActInput):
    """The input of an act on a record that is there already."""

    id: strawberry.ID = asked("The id of the record.")
    version: int = asked("The version that you read. If it is no longer the newest: CONFLICT.")


InputType = TypeVar("InputType")
Given = Annotated[InputType, strawberry.argument(description="What is asked for; each of its fields is described.")]


def mutation(resolver: Any, payload: Any, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, graphql_type=payload, description=description)


def user_error(refused: Refused) -> Refusal:
    return Refusal(
        code=UserErrorCode(refused.code),
        message=refused.message,
        field=refused.field.split(".") if refused.field else [],
    )


async def act(
    info: Info,
    given: Any,
    perform: Callable[[Session, UUID], Awaitable[None]],
    *,
    shows: tuple[str, ...],
    type_name: str | tuple[str, ...],
    record_id: UUID | None = None,
    question: Question | None = None,
) -> dict[str, Any]:
    """Do it once, and read its record back under each response key for which the payload's field `shows` was
    asked.
    Answers what a Payload is made of.

    `given`: the input; `shows`: empty where the payload shows nothing; `type_name`: what the record is, or
    may be;
    `record_id`: of the record that it changes, or None where it makes one. `question`: as in `Act`.
    """
    context = info.context
    selected = context.desk.selections.beneath(info._raw_info, context.request.document_hash, *shows) if shows else {}
    target = record_id or new_id()

    async def do(session: Session) -> None:
        await beside(given, session, target)
        await perform(session, target)

    wanted = Act(
        mutation=info.field_name,
        key=given.idempotency_key,
        digest=digest(given),
        record_id=target,
        perform=do,
        operation=context.request.operation_hash,
        question=question,
    )
    try:
        await checked_input(context, wanted.mutation, given)
        read = await context.desk.acting.do(context.viewer, wanted, _answers(context, wanted, selected, type_name))
    except Refused as refused:
        context.request.even_time.ask()
        return {"read": {}, "user_errors": [user_error(refused)]}
    return {"read": read, "user_errors": []}


async def checked_input(context: Context, mutation: str, given: Any, reads: Callable[[], Any] = lambda: None) -> Any:
    """As `check_input`, and what `reads` makes of the input; but whom no sentence lets try it at all is told that first. Any of
    these refusals is in the trail."""
    acting, operation = context.desk.acting, context.request.operation_hash
    await acting.admit(context.viewer, mutation, operation)
    try:
        check_input(given)
        return reads()
    except Refused as refused:
        await acting.note_refusal(context.viewer, mutation, operation, refused.code)
        raise


def check_input(given: Any) -> None:
    """What no input may be, whatever it asks for: PostgreSQL keeps no NUL in texts."""
    if not 1 <= len(given.idempotency_key) <= LONGEST_KEY:
        raise bad_input(f"An idempotency key has 1 to {LONGEST_KEY} characters.", "idempotencyKey")
    if b"\\u0000" in _written(given) and any("\x00" in text for text in _texts(asdict(given))):
        raise bad_input("Texts hold no NUL characters.")


def _written(given: Any) -> bytes:
    """The whole input as JSON, in which a NUL is spelt out."""
    return orjson.dumps(given, default=str, option=orjson.OPT_SORT_KEYS)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _answers(context: Context, wanted: Act, selected: dict[str, Selected], type_name: str | tuple[str, ...]) -> Answer:
    """Reads the record by its id, for every key under which it was asked for; at least its id, for the
    trail."""
    possible = (type_name,) if isinstance(type_name, str) else type_name
    bare = Selected(Field("id", "id", children={name: (Field("id", "id"),) for name in possible}), "bare", {})

    async def answer(connection: Any, record_id: UUID, unchecked: list[Written]) -> dict[str, Raw]:
        read = {MADE: Raw(f'"{record_id}"')}
        for key, one in (selected or {"": bare}).items():
            node = Field(key, "node", {"id": _record}, one.wanted.children)
            judged = judged_with(unchecked, record_id)
            json = await context.desk.reader.answer_within(
                connection,
                node,
                context.viewer,
                {**one.variables, _RECORD: record_id},
                operation=wanted.operation,
                plan_key=("acted", possible, one.key),
                verb=wanted.mutation,
                written=judged,
            )
            if json is None and judged:
                unchecked.append(judged)  # it does not show: the act itself names it in the trail
            read[key] = Raw(json)
        return read

    return answer


def judged_with(unchecked: list[Written], record_id: UUID) -> Written | None:
    """What can be judged with the reading of this record, if it is all that is unchecked: taken out of the list."""
    (written,) = unchecked if len(unchecked) == 1 else (None,)
    if written is None or written.record_id != record_id or not how_many(written.kind, written.about):
        return None
    unchecked.clear()
    return written


MADE = " made"
"""Where the id of the act's record stands among what was read, for payloads that show nothing else of it."""

_RECORD = " record"
"""Where the id of the act's record stands among the variables: no variable of GraphQL has such a name."""


def _record(variables: Variables) -> Any:
    return variables[_RECORD]


def digest(given: Any) -> bytes:
    """Of the whole input: the same for a retry, another for a mistake."""
    return sha256(_written(given)).digest()
