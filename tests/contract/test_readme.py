"""What `frontend-contract/README.md` says is so."""

import re

from tests.contract.portal import ROOT, operations
from tests.contract.record import EXAMPLES
from throughline.api.budget import SEARCHES_AT_ONCE
from throughline.api.ctf_import import MOST_BYTES
from throughline.api.errors import Code
from throughline.api.limits import Limits
from throughline.db.refusal import RefusalCode
from throughline.oauth.tokens import ORDINARY_LIFETIME_S
from throughline.terms.work import SectionState

FOLDER = ROOT / "frontend-contract"
TEXT = (FOLDER / "README.md").read_text()


def test_what_it_names_is_there() -> None:
    named = set(re.findall(r"operations/(\w+)[.]graphql", TEXT)) | set(re.findall(r"`((?:Report|Family)[A-Z]\w+)`", TEXT))
    assert named <= operations().keys()
    links = re.findall(r"[(]([\w./-]+)[)]", TEXT)
    assert [link for link in links if not (FOLDER / link).exists()] == []


def test_its_ids_are_those_of_the_examples() -> None:
    recorded = "".join(path.read_text() for path in EXAMPLES.rglob("*.json"))
    assert [one for one in re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", TEXT) if one not in recorded] == []


def test_its_states_and_codes_exist() -> None:
    table = set(re.findall(r"^[|] `([A-Z_]+)`", TEXT, re.M))
    assert table == set(SectionState)
    assert {"CONFLICT", "IDEMPOTENCY_CONFLICT", "NOT_FOUND"} <= set(RefusalCode)
    assert {"QUERY_TOO_COMPLEX", "RATE_LIMITED"} <= set(Code)


def test_its_numbers_are_the_limits() -> None:
    limits = Limits()
    for words in (
        f"Body {limits.max_body_bytes:,} bytes (`ctfImport`: {limits.max_upload_bytes:,}, a file of {MOST_BYTES // 10**6} MB in base64)",
        f"document {limits.max_text_chars:,} characters",
        f"depth {limits.max_depth}",
        f"{limits.max_fields:,} fields",
        f"{limits.max_aliases} aliases",
        f"{limits.max_root_fields} root fields",
        f"cost\n{limits.max_cost:,}",
        f"1 to {limits.max_first}, else {limits.default_first}",
    ):
        assert words in TEXT, words
    assert (SEARCHES_AT_ONCE, ORDINARY_LIFETIME_S) == (30, 600)
