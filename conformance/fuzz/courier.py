"""Carries what schemathesis sends over the watched wire, in the counterpart's name, and claims what it sees broken.

Stand-ins are exchanged for the real names on the way out and back. The target's state is looked at between requests, so
that the monitors can tell whether a refusal had an effect. Now and then the ground is laid anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl

import httpx

from conformance.fuzz.case import Sent
from conformance.fuzz.contract import TOKEN
from conformance.fuzz.duties import REPEATED, UNKNOWN_CALLER, Request, parsed, refusal_owed
from conformance.fuzz.ground import Ground
from conformance.prologue import OTHER
from conformance.rules import evaluate
from conformance.session import Session
from conformance.view import TraceView
from reference_impl.kernel.operation import Recognizer
from reports.record import Claim
from reports.record import Request as Requested
from reports.verdict import Finding, Verdict

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LOOK_AFTER = 10
"""So many refusals in a row are watched together: whether one of them had an effect is asked after the last."""

STRANGERS_FIRST, STRANGER_EVERY = 120, 16
"""The first requests, which are right, and later one in so many, are sent by a stranger first: without a credential, and
with a wrong one."""

_NOT_OURS = frozenset({"host", "content-length", "connection", "transfer-encoding", "authorization", "accept-encoding"})
"""Headers of schemathesis's own connection."""

_TOLD = "schemathesis"
"""In the name of a header that tells of itself."""

SILENCE = httpx.Response(504)
"""What schemathesis is told of a request that was not answered."""


@dataclass(slots=True)
class Courier:
    """An ASGI app for schemathesis; ``carry`` serves who sends a stored case.

    ``renew`` lays the ground anew and opens a new slice of the trace; it is asked before every ``every``-th request.
    """

    session: Session
    ground: Ground
    renew: Callable[[], Ground]
    every: int = 250
    sent: list[Sent] = field(default_factory=list)
    """All that was sent, in its order."""
    _fresh: bool = False
    _refusals: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return  # schemathesis starts and stops an app; a courier needs neither
        response = await asyncio.to_thread(self.carry, await _made(scope, receive))
        kind = response.headers.get("content-type", "").encode("latin-1")
        headers = [(b"content-type", kind)] if kind else []
        await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": self._stand_ins(response.content)})

    def carry(self, made: Sent) -> httpx.Response:
        """Send one request, and claim what its answer or its effect breaks."""
        if self.sent and len(self.sent) % self.every == 0:
            self.look()
            self.ground = self.renew()
            self._fresh = False
        if made.authenticated and (len(self.sent) < STRANGERS_FIRST or len(self.sent) % STRANGER_EVERY == 1):
            for credential in ({}, {"authorization": "Bearer no-key-of-anybody"}):
                self._one(replace(made, authenticated=False, headers={**made.headers, **credential}))
        response = self._one(made)
        operation = self._understood(made).operation
        if 200 <= response.status_code < 300 and operation is not None and operation.id in REPEATED:
            self._again(made, operation.id)
        return response

    def look(self) -> None:
        """Observe the target: the monitors compare it with the observation before, if all since then was refused."""
        if not self._fresh or self._refusals:
            self.session.observe(self.session.target)
        self._fresh, self._refusals = True, 0

    def _one(self, made: Sent) -> httpx.Response:
        if not self._fresh:
            self.look()
        trace = self.session.stage.wire.trace
        place = len(trace)
        response = self.session.deliver(OTHER[self.session.target], self._request(made)) or SILENCE
        exchange = next(each.exchange for each in trace[place:] if isinstance(each, Requested) and each.ours)
        self.sent.append(replace(made, exchange=exchange, since=self.session.since))
        self._owed(made, exchange, response)
        if 400 <= response.status_code < 500:
            self._refusals += 1
            if self._refusals >= LOOK_AFTER:
                self.look()
        else:
            self._fresh, self._refusals = False, 0
        return response

    def _owed(self, made: Sent, exchange: str, response: httpx.Response) -> None:
        """Claim a refusal that did not come; one that came is what the documents say, and is not worth a claim."""
        session = self.session
        if not 200 <= response.status_code < 300:
            return
        check = UNKNOWN_CALLER[session.stage.cast.protocol]
        if made.authenticated:
            owed = refusal_owed(OTHER[session.target], session.target, self._understood(made))
            if owed is None:
                return
            check = owed
        session.stage.wire.trace.append(
            Claim(check=check, seat=session.target, rule="refused", params={"exchange": exchange}, since=session.since)
        )

    def _again(self, made: Sent, operation: str) -> None:
        """The same once more, when all is at rest: whatever the answer, nothing changes beyond the first."""
        session = self.session
        session.settle()
        self._fresh = False
        self.look()
        self._one(made)
        self._fresh = False
        self.look()
        trace = session.stage.wire.trace
        params = {"exchange": self.sent[-1].exchange}
        said = evaluate("without_effect", TraceView(trace[session.since :]), params)
        if isinstance(said, Finding) and said.verdict is Verdict.FAILED:
            claim = Claim(
                check=REPEATED[operation],
                seat=session.target,
                rule="without_effect",
                params=params,
                since=session.since,
            )
            trace.append(claim)

    # --- stand-ins and real names ---------------------------------------------------------------------------------

    def _request(self, made: Sent) -> httpx.Request:
        session = self.session
        sender, receiver = OTHER[session.target], session.target
        names = session.stage.names
        url = session.stage.origin(receiver) + names.out(self._real(made.path))
        url += f"?{names.out(self._real(made.query))}" if made.query else ""
        headers = dict(made.headers)
        if made.authenticated:
            headers |= session.credentials(sender, receiver)
        content = self._real(made.body.decode("latin-1")).encode("latin-1")
        if (value := parsed(content)) is not None:
            content = httpx.Request("POST", url, json=names.out(value)).content
        return httpx.Request(made.method, url, headers=headers, content=content, extensions={"ours": True})

    def _understood(self, made: Sent) -> Request:
        found = Recognizer(self.session.stage.operations.values()).find(made.method, made.path)
        return Request(found[0] if found else None, made.path, dict(parse_qsl(made.query)), parsed(made.body))

    def _real(self, text: str) -> str:
        for stand_in, name in self.ground.real.items():
            text = text.replace(stand_in, name)
        return text

    def _stand_ins(self, content: bytes) -> bytes:
        for stand_in, name in self.ground.real.items():
            content = content.replace(name.encode(), stand_in.encode())
        return content


async def _made(scope: Scope, receive: Receive) -> Sent:
    """The request that schemathesis makes; our credential is known by its token."""
    content = b""
    while True:
        message = await receive()
        content += message.get("body", b"")
        if not message.get("more_body"):
            break
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    kept = {name: value for name, value in headers.items() if name not in _NOT_OURS and _TOLD not in name}
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0]
    known = headers.get("authorization") == f"Bearer {TOKEN}"
    return Sent(scope["method"], path, scope["query_string"].decode("latin-1"), kept, content, known)
