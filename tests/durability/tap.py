"""A small recording tap: an HTTP proxy in front of one party that can hold one exchange, before or after its delivery."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Literal

from reference_impl.kernel.operation import Recognizer

Point = Literal["request", "answer"]
"""What is held: the request, before it is delivered; or the answer, once the server has given it."""


@dataclass(slots=True)
class Hold:
    """One exchange to be held, by its name such as ``csp-b CreateFeature 3``: the third of its kind."""

    exchange: str
    point: Point
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Journal:
    """What all taps of a pair saw since ``begin``, in the order in which requests came."""

    seen: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    hold: Hold | None = None

    def begin(self, hold: Hold | None = None) -> None:
        self.seen, self.counts, self.hold = [], Counter(), hold

    def named(self, caller: str, operation: str) -> str:
        kind = f"{caller} {operation}"
        self.counts[kind] += 1
        self.seen.append(f"{kind} {self.counts[kind]}")
        return self.seen[-1]

    async def reach(self, exchange: str, point: Point) -> None:
        """Wait here if this is what is to be held."""
        hold = self.hold
        if hold is not None and (hold.exchange, hold.point) == (exchange, point):
            hold.arrived.set()
            await hold.released.wait()


@contextlib.asynccontextmanager
async def tapped(caller: str, port: int, known: Recognizer, journal: Journal) -> AsyncIterator[str]:
    """The URL at which ``caller`` finds the party on ``port``."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError), contextlib.closing(writer):
            await _exchange(reader, writer)

    async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await _message(reader)
        method, target, _ = request.split(b"\r\n", 1)[0].decode().split(" ")
        found = known.find(method, target.partition("?")[0])
        exchange = journal.named(caller, found[0].id if found else target)
        await journal.reach(exchange, "request")
        back, forth = await asyncio.open_connection("127.0.0.1", port)
        with contextlib.closing(forth):
            forth.write(request)
            answer = await _message(back)
        await journal.reach(exchange, "answer")
        writer.write(answer)
        await writer.drain()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def _message(reader: asyncio.StreamReader) -> bytes:
    """One HTTP message with a Content-Length; the connection shall serve no other one."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if line and not line.lower().startswith(b"connection:")]
    length = next((int(line[15:]) for line in lines if line.lower().startswith(b"content-length:")), 0)
    return b"\r\n".join([*lines, b"Connection: close", b"", b""]) + await reader.readexactly(length)
