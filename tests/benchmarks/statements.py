"""How many statements a request costs: counted on a server of its own, in a pass that nobody times."""

import asyncio
from collections import Counter
from collections.abc import Iterator

import orjson

from tests.benchmarks.bench import Bench, server
from tests.benchmarks.load import once

ASKED = 20


def per_request(made: Bench, requests: Iterator[bytes]) -> tuple[float, Counter[str]]:
    """Statements for each request (BEGIN and COMMIT counted), and how often each began with what."""
    with server(made, "counted") as (port, _):
        asyncio.run(once(port, next(requests)))
        asyncio.run(once(port, _COUNTS))
        for _ in range(ASKED):
            asyncio.run(once(port, next(requests)))
        said = orjson.loads(asyncio.run(once(port, _COUNTS)))
    return len(said) / ASKED, Counter(text[:60] for text in said)


_COUNTS = b"POST /statements HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n"
