"""The command line: faults that somebody can mend are said in a sentence."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.conftest import Database
from throughline.__main__ import main
from throughline.demo.fresh_token import DESCRIBED
from throughline.oauth.keys import from_pem
from throughline.oauth.scope import Scope
from throughline.oauth.tokens import TokenMint, TokenVerifier
from throughline.settings import Settings
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role


def run(*arguments: str, **environment: str) -> Result:
    cleared = dict.fromkeys(("DATABASE_URL", "DATABASE_OWNER_URL", "THROUGHLINE_SECRET"), None)
    return CliRunner().invoke(main, arguments, env={**cleared, **environment})


COMMANDS = (
    "demo", "serve", "migrate", "token", "import-ctf", "import-reports", "print-schema", "print-policy", "explain", "verify-audit",
    "publish-counts",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    done = run(command, "--help")
    assert done.exit_code == 0
    assert len(done.output.splitlines()) > 5


def test_serve_does_not_start_without_secrets_or_with_a_demos() -> None:
    assert "THROUGHLINE_SECRET is not set" in run("serve").output
    refused = run("serve", THROUGHLINE_SECRET="demo-0123456789012345678901234567890123456789")
    assert refused.exit_code == 2
    assert "Traceback" not in refused.output


def test_a_database_that_does_not_answer_is_said_plainly() -> None:
    refused = run("migrate", DATABASE_OWNER_URL="postgresql://owner:secret@127.0.0.1:1/none")
    assert refused.exit_code == 1
    assert "does not answer" in refused.output
    assert "secret" not in refused.output


def test_migrating_takes_the_owner(database: Database) -> None:
    assert "DATABASE_OWNER_URL is not set" in run("migrate", DATABASE_URL=database.app_url).output
    assert run("migrate", DATABASE_OWNER_URL=database.owner_url).exit_code == 0


def test_bootstrap_needs_the_passwords_that_the_roles_shall_have(database: Database) -> None:
    refused = run("migrate", "--bootstrap", database.superuser_url, DATABASE_URL=database.app_url)
    assert refused.exit_code == 2
    both = {"DATABASE_URL": database.app_url, "DATABASE_OWNER_URL": database.owner_url}
    assert run("migrate", "--bootstrap", database.superuser_url, **both).exit_code == 0


def test_a_token_of_the_demo_is_made_anew(tmp_path: Path) -> None:
    assert "start `throughline demo` first" in run("token", "ANALYST", "--data", str(tmp_path)).output
    settings = Settings.for_demo({}, data_dir=tmp_path)
    keys = from_pem(settings.signing_key.encode())
    elsewhere = "http://127.0.0.1:9000"  # where --port put it
    options = {
        "issuer": elsewhere,
        "audience": f"{elsewhere}/graphql",
        "keys": keys,
        "is_demo": True,
    }
    mint = TokenMint(**options)  # type: ignore[arg-type]
    old = mint.mint("practitioner:1", "client", Scope(Role.TRIAGE_WORKER, Purpose.TRIAGE))
    viewers = {"viewers": [{"role": "TRIAGE_WORKER", "access_token": old}]}
    (tmp_path / DESCRIBED).write_text(json.dumps(viewers))
    done = run("token", "triage_worker", "--purpose", "protection", "--data", str(tmp_path))
    claims = TokenVerifier(**options).verify(done.output.strip())  # type: ignore[arg-type]
    assert (claims.subject, claims.role, claims.purpose) == (
        "practitioner:1",
        Role.TRIAGE_WORKER,
        Purpose.PROTECTION,
    )
    assert "nobody in the demo" in run("token", "ANALYST", "--data", str(tmp_path)).output
    assert run("token", "ANALYST", "--purpose", "SUPPORT", "--data", str(tmp_path)).exit_code == 2
