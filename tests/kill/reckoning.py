"""What stands in the database when all is quiet again, against what was acknowledged."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from throughline.audit.trail import seen_rows

_REPORTS = """
    select p.what_was_done as key, r.id,
      (select count(*) from portal.outbox o where o.record_id = r.id and o.verb = 'WRITE') as events,
      (select count(*) from portal.idempotency_key k where k.key = p.what_was_done and k.record_id = r.id
        and k.mutation = 'supportReportSubmit') as keys
    from portal.support_report r join portal.support_report_part p on p.report_id = r.id
"""
_TRAIL = "select seen from audit.entry where verb = 'supportReportSubmit' and seen is not null"
_COUNTS = """
    select (select count(*) from portal.support_report) reports, (select count(*) from portal.support_report_part) parts,
      (select count(*) from portal.idempotency_key) keys, (select count(*) from portal.outbox) events,
      (select count(*) from portal.support_report_part_person) people
"""


@dataclass(frozen=True)
class Reckoning:
    acknowledged: int
    lost: list[str]
    doubled: list[str]
    incomplete: list[str]
    strangers: list[str]
    counts: dict[str, int]

    @property
    def is_right(self) -> bool:
        return not (self.lost or self.doubled or self.incomplete or self.strangers) and len(set(self.counts.values())) == 1


async def reckon(owner_url: str, acknowledged: dict[str, str]) -> Reckoning:
    """`lost`: acknowledged and not there; `doubled`: there more than once; `incomplete`: without its row in the outbox, the trail
    or among the keys; `strangers`: there and never acknowledged. All by key."""
    connection = await asyncpg.connect(owner_url)
    try:
        rows = await connection.fetch(_REPORTS)
        trail = Counter(seen for entry in await connection.fetch(_TRAIL) for seen in {row for row, _ in seen_rows(entry["seen"])})
        counts = dict(await connection.fetchrow(_COUNTS) or {})
    finally:
        await connection.close()
    return _compared(rows, trail, counts, acknowledged)


def _compared(rows: list[Any], trail: Counter[UUID], counts: dict[str, int], acknowledged: dict[str, str]) -> Reckoning:
    there = Counter(row["key"] for row in rows)
    ids = {row["key"]: str(row["id"]) for row in rows}
    return Reckoning(
        acknowledged=len(acknowledged),
        lost=[key for key, report_id in acknowledged.items() if ids.get(key) != report_id],
        doubled=[key for key, times in there.items() if times > 1],
        incomplete=[row["key"] for row in rows if (row["events"], row["keys"]) != (1, 1) or not trail[row["id"]]],
        strangers=[key for key in there if key not in acknowledged],
        counts=counts,
    )
