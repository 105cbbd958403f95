"""Carries what schemathesis sends over the watched wire, in the counterpart's name, and claims what it sees broken.

Stand-ins are exchanged for the real names on the way out and back. The target's state is looked at between requests, so
that the monitors can tell whether a refusal had an effect. Now and then the ground is laid anew.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl

import httpx

from conformance.fuzz.case import Sent
from conformance.fuzz.duties import REPEATED, UNKNOWN_CALLER, Request, parsed, refusal_owed
from conformance.fuzz.ground import Ground
from conformance.northbound import Lacks, NorthboundError
from conformance.players import Untested
from conformance.prologue import OTHER
from conformance.rules import evaluate
from conformance.session import Session
from conformance.view import TraceView
from reference_impl.kernel.operation import Recognizer
from reports.record import Claim, ClockMoved
from reports.record import Request as Requested
from reports.verdict import Finding, Verdict

LOOK_AFTER = 10
"""So many refusals in a row are watched together: whether one of them had an effect is asked after the last."""

CALM_AFTER = 8
"""So often a target is looked at until it looks the same twice."""

STRANGERS_FIRST, STRANGER_EVERY = 120, 16
"""The first requests, which are right, and later one in so many, are sent by a stranger first: without a credential, and
with a wrong one."""

SILENCE = httpx.Response(504)
"""What schemathesis is told of a request that was not answered."""


@dataclass(slots=True)
class Courier:
    """Carries one request after the other. ``renew`` lays the ground anew and opens a new slice of the trace; it is asked
    for whenever ``every`` requests were sent. ``theirs``: time passes at the target between requests.
    """

    session: Session
    ground: Ground
    renew: Callable[[], Ground]
    theirs: bool = False
    every: int = 250
    strangers: int = STRANGERS_FIRST
    sent: list[Sent] = field(default_factory=list)
    """All that was sent, in its order."""
    carried: str = ""
    """The exchange of the last request that was carried; what was repeated for its sake has others."""
    _laid: int = 0
    _fresh: bool = False
    _refused: list[Sent] = field(default_factory=list)
    _seen: Any = None

    def carry(self, made: Sent) -> httpx.Response:
        """Send one request, and claim what its answer or its effect breaks. The answer speaks in stand-ins."""
        if len(self.sent) >= self._laid + self.every:
            self.look()
            self._renew()
        if made.authenticated and (len(self.sent) < self.strangers or len(self.sent) % STRANGER_EVERY == 1):
            for credential in ({}, {"authorization": "Bearer no-key-of-anybody"}):
                self._one(replace(made, authenticated=False, headers={**made.headers, **credential}))
        response = self._one(made)
        self.carried = self.sent[-1].exchange
        operation = self._understood(made).operation
        if 200 <= response.status_code < 300 and operation is not None and operation.id in REPEATED:
            self._again(made, operation.id)
        return self.ground.told(response)

    def look(self) -> None:
        """Observe the target: the monitors compare it with the observation before, if all since then was refused."""
        if self._fresh and not self._refused:
            return
        with contextlib.suppress(Untested, Lacks, NorthboundError):  # then its state is not compared
            if self._refused and self.theirs and self._seen != self._glance():
                self._again_on_fresh_ground()
            self._seen = self.session.observe(self.session.target).value
        self._fresh = True
        self._refused.clear()

    def _glance(self) -> Any:
        return self.session.observe(self.session.target, "glance").value

    def _again_on_fresh_ground(self) -> None:
        """Something changed while all was refused: by a refused request, or by time. Of the two only the first comes again
        with the same requests onto fresh ground that is at rest."""
        refused = list(self._refused)
        self._renew()
        calm = [self._glance(), self._glance()]
        while calm[-1] != calm[-2] and len(calm) < CALM_AFTER:
            self.session.settle(1_000)
            calm.append(self._glance())
        self._seen = self.session.observe(self.session.target).value
        self._fresh = True
        for each in refused:
            self._send(each)

    def _renew(self) -> None:
        self.session.stage.wire.trace.append(ClockMoved(by=0))  # what is observed next is compared with nothing
        self.ground = self.renew()
        self._laid, self._fresh = len(self.sent), False
        self._refused.clear()

    def _one(self, made: Sent) -> httpx.Response:
        if not self._fresh:
            self.look()
        response = self._send(made)
        if 400 <= response.status_code < 500:
            self._refused.append(made)
            if len(self._refused) >= LOOK_AFTER:
                self.look()
        else:
            self._fresh = False
            self._refused.clear()
        return response

    def _send(self, made: Sent) -> httpx.Response:
        trace = self.session.stage.wire.trace
        place = len(trace)
        response = deliver(self.session, self.ground, made) or SILENCE
        exchange = next(each.exchange for each in trace[place:] if isinstance(each, Requested) and each.ours)
        self.sent.append(replace(made, exchange=exchange, since=self.session.since))
        self._owed(made, exchange, response)
        return response

    def _owed(self, made: Sent, exchange: str, response: httpx.Response) -> None:
        """Claim a refusal that did not come; one that came is what the documents say, and is not worth a claim."""
        session = self.session
        if not 200 <= response.status_code < 300:
            return
        without, wrong = UNKNOWN_CALLER[session.stage.cast.protocol]
        check = wrong if "authorization" in made.headers else without
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

    def _understood(self, made: Sent) -> Request:
        found = Recognizer(self.session.stage.operations.values()).find(made.method, made.path)
        return Request(found[0] if found else None, made.path, dict(parse_qsl(made.query)), parsed(made.body))


def deliver(session: Session, ground: Ground, made: Sent) -> httpx.Response | None:
    """Send a request by its real names, in the counterpart's name; None: no answer."""
    sender, receiver = OTHER[session.target], session.target
    names = session.stage.names
    url = session.stage.origin(receiver) + names.out(ground.named(made.path))
    url += f"?{names.out(ground.named(made.query))}" if made.query else ""
    headers = dict(made.headers)
    if made.authenticated:
        headers |= session.credentials(sender, receiver)
    content = ground.named(made.body.decode("latin-1")).encode("latin-1")
    if (value := parsed(content)) is not None:
        content = httpx.Request("POST", url, json=names.out(value)).content
    return session.deliver(
        sender, httpx.Request(made.method, url, headers=headers, content=content, extensions={"ours": True})
    )
