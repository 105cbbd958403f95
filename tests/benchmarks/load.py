"""A client that is no bottleneck: raw sockets with keep-alive, requests ready as bytes, answers hardly looked at."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

CONNECTIONS = 32
"""So many requests are open at a time."""


def post(target: str, host: str, body: bytes, token: str) -> bytes:
    """A whole request with a JSON body."""
    head = (
        f"POST {target} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Caller(asyncio.Protocol):
    """One connection: sends the next request when the answer to the last one is there in full."""

    def __init__(self, requests: Iterator[bytes], done: asyncio.Future[None]) -> None:
        self._requests = requests
        self._done = done
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def _next(self) -> None:
        assert self._transport is not None
        request = next(self._requests, None)
        if request is not None:
            self._transport.write(request)
            return
        self._transport.close()
        if not self._done.done():
            self._done.set_result(None)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        lowered = head.lower()
        at = lowered.index(b"content-length:") + len(b"content-length:")
        if len(body) < int(lowered[at:].split(b"\r\n", 1)[0]):
            return
        if not head.startswith(b"HTTP/1.1 200 "):
            self._fail(f"want 200 for every request, got {self._buffer[:400]!r}")
            return
        self._buffer = b""
        self._next()

    def connection_lost(self, problem: Exception | None) -> None:
        self._fail(f"the server hung up: {problem}")

    def _fail(self, why: str) -> None:
        if not self._done.done():
            self._done.set_exception(RuntimeError(why))


async def _run(host: str, port: int, requests: Sequence[bytes]) -> float:
    loop = asyncio.get_running_loop()
    waiting = iter(requests)
    done = [loop.create_future() for _ in range(min(CONNECTIONS, len(requests)))]
    began = time.perf_counter()
    for each in done:
        await loop.create_connection(lambda each=each: _Caller(waiting, each), host, port)  # type: ignore[misc] # bound now
    await asyncio.gather(*done)
    return time.perf_counter() - began


def seconds_for(url: str, requests: Sequence[bytes]) -> float:
    """How long the server takes for all of these requests; RuntimeError at the first answer that is no 200."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    return asyncio.run(_run(parts.hostname, parts.port, requests))
