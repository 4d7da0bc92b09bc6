"""50,000 people to look for, with the names of the demo's borough, and searches that get some of it wrong."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random
from typing import Any

import asyncpg

from tests.benchmarks.bench import Bench, uid
from tests.benchmarks.load import request
from throughline.demo.names import ORIGINS, SHARES
from throughline.linking.keys import hashed_keys
from throughline.terms.names import exchange_day_and_month, search_keys
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role
from throughline.terms.work import Sex

SEARCHERS = range(5_001, 6_501)
"""Triage workers, each with a budget of 30 searches."""
SUPPORTERS = range(7_001, 7_501)
"""Family practitioners, each with twenty of these people."""
SEARCH = """query Search($input: PersonSearchInput!) { personSearch(input: $input, first: 20) {
  edges { node { id givenName familyName dateOfBirth } } pageInfo { hasNextPage endCursor } } }"""


@dataclass(frozen=True)
class Sought:
    given: str
    family: str
    born: date


class Slip(StrEnum):
    NONE = "as recorded"
    TYPO = "one slip of the finger"
    SWAPPED = "names exchanged"
    DATE = "day and month exchanged"


def people(count: int) -> list[Sought]:
    random = Random(50_000)  # noqa: S311  # a benchmark's data
    origins = random.choices(ORIGINS, SHARES, k=count)
    return [
        Sought(
            random.choice(origin.given(random.choice((Sex.FEMALE, Sex.MALE)))),
            random.choice(origin.surnames),
            date(1975, 1, 1) + timedelta(random.randrange(18_500)),
        )
        for origin in origins
    ]


async def fill_people(made: Bench, secret: bytes, count: int) -> list[Sought]:
    """Each with a record of the local authority's, two in three with one of a school's as well."""
    everybody = people(count)
    records, keys = [], []
    for number, one in enumerate(everybody):
        hashed = hashed_keys(secret, search_keys(one.given, one.family, one.born))
        for source in (1, 2) if number % 3 else (1,):
            record_id = uid(f"sought{source}-", number)
            agency = uid("agency", 1 if source == 1 else 3 + number % 40)
            records.append((record_id, uid("soughtperson", number), agency, f"s{number}", one.given, one.family, one.born))
            keys += [(key, record_id) for key in hashed]
    connection = await asyncpg.connect(made.urls.owner)
    try:
        await connection.execute(_TABLES)
        await connection.copy_records_to_table("new_record", records=records)
        await connection.copy_records_to_table("new_key", records=keys)
        await connection.execute(_FILL.format(people=count))
    finally:
        await connection.close()
    print(f"  {count} people to look for, {len(keys)} search keys", flush=True)
    return everybody


# By way of temporary tables: COPY does not write into a table with row security.
_TABLES = """
create temp table new_record (id uuid, person_id uuid, agency_id uuid, own_id text, given_name text, family_name text,
  date_of_birth date);
create temp table new_key (key text, identity_record_id uuid);
"""
_FILL = f"""
insert into portal.person (id, made_at) select distinct person_id, now() from new_record;
insert into portal.identity_record (id, person_id, agency_id, sensitivity, own_id, given_name, family_name, date_of_birth,
    is_unborn, source_rank, made_at, version)
  select id, person_id, agency_id, 'STANDARD', own_id, given_name, family_name, date_of_birth, false, 1, now(), 1 from new_record;
insert into portal.search_key (key, identity_record_id) select key, identity_record_id from new_key order by key;
insert into portal.practitioner (id, agency_id, name, job_title, email)
  select md5('practitioner' || n)::uuid, md5('agency' || case when n < {SUPPORTERS.start} then 2 else 1 end)::uuid,
    'Searcher ' || n, 'Practitioner', 'p' || n || '@example.org'
  from generate_series({SEARCHERS.start}, {SUPPORTERS.stop - 1}) n;
insert into portal.practitioner_role (practitioner_id, role)
  select md5('practitioner' || n)::uuid, case when n < {SUPPORTERS.start} then 'TRIAGE_WORKER' else 'FAMILY_PRACTITIONER' end
  from generate_series({SEARCHERS.start}, {SUPPORTERS.stop - 1}) n;
insert into portal.oauth_client (id, client_id, practitioner_id, auth_method, secret_hash)
  select md5('client' || n)::uuid, 'bench-' || n, md5('practitioner' || n)::uuid, 'client_secret_basic', 'x'
  from generate_series({SEARCHERS.start}, {SUPPORTERS.stop - 1}) n;
insert into portal.assignment (id, agency_id, holder_id, identity_record_id, from_on, version, sensitivity, made_at)
  select md5('supports' || n)::uuid, md5('agency1')::uuid, md5('practitioner' || {SUPPORTERS.start} + n % {len(SUPPORTERS)})::uuid,
    md5('sought1-' || n)::uuid, '2025-01-01', 1, 'STANDARD', '2025-01-01'
  from generate_series(0, least({len(SUPPORTERS)} * 20, {{people}}) - 1) n;
insert into portal.opening (subject_id, holder_id, because, source_id, from_on, kinds, sensitive_kinds, agreed_kinds)
  select identity_record_id, holder_id, 1, id, from_on, 0, 0, 0 from portal.assignment s
  where id in (select md5('supports' || n)::uuid from generate_series(0, {len(SUPPORTERS)} * 20) n);
analyze portal.search_key; analyze portal.identity_record; analyze portal.person; analyze portal.assignment;
analyze portal.opening; analyze portal.practitioner; analyze portal.practitioner_role; analyze portal.oauth_client;
"""


def finders(made: Bench, everybody: list[Sought], port: int, slips: list[Slip]) -> Iterator[tuple[Sought, bytes]]:
    """Triage workers look for anybody: who it is, and the request."""
    random = Random(1)  # noqa: S311  # a benchmark's data
    for place, token in enumerate(_tokens(made, SEARCHERS, Role.TRIAGE_WORKER, Purpose.TRIAGE)):
        one = random.choice(everybody)
        said = _misspelt(one, slips[place % len(slips)], random) | {"reason": "NEW_CONTACT"}
        yield one, _search(said, token, port)


def supporters(made: Bench, everybody: list[Sought], port: int) -> Iterator[bytes]:
    """Practitioners look for somebody of their own; everybody else who is called alike stays unseen."""
    random = Random(2)  # noqa: S311  # a benchmark's data
    for place, token in enumerate(_tokens(made, SUPPORTERS, Role.FAMILY_PRACTITIONER, Purpose.SUPPORT)):
        own = everybody[place % len(SUPPORTERS) + len(SUPPORTERS) * random.randrange(20)]
        yield _search(_misspelt(own, random.choice(list(Slip)), random), token, port)


def _tokens(made: Bench, who: range, role: Role, purpose: Purpose) -> Iterator[str]:
    """One after the other, thirty times around: no more than their budget."""
    tokens: dict[int, str] = {}
    for practitioner in itertools.chain.from_iterable(itertools.repeat(who, 30)):
        if practitioner not in tokens:
            tokens[practitioner] = made.token(practitioner, role, purpose)
        yield tokens[practitioner]


def _search(said: dict[str, str], token: str, port: int) -> bytes:
    return request("/graphql", json.dumps({"query": SEARCH, "variables": {"input": said}}).encode(), token, port)


def _misspelt(one: Sought, slip: Slip, random: Random) -> dict[str, str]:
    given, family, born = one.given, one.family, one.born
    if slip is Slip.TYPO:
        place = random.randrange(1, len(family))
        family = family[:place] + random.choice("aeiounrst") + family[place + 1 :]
    elif slip is Slip.SWAPPED:
        given, family = family, given
    elif slip is Slip.DATE:
        born = exchange_day_and_month(born) or born
    return {"givenName": given, "familyName": family, "dateOfBirth": born.isoformat()}


def shown(answer: dict[str, Any]) -> list[Sought]:
    """Whoever was found, best match first."""
    nodes = [edge["node"] for edge in answer["data"]["personSearch"]["edges"]]
    return [Sought(n["givenName"], n["familyName"], date.fromisoformat(n["dateOfBirth"])) for n in nodes]
