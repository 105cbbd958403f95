"""The stage of a self-play: a Node with both its apps for each seat, over a watched wire, on one clock.

It is set up once and reset for every scenario. ``over="asgi"`` keeps everything in this process; ``over="http"`` puts
the same apps on real sockets of the loopback interface.
"""

from __future__ import annotations

import contextlib
import os
import random
import secrets
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from conformance.cast import Cast
from conformance.door import Loopback
from conformance.handshakes import Guard
from conformance.names import AS_THEY_ARE, Names
from conformance.northbound import HttpNorthbound
from conformance.players import OurPlayer
from conformance.proof import CustomerProof, Statements
from conformance.self_play_tls import Protected
from conformance.stage import QUIET, Seat
from conformance.tap import Hosts, Tap
from conformance.target.declared import DECLARATIONS, TIMEOUTS
from conformance.twist import Twist
from conformance.wire import Wire
from reference_impl.kernel.clock import VirtualClock
from reference_impl.kernel.node import Node
from reference_impl.kernel.operation import Recognizer
from reference_impl.kernel.party import Call
from reference_impl.kernel.provisioner import Provisioner
from reference_impl.kernel.store import MemoryStore
from reference_impl.kernel.transport import Endpoint, HttpTransport
from reference_impl.serve.authentication import Tokens, presented_key
from reference_impl.serve.eastwest import east_west_app
from reference_impl.serve.journal import Journal, Kept, Metrics, Watched
from reference_impl.serve.northbound import northbound_app
from reference_impl.serve.protocols import SERVED
from reference_impl.serve.server import serving
from reference_impl.serve.tls import NO_TLS, Tls
from reports.redact import Redactor
from reports.trace import Trace

EQUIPMENT_DELAY = 2_000
"""Milliseconds that simulated equipment takes for a job."""


class SelfPlayStage:
    """All seats of one protocol, each with a reference party."""

    quiet = QUIET
    brief = False
    shares = False

    def __init__(
        self,
        cast: Cast,
        over: str = "asgi",
        seed: int = 1,
        decisions: Mapping[str, Any] | None = None,
        trace: Trace | None = None,
        redactor: Redactor | None = None,
        *,
        twists: Mapping[str, Twist] | None = None,
    ) -> None:
        self.cast = cast
        self.over = over
        self.clock = VirtualClock()
        self.names: Names = AS_THEY_ARE
        self.seats: dict[str, Seat] = {}
        self.operations = SERVED[cast.protocol].operations
        self.tokens: dict[tuple[str, str], str] = {}
        self.decisions = dict(decisions or {})
        self.twists = dict(twists or {})
        self.wire = Wire(
            self.clock,
            redactor or Redactor(os.urandom(16)),
            trace if trace is not None else Trace(self.clock.now),
            keys=not cast.bearer,
        )
        self._random = random.Random(seed)
        self._nodes: dict[str, Node] = {}
        self._hosts = Hosts()
        self._apps: dict[str, Any] = {}
        self._networks: dict[str, Loopback] = {}
        self._protected = Protected(cast)
        self._instead: dict[str, str] = {}
        self._closing = contextlib.AsyncExitStack()

    async def open(self) -> None:
        for caller in self.cast.seats:
            for server in self.cast.seats:
                self.tokens[caller, server] = secrets.token_urlsafe(24)
        for name in self.cast.seats:
            self.seats[name] = await self._seat(name)
        for node in self._nodes.values():
            await node.start()

    async def _seat(self, name: str) -> Seat:
        served = SERVED[self.cast.protocol]
        twist, recognizer = self.twists.get(name, Twist()), Recognizer(served.operations.values())
        client = httpx.AsyncClient(
            transport=twist.caller(Tap(self.wire, name, self._way(name))),
            timeout=None if self.over == "asgi" else 30,
            trust_env=False,
        )
        self._closing.push_async_callback(client.aclose)

        def endpoint_of(call: Call) -> Endpoint | None:
            origins = {seat: self.origin(seat) for seat in self.cast.seats}
            return self.cast.endpoint(self._nodes[name], name, call, origins, self.tokens)

        node = Node(
            self.cast.party(name, self.decisions.get(name, self.cast.decisions)),
            MemoryStore(),
            self.clock,
            HttpTransport(client, endpoint_of),
            self._fresh,
            Provisioner(EQUIPMENT_DELAY),
        )
        counterparts = {other: (self.tokens[other, name],) for other in self.cast.seats if other != name}
        kept = Kept()
        journal = Journal(name, kept, Metrics(dict))
        east_west = Watched(east_west_app(node, served, self._authenticate(counterparts)), "east-west", journal)
        actions = {"logs": kept.logs}
        north = Watched(northbound_app(node, served, None, {}, server_actions=actions), "northbound", journal)
        app = self._apps[name] = twist.app(east_west, recognizer)
        origin = await self._publish(f"http://{name}.test", app)
        self.wire.place(origin, name, "", recognizer)
        north_origin = await self._publish(f"http://north.{name}.test", north)
        north_client = httpx.AsyncClient(
            transport=self._way(f"north.{name}"), base_url=north_origin, timeout=30, trust_env=False
        )
        self._closing.push_async_callback(north_client.aclose)
        self._nodes[name] = node
        player = OurPlayer(
            node, HttpNorthbound(north_client), lambda inventory: self.cast.stock(name, inventory, self.origin, None)
        )
        return Seat(name, player, client, origin)

    def _authenticate(self, counterparts: Mapping[str, tuple[str, ...]]) -> Any:
        """Bearer tokens, or where the protocol binds keys to federations itself, the key as it was presented."""
        return Tokens(counterparts) if self.cast.bearer else presented_key

    async def _publish(self, origin: str, app: Any) -> str:
        if self.over == "asgi":
            self._hosts.place(origin, app)
            return origin
        return await self._closing.enter_async_context(serving(app, "127.0.0.1", 0))

    def _way(self, name: str) -> httpx.AsyncBaseTransport:
        return self._hosts.beside(self._network(name)) if self.over == "asgi" else self._network(name)

    def _network(self, name: str) -> Loopback:
        """What leaves this process in this seat's name."""
        return self._networks.setdefault(name, Loopback())

    def offers(self, profile: str) -> bool:
        return True

    @property
    def proof(self) -> CustomerProof | None:
        return Statements()

    @property
    def outside(self) -> tuple[str, str]:
        return "127.0.0.1", "127.0.0.1"

    def origin(self, seat: str) -> str:
        return self._instead.get(seat) or (self.seats[seat].origin if seat in self.seats else "")

    async def protected(self, seat: str) -> tuple[str, Tls]:
        url = await self._protected.url(seat, self._apps[seat], self.decisions.get(seat, self.cast.decisions))
        return url, NO_TLS

    async def guard(self, seat: str, caller: str, guard: Guard) -> None:
        url, _ = await self.protected(seat)
        self._protected.guard(seat, guard)
        decisions = self.decisions.get(caller, self.cast.decisions)
        self._networks[caller].verify(self._protected.calls(guard, decisions))
        self.wire.place(url, seat, "", Recognizer(self.operations.values()))
        self._instead[seat] = url

    def _fresh(self, kind: str) -> str:
        """Ids of every kind are random UUIDs of this run's seed; keys are longer and never repeat over runs."""
        if kind == "key":
            return secrets.token_urlsafe(24)
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    async def begin(self, judged: str) -> None:
        """A scenario for this seat begins; here each seat always has the same player."""
        await self.reset()

    async def reset(self, inventory: str | None = None) -> None:
        """Every seat empty, with its copy of the inventory; no disturbance is left on the wire."""
        self.wire.calm()
        self._instead.clear()
        for seat in self.seats.values():
            await seat.player.reset(inventory or self.cast.inventory)

    def credentials(self, sender: str, receiver: str) -> dict[str, str]:
        """The headers by which the receiver knows the sender; where the protocol binds keys itself, the steps know."""
        return {"authorization": f"Bearer {self.tokens[sender, receiver]}"}

    def declared(self, name: str) -> Any:
        return DECLARATIONS[self.cast.protocol][name].default

    def limit(self, name: str) -> int:
        return round(TIMEOUTS[self.cast.protocol][name].seconds * 1000)

    async def tick(self, limit: int) -> None:
        await self.clock.tick(limit)

    async def run(self, until: Callable[[], bool], limit: int) -> bool:
        return await self.clock.run(until, limit)

    async def pass_time(self, milliseconds: int) -> None:
        """Let time pass; whatever falls due happens."""
        await self.clock.run(lambda: False, milliseconds)

    async def settle(self, within: int) -> bool:
        """Let time pass until nobody has anything under way; says whether that was reached."""
        return await self.clock.run(lambda: all(seat.player.idle() for seat in self.seats.values()), within)

    async def close(self) -> None:
        for node in self._nodes.values():
            await node.crash()
        await self._protected.close()
        await self._closing.aclose()
