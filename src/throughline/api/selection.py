"""A validated GraphQL selection → a selection tree for `reading`.

Fields are merged by graphql-core's own rules (`collect_subfields`), once for each concrete type that can
stand there. What is selected through the same nodes is built once and shared, so that building takes linear
time however fragments nest.
"""

import re
from collections import OrderedDict
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    Undefined,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_subfields
from graphql.execution.values import VariableValues
from graphql.language import ValueNode
from graphql.utilities.coerce_input_value import coerce_default_value, coerce_input_literal

from throughline.reading.tree import Argument, Field, Variables

NOTHING = UUID(int=0)
_PRINTED = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
"""What an `id` that is no UUID stands for: nothing has this id, so that malformed and absent are answered
alike."""

MOST_TREES = 1_000
_CAPITAL = re.compile(r"(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Selected:
    """One field as it was asked for. `key` names its plan: the same key, the same tree, whatever the
    variables."""

    wanted: Field
    key: Hashable
    variables: Variables


class Selections:
    """The trees of one schema's documents; those used least recently are forgotten."""

    def __init__(self, schema: GraphQLSchema, most: int = MOST_TREES) -> None:
        self._schema, self._most = schema, most
        self._trees: OrderedDict[Hashable, Field] = OrderedDict()
        self._flags: OrderedDict[Hashable, tuple[str, ...]] = OrderedDict()

    def here(self, info: GraphQLResolveInfo[Any], document_hash: str) -> Selected:
        """The field that is being resolved, with everything beneath it."""
        return self._selected(info, document_hash, info.parent_type, info.field_nodes, tuple(info.path.as_list()))

    def beneath(self, info: GraphQLResolveInfo[Any], document_hash: str, *names: str) -> dict[str, Selected]:
        """A field of the payload that is being made, by response key: it may have been asked for under
        several.

        More than one name is a path through objects, of which only the last may be asked for twice.
        """
        builder = _Builder(self._schema, info)
        parent, nodes, path = _object(info.return_type), info.field_nodes, info.path.as_list()
        for name in names[:-1]:
            inner = [node for one in builder.collected(parent, nodes).values() if one[0].name.value == name for node in one]
            if not inner:
                return {}
            parent, nodes, path = _object(parent.fields[name].type), inner, [*path, name]
        return {
            key: self._selected(info, document_hash, parent, found, (*path, key))
            for key, found in builder.collected(parent, nodes).items()
            if found[0].name.value == names[-1]
        }

    def _selected(
        self,
        info: GraphQLResolveInfo[Any],
        document_hash: str,
        parent: GraphQLObjectType,
        nodes: list[FieldNode],
        path: tuple[str | int, ...],
    ) -> Selected:
        variables = _values(info).coerced
        operation = info.operation.name.value if info.operation.name else None
        flags = self._flags_of(info, (document_hash, operation))
        key = (document_hash, operation, path, tuple(variables.get(name) for name in flags))
        tree = self._trees.get(key)
        if tree is None:
            tree = _Builder(self._schema, info).field(parent, nodes)
            _keep(self._trees, key, tree, self._most)
        else:
            self._trees.move_to_end(key)
        return Selected(tree, key, variables)

    def _flags_of(self, info: GraphQLResolveInfo[Any], key: Hashable) -> tuple[str, ...]:
        flags = self._flags.get(key)
        if flags is None:
            flags = tuple(sorted(set(_flag_variables(info.operation, info.fragments))))
            _keep(self._flags, key, flags, self._most)
        return flags


class _Builder:
    """One tree under construction."""

    def __init__(self, schema: GraphQLSchema, info: GraphQLResolveInfo[Any]) -> None:
        self._schema = schema
        self._operation, self._variable_values = info.operation, _values(info)
        self._fragments = {name: FragmentDetails(node) for name, node in info.fragments.items()}
        self._built: dict[tuple[str, tuple[int, ...]], Field] = {}

    def field(self, parent: GraphQLObjectType, nodes: list[FieldNode]) -> Field:
        place = (parent.name, tuple(id(node) for node in nodes))
        built = self._built.get(place)
        if built is None:
            built = self._built[place] = self._field(parent, nodes)
        return built

    def _field(self, parent: GraphQLObjectType, nodes: list[FieldNode]) -> Field:
        node = nodes[0]
        key, name = (node.alias or node.name).value, node.name.value
        if name == "__typename":
            return Field(key, name)
        definition = parent.fields[name]
        return Field(key, snake(name), dict(_arguments(node, definition)), self._children(definition, nodes))

    def collected(self, parent: GraphQLObjectType, nodes: list[FieldNode]) -> dict[str, list[FieldNode]]:
        found = collect_subfields(
            self._schema,
            self._fragments,
            self._variable_values,
            self._operation,
            parent,
            [FieldDetails(node, None) for node in nodes],
        )
        return {key: [detail.node for detail in details] for key, details in found.grouped_field_set.items()}

    def _children(self, definition: GraphQLField, nodes: list[FieldNode]) -> Mapping[str, tuple[Field, ...]]:
        named = get_named_type(definition.type)
        if not is_composite_type(named):
            return {}
        possible = self._schema.get_possible_types(named) if is_abstract_type(named) else [named]
        return {one.name: self._fields(one, nodes) for one in possible if isinstance(one, GraphQLObjectType)}

    def _fields(self, parent: GraphQLObjectType, nodes: list[FieldNode]) -> tuple[Field, ...]:
        return tuple(self.field(parent, inner) for inner in self.collected(parent, nodes).values())


def _values(info: GraphQLResolveInfo[Any]) -> VariableValues:
    """Strawberry hands a mutation's resolvers the coerced values alone; graphql-core wants them as it made
    them."""
    values: Any = info.variable_values
    return values if isinstance(values, VariableValues) else VariableValues({}, values)


def _object(of: Any) -> GraphQLObjectType:
    named = get_named_type(of)
    if not isinstance(named, GraphQLObjectType):  # pragma: no cover  # payloads are objects
        raise TypeError(named.name)
    return named


def _coerced(info: GraphQLResolveInfo[Any]) -> Variables:
    """Strawberry's executor hands resolvers the plain coerced values; graphql-core's own, a container around
    them."""
    given: Any = info.variable_values
    values: Variables = getattr(given, "coerced", given)
    return values


def snake(name: str) -> str:
    """`supportReports` → `support_reports`, as `reading` and Python spell it."""
    return _CAPITAL.sub("_", name).lower()


def _arguments(node: FieldNode, definition: GraphQLField) -> Iterator[tuple[str, Argument]]:
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    for name, argument in definition.args.items():
        default = coerce_default_value(argument)
        value = given.get(name)
        if value is None:
            if default is not Undefined:
                yield snake(name), partial(_constant, _as_id(argument, default))
        elif _speaks_of_variables(value):
            yield snake(name), partial(_later, value, argument, None if default is Undefined else default)
        else:
            yield (
                snake(name),
                partial(_constant, _as_id(argument, coerce_input_literal(value, argument.type))),
            )


def _constant(value: Any, _: Variables) -> Any:
    return value


def _later(node: ValueNode, argument: GraphQLArgument, default: Any, variables: Variables) -> Any:
    if isinstance(node, VariableNode):
        return _as_id(argument, variables.get(node.name.value, default))
    return _as_id(argument, coerce_input_literal(node, argument.type, VariableValues({}, dict(variables))))


def _as_id(argument: GraphQLArgument, value: Any) -> Any:
    if value is None or get_named_type(argument.type).name != "ID":
        return value
    return [as_uuid(item) for item in value] if isinstance(value, list) else as_uuid(value)


def as_uuid(text: str) -> UUID:
    """The id, or NOTHING for a text that cannot be one. Only as we print it: Python alone reads it in other spellings too."""
    return UUID(text) if _PRINTED.fullmatch(text) else NOTHING


def _speaks_of_variables(node: ValueNode) -> bool:
    if isinstance(node, VariableNode):
        return True
    if isinstance(node, ObjectValueNode):
        return any(_speaks_of_variables(field.value) for field in node.fields)
    return isinstance(node, ListValueNode) and any(_speaks_of_variables(value) for value in node.values)


def _flag_variables(operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]) -> Iterator[str]:
    """The variables that @skip and @include read, in the operation and the fragments that it reaches."""
    waiting: list[SelectionSetNode] = [operation.selection_set]
    visited: set[str] = set()
    while waiting:
        for node in waiting.pop().selections:
            for directive in node.directives or ():
                for argument in directive.arguments or ():
                    if isinstance(argument.value, VariableNode):
                        yield argument.value.name.value
            if isinstance(node, FragmentSpreadNode):
                if node.name.value not in visited:
                    visited.add(node.name.value)
                    waiting.append(fragments[node.name.value].selection_set)
            elif (inner := getattr(node, "selection_set", None)) is not None:
                waiting.append(inner)


def _keep(kept: OrderedDict[Hashable, Any], key: Hashable, value: Any, most: int) -> None:
    kept[key] = value
    if len(kept) > most:
        kept.popitem(last=False)
