"""What of the schema the proof asks, told from the documents that it asks; and what it does not, which must be nothing.

A kind, an edge to people's records, an argument or a field that is built later is listed here from the day it appears, until the
oracle knows of it (`truth.ROUTES`, `facts.py`) or a document asks it.
"""

from collections.abc import Iterable

from graphql import (
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
)  # fmt: skip

from tests.proof.acts import mutations
from tests.proof.asking import DISCLOSED, PAGED, asked, directory, page_of
from tests.proof.campaign import FILTERS, SEARCH, SOUGHT, shapes
from tests.proof.truth import ROUTES, SCALARS, SCHEMA, TYPES

BENEATH_OTHERS = {
    ("SupportReport", "earlierVersions"), ("SupportReportVersion", "parts"), ("SupportReportPartVersion", "about"),
    ("Query", "personSearch"), ("PersonEdge", "node"), ("AccessExplanation", "person"), ("Query", "sharingDecisionsDue"),
}  # fmt: skip
"""Edges to people that are judged by other names: the parts of which an earlier version is told; what a search finds; whom the
question itself names; of what shows, that which is due (`pages_make_the_whole`, and two worlds)."""
NOT_JUDGED = ("Agency", "Practitioner", "Service", "Household", "Tool", "Colleague", "SupportKind", "Viewer", "MayDo")
"""Types that are no secret, or the viewer themselves."""
FILLED = {"FamilyFilter": FILTERS, "PersonSearchInput": SOUGHT}
"""Inputs of roots whose questions are written by hand, and which of their fields are given; all others are filled from the schema."""
BY_HAND = ("personSearch", "families")


def offered(schema: GraphQLSchema) -> set[str]:
    """The same of everything that the schema has."""
    found = set()
    for owner in schema.type_map.values():
        if isinstance(owner, GraphQLObjectType) and not owner.name.startswith("__"):
            for name, one in owner.fields.items():
                found |= {f"{owner.name}.{name}", *(f"{owner.name}.{name}({argument})" for argument in one.args)}
    return found


def documents(seeds: Iterable[tuple[int, int]], schema: GraphQLSchema = SCHEMA) -> list[str]:
    """Everything that is asked, with the random documents of these seeds (each with their number)."""
    texts = [question.text for seed, count in seeds for question in shapes(seed, count)]
    texts += [DISCLOSED, *(page_of(owner, name) for owner, name in PAGED)]
    return [*texts, SEARCH, *directory(schema).values(), *mutations(schema).values()]


def unjudged(schema: GraphQLSchema = SCHEMA) -> set[str]:
    """Kinds and edges of which the oracle does not know."""
    nodes = {one.name for one in schema.get_possible_types(schema.type_map["Node"])}  # type: ignore[arg-type]
    judged = {*TYPES.values(), "Family", "SupportReportPart", "SupportReportVersion", "SupportReportPartVersion"}
    found = {f"{name}: a kind" for name in nodes - judged}
    for owner in schema.type_map.values():
        if (
            not isinstance(owner, GraphQLObjectType)
            or owner.name.startswith("__")
            or owner.name.endswith(("Payload", "Connection", "Edge"))
        ):
            continue
        for name, one in owner.fields.items():
            led = get_named_type(one.type)
            leads = led.name.removesuffix("Connection") in {*judged, *nodes, "Record", "Node"}
            is_known = (owner.name, name) in ROUTES or (owner.name, name) in BENEATH_OTHERS or name in SCALARS
            if leads and not is_known and owner.name not in ("Mutation", *NOT_JUDGED):
                found.add(f"{owner.name}.{name}: an edge to {led.name}")
    return found


def unfilled(schema: GraphQLSchema = SCHEMA) -> set[str]:
    """Fields of the inputs of reads that no question gives."""
    found = set()
    assert schema.query_type is not None
    for name, one in schema.query_type.fields.items():
        if name not in BY_HAND:
            continue
        for argument in one.args.values():
            given = get_named_type(argument.type)
            if isinstance(given, GraphQLInputObjectType):
                found |= {f"{given.name}.{key}" for key in given.fields if key not in FILLED.get(given.name, ())}
    return found


def uncovered(texts: Iterable[str], schema: GraphQLSchema = SCHEMA) -> set[str]:
    """Of kinds, edges, arguments and fields: those that the proof does not exercise."""
    return (offered(schema) - asked(texts, schema)) | unjudged(schema) | unfilled(schema)
