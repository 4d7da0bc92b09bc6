"""What the benchmark asks: the documents, and requests without end for each server."""

import itertools
import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.benchmarks.bench import BIG, LIST, Bench, lead_of, uid
from tests.benchmarks.limit_b_submission import NEW
from tests.benchmarks.load import request
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

PICTURE = """query Picture($id: ID!) { family(id: $id) { id members { role from person { id givenName familyName dateOfBirth } }
  leadPractitioner { position holder { name agency { name } } }
  supportReports(first: 20) { edges { node { id givenOn delivery kindOfSupport { code label } madeBy { name kind } parts { sensitivity whatWasDone outcome } } } }
  involvements(first: 20) { edges { node { id howToReach fromOn madeBy { name kind } } } }
  needs(first: 20) { edges { node { id severity reason fromOn } } } } }"""  # noqa: E501
LISTED = """query Listed { families(first: 50) { edges { node { id members { role person { id givenName familyName } }
  supportReports(first: 5) { edges { node { id givenOn madeBy { name } parts { whatWasDone } } } } } } pageInfo { hasNextPage } } }"""
SUBMIT = """mutation Submit($input: SupportReportSubmitInput!) { supportReportSubmit(input: $input) {
  supportReport { id version givenOn delivery kindOfSupport { code label } madeBy { name } parts { sensitivity whatWasDone } }
  userErrors { code message field } } }"""
PICTURES = 48
REPORTERS = 30
TEXT = "We met at home and talked through the week: mornings are easier, evenings are not."

Ports = tuple[int, int]
"""The portal's and Limit B's."""


def pictures(made: Bench, port: int, path: str = "/graphql", *, big: bool = False) -> Iterator[bytes]:
    """Pictures of ordinary families, or of those with ten times the records, each asked for by its lead."""
    families = BIG if big else range(BIG.stop, min(BIG.stop + PICTURES, made.families + 1))
    return itertools.cycle([_picture(made, family, port, path) for family in families])


def _picture(made: Bench, family: int, port: int, path: str) -> bytes:
    body = {"query": PICTURE, "variables": {"id": str(uid("family", family))}}
    token = made.token(lead_of(family), Role.FAMILY_PRACTITIONER, Purpose.SUPPORT)
    return request(path, json.dumps(body).encode(), token, port)


def lists(made: Bench, port: int, path: str = "/graphql") -> Iterator[bytes]:
    lead = lead_of(LIST.start)
    body = json.dumps({"query": LISTED, "variables": {"lead": str(uid("practitioner", lead))}}).encode()
    token = made.token(lead, Role.FAMILY_PRACTITIONER, Purpose.SUPPORT)
    return itertools.cycle([request(path, body, token, port)])


def submissions(made: Bench, port: int, path: str = "/graphql", *, prefix: str, mix: int = 10) -> Iterator[bytes]:
    """Reports by practitioners about children of their own families; every tenth (`mix`) about one whom
    nobody named before.

    Each side takes a `prefix` of its own, so that no key and no child is met twice.
    """
    random = Random(prefix)  # noqa: S311  # a benchmark's data
    families = [f for f in range(BIG.stop, made.families + 1) if 1 <= lead_of(f) <= REPORTERS]
    tokens = {lead_of(f): made.token(lead_of(f), Role.FAMILY_PRACTITIONER, Purpose.SUPPORT) for f in families}
    for number in itertools.count():
        family = random.choice(families)
        lead = lead_of(family)
        about = _new_child(prefix, number) if number % mix == 0 else _known_child(family, random.randint(3, 5))
        variables = {"input": _report(f"{prefix}-{number}", about)} | _whose(lead)
        body = json.dumps({"query": SUBMIT, "variables": variables}).encode()
        yield request(path, body, tokens[lead], port)


def _whose(lead: int) -> dict[str, str]:
    """What a token says to the portal; Limit B is told."""
    practitioner, agency = str(uid("practitioner", lead)), str(uid("agency", 1))
    return {"practitioner": practitioner, "agency": agency, "client": f"bench-{lead}"}


def _report(key: str, about: dict[str, Any]) -> dict[str, Any]:
    part = {"about": [{"identity": about}], "whatWasDone": TEXT, "outcome": "Going better"}
    return {
        "idempotencyKey": key,
        "kindOfSupport": "KIND_3",
        "givenOn": "2026-01-15",
        "delivery": "VISIT",
        "parts": [part],
    }


def _known_child(family: int, member: int) -> dict[str, Any]:
    """As world.sql made them: nothing new is said."""
    number = (family - 1) * 5 + member
    born = date(2010, 1, 1) + timedelta(number % 4000)
    return {
        "ownId": f"own{number}",
        "givenName": f"Given{number * 7919 % 3000}",
        "familyName": f"Family{family * 104729 % 8000}",
        "dateOfBirth": born.isoformat(),
    }


def _new_child(prefix: str, number: int) -> dict[str, Any]:
    given, family = f"Amelia{number % 97}", f"Pickering{number % 89}"
    return {
        "ownId": f"{NEW}{prefix}{number}",
        "givenName": given,
        "familyName": family,
        "dateOfBirth": "2016-05-09",
    }


Asks = Callable[..., Iterator[bytes]]
