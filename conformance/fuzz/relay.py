"""Takes in what schemathesis sends: an ASGI app before whoever carries it on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

import httpx

from conformance.fuzz.case import Sent
from conformance.fuzz.contract import TOKEN

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_NOT_OURS = frozenset({"host", "content-length", "connection", "transfer-encoding", "authorization", "accept-encoding"})
"""Headers of schemathesis's own connection."""

_TOLD = "schemathesis"
"""In the name of a header that tells of itself."""

_OF_THE_CONNECTION = frozenset(
    {"content-length", "transfer-encoding", "connection", "content-encoding", "date", "server"}
)


@dataclass(frozen=True, slots=True)
class Relay:
    """``carry`` gives the answer of a target to a request; its names are those that schemathesis knows."""

    carry: Callable[[Sent], httpx.Response]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return  # schemathesis starts and stops an app; a relay needs neither
        response = await asyncio.to_thread(self.carry, await _made(scope, receive))
        headers = [
            (name.lower(), value)
            for name, value in response.headers.raw
            if name.decode("latin-1").lower() not in _OF_THE_CONNECTION
        ]
        await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": response.content})


async def _made(scope: Scope, receive: Receive) -> Sent:
    """The request that schemathesis makes; our credential is known by its token."""
    content = b""
    while True:
        message = await receive()
        content += message.get("body", b"")
        if not message.get("more_body"):
            break
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    known = headers.get("authorization") == f"Bearer {TOKEN}"
    kept = {
        name: value
        for name, value in headers.items()
        if _TOLD not in name and (name not in _NOT_OURS or (name == "authorization" and not known))
    }
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0]
    return Sent(scope["method"], path, scope["query_string"].decode("latin-1"), kept, content, known)
