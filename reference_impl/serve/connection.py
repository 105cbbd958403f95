"""One HTTP connection, guarded: what uvicorn leaves to a front proxy, in a subclass of its h11 protocol.

* The client's certificate, which uvicorn does not hand on, enters ``scope["extensions"]["tls"]``.
* A request's head must be complete in ``header_seconds``, or 408; a body that nobody reads any more must end in
  ``body_seconds``; a client that does not take its answer is cut off after ``write_seconds``. The body that somebody
  reads is watched where it is read (``limits.read_body``).
* Connections beyond ``connections`` are answered 503 and closed; beyond twice as many they are closed at once.
* What is no HTTP is refused with the protocol's error document.

A handshake that is never finished is ended by asyncio after 60 s.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from reference_impl.serve.answers import MakeError
from reference_impl.serve.limits import DEFAULT_LIMITS, Limits
from reference_impl.serve.tls import extension

SLOW = "head: want a whole request head in time, got a part"
CROWDED = "this server has as many connections as it can carry; come back later"


HANG_UP = "hang_up"
"""The ASGI extension that ends a connection at once, without an answer: what a test peer needs to lose a message."""


@dataclass(frozen=True, slots=True)
class Guards:
    """What guards the connections of one side. ``told`` hears the status of what is refused before any app sees it."""

    error: MakeError
    limits: Limits = DEFAULT_LIMITS
    told: Callable[[int], None] = lambda status: None


class GuardedConfig(uvicorn.Config):
    """uvicorn hands its configuration to each connection; ours carries the guards along."""

    def __init__(self, app: ASGIApp, guards: Guards, **options: Any) -> None:
        super().__init__(app, http=Connection, timeout_keep_alive=guards.limits.keep_alive_seconds, **options)
        self.guards = guards


class _Deadline:
    """Does something unless it is called off in time."""

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float, act: Callable[[], None]) -> None:
        self._loop = loop
        self._seconds = seconds
        self._act = act
        self._timer: asyncio.TimerHandle | None = None

    def set(self) -> None:
        """From now on; one that is set already stays as it is."""
        self._timer = self._timer or self._loop.call_later(self._seconds, self._over)

    def off(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _over(self) -> None:
        self._timer = None
        self._act()


class Connection(H11Protocol):
    """See the module."""

    def __init__(self, config: uvicorn.Config, *rest: Any, **named: Any) -> None:
        super().__init__(config, *rest, **named)
        if not isinstance(config, GuardedConfig):
            raise TypeError(f"want a GuardedConfig, got {type(config).__name__}")
        self._guards = config.guards
        limits = config.guards.limits
        self._head = _Deadline(self.loop, limits.header_seconds, self._head_is_late)
        self._rest = _Deadline(self.loop, limits.body_seconds, lambda: self.transport.close())
        self._taking = _Deadline(self.loop, limits.write_seconds, lambda: self.transport.abort())

    # --- what uvicorn calls ---------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in uvicorn
        super().connection_made(transport)
        limit = self._guards.limits.connections
        if len(self.connections) > 2 * limit:
            self._guards.told(503)
            transport.abort()
            return
        if len(self.connections) > limit:
            self.app = self._crowded
        else:
            tls = transport.get_extra_info("ssl_object")
            more = {"tls": extension(tls)} if isinstance(tls, ssl.SSLObject) else {}
            self.app = _with_extensions(self.app, {HANG_UP: transport.abort, **more})
        self._head.set()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.transport.is_closing():
            self._calm()
        elif self.conn.their_state is not h11.IDLE:
            self._head.off()
            if self.conn.their_state is not h11.SEND_BODY:
                self._rest.off()
        elif self.conn.trailing_data[0]:
            self._head.set()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY and not self.transport.is_closing():
            self._rest.set()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._taking.set()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._taking.off()

    def connection_lost(self, exc: Exception | None) -> None:
        self._calm()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """uvicorn's answer to what is no HTTP, as the protocol's error document."""
        self._refuse(400, "request: want HTTP/1.1, got something else")

    # --- our own --------------------------------------------------------------------------------------------------

    def _calm(self) -> None:
        for deadline in (self._head, self._rest, self._taking):
            deadline.off()

    def _head_is_late(self) -> None:
        if self.transport.is_closing():
            return
        if self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            self._refuse(408, SLOW)
        else:
            self.transport.close()

    def _refuse(self, status: int, detail: str) -> None:
        """Answer without an app, and close."""
        self._guards.told(status)
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            response = self._guards.error(status, detail)
            headers = [(name, value) for name, value in response.raw_headers if name != b"connection"]
            events: list[h11.Event] = [
                h11.Response(status_code=status, headers=[*headers, (b"connection", b"close")]),
                h11.Data(data=bytes(response.body)),
                h11.EndOfMessage(),
            ]
            for event in events:
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    async def _crowded(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._guards.told(503)
        response = self._guards.error(503, CROWDED)
        response.headers["Connection"] = "close"
        await response(scope, receive, send)


def _with_extensions(app: Any, extensions: dict[str, Any]) -> Any:
    async def with_extensions(scope: Scope, receive: Receive, send: Send) -> None:
        scope["extensions"] = {**scope.get("extensions", {}), **extensions}
        await app(scope, receive, send)

    return with_extensions
