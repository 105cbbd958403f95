"""A door: a place beside the stage where a scenario watches how somebody knocks, whether protected or not.

What comes to a door is no exchange of the protocol: a door answers nothing. Of a request its first line is kept, and
whether it carried a credential; never the credential.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from importlib.resources import as_file, files
from typing import Any

import httpx

PATIENCE = 2.0
"""Seconds of real time for a knock to say what it is."""
TLS_RECORD = 0x16
"""The first byte of a TLS handshake."""

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Door:
    """Open it in the loop of whoever knocks. ``shown``: behind TLS with a certificate that nobody vouches for."""

    def __init__(self, shown: bool = False) -> None:
        self._shown = shown
        self._server: asyncio.Server | None = None
        self.port = 0
        self.knocks: list[dict[str, Any]] = []
        """Each connection: ``tls``, the first line of its ``request`` (None: none came) and ``credential``."""

    async def open(self, host: str) -> None:
        """Listen. Raises OSError where the host cannot be listened at."""
        self._server = await asyncio.start_server(self._knock, host, 0, ssl=_unvouched() if self._shown else None)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _knock(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A connection is noted before it ends, so that whoever knocked cannot be told of it earlier."""
        said = b""
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(PATIENCE):
                said = await reader.read(65536)
        protected = self._shown or said[:1] == bytes([TLS_RECORD])
        request = None if not said or (protected and not self._shown) else said.partition(b"\r\n")[0].decode("latin-1")
        keyed = request is not None and any(name in said.lower() for name in (b"\r\nauthorization:", b"\r\nx-api-key:"))
        self.knocks.append({"tls": protected, "request": request, "credential": keyed})
        with contextlib.suppress(OSError):
            writer.close()
            await writer.wait_closed()


def _unvouched() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with as_file(files("conformance") / "nobody.pem") as pem:
        context.load_cert_chain(pem)
    return context


class Loopback(httpx.AsyncBaseTransport):
    """The network of a stage that has none: only what listens on this machine is reached."""

    def __init__(self) -> None:
        self._network = httpx.AsyncHTTPTransport()

    def verify(self, context: ssl.SSLContext) -> None:
        """From the next request on, connections are made with this context, none that is open is used again."""
        self._network = httpx.AsyncHTTPTransport(verify=context)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host not in _LOOPBACK:
            raise httpx.ConnectError(f"nobody listens at {request.url.host}", request=request)
        return await self._network.handle_async_request(request)

    async def aclose(self) -> None:
        await self._network.aclose()
