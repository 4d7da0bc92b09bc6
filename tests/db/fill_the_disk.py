"""Runs where DATA_DIR is a small disk: fills it under a live server, restarts, makes room, and counts.

fill_the_disk.py DATA_DIR        prints {"committed", "rows", "error"}
"""

import asyncio
import json
import sys
from pathlib import Path

import asyncpg

from throughline.db.embedded import EmbeddedPostgres, EmbeddedPostgresError


async def fill(url: str) -> int:
    connection = await asyncpg.connect(url)
    committed = 0
    try:
        await connection.execute("create table t (filler text)")
        while True:
            await connection.execute("insert into t select repeat(md5(n::text), 60) from generate_series(1, 1000) n")
            committed += 1000
    except (asyncpg.PostgresError, OSError, asyncpg.InterfaceError):
        connection.terminate()
    return committed


async def rows(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval("select count(*) from t"))
    finally:
        await connection.close()


def main(data_dir: Path) -> None:
    reserve = data_dir / "reserve"
    reserve.write_bytes(b"x" * 30_000_000)
    with EmbeddedPostgres(data_dir) as server:
        committed = asyncio.run(fill(server.url()))
    with open(data_dir / "brim", "wb", buffering=0) as brim:
        try:
            while True:
                brim.write(b"x" * 4096)
        except OSError:
            pass
    error = ""
    try:
        EmbeddedPostgres(data_dir).start().stop()
    except EmbeddedPostgresError as refused:
        error = str(refused)
    reserve.unlink()
    with EmbeddedPostgres(data_dir) as server:
        print(json.dumps({"committed": committed, "rows": asyncio.run(rows(server.url())), "error": error}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
