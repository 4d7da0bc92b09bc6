"""The authorization server: Authlib's core on Starlette, one grant so far, and metadata that say no more."""

import ipaddress
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from anyio import from_thread, to_thread
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import AuthorizationServer as AuthlibServer
from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError, OAuth2Payload, OAuth2Request
from authlib.oauth2.rfc6749.errors import UnsupportedGrantTypeError
from authlib.oauth2.rfc6749.util import extract_basic_authorization
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from throughline.db.engine import AWAY, RETRY_AFTER_S
from throughline.oauth.client import Client, ClientStore
from throughline.oauth.client_credentials import ASSERTION_ALGORITHMS, ClientAssertion, ClientCredentials
from throughline.oauth.keys import SigningKeys
from throughline.oauth.scope import Scope
from throughline.oauth.tokens import ORDINARY_LIFETIME_S, TokenMint
from throughline.people.client import ClientAuthentication

log = logging.getLogger(__name__)

TOKEN_PATH = "/oauth/token"  # noqa: S105  # a path
JWKS_PATH = "/oauth/jwks"
METADATA_PATH = "/.well-known/oauth-authorization-server"
LARGEST_FORM = 16_000
NO_STORE = {"cache-control": "no-store", "pragma": "no-cache"}


class FormPayload(OAuth2Payload):  # type: ignore[misc]  # Authlib ships no types
    def __init__(self, members: Mapping[str, str]) -> None:
        self._members = dict(members)

    @property
    def data(self) -> dict[str, str]:
        return self._members

    @property
    def datalist(self) -> dict[str, list[str]]:
        return {name: [value] for name, value in self._members.items()}


class TokenRequest(OAuth2Request):  # type: ignore[misc]  # Authlib ships no types
    """What Authlib needs of a request; the address is the issuer's, since a Host header may say anything."""

    def __init__(self, address: str, headers: Headers, form: Mapping[str, str]) -> None:
        super().__init__("POST", address, headers=headers)
        self.payload = FormPayload(form)

    @property
    def args(self) -> dict[str, str]:
        return {}

    @property
    def form(self) -> dict[str, str]:
        members: dict[str, str] = self.payload.data
        return members


class AuthorizationServer(AuthlibServer):  # type: ignore[misc]  # Authlib ships no types
    """Authlib is synchronous: requests run in a worker thread, and ask the store back on the event loop."""

    def __init__(self, issuer: str, mint: TokenMint, store: ClientStore) -> None:
        super().__init__()
        self._mint = mint
        self._store = store
        self.register_grant(ClientCredentials)
        self.register_token_generator("default", self._token)
        assertion = ClientAssertion([issuer, issuer + TOKEN_PATH], self._spend)
        self.register_client_auth_method(ClientAuthentication.PRIVATE_KEY.value, assertion)

    def query_client(self, client_id: str) -> Client | None:
        return from_thread.run(self._store.find, client_id)

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: TokenRequest) -> TokenRequest:
        return request

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> Response:
        return JSONResponse(body, status, headers=dict(headers))

    def handle_error_response(self, request: TokenRequest, error: OAuth2Error) -> Response:
        if isinstance(error, InvalidClientError):  # in one way, whether the client exists or not
            error = InvalidClientError(status_code=401, description="The client did not prove who it is.")
        if isinstance(error, UnsupportedGrantTypeError):  # Authlib's repeats what was sent
            return JSONResponse({"error": error.error}, 400, headers=NO_STORE)
        response: Response = super().handle_error_response(request, error)
        return response

    def _token(self, *, client: Client, scope: str, **_: Any) -> dict[str, Any]:
        return {
            "access_token": self._mint.mint(client.subject, client.client_id, Scope.parse(scope)),
            "token_type": "Bearer",
            "expires_in": ORDINARY_LIFETIME_S,
            "scope": str(Scope.parse(scope)),
        }

    def _spend(self, client_id: str, token_id: str, expires_at: Any) -> bool:
        return from_thread.run(self._store.spend_assertion, client_id, token_id, expires_at)


def routes(*, issuer: str, mint: TokenMint, keys: SigningKeys, store: ClientStore) -> list[Route]:
    """`issuer` is our own address without a slash at the end, exactly as tokens carry it."""
    if not _is_safe_address(issuer):
        raise ValueError("the issuer must be https, or http on a loopback address, without a slash at the end")
    server = AuthorizationServer(issuer, mint, store)

    async def token(request: Request) -> Response:
        try:
            oauth_request = TokenRequest(issuer + TOKEN_PATH, request.headers, await _form(request))
        except OAuth2Error as error:
            return server.handle_error_response(None, error)  # type: ignore[arg-type]  # it is not looked at
        try:
            response: Response = await to_thread.run_sync(server.create_token_response, oauth_request)
        except AWAY:
            log.warning("the database is away, or too slow")
            return JSONResponse({"error": "temporarily_unavailable"}, 503, headers={**NO_STORE, "retry-after": str(RETRY_AFTER_S)})
        return response

    async def jwks(_: Request) -> Response:
        return JSONResponse(keys.jwks(), headers={"cache-control": "public, max-age=300"})

    async def metadata(_: Request) -> Response:
        return JSONResponse(metadata_of(issuer), headers={"cache-control": "public, max-age=300"})

    return [
        Route(TOKEN_PATH, token, methods=["POST"]),
        Route(JWKS_PATH, jwks, methods=["GET"]),
        Route(METADATA_PATH, metadata, methods=["GET"]),
    ]


def metadata_of(issuer: str) -> dict[str, Any]:
    """RFC 8414: only what is really served."""
    return {
        "issuer": issuer,
        "token_endpoint": issuer + TOKEN_PATH,
        "jwks_uri": issuer + JWKS_PATH,
        "response_types_supported": [],
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": [method.value for method in ClientAuthentication],
        "token_endpoint_auth_signing_alg_values_supported": list(ASSERTION_ALGORITHMS),
    }


async def _form(request: Request) -> dict[str, str]:
    if not _is_safe_channel(request):
        raise InvalidRequestError("Secrets and tokens travel by https only.")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise InvalidRequestError("Send application/x-www-form-urlencoded.")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise InvalidRequestError("The request is too large.")
    form = _members(body)
    _check_one_authentication(request.headers, form)
    return form


def _members(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=20)
    except ValueError as error:
        raise InvalidRequestError("The form is not readable.") from error
    members = dict(pairs)
    if len(members) != len(pairs):
        raise InvalidRequestError("Each parameter may be given once.")
    return members


def _check_one_authentication(headers: Headers, form: Mapping[str, str]) -> None:
    try:
        client_id, _ = extract_basic_authorization(headers)
    except ValueError as error:  # Authlib lets bytes through that are no text
        raise InvalidClientError() from error
    if client_id is not None and "client_assertion" in form:
        raise InvalidRequestError("Prove who you are in one way only.")


def _is_safe_channel(request: Request) -> bool:
    """Whether this request came by https, or from this very machine."""
    if request.url.scheme == "https" or request.client is None:  # None: a local socket
        return True
    return _is_loopback(request.client.host)


def _is_safe_address(address: str) -> bool:
    parts = urlsplit(address)
    if address.endswith("/") or not parts.hostname or parts.query or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
