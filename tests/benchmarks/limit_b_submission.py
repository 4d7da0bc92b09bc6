"""Limit B of a submission: bare asyncpg writes the very rows that the portal writes, with nothing checked.

One transaction: the rows of a new child, if it is one; the report's rows; one select back; one synchronous
commit. It is told what the portal has to find out: whose token it is, and whether the child is known. Twice:
an insert for each table, as anybody would write it, and all rows of the report in one statement.
"""

import re
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from throughline.db.columns import new_id
from throughline.linking.keys import hashed_keys
from throughline.terms.names import search_keys

HERE = Path(__file__).parent
NEW = "new-"
"""How the own id of a child begins whom nobody has named before."""
SECRET = b"limit b"
READ = """
    select row_to_json(x)::text from (select s.id, s.version, s.given_on as "givenOn", s.delivery,
      (select row_to_json(z) from (select k.code, k.label from portal.support_kind k where k.code = s.kind_of_support) z)
        as "kindOfSupport",
      (select row_to_json(z) from (select a.name from portal.agency a where a.id = s.agency_id) z) as "madeBy",
      (select coalesce(json_agg((select row_to_json(z) from (select p.sensitivity, p.what_was_done as "whatWasDone") z)
         order by p.ordinal), '[]'::json) from portal.support_report_part p where p.report_id = s.id) as parts
    from portal.support_report s where s.id = $1) x
"""
Statement = tuple[str, list[int]]
"""A text, and which of the values of the whole it takes."""


def _inserts(name: str) -> list[str]:
    text = re.sub(r"^--.*\n", "", (HERE / name).read_text(), flags=re.MULTILINE)
    return [one.strip() for one in text.split(";")]


def _renumbered(text: str) -> Statement:
    used = sorted({int(number) for number in re.findall(r"\$(\d+)", text)})
    places = {number: place for place, number in enumerate(used, 1)}
    return re.sub(r"\$(\d+)", lambda found: f"${places[int(found[1])]}", text), used


def _in_one(inserts: list[str]) -> Statement:
    """All of them in one statement, the last as its body."""
    steps = ", ".join(f"w{place} as ({text})" for place, text in enumerate(inserts[:-1]))
    return _renumbered(f"with {steps} {inserts[-1]}")


CHILD, REPORT = _inserts("limit_b_child.sql"), _inserts("limit_b_report.sql")
ONE_BY_ONE = [_renumbered(text) for text in CHILD], [_renumbered(text) for text in REPORT]
AT_ONCE = [_in_one(CHILD)], [_in_one(REPORT)]


async def insert_by_insert(pool: Any, variables: dict[str, Any]) -> bytes:
    return await _answer(pool, variables, *ONE_BY_ONE)


async def in_one_statement(pool: Any, variables: dict[str, Any]) -> bytes:
    return await _answer(pool, variables, *AT_ONCE)


async def _answer(pool: Any, variables: dict[str, Any], child: list[Statement], report: list[Statement]) -> bytes:
    given, now, report_id = variables["input"], datetime.now(UTC), new_id()
    agency, practitioner = UUID(variables["agency"]), UUID(variables["practitioner"])
    part = given["parts"][0]
    about = part["about"][0]["identity"]
    values = [
        report_id, new_id(), given["idempotencyKey"], sha256(orjson.dumps(given)).digest(), agency, practitioner,
        variables["client"], now, about["ownId"], given["kindOfSupport"], date.fromisoformat(given["givenOn"]),
        given["delivery"], "STANDARD", part["whatWasDone"], part["outcome"], new_id(), new_id(),
    ]  # fmt: skip
    async with pool.acquire() as connection, connection.transaction():
        if about["ownId"].startswith(NEW):
            await _write(connection, child, _child(about, agency, practitioner, now))
        await _write(connection, report, values)
        text: str = await connection.fetchval(READ, report_id)
    return b'{"data":{"supportReportSubmit":{"supportReport":' + text.encode() + b',"userErrors":[]}}}'


def _child(about: Any, agency: UUID, practitioner: UUID, now: datetime) -> list[Any]:
    born = date.fromisoformat(about["dateOfBirth"])
    keys = hashed_keys(SECRET, search_keys(about["givenName"], about["familyName"], born))
    return [
        new_id(), new_id(), agency, practitioner, about["ownId"], about["givenName"], about["familyName"], born, now,
        new_id(), keys,
    ]  # fmt: skip


async def _write(connection: Any, statements: list[Statement], values: list[Any]) -> None:
    for text, used in statements:
        await connection.execute(text, *(values[number - 1] for number in used))
