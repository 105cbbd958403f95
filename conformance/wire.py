"""The wire between the parties, seen and disturbed: every exchange is recorded, and a tap misbehaves on request.

A ``Wire`` knows the seats, recognises operations and writes the trace. Whatever is sent goes through a tap
(``conformance.tap``); what the wire shall do to an exchange is an ``Interception``, matched by operation and seats.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx

from conformance.closing import connections_of
from conformance.names import AS_THEY_ARE
from conformance.target.limited import why_not
from reference_impl.kernel.clock import Clock
from reference_impl.kernel.operation import Recognizer
from reports.record import Fault, Lost, Request, Response
from reports.redact import Redactor
from reports.trace import Trace
from simulator.inventories import SECOND_ENDPOINT

LARGEST_KEPT = 1024 * 1024
"""Bodies beyond this many bytes are counted, not kept. A page of 1000 issues is below it (CC-ISSUE-004)."""

ANSWER_LIMIT = 10_000
"""Milliseconds after which a caller gives up a call that is not answered (CC-ERR-49)."""


Doing = Literal[
    "answer", "drop", "lose", "hold", "hold-then-answer", "hold-answer", "replace-answer", "duplicate", "lead"
]
Deliver = Callable[[], Awaitable[httpx.Response]]
Witness = Callable[[httpx.Request, str, str], str]
"""Given a request, its operation and its connection: what is to be told of the customer's proof that comes with it
(CC-SEC-004). The proof itself stands in no trace."""
Lead = Callable[[str, httpx.Request, Deliver], Awaitable[httpx.Response]]
"""Given the sender, its request and what delivers it (once or several times), what the sender gets; httpx.TransportError:
nothing."""


@dataclass(slots=True)
class Interception:
    """What shall happen to the next ``times`` exchanges that match (-1: to all).

    ``answer``: instead of the receiver, with ``status`` and ``body``. ``drop``: the request is lost.
    ``lose``: the receiver handles it, the answer is lost. ``hold``: kept until it is released, then delivered.
    ``hold-then-answer``: kept until it is released, then answered instead of the receiver.
    ``hold-answer``: handled, and the answer kept until it is released. ``replace-answer``: handled, but the caller gets
    ``status`` and ``body``. ``duplicate``: delivered twice, the second answer counts. ``path`` occurs in the path.
    ``lead``: what becomes of it is decided elsewhere, step by step (``Lead``).
    """

    action: Doing
    operation: str
    sender: str | None = None
    receiver: str | None = None
    times: int = 1
    status: int = 200
    body: Any = None
    raw: bytes | None = None
    path: str = ""
    match: Callable[[Mapping[str, str], Any], bool] | None = None
    skip: int = 0
    lead: Lead | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    seen: int = 0

    def takes(
        self, operation: str | None, sender: str, receiver: str, query: Mapping[str, str], body: Any, path: str = ""
    ) -> bool:
        if operation != self.operation or not self.times or self.path not in path:
            return False
        if self.sender not in (None, sender) or self.receiver not in (None, receiver):
            return False
        if self.match is not None and not self.match(query, body):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        self.seen += 1
        return True


class Wire:
    """All exchanges between the seats of one run."""

    def __init__(self, clock: Clock, redactor: Redactor, trace: Trace, *, keys: bool = False) -> None:
        """``keys``: the keys that travel belong to what is judged, and are recorded, redacted (FI-AUTH-001)."""
        self.clock = clock
        self.redactor = redactor
        self.trace = trace
        self._keys = keys
        self.names = AS_THEY_ARE
        self.answer_limit = ANSWER_LIMIT
        self.witness: Witness | None = None
        self.interceptions: list[Interception] = []
        self._seats: dict[str, tuple[str, str, Recognizer]] = {}
        self._count = 0
        self.strays: set[str] = set()
        """The connections of earlier scenarios, where the target is not emptied in between."""
        self.traffic = 0
        """So many exchanges have begun between the parties; the harness's own requests do not count."""
        self.holding = 0
        """So many exchanges are held back now, until somebody releases them."""

    def place(self, origin: str, seat: str, prefix: str, recognizer: Recognizer) -> None:
        """Tell that requests to ``origin`` (scheme://host:port) reach this seat, below this path prefix."""
        self._seats[origin] = (seat, prefix, recognizer)

    def intercept(self, interception: Interception) -> Interception:
        self.interceptions.append(interception)
        return interception

    def calm(self) -> None:
        """No more disturbances; what is held goes on."""
        for interception in self.interceptions:
            interception.released.set()
        self.interceptions.clear()
        self.witness = None

    async def carry(self, sender: str, request: httpx.Request, inner: httpx.AsyncBaseTransport) -> httpx.Response:
        """Carry one exchange, record both halves, and do to it what an interception asks for. What the harness asks
        ``aside``, to see how things stand, is no part of the scenario."""
        if request.extensions.get("aside"):
            return await _whole(await inner.handle_async_request(request))
        origin = f"{request.url.scheme}://{request.url.netloc.decode()}"
        seat, prefix, recognizer = self._seats.get(origin, ("elsewhere", "", _NOTHING))
        endpoint = SECOND_ENDPOINT if request.url.path.startswith(f"{prefix}{SECOND_ENDPOINT}/") else ""
        if endpoint:  # one of the places at which a seat may be registered; its app knows nothing of it
            raw = request.url.raw_path.decode().replace(endpoint, "", 1)
            request.url = request.url.copy_with(raw_path=raw.encode())
        path = self.names.seen(request.url.raw_path.decode().partition("?")[0].removeprefix(prefix))
        found = recognizer.find(request.method, path)
        operation = found[0].id if found else None
        content = await request.aread()
        body, malformed = self._read(content)
        self._count += 1
        exchange = f"x{self._count}"
        ours = bool(request.extensions.get("ours"))
        self.traffic += not ours
        query = self.names.seen(dict(request.url.params))
        connections = connections_of(path, query)
        if ours:
            self.strays -= connections
        self.trace.append(
            Request(
                exchange=exchange,
                sender=sender,
                receiver=seat,
                operation=operation,
                method=request.method,
                path=self.redactor.text(path),
                endpoint=endpoint,
                query=self.redactor.json(query),
                body=self.names.seen(self.redactor.json(body)),
                size=len(content),
                malformed=malformed,
                ours=ours,
                credentials=(self._credentials(request) if self._keys else {})
                | self._witnessed(request, operation, path, query),
                continues=str(request.extensions.get("continues", "")),
                stray=not ours and not self.strays.isdisjoint(connections),
            )
        )
        about = (exchange, sender, seat, operation)
        taken = next(
            (each for each in self.interceptions if each.takes(operation, sender, seat, query, body, path)), None
        )
        with self.clock.busy():
            try:
                response = await self._deliver(taken, about, request, inner)
            except httpx.TransportError as problem:
                self._lost(about, "unknown", why_not(problem))
                raise
        made = taken is not None and taken.action in ("answer", "replace-answer", "hold-then-answer")
        return self._answered(about, response, made)

    def _witnessed(
        self, request: httpx.Request, operation: str | None, path: str, query: Mapping[str, str]
    ) -> dict[str, str]:
        if self.witness is None or operation not in ("CreateConnection", "UpdateConnection", "DeleteConnection"):
            return {}
        connection = query.get("connectionId") or path.rstrip("/").rpartition("/")[2]
        return {"customer-proof": self.witness(request, operation, connection)}

    def _credentials(self, request: httpx.Request) -> dict[str, str]:
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        keys = {
            "bearer": value if scheme.lower() == "bearer" else "",
            "x-api-key": request.headers.get("x-api-key", ""),
        }
        return {name: self.redactor.secret("api-key", key) for name, key in keys.items() if key}

    async def _deliver(
        self,
        taken: Interception | None,
        about: tuple[str, str, str, str | None],
        request: httpx.Request,
        inner: httpx.AsyncBaseTransport,
    ) -> httpx.Response:
        if taken is None:
            return await _whole(await inner.handle_async_request(request))
        if taken.lead is not None:
            return await self._led(taken.lead, about[1], request, inner)
        self._fault(taken.action, about)
        if taken.action == "drop":
            return await self._silence(request)
        if taken.action in ("hold", "hold-then-answer"):
            await self._held(taken)
        if taken.action in ("answer", "hold-then-answer"):
            return self._made(request, taken)
        response = await _whole(await inner.handle_async_request(request))
        if taken.action == "lose":
            return await self._silence(request)
        if taken.action == "hold-answer":
            await self._held(taken)
        elif taken.action == "replace-answer":
            return self._made(request, taken)
        elif taken.action == "duplicate":
            return await _whole(await inner.handle_async_request(request))
        return response

    async def _led(
        self, lead: Lead, sender: str, request: httpx.Request, inner: httpx.AsyncBaseTransport
    ) -> httpx.Response:
        async def deliver() -> httpx.Response:
            with self.clock.busy():
                return await _whole(await inner.handle_async_request(request))

        with self.clock.waiting(), self._holds():
            return await lead(sender, request, deliver)

    async def _held(self, taken: Interception) -> None:
        taken.arrived.set()
        with self.clock.waiting(), self._holds():
            await taken.released.wait()

    @contextlib.contextmanager
    def _holds(self) -> Iterator[None]:
        self.holding += 1
        try:
            yield
        finally:
            self.holding -= 1

    async def _silence(self, request: httpx.Request) -> httpx.Response:
        """Nothing comes back: the caller gives up when its limit is over."""
        with self.clock.waiting():
            await self.clock.sleep_until(self.clock.now() + self.answer_limit)
        raise httpx.ReadTimeout("no answer within the limit", request=request)

    def _made(self, request: httpx.Request, taken: Interception) -> httpx.Response:
        body = self.names.out(taken.body) if taken.body is not None else {}
        content = taken.raw if taken.raw is not None else json.dumps(body).encode()
        return httpx.Response(
            taken.status, content=content, headers={"content-type": "application/json"}, request=request
        )

    def _read(self, content: bytes) -> tuple[Any, bool]:
        value, malformed = _parsed(content)
        return self.names.seen(value), malformed

    def _answered(
        self, about: tuple[str, str, str, str | None], response: httpx.Response, ours: bool
    ) -> httpx.Response:
        exchange, sender, seat, operation = about
        body, malformed = self._read(response.content)
        self.trace.append(
            Response(
                exchange=exchange,
                sender=seat,
                receiver=sender,
                operation=operation,
                status=response.status_code,
                body=self.names.seen(self.redactor.json(body)),
                size=len(response.content),
                malformed=malformed,
                media_type=response.headers.get("content-type"),
                ours=ours,
            )
        )
        return response

    def _lost(
        self, about: tuple[str, str, str, str | None], what: Literal["request", "response", "unknown"], why: str
    ) -> None:
        exchange, sender, seat, operation = about
        self.trace.append(
            Lost(exchange=exchange, sender=sender, receiver=seat, operation=operation, what=what, why=why)
        )

    def _fault(self, name: str, about: tuple[str, str, str, str | None]) -> None:
        exchange, _, seat, operation = about
        self.trace.append(Fault(fault=name, exchange=exchange, seat=seat, note=operation or ""))


_NOTHING = Recognizer(())


async def _whole(response: httpx.Response) -> httpx.Response:
    await response.aread()
    return response


def _parsed(content: bytes) -> tuple[Any, bool]:
    """The JSON value of a body and whether it could not be read as one."""
    if not content:
        return None, False
    if len(content) > LARGEST_KEPT:
        return None, False
    try:
        return json.loads(content), False
    except (ValueError, RecursionError):
        return None, True
