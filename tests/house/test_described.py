"""Every element of the schema is described, for a front-end developer who has never met a social worker."""

import re
from collections.abc import Iterator

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    is_introspection_type,
    is_specified_directive,
    specified_scalar_types,
)

from throughline.api.schema import make_schema

SCHEMA = make_schema()._schema
SHORTEST = 4  # «Male.» says enough
FORMATS = {"YYYY-MM-DD", "2026-09-01T08:15:00.000000Z", "SCHOOL_ON_ROLL"}


def elements() -> Iterator[tuple[str, str | None]]:
    for name, found in SCHEMA.type_map.items():
        if not is_introspection_type(found):
            yield name, found.description
            yield from members(found)
    for directive in SCHEMA.directives:
        if not is_specified_directive(directive):
            yield f"@{directive.name}", directive.description


def members(found: GraphQLNamedType) -> Iterator[tuple[str, str | None]]:
    if isinstance(found, GraphQLEnumType):
        for name, value in found.values.items():
            yield f"{found.name}.{name}", value.description
    elif isinstance(found, GraphQLInputObjectType):
        for name, field in found.fields.items():
            yield f"{found.name}.{name}", field.description
    elif isinstance(found, GraphQLObjectType | GraphQLInterfaceType):
        for name, output in found.fields.items():
            yield f"{found.name}.{name}", output.description
            for argument, given in output.args.items():
                yield f"{found.name}.{name}({argument})", given.description


def ours() -> list[tuple[str, str]]:
    """Without the scalars that GraphQL itself describes."""
    return [(name, said) for name, said in elements() if said and name not in specified_scalar_types]


def test_every_element_is_described() -> None:
    assert [name for name, said in elements() if len(said or "") < SHORTEST] == []


def test_descriptions_are_sentences() -> None:
    ends = (".", "?", "»", ":", ")")
    assert [name for name, said in ours() if not said.rstrip().endswith(ends)] == []


def test_no_description_names_an_element_that_does_not_exist() -> None:
    """Backticks hold names of the schema, or formats: what was renamed is found here."""
    known = {part for name, _ in elements() for part in re.split(r"[.()]", name)}
    named = {(where, name) for where, said in ours() for name in re.findall(r"`([^`]+)`", said)}
    parts = {(where, part) for where, name in named if name not in FORMATS for part in re.split(r"[.():]+", name) if part}
    assert {pair for pair in parts if pair[1] not in known} == set()
