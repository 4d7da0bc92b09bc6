import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from graphql import GraphQLResolveInfo, GraphQLSchema, build_schema, execute, parse, validate
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_subfields
from graphql.execution.values import VariableValues
from graphql.utilities.coerce_input_value import coerce_default_value, coerce_input_literal

from throughline.api.selection import NOTHING, Selected, Selections, snake
from throughline.reading.tree import Field

SCHEMA = build_schema("""
    interface Node { id: ID! }
    interface Record implements Node { id: ID!, about: [Person!]! }
    type Need implements Record & Node { id: ID!, about: [Person!]!, severity: Severity! }
    type SupportReport implements Record & Node { id: ID!, about: [Person!]!, on: Int, kindOfSupport: K! }
    type K { code: String! }
    enum Severity { LOW HIGH }
    input Filter { kinds: [Severity!], name: String = "anybody", inner: Filter }
    type Person implements Node {
      id: ID!
      givenName: String
      supportReports(first: Int = 20, after: String, filter: Filter, ids: [ID!]): [SupportReport!]!
      history: [Record!]!
      mother: Person
    }
    type Payload { supportReport: SupportReport, errors: [String!] }
    type Query { person(id: ID!): Person, node(id: ID!): Node }
    type Mutation { submit(name: String): Payload }
""")


@dataclass
class Caught:
    """What `Selections` makes of each root field of one execution."""

    here: dict[str | int, Selected] = field(default_factory=dict)
    beneath: dict[str, Selected] = field(default_factory=dict)


def select(
    text: str,
    variables: Mapping[str, Any] | None = None,
    selections: Selections | None = None,
    **options: Any,
) -> Caught:
    document = parse(text)
    assert validate(SCHEMA, document) == []
    used = selections or Selections(SCHEMA)
    caught = Caught()

    def resolve(_: object, info: GraphQLResolveInfo[Any], **__: Any) -> Any:
        caught.here[info.path.key] = used.here(info, text)
        if info.parent_type.name == "Mutation":
            caught.beneath = used.beneath(info, text, "supportReport")
        return None

    result = execute(_resolved_by(resolve), document, variable_values=dict(variables or {}), **options)
    assert not getattr(result, "errors", None), result
    return caught


def _resolved_by(resolve: Any) -> GraphQLSchema:
    for root in (SCHEMA.query_type, SCHEMA.mutation_type):
        for definition in root.fields.values() if root else ():
            definition.resolve = resolve
    return SCHEMA


def person(text: str, variables: Mapping[str, Any] | None = None) -> Field:
    return select(text, variables).here["person"].wanted


def shape(wanted: Field) -> Any:
    """A tree as nested dictionaries: concrete type → response key → field."""
    inner = {name: {one.key: shape(one) for one in fields} for name, fields in wanted.children.items()}
    return {wanted.name: inner} if inner else wanted.name


def given(wanted: Field, *path: str) -> Field:
    for key in path:
        wanted = next(one for fields in wanted.children.values() for one in fields if one.key == key)
    return wanted


def said(wanted: Field, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {name: argument(variables or {}) for name, argument in wanted.arguments.items()}


def test_graphql_core_and_strawberry_are_as_we_rely_on() -> None:
    """When this fails, read `collect_fields.py`, `coerce_input_value.py` and Strawberry's executor again."""
    expected = ["schema", "fragments", "variable_values", "operation", "return_type", "field_details_list"]
    assert list(inspect.signature(collect_subfields).parameters)[:6] == expected
    assert FieldDetails._fields[:2] == ("node", "defer_usage")
    assert FragmentDetails._fields[0] == "definition"
    assert VariableValues._fields == ("sources", "coerced")
    assert list(inspect.signature(coerce_input_literal).parameters)[:3] == [
        "value_node",
        "type_",
        "variable_values",
    ]
    assert list(inspect.signature(coerce_default_value).parameters) == ["input_value"]
    assert {"field_nodes", "fragments", "operation", "path", "variable_values"} <= set(GraphQLResolveInfo._fields)


@pytest.mark.parametrize(
    ("name", "spelt"),
    [("id", "id"), ("supportReports", "support_reports"), ("pageInfo", "page_info"), ("from", "from")],
)
def test_names_become_those_of_the_read_path(name: str, spelt: str) -> None:
    assert snake(name) == spelt


def test_aliases_are_keys_and_names_stay_names() -> None:
    wanted = person('{ person(id: "x") { a: givenName givenName b: givenName } }')
    assert shape(wanted) == {"person": {"Person": {"a": "given_name", "givenName": "given_name", "b": "given_name"}}}


def test_fields_asked_for_twice_are_merged_in_the_order_of_their_first_mention() -> None:
    wanted = person('{ person(id: "x") { mother { id } givenName mother { givenName id } } }')
    assert shape(given(wanted, "mother")) == {"mother": {"Person": {"id": "id", "givenName": "given_name"}}}
    assert [one.key for one in wanted.of("Person")] == ["mother", "givenName"]


def test_fragments_and_inline_fragments_nest() -> None:
    text = """
        { person(id: "x") { ...A ... on Person { mother { ...B } } ... { givenName } } }
        fragment A on Person { id mother { ...B givenName } }
        fragment B on Node { id ... on Person { history { id } } }
    """
    found = shape(person(text))["person"]["Person"]
    assert list(found) == ["id", "mother", "givenName"]
    assert list(found["mother"]["mother"]["Person"]) == ["id", "history", "givenName"]


def test_an_interface_is_written_out_for_each_type_that_can_stand_there() -> None:
    text = """
        { person(id: "x") { history { __typename id ... on Need { severity } ... on SupportReport { on }
            ... on Record { about { id } } ... on Node { n: id } } } }
    """
    history = shape(person(text))["person"]["Person"]["history"]["history"]
    assert list(history) == ["Need", "SupportReport"]
    assert list(history["Need"]) == ["__typename", "id", "severity", "about", "n"]
    assert list(history["SupportReport"]) == ["__typename", "id", "on", "about", "n"]


def test_a_root_that_is_an_interface_knows_every_type() -> None:
    wanted = select('{ node(id: "x") { id ... on Person { givenName } } }').here["node"].wanted
    assert {name: [one.key for one in fields] for name, fields in wanted.children.items()} == {
        "Need": ["id"],
        "SupportReport": ["id"],
        "Person": ["id", "givenName"],
    }


@pytest.mark.parametrize(("with_it", "keys"), [(True, ["id", "givenName"]), (False, ["id", "mother"])])
def test_skip_and_include_follow_their_variables(with_it: bool, keys: list[str]) -> None:
    text = """query($with: Boolean!, $id: ID!) {
        person(id: $id) { id givenName @include(if: $with) ... on Person @skip(if: $with) { mother { id } } }
        }"""
    assert [one.key for one in person(text, {"with": with_it, "id": "x"}).of("Person")] == keys


def test_the_key_of_a_plan_holds_the_flags_and_no_other_variable() -> None:
    text = """query($with: Boolean!, $id: ID!) { person(id: $id) { id ...F } }
        fragment F on Person { givenName @skip(if: $with) }"""
    keys = [select(text, {"with": with_it, "id": id_}).here["person"].key for with_it in (True, False) for id_ in ("x", "y")]
    assert keys[0] == keys[1] != keys[2] == keys[3]


def test_the_key_of_a_plan_tells_operations_and_response_keys_apart() -> None:
    two = 'query A { person(id: "x") { id } } query B { person(id: "x") { givenName } }'
    a, b = (select(two, operation_name=name).here["person"] for name in "AB")
    both = select('{ a: person(id: "x") { id } b: person(id: "x") { givenName } }').here
    assert a.key != b.key
    assert both["a"].key != both["b"].key


def test_a_tree_is_built_once_and_a_bounded_number_is_kept() -> None:
    selections = Selections(SCHEMA, most=2)
    text = "query($id: ID!) { person(id: $id) { id } }"
    first = select(text, {"id": "x"}, selections).here["person"]
    again = select(text, {"id": "y"}, selections).here["person"]
    assert first.wanted is again.wanted
    assert (first.variables, again.variables) == ({"id": "x"}, {"id": "y"})
    for name in "abc":
        select(f'{{ {name}: person(id: "x") {{ id }} }}', selections=selections)
    assert len(selections._trees) == 2


def test_arguments_are_read_for_each_request_and_defaults_are_filled_in() -> None:
    text = """query($n: Int, $id: ID!) { person(id: $id) {
        a: supportReports { id } b: supportReports(first: $n) { id } c: supportReports(first: 5, after: "z")
        { id } } }"""
    wanted = person(text, {"id": "x"})
    assert said(given(wanted, "a")) == {"first": 20}
    assert [said(given(wanted, "b"), variables) for variables in ({}, {"n": 3}, {"n": None})] == [
        {"first": 20},
        {"first": 3},
        {"first": None},
    ]
    assert said(given(wanted, "c")) == {"first": 5, "after": "z"}


def test_input_objects_hold_variables_at_any_depth() -> None:
    text = """query($k: Severity!, $name: String, $id: ID!) { person(id: $id) {
        supportReports(filter: {kinds: [LOW, $k], inner: {name: $name}}) { id } } }"""
    wanted = given(person(text, {"id": "x", "k": "HIGH"}), "supportReports")
    assert said(wanted, {"k": "HIGH"})["filter"] == {
        "kinds": ["LOW", "HIGH"],
        "name": "anybody",
        "inner": {"name": "anybody"},
    }
    assert said(wanted, {"k": "LOW", "name": "Ann"})["filter"]["inner"] == {"name": "Ann"}


A_UUID = "0190d3a4-7e0c-7b6a-9f2e-0a1b2c3d4e5f"


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        (A_UUID, UUID(A_UUID)),
        (A_UUID.upper(), UUID(A_UUID)),
        ("", NOTHING),
        ("'; drop", NOTHING),
        ("7", NOTHING),
        (f"urn:uuid:{A_UUID}", NOTHING),
        (f"{{{A_UUID}}}", NOTHING),
        (A_UUID.replace("-", ""), NOTHING),
        (A_UUID.replace("0", "\u0660"), NOTHING),  # an Arabic-Indic nought
        ("é" * 40, NOTHING),
    ],
)
def test_an_id_that_is_no_uuid_stands_for_nothing(sent: str, meant: UUID) -> None:
    text = "query($id: ID!, $ids: [ID!]) { person(id: $id) { supportReports(ids: $ids) { id } } }"
    wanted = person(text, {"id": sent})
    assert said(wanted, {"id": sent}) == {"id": meant}
    assert said(given(wanted, "supportReports"), {"ids": [sent]})["ids"] == [meant]


def test_a_literal_id_is_read_alike() -> None:
    assert said(person('{ person(id: "nobody") { id } }')) == {"id": NOTHING}
    assert said(person("{ person(id: 7) { id } }")) == {"id": NOTHING}


def test_a_payloads_field_is_selected_under_each_of_its_keys() -> None:
    text = """mutation { submit(name: "x") { errors a: supportReport { id } ...P } }
        fragment P on Payload { supportReport { on kindOfSupport { code } } a: supportReport { on }
        }"""
    found = select(text).beneath
    assert {key: [one.key for one in selected.wanted.of("SupportReport")] for key, selected in found.items()} == {
        "a": ["id", "on"],
        "supportReport": ["on", "kindOfSupport"],
    }
    assert len({selected.key for selected in found.values()}) == 2


def test_nested_fragments_take_linear_time() -> None:
    """Each level names the next twice: 2^40 fields, if they were written out."""
    levels = "".join(f"fragment F{n} on Person {{ a: mother {{ ...F{n + 1} }} b: mother {{ ...F{n + 1} }} }}" for n in range(40))
    wanted = person(f'{{ person(id: "x") {{ ...F0 }} }} {levels} fragment F40 on Person {{ id }}')
    a, b = wanted.of("Person")
    are_shared = all(one is other for one, other in zip(a.of("Person"), b.of("Person"), strict=True))
    assert are_shared  # and never the trees themselves: comparing or printing them would take for ever


def test_the_plain_dictionary_that_strawberry_hands_over_serves_as_well() -> None:
    from throughline.api.selection import _coerced

    values: Any = {"id": "x"}
    assert _coerced(SimpleNamespace(variable_values=values)) is values  # type: ignore[arg-type]
    assert _coerced(SimpleNamespace(variable_values=VariableValues({}, values))) is values  # type: ignore[arg-type]
