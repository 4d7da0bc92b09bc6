"""A fresh token for somebody of a demo that is running, from what it wrote into its data folder when it
started."""

import json
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from throughline.oauth.keys import ALGORITHM, from_pem
from throughline.oauth.scope import Scope
from throughline.oauth.tokens import DEMO_LIFETIME_S, TokenMint
from throughline.settings import Settings
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

DESCRIBED = "demo.json"
"""In the data folder: the same JSON that `throughline demo --describe` writes."""


class DemoTokenError(Exception):
    """There is no demo to make a token for, or nobody in it has the role."""


def fresh_token(settings: Settings, role: Role, purpose: Purpose | None = None) -> str:
    """For the demo's own practitioner of this role, at the address where it was served last; `purpose` only if another
    one than they usually have."""
    keys = from_pem(settings.signing_key.encode())
    described = _described(settings.data_dir / DESCRIBED)
    viewer = next((one for one in described["viewers"] if one["role"] == role), None)
    if viewer is None:
        raise DemoTokenError(f"nobody in the demo is a {role}")
    try:
        claims = jwt.decode(viewer["access_token"], keys.current, algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError) as error:
        raise DemoTokenError("the demo has other keys by now: start it again") from error
    mint = TokenMint(issuer=claims["iss"], audience=claims["aud"], keys=keys, is_demo=True)
    scope = Scope(role, purpose or Scope.parse(claims["scope"]).purpose)
    return mint.mint(claims["sub"], claims["client_id"], scope, lifetime_s=DEMO_LIFETIME_S)


def _described(path: Path) -> Any:
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        raise DemoTokenError("start `throughline demo` first, with the same data folder") from None
    except ValueError as error:
        raise DemoTokenError(f"{path} is not what a demo writes: start it again") from error
