"""Random valid documents: written by walking the schema itself, so that a new field is asked for from the day it appears."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    parse,
    validate,
)

from tests.reading.slow_pages import label
from tests.reading.slow_roots import family_filter
from throughline.api.families import prepare
from throughline.terms.names import fold
from throughline.terms.record_kind import RecordKind

ODD_KEYS = ("o1", "o2", "o3", "me", "j", "s", "z", "r", "ctid", "oid", "Select", "answer", "__", "k" * 63, "k" * 64, "k" * 90)
"""Response keys that a statement might confuse with names of its own, or that an identifier cannot hold."""
DEPTH, FIELDS = 7, 70


@dataclass(frozen=True)
class Document:
    """`is_forged`: it holds a cursor that serves no list, so that an error is a right answer."""

    text: str
    variables: Mapping[str, Any]
    is_forged: bool


@dataclass
class Hints:
    """What an earlier look at the world has shown: ids by root field, names to search for, cursors by list."""

    ids: Mapping[str, Sequence[UUID]]
    others: Sequence[UUID]
    names: Sequence[tuple[str, str]]
    cursors: Mapping[str, Sequence[str]]


def write_document(chance: Random, schema: GraphQLSchema, hints: Hints) -> Document:
    while True:
        document = _Writer(chance, schema, hints).document()
        if not validate(schema, parse(document.text)):
            return document


OF_THE_TRAIL = ("auditEntries", "disclosures", "unusualAccess")
"""What stands in the trail is another after each question: tests/audit/test_own_trail.py compares these with plain SQL."""


@dataclass
class _Writer:
    chance: Random
    schema: GraphQLSchema
    hints: Hints
    declared: list[str] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)
    fragments: dict[str, str] = field(default_factory=dict)
    fragment_types: dict[str, str] = field(default_factory=dict)
    left: int = FIELDS
    keys: int = 0
    is_forged: bool = False
    root_id: str | None = None

    def document(self) -> Document:
        assert self.schema.query_type is not None
        self.left = self.chance.randint(6, FIELDS)
        body = self._selection(self.schema.query_type, 0)
        head = f"query Random({', '.join(self.declared)})" if self.declared else self.chance.choice(("", "query ", "query Named "))
        return Document("\n".join((head + body, *self.fragments.values())), self.variables, self.is_forged)

    def _happens(self, share: float) -> bool:
        return self.chance.random() < share

    def _selection(self, parent: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str:
        names = self._names(parent, depth)
        written = [self._field(parent, name, depth) for name in names]
        if self._happens(0.15):
            written.append(f"{self._key('__typename')}__typename{self._directive()}")
        if isinstance(parent, GraphQLInterfaceType):
            written += self._for_types(parent, depth)
        if depth and self._happens(0.2):
            written.append(self._spread(parent, depth))
        if written and self._happens(0.1):
            written.append(self.chance.choice(written))  # the same again, to be merged
        self.chance.shuffle(written)
        return " { " + " ".join(written or ["__typename"]) + " }"

    def _names(self, parent: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> list[str]:
        leaves = [name for name, one in parent.fields.items() if is_leaf_type(get_named_type(one.type))]
        inner = [name for name in parent.fields if name not in leaves]
        if depth == 0:
            roots = {name: one for name, one in parent.fields.items() if name not in OF_THE_TRAIL}
            weights = [5 if one.args else 1 for one in roots.values()]
            return self.chance.choices(list(roots), weights, k=self.chance.choice((1, 1, 1, 2, 3)))
        is_wrapper = parent.name.endswith(("Connection", "Edge"))
        deep = [] if self.left <= 0 or (depth >= DEPTH and not is_wrapper) else inner
        chosen = self.chance.sample(leaves, min(len(leaves), self.chance.choice((0, 1, 1, 2, 4))))
        chosen += self.chance.sample(deep, min(len(deep), self.chance.choice((1, 2, 3, 4))))
        if is_wrapper and self._happens(0.8):
            chosen = list({*chosen, "edges" if parent.name.endswith("Connection") else "node"})
            chosen.sort()
        return chosen

    def _field(self, parent: GraphQLObjectType | GraphQLInterfaceType, name: str, depth: int) -> str:
        self.left -= 1
        definition = parent.fields[name]
        key = self._key(f"{parent.name}_{name}" if depth == 0 or self._is_ambiguous(parent, name) else None)
        head = f"{key}{name}{self._arguments(parent, name, definition)}{self._directive()}"
        named = get_named_type(definition.type)
        if not isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
            return head
        first = head + self._selection(named, depth + 1)
        return f"{first} {head}{self._selection(named, depth + 1)}" if self._happens(0.06) else first

    def _is_ambiguous(self, parent: GraphQLObjectType | GraphQLInterfaceType, name: str) -> bool:
        """Another type may have a field of this name and another shape, and stand beside this one in a fragment."""
        return "Record" in {one.name for one in parent.interfaces} and name not in _fields_of(self.schema, "Record")

    def _key(self, needed: str | None) -> str:
        if needed is None and not self._happens(0.25):
            return ""
        self.keys += 1
        if self._happens(0.3):
            return f"{self.chance.choice(ODD_KEYS)}: "
        return f"{(needed or 'key').strip('_')}{self.keys}: "

    def _directive(self) -> str:
        if not self._happens(0.08):
            return ""
        said, on = self.chance.choice((("skip", False), ("include", True), ("skip", True), ("include", False)))
        if self._happens(0.6):
            return f" @{said}(if: {self._variable('Boolean!', on, has_default=self._happens(0.4))})"
        return f" @{said}(if: {str(on).lower()})"

    def _for_types(self, parent: GraphQLInterfaceType, depth: int) -> list[str]:
        possible = list(self.schema.get_possible_types(parent))
        chosen: list[GraphQLObjectType | GraphQLInterfaceType] = [
            *self.chance.sample(possible, min(len(possible), self.chance.randint(1, 4)))
        ]
        if parent.name == "Node" and self._happens(0.4):
            record = self.schema.get_type("Record")
            assert isinstance(record, GraphQLInterfaceType)
            chosen.append(record)
        return [f"... on {one.name}{self._directive()}{self._selection(one, depth + 1)}" for one in chosen]

    def _spread(self, parent: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str:
        known = [name for name, type_name in self.fragment_types.items() if type_name == parent.name]
        if known and self._happens(0.4):
            return f"...{self.chance.choice(known)}{self._directive()}"
        inner = self._selection(parent, depth + 1)
        if self._happens(0.5):
            return f"...{self.chance.choice(('', f' on {parent.name}'))}{self._directive()}{inner}"
        name = f"F{len(self.fragments)}"
        self.fragments[name] = f"fragment {name} on {parent.name}{inner}"
        self.fragment_types[name] = parent.name
        return f"...{name}"

    def _variable(self, type_name: str, value: Any, *, has_default: bool = False) -> str:
        """A variable with this value; the value may be its default alone, or the default may be overruled."""
        name = f"v{len(self.declared)}"
        default = f" = {_literal(value)}" if has_default else ""
        self.declared.append(f"${name}: {type_name}{default}")
        if not has_default or self._happens(0.3):
            self.variables[name] = value
        return f"${name}"

    def _arguments(self, parent: GraphQLObjectType | GraphQLInterfaceType, name: str, definition: GraphQLField) -> str:
        values: dict[str, Any] = {}
        written = []
        for argument, described in definition.args.items():
            makers: dict[str, Callable[[], Any]] = {
                "id": lambda: self._id(name), "first": self._first, "input": self._sought if name == "personSearch" else self._explained,
                "filter": self._narrowing, "agencyId": lambda: self._id("agency"),
                "after": lambda: self._after(f"{parent.name}.{name}", values),
            }  # fmt: skip
            value = makers.get(argument, partial(self._any, described))()
            values[argument] = value
            if value is not None or self._happens(0.1):
                written.append(f"{argument}: {self._said(described, value)}")
            elif self._happens(0.15):
                self.declared.append(f"$missing{len(self.declared)}: {described.type}")
                written.append(f"{argument}: $missing{len(self.declared) - 1}")
        return f"({', '.join(written)})" if written else ""

    def _said(self, described: GraphQLArgument, value: Any) -> str:
        if self._happens(0.5):
            return _literal(value)
        if isinstance(value, list) and value and self._happens(0.3):
            rest = [_literal(one) for one in value[1:]]
            return "[" + ", ".join([self._variable(f"{get_named_type(described.type)}!", value[0]), *rest]) + "]"
        return self._variable(str(described.type), value, has_default=value is not None and self._happens(0.3))

    def _id(self, name: str) -> str:
        known = self.hints.ids[name]
        if known and self._happens(0.85):
            self.root_id = str(self.chance.choice(known))
        else:
            others = (str(self.chance.choice(self.hints.others)), "no id", "", str(UUID(int=7)), "nul\\l")
            self.root_id = self.chance.choice(others)
        return self.root_id

    def _first(self) -> int | None:
        return self.chance.choice((None, 1, 1, 2, 3, 5, 100))

    def _any(self, described: GraphQLArgument) -> Any:
        """A value for an argument that nothing more is known of: a list of an enum's values, or a beginning of a name."""
        named = get_named_type(described.type)
        if not self._happens(0.4):
            return None
        if isinstance(named, GraphQLEnumType) and not is_list_type(get_nullable_type(described.type)):
            return Name(self.chance.choice(list(named.values)))
        if isinstance(named, GraphQLEnumType):
            return [Name(one) for one in self.chance.sample(list(named.values), self.chance.randint(0, 4))]
        return self.chance.choice(("", "s", "SCHOOL", "Health «", "nobody"))

    def _sought(self) -> dict[str, Any]:
        given, family = self.chance.choice(self.hints.names)
        sought: dict[str, Any] = {"givenName": given, "familyName": family, "reason": Name("CONCERN")}
        if self._happens(0.3):
            sought["dateOfBirth"] = "2014-06-05"
        if self._happens(0.05):
            self.chance.choice((sought.pop, lambda key: sought.update({key: " "})))("givenName")
            sought.pop("reason")
        return sought

    def _explained(self) -> dict[str, Any]:
        return {"personId": self._id("person"), "kind": Name(self.chance.choice(list(RecordKind)))}

    def _narrowing(self) -> dict[str, Any] | None:
        """Of the fields of a FamilyFilter none, some or all; some of them null."""
        if self._happens(0.4):
            return None
        chances: dict[str, Callable[[], Any]] = {
            "personId": lambda: self._id("person"),
            "myPosition": lambda: Name(self.chance.choice(("LEAD", "MEMBER", "MEMBER", "ALLOCATED_SOCIAL_WORKER"))),
            "reportedSince": lambda: self.chance.choice(("2020-01-01", "2026-02-20", "2026-03-10", "2026-03-16")),
        }
        return {name: None if self._happens(0.2) else one() for name, one in chances.items() if self._happens(0.4)}

    def _after(self, path: str, values: Mapping[str, Any]) -> str | None:
        if self._happens(0.03):
            self.is_forged = True
            return self.chance.choice(
                ("", "AAAA", "é", *[c[:-2] + "AA" for found in self.hints.cursors.values() for c in found[:1]])
            )
        sought = values.get("input")
        if sought:
            names = " ".join(filter(None, (fold(sought.get("givenName")), fold(sought.get("familyName")))))
            values = {"input": {"name": names, "born": sought.get("dateOfBirth")}}
            if "reason" not in sought:
                return None
        if values.get("filter"):
            values = {**values, "filter": prepare(family_filter(values["filter"]))}
        owner = None if path.startswith("Query.") else self.root_id
        made = self.hints.cursors.get(label(path, values, owner), ())
        return self.chance.choice(made) if made and self._happens(0.5) else None


class Name(str):
    """An enum value: written without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(str(self))


def _literal(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_literal(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_literal(one) for one in value) + "]"
    if isinstance(value, Name):
        return str(value)
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _fields_of(schema: GraphQLSchema, type_name: str) -> set[str]:
    found = schema.get_type(type_name)
    return set(found.fields) if isinstance(found, GraphQLInterfaceType) else set()
