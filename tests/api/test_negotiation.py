import pytest
from starlette.types import Message

from tests.api.harness import (
    GRAPHQL,
    JSON,
    SECRET,
    TRUSTED,
    TRUSTED_CHANGE,
    Client,
    call_raw,
    code,
    make_view,
)
from throughline.api.documents import text_hash
from throughline.api.limits import Limits
from throughline.api.negotiation import negotiate

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        (f"{JSON};q=0.2, {GRAPHQL};q=0.9", GRAPHQL),
        (f"{JSON}, {GRAPHQL}", JSON),
        (f"{GRAPHQL};charset=utf-8, */*;q=0.1", GRAPHQL),
        (f"{JSON};q=0, */*", GRAPHQL),
        ("text/html, */*;q=0.1", JSON),
        ("text/html", None),
        (f"{JSON};charset=iso-8859-1", None),
        (f"{JSON};q=nonsense", None),
        (f"{JSON};q=0", None),
    ],
)
async def test_the_accept_header_chooses_the_media_type(accept: str | None, chosen: str | None) -> None:
    assert negotiate(accept) == chosen


async def test_an_answer_is_never_stored_and_varies_by_accept() -> None:
    response = await Client().ask("{ child { name } }")
    assert response.status_code == 200
    assert response.json() == {"data": {"child": {"name": "Ann"}}}
    assert response.headers["content-type"] == f"{GRAPHQL}; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["vary"] == "Accept"


async def test_refusals_are_never_stored_either() -> None:
    response = await Client().send(content=b"1")
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["vary"] == "Accept"


async def test_anonymous_callers_get_a_challenge_before_anything_is_read() -> None:
    for content in (b'{"query": "{ __schema { types { name } } }"}', b"not json at all"):
        response = await Client().send(content=content, headers={"authorization": None})
        assert (response.status_code, code(response)) == (401, "UNAUTHENTICATED")
        assert response.headers["www-authenticate"] == "Bearer"


async def test_a_bad_token_is_told_apart_from_none() -> None:
    response = await Client().send(content=b"{}", headers={"authorization": "Bearer other"})
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == 'Bearer error="invalid_token"'


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_other_methods_are_refused_with_those_allowed(method: str) -> None:
    response = await Client().send(method)
    assert (response.status_code, code(response)) == (405, "BAD_REQUEST")
    assert response.headers["allow"] == "GET, POST"


async def test_a_media_type_that_we_cannot_write_is_refused() -> None:
    response = await Client().send(content=b"{}", headers={"accept": "text/html"})
    assert (response.status_code, code(response)) == (406, "BAD_REQUEST")
    assert response.headers["content-type"].startswith(JSON)


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/graphql", "multipart/form-data", "application/json; charset=latin-1"],
)
async def test_a_body_that_is_not_json_by_its_type_is_refused(content_type: str) -> None:
    response = await Client().send(content=b"{}", headers={"content-type": content_type})
    assert (response.status_code, code(response)) == (415, "BAD_REQUEST")


async def test_a_body_without_a_type_is_refused() -> None:
    response = await Client().send(content=b"{}", headers={"content-type": None})
    assert response.status_code == 415


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"1",
        b'"x"',
        b"null",
        b"true",
        b"[]",
        b'[{"query":"{child{name}}"}]',
        b"{",
        b"\xff\xfe",
        b'{"query":"\xff"}',
        b"[" * 100_000,
        b'{"query":"{child{name}}","variables":' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"query":"\\ud800"}',
        b"{}",
        b'{"query":null}',
        b'{"query":1}',
        b'{"query":"{child{name}}","variables":[]}',
        b'{"query":"{child{name}}","variables":"x"}',
        b'{"query":"{child{name}}","operationName":1}',
        b'{"query":"{child{name}}","extensions":"x"}',
        b'{"query":"{child{name}}","extensions":{"persistedQuery":1}}',
        b'{"documentId":7}',
        b'{"query":"{child{name}}","variables":NaN}',
    ],
    ids=lambda body: repr(body[:40]),
)
async def test_a_malformed_body_is_the_callers_fault(body: bytes) -> None:
    for accept in (GRAPHQL, JSON):
        response = await Client().send(content=body, headers={"accept": accept})
        assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


async def test_a_body_is_cut_off_while_it_streams_whatever_it_announced() -> None:
    view = make_view(Limits(max_body_bytes=100))
    headers = [(b"authorization", b"Bearer let-me-in"), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "headers": [*headers, (b"content-length", b"5")]}
    left: list[Message] = [{"type": "http.request", "body": b"x" * 60, "more_body": True} for _ in range(50)]
    sent = await call_raw(view, scope, left)
    assert sent[0]["status"] == 413
    assert len(left) == 48, "nothing is read beyond the cap"


async def test_a_body_that_announces_too_much_is_not_read_at_all() -> None:
    view = make_view(Limits(max_body_bytes=100))
    response = await Client(view).send(content=b" " * 101)
    assert (response.status_code, code(response)) == (413, "BAD_REQUEST")


async def test_a_client_that_goes_away_gets_no_answer() -> None:
    headers = [(b"authorization", b"Bearer let-me-in"), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "headers": headers}
    assert await call_raw(make_view(), scope, [{"type": "http.disconnect"}]) == []


async def test_a_socket_is_closed_with_a_reason() -> None:
    sent = await call_raw(make_view(), {"type": "websocket"}, [])
    assert sent == [{"type": "websocket.close", "code": 1008, "reason": "Subscriptions are not served yet."}]


async def test_what_graphql_refuses_is_200_in_plain_json_and_400_in_its_own_media_type() -> None:
    for query, expected in [
        ("{ child {", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query($n: String!) { child(name: $n) { name } }", "BAD_USER_INPUT"),
        ("query A { child { name } } query B { child { name } }", "OPERATION_RESOLUTION_FAILURE"),
        ("{ child { " + "name " * 2500 + "} }", "QUERY_TOO_COMPLEX"),
    ]:
        for accept, status in [(JSON, 200), (GRAPHQL, 400)]:
            response = await Client().ask(query, accept=accept)
            assert (response.status_code, code(response)) == (status, expected)
            assert "data" not in response.json()


async def test_data_beside_errors_is_a_200() -> None:
    response = await Client().ask("{ child { name } refused }")
    assert response.status_code == 200
    assert response.json()["data"] == {"child": {"name": "Ann"}, "refused": None}


async def test_of_two_operations_none_is_guessed() -> None:
    two = "query A { child { id } } query B { child { name } }"
    assert code(await Client().ask(two)) == "OPERATION_RESOLUTION_FAILURE"
    assert code(await Client().ask(two, operationName="C")) == "OPERATION_RESOLUTION_FAILURE"
    assert (await Client().ask(two, operationName="B")).json() == {"data": {"child": {"name": "Ann"}}}


async def test_a_single_operation_still_answers_to_its_own_name_only() -> None:
    assert code(await Client().ask("query A { child { id } }", operationName="B")) == "OPERATION_RESOLUTION_FAILURE"


async def test_subscriptions_say_that_they_are_not_served_yet() -> None:
    response = await Client().ask("subscription { ticks }")
    assert code(response) == "OPERATION_RESOLUTION_FAILURE"
    assert "not served yet" in response.json()["errors"][0]["message"]


async def test_introspection_works_for_those_who_signed_in() -> None:
    response = await Client().ask('{ __schema { queryType { name } } __type(name: "Child") { name } }')
    assert response.json()["data"]["__type"] == {"name": "Child"}


# trusted documents


@pytest.mark.parametrize("prefix", ["", "sha256:"])
async def test_get_serves_a_trusted_document_by_its_hash(prefix: str) -> None:
    params = {"documentId": prefix + text_hash(TRUSTED), "variables": '{"name":"Bo"}'}
    response = await Client().send("GET", params=params)
    assert response.status_code == 200
    assert response.json() == {"data": {"child": {"name": "Bo"}, "request": "Trusted True"}}


async def test_get_serves_a_trusted_document_by_extension_and_by_text() -> None:
    by_extension = {"extensions": f'{{"persistedQuery":{{"version":1,"sha256Hash":"{text_hash(TRUSTED)}"}}}}'}
    assert (await Client().send("GET", params=by_extension)).json()["data"]["child"] == {"name": "Ann"}
    assert (await Client().send("GET", params={"query": TRUSTED})).status_code == 200


async def test_post_serves_a_trusted_document_by_its_hash() -> None:
    response = await Client().send(content=f'{{"documentId":"{text_hash(TRUSTED)}"}}'.encode())
    assert response.json()["data"]["request"] == "Trusted True"


async def test_get_refuses_any_other_text() -> None:
    response = await Client().send("GET", params={"query": "{ child { name } }"})
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


async def test_get_refuses_to_change_anything() -> None:
    response = await Client().send("GET", params={"documentId": text_hash(TRUSTED_CHANGE)})
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("document_id", ["0" * 64, "", "../../etc", SECRET])
async def test_an_unknown_hash_is_not_found_and_not_repeated(document_id: str) -> None:
    response = await Client().send("GET", params={"documentId": document_id})
    assert code(response) in ("PERSISTED_QUERY_NOT_FOUND", "BAD_REQUEST")
    assert SECRET not in response.text


async def test_a_text_that_is_not_what_its_hash_says_is_refused() -> None:
    response = await Client().ask("{ child { id } }", documentId=text_hash(TRUSTED))
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    "params",
    [
        {"variables": "{", "documentId": "x"},
        {"variables": "[]", "documentId": "x"},
        {"extensions": "1", "documentId": "x"},
        {},
    ],
)
async def test_a_malformed_address_is_the_callers_fault(params: dict[str, str]) -> None:
    response = await Client().send("GET", params=params)
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")
