"""What a caller may be told when something goes wrong: a closed list of codes, and everything else is masked.

A message never repeats a value that the caller sent: values here are names, dates of birth and reports.
"""

import logging
import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from graphql import GraphQLError, GraphQLSyntaxError
from strawberry.exceptions import StrawberryInputCoercionError

log = logging.getLogger(__name__)

LONGEST_MESSAGE = 240
LONGEST_NAME = 60


class Code(StrEnum):
    BAD_REQUEST = "BAD_REQUEST"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    FORBIDDEN = "FORBIDDEN"
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    INTERNAL_SERVER_ERROR = "INTERNAL_SERVER_ERROR"
    OPERATION_RESOLUTION_FAILURE = "OPERATION_RESOLUTION_FAILURE"
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    QUERY_TOO_COMPLEX = "QUERY_TOO_COMPLEX"
    RATE_LIMITED = "RATE_LIMITED"
    SERVICE_UNAVAILABLE = "SERVICE_UNAVAILABLE"
    UNAUTHENTICATED = "UNAUTHENTICATED"


class Refusal(Exception):  # noqa: N818  # an answer, not an error of ours
    """Said on purpose: its message reaches the caller, so it holds nothing that the caller may not read."""

    code: Code = Code.BAD_USER_INPUT
    message = "The request was refused."
    is_of_the_whole = False
    """Whichever field met it: the request is refused as at the door, with a status of its own and no data."""

    def __init__(self, message: str | None = None, **extensions: object) -> None:
        super().__init__(message or self.message)
        self.extensions = extensions


class BadUserInput(Refusal):
    code = Code.BAD_USER_INPUT
    message = "Something in the input is not acceptable."


class BadRequest(Refusal):
    code = Code.BAD_REQUEST
    message = "This is not a GraphQL request."


class ParseFailed(Refusal):
    code = Code.GRAPHQL_PARSE_FAILED
    message = "The document is not GraphQL."


class ValidationFailed(Refusal):
    code = Code.GRAPHQL_VALIDATION_FAILED
    message = "The document does not fit the schema."


class PersistedQueryNotFound(Refusal):
    code = Code.PERSISTED_QUERY_NOT_FOUND
    message = "No trusted document has this hash."


class OperationResolutionFailure(Refusal):
    code = Code.OPERATION_RESOLUTION_FAILURE
    message = "Cannot tell which operation to run."


class Unauthenticated(Refusal):
    """`challenge` is the value of the WWW-Authenticate header (RFC 6750, section 3)."""

    code = Code.UNAUTHENTICATED
    message = "Sign in first: send an access token as 'Authorization: Bearer …'."
    is_of_the_whole = True

    def __init__(self, message: str | None = None, *, challenge: str = "Bearer") -> None:
        super().__init__(message)
        self.challenge = challenge


class Forbidden(Refusal):
    code = Code.FORBIDDEN
    message = "You may not do this."


class QueryTooComplex(Refusal):
    code = Code.QUERY_TOO_COMPLEX
    message = "The document asks for too much at once."


class RateLimited(Refusal):
    code = Code.RATE_LIMITED
    message = "Too many requests; try again later."


class ServiceUnavailable(Refusal):
    """`retry_after_s` is the value of the Retry-After header. A mutation is safe to send again, by its idempotency key."""

    code = Code.SERVICE_UNAVAILABLE
    message = "The portal cannot reach its records at this moment; try again shortly."
    is_of_the_whole = True

    def __init__(self, message: str | None = None, *, retry_after_s: int) -> None:
        super().__init__(message, retryAfter=retry_after_s)
        self.retry_after_s = retry_after_s


Refusals = Mapping[type[Exception], Callable[[str], Refusal]]
"""By exception, the refusal that is made of its message."""

# graphql-core suggests names of the schema, and quotes values that the caller sent: neither goes out.
_QUOTED_VALUES = (
    (re.compile(r"\s*Did you mean .*", re.S), ""),
    (re.compile(r",? (?:but encountered error|found:|Found:) .*", re.S), "."),
    (re.compile(r"(cannot represent [^:]*): .*", re.S), r"\1."),
    (re.compile(r"Value '.*' does not exist in", re.S), "Value does not exist in"),
)
_QUOTED_TEXT = re.compile(r"\b((?:Block)?String) (['\"]).*", re.S)
_LONG_QUOTE = re.compile(rf"'[^']{{{LONGEST_NAME},}}'")
_VARIABLE = re.compile(r"(Variable '\$\w+' has invalid value(?: at [\w.\[\]]+)?)(?:: (.*))?", re.S)
# Of the reasons why a variable is wrong, those that are known to name only types and fields.
_SAFE_REASON = re.compile(
    r"Expected a value of non-null type '[^']+' to be provided"
    r"|Expected value of non-null type '[^']+' not to be None"
    r"|Expected value of type '\w+' (?:to be an object|to include required field '\w+')"
    r"|Expected value of type '\w+' not to include unknown field '[A-Za-z_]\w{0,59}'"
    r"|\w+ cannot represent (?:an? )?[A-Za-z0-9 -]+(?= value|:|$)"
    r"|Within OneOf Input Object type '\w+', exactly one field must be specified"
)


def clean(message: str) -> str:
    """graphql-core's message without suggestions and without the values that it quotes."""
    variable = _VARIABLE.match(message)
    if variable:
        reason = _SAFE_REASON.match(variable[2] or "")
        return f"{variable[1]}: {reason[0]}." if reason else f"{variable[1]}."
    if message.startswith("Syntax Error"):
        message = _QUOTED_TEXT.sub(r"\1.", message)
    else:
        for pattern, replacement in _QUOTED_VALUES:
            message = pattern.sub(replacement, message)
    message = _LONG_QUOTE.sub("'…'", message)
    return message if len(message) <= LONGEST_MESSAGE else message[: LONGEST_MESSAGE - 1] + "…"


def root_cause(error: GraphQLError) -> Exception:
    """What a resolver really raised, beneath the GraphQLErrors that were wrapped around it on the way up."""
    cause: Exception = error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return cause


class Masker:
    """Turns any error into what may be told. `refusals`: what the exceptions of rooms below `api` stand for."""

    def __init__(self, refusals: Refusals | None = None) -> None:
        self._refusals = dict(refusals or {})

    def formatted(self, error: GraphQLError, request_id: str) -> dict[str, Any]:
        message, extensions = self._told(error, request_id)
        answer: dict[str, Any] = {"message": message}
        if error.locations:
            answer["locations"] = [location.formatted for location in error.locations]
        if error.path is not None:
            answer["path"] = error.path
        answer["extensions"] = extensions
        return answer

    def refusal(self, error: Exception) -> Refusal | None:
        """The refusal that this exception stands for, or None when it is a fault of ours."""
        if isinstance(error, Refusal):
            return error
        for kind in type(error).__mro__:
            if kind in self._refusals:
                return self._refusals[kind](str(error))
        return None

    def fault(self, error: Exception, request_id: str) -> tuple[str, dict[str, Any]]:
        """Log a fault of ours, and say only how to find it in the log."""
        log.error("internal error, request %s: %s", request_id, describe(error))
        return "Something went wrong on our side.", {
            "code": Code.INTERNAL_SERVER_ERROR.value,
            "reference": request_id,
        }

    def _told(self, error: GraphQLError, request_id: str) -> tuple[str, dict[str, Any]]:
        cause = root_cause(error)
        refusal = self.refusal(cause)
        if refusal is not None:
            return str(refusal), {"code": refusal.code.value, **refusal.extensions}
        code = _code_of_graphql_core(error, cause)
        return (clean(error.message), {"code": code.value}) if code else self.fault(cause, request_id)


def _code_of_graphql_core(error: GraphQLError, cause: Exception) -> Code | None:
    """The code of what graphql-core found wrong in the request; None when it is not the caller's fault."""
    if isinstance(error, GraphQLSyntaxError):
        return Code.GRAPHQL_PARSE_FAILED
    if isinstance(cause, StrawberryInputCoercionError) or _VARIABLE.match(error.message):
        return Code.BAD_USER_INPUT
    if not isinstance(cause, GraphQLError):
        return None
    if error.path is None:
        return Code.GRAPHQL_VALIDATION_FAILED
    return Code.BAD_USER_INPUT if cause.message.startswith("Argument '") else None


def describe(error: BaseException) -> str:
    """Where it happened, without the messages: those of databases and parsers quote people's data."""
    return "\n".join(_described(error))


def _described(error: BaseException | None) -> Iterator[str]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        kind = type(error)
        yield f"{kind.__module__}.{kind.__qualname__}"
        for frame in traceback.extract_tb(error.__traceback__):
            yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
        error = error.__cause__ or error.__context__
