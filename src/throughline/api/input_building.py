"""Inputs are built from what graphql-core has coerced by functions made once, when the schema is made.

Strawberry works out the name and type of each field of each input again for every request: a fifth of what the portal's own
process spent on a support report.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLSchema
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.arguments import InputContext
from strawberry.types.base import (
    StrawberryList,
    StrawberryMaybe,
    StrawberryObjectDefinition,
    StrawberryOptional,
    StrawberryType,
    get_object_definition,
)

Build = Callable[[Any], Any]


def build_inputs(schema: GraphQLSchema, config: StrawberryConfig) -> None:
    """From here on, every input of this schema is built by a function of its own."""
    made: dict[type, Build] = {}
    for one in schema.type_map.values():
        if isinstance(one, GraphQLInputObjectType):
            definition = one.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
            definition.from_input = _hook(_builder(definition, config, made))


def _hook(build: Build) -> Callable[[type, Mapping[str, Any], InputContext], Any]:
    return lambda _type, value, _context: build(value)


def _builder(definition: StrawberryObjectDefinition, config: StrawberryConfig, made: dict[type, Build]) -> Build:
    origin = definition.origin
    if origin in made:
        return made[origin]
    defaults: dict[str, Any] = {}
    fields: list[tuple[str, str, Build | None]] = []

    def build(value: Mapping[str, Any]) -> Any:
        given = defaults.copy()
        for name, python_name, how in fields:
            if name in value:
                said = value[name]
                given[python_name] = said if how is None or said is None else how(said)
        return origin(**given)

    made[origin] = build  # before its fields are looked at: one of them may be of the same type
    for field in definition.fields:
        if field.default_value is MISSING and field.default_factory is MISSING:
            defaults[field.python_name] = None
        how = _how(field.resolve_type(type_definition=definition), config, made)
        fields.append((config.name_converter.from_field(field), field.python_name, how))
    return build


def _how(of: StrawberryType | type, config: StrawberryConfig, made: dict[type, Build]) -> Build | None:
    """How a value of this type is built; None where graphql-core has made it what it is to be."""
    if isinstance(of, StrawberryMaybe):
        raise TypeError("no input of ours tells null from left out")
    if isinstance(of, StrawberryOptional):
        return _how(of.of_type, config, made)
    if isinstance(of, StrawberryList):
        return _list_of(_how(of.of_type, config, made))
    definition = get_object_definition(of)
    return _builder(definition, config, made) if definition else None


def _list_of(each: Build | None) -> Build:
    """Always a new list: graphql-core gives the same default to everybody."""
    if each is None:
        return list
    return lambda values: [None if value is None else each(value) for value in values]
