"""Limit B of a submission: bare asyncpg writes the very rows that the portal writes, with nothing checked.

One transaction: the rows of a new child, if it is one; the report's rows; one select back; one synchronous
commit. It is told what the portal has to find out: whose token it is, and whether the child is known.
"""

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
REPORT = (HERE / "limit_b_report.sql").read_text()
CHILD = (HERE / "limit_b_child.sql").read_text()
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


async def answer(pool: Any, variables: dict[str, Any]) -> bytes:
    given, now = variables["input"], datetime.now(UTC)
    agency, practitioner = UUID(variables["agency"]), UUID(variables["practitioner"])
    part, report_id = given["parts"][0], new_id()
    about = part["about"][0]["identity"]
    async with pool.acquire() as connection, connection.transaction():
        if about["ownId"].startswith(NEW):
            await _child(connection, about, agency, practitioner, now)
        await connection.execute(
            REPORT, report_id, new_id(), given["idempotencyKey"], sha256(orjson.dumps(given)).digest(), agency, practitioner,
            variables["client"], now, about["ownId"], given["kindOfSupport"], date.fromisoformat(given["givenOn"]),
            given["delivery"], "STANDARD", part["whatWasDone"], part["outcome"], new_id(), new_id(),
        )  # fmt: skip
        text: str = await connection.fetchval(READ, report_id)
    return b'{"data":{"supportReportSubmit":{"supportReport":' + text.encode() + b',"userErrors":[]}}}'


async def _child(connection: Any, about: Any, agency: UUID, practitioner: UUID, now: datetime) -> None:
    born = date.fromisoformat(about["dateOfBirth"])
    keys = hashed_keys(SECRET, search_keys(about["givenName"], about["familyName"], born))
    await connection.execute(
        CHILD, new_id(), new_id(), agency, practitioner, about["ownId"], about["givenName"], about["familyName"], born, now,
        new_id(), new_id(), keys, now.date(),
    )  # fmt: skip
