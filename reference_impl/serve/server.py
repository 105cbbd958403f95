"""Apps on real sockets: any one app for a while, or both apps of a party until a signal ends it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager

import uvicorn
from starlette.responses import Response
from starlette.types import ASGIApp

from reference_impl.serve.answers import json_response
from reference_impl.serve.connection import GuardedConfig, Guards


class _Embedded(uvicorn.Server):
    """A server that leaves the signals to whoever runs it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _plain(status: int, detail: str) -> Response:
    return json_response({"message": detail}, status)


PLAIN_GUARDS = Guards(_plain)


@contextlib.asynccontextmanager
async def serving(
    app: ASGIApp,
    host: str = "127.0.0.1",
    port: int = 0,
    guards: Guards = PLAIN_GUARDS,
    tls: ssl.SSLContext | None = None,
    hang_up: list[Callable[[], None]] | None = None,
) -> AsyncIterator[str]:
    """Serve an app in the running event loop; gives its URL, with the real port where ``port`` is 0. ``hang_up`` takes what
    closes all connections that are open.

    Raises OSError where the address cannot be taken. At the end requests that are under way are finished first, for at
    most the guards' ``grace_seconds``. uvicorn logs nothing: the paths of requests name connections.
    """
    listening = _listen(host, port)
    server = _Embedded(
        GuardedConfig(
            app,
            guards,
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=guards.limits.grace_seconds,
            ssl_context_factory=None if tls is None else lambda config, default: tls,
        )
    )
    try:
        running = asyncio.create_task(server.serve(sockets=[listening]))
        if hang_up is not None:
            hang_up.append(lambda: _close(server))
        try:
            while not server.started:
                if running.done():
                    running.result()
                    raise OSError(f"the server on {host}:{port} ended before it had begun")
                await asyncio.sleep(0.001)
            yield url_of(listening, "http" if tls is None else "https")
        finally:
            server.should_exit = True
            await running
    finally:
        listening.close()


def _close(server: uvicorn.Server) -> None:
    for connection in list(server.server_state.connections):
        if (transport := getattr(connection, "transport", None)) is not None:
            transport.close()


@contextlib.asynccontextmanager
async def together(*sides: AbstractAsyncContextManager[str]) -> AsyncIterator[list[str]]:
    """Several servings that end at the same moment: none takes a new request while another finishes its last."""
    entered: list[AbstractAsyncContextManager[str]] = []
    urls: list[str] = []
    try:
        for side in sides:
            urls.append(await side.__aenter__())
            entered.append(side)
        yield urls
    finally:
        await asyncio.gather(*(side.__aexit__(None, None, None) for side in entered))


def _listen(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    listening.setblocking(False)
    return listening


def url_of(listening: socket.socket, scheme: str) -> str:
    host, port = listening.getsockname()[:2]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


async def until_signal() -> None:
    """Return at SIGINT or SIGTERM."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    try:
        await told.wait()
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


@contextlib.contextmanager
def on_hangup(act: Callable[[], None]) -> Iterator[None]:
    """Do something at each SIGHUP."""
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGHUP, act)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)
