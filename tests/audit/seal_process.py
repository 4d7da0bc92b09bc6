"""A sealer as a process of its own, for tests that kill it: seal_process.py APP_URL FOLDER KEY_FILE. A dot for each batch."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from throughline.audit.checkpoint import CheckpointFolder
from throughline.audit.sealer import Sealer
from throughline.db.engine import make_pool
from throughline.oauth.keys import from_pem


async def main(url: str, folder: str, pem: bytes) -> None:
    key = from_pem(pem).current
    async with make_pool(url, fewest=1, most=1) as pool:
        sealer = Sealer(pool, CheckpointFolder(Path(folder)), key, clock=lambda: datetime.now(UTC), every=60, batch=20)
        while await sealer.seal():
            await sealer.checkpoint()
            sys.stdout.write(".")
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]).read_bytes()))
