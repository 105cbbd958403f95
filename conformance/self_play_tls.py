"""TLS in a self-play: its seats speak without sockets, so those that are to be protected also listen behind TLS.

The contexts are those of a served party (``reference_impl.serve.tls``), weakened where a seat's decisions say so.
"""

from __future__ import annotations

import contextlib
import ssl
from importlib.resources import as_file, files
from typing import Any

from conformance.cast import Cast
from conformance.handshakes import Guard, between, guarded
from reference_impl.serve.server import serving
from reference_impl.serve.tls import NO_TLS, Tls, client_context, server_context


class Protected:
    """The TLS sides of the seats of one stage; made when they are asked for. Use it in the portal's loop."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._closing = contextlib.AsyncExitStack()
        self._pem = self._closing.enter_context(as_file(files("conformance") / "nobody.pem"))
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._urls: dict[str, str] = {}

    async def url(self, seat: str, app: Any, decisions: Any) -> str:
        """Where this app is reached behind TLS, by the floor of these decisions."""
        if seat not in self._urls:
            choice = self._cast.tls(decisions)
            context = self._contexts[seat] = server_context(Tls(certificate=self._pem), clients=False)
            if choice.lowest == "1.2":
                between(context, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
            tls = None if choice.in_the_clear else context
            url = await self._closing.enter_async_context(serving(app, "127.0.0.1", 0, tls=tls))
            self._urls[seat] = url.replace("http://", "https://")
        return self._urls[seat]

    def guard(self, seat: str, guard: Guard) -> None:
        """From the next handshake on this seat offers that."""
        own = Tls(certificate=self._pem)
        guarded(self._contexts[seat], "TLS 1.3" if guard.startswith("a certificate") else guard, own)

    def calls(self, guard: Guard, decisions: Any) -> ssl.SSLContext:
        """What a seat of these decisions calls with: it trusts our certificate, unless nobody shall vouch for it."""
        choice = self._cast.tls(decisions)
        context = client_context(NO_TLS, None if guard.startswith("a certificate") else self._pem)
        if choice.lowest == "1.2":
            between(context, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
        if not choice.verifies:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context

    async def close(self) -> None:
        await self._closing.aclose()
