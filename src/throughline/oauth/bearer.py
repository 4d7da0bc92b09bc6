"""The access token of a request: one, in the Authorization header (RFC 6750), never in an address."""

from starlette.types import Scope

from throughline.oauth.tokens import TokenError

NO_TOKEN = "Bearer"  # noqa: S105  # a challenge: no error when nothing was sent (RFC 6750, 3.1)
BAD_TOKEN = 'Bearer error="invalid_token"'  # noqa: S105


def bearer_token(scope: Scope) -> str | None:
    """None when there is no Authorization header at all; TokenError when it cannot be a bearer token."""
    headers = [value for name, value in scope["headers"] if name == b"authorization"]
    if not headers:
        return None
    value: bytes = headers[0]
    scheme, _, token = value.decode("latin-1").partition(" ")
    if len(headers) > 1 or scheme.lower() != "bearer" or not token.strip():
        raise TokenError("not one bearer token")
    return token.strip()
