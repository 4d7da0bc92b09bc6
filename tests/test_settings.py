"""What `serve` refuses to start with, and what a demo makes for itself."""

import dataclasses
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from throughline.settings import Settings, SettingsError

Environment = dict[str, str]


def pem(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return {
        "HOME": str(tmp_path),
        "THROUGHLINE_SECRET": "Vq3x8TzLr0bWnYd5KfJm2HsPgC7uEaiX",
        "THROUGHLINE_SIGNING_KEY": pem(ec.generate_private_key(ec.SECP256R1())),
        "THROUGHLINE_PUBLIC_URL": "https://early.example/",
    }


def test_production_reads_its_environment(environment: Environment, tmp_path: Path) -> None:
    settings = Settings.from_environment(
        environment
        | {
            "DATABASE_URL": "postgres://app@db/throughline",
            "THROUGHLINE_PORT": "9000",
            "THROUGHLINE_ALLOWED_ORIGINS": "https://school.example, https://gp.example/",
        }
    )
    assert settings.issuer == "https://early.example"
    assert settings.database_url == "postgresql://app@db/throughline"
    assert settings.allowed_origins == ("https://school.example", "https://gp.example")
    assert settings.data_dir == tmp_path / ".local" / "state" / "throughline"
    assert settings.port == 9000
    assert not settings.is_demo


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("THROUGHLINE_SECRET", "", "is not set"),
        ("THROUGHLINE_SECRET", "demo-Vq3x8TzLr0bWnYd5KfJm2HsPgC7uEaiX", "is a demo's"),
        ("THROUGHLINE_SECRET", "changeme-Vq3x8TzLr0bWnYd5KfJm2HsPgC7u", "can be guessed"),
        ("THROUGHLINE_SECRET", "Vq3x8TzLr0", "can be guessed"),
        ("THROUGHLINE_SECRET", "a" * 40, "can be guessed"),
        ("THROUGHLINE_SIGNING_KEY", "", "is not set"),
        ("THROUGHLINE_SIGNING_KEY", "nonsense", "no private key"),
        ("THROUGHLINE_SIGNING_KEY", pem(ec.generate_private_key(ec.SECP384R1())), "P-256"),
        ("THROUGHLINE_SIGNING_KEY", pem(ed25519.Ed25519PrivateKey.generate()), "P-256"),
        ("THROUGHLINE_PUBLIC_URL", "", "must say where"),
        ("THROUGHLINE_PUBLIC_URL", "http://early.example", "https"),
        ("THROUGHLINE_PORT", "eighty", "whole number"),
        ("THROUGHLINE_PORT", "70000", "whole number"),
        ("THROUGHLINE_CHECKPOINT_SECONDS", "61", "whole number from 1 to 60"),
        ("THROUGHLINE_ALLOWED_ORIGINS", "*", "no origin"),
        ("THROUGHLINE_ALLOWED_ORIGINS", "https://*.example", "no origin"),
        ("THROUGHLINE_SECRET_FILE", "elsewhere", "not both"),
        ("DATABASE_URL", "mysql://db", "postgresql://"),
    ],
)
def test_production_refuses(environment: Environment, name: str, value: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as refused:
        Settings.from_environment(environment | {name: value})
    assert name.removesuffix("_FILE") in str(refused.value)


def test_secrets_may_come_from_files(environment: Environment, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text(environment.pop("THROUGHLINE_SIGNING_KEY"))
    environment["THROUGHLINE_SIGNING_KEY_FILE"] = str(tmp_path / "key.pem")
    assert Settings.from_environment(environment).signing_key.startswith("-----BEGIN")
    environment["THROUGHLINE_SIGNING_KEY_FILE"] = str(tmp_path / "missing.pem")
    with pytest.raises(SettingsError, match="cannot be read"):
        Settings.from_environment(environment)


def test_a_demo_needs_nothing_and_keeps_its_keys(tmp_path: Path) -> None:
    first = Settings.for_demo({}, data_dir=tmp_path / "demo", port=9000)
    assert first == Settings.for_demo({}, data_dir=tmp_path / "demo", port=9000)
    assert first.is_demo
    assert first.public_url == "http://127.0.0.1:9000"
    assert (tmp_path / "demo" / "demo-signing-key.pem").stat().st_mode & 0o077 == 0


def test_production_refuses_a_demos_secret_and_key(environment: Environment, tmp_path: Path) -> None:
    demo = Settings.for_demo({}, data_dir=tmp_path)
    for name, value in (("SECRET", demo.secret), ("SIGNING_KEY", demo.signing_key)):
        with pytest.raises(SettingsError, match="is a demo's"):
            Settings.from_environment(environment | {f"THROUGHLINE_{name}": value})


def test_the_state_folder_follows_the_users_wish(environment: Environment) -> None:
    state = {"XDG_STATE_HOME": "/srv/state"}
    assert Settings.from_environment(environment | state).data_dir == Path("/srv/state/throughline")
    relative = Settings.from_environment(environment | {"XDG_STATE_HOME": "relative"})
    assert relative.data_dir.is_absolute()
    assert relative.data_dir.name == "throughline"


def test_settings_are_frozen_and_print_no_secret(environment: Environment) -> None:
    settings = Settings.from_environment(environment | {"DATABASE_URL": "postgresql://app:hush-hush@db/x"})
    assert settings.secret not in repr(settings)
    assert "PRIVATE" not in repr(settings)
    assert "hush-hush" not in repr(settings)
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.port = 1  # type: ignore[misc]


def test_checkpoints_lie_beside_the_data_and_never_in_them(environment: Environment, tmp_path: Path) -> None:
    settings = Settings.from_environment(environment)
    assert settings.checkpoints == tmp_path / ".local" / "state" / "throughline-checkpoints"
    assert Settings.for_demo({}, data_dir=tmp_path / "demo").checkpoints == tmp_path / "demo-checkpoints"
    elsewhere = environment | {"THROUGHLINE_CHECKPOINTS": str(tmp_path / "safe")}
    assert Settings.from_environment(elsewhere).checkpoints == tmp_path / "safe"
    with pytest.raises(SettingsError, match="outside the data folder"):
        Settings.from_environment(elsewhere | {"THROUGHLINE_DATA_DIR": str(tmp_path)})
