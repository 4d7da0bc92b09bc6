"""The token endpoint over a real socket, with the store in memory."""

import base64
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
import uvicorn
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc.jwk import ECKey, OctKey, RSAKey
from starlette.applications import Starlette

from tests.oauth.harness import AUDIENCE, LEAD, MemoryStore, assertion, by_hand, keys, public_jwks
from throughline.oauth.client import Client, new_secret, secret_hash
from throughline.oauth.scope import Scope
from throughline.oauth.server import routes
from throughline.oauth.tokens import TokenMint, TokenVerifier
from throughline.people.client import ClientAuthentication
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

SECRET = new_secret()
OWN_KEY = ECKey.generate_key("P-256")
ANALYST = Scope(Role.ANALYST, Purpose.ASSURANCE)

BY_SECRET = Client(
    "case-system",
    "tool-1",
    ClientAuthentication.SECRET,
    frozenset({LEAD, Scope(Role.SAFEGUARDING_LEAD, Purpose.TRANSITION)}),
    secret_hash=secret_hash(SECRET),
)
BY_KEY = Client("dashboard", "tool-2", ClientAuthentication.PRIVATE_KEY, frozenset({ANALYST}), jwks=public_jwks(OWN_KEY))
KEYLESS = replace(BY_KEY, client_id="keyless", jwks=None)
BROKEN_KEYS = replace(BY_KEY, client_id="broken", jwks={"keys": [{"kty": "EC"}]})
SHARED_KEY = replace(
    BY_KEY,
    client_id="shared",
    jwks={"keys": [OctKey.import_key("0123456789abcdef" * 2).as_dict(private=True)]},
)


@dataclass
class Portal:
    url: str
    store: MemoryStore
    verifier: TokenVerifier

    def token(
        self,
        client: tuple[str, str] | None = None,
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
        **form: str,
    ) -> httpx.Response:
        form = {"grant_type": "client_credentials", "scope": str(LEAD), **form}
        address = f"{self.url}/oauth/token"
        if content is not None:
            kind = {"content-type": "application/x-www-form-urlencoded", **(headers or {})}
            return httpx.post(address, content=content, auth=client, headers=kind)
        return httpx.post(address, data=form, auth=client, headers=headers)

    def token_by_key(self, client_id: str = "dashboard", key: Any = OWN_KEY, **changes: Any) -> httpx.Response:
        changes.setdefault("audience", f"{self.url}/oauth/token")
        return self.present(assertion(key, client_id, changes.pop("audience"), **changes))

    def present(self, jwt: str, **form: str) -> httpx.Response:
        kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        form = {"scope": str(ANALYST), **form}
        return self.token(None, None, None, client_assertion_type=kind, client_assertion=jwt, **form)


@pytest.fixture(scope="module")
def running() -> Iterator[Portal]:
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    signing = keys()
    clients = (BY_SECRET, BY_KEY, KEYLESS, BROKEN_KEYS, SHARED_KEY)
    store = MemoryStore({client.client_id: client for client in clients})
    mint = TokenMint(issuer=url, audience=AUDIENCE, keys=signing)
    app = Starlette(routes=routes(issuer=url, mint=mint, keys=signing, store=store))
    server = uvicorn.Server(uvicorn.Config(app, ws="none", lifespan="off", log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Portal(url, store, TokenVerifier(issuer=url, audience=AUDIENCE, keys=signing))
    server.should_exit = True
    thread.join(10)
    listener.close()


@pytest.fixture
def portal(running: Portal) -> Portal:
    running.store.spent.clear()
    return running


def refused(response: httpx.Response, error: str, status: int) -> None:
    assert (response.status_code, response.json()["error"]) == (status, error), response.text
    assert response.headers["cache-control"] == "no-store"


def test_a_tool_signs_in_with_its_secret(portal: Portal) -> None:
    response = portal.token(("case-system", SECRET))
    body = response.json()
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    assert body == {
        "access_token": body["access_token"],
        "token_type": "Bearer",
        "expires_in": 600,
        "scope": str(LEAD),
    }
    claims = portal.verifier.verify(body["access_token"])
    assert (claims.subject, claims.client_id) == ("tool-1", "case-system")
    assert (claims.role, claims.purpose) == (LEAD.role, LEAD.purpose)


def test_a_tool_signs_in_with_its_key(portal: Portal) -> None:
    response = portal.token_by_key()
    assert response.status_code == 200
    assert portal.verifier.verify(response.json()["access_token"]).subject == "tool-2"


def test_the_issuer_is_an_audience_too(portal: Portal) -> None:
    assert portal.token_by_key(audience=portal.url).status_code == 200


def test_an_assertion_is_spent_once(portal: Portal) -> None:
    jwt = assertion(OWN_KEY, "dashboard", portal.url)
    assert portal.present(jwt).status_code == 200
    refused(portal.present(jwt), "invalid_client", 401)


def test_an_assertion_stays_spent_when_the_scope_was_wrong(portal: Portal) -> None:
    jwt = assertion(OWN_KEY, "dashboard", portal.url)
    refused(portal.present(jwt, scope=str(LEAD)), "invalid_scope", 400)
    refused(portal.present(jwt), "invalid_client", 401)


def test_a_forged_assertion_spends_nothing(portal: Portal) -> None:
    refused(portal.token_by_key(key=ECKey.generate_key("P-256"), jti="mine"), "invalid_client", 401)
    assert portal.store.spent == {}
    assert portal.token_by_key(jti="mine").status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"audience": "https://elsewhere.test"},
        {"exp": None},
        {"exp": int(time.time()) - 120},
        {"exp": int(time.time()) + 3600},
        {"exp": "soon"},
        {"exp": float("inf")},
        {"iss": "case-system"},
        {"sub": "case-system"},
        {"sub": None},
        {"sub": 7},
        {"jti": None},
        {"jti": 7},
        {"jti": "x" * 300},
        {"header": {"crit": ["b64"], "b64": True}},
        {"client_id": "nobody"},
        {"client_id": "keyless"},
        {"client_id": "broken"},
        {"client_id": "shared", "key": OctKey.import_key("0123456789abcdef" * 2), "header": {"alg": "HS256"}},
        {"key": RSAKey.generate_key(2048), "header": {"alg": "RS256"}},
    ],
    ids=lambda changes: " ".join(
        k if isinstance(v, int) else f"{k}={v}"[:30] for k, v in changes.items()
    ),  # the same in every process
)
def test_an_assertion_that_is_not_exactly_right_is_refused(portal: Portal, changes: dict[str, Any]) -> None:
    refused(portal.token_by_key(**changes), "invalid_client", 401)


def test_an_unsigned_assertion_is_refused(portal: Portal) -> None:
    claims = {
        "iss": "dashboard",
        "sub": "dashboard",
        "aud": portal.url,
        "exp": int(time.time()) + 60,
        "jti": "1",
    }
    refused(portal.present(by_hand({"alg": "none"}, claims)), "invalid_client", 401)
    refused(portal.present(by_hand({"alg": "HS256"}, claims, b"")), "invalid_client", 401)


@pytest.mark.parametrize("jwt", ["x", "..", "a.b.c", "e30.e30.e30", "W10.W10.W10", "é.é.é"])
def test_noise_for_an_assertion_is_refused(portal: Portal, jwt: str) -> None:
    refused(portal.present(jwt), "invalid_client", 401)


@pytest.mark.parametrize(
    "client",
    [
        ("case-system", "wrong"),
        ("case-system", ""),
        ("nobody", SECRET),
        ("dashboard", SECRET),
        ("keyless", ""),
        None,
    ],
)
def test_who_does_not_prove_who_it_is_hears_nothing_more(portal: Portal, client: tuple[str, str] | None) -> None:
    response = portal.token(client)
    refused(response, "invalid_client", 401)
    assert response.headers["www-authenticate"].startswith("Basic")
    assert response.json()["error_description"] == "The client did not prove who it is."


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Basic /////w==", "Basic YQ==", "Bearer x"])
def test_a_broken_header_is_refused(portal: Portal, header: str) -> None:
    refused(portal.token(headers={"authorization": header}), "invalid_client", 401)


def test_a_secret_in_the_form_is_refused(portal: Portal) -> None:
    refused(portal.token(client_id="case-system", client_secret=SECRET), "invalid_client", 401)


def test_a_client_proves_itself_in_one_way(portal: Portal) -> None:
    jwt = assertion(OWN_KEY, "dashboard", portal.url)
    refused(portal.token(("case-system", SECRET), client_assertion=jwt), "invalid_request", 400)


def test_a_client_does_not_speak_for_another(portal: Portal) -> None:
    refused(portal.token(("case-system", SECRET), client_id="dashboard"), "invalid_request", 400)


@pytest.mark.parametrize(
    "scope",
    [
        "",
        "role:SAFEGUARDING_LEAD",
        "purpose:SUPPORT",
        "role:SAFEGUARDING_LEAD purpose:PROTECTION",
        "role:SOCIAL_WORKER purpose:SUPPORT",
        "role:SAFEGUARDING_LEAD purpose:SUPPORT purpose:TRANSITION",
        "role:SAFEGUARDING_LEAD role:ANALYST purpose:SUPPORT",
        "role:SAFEGUARDING_LEAD purpose:SUPPORT openid",
        'role:"é" purpose:SUPPORT',
    ],
)
def test_a_scope_is_one_role_and_one_purpose_of_this_client(portal: Portal, scope: str) -> None:
    refused(portal.token(("case-system", SECRET), scope=scope), "invalid_scope", 400)


@pytest.mark.parametrize("grant_type", ["", "password", "authorization_code", "refresh_token", 'é"\n'])
def test_other_grants_are_not_served(portal: Portal, grant_type: str) -> None:
    refused(portal.token(("case-system", SECRET), grant_type=grant_type), "unsupported_grant_type", 400)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"grant_type=client_credentials&grant_type=password",
        b"%ff=1",
        b"\xff",
        b"a" * 20_000,
        b"&".join([b"a=1"] * 30),
    ],
    ids=lambda content: repr(content[:20]),
)
def test_a_malformed_form_is_the_callers_fault(portal: Portal, content: bytes) -> None:
    response = portal.token(("case-system", SECRET), content=content)
    assert response.status_code == 400
    assert response.json()["error"] in ("invalid_request", "unsupported_grant_type")


def test_json_is_not_a_form(portal: Portal) -> None:
    response = portal.token(("case-system", SECRET), content=b"{}", headers={"content-type": "application/json"})
    refused(response, "invalid_request", 400)


def test_get_gives_no_token(portal: Portal) -> None:
    assert httpx.get(f"{portal.url}/oauth/token").status_code == 405


def test_the_keys_verify_what_the_endpoint_gave(portal: Portal) -> None:
    published = httpx.get(f"{portal.url}/oauth/jwks").json()["keys"]
    assert [sorted(key) for key in published] == [["alg", "crv", "kid", "kty", "use", "x", "y"]]


def test_the_metadata_promise_what_exists(portal: Portal) -> None:
    told = httpx.get(f"{portal.url}/.well-known/oauth-authorization-server").json()
    assert told["issuer"] == portal.url
    assert told["grant_types_supported"] == ["client_credentials"]
    assert told["token_endpoint_auth_methods_supported"] == ["client_secret_basic", "private_key_jwt"]
    assert httpx.get(told["jwks_uri"]).status_code == 200
    assert httpx.post(told["token_endpoint"]).status_code == 400
    AuthorizationServerMetadata(told).validate_token_endpoint_auth_methods_supported()


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("scheme", "peer", "status"),
    [("http", "10.0.0.7", 400), ("https", "10.0.0.7", 200), ("http", "127.0.0.1", 200), ("http", "::1", 200)],
)
async def test_plain_http_is_for_this_machine_only(scheme: str, peer: str, status: int) -> None:
    issuer = "https://portal.test"
    signing = keys()
    mint = TokenMint(issuer=issuer, audience=AUDIENCE, keys=signing)
    store = MemoryStore({BY_SECRET.client_id: BY_SECRET})
    app = Starlette(routes=routes(issuer=issuer, mint=mint, keys=signing, store=store))
    transport = httpx.ASGITransport(app, client=(peer, 5000))
    basic = base64.b64encode(f"case-system:{SECRET}".encode()).decode()
    async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://localhost") as client:
        response = await client.post(
            "/oauth/token",
            data={"grant_type": "client_credentials", "scope": str(LEAD)},
            headers={"authorization": f"Basic {basic}"},
        )
    assert response.status_code == status


@pytest.mark.parametrize(
    "issuer",
    ["http://portal.test", "https://portal.test/", "portal.test", "ftp://localhost", "https://a.test?x=1"],
)
def test_an_issuer_that_is_not_safe_stops_the_start(issuer: str) -> None:
    signing = keys()
    mint = TokenMint(issuer=issuer, audience=AUDIENCE, keys=signing)
    with pytest.raises(ValueError, match="issuer"):
        routes(issuer=issuer, mint=mint, keys=signing, store=MemoryStore())


def test_secrets_are_long_and_never_shown() -> None:
    assert len(new_secret()) >= 43
    assert new_secret() != new_secret()
    assert secret_hash(SECRET) not in repr(BY_SECRET)


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_a_short_rsa_key_proves_nothing(portal: Portal) -> None:
    short = RSAKey.import_key(rsa.generate_private_key(65537, 1024))  # noqa: S505  # that is the point
    client = replace(BY_KEY, client_id="short", jwks={"keys": [short.as_dict(private=False)]})
    portal.store.clients["short"] = client
    refused(portal.token_by_key("short", short, header={"alg": "RS256"}), "invalid_client", 401)
    long = RSAKey.generate_key(2048)
    portal.store.clients["short"] = replace(client, jwks={"keys": [long.as_dict(private=False)]})
    assert portal.token_by_key("short", long, header={"alg": "RS256"}).status_code == 200
