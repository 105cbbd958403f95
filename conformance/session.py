"""A session: what the steps of one scenario do. It acts, sends, disturbs, observes and claims; it never judges.

Steps are sync; everything happens in the portal's loop. Whatever is done or seen goes onto the trace, redacted.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import json as jsonlib
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar
from urllib.parse import urlencode

import httpx

from conformance import handshakes, pages
from conformance.closing import names_connection
from conformance.door import Door
from conformance.northbound import Answered, Lacks
from conformance.outside import seen_from_outside
from conformance.players import Untested
from conformance.portal import Portal
from conformance.rules import evaluate
from conformance.stage import Stage
from conformance.unseen import partly
from conformance.view import Exchange, TraceView
from conformance.wire import Interception
from reports.record import Action, Claim, ClockMoved, Fault, Lost, Observation, Outcome, Request, Response
from reports.verdict import Finding, Verdict, Waiting

T = TypeVar("T")

WITHIN = 120_000
"""Milliseconds of the run's clock that a judged liveness check may take (activation, coordinator-harness section 6)."""


@dataclass(slots=True)
class Result:
    """How an action ended, with its real outputs (the trace holds the redacted ones) and its place in the trace."""

    seat: str
    action: str
    answered: Answered
    seq: int

    @property
    def outputs(self) -> dict[str, Any]:
        return self.answered.outputs

    @property
    def result(self) -> str:
        return self.answered.result


@dataclass(slots=True)
class Session:
    """One scenario's hold on the stage. ``target`` is the seat that is judged; ``notes`` is the scenario's memory."""

    stage: Stage
    portal: Portal
    target: str
    notes: dict[str, Any] = field(default_factory=dict)
    closing: list[tuple[str, str, str, dict[str, Any]]] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    open: list[Claim] = field(default_factory=list)
    since: int = 0

    @property
    def patience(self) -> int:
        """Milliseconds that what the scenario waits for may take: the target's own word, if it is more than the usual."""
        limit = "activation" if self.stage.cast.bearer else "settling"
        return max(WITHIN, self.stage.limit(limit))

    # --- acting -----------------------------------------------------------------------------------------------

    def act(self, seat: str, action: str, **inputs: Any) -> Result:
        """Ask a seat's customer or operator side for an action. What takes long returns at once, as ``running``."""
        return self._in_loop(self._act(seat, action, inputs))

    async def _act(self, seat: str, action: str, inputs: dict[str, Any]) -> Result:
        wire = self.stage.wire
        asked = wire.trace.append(Action(seat=seat, action=action, inputs=self._told(inputs)))
        answered = await self.stage.seats[seat].northbound.act(action, self.stage.names.out(inputs))
        answered = replace(answered, outputs=self.stage.names.seen(answered.outputs))
        self._outcome(asked.seq, seat, action, answered)
        if answered.result == "unavailable":
            raise Untested(f"adapter lacks {action}")
        return Result(seat, action, answered, asked.seq)

    def finish(self, result: Result, within: int | None = None) -> Result:
        """Wait until a long action has ended, at most ``within`` ms (none given: ``patience``); the last answer, which may
        still be running."""
        return self._in_loop(self._finish(result, within or self.patience))

    async def _finish(self, result: Result, within: int) -> Result:
        end = self.stage.clock.now() + within
        operation = result.answered.operation
        asked = self.stage.clock.now()
        while result.answered.result == "running" and operation and self.stage.clock.now() < end:
            await self.stage.tick(min(2_000, end - self.stage.clock.now()))
            if self.stage.clock.now() - asked < (result.answered.again_ms or 0):
                continue
            asked = self.stage.clock.now()
            answered = await self.stage.seats[result.seat].northbound.poll(operation)
            result.answered = replace(answered, outputs=self.stage.names.seen(answered.outputs))
        self._outcome(result.seq, result.seat, result.action, result.answered)
        return result

    def _outcome(self, of: int, seat: str, action: str, answered: Answered) -> None:
        wire = self.stage.wire
        wire.trace.append(
            Outcome(
                of=of,
                seat=seat,
                action=action,
                result=answered.result,
                reason=wire.redactor.text(answered.reason) if answered.reason else None,
                outputs=self._told(answered.outputs),
            )
        )

    def _told(self, value: Any) -> Any:
        """As it stands on the trace: no secrets, and in what is left of a key the names of the scenarios."""
        return self.stage.names.seen(self.stage.wire.redactor.json(value))

    # --- speaking for a peer ----------------------------------------------------------------------------------

    def send(
        self,
        sender: str,
        receiver: str,
        operation: str,
        path: Mapping[str, str],
        *,
        query: Mapping[str, str] | None = None,
        json: Any = None,
        raw: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        authenticated: bool = True,
        whole: bool = True,
    ) -> Exchange:
        """Send one request by hand in the sender's name; returns the exchange as recorded (secrets replaced).

        ``json`` is encoded; ``raw`` goes as it is. ``headers`` replace; without ``authenticated`` no credential is sent.
        A list is read to its end, however small the server's pages are, unless the query pages or ``whole`` is false.
        """
        declared = self.stage.operations[operation]
        request = (declared.method, declared.url(dict(path)), query, json, raw, headers, authenticated, whole)
        return self._in_loop(self._send(sender, receiver, *request))

    def send_path(
        self,
        sender: str,
        receiver: str,
        method: str,
        path: str,
        *,
        json: Any = None,
        raw: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        authenticated: bool = True,
    ) -> Exchange:
        """Send to a path that no operation spells (traversal, foreign methods)."""
        return self._in_loop(self._send(sender, receiver, method, path, None, json, raw, headers, authenticated))

    def send_together(self, requests: list[Callable[[], Coroutine[Any, Any, Exchange]]]) -> list[Exchange]:
        """Send several requests so that all are under way at once; see ``sending``."""

        async def together() -> list[Exchange]:
            return list(await asyncio.gather(*(request() for request in requests)))

        return self._in_loop(together())

    def sending(
        self,
        sender: str,
        receiver: str,
        operation: str,
        path: Mapping[str, str],
        *,
        query: Mapping[str, str] | None = None,
        json: Any = None,
    ) -> Callable[[], Coroutine[Any, Any, Exchange]]:
        """A request for ``send_together``."""
        declared = self.stage.operations[operation]
        return lambda: self._send(
            sender, receiver, declared.method, declared.url(dict(path)), query, json, None, None, True
        )

    async def _send(
        self,
        sender: str,
        receiver: str,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        json: Any,
        raw: bytes | None,
        headers: Mapping[str, str] | None,
        authenticated: bool,
        whole: bool = True,
    ) -> Exchange:
        stage = self.stage
        names = stage.names
        content = raw if raw is not None else jsonlib.dumps(names.out(json)).encode() if json is not None else None
        sent = {"content-type": "application/json"} if content is not None else {}
        if authenticated:
            sent |= self.credentials(sender, receiver)
        sent |= {name.lower(): value for name, value in (headers or {}).items()}
        url = stage.origin(receiver) + names.out(path) + (f"?{urlencode(names.out(dict(query)))}" if query else "")
        first = len(stage.wire.trace)
        request = httpx.Request(method, url, headers=sent, content=content, extensions={"ours": True})
        response = await self._deliver(sender, request)

        def recorded() -> Exchange:
            seen = TraceView(stage.wire.trace[first:]).exchanges(sender=sender, receiver=receiver, ours=True)
            return next(each for each in seen if each.request.method == method)

        exchange = recorded()
        if not whole or method != "GET" or content is not None or not pages.FREE.isdisjoint(query or ()):
            return exchange
        for _ in range(pages.MOST):
            token = pages.token_of(response)
            if not token:
                break
            further = pages.further(request, token, exchange.request.exchange)
            response = await self._deliver(sender, further)
        return recorded()

    def deliver(self, sender: str, request: httpx.Request) -> httpx.Response | None:
        """Send a request that is complete in the sender's name; its answer as it came, None where there is none."""
        return self._in_loop(self._deliver(sender, request))

    async def _deliver(self, sender: str, request: httpx.Request) -> httpx.Response | None:
        with contextlib.suppress(httpx.TransportError):  # the wire has recorded it as lost
            return await self.stage.seats[sender].client.send(request)
        return None

    def credentials(self, sender: str, receiver: str) -> dict[str, str]:
        """The headers by which the receiver knows the sender: its token, or the key that was agreed in this scenario."""
        if "api-keys" in self.notes:
            key = self.notes["api-keys"].get((sender, receiver), "")
            return {"authorization": f"Bearer {key}", "x-api-key": key} if key else {}
        return self.stage.credentials(sender, receiver)

    # --- disturbing -------------------------------------------------------------------------------------------

    def disturb(self, action: Any, operation: str, **more: Any) -> Interception:
        """Let the tap do something to the next exchanges of an operation (see ``wire.Interception``)."""

        async def make() -> Interception:
            return self.stage.wire.intercept(Interception(action, operation, **more))

        return self._in_loop(make())

    def release(self, interception: Interception) -> None:
        async def let_go() -> None:
            interception.released.set()

        self._in_loop(let_go())

    def arrived(self, interception: Interception, within: int | None = None) -> bool:
        """Wait until something is held by this interception."""
        return self._in_loop(self.stage.run(interception.arrived.is_set, within or self.patience))

    def hold_provisioning(self, seat: str, pattern: str = "*") -> None:
        self._in_loop(self.stage.seats[seat].player.hold(pattern))

    def release_provisioning(self, seat: str, pattern: str = "*") -> None:
        self._in_loop(self.stage.seats[seat].player.release(pattern))

    def restart(self, seat: str) -> None:
        """The seat loses its power and starts again from what it had stored."""
        self._in_loop(self.stage.seats[seat].player.crash())
        self.stage.wire.trace.append(Fault(fault="crash", seat=seat, note="started again"))

    # --- beside the stage -------------------------------------------------------------------------------------------

    def open_door(self, *, shown: bool = False) -> str:
        """Watch a place beside the stage (see ``door``); the host and port by which it is reached from the outside."""

        async def opened() -> str:
            listen, reached = self.stage.outside
            door = self.notes["door"] = Door(shown)
            await door.open(listen)
            return f"{reached}:{door.port}"

        return self._in_loop(opened())

    def observe_door(self, seat: str) -> Observation:
        """Close the door, and put onto the trace how this seat knocked."""
        door: Door = self.notes["door"]
        self._in_loop(door.close())
        seen = Observation(seat=seat, what="door", value={"knocks": door.knocks}, source="wire")
        return self.stage.wire.trace.append(seen)

    # --- TLS ------------------------------------------------------------------------------------------------------

    def shake(self, seat: str, versions: Sequence[str]) -> Observation:
        """Try handshakes with the seat, each offering one version alone; put what came of them onto the trace."""

        async def shaken() -> list[dict[str, Any]]:
            url, shown = await self.stage.protected(seat)
            return [await handshakes.shake(url, version, shown) for version in versions]

        return self._noted(seat, "handshakes", self._in_loop(shaken()))

    def ask_plainly(self, seat: str, path: str) -> Observation:
        """Ask the seat's protected place without TLS; put what came of it onto the trace."""

        async def asked() -> dict[str, Any]:
            url, _ = await self.stage.protected(seat)
            return await handshakes.plainly(url, path)

        return self._noted(seat, "plain request", self._in_loop(asked()))

    def guard(self, seat: str, caller: str, guard: handshakes.Guard) -> None:
        """Let the seat offer that to its caller from now on, until the scenario is over."""
        self._in_loop(self.stage.guard(seat, caller, guard))
        self.stage.wire.trace.append(Fault(fault=f"offers {guard}", seat=seat))

    def _noted(self, seat: str, what: str, value: Any) -> Observation:
        return self.stage.wire.trace.append(Observation(seat=seat, what=what, value=value, source="wire"))

    # --- time -------------------------------------------------------------------------------------------------

    def pass_time(self, milliseconds: int) -> None:
        """Let time pass; whatever falls due happens."""
        self._in_loop(self.stage.pass_time(milliseconds))
        self.stage.wire.trace.append(ClockMoved(by=milliseconds))

    def settle(self, within: int | None = None) -> bool:
        """Let time pass until no party has anything under way."""
        return self._in_loop(self.stage.settle(within or self.patience))

    # --- observing and claiming -------------------------------------------------------------------------------

    def observe(self, seat: str, what: str = "state") -> Observation:
        """Ask a seat for its state (the operator's dump) and put the answer onto the trace."""
        return self._in_loop(self._observe(seat, what))

    async def _observe(self, seat: str, what: str) -> Observation:
        """From the operator's dump; where the adapter shows none, from what the seat's peer and its customers see."""
        wire = self.stage.wire
        source: Literal["dump", "wire"] = "dump"
        try:
            value = self.stage.names.seen(await self.stage.seats[seat].northbound.state())
        except Lacks:
            value, source = await seen_from_outside(self.stage, seat), "wire"
        kept = wire.trace.append(Observation(seat=seat, what=what, value=wire.redactor.json(value), source=source))
        return kept if source == "dump" else replace(kept, value=partly(kept.value))

    def check(
        self,
        check: str,
        rule: str,
        *,
        seat: str | None = None,
        observe: tuple[str, ...] = (),
        within: int = 0,
        **params: Any,
    ) -> Finding:
        """Claim that a check can be judged here, by a rule.

        All that the rule needs is in one loop: the seats in ``observe`` are asked again before every evaluation, for
        at most ``within`` ms of the run's clock as long as the rule says Waiting. The claim is put onto the trace at
        the end, so that a later judge sees exactly the records that were there.
        """
        return self._in_loop(self._check(check, rule, seat or self.target, observe, within, params))

    async def _check(
        self, check: str, rule: str, seat: str, observe: tuple[str, ...], within: int, params: dict[str, Any]
    ) -> Finding:
        clock, trace = self.stage.clock, self.stage.wire.trace
        params = copy.deepcopy(params)  # what a step does to its lists afterwards changes no claim
        end = clock.now() + within
        while True:
            for observed in observe:
                await self._observe(observed, "state")
            said = evaluate(rule, TraceView(trace[self.since :]), params)
            if not isinstance(said, Waiting) or clock.now() >= end:
                break
            await self.stage.tick(min(1_000, end - clock.now()))
        claim = trace.append(Claim(check=check, seat=seat, rule=rule, params=params, since=self.since))
        self.claims.append(claim)
        found = said.given_up() if isinstance(said, Waiting) else said
        if self.stage.brief and found.verdict is Verdict.PASSED and not found.evidence:
            self.open.append(replace(claim, until=claim.seq - 1))  # it rests on a silence that was too short
        return found

    def check_in_the_end(self, check: str, rule: str, *, seat: str | None = None, **params: Any) -> None:
        """A negative claim ("nothing arrives"): judged after a closing quiet window, this scenario's or that of the run."""
        self.closing.append((check, rule, seat or self.target, params))

    def close(self) -> list[Claim]:
        """The closing quiet window, and the claims that waited for it; returns those that wait for that of the run
        (``conformance.closing`` says which)."""
        late = [
            *self.open,
            *(Claim(check=c, seat=s, rule=r, params=copy.deepcopy(p), since=self.since) for c, r, s, p in self.closing),
        ]
        left = [each for each in late if self.stage.shares and names_connection(each.params)]
        own = [each for each in late if each not in left]
        if own:
            trace = self.stage.wire.trace
            first = len(trace)
            self.pass_time(self.stage.quiet)
            seen = [each.seq for each in trace[first:] if isinstance(each, Request | Response | Lost)]
            self.claims += [trace.append(replace(each, late=seen if each.until else [])) for each in own]
        self.closing.clear()
        self.open.clear()
        return left

    def _in_loop(self, work: Coroutine[Any, Any, T]) -> T:
        """Do it in the portal's loop, once nobody works: what a step finds does not depend on how fast its thread is."""

        async def in_its_turn() -> T:
            await self.stage.clock.quiet()
            return await work

        return self.portal.call(in_its_turn())
