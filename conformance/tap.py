"""Taps: where HTTP enters the wire that is watched.

``Tap`` is the transport of one sender (a party of ours, or the harness in somebody's name). ``TappedApp`` stands before
the app of a party of ours and takes in what a stranger sends it. ``Hosts`` are apps in this process.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from conformance.wire import Wire
from reference_impl.serve.connection import HANG_UP
from reference_impl.serve.tls import Certificates, peer_certificate

if importlib.util.find_spec("sniffio") is None:
    # httpx looks for it at every request to an app in this process, which took a twelfth of a run: it need not look again.
    sys.modules["sniffio"] = None  # type: ignore[assignment] # what the import system takes for "not there"

_NOT_ADMITTED = httpx.MockTransport(
    lambda request: httpx.Response(401, json={"title": "Unauthorized", "status": 401}, request=request)
)
"""The answer to whoever does not show the certificate that is the sender's."""

_HOP = frozenset({b"connection", b"keep-alive", b"transfer-encoding", b"upgrade", b"te", b"trailer"})
"""Headers that belong to one connection and not to the message."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Tap(httpx.AsyncBaseTransport):
    """The HTTP transport of one sender: everything it sends goes over the wire that is watched."""

    def __init__(self, wire: Wire, sender: str, inner: httpx.AsyncBaseTransport) -> None:
        self._wire, self._sender, self._inner = wire, sender, inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._wire.carry(self._sender, request, self._inner)

    async def aclose(self) -> None:
        await self._inner.aclose()


class Hosts(httpx.AsyncBaseTransport):
    """Routes by origin to apps in this process; anything else is ``elsewhere``, or does not exist."""

    def __init__(self, elsewhere: httpx.AsyncBaseTransport | None = None) -> None:
        self._apps: dict[str, httpx.ASGITransport] = {}
        self._elsewhere = elsewhere

    def beside(self, network: httpx.AsyncBaseTransport) -> Hosts:
        """The same apps; what is none of them is reached over the network."""
        beside = Hosts(network)
        beside._apps = self._apps
        return beside

    async def aclose(self) -> None:
        if self._elsewhere is not None:
            await self._elsewhere.aclose()

    def place(self, origin: str, app: Any) -> None:
        self._apps[origin] = httpx.ASGITransport(app=app, raise_app_exceptions=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        app = self._apps.get(f"{request.url.scheme}://{request.url.netloc.decode()}")
        if app is None and self._elsewhere is not None:
            return await self._elsewhere.handle_async_request(request)
        if app is None:
            raise httpx.ConnectError(f"nobody listens at {request.url.host}", request=request)
        return await app.handle_async_request(request)


class TappedApp:
    """An ASGI app that carries what ``sender`` sends to ``url`` over the wire, to the app or transport behind it.

    Where the wire loses a request or its answer, the connection ends without one: the sender knows as little as after
    a time-out, only sooner.
    """

    def __init__(self, wire: Wire, sender: str, url: Callable[[], str], app: Any, certificates: Certificates) -> None:
        """``certificates`` bind the sender to its own, where it is to show one."""
        self._wire, self._sender, self._url, self._certificates = wire, sender, url, certificates
        here = not isinstance(app, httpx.AsyncBaseTransport)
        self._inner = httpx.ASGITransport(app=app, raise_app_exceptions=False) if here else app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        content = b""
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            content += message.get("body", b"")
            if not message.get("more_body"):
                break
        query = f"?{scope['query_string'].decode()}" if scope["query_string"] else ""
        path = scope.get("raw_path", scope["path"].encode()).decode()
        parts = urlsplit(self._url())
        url = f"{parts.scheme}://{parts.netloc}{path.removeprefix(parts.path)}{query}"
        headers = [(name, value) for name, value in scope["headers"] if name not in _HOP]
        request = httpx.Request(scope["method"], url, headers=headers, content=content)
        try:
            admitted = self._certificates.admit(self._sender, peer_certificate(scope))
            response = await self._wire.carry(self._sender, request, self._inner if admitted else _NOT_ADMITTED)
        except httpx.TransportError:
            scope["extensions"][HANG_UP]()
            while (await receive())["type"] != "http.disconnect":
                pass
            return
        kept = [(name.lower(), value) for name, value in response.headers.raw]
        kept = [(name, value) for name, value in kept if name not in (*_HOP, b"content-length", b"content-encoding")]
        length = (b"content-length", str(len(response.content)).encode())
        await send({"type": "http.response.start", "status": response.status_code, "headers": [*kept, length]})
        await send({"type": "http.response.body", "body": response.content})
