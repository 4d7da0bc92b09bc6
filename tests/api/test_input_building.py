"""Every input of the schema is built as Strawberry itself would build it, from everything and from the least that can be said."""

import datetime
from collections.abc import Iterator
from typing import Any, cast

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    Undefined,
    get_named_type,
)
from graphql.utilities.coerce_input_value import coerce_input_value
from strawberry.types.arguments import convert_argument
from strawberry.types.base import StrawberryObjectDefinition

from throughline.api.scalars import SCALARS
from throughline.api.schema import make_schema

SCHEMA = make_schema()
INPUTS = {name: one for name, one in SCHEMA._schema.type_map.items() if isinstance(one, GraphQLInputObjectType)}
SCALAR = {
    "String": "x",
    "ID": "7",
    "Int": 3,
    "Float": 1.5,
    "Boolean": True,
    "Date": "2026-01-15",
    "DateTime": "2026-01-15T08:00:00Z",
}


def said(of: GraphQLInputType, *, all_of_it: bool) -> Any:
    """A JSON value of this type; with every field, or only with those that must be there."""
    if isinstance(of, GraphQLNonNull):
        return said(of.of_type, all_of_it=all_of_it)
    if isinstance(of, GraphQLList):
        return [said(of.of_type, all_of_it=all_of_it)] * 2
    if isinstance(of, GraphQLInputObjectType):
        must = {name: field for name, field in of.fields.items() if isinstance(field.type, GraphQLNonNull)}
        fields = of.fields if all_of_it else {name: field for name, field in must.items() if field.default is None}
        return {name: said(field.type, all_of_it=all_of_it) for name, field in fields.items()}
    named = get_named_type(of)
    return next(iter(named.values)) if isinstance(named, GraphQLEnumType) else SCALAR[named.name]


def definitions() -> Iterator[StrawberryObjectDefinition]:
    for one in INPUTS.values():
        yield one.extensions["strawberry-definition"]


@pytest.mark.parametrize("all_of_it", [True, False], ids=["everything", "the least"])
@pytest.mark.parametrize("name", sorted(INPUTS))
def test_an_input_is_built_as_strawberry_would_build_it(name: str, all_of_it: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    coerced = coerce_input_value(said(INPUTS[name], all_of_it=all_of_it), INPUTS[name])
    assert coerced is not Undefined
    origin = cast("Any", INPUTS[name].extensions["strawberry-definition"]).origin
    ours = convert_argument(coerced, origin, SCHEMA.schema_converter.scalar_registry, SCALARS)
    for definition in definitions():
        monkeypatch.setattr(definition, "from_input", None)
    assert ours == convert_argument(coerced, origin, SCHEMA.schema_converter.scalar_registry, SCALARS)


def test_nulls_are_kept_and_days_are_days() -> None:
    built = cast("Any", INPUTS["IdentityInput"].extensions["strawberry-definition"]).from_input(
        None, coerce_input_value({"ownId": "1", "givenName": None, "dateOfBirth": "2016-05-09"}, INPUTS["IdentityInput"]), None
    )
    assert (built.given_name, built.date_of_birth, built.is_unborn) == (None, datetime.date(2016, 5, 9), False)


def test_two_requests_never_share_a_list() -> None:
    definition = cast("Any", INPUTS["SupportReportSubmitInput"].extensions["strawberry-definition"])
    given = coerce_input_value(said(INPUTS["SupportReportSubmitInput"], all_of_it=False), INPUTS["SupportReportSubmitInput"])
    assert definition.from_input(None, given, None).parts is not definition.from_input(None, given, None).parts
