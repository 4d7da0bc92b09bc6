"""A small throw-away schema behind the real view, and a client that speaks to it without a socket."""

import datetime
import enum
import json
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import httpx
import strawberry
from starlette.types import Message, Scope

from throughline.api.documents import TrustedDocuments, text_hash
from throughline.api.errors import Forbidden, Unauthenticated
from throughline.api.limits import Limits
from throughline.api.raw import Raw
from throughline.api.scalars import SCALARS
from throughline.api.server import GraphQLView, RequestInfo

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
TOKEN = "let-me-in"
SECRET = "Jane Doe 2011-03-04"  # stands for any value that a caller sends and that must not come back


class StaleVersion(Exception):  # noqa: N818
    """A refusal of a room below `api`, which does not know the codes."""


@strawberry.enum
class Colour(enum.Enum):
    RED = "red"


@strawberry.input
class ChildInput:
    name: str
    born: datetime.date | None = None
    siblings: int = 0


@strawberry.type
class School:
    name: str
    phase: str


@strawberry.type
class Child:
    id: strawberry.ID
    name: str

    @strawberry.field
    def sibling(self) -> "Child":
        return self

    @strawberry.field
    def records(self, first: int | None = None, after: str | None = None) -> list["Child"]:
        return [self] * min(first or 1, 3)

    @strawberry.field
    def school(self) -> School:
        return cast("School", Raw(b'{"name":"Oak","phase":"PRIMARY"}'))


@strawberry.type
class Payload:
    child: Child | None
    schools: list[School]


def child(name: str = "Ann") -> Child:
    return Child(id=strawberry.ID("1"), name=name)


@strawberry.type
class Query:
    @strawberry.field
    def child(self, name: str = "Ann") -> Child:
        return child(name)

    @strawberry.field
    def find(
        self,
        wanted: ChildInput | None = None,
        colour: Colour | None = None,
        born: datetime.date | None = None,
        age: int = 1,
        names: list[str] | None = None,
    ) -> Child | None:
        return None

    @strawberry.field
    async def family(self) -> Child | None:
        return cast("Child", Raw('{"id":"7","name":"raw"}'))

    @strawberry.field
    async def families(self) -> list[Child]:
        return cast("list[Child]", Raw(b'[{"id":"7"}]'))

    @strawberry.field
    def mixed(self) -> list[Child | None]:
        return cast("list[Child | None]", [Raw(b'{"id":"7"}'), None, child(), Raw(None)])

    @strawberry.field
    def nobody(self) -> Child | None:
        return cast("Child", Raw(b"null"))

    @strawberry.field
    def somebody(self) -> Child:
        return cast("Child", Raw(None))

    @strawberry.field
    def refused(self) -> str | None:
        raise Forbidden("Only a steward may.")

    @strawberry.field
    def stale(self) -> str | None:
        raise StaleVersion("This is version 3 by now.")

    @strawberry.field
    def broken(self, name: str = "") -> str | None:
        raise RuntimeError(f"[parameters: {name}]")

    @strawberry.field
    def request(self, info: strawberry.Info) -> str:
        return f"{info.context.operation_name} {info.context.is_trusted_document}"


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def add(self, name: str) -> Payload:
        return Payload(child=cast("Child", Raw(b'{"id":"8"}')), schools=cast("list[School]", Raw(b"[]")))


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticks(self) -> AsyncGenerator[int, None]:  # never served yet
        yield 1


schema = strawberry.Schema(Query, Mutation, Subscription, config=SCALARS)

TRUSTED = 'query Trusted($name: String! = "Ann") { child(name: $name) { name } request }'
TRUSTED_CHANGE = 'mutation Change { add(name: "x") { child { id } } }'


async def authenticate(scope: Scope) -> str:
    sent = dict(scope["headers"]).get(b"authorization")
    if sent is None:
        raise Unauthenticated()
    if sent != f"Bearer {TOKEN}".encode():
        raise Unauthenticated("The token is not valid.", challenge='Bearer error="invalid_token"')
    return "viewer"


def make_context(viewer: str, info: RequestInfo) -> RequestInfo:
    assert viewer == "viewer"
    return info


def trusted(*texts: str) -> TrustedDocuments:
    return TrustedDocuments({text_hash(text): text for text in texts}, schema._schema)


def make_view(limits: Limits | None = None, *documents: str) -> GraphQLView[str, RequestInfo]:
    return GraphQLView(
        schema,
        authenticate=authenticate,
        make_context=make_context,
        documents=trusted(*documents) if documents else None,
        limits=limits,
        refusals={StaleVersion: Forbidden},
    )


@dataclass
class Client:
    view: GraphQLView[str, RequestInfo] = field(default_factory=lambda: make_view(None, TRUSTED, TRUSTED_CHANGE))

    async def send(
        self,
        method: str = "POST",
        *,
        content: bytes | None = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> httpx.Response:
        """A header of None is left out."""
        given: dict[str, str | None] = {
            "authorization": f"Bearer {TOKEN}",
            "accept": GRAPHQL,
            **(headers or {}),
        }
        if content is not None:
            given.setdefault("content-type", JSON)
        sent = {name: value for name, value in given.items() if value is not None}
        transport = httpx.ASGITransport(self.view, raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
            request = client.build_request(method, "/graphql", content=content, params=params, headers=sent)
            for name, value in given.items():
                if value is None:
                    request.headers.pop(name, None)
            return await client.send(request)

    async def ask(
        self, query: str, variables: Mapping[str, Any] | None = None, *, accept: str = GRAPHQL, **members: Any
    ) -> httpx.Response:
        body = {"query": query, **({"variables": variables} if variables is not None else {}), **members}
        return await self.send(content=json.dumps(body).encode(), headers={"accept": accept})


def code(response: httpx.Response) -> str:
    """The code of the first error; every error has one."""
    errors = response.json()["errors"]
    assert all("code" in error["extensions"] and error["message"] for error in errors)
    return str(errors[0]["extensions"]["code"])


async def call_raw(view: GraphQLView[str, RequestInfo], scope: Scope, messages: list[Message]) -> list[Message]:
    """The view as the server calls it: what it sends, for these incoming messages."""
    sent: list[Message] = []

    async def receive() -> Message:
        return messages.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    await view(scope, receive, send)
    return sent
