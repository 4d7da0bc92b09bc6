from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from tests.audit.trail import Trail
from tests.conftest import Database
from throughline.audit.checkpoint import CheckpointFolder
from throughline.db.engine import make_pool


@pytest.fixture
async def trail(database: Database, tmp_path: Path) -> AsyncIterator[Trail]:
    folder = CheckpointFolder(tmp_path / "checkpoints")
    folder.prepare()
    root = await asyncpg.connect(database.superuser_url)
    async with make_pool(database.app_url) as pool:
        yield Trail(database, folder, pool, root)
    await root.close()


@pytest.fixture
async def attested(trail: Trail) -> Trail:
    """120 entries of 24 transactions, and three checkpoints: after 40, 80 and 120."""
    for _ in range(3):
        await trail.write(5, transactions=8)
        await trail.attest()
    return trail
