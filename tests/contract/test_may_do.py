"""What front-ends are told that they may do, held against what the server really did: the recorded examples."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import OperationType, parse

from tests.contract.portal import operations
from tests.contract.test_operations import the_operation
from throughline.access.abilities import acts
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

Recorded = dict[str, list[dict[str, Any]]]


def mutations() -> dict[str, str]:
    """The root field of each operation that is a mutation."""
    documents = {name: the_operation(parse(text)) for name, text in operations().items()}
    found = {name: one.selection_set.selections[0] for name, one in documents.items() if one.operation is OperationType.MUTATION}
    return {name: field.name.value for name, field in found.items()}  # type: ignore[attr-defined]


def tried(stories: Recorded) -> Iterator[tuple[str, Role, Purpose, bool]]:
    """Each mutation of the examples: its name, by whom, and whether it was done."""
    names = mutations()
    for example in (one for found in stories.values() for one in found):
        name = names.get(example["request"].get("operation", ""))
        if name and example["role"]:
            payload = next(iter(example["response"]["body"]["data"].values()))
            lines = payload.get("lines", [payload])
            yield name, Role(example["role"]), Purpose(example["purpose"]), any(not line["userErrors"] for line in lines)


def test_whoever_did_something_was_told_that_they_may(stories: Recorded) -> None:
    done = {(name, role, purpose) for name, role, purpose, is_done in tried(stories) if is_done}
    assert {name for name, _, _ in done} == set(mutations().values())
    assert [one for one in done if one[0] not in acts(one[1], one[2], is_tool=False)] == []


def test_whoever_was_not_told_was_always_refused(stories: Recorded) -> None:
    beyond = [one for one in tried(stories) if one[0] not in acts(one[1], one[2], is_tool=False)]
    assert len(beyond) > 5
    assert [one for one in beyond if one[3]] == []


@pytest.mark.parametrize("key", ["mutations", "search", "abilities"])
def test_the_recorded_answers_tell_each_part(stories: Recorded, key: str) -> None:
    told = [
        one["response"]["body"]["data"]["viewer"]["mayDo"][key]
        for found in stories.values()
        for one in found
        if one["request"].get("operation") == "WhatMayIDo"
    ]
    assert len(told) == len(Role)
    assert any(told)
