"""The GraphQL endpoint: a thin ASGI view over graphql-core.

Authenticate, read, find the prepared document, execute, write the bytes. It is our own because everything
around the one SQL statement has to cost less than half a millisecond: Strawberry's takes many times that.
"""

import asyncio
import hashlib
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeGuard, TypeVar, cast

import orjson
import strawberry
from graphql import ExecutionResult, FieldNode, GraphQLSchema, OperationDefinitionNode, OperationType, execute
from graphql.execution import Executor
from starlette.types import Receive, Scope, Send
from strawberry.execution import optimized_is_awaitable

from throughline.api.documents import PreparedDocument, PreparedDocuments, TrustedDocuments
from throughline.api.errors import BadRequest, Masker, OperationResolutionFailure, Refusals, root_cause
from throughline.api.even_time import STEP, EvenTime, until_the_stroke
from throughline.api.limits import Limits
from throughline.api.negotiation import (
    Answer,
    BodyTooLarge,
    MediaType,
    MethodNotAllowed,
    NotAcceptable,
    Statuses,
    UnsupportedMediaType,
    headers_of_refusal,
    is_json,
    negotiate,
    status_of_refusal,
)
from throughline.api.raw import RawExecutionContext
from throughline.api.request import DisconnectedError, GraphQLRequest, from_body, from_query_string, read_body

ALLOWED = "GET, POST"

# Strawberry's is the same predicate with a faster path for plain values; its signature lacks the guard
_is_awaitable = cast("Callable[[Any], TypeGuard[Awaitable[Any]]]", optimized_is_awaitable)

Viewer = TypeVar("Viewer")
Context = TypeVar("Context")
Done = Callable[["RequestInfo", float, int], None]
"""Told of each operation that was executed: what it was, the seconds it took, how many errors it answered
with."""


@dataclass(frozen=True, slots=True)
class RequestInfo:
    """What a context may want to know about the request; nothing in it comes from the variables."""

    request_id: str
    document_hash: str
    operation_name: str | None
    operation_type: OperationType
    is_trusted_document: bool
    even_time: EvenTime = field(default_factory=EvenTime, compare=False)

    @property
    def operation_hash(self) -> str:
        """Names the document and the operation in it, without a text that a caller chose."""
        said = f"{self.document_hash} {self.operation_name or ''}"
        return hashlib.sha256(said.encode()).hexdigest()[:32]


class GraphQLView(Generic[Viewer, Context]):
    """Mount it as a raw ASGI app. One for each contract: the schema says what its viewers may even name."""

    def __init__(
        self,
        schema: GraphQLSchema | strawberry.Schema,
        *,
        authenticate: Callable[[Scope], Awaitable[Viewer]],
        make_context: Callable[[Viewer, RequestInfo], Context],
        documents: TrustedDocuments | None = None,
        limits: Limits | None = None,
        execution_context_class: type[Executor[Any]] = RawExecutionContext,
        refusals: Refusals | None = None,
        statuses: Statuses | None = None,
        on_done: Done = lambda _info, _seconds, _errors: None,
        may_upload: Callable[[Viewer], bool] = lambda _viewer: False,
        step: float = STEP,
    ) -> None:
        """`authenticate` raises `Unauthenticated`; `refusals`: what exceptions from below stand for; `may_upload`: whether a
        larger body is read at all (`limits.py`); `step`: seconds, 0 for no even time (`even_time.py`)."""
        self._schema = schema._schema if isinstance(schema, strawberry.Schema) else schema
        self._authenticate = authenticate
        self._make_context = make_context
        self._limits = limits or Limits()
        self._documents = PreparedDocuments(self._schema, self._limits, documents)
        self._executor = execution_context_class
        self._masker = Masker(refusals)
        self._statuses = statuses or Statuses()
        self._on_done = on_done
        self._may_upload = may_upload
        self._step = step

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "Subscriptions are not served yet."})
            return
        try:
            answer = await self._answer(scope, receive)
        except DisconnectedError:
            return
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.raw_headers()})
        await send({"type": "http.response.body", "body": answer.body})

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        request_id = uuid.uuid4().hex
        headers = dict(scope["headers"])
        media_type = MediaType.JSON
        try:
            if scope["method"] not in ("GET", "POST"):
                raise MethodNotAllowed("GraphQL is served by POST, trusted documents by GET as well.", allow=ALLOWED)
            negotiated = negotiate(_header(headers, b"accept"))
            if negotiated is None:
                raise NotAcceptable()
            media_type = negotiated
            viewer = await self._authenticate(scope)
            cap = self._limits.max_upload_bytes if self._may_upload(viewer) else self._limits.max_body_bytes
            request = await self._read(scope, receive, headers, cap)
            return await self._serve(scope["method"], viewer, request, media_type, request_id)
        except DisconnectedError:
            raise
        except Exception as error:
            return self._refused(error, media_type, request_id)

    async def _read(self, scope: Scope, receive: Receive, headers: dict[bytes, bytes], cap: int) -> GraphQLRequest:
        if scope["method"] == "GET":
            return from_query_string(scope["query_string"], self._limits.max_url_bytes)
        if not is_json(_header(headers, b"content-type")):
            raise UnsupportedMediaType()
        return from_body(await read_body(receive, headers.get(b"content-length"), cap))

    async def _serve(self, method: str, viewer: Viewer, request: GraphQLRequest, media_type: MediaType, request_id: str) -> Answer:
        prepared = self._find(method, request)
        if prepared.errors:
            return self._answer_of({"errors": prepared.errors}, media_type, is_refused=True)
        operation = prepared.operation(request.operation_name)
        self._check_operation(method, operation)
        if request.size > self._limits.max_body_bytes and not self._is_upload(operation):
            raise BodyTooLarge()
        self._documents.check_page_sizes(prepared, operation, request.variables)
        result = await self._execute(viewer, prepared, operation, request, request_id)
        return self._written(result, media_type, request_id)

    def _find(self, method: str, request: GraphQLRequest) -> PreparedDocument:
        if request.text is None:
            return self._documents.trusted(request.document_id or "")
        prepared = self._documents.of_text(request.text)
        if request.document_id not in (None, prepared.hash):
            raise BadRequest("The hash given is not that of the 'query'.")
        if method == "GET" and not self._documents.is_trusted(prepared.hash):
            # addresses are logged and cached on their way: only texts known beforehand may travel in one
            raise MethodNotAllowed("GET is for trusted documents only; send this by POST.", allow="POST")
        return prepared

    def _check_operation(self, method: str, operation: OperationDefinitionNode) -> None:
        kind = operation.operation
        if kind is OperationType.SUBSCRIPTION:
            raise OperationResolutionFailure("Subscriptions are not served yet.")
        if self._schema.get_root_type(kind) is None:
            raise OperationResolutionFailure(f"This schema has no {kind.value}.")
        if method == "GET" and kind is not OperationType.QUERY:
            raise MethodNotAllowed("Only queries may be sent by GET.", allow="POST")

    def _is_upload(self, operation: OperationDefinitionNode) -> bool:
        fields = operation.selection_set.selections
        return all(isinstance(one, FieldNode) and one.name.value in self._limits.uploads for one in fields)

    async def _execute(
        self,
        viewer: Viewer,
        prepared: PreparedDocument,
        operation: OperationDefinitionNode,
        request: GraphQLRequest,
        request_id: str,
    ) -> ExecutionResult:
        if prepared.document is None:  # pragma: no cover  # a document without errors is there
            raise TypeError("nothing to execute")
        name = operation.name.value if operation.name else None
        info = RequestInfo(request_id, prepared.hash, name, operation.operation, self._documents.is_trusted(prepared.hash))
        started = time.perf_counter()
        result = execute(
            self._schema,
            prepared.document,
            None,
            self._make_context(viewer, info),
            dict(request.variables),
            name,
            executor_class=self._executor,
            is_awaitable=_is_awaitable,
            hide_suggestions=True,
        )
        if not isinstance(result, ExecutionResult):
            result = await result
        took = time.perf_counter() - started
        self._on_done(info, took, len(result.errors or ()))
        if info.even_time.is_asked or result.errors:
            await asyncio.sleep(until_the_stroke(took, self._step))
        return result

    def _written(self, result: ExecutionResult, media_type: MediaType, request_id: str) -> Answer:
        if not result.errors:
            return self._answer_of({"data": result.data}, media_type)
        causes = (self._masker.refusal(root_cause(error)) for error in result.errors)
        whole = next((refusal for refusal in causes if refusal and refusal.is_of_the_whole), None)
        if whole:
            return self._refused(whole, media_type, request_id)
        errors = [self._masker.formatted(error, request_id) for error in result.errors]
        if result.data is None and all(error.path is None for error in result.errors):
            return self._answer_of({"errors": errors}, media_type, is_refused=True)
        return self._answer_of({"errors": errors, "data": result.data}, media_type, is_partial=True)

    def _answer_of(
        self,
        members: dict[str, Any],
        media_type: MediaType,
        *,
        is_refused: bool = False,
        is_partial: bool = False,
    ) -> Answer:
        status = 200
        if media_type is MediaType.GRAPHQL_RESPONSE:
            status = self._statuses.refused if is_refused else self._statuses.partial if is_partial else 200
        return Answer(status, orjson.dumps(members), media_type)

    def _refused(self, error: Exception, media_type: MediaType, request_id: str) -> Answer:
        refusal = self._masker.refusal(error)
        if refusal is None:
            message, extensions = self._masker.fault(error, request_id)
            return Answer(500, _error_body(message, extensions), media_type)
        status = status_of_refusal(refusal, media_type, self._statuses)
        extensions = {"code": refusal.code.value, **refusal.extensions}
        return Answer(status, _error_body(str(refusal), extensions), media_type, headers_of_refusal(refusal))


def _header(headers: Mapping[bytes, bytes], name: bytes) -> str | None:
    value = headers.get(name)
    return value.decode("latin-1") if value is not None else None


def _error_body(message: str, extensions: dict[str, Any]) -> bytes:
    return orjson.dumps({"errors": [{"message": message, "extensions": extensions}]})
