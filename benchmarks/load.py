"""The load generator: a fixed number of keep-alive connections, each sending its next request when answered."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Asked:
    """One request to send."""

    path: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def encoded(self, host: str) -> bytes:
        """Return the request as it goes over the wire."""
        lines = [f"{self.method} {self.path} HTTP/1.1", f"host: {host}", f"content-length: {len(self.body)}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass
class Measured:
    """What came back: answers by status, seconds in all, and the time of each answer."""

    seconds: float
    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Return answers a second."""
        return sum(self.statuses.values()) / self.seconds

    def quantile(self, share: float) -> float:
        """Return the time within which this share of the answers came, in milliseconds."""
        ordered = sorted(self.times)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def run(port: int, requests: Iterator[Asked], connections: int, seconds: float) -> Measured:
    """Send requests for a while, or until there are none left."""
    measured = Measured(0)
    started = time.perf_counter()
    end = started + seconds
    await asyncio.gather(*(_connection(port, requests, end, measured) for _ in range(connections)))
    measured.seconds = time.perf_counter() - started
    return measured


async def _connection(port: int, requests: Iterator[Asked], end: float, measured: Measured) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for asked in requests:
            began = time.perf_counter()
            if began >= end:
                return
            writer.write(asked.encoded(f"127.0.0.1:{port}"))
            measured.statuses[await _answer(reader)] += 1
            measured.times.append(time.perf_counter() - began)
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    status, *lines = head.split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if "content-length" in headers:
        await reader.readexactly(int(headers["content-length"]))
    elif headers.get("transfer-encoding") == "chunked":
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    return int(status.split()[1])
