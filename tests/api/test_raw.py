import inspect

import orjson
import pytest
from graphql import ExecutionResult, build_schema, execute, get_introspection_query, parse
from graphql.execution import Executor

from tests.api.harness import Client, code
from throughline.api.raw import Raw, RawExecutionContext

pytestmark = pytest.mark.anyio


def test_graphql_core_completes_values_as_we_rely_on() -> None:
    """When this fails, read graphql-core's `Executor.complete_value` again before changing our own."""
    names = ["self", "return_type", "field_details_list", "info", "path", "result", "position_context"]
    assert list(inspect.signature(Executor.complete_value).parameters) == names
    assert list(inspect.signature(RawExecutionContext.complete_value).parameters) == names


async def test_a_finished_object_goes_out_byte_by_byte() -> None:
    response = await Client().ask("{ family { id } }")
    assert response.content == b'{"data":{"family":{"id":"7","name":"raw"}}}'


async def test_a_finished_list_goes_out_byte_by_byte() -> None:
    response = await Client().ask("{ families { id } }")
    assert response.content == b'{"data":{"families":[{"id":"7"}]}}'


async def test_finished_items_stand_beside_ordinary_ones_in_a_list() -> None:
    response = await Client().ask("{ mixed { id } }")
    assert response.json() == {"data": {"mixed": [{"id": "7"}, None, {"id": "1"}, None]}}


async def test_finished_fields_stand_in_ordinary_objects_at_any_depth() -> None:
    response = await Client().ask("{ child { sibling { name school { name } } } }")
    school = {"name": "Oak", "phase": "PRIMARY"}
    assert response.json() == {"data": {"child": {"sibling": {"name": "Ann", "school": school}}}}


async def test_payloads_of_mutations_carry_finished_fields() -> None:
    response = await Client().ask('mutation { add(name: "x") { child { id } schools { name } } }')
    assert response.json() == {"data": {"add": {"child": {"id": "8"}, "schools": []}}}


async def test_a_finished_null_is_an_ordinary_null() -> None:
    assert (await Client().ask("{ nobody { id } }")).json() == {"data": {"nobody": None}}


async def test_a_finished_null_behind_a_non_null_type_is_our_fault() -> None:
    response = await Client().ask("{ somebody { id } }")
    assert code(response) == "INTERNAL_SERVER_ERROR"
    assert response.json()["data"] is None


@pytest.mark.parametrize("json", [None, "null", b"null"])
def test_null_has_three_spellings(json: str | bytes | None) -> None:
    assert Raw(json).is_null


async def test_the_executor_works_over_a_plain_schema() -> None:
    plain = build_schema("type Query { child: Child } type Child { id: ID! }")
    document = parse("{ child { id } }")
    result = execute(plain, document, {"child": Raw('{"id":"9"}')}, executor_class=RawExecutionContext)
    assert isinstance(result, ExecutionResult)
    assert orjson.dumps(result.data) == b'{"child":{"id":"9"}}'


async def test_the_customary_introspection_query_is_within_the_limits() -> None:
    response = await Client().ask(get_introspection_query(input_value_deprecation=True))
    assert "errors" not in response.json()
    assert orjson.loads(response.content)["data"]["__schema"]["queryType"]["name"] == "Query"
