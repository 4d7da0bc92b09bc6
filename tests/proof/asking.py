"""Random questions over the schema's edges, written from the schema itself, and answers in the shape of `truth.py`."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from random import Random
from typing import Any, cast
from uuid import UUID

from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    parse,
    visit,
)  # fmt: skip

from tests.proof.truth import HISTORY, ROUTES, SCALARS, SCHEMA, Chosen, Field

MOST = 100
PAGE_INFO = "pageInfo{hasNextPage hasPreviousPage startCursor endCursor}"
SUB = {
    "seenBecause": "{number text basis}",
    "cautions": "{mustNotBeTold safeContact}",
    "sections": "{kind state coveredFrom coveredTo}",
    "earlierVersions": "{version replacedAt replacedBy{name} parts{partId sensitivity whatWasDone outcome isReleased "
    "caution{mustNotBeTold safeContact} about{id}}}",
}


def named(type_name: str, name: str) -> GraphQLNamedType:
    """What stands beneath a field: through a connection, the type of its nodes."""
    owner = SCHEMA.type_map[type_name]
    assert isinstance(owner, GraphQLObjectType)
    found = get_named_type(owner.fields[name].type)
    if found.name.endswith("Connection"):
        assert isinstance(found, GraphQLObjectType)
        edge = get_named_type(found.fields["edges"].type)
        assert isinstance(edge, GraphQLObjectType)
        found = get_named_type(edge.fields["node"].type)
    assert isinstance(found, GraphQLNamedType)
    return found


def is_paged(type_name: str, name: str) -> bool:
    owner = SCHEMA.type_map[type_name]
    assert isinstance(owner, GraphQLObjectType)
    return str(get_named_type(owner.fields[name].type)).endswith("Connection")


def edges(type_name: str) -> list[str]:
    """The fields of a type that lead to what the policy judges."""
    owner = SCHEMA.type_map[type_name]
    assert isinstance(owner, GraphQLObjectType)
    return [name for name in owner.fields if (type_name, name) in ROUTES]


def plain(type_name: str) -> list[str]:
    """The other fields of a type: what the oracle does not speak of, and two worlds must say alike."""
    owner = SCHEMA.type_map[type_name]
    assert isinstance(owner, GraphQLObjectType)
    judged = {"id", *scalars(type_name), *edges(type_name)}
    return [name for name in owner.fields if name not in judged]


def said_of(type_name: str, name: str, schema: GraphQLSchema = SCHEMA, deep: int = 2) -> str:
    """A field that leads to nobody, and everything beneath it. Ids of agencies and the like stand under another key."""
    owner = schema.type_map[type_name]
    assert isinstance(owner, GraphQLObjectType | GraphQLInterfaceType)
    found = get_named_type(owner.fields[name].type)
    if is_leaf_type(found):
        return name
    return f"{name}{{{beneath(found.name, schema, deep)}}}"


def beneath(type_name: str, schema: GraphQLSchema = SCHEMA, deep: int = 2) -> str:
    """Every field of a type that asks for nothing, as deep as it is told."""
    owner = schema.type_map[type_name]
    assert isinstance(owner, GraphQLObjectType | GraphQLInterfaceType), type_name
    parts = ["__typename"]
    for name, one in owner.fields.items():
        if name == "id":
            parts.append("key: id")
        elif is_leaf_type(get_named_type(one.type)) or (deep and not one.args and (type_name, name) not in ROUTES):
            parts.append(said_of(type_name, name, schema, deep - 1))
    return " ".join(parts)


def scalars(type_name: str) -> list[str]:
    owner = SCHEMA.type_map[type_name]
    assert isinstance(owner, GraphQLObjectType)
    return [name for name in owner.fields if name in SCALARS and (name not in ("givenName", "familyName") or type_name == "Person")]


PAGED = sorted(
    (owner.name, name)
    for owner in SCHEMA.type_map.values()
    if isinstance(owner, GraphQLObjectType) and owner.name in ("Person", "Family", "Query")
    for name in owner.fields
    if is_paged(owner.name, name) and name != "personSearch"
)
"""Every list that comes in pages."""


def page_of(owner: str, name: str) -> str:
    """A document that asks for one page of a list: $first, $after and, but for roots, $id; of roots, narrowed as `narrowing` says."""
    node = "__typename id" if owner == "Query" else "__typename ... on Node {id}"
    more = narrowing(owner, name)
    passed = "".join(f", {key}: ${key}" for key in more)
    page = f"{name}(first: $first, after: $after{passed}){{totalCount {PAGE_INFO} edges{{cursor node{{{node}}}}}}}"
    if owner == "Query":
        declared = "".join(f", ${key}: {of}" for key, of in more.items())
        return f"query Page($first: Int, $after: String{declared}) {{{page}}}"
    return f"query Page($id: ID!, $first: Int, $after: String) {{{owner.lower()}(id: $id){{{page}}}}}"


DISCLOSED = (
    "query Disclosed($id: ID!, $first: Int, $after: String) {node(id: $id){... on RightsRequest{disclosures(first: $first, after: $after)"
    f"{{totalCount {PAGE_INFO} edges{{cursor node{{key: id day purpose agency{{key: id name}}}}}}}}}}}}}}"
)
"""Who has seen what is kept about somebody: it leads to nobody."""


def narrowing(owner: str, name: str) -> dict[str, GraphQLEnumType]:
    """The arguments by which a root is narrowed to one of few choices, each with its type."""
    of = SCHEMA.type_map[owner]
    assert isinstance(of, GraphQLObjectType)
    given = of.fields[name].args.items() if owner == "Query" else ()
    return {key: one.type for key, one in given if isinstance(one.type, GraphQLEnumType)}


def narrowed(owner: str, name: str, chance: Random) -> dict[str, str]:
    """A choice for some of them."""
    return {key: chance.choice(list(of.values)) for key, of in narrowing(owner, name).items() if chance.random() < 0.7}


def asked(texts: Iterable[str], schema: GraphQLSchema = SCHEMA) -> set[str]:
    """`Type.field` and `Type.field(argument)` of everything in these documents; a field of an interface counts for its types."""
    found: set[str] = set()
    info = TypeInfo(schema)

    class Noting(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            parent = info.get_parent_type()
            assert parent is not None
            owners: list[GraphQLNamedType] = [parent]
            if isinstance(parent, GraphQLInterfaceType):
                owners += schema.get_possible_types(parent)
            for owner in owners:
                found.add(f"{owner.name}.{node.name.value}")
                found.update(f"{owner.name}.{node.name.value}({argument.name.value})" for argument in node.arguments or ())

    for text in texts:
        visit(parse(text), TypeInfoVisitor(info, Noting()))
    return found


def directory(schema: GraphQLSchema = SCHEMA) -> dict[str, str]:
    """By root: a document that asks everything of what leads to nobody's records, with every argument as a variable of its name."""
    assert schema.query_type is not None
    found = {}
    for name, one in schema.query_type.fields.items():
        if ("Query", name) not in ROUTES:
            declared = ", ".join(f"${key}: {argument.type}" for key, argument in one.args.items())
            passed = ", ".join(f"{key}: ${key}" for key in one.args)
            head, body = f"query Asked({declared})" if declared else "query Asked", f"{name}({passed})" if passed else name
            inner = beneath(get_named_type(one.type).name, schema, 3)
            found[name] = f"{head} {{{body}{{{inner}}}}}"
    return found


def lists_of(owner: str, schema: GraphQLSchema = SCHEMA) -> str:
    """A document that asks for every list of a person or family at once, and nothing but who and what is in it: for their order."""
    of = schema.type_map[owner]
    assert isinstance(of, GraphQLObjectType)
    lists = [name for name, one in of.fields.items() if (owner, name) in ROUTES and not one.args]
    inner = " ".join(f"{name}{{{'__typename id' if name != 'leadPractitioner' else 'id'}}}" for name in lists)
    return f"query Lists($id: ID!) {{{owner.lower()}(id: $id){{{inner}}}}}"


@dataclass(frozen=True)
class Variable:
    """An argument that each asking fills anew."""

    name: str
    of_type: str


@dataclass(frozen=True)
class Question:
    """A document: its roots by alias. `under`: the field beneath which they stand."""

    roots: Mapping[str, Field]
    under: str = ""

    @cached_property
    def variables(self) -> list[Variable]:
        return [value for one in self.roots.values() for value in one.arguments.values() if isinstance(value, Variable)]

    @cached_property
    def asks_beyond_ids(self) -> bool:
        """Whether an answer can change although the same records show."""
        return any(name in self.text for name in ("sections", "earlierVersions", "givenName", "familyName"))

    @cached_property
    def text(self) -> str:
        said = " ".join(written(key, one) for key, one in self.roots.items() if one.name != "node")
        nodes = {key: one for key, one in self.roots.items() if one.name == "node"}
        if nodes:  # all of one shape, written once
            said = " ".join(f"{key}: node(id: ${key}){{...Asked}}" for key in nodes)
        head = ", ".join(f"${one.name}: {one.of_type}" for one in self.variables)
        body = f"{self.under}{{{said}}}" if self.under else said
        asked = f"query Asked{f'({head})' if head else ''} {{{body}}}"
        return f"{asked} fragment Asked on Node {{{within(next(iter(nodes.values())))}}}" if nodes else asked

    def filled(self, variables: Mapping[str, Any]) -> dict[str, Field]:
        """The roots as asked with these variables."""
        return {key: replace(one, arguments=_filled(one.arguments, variables)) for key, one in self.roots.items()}


def _filled(arguments: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: variables.get(one.name) if isinstance(one, Variable) else one for name, one in arguments.items()}
    return {name: value for name, value in found.items() if value is not None}


class Writer:
    """Writes what is asked beneath a field, by chance, no deeper than it is told."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance

    def question(self, route: str) -> Question:
        """One document that asks this root."""
        if route == "node":
            shape = self.field("Query", "node", 1)
            return Question({f"n{n}": replace(shape, arguments={"id": Variable(f"n{n}", "ID!")}) for n in range(4)})
        if route == "lightTouchReports":
            return Question({route: self.field("Viewer", route, 1)}, "viewer")
        if route == "emergencyAccesses":
            return Question({route: self.field("Query", route, 2)})
        if route == "families":
            return Question({route: self.field("Query", route, 2, filter=Variable("filter", "FamilyFilter"))})
        return Question({route: self.field("Query", route, self.chance.choice((1, 2, 2)), id=Variable("id", "ID!"))})

    def left(self, known: set[str]) -> list[Question]:
        """A document for each name of a field that `known` is without, on every kind that has one."""
        types = [one.name for one in SCHEMA.get_possible_types(cast(GraphQLInterfaceType, SCHEMA.type_map["Node"]))]
        missing = {(one, name) for one in types for name in plain(one) if f"{one}.{name}" not in known}
        id_of = {"id": Variable("n0", "ID!")}
        return [
            Question({"n0": Field("node", id_of, {one: Chosen({}, (name,) if (one, name) in missing else ()) for one in types})})
            for name in sorted({name for _, name in missing})
        ]

    def field(self, type_name: str, name: str, depth: int, **arguments: Any) -> Field:
        found = named(type_name, name)
        types = SCHEMA.get_possible_types(found) if is_abstract_type(found) else (found,)
        if name in ("history", "records") and self.chance.random() < 0.4:
            arguments["kinds"] = self.chance.sample(HISTORY, self.chance.randint(1, 4))
        return Field(name, arguments, {one.name: self.chosen(one.name, depth) for one in types}, is_paged(type_name, name))

    def chosen(self, type_name: str, depth: int) -> Chosen:
        fields = {name: Field(name) for name in scalars(type_name) if self.chance.random() < 0.7}
        wanted = edges(type_name)
        share = 0.6 if type_name == "SupportReportPart" else 0.0 if depth <= 0 else 0.6 if len(wanted) < 4 else 0.35
        for name in wanted:
            if self.chance.random() < share:
                fields[name] = self.field(type_name, name, depth - 1)
        return Chosen(fields, tuple(name for name in plain(type_name) if self.chance.random() < _likely(type_name, name)))


@cache
def _likely(type_name: str, name: str) -> float:
    """How often a field is asked of which the oracle does not speak: what says much is dear, and makes documents too large."""
    return 0.25 if len(said_of(type_name, name)) < LONG else 0.03


LONG = 400


def written(key: str, asked: Field) -> str:
    if asked.name in SCALARS:
        return asked.name + SUB.get(asked.name, "")
    head = asked.name if key == asked.name else f"{key}: {asked.name}"
    arguments = dict(asked.arguments) | ({"first": MOST} if asked.is_paged else {})
    if arguments:
        head += "(" + ", ".join(f"{name}: {literal(name, value)}" for name, value in arguments.items()) + ")"
    body = within(asked)
    return f"{head}{{totalCount {PAGE_INFO} edges{{cursor node{{{body}}}}}}}" if asked.is_paged else f"{head}{{{body}}}"


def within(asked: Field) -> str:
    """What is asked of what stands beneath a field."""
    parts = []
    for type_name, chosen in asked.of.items():
        own = f"{type_name}_" * (len(asked.of) > 1)  # fields of several types may differ in type
        plainly = (f"{own}{name}: {said_of(type_name, name)}" if own else said_of(type_name, name) for name in chosen.plainly)
        fields = " ".join(["__typename", "id", *(written(k, one) for k, one in chosen.fields.items()), *plainly])
        parts.append(fields if len(asked.of) == 1 else f"... on {type_name} {{{fields}}}")
    return " ".join(parts)


def literal(name: str, value: Any) -> str:
    if isinstance(value, Variable):
        return f"${value.name}"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {literal(key, one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(literal(name, one) for one in value) + "]"
    return str(value) if name in ("kinds", "myPosition", "first", "reason") else json.dumps(value, ensure_ascii=False)


def shaped(data: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, Any]:
    """An answer, without the order of its lists."""
    return {key: _shaped(data[key], one) for key, one in fields.items()}


class MoreThanAPageError(Exception):
    """A list that is longer than what may be asked at once: `pages_make_the_whole` goes through it."""


def _shaped(value: Any, asked: Field) -> Any:
    if asked.name == "seenBecause":
        return sorted(one["number"] for one in value)
    if asked.name == "sections":
        return {one["kind"]: one["state"] for one in value}
    if asked.name == "cautions":
        return sorted(((one["mustNotBeTold"], one["safeContact"]) for one in value), key=str)
    if asked.name == "earlierVersions":
        return sorted({part["partId"] for version in value for part in version["parts"]})
    if asked.name in SCALARS or value is None:
        return value
    if asked.is_paged:
        if value["pageInfo"]["hasNextPage"]:
            raise MoreThanAPageError
        assert value["totalCount"] == len(value["edges"]), value["totalCount"]
        value = [edge["node"] for edge in value["edges"]]
    if isinstance(value, list):
        assert len({one["id"] for one in value}) == len(value), "the same thing twice in one list"
        return {one["id"]: _object(one, asked) for one in value}
    return _object(value, asked)


def _object(value: Mapping[str, Any], asked: Field) -> dict[str, Any]:
    return {"id": value["id"], **shaped(value, asked.of[value["__typename"]].fields)}


def ids_in(value: Any) -> set[UUID]:
    """Every id of an answer, at every depth."""
    if isinstance(value, Mapping):
        own = {UUID(value[key]) for key in ("id", "partId") if key in value}
        return own.union(*(ids_in(one) for one in value.values()))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return set().union(*(ids_in(one) for one in value)) if value else set()
    return set()


def differences(expected: Any, got: Any, path: str = "") -> list[str]:
    """Where the oracle and the portal part."""
    if isinstance(expected, dict) and isinstance(got, dict):
        more = [f"{path}.{key}: shown, and the oracle says no" for key in got.keys() - expected.keys()]
        less = [f"{path}.{key}: not shown, and the oracle says yes" for key in expected.keys() - got.keys()]
        both = [line for key in expected.keys() & got.keys() for line in differences(expected[key], got[key], f"{path}.{key}")]
        return [*more, *less, *both]
    return [] if expected == got else [f"{path}: oracle {expected!r}, portal {got!r}"]
