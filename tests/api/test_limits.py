import pytest
from graphql import OperationDefinitionNode, build_schema, parse, validate

from tests.api.harness import Client, code
from throughline.api.errors import BadUserInput, QueryTooComplex
from throughline.api.limits import Gauge, Limits, Size, check_variables, measure
from throughline.api.schema import make_schema

SCHEMA = build_schema("""
    type Query { child: Child, children(first: Int, last: Int): [Child!]!, search(first: Int): [Child!]! }
    type Child { id: ID!, sibling: Child, records(first: Int): [Child!]!, tags: [Tag!]! }
    type Tag { name: String! }
""")


def operation_of(text: str) -> OperationDefinitionNode:
    return next(node for node in parse(text).definitions if isinstance(node, OperationDefinitionNode))


def size(text: str, **variables: object) -> Size:
    document = parse(text)
    return Gauge(SCHEMA, document, Limits(), variables).size(operation_of(text))


def bomb(depth: int) -> str:
    """Each fragment spreads the next one twice: 2^depth fields for a reader that expands them."""
    spreads = " ".join(f"fragment F{n} on Child {{ ...F{n + 1} ...F{n + 1} }}" for n in range(depth))
    return f"{{ child {{ ...F0 }} }} {spreads} fragment F{depth} on Child {{ id }}"


def test_nested_fragments_are_measured_in_linear_time() -> None:
    visits = []
    for depth in (20, 40):
        document = parse(bomb(depth))
        gauge = Gauge(SCHEMA, document, Limits())
        gauge.size(operation_of(bomb(depth)))
        visits.append(gauge.visits)
    assert visits == [1 + 1 + 2 * 20 + 1, 1 + 1 + 2 * 40 + 1]


def test_nested_fragments_are_refused_by_what_they_ask_for() -> None:
    with pytest.raises(QueryTooComplex, match="fields"):
        measure(SCHEMA, parse(bomb(40)), Limits())


def test_sizes_beyond_counting_do_not_grow_for_ever() -> None:
    assert size(bomb(45)).fields == 10**9


def test_a_circle_of_fragments_ends_the_walk_and_validation_names_it() -> None:
    document = parse("{ child { ...A } } fragment A on Child { ...B } fragment B on Child { ...A id }")
    measure(SCHEMA, document, Limits())
    assert "Cannot spread fragment" in validate(SCHEMA, document)[0].message


def test_what_is_measured() -> None:
    text = """{
        a: child { id sibling @include(if: true) { ... on Child @skip(if: false) { b: id } } }
        child { id }
    }"""
    assert size(text) == Size(depth=3, fields=6, aliases=2, directives=2, cost=6, written=6)


def test_cost_counts_each_row_of_the_pages_above() -> None:
    assert size("{ children(first: 10) { records(first: 5) { id } } }").cost == 1 + 10 * (1 + 5 * 1)
    assert size("{ children { id } }").cost == 1 + Limits().default_first
    assert size("{ children(first: 10, last: 30) { id } }").cost == 31
    assert size("{ child { tags { name } } }").cost == 1 + 1 + Limits().list_rows


def test_lists_without_pages_multiply_too() -> None:
    """Else a document that goes to and fro between people and families costs nothing, whatever it makes of the database."""
    portal = make_schema()._schema
    there_and_back = "families { members { person { " * 4
    document = parse(f'{{ person(id: "1") {{ {there_and_back} id {"} } } " * 4} }} }}')
    with pytest.raises(QueryTooComplex, match="cost"):
        measure(portal, document, Limits())
    measure(
        portal,
        parse('{ person(id: "1") { families { members { person { families { members { person { id } } } } } } } }'),
        Limits(),
    )


def test_the_rows_of_a_page_are_counted_once() -> None:
    text = "{ families(first: 10) { edges { node { id } } } }"
    found = Gauge(make_schema()._schema, parse(text), Limits()).size(operation_of(text))
    assert found.cost == 1 + 10 * (1 + 1 + 1)


def test_a_page_size_in_a_variable_counts_when_it_is_known() -> None:
    text = "query($n: Int) { children(first: $n) { id } }"
    assert size(text).cost == 1 + Limits().default_first
    assert size(text, n=100).cost == 101
    assert size(text, n="x").cost == 1 + Limits().default_first


def test_a_field_may_have_a_price_of_its_own() -> None:
    limits = Limits(field_costs={"Query.search": 50})
    text = "{ search(first: 1) { id } }"
    assert Gauge(SCHEMA, parse(text), limits).size(operation_of(text)).cost == 51


@pytest.mark.parametrize(
    ("text", "limits", "measured"),
    [
        ("{ child { sibling { sibling { id } } } }", Limits(max_depth=3), "depth"),
        ("{ child { id } }", Limits(max_fields=1), "fields"),
        ("{ a: child { b: id } }", Limits(max_aliases=1), "aliases"),
        ("{ a: child { id } b: child { id } }", Limits(max_root_fields=1), "root fields"),
        ("{ child @skip(if: false) @include(if: true) { id } }", Limits(max_directives=1), "directives"),
        ("query @a @b { child { id } }", Limits(max_directives=1), "directives"),
        ("{ children(first: 90) { records(first: 90) { id } } }", Limits(max_cost=1000), "cost"),
        ("{ children(first: 101) { id } }", Limits(), "first"),
        ("{ children(last: 999999999999999) { id } }", Limits(), "last"),
        ("query A { child { id } } query B { child { id } }", Limits(max_operations=1), "operations"),
        ("{ child { ...F } } fragment F on Child { id }", Limits(max_fragments=0), "fragments"),
        ("{ child { id } ... { child { id } } }", Limits(max_merge_pairs=0), "merge pairs"),
    ],
)
def test_each_limit_refuses_by_name(text: str, limits: Limits, measured: str) -> None:
    with pytest.raises(QueryTooComplex) as refusal:
        measure(SCHEMA, parse(text), limits)
    assert refusal.value.extensions["measure"] == measured
    measure(SCHEMA, parse(text), Limits(max_first=10**12, max_cost=10**12))


def test_a_negative_page_is_not_a_way_to_make_up_for_others() -> None:
    with pytest.raises(BadUserInput):
        measure(SCHEMA, parse("{ children(first: -1000) { id } }"), Limits())


def test_unknown_names_are_left_to_validation() -> None:
    text = "{ nothing { id } ... on Nobody { id } ...Missing }"
    assert measure(SCHEMA, parse(text), Limits()) == frozenset()


def test_page_sizes_in_variables_are_weighed_when_they_are_known() -> None:
    text = "query($a: Int, $b: Int = 90) { children(first: $a) { records(first: $b) { id } } }"
    document = parse(text)
    limits = Limits(max_cost=2000)
    assert measure(SCHEMA, document, limits) == {"a", "b"}
    check_variables(SCHEMA, document, operation_of(text), {"a": 20}, limits)
    with pytest.raises(QueryTooComplex, match="cost"):
        check_variables(SCHEMA, document, operation_of(text), {"a": 90}, limits)
    with pytest.raises(QueryTooComplex, match="at most 100"):
        check_variables(SCHEMA, document, operation_of(text), {"a": 101, "b": 1}, limits)


@pytest.mark.anyio
async def test_the_view_weighs_page_sizes_on_each_request() -> None:
    client = Client()
    text = "query($n: Int) { child { records(first: $n) { records(first: $n) { name } } } }"
    for _ in range(2):
        assert "errors" not in (await client.ask(text, {"n": 5})).json()
        assert code(await client.ask(text, {"n": 101})) == "QUERY_TOO_COMPLEX"
        assert code(await client.ask(text, {"n": 100})) == "QUERY_TOO_COMPLEX"
        assert code(await client.ask(text, {"n": -1})) == "BAD_USER_INPUT"
        assert code(await client.ask(text, {"n": "5"})) == "BAD_USER_INPUT"


@pytest.mark.anyio
@pytest.mark.parametrize(
    "text",
    [
        "{ child " + "{ sibling " * 300 + "{ id }" + " }" * 301,
        "{ child { " + "sibling { id } " * 200 + "} }",
        "{ child { name " + "".join(f"a{n}: name " for n in range(100)) + "} }",
        "{ child { name" + " @include(if: true)" * 100 + " } }",
        "{" + "".join(f"a{n}: child {{ id }} " for n in range(30)) + "}",
        "{ child { id } }" + " " * 30_000,
        "{ child { id } }" + " ," * 9_000 + "#" + "x" * 9_000,
        "{ child { ...F0 } } " + " ".join(f"fragment F{n} on Child {{ ...F{n + 1} }}" for n in range(200)),
        "[" * 2_500,
        "{ child(name: " + "[" * 900 + "]" * 900 + ") { id } }",
    ],
    ids=[
        "depth",
        "merging",
        "aliases",
        "directives",
        "roots",
        "length",
        "padding",
        "chain",
        "noise",
        "literal",
    ],
)
async def test_the_view_refuses_what_is_too_much(text: str) -> None:
    response = await Client().ask(text)
    expected = ("QUERY_TOO_COMPLEX", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED")
    assert response.status_code == 400
    assert code(response) in expected
