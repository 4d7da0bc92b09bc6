"""The grant `client_credentials`, with a secret (client_secret_basic) or an assertion (private_key_jwt)."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError, InvalidScopeError
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey

from throughline.oauth.client import Client
from throughline.oauth.scope import Scope
from throughline.people.client import ClientAuthentication

ASSERTION_ALGORITHMS = ("ES256", "PS256", "RS256", "EdDSA")  # asymmetric only
LONGEST_ASSERTION_S = 600
LONGEST_ASSERTION_ID = 255
SMALLEST_RSA_KEY = 2048


class ClientCredentials(ClientCredentialsGrant):  # type: ignore[misc]  # Authlib ships no types
    TOKEN_ENDPOINT_AUTH_METHODS = [method.value for method in ClientAuthentication]  # noqa: RUF012  # as Authlib has it

    def validate_token_request(self) -> None:
        super().validate_token_request()
        named = self.request.payload.client_id
        if named is not None and named != self.request.client.client_id:
            raise InvalidRequestError("client_id names another client than the one that signed in.")
        self._check_scope(self.request.client)

    def create_token_response(self) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        # Authlib's own would log the token at debug level
        token = self.generate_token(scope=self.request.payload.scope, include_refresh_token=False)
        return 200, token, self.TOKEN_RESPONSE_HEADER

    def _check_scope(self, client: Client) -> None:
        try:
            scope = Scope.parse(self.request.payload.scope or "")
        except ValueError as error:
            raise InvalidScopeError("Ask for exactly one role and one purpose that exist.") from error
        if scope not in client.scopes:
            raise InvalidScopeError("This client may not take this role for this purpose.")


class ClientAssertion(JWTBearerClientAssertion):  # type: ignore[misc]  # Authlib ships no types
    CLIENT_AUTH_METHOD = ClientAuthentication.PRIVATE_KEY.value  # Authlib's own name for it is another

    def __init__(self, audiences: list[str], spend: Callable[[str, str, datetime], bool]) -> None:
        super().__init__(leeway=30)
        self._audiences = audiences
        self._spend = spend

    def get_audiences(self) -> list[str]:
        return self._audiences

    def resolve_client_public_key(self, client: Client) -> KeySet:
        keys = [key for key in _registered(client) if _is_fit(key)]
        if not keys:  # Authlib would otherwise call this again and answer 500
            raise InvalidClientError(description="No usable keys are registered.")
        return KeySet(keys)

    def process_assertion_claims(self, assertion: str, resolve_key: KeySet) -> dict[str, Any]:
        try:
            if "crit" in jws.extract_compact(assertion.encode()).headers():
                raise InvalidClientError(description="Critical headers are not understood.")
            claims = jwt.decode(assertion, resolve_key, algorithms=ASSERTION_ALGORITHMS).claims
            self.verify_claims(claims)
        except (JoseError, ValueError, TypeError) as error:
            raise InvalidClientError(description="The assertion is not valid.") from error
        return claims

    def validate_jti(self, claims: dict[str, Any], jti: object) -> bool:
        expires = claims["exp"]
        if type(expires) is not int or expires > time.time() + LONGEST_ASSERTION_S:
            return False
        if not isinstance(jti, str) or not 0 < len(jti) <= LONGEST_ASSERTION_ID:
            return False
        # kept a little longer than the leeway lets the assertion live
        return self._spend(claims["sub"], jti, datetime.fromtimestamp(expires + 2 * self.leeway, UTC))


def _registered(client: Client) -> list[Key]:
    try:
        return KeySet.import_key_set({"keys": list((client.jwks or {})["keys"])}).keys
    except (JoseError, ValueError, TypeError, KeyError):
        return []


def _is_fit(key: Key) -> bool:
    if isinstance(key, RSAKey):
        return key.public_key.key_size >= SMALLEST_RSA_KEY
    return isinstance(key, ECKey | OKPKey)
