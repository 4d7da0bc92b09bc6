from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws
from joserfc.jwk import RSAKey

from tests.oauth.harness import AUDIENCE, ISSUER, LEAD, NOW, Issuing, by_hand, keys
from throughline.oauth.bearer import bearer_token
from throughline.oauth.scope import Scope
from throughline.oauth.tokens import Claims, TokenError
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role


def refused(issuing: Issuing, token: str, why: str) -> None:
    with pytest.raises(TokenError, match=why):
        issuing.verifier().verify(token)


def test_a_token_that_we_made_is_believed() -> None:
    issuing = Issuing()
    claims = issuing.verifier().verify(issuing.mint())
    assert claims == Claims(
        subject="practitioner-1",
        client_id="tool-1",
        role=Role.SAFEGUARDING_LEAD,
        purpose=Purpose.SUPPORT,
        token_id=claims.token_id,
        issued_at=NOW,
        expires_at=NOW + 600,
    )


def test_a_token_says_what_rfc_9068_wants_it_to_say() -> None:
    issuing = Issuing()
    header = jws.extract_compact(issuing.mint().encode()).headers()
    assert header == {"typ": "at+jwt", "alg": "ES256", "kid": issuing.keys.kid}


def test_every_token_has_an_id_of_its_own() -> None:
    issuing = Issuing()
    verifier = issuing.verifier()
    assert verifier.verify(issuing.mint()).token_id != verifier.verify(issuing.mint()).token_id


def test_a_tool_that_acts_for_somebody_is_named() -> None:
    issuing = Issuing()
    assert issuing.verifier().verify(issuing.mint(actor="tool-9")).actor == "tool-9"
    refused(issuing, issuing.signed(issuing.claims(act="tool-9")), "act")
    refused(issuing, issuing.signed(issuing.claims(act={})), "sub")


def test_the_pen_of_these_tests_writes_good_tokens_too() -> None:
    issuing = Issuing()
    issuing.verifier().verify(issuing.signed(issuing.claims()))
    issuing.verifier().verify(issuing.signed(issuing.claims(aud=[AUDIENCE]), typ="application/at+JWT"))


def test_unsigned_tokens_are_refused() -> None:
    issuing = Issuing()
    for algorithm in ("none", "None", "NONE", ""):
        header = {"typ": "at+jwt", "alg": algorithm, "kid": issuing.keys.kid}
        refused(issuing, by_hand(header, issuing.claims()), "algorithm")


def test_a_public_key_is_no_secret_to_sign_with() -> None:
    issuing = Issuing()
    public = issuing.keys.current.public_key
    for form in (Encoding.PEM, Encoding.DER):
        secret = public.public_bytes(form, PublicFormat.SubjectPublicKeyInfo)
        header = {"typ": "at+jwt", "alg": "HS256", "kid": issuing.keys.kid}
        refused(issuing, by_hand(header, issuing.claims(), secret), "algorithm")


def test_another_asymmetric_algorithm_is_refused() -> None:
    issuing = Issuing()
    rsa = RSAKey.generate_key(2048)
    token = issuing.signed(issuing.claims(), rsa, alg="RS256")  # type: ignore[arg-type]  # that is the point
    refused(issuing, token, "algorithm")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"typ": None}, "not an access token"),
        ({"typ": "JWT"}, "not an access token"),
        ({"typ": "id_token+jwt"}, "not an access token"),
        ({"kid": None}, "unknown key"),
        ({"kid": "another"}, "unknown key"),
        ({"crit": ["b64"], "b64": True}, "unknown header"),
        ({"cty": "JWT"}, "unknown header"),
    ],
    ids=str,
)
def test_a_header_that_is_not_exactly_right_is_refused(changes: dict[str, Any], why: str) -> None:
    issuing = Issuing()
    refused(issuing, issuing.signed(issuing.claims(), **changes), why)


@pytest.mark.parametrize("name", ["crit", "jwk", "jku", "x5c", "x5u", "b64"])
def test_headers_that_bring_or_point_to_keys_are_refused(name: str) -> None:
    issuing = Issuing()
    header = {"typ": "at+jwt", "alg": "ES256", "kid": issuing.keys.kid, name: ["https://evil.test"]}
    refused(issuing, by_hand(header, issuing.claims(), b"x"), "unknown header|malformed")


def test_a_numeric_kid_is_refused() -> None:
    issuing = Issuing()
    header = {"typ": "at+jwt", "alg": "ES256", "kid": 1}
    refused(issuing, by_hand(header, issuing.claims(), b"x"), "unknown key|malformed")


def test_a_forged_key_is_refused_even_under_our_name() -> None:
    issuing = Issuing()
    refused(issuing, issuing.signed(issuing.claims(), keys().current), "signature")


def test_a_token_changed_in_one_letter_is_refused() -> None:
    issuing = Issuing()
    head, payload, signature = issuing.mint().split(".")
    changed = payload[:-2] + ("A" if payload[-2] != "A" else "B") + payload[-1]
    refused(issuing, f"{head}.{changed}.{signature}", "signature")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"iss": None}, "issuer"),
        ({"iss": ISSUER + "/"}, "issuer"),
        ({"iss": [ISSUER]}, "issuer"),
        ({"aud": None}, "audience"),
        ({"aud": "https://elsewhere.test"}, "audience"),
        ({"aud": [AUDIENCE, "https://elsewhere.test"]}, "audience"),
        ({"aud": "tool-1"}, "audience"),
        ({"sub": None}, "sub"),
        ({"sub": 7}, "sub"),
        ({"sub": "x" * 300}, "sub"),
        ({"client_id": None}, "client_id"),
        ({"jti": None}, "jti"),
        ({"jti": ""}, "jti"),
        ({"iat": None}, "times"),
        ({"exp": None}, "times"),
        ({"exp": str(NOW + 300)}, "times"),
        ({"exp": NOW + 300.5}, "times"),
        ({"exp": True}, "times"),
        ({"exp": float("inf")}, "times"),
        ({"exp": NOW}, "expired"),
        ({"iat": NOW - 900, "exp": NOW - 300}, "expired"),
        ({"exp": NOW + 601}, "lives too long"),
        ({"iat": NOW - 400, "exp": NOW + 300}, "lives too long"),
        ({"iat": NOW + 60}, "issued in the future"),
        ({"nbf": NOW + 60}, "not valid yet"),
        ({"nbf": "x"}, "not valid yet"),
        ({"scope": None}, "scope"),
        ({"scope": "role:SAFEGUARDING_LEAD"}, "scope"),
        ({"scope": "role:SAFEGUARDING_LEAD purpose:SUPPORT role:ANALYST"}, "scope"),
        ({"scope": "role:SAFEGUARDING_LEAD role:ANALYST"}, "scope"),
        ({"scope": "role:HEADMASTER purpose:SUPPORT"}, "scope"),
        ({"scope": ["role:SAFEGUARDING_LEAD", "purpose:SUPPORT"]}, "scope"),
    ],
    ids=str,
)
def test_claims_that_are_not_exactly_right_are_refused(changes: dict[str, Any], why: str) -> None:
    issuing = Issuing()
    refused(issuing, issuing.signed(issuing.claims(**changes)), why)


@pytest.mark.parametrize(
    "noise",
    [
        "",
        "x",
        "..",
        "a.b.c",
        "é" * 10,
        "x" * 5000,
        ".".join(["e30"] * 3),
        "W10.W10.W10",
        "e30.e30.e30.e30.e30",
    ],
)
def test_noise_is_refused(noise: str) -> None:
    refused(Issuing(), noise, r"malformed|not a|algorithm|header|key")


def test_the_mint_gives_no_more_than_ten_minutes() -> None:
    for lifetime_s in (0, -1, 601, 12 * 3600):
        with pytest.raises(ValueError, match="at most 600"):
            Issuing().mint(lifetime_s=lifetime_s)


def test_the_demo_may_give_twelve_hours_and_only_the_demo_believes_them() -> None:
    demo = Issuing(is_demo=True)
    token = demo.mint(lifetime_s=12 * 3600)
    assert demo.verifier().verify(token).expires_at == NOW + 12 * 3600
    with pytest.raises(TokenError, match="lives too long"):
        demo.verifier(is_demo=False).verify(token)


def test_a_remembered_token_still_expires() -> None:
    issuing = Issuing()
    verifier, token = issuing.verifier(), issuing.mint()
    assert verifier.verify(token) is verifier.verify(token)
    issuing.clock.now = NOW + 600
    for _ in range(2):
        with pytest.raises(TokenError, match="expired"):
            verifier.verify(token)


def test_only_so_many_tokens_are_remembered() -> None:
    issuing = Issuing()
    verifier = issuing.verifier(kept=2)
    tokens = [issuing.mint() for _ in range(5)]
    for token in tokens:
        verifier.verify(token)
    assert len(verifier._verified) == 2
    assert verifier.verify(tokens[0]).subject == "practitioner-1"


def test_a_key_that_was_rotated_out_ends_its_tokens_at_once() -> None:
    issuing = Issuing()
    verifier, token = issuing.verifier(), issuing.mint()
    verifier.verify(token)
    verifier.rotate(keys())
    with pytest.raises(TokenError, match="unknown key"):
        verifier.verify(token)


def test_a_scope_reads_as_it_is_written() -> None:
    assert Scope.parse(str(LEAD)) == LEAD
    assert Scope.parse("purpose:SUPPORT role:SAFEGUARDING_LEAD") == LEAD
    for text in ("", "role:SAFEGUARDING_LEAD", "a b", "role:X purpose:Y", f"{LEAD} {LEAD}", "role: purpose:"):
        with pytest.raises(ValueError, match=r"scope is one|is not a valid"):
            Scope.parse(text)


def test_the_bearer_token_of_a_request() -> None:
    def of(*values: bytes) -> str | None:
        return bearer_token({"headers": [(b"authorization", value) for value in values]})

    assert of() is None
    assert of(b"Bearer abc") == "abc"
    assert of(b"bearer abc") == "abc"
    for values in [(b"Basic abc",), (b"Bearer",), (b"Bearer ",), (b"Bearer a", b"Bearer b"), (b"",)]:
        with pytest.raises(TokenError):
            of(*values)
