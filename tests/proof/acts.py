"""Random acts: every mutation of the schema with every argument that it takes, written from the schema itself."""

import base64
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from tests.proof.asking import beneath, said_of
from tests.proof.dense import upn_of
from tests.proof.truth import KIND_OF, SCHEMA, Truth
from tests.reading.worlds import TODAY
from throughline.access.abilities import may_try
from throughline.terms.numbers import parse_laestab
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role
from throughline.transfer.ctf_sample import SamplePupil, SampleSchool, write_ctf

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
DAYS, AFTER = (-400, -30, -1, 0, 0, 0, 1, 60), (-1, 0, 0, 1, 60, 120)
SPANS = {"fromOn": (-30, 0, 0, 0, 0), "reviewOn": (0, 0, 0, 1), "untilOn": (0, 1, 2, 2, 60)}
"""The days of whatever is reviewed while it runs: mostly in their order."""
LIKELY = 0.8
"""How many acts are such as some sentence lets the viewer's role try."""


@cache
def mutations(schema: GraphQLSchema = SCHEMA) -> dict[str, str]:
    """The document of each mutation, by its name."""
    assert schema.mutation_type is not None
    found = {}
    for name, one in schema.mutation_type.fields.items():
        declared = ", ".join(f"${key}: {argument.type}" for key, argument in one.args.items())
        passed = ", ".join(f"{key}: ${key}" for key in one.args)
        found[name] = f"mutation Act({declared}) {{{name}({passed}){{{payload(get_named_type(one.type).name, schema)}}}}}"
    return found


def payload(type_name: str, schema: GraphQLSchema = SCHEMA) -> str:
    """Everything of a payload that needs no argument; whatever it made or changed with its id, and whom it is about."""
    owner = schema.type_map[type_name]
    assert isinstance(owner, GraphQLObjectType)
    parts = ["__typename"]
    for name, one in owner.fields.items():
        found = get_named_type(one.type)
        if is_leaf_type(found):
            parts.append(name)
        elif name == "userErrors":
            parts.append("userErrors{code message field}")
        elif found.name.endswith("Payload"):
            parts.append(f"{name}{{{payload(found.name, schema)}}}")
        elif isinstance(found, GraphQLObjectType | GraphQLInterfaceType) and "id" in found.fields:
            about = "about{id givenName}" if "about" in found.fields else ""
            plain = " ".join(
                said_of(found.name, key, schema, 0)
                for key, f in found.fields.items()
                if is_leaf_type(get_named_type(f.type)) and key != "id"
            )
            parts.append(f"{name}{{id {plain} {about} seenBecause{{number}}}}")
        else:
            parts.append(f"{name}{{{beneath(found.name, schema)}}}")
    return " ".join(parts)


def acted_on(name: str) -> str | None:
    """The kind of record that an act of this name shows."""
    assert SCHEMA.mutation_type is not None
    answer = get_named_type(SCHEMA.mutation_type.fields[name].type)
    assert isinstance(answer, GraphQLObjectType)
    shown = [get_named_type(one.type).name for one in answer.fields.values()]
    return next((KIND_OF[one] for one in shown if one in KIND_OF and one != "Person"), None)


class Actor:
    """One viewer's acts: mostly with what they may see, often with what they may not, and with what there is not."""

    def __init__(self, rows: Rows, truth: Truth, chance: Random) -> None:
        self.rows, self.truth, self.chance = rows, truth, chance
        self.kind: str | None = None
        self.is_answer = False
        self.chosen: Mapping[str, Any] | None = None
        self.versions = {row["id"]: row["version"] for table in rows.values() for row in table if "version" in row and "id" in row}

    def act(self, name: str | None = None) -> tuple[str, dict[str, Any]]:
        """A document and its variables."""
        documents = mutations()
        viewer = self.truth.viewer
        may = [one for one in documents if may_try(one, Role(viewer.role), Purpose(viewer.purpose))]
        name = name or self.chance.choice(may if may and self.chance.random() < LIKELY else list(documents))
        self.kind, self.chosen = acted_on(name), None
        self.is_answer = name.endswith(ANSWERS)
        assert SCHEMA.mutation_type is not None
        arguments = SCHEMA.mutation_type.fields[name].args
        return documents[name], {key: self.value(key, one.type) for key, one in arguments.items()}

    def filling(self, root: str) -> dict[str, Any]:
        """Variables for a root of a read, by the names of its arguments."""
        assert SCHEMA.query_type is not None
        return {key: self.value(key, one.type) for key, one in SCHEMA.query_type.fields[root].args.items()}

    def value(self, name: str, of: GraphQLInputType) -> Any:
        if is_non_null_type(of):
            of = of.of_type
        elif self.chance.random() > SELDOM.get(name, 0.5):
            return None
        if is_list_type(of):
            inner = of.of_type
            if name == "sensitiveKinds" and self.chance.random() < 0.6:
                return []
            return [self.value(name, inner) for _ in range(self.chance.choice((1, 1, 1, 2)))]
        if isinstance(of, GraphQLInputObjectType):
            return self.given(of)
        if isinstance(of, GraphQLEnumType):
            return self.chance.choice(COMMON.get(name, list(of.values)))
        return self.leaf(name, str(of))

    def given(self, of: GraphQLInputObjectType) -> dict[str, Any]:
        if of.name == "IdentityInput":
            return self.identity(of)
        found = {}
        for key, one in of.fields.items():
            value = self.value(key, one.type)
            if value is not None:
                found[key] = value
        if SPANS.keys() <= of.fields.keys() and self.chance.random() < LIKELY:
            found |= {key: str(TODAY + timedelta(days=self.chance.choice(days))) for key, days in SPANS.items()}
            found["confidenceMet"] = "PUBLIC_INTEREST" if "withoutAgreement" in of.fields else "AGREEMENT"
        if of.name == "AboutInput":  # one of the two
            key = self.chance.choice(("personId", "identity"))
            named = get_named_type(of.fields["identity"].type)
            assert isinstance(named, GraphQLInputObjectType)
            return {key: self.leaf("personId", "ID") if key == "personId" else self.identity(named)}
        if of.name == "SharingReceiverInput":
            return {"kindOfAgency": "HEALTH"} if not found else dict([self.chance.choice(list(found.items()))])
        return found

    def identity(self, of: GraphQLInputObjectType) -> dict[str, Any]:
        """Somebody whom some agency named, as it named them; or nobody whom anybody named."""
        row = self.chance.choice([one for one in self.rows["identity_record"] if one["service_id"] is None])
        found = {key: self.value(key, one.type) for key, one in of.fields.items() if key not in NAMING}
        own = [one["own_id"] for one in self.rows["identity_record"] if one["agency_id"] == self.truth.viewer.agency]
        found["ownId"] = self.chance.choice([*own, "new", "new", "new"])
        for key, column in NAMING.items():
            value = row[column] if column == "sex" or self.chance.random() < 0.85 else ELSE[column]
            found[key] = str(value) if value is not None else None
        if self.chance.random() < 0.7:
            found["upn"] = upn_of(row["person_id"])
        return {key: value for key, value in found.items() if value is not None}

    def leaf(self, name: str, of: str) -> Any:
        if of == "ID":
            return str(IDS[name](self) if name in IDS else self.record_id())
        if of == "Date":
            return str(
                TODAY
                + timedelta(
                    days=self.chance.choice(AFTER if name in ("untilOn", "reviewOn") else DAYS[:6] if name == "givenOn" else DAYS)
                )
            )
        if of == "Boolean":
            return self.chance.random() < SELDOM.get(name, 0.4)
        if of == "Int":
            return self.version() if name == "version" else self.chance.randint(1, MOST_OF.get(name, 40))
        return TEXTS[name](self) if name in TEXTS else "some words"

    def version(self) -> int:
        return int(self.versions.get(self.chosen, 1)) if self.chance.random() < 0.9 else self.chance.randint(1, 4)

    def record_id(self) -> Any:
        """Of the kind that the act is on: one that shows, one that does not, or none."""
        kinds = {one.id: one.kind for one in self.truth.world.records}
        of_kind = sorted(one for one, kind in kinds.items() if kind == self.kind or self.kind is None)
        seen = [one for one in of_kind if one in self.truth.seen.records]
        own = [one for one in seen if self.truth.facts.by_id[one].agency == self.truth.viewer.agency]
        self.chosen = self.one_of(own if own and self.chance.random() < (0.4 if self.is_answer else 0.75) else seen, of_kind)
        return self.chosen

    def one_of(self, seen: Sequence[Any], every: Sequence[Any]) -> Any:
        turn = self.chance.random()
        if turn < 0.1 or not every:
            return absent(self.chance)
        return self.chance.choice(seen if seen and turn < 0.75 else every)

    def person(self) -> Any:
        return self.one_of(sorted(self.truth.seen.persons), [row["id"] for row in self.rows["person"]])

    def family(self) -> Any:
        return self.one_of(sorted(self.truth.seen.families), [row["id"] for row in self.rows["family"]])

    def household(self) -> Any:
        mine = [home for home, family in self.truth.world.families if family in self.truth.seen.families]
        return self.one_of(sorted(mine), [row["id"] for row in self.rows["household"]])

    def part(self) -> Any:
        return self.one_of(sorted(self.truth.seen.parts), [row["id"] for row in self.rows["support_report_part"]])

    def agency(self) -> Any:
        return self.chance.choice([*(row["id"] for row in self.rows["agency"]), self.truth.viewer.agency])

    def front_door(self) -> Any:
        return self.chance.choice([row["id"] for row in self.rows["agency"] if row["kind"] == "LOCAL_AUTHORITY"])

    def service(self) -> Any:
        own = [row["id"] for row in self.rows["service"] if row["agency_id"] == self.truth.viewer.agency]
        return self.one_of(own, [row["id"] for row in self.rows["service"]])

    def practitioner(self) -> Any:
        mine = [row["id"] for row in self.rows["practitioner"] if row["agency_id"] == self.truth.viewer.agency]
        return self.one_of(mine, [row["id"] for row in self.rows["practitioner"]])

    def file(self) -> str:
        """A Common Transfer File from one school to another, about a child whom somebody named."""
        schools = [row for row in self.rows["agency"] if row["laestab"]]
        own = [row for row in schools if row["id"] == self.truth.viewer.agency]
        source, to = self.chance.choice(own or schools), self.chance.choice(schools)
        if self.chance.random() < 0.5:
            source, to = to, source
        row = self.chance.choice([one for one in self.rows["identity_record"] if one["service_id"] is None])
        child = SamplePupil(
            upn_of(row["person_id"]), row["family_name"], row["given_name"], row["date_of_birth"] and str(row["date_of_birth"]),
            left_on=str(TODAY + timedelta(days=self.chance.choice(DAYS))), entered_on="2021-09-03",
        )  # fmt: skip
        school = SampleSchool(parse_laestab(source["laestab"]), "123456", source["name"])
        return base64.b64encode(b"".join(write_ctf([child], source=school, destination=to["laestab"]))).decode()

    def own_id(self) -> str:
        own = [row["own_id"] for row in self.rows["identity_record"] if row["agency_id"] == self.truth.viewer.agency]
        return str(self.chance.choice([*own, "new"]))


ELSE = {"given_name": "Else", "family_name": "Else", "date_of_birth": date(2013, 1, 2)}
SELDOM = {
    "agreedBy": 0.85, "judgedAbleReason": 0.3, "nextReviewOn": 0.9, "specialCategory": 0.9, "crimeCondition": 0.9, "confidenceMet": 0.9,
    "serviceAgreementId": 0.2, "caution": 0.3, "whom": 0.3, "mustNotBeTold": 0.8, "isUnborn": 0.1, "isLightTouch": 0.15,
    "isRefusal": 0.2, "familyId": 0.2, "householdId": 0.3, "serviceId": 0.2,
}  # fmt: skip
"""How often an argument that need not be given is given, or is true."""
ANSWERS = ("Confirm", "Decide")
"""Acts on what another agency made."""
MOST_OF = {"hours": 25}
"""Numbers whose most is an act's own: one more than it takes."""
NAMING = {"givenName": "given_name", "familyName": "family_name", "dateOfBirth": "date_of_birth", "sex": "sex"}
COMMON: dict[str, list[str]] = {
    "kinds": ["SUPPORT_REPORT", "INVOLVEMENT", "NEED", "MEMBERSHIP"],
    "sensitiveKinds": ["SUPPORT_REPORT", "INVOLVEMENT", "NEED"],
    "purpose": ["SUPPORT", "PROTECTION", "TRIAGE"],
    "sensitivity": ["STANDARD", "SENSITIVE"],
    "lawfulBasis": ["PUBLIC_TASK", "VITAL_INTERESTS"],
    "specialCategory": ["HEALTH_OR_SOCIAL_CARE", "SAFEGUARDING"],
    "crimeCondition": ["SAFEGUARDING"],
}
"""Values that acts take mostly, where the type has many."""
IDS: dict[str, Callable[[Actor], Any]] = {
    "personId": Actor.person, "otherPersonId": Actor.person, "familyId": Actor.family, "householdId": Actor.household,
    "agencyId": Actor.agency, "schoolId": Actor.agency, "frontDoorId": Actor.front_door, "serviceId": Actor.service,
    "holderId": Actor.practitioner, "leadId": Actor.practitioner, "practitionerId": Actor.practitioner,
}  # fmt: skip
"""What an argument of type ID names, by its own name; else a record."""
TEXTS: dict[str, Callable[[Actor], str | None]] = {
    "idempotencyKey": lambda _: "a key",
    "localId": Actor.own_id,
    "kindOfSupport": lambda actor: actor.chance.choice(("LISTEN", "GROUP", "THERAPY", "CLINIC")),
    "postcode": lambda _: "SW1A 1AA",
    "nhsNumber": lambda _: "9990000018",
    "uln": lambda _: None,
    "upn": lambda _: None,
    "content": Actor.file,
}


def absent(chance: Random) -> Any:
    return UUID(int=chance.getrandbits(128), version=4)
