"""The operations fit the schema, use all of it that can be asked for, and each is shown by examples for who uses it."""

import json
from collections import defaultdict
from typing import Any

import pytest
from graphql import DocumentNode, FieldNode, OperationDefinitionNode, OperationType, parse, validate

from tests.contract.portal import operations
from tests.contract.record import EXAMPLES
from tests.contract.teller import REFUSED
from throughline.api.limits import measure
from throughline.api.schema import make_schema
from throughline.app import LIMITS
from throughline.terms.role import Role
from throughline.terms.work import SectionState

SCHEMA = make_schema()._schema
OPERATIONS = operations()


def the_operation(document: DocumentNode) -> OperationDefinitionNode:
    [operation] = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    return operation


@pytest.fixture(scope="module")
def examples() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path in sorted(EXAMPLES.rglob("*.json")):
        found[path.parent.name] += json.loads(path.read_text())
    return found


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_fits_the_schema_and_says_who_uses_it(name: str) -> None:
    document = parse(OPERATIONS[name])
    assert validate(SCHEMA, document) == []
    measure(SCHEMA, document, LIMITS)
    operation = the_operation(document)
    assert operation.name
    assert operation.name.value == name
    assert OPERATIONS[name].startswith("# ")
    assert len(OPERATIONS[name].splitlines()[0]) > 40


def test_every_root_field_is_used_by_an_operation() -> None:
    selections = [one for text in OPERATIONS.values() for one in the_operation(parse(text)).selection_set.selections]
    used = {one.name.value for one in selections if isinstance(one, FieldNode)}
    roots = [root for root in (SCHEMA.query_type, SCHEMA.mutation_type) if root]
    assert used == {name for root in roots for name in root.fields}


def test_every_operation_has_examples_and_every_example_an_operation(examples: dict[str, list[dict[str, Any]]]) -> None:
    assert examples.keys() == OPERATIONS.keys() | {REFUSED}


def test_every_role_has_examples(examples: dict[str, list[dict[str, Any]]]) -> None:
    assert {one["role"] for found in examples.values() for one in found if one["role"]} == set(Role)


def test_every_mutation_is_shown_done_and_refused(examples: dict[str, list[dict[str, Any]]]) -> None:
    lacking = []
    for name, text in OPERATIONS.items():
        if the_operation(parse(text)).operation is not OperationType.MUTATION:
            continue
        payloads = [payload for one in examples[name] for payload in one["response"]["body"]["data"].values()]
        if {bool(payload["userErrors"]) for payload in payloads} != {True, False}:
            lacking.append(name)
    assert lacking == []


def test_empty_and_withheld_and_absent_answers_are_among_them(examples: dict[str, list[dict[str, Any]]]) -> None:
    text = json.dumps([one["response"] for found in examples.values() for one in found])
    assert [state for state in SectionState if f'"state": "{state}"' not in text] == []
    for sign in ('"family": null', '"person": null', '"node": null', '"totalCount": 0', '"agencies": []'):
        assert sign in text, sign


def test_absent_and_forbidden_look_identical(examples: dict[str, list[dict[str, Any]]]) -> None:
    nulls = [one["response"] for one in examples["FamilyPicture"] if one["response"]["body"]["data"]["family"] is None]
    assert len(nulls) > 2
    assert all(one == nulls[0] for one in nulls)
