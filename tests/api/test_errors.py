import logging

import pytest
from graphql import GraphQLError

from tests.api.harness import SECRET, Client, code
from throughline.api.errors import LONGEST_MESSAGE, Code, Masker, clean, describe

pytestmark = pytest.mark.anyio


async def test_the_codes_are_a_closed_list() -> None:
    assert set(Code) == {
        "BAD_REQUEST",
        "BAD_USER_INPUT",
        "FORBIDDEN",
        "GRAPHQL_PARSE_FAILED",
        "GRAPHQL_VALIDATION_FAILED",
        "INTERNAL_SERVER_ERROR",
        "OPERATION_RESOLUTION_FAILURE",
        "PERSISTED_QUERY_NOT_FOUND",
        "QUERY_TOO_COMPLEX",
        "RATE_LIMITED",
        "SERVICE_UNAVAILABLE",
        "UNAUTHENTICATED",
    }


async def test_a_refusal_says_why_and_where() -> None:
    [error] = (await Client().ask("{ refused }")).json()["errors"]
    assert error == {
        "message": "Only a steward may.",
        "path": ["refused"],
        "locations": [{"line": 1, "column": 3}],
        "extensions": {"code": "FORBIDDEN"},
    }


async def test_a_refusal_of_a_lower_room_gets_its_code_by_name() -> None:
    [error] = (await Client().ask("{ stale }")).json()["errors"]
    assert (error["message"], error["extensions"]) == ("This is version 3 by now.", {"code": "FORBIDDEN"})


async def test_anything_else_is_masked_and_logged_without_values(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        response = await Client().ask("query($n: String!) { broken(name: $n) }", {"n": SECRET})
    [error] = response.json()["errors"]
    assert error["message"] == "Something went wrong on our side."
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert SECRET not in response.text
    assert SECRET not in caplog.text
    assert error["extensions"]["reference"] in caplog.text
    assert "builtins.RuntimeError" in caplog.text
    assert "in broken" in caplog.text


async def test_a_fault_outside_execution_is_masked_too(caplog: pytest.LogCaptureFixture) -> None:
    client = Client()

    def broken(*_: object) -> None:
        raise RuntimeError(SECRET)

    client.view._make_context = broken  # type: ignore[assignment]
    response = await client.ask("{ child { id } }")
    assert (response.status_code, code(response)) == (500, "INTERNAL_SERVER_ERROR")
    assert SECRET not in response.text + caplog.text


@pytest.mark.parametrize(
    "text",
    [
        "{ chil { id } }",
        "{ child { nam } }",
        "{ child }",
        '{ child(nam: "x") { id } }',
        "{ child { ... on Chil { id } } }",
        "{ find(colour: REDD) { id } }",
        '{ find(wanted: {nam: "x", name: "y"}) { id } }',
        "query($x: ChildInpu) { child { id } }",
        "{ child { id @inclde } }",
    ],
)
async def test_nothing_is_suggested(text: str) -> None:
    response = await Client().ask(text)
    assert code(response) == "GRAPHQL_VALIDATION_FAILED"
    assert "did you mean" not in response.text.lower()


async def test_variables_do_not_suggest_either() -> None:
    response = await Client().ask("query($w: ChildInput) { find(wanted: $w) { id } }", {"w": {"nam": "x"}})
    assert code(response) == "BAD_USER_INPUT"
    assert "did you mean" not in response.text.lower()


@pytest.mark.parametrize(
    ("declared", "argument", "value"),
    [
        ("ChildInput", "wanted", SECRET),
        ("ChildInput", "wanted", {"name": {"x": SECRET}}),
        ("ChildInput", "wanted", {"name": "x", "born": SECRET}),
        ("ChildInput", "wanted", {"siblings": SECRET}),
        ("ChildInput", "wanted", {SECRET: 1, "name": "x"}),
        ("Colour", "colour", SECRET),
        ("Date", "born", SECRET),
        ("Int! = 1", "age", SECRET),
        ("[String!]", "names", [{"a": SECRET}]),
    ],
)
async def test_a_bad_variable_is_named_but_its_value_is_not_repeated(declared: str, argument: str, value: object) -> None:
    text = f"query($v: {declared}) {{ find({argument}: $v) {{ id }} }}"
    response = await Client().ask(text, {"v": value})
    assert code(response) == "BAD_USER_INPUT"
    assert "Variable '$v' has invalid value" in response.json()["errors"][0]["message"]
    assert SECRET not in response.text


@pytest.mark.parametrize(
    "text",
    [
        f'{{ find(wanted: "{SECRET}") {{ id }} }}',
        f'{{ find(wanted: {{name: ["{SECRET}"]}}) {{ id }} }}',
        f'{{ find(wanted: {{nam: "{SECRET}"}}) {{ id }} }}',
        f'{{ find(born: "{SECRET}") {{ id }} }}',
        f'{{ find(age: "{SECRET}") {{ id }} }}',
        f'{{ find(colour: "{SECRET}") {{ id }} }}',
        f'{{ find(names: [{{a: "{SECRET}"}}]) {{ id }} }}',
        f'{{ "{SECRET}" }}',
        f'{{ find(wanted: """{SECRET}""" 3',
    ],
)
async def test_a_value_written_into_the_document_is_not_repeated_either(text: str) -> None:
    response = await Client().ask(text)
    assert code(response) in ("GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED")
    assert SECRET not in response.text


async def test_long_names_are_not_repeated() -> None:
    response = await Client().ask("{ child { " + "x" * 5000 + " } }")
    assert len(response.content) < 1000


async def test_what_is_wrong_is_still_said() -> None:
    assert clean("Variable '$i' has invalid value at .name: String cannot represent a non string value: 'x'") == (
        "Variable '$i' has invalid value at .name: String cannot represent a non string value."
    )
    assert clean("Expected value of type 'In' to include required field 'name', found: { a: 1 }.") == (
        "Expected value of type 'In' to include required field 'name'."
    )
    assert clean("Syntax Error: Expected Name, found String 'x'.") == "Syntax Error: Expected Name, found String."
    assert clean("Value 'A' does not exist in 'Colour' enum.") == "Value does not exist in 'Colour' enum."
    assert clean("Variable '$i' has invalid value: a scalar quotes 'x'") == "Variable '$i' has invalid value."
    assert len(clean("x" * 1000)) == LONGEST_MESSAGE


async def test_many_errors_are_cut_short() -> None:
    response = await Client().ask("{ child { " + " ".join(f"n{n}" for n in range(500)) + " } }")
    assert len(response.json()["errors"]) <= 11


async def test_a_cause_is_found_beneath_its_wrappings() -> None:
    wrapped = GraphQLError("outer", original_error=GraphQLError("inner", original_error=RuntimeError(SECRET)))
    assert Masker().formatted(wrapped, "r1")["extensions"]["code"] == "INTERNAL_SERVER_ERROR"


async def test_a_description_names_the_whole_chain_without_messages() -> None:
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise RuntimeError(SECRET) from error
    except RuntimeError as error:
        told = describe(error)
    assert "builtins.RuntimeError" in told
    assert "builtins.KeyError" in told
    assert SECRET not in told


@pytest.mark.parametrize(
    "day", ["20260901", "2026-W36-2", "2026-244", "2026-9-1", "2026-09-31", "٢٠٢٦-09-01", "2026-09-01T00:00", ""]
)
async def test_a_day_is_written_in_one_way(day: str) -> None:
    text = "query($v: Date) { find(born: $v) { id } }"
    assert (await Client().ask(text, {"v": "2026-09-01"})).json() == {"data": {"find": None}}
    refused = await Client().ask(text, {"v": day})
    assert code(refused) == "BAD_USER_INPUT"
    written = await Client().ask(f'{{ find(born: "{day}") {{ id }} }}')
    assert code(written) == "GRAPHQL_VALIDATION_FAILED"
    assert day == "" or day not in refused.text + written.text
