"""How a field of the schema is declared: with its description, and without a resolver, because the read path
answers it."""

import types
from typing import Annotated, Any, ForwardRef

import strawberry


def said(description: str, of: Any = None, *, name: str | None = None) -> Any:
    """A field; `of` where its type cannot stand in the annotation, `name` where Python reserves the name."""
    return strawberry.field(description=description, graphql_type=of, name=name)


def asked(description: str, **default: Any) -> Any:
    """A field of an input; required unless `default` (or `default_factory`) is given."""
    return strawberry.field(description=description, **default)


def later(module: str, type_name: str) -> Any:
    """A type of another module of this room that is read after this one: people have records, records are
    about people."""
    return Annotated[ForwardRef(type_name), strawberry.lazy(f"throughline.api.{module}")]


def many(of: Any) -> Any:
    """A list that is never null and holds no nulls."""
    return types.GenericAlias(list, (of,))


PERSON = later("person", "Person")
