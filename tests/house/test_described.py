"""Every element of the schema is described, for a front-end developer who has never met a social worker."""

from collections.abc import Iterator

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    is_introspection_type,
    is_specified_directive,
)

from throughline.api.schema import make_schema

SCHEMA = make_schema()._schema
SHORTEST = 4  # «Male.» says enough


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


def test_every_element_is_described() -> None:
    assert [name for name, said in elements() if len(said or "") < SHORTEST] == []


def test_descriptions_are_sentences() -> None:
    ends = (".", "?", "»", ":", ")")
    ours = [(name, said) for name, said in elements() if said and name not in ("ID", "Int", "String", "Boolean", "Float")]
    assert [name for name, said in ours if not said.rstrip().endswith(ends)] == []


def test_no_description_names_another_element_that_does_not_exist() -> None:
    """Backticks hold names of the schema, formats, or values; a type that was renamed is found here."""
    import re

    known = set(SCHEMA.type_map) | {name.split(".", 1)[1].split("(")[0] for name, _ in elements() if "." in name}
    formats = {"YYYY-MM-DD", "2026-09-01T08:15:00.000000Z", "SCHOOL_ON_ROLL"}
    named = {(where, name) for where, said in elements() for name in re.findall(r"`([^`]+)`", said or "")}
    unknown = {
        (where, name) for where, name in named if name not in formats and not set(name.split(".")) <= known
    }
    assert {pair for pair in unknown if not pair[0].startswith(("ID", "Int", "Float", "String", "Boolean"))} == set()
