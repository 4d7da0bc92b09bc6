"""Own connections: whom a practitioner must not meet here."""

from typing import Any
from uuid import UUID

import strawberry

from throughline.api.context import Info
from throughline.api.described import asked
from throughline.api.identity import AboutInput, about
from throughline.api.mutation import ActInput, Given, Payload, act, made, mutation
from throughline.api.vocabulary import ConnectionKind
from throughline.db.session import Session
from throughline.records import connection as acts


@strawberry.input(description="Somebody with whom you are connected yourself.")
class ConnectionDeclareInput(ActInput):
    about: AboutInput = asked("Who it is.")
    kind: ConnectionKind = asked("How you are connected.")


@strawberry.type(
    description="That your connection was declared, or why not. Nothing is shown: from now on the person "
    "does not exist for you here."
)
class ConnectionDeclarePayload(Payload):
    is_declared: bool = made(bool, "Whether it was declared.")


async def declare(info: Info, input: Given[ConnectionDeclareInput]) -> Any:  # noqa: A002
    async def perform(session: Session, record_id: UUID) -> None:
        await acts.declare(session, record_id, about(input.about, session.today, "about"), input.kind)

    return ConnectionDeclarePayload(**await act(info, input, perform, shows=(), type_name="Contact"))


@strawberry.type
class ConnectionMutations:
    connection_declare: ConnectionDeclarePayload = mutation(
        declare,
        ConnectionDeclarePayload,
        "Declare that you are connected with somebody. You will see and write nothing about them or their household.",
    )
