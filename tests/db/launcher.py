"""A process that owns a server, for tests that kill it: prints one line of JSON, then waits for its end.

launcher.py DATA_DIR [account|namespace]     the second word: how root runs the server
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import get_args

from throughline.db.account import Mode
from throughline.db.embedded import EmbeddedPostgres, EmbeddedPostgresError


def main(data_dir: str, as_root: str | None = None) -> None:
    mode: Mode | None = next((mode for mode in get_args(Mode) if mode == as_root), None)
    try:
        server = EmbeddedPostgres(Path(data_dir), as_root=mode).start()
    except EmbeddedPostgresError as error:
        print(json.dumps({"error": str(error)}), flush=True)
        return
    facts = {"url": server.url(), "server": server.pid, "owner": os.getpid(), "port": server.port}
    print(json.dumps(facts), flush=True)
    if not sys.stdin.readline():  # the test closed our end: a clean stop
        server.stop()
        return
    time.sleep(3600)


if __name__ == "__main__":
    main(*sys.argv[1:])
