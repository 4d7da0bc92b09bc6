"""A small closed-loop HTTP client: so many connections, each asking again as soon as it is answered."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import quantiles


@dataclass
class Load:
    """What came of one round. Latencies in milliseconds."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, p: int) -> float:
        return quantiles(self.latencies, n=100)[p - 1]


def request(path: str, body: bytes, token: str, port: int) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nauthorization: Bearer {token}\r\n"
        f"content-type: application/json\r\naccept: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def drive(port: int, requests: Iterator[bytes], *, connections: int, seconds: float) -> Load:
    """Each connection takes the next request, over and over, until the time is up. An answer with errors is
    an error."""
    load = Load()
    start = time.perf_counter()

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() - start < seconds:
            said = next(requests)
            sent = time.perf_counter()
            writer.write(said)
            body = await answer(reader)
            load.latencies.append((time.perf_counter() - sent) * 1000)
            if body.startswith(b'{"errors"'):
                raise RuntimeError(body.decode())
        writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    load.seconds = time.perf_counter() - start
    return load


async def answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head.decode())
    length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return await reader.readexactly(length)


async def once(port: int, sent: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    body = await answer(reader)
    writer.close()
    return body


def ask(port: int, sent: bytes) -> bytes:
    return asyncio.run(once(port, sent))
