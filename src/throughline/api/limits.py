"""How much one request may ask for: every number on this page, and the one walk that measures a document.

The walk visits each selection of a document once (fragments are measured once, then remembered), so that
nested fragments cannot make measuring dearer than parsing was. Sizes multiply; visits do not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_list_type,
)
from graphql.language import ArgumentNode

from throughline.api.errors import BadUserInput, QueryTooComplex

PAGING_ARGUMENTS = ("first", "last")
_BEYOND_COUNTING = 10**9


@dataclass(frozen=True)
class Limits:
    # the request
    max_body_bytes: int = 2_000_000  # supportReportSubmitMany: 500 lines of up to 4 kB
    max_upload_bytes: int = 13_500_000  # the body of an upload, from viewers who may: a file of 10 MB in base64
    uploads: frozenset[str] = frozenset({"ctfImport"})
    max_url_bytes: int = 16_000
    # the document, before and after parsing
    max_text_chars: int = 20_000
    max_tokens: int = 2_000
    max_operations: int = 20
    max_fragments: int = 50
    max_merge_pairs: int = 200  # pairs of same-named fields in one selection: merging them is quadratic
    # one operation
    max_depth: int = 18  # the customary introspection query is 14 deep
    max_fields: int = 1_000
    max_aliases: int = 50
    max_root_fields: int = 20
    max_directives: int = 50
    max_written: int = 4_000  # fields, each counted once for every type that can stand where it is selected
    max_cost: int = 10_000  # fields, each counted once for every row of the pages above it
    max_first: int = 100
    default_first: int = 20
    list_rows: int = 5  # a list without pages counts for so many: the people of a household, a report's parts
    field_costs: Mapping[str, int] = field(default_factory=dict)  # "Query.personSearch": 50; every other field costs 1
    # what the server remembers, for each schema
    cached_text_chars: int = 250_000  # a parsed document takes 50-200 bytes for each character
    cached_page_sizes: int = 64
    max_validation_errors: int = 10


@dataclass(frozen=True, slots=True)
class Size:
    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    cost: int = 0
    written: int = 0

    def beside(self, other: "Size") -> "Size":
        return Size(
            max(self.depth, other.depth),
            min(self.fields + other.fields, _BEYOND_COUNTING),
            min(self.aliases + other.aliases, _BEYOND_COUNTING),
            min(self.directives + other.directives, _BEYOND_COUNTING),
            min(self.cost + other.cost, _BEYOND_COUNTING),
            min(self.written + other.written, _BEYOND_COUNTING),
        )


class Gauge:
    """Measures the operations of one document; `variables` are the page sizes that are known by now."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        limits: Limits,
        variables: Mapping[str, object] | None = None,
    ) -> None:
        self._schema = schema
        self._limits = limits
        self._variables = variables or {}
        self._fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
        self._measured: dict[str, Size] = {}
        self.visits = 0
        self.merge_pairs = 0
        self.page_variables: set[str] = set()

    def size(self, operation: OperationDefinitionNode) -> Size:
        root = self._schema.get_root_type(operation.operation)
        size = self._selections(operation.selection_set, root, {})
        return size.beside(Size(directives=len(operation.directives or ())))

    def _selections(self, node: SelectionSetNode, parent: GraphQLNamedType | None, seen: dict[str, int]) -> Size:
        """`seen` counts composite fields by response name, across the inline fragments of one selection."""
        total = Size()
        for selection in node.selections:
            self.visits += 1
            if isinstance(selection, FieldNode):
                size = self._field(selection, parent, seen)
            elif isinstance(selection, FragmentSpreadNode):
                size = self._fragment(selection.name.value)
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                inner = self._schema.get_type(condition.name.value) if condition else parent
                size = self._selections(selection.selection_set, inner, seen)
            else:  # pragma: no cover  # GraphQL has three kinds of selection
                raise TypeError(type(selection))
            total = total.beside(size).beside(Size(directives=len(selection.directives or ())))
        return total

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, seen: dict[str, int]) -> Size:
        name = node.name.value
        definition = getattr(parent, "fields", {}).get(name)
        children = Size()
        if node.selection_set:
            key = node.alias.value if node.alias else name
            self.merge_pairs += seen.get(key, 0)
            seen[key] = seen.get(key, 0) + 1
            inner = get_named_type(definition.type) if definition else None
            children = self._selections(node.selection_set, inner, {})
        rows = self._rows(node, parent, definition)
        own = self._limits.field_costs.get(f"{parent.name}.{name}", 1) if parent else 1
        return Size(
            depth=children.depth + 1,
            fields=min(children.fields + 1, _BEYOND_COUNTING),
            aliases=children.aliases + bool(node.alias),
            directives=children.directives,
            cost=min(own + rows * children.cost, _BEYOND_COUNTING),
            written=min(self._types(parent) * (children.written + 1), _BEYOND_COUNTING),
        )

    def _types(self, parent: GraphQLNamedType | None) -> int:
        """How many types can stand here: the statement that answers is written out for each of them."""
        return len(self._schema.get_possible_types(parent)) if is_abstract_type(parent) else 1

    def _fragment(self, name: str) -> Size:
        if name not in self._measured:
            self._measured[name] = Size()  # also ends cycles, which validation reports
            fragment = self._fragments.get(name)
            if fragment is not None:
                parent = self._schema.get_type(fragment.type_condition.name.value)
                self._measured[name] = self._selections(fragment.selection_set, parent, {})
        return self._measured[name]

    def _rows(self, node: FieldNode, parent: GraphQLNamedType | None, definition: GraphQLField | None) -> int:
        """How many rows stand beneath this field, for all that is known before it is read."""
        if definition and _is_paged(definition.args):
            return self._page(node.arguments or ())
        is_list = definition and is_list_type(get_nullable_type(definition.type))
        is_counted = _is_page(parent) or node.name.value.startswith("__") or (parent and parent.name.startswith("__"))
        return self._limits.list_rows if is_list and not is_counted else 1

    def _page(self, arguments: tuple[ArgumentNode, ...] | list[ArgumentNode]) -> int:
        rows = None
        for argument in arguments:
            if argument.name.value in PAGING_ARGUMENTS:
                asked = self._asked(argument)
                if asked is not None:
                    _check_page(argument.name.value, asked, self._limits)
                    rows = max(rows or 0, asked)
        return self._limits.default_first if rows is None else rows

    def _asked(self, argument: ArgumentNode) -> int | None:
        value = argument.value
        if isinstance(value, VariableNode):
            self.page_variables.add(value.name.value)
            given = self._variables.get(value.name.value)
            return given if isinstance(given, int) else None
        return int(value.value[:12]) if isinstance(value, IntValueNode) else None


def _is_page(of: GraphQLNamedType | None) -> bool:
    """A connection: its rows are those of the field that it stands in."""
    return "pageInfo" in getattr(of, "fields", {})


def _is_paged(arguments: Mapping[str, object]) -> bool:
    return any(name in arguments for name in PAGING_ARGUMENTS)


def _check_page(name: str, asked: int, limits: Limits) -> None:
    if asked < 0:
        raise BadUserInput(f"'{name}' cannot be negative.")
    if asked > limits.max_first:
        raise QueryTooComplex(f"'{name}' may be at most {limits.max_first}.", measure=name, limit=limits.max_first)


def measure(schema: GraphQLSchema, document: DocumentNode, limits: Limits) -> frozenset[str]:
    """Refuse a document that asks for too much; answer the variables that give page sizes.

    Runs before ordinary validation, some of whose rules take more than linear time.
    """
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    fragments = sum(isinstance(node, FragmentDefinitionNode) for node in document.definitions)
    _within("operations", len(operations), limits.max_operations)
    _within("fragments", fragments, limits.max_fragments)
    page_variables: set[str] = set()
    for operation in operations:
        page_variables |= _measure_operation(schema, document, operation, limits, {})
    return frozenset(page_variables)


def check_variables(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, object],
    limits: Limits,
) -> None:
    """Refuse an operation whose page sizes, now that the variables are known, make it too dear."""
    _measure_operation(schema, document, operation, limits, variables)


def _measure_operation(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    limits: Limits,
    variables: Mapping[str, object],
) -> set[str]:
    gauge = Gauge(schema, document, limits, {**_defaults(operation), **variables})
    size = gauge.size(operation)
    _within("root fields", len(operation.selection_set.selections), limits.max_root_fields)
    _within("depth", size.depth, limits.max_depth)
    _within("fields", size.fields, limits.max_fields)
    _within("aliases", size.aliases, limits.max_aliases)
    _within("fields for all types", size.written, limits.max_written)
    _within("directives", size.directives, limits.max_directives)
    _within("merge pairs", gauge.merge_pairs, limits.max_merge_pairs)
    _within("cost", size.cost, limits.max_cost)
    return gauge.page_variables


def _defaults(operation: OperationDefinitionNode) -> dict[str, object]:
    return {
        definition.variable.name.value: int(definition.default_value.value[:12])
        for definition in operation.variable_definitions or ()
        if isinstance(definition.default_value, IntValueNode)
    }


def _within(name: str, found: int, limit: int) -> None:
    if found > limit:
        raise QueryTooComplex(f"The document's {name}: {found}; at most {limit}.", measure=name, limit=limit)
