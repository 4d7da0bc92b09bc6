import json
from pathlib import Path

import pytest

from tests.api.harness import TRUSTED, schema
from throughline.api.documents import PreparedDocuments, TrustedDocuments, TrustedDocumentsError, text_hash
from throughline.api.errors import OperationResolutionFailure, PersistedQueryNotFound, QueryTooComplex
from throughline.api.limits import Limits

CORE = schema._schema


def manifest(folder: Path, content: object) -> Path:
    path = folder / "persisted-documents.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_a_manifest_is_read_with_and_without_the_prefix(tmp_path: Path) -> None:
    other = "{ child { id } }"
    path = manifest(tmp_path, {text_hash(TRUSTED): TRUSTED, f"sha256:{text_hash(other)}": other})
    documents = TrustedDocuments.load([path], CORE)
    assert set(documents) == {text_hash(TRUSTED), text_hash(other)}
    assert len(documents) == 2


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ({"0" * 64: TRUSTED}, "does not hash"),
        ({text_hash("{ gone }"): "{ gone }"}, "does not fit the schema"),
        ({text_hash("{ child"): "{ child"}, "is refused"),
        ({text_hash("{" + "a " * 3000 + "}"): "{" + "a " * 3000 + "}"}, "is refused"),
        ({"x": 1}, "must map"),
        ([], "must map"),
        ("{", "not JSON"),
    ],
)
def test_a_bad_manifest_stops_the_start(tmp_path: Path, content: object, complaint: str) -> None:
    with pytest.raises(TrustedDocumentsError, match=complaint):
        TrustedDocuments.load([manifest(tmp_path, content)], CORE)


def test_a_text_is_prepared_once() -> None:
    documents = PreparedDocuments(CORE, Limits())
    assert documents.of_text("{ child { id } }") is documents.of_text("{ child { id } }")


def test_texts_that_fail_are_remembered_too() -> None:
    documents = PreparedDocuments(CORE, Limits())
    for text in ("{ child {", "{ nothing }", "{ child { " + "id " * 2500 + "} }"):
        first = documents.of_text(text)
        assert first.errors
        assert documents.of_text(text) is first


def test_a_document_that_validation_gives_up_on_is_too_complex() -> None:
    [error] = PreparedDocuments(CORE, Limits()).of_text("{ child { " + "id " * 900 + "} }").errors
    assert error["extensions"]["code"] == "QUERY_TOO_COMPLEX"


def test_the_cache_is_bounded_and_forgets_the_oldest() -> None:
    documents = PreparedDocuments(CORE, Limits(cached_text_chars=200))
    kept = documents.of_text("{ child { id } }")
    for number in range(50):
        documents.of_text(f"{{ child {{ a{number}: id }} }}")
        assert documents.of_text("{ child { id } }") is kept, "what is used stays"
    assert len(documents) < 10


def test_a_flood_of_texts_pushes_no_trusted_document_out() -> None:
    trusted = TrustedDocuments({text_hash(TRUSTED): TRUSTED}, CORE)
    documents = PreparedDocuments(CORE, Limits(cached_text_chars=50), trusted)
    prepared = documents.of_text(TRUSTED)
    for number in range(20):
        documents.of_text(f"{{ child {{ a{number}: id }} }}")
    assert documents.trusted(text_hash(TRUSTED)) is prepared


def test_a_text_too_large_to_remember_is_refused_unread() -> None:
    documents = PreparedDocuments(CORE, Limits(max_text_chars=100))
    with pytest.raises(QueryTooComplex):
        documents.of_text("{ child { id } }" + " " * 100)
    assert len(documents) == 0


def test_without_a_manifest_no_hash_is_known() -> None:
    with pytest.raises(PersistedQueryNotFound):
        PreparedDocuments(CORE, Limits()).trusted("0" * 64)


def test_a_document_of_fragments_only_has_no_operation() -> None:
    prepared = PreparedDocuments(CORE, Limits()).of_text("fragment F on Child { id }")
    if not prepared.errors:
        with pytest.raises(OperationResolutionFailure):
            prepared.operation(None)
