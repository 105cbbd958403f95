"""Targets that are odd: a served provider behind a front that spoils some of its answers, each in one way."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from conformance.portal import Portal

Spoil = Callable[[asyncio.StreamWriter], Awaitable[None]]
"""Writes something in place of the answer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that came to a front; ``number`` counts them from 1."""

    method: str
    path: str
    number: int


Vice = Callable[[Asked], Spoil | None]
"""What is spoilt; None: this request is forwarded."""

# --- ways to spoil an answer ------------------------------------------------------------------------------------------


def says(content: bytes) -> Spoil:
    """These bytes, and the end of the connection."""

    async def spoil(writer: asyncio.StreamWriter) -> None:
        writer.write(content)
        await writer.drain()

    return spoil


def answer(status: str, media_type: str, body: bytes, *more: str) -> Spoil:
    lines = [f"HTTP/1.1 {status}", f"content-type: {media_type}", f"content-length: {len(body)}", *more, "", ""]
    return says("\r\n".join(lines).encode() + body)


async def silence(writer: asyncio.StreamWriter) -> None:
    """Nothing, until the other side has enough."""
    await writer.wait_closed()


def without_end(head: bytes, piece: bytes) -> Spoil:
    """A head, and pieces until the other side has enough."""

    async def spoil(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while not writer.is_closing():
            writer.write(piece)
            await writer.drain()

    return spoil


def drop_by_drop(pause: float) -> Spoil:
    """A body that has no end and comes slowly: between any two pieces no time-out is over."""

    async def spoil(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"1\r\n \r\n")
            await writer.drain()
            await asyncio.sleep(pause)

    return spoil


MEGABYTE = b" " * 1_000_000
SPOILT: dict[str, Spoil] = {
    "html": answer("200 OK", "text/html", b"<html><body>Welcome to nginx!</body></html>"),
    "truncated": answer("200 OK", "application/json", b'{"providers": [{"na'),
    "another-type": answer("200 OK", "text/plain", b"providers: none"),
    "a-list": answer("200 OK", "application/json", b"[]"),
    "not-utf8": answer("200 OK", "application/json", b'{"providers": "\xff\xfe"}'),
    "deep": answer("200 OK", "application/json", b"[" * 100_000),
    "500": answer("500 Internal Server Error", "text/plain", b"Traceback (most recent call last): boom"),
    "503": answer("503 Service Unavailable", "text/html", b"<h1>be right back</h1>", "retry-after: 120"),
    "redirect": answer("302 Found", "text/html", b"", "location: https://login.acme.example/"),
    "hang-up": says(b""),
    "no-http": says(b"220 mail.acme.example ESMTP\r\n"),
    "half-a-head": says(b"HTTP/1.1 200 OK\r\ncontent-ty"),
    "half-a-body": says(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"),
    "huge": answer("200 OK", "application/json", b'{"x": "' + MEGABYTE * 100 + b'"}'),
    "endless-headers": without_end(b"HTTP/1.1 200 OK\r\n", b"x-more: and more\r\n" * 1000),
    "endless-body": without_end(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n", MEGABYTE),
    "bad-gzip": answer("200 OK", "application/json", b"no gzip", "content-encoding: gzip"),
    "drop-by-drop": drop_by_drop(0.05),
    "silence": silence,
}


# --- the front --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Front:
    """``url`` is where it listens; ``vice`` may be changed while it does."""

    url: str
    vice: Vice
    seen: int = 0


@contextlib.contextmanager
def front(to: str, vice: Vice) -> Iterator[Front]:
    """Stand before the server at this URL: what the vice leaves alone is forwarded."""
    portal = Portal()
    place = urlsplit(to)
    made = Front("", vice)
    tasks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            request = await _message(reader)
            made.seen += 1
            method, path = request.split(b" ", 2)[:2]
            spoil = made.vice(Asked(method.decode(), path.decode(), made.seen))
            if spoil is not None:
                await spoil(writer)
            else:
                writer.write(await _forwarded(place.hostname or "", place.port or 80, request))
                await writer.drain()
        writer.close()
        tasks.discard(task)

    async def listen() -> asyncio.Server:
        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()[:2]
        made.url = f"http://{host}:{port}"
        return server

    async def end(server: asyncio.Server) -> None:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    server = portal.call(listen())
    try:
        yield made
    finally:
        portal.call(end(server))
        portal.close()


async def _message(reader: asyncio.StreamReader) -> bytes:
    """A request, with its body."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        name, _, value = line.partition(b":")
        length = int(value) if name == b"content-length" else length
    return head + await reader.readexactly(length)


async def _forwarded(host: str, port: int, request: bytes) -> bytes:
    """The whole answer of the server behind, on a connection of its own."""
    reader, writer = await asyncio.open_connection(host, port)
    head, _, body = request.partition(b"\r\n\r\n")
    kept = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    writer.write(b"\r\n".join([*kept, b"connection: close", b"", body]))
    whole = await reader.read()
    writer.close()
    return whole
