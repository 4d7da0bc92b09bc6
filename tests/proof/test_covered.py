"""The proof finds its routes in the schema: what it does not exercise fails here."""

from graphql import GraphQLSchema, extend_schema, parse

from tests.proof.campaign import documents_of
from tests.proof.covered import documents, uncovered
from tests.proof.processes import firsts
from tests.proof.test_oracle import SEED, WORLDS
from tests.proof.truth import SCHEMA

DOSE = [(seed, documents_of(count)) for seed, count in firsts(WORLDS, SEED, 2)]


def planted(text: str) -> GraphQLSchema:
    return extend_schema(SCHEMA, parse(text))


def test_everything_of_the_schema_is_exercised_by_the_dose_of_every_run() -> None:
    assert uncovered(documents(DOSE)) == set()


def test_a_kind_that_is_built_later_is_missed() -> None:
    schema = planted("type Whereabouts implements Node {id: ID! place: String} extend type Person {whereabouts: [Whereabouts!]!}")
    missed = uncovered(documents(DOSE), schema)
    assert {
        "Whereabouts: a kind",
        "Person.whereabouts: an edge to Whereabouts",
        "Whereabouts.place",
        "Person.whereabouts",
    } <= missed


def test_an_argument_and_an_edge_that_are_built_later_are_missed() -> None:
    schema = planted("extend type Family {cousins(near: String): [Person!]!} extend input FamilyFilter {nearTo: String}")
    missed = uncovered(documents(DOSE), schema)
    assert missed == {"Family.cousins", "Family.cousins(near)", "Family.cousins: an edge to Person", "FamilyFilter.nearTo"}
