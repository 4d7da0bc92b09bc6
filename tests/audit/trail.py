"""A trail to seal, to tamper with and to verify, in a database of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from tests.conftest import Database
from throughline.audit.checkpoint import CheckpointFolder, Keys, keys_from
from throughline.audit.findings import Finding
from throughline.audit.sealer import Sealer
from throughline.audit.trail import seen_bytes
from throughline.audit.verify import Report, verify
from throughline.db.columns import new_id
from throughline.oauth.keys import from_pem, new_pem

AGENCY = UUID(int=7)
WRITE = """insert into audit.entry (id, at, agency_id, actor_id, client_id, role, purpose, verb, operation, policy_version, outcome,
                                    seen, terms)
           values ($1, $2, $3, $4, 'school-mis', 'SAFEGUARDING_LEAD', 'SUPPORT', $5, 'Familie «Ö»', 'v1', 'SHOWN', $6, $7)"""


async def enter(connection: Any) -> None:
    """As the app enters: the trail takes rows of this agency only."""
    await connection.execute("select set_config('app.agency', $1, true)", str(AGENCY))


async def write(connection: Any, count: int = 1, *, at: datetime | None = None) -> list[UUID]:
    """So many entries by the app's own connection, in one transaction; some of them without `seen` or `terms`."""
    made = [new_id() for _ in range(count)]
    async with connection.transaction():
        await enter(connection)
        for number, entry_id in enumerate(made):
            seen = seen_bytes([(uuid4(), 3)] * number) if number % 3 else None
            terms = b"digest" if number % 2 else b"" if number % 4 else None
            await connection.execute(WRITE, entry_id, at or datetime.now(UTC), AGENCY, uuid4(), "family", seen, terms)
    return made


@dataclass
class Trail:
    """`root` is the database's superuser, whom nothing in the database can stop."""

    database: Database
    folder: CheckpointFolder
    pool: Any
    root: Any
    pem: str = field(default_factory=lambda: new_pem().decode(), repr=False)
    now: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    @property
    def keys(self) -> Keys:
        return keys_from(self.pem)

    def sealer(self, *, batch: int = 1000, every: float = 60, pem: str | None = None, folder: Path | None = None) -> Sealer:
        key = from_pem((pem or self.pem).encode()).current
        where = CheckpointFolder(folder) if folder else self.folder
        return Sealer(self.pool, where, key, clock=self.clock, every=every, batch=batch)

    def clock(self) -> datetime:
        self.now += timedelta(seconds=60)
        return self.now

    async def write(self, count: int = 1, transactions: int = 1) -> list[UUID]:
        async with self.pool.acquire() as connection:
            return [one for _ in range(transactions) for one in await write(connection, count)]

    async def seal(self) -> int:
        sealer, total = self.sealer(), 0
        while count := await sealer.seal():
            total += count
        return total

    async def attest(self) -> None:
        """Everything sealed, and a checkpoint of it."""
        await self.seal()
        assert await self.sealer().checkpoint()

    async def verify(self, **options: Any) -> Report:
        """As the owner, as `throughline verify-audit` does."""
        connection = await asyncpg.connect(self.database.owner_url)
        try:
            return await verify(connection, self.folder, options.pop("keys", self.keys), **options)
        finally:
            await connection.close()

    async def whole(self) -> Report:
        report = await self.verify()
        assert report.findings.kept == []
        assert report.is_whole
        return report

    async def place(self, entry_id: UUID) -> tuple[int, int]:
        """Shard and position of its seal."""
        row = await self.root.fetchrow("select shard, position from audit.seal where entry_id = $1", entry_id)
        return row["shard"], row["position"]

    def file(self) -> Path:
        (path,) = self.folder.files()
        return path


def kinds(report: Report) -> set[str]:
    return {found.wrong.name for found in report.findings.kept}


def at(found: Sequence[Finding], kind: str, shard: int, position: int) -> Finding:
    """The finding of this kind at this place; there must be one."""
    here = [
        one
        for one in found
        if one.wrong.name == kind and one.shard == shard and (one.position or 0) <= position <= (one.last_position or 0)
    ]
    assert here, found
    return here[0]


def between(found: Finding) -> tuple[int | None, int | None]:
    return (found.after.number if found.after else None, found.before.number if found.before else None)
