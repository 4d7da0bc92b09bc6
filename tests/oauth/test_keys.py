from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import ECKey

from throughline.oauth.keys import SigningKeyError, from_pem, new_pem
from throughline.oauth.tokens import TokenMint
from throughline.settings import Settings


def pem_of(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_a_key_is_named_by_its_thumbprint() -> None:
    keys = from_pem(new_pem())
    [public] = keys.jwks()["keys"]
    assert public["kid"] == keys.kid == ECKey.import_key(public).thumbprint()
    assert (public["alg"], public["use"], public["crv"]) == ("ES256", "sig", "P-256")


def test_only_the_public_half_is_published() -> None:
    keys = from_pem(new_pem(), new_pem())
    assert all("d" not in key for key in keys.jwks()["keys"])


def test_two_keys_live_while_one_is_rotated() -> None:
    keys = from_pem(new_pem(), new_pem())
    assert len(keys.jwks()["keys"]) == 2
    assert all(keys.find(key["kid"]) for key in keys.jwks()["keys"])
    assert keys.find("another") is None


@pytest.mark.parametrize(
    "pem",
    [
        b"",
        b"not a key",
        pem_of(rsa.generate_private_key(65537, 2048)),
        pem_of(ec.generate_private_key(ec.SECP384R1())),
    ],
    ids=["empty", "noise", "rsa", "p-384"],
)
def test_a_key_for_another_algorithm_is_refused(pem: bytes) -> None:
    with pytest.raises(SigningKeyError):
        from_pem(pem)


def test_a_demo_key_is_known_wherever_it_turns_up(tmp_path: Path) -> None:
    """By the mark that `settings` puts into the demo's own key, and refuses."""
    pem = Settings.for_demo({}, data_dir=tmp_path).signing_key.encode()
    keys = from_pem(pem)
    assert keys.is_demo
    assert from_pem(new_pem(), pem).is_demo
    assert not from_pem(new_pem(), new_pem()).is_demo
    with pytest.raises(ValueError, match="demo"):
        TokenMint(issuer="https://portal.test", audience="a", keys=keys)
