"""The stage of a certification: a target in the judged seat, reference parties of ours in the others, over real sockets.

We listen twice, as the target's counterpart and as the third partner, for the whole run; who sits there changes with
the seat that is judged. What the target sends us comes in through ``TappedApp``, what we send it leaves through ``Tap``:
both ways the wire records and may disturb.
"""

from __future__ import annotations

import contextlib
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from conformance.cast import Cast
from conformance.inbound import TargetAndOurs, outbound_headers
from conformance.live_clock import LiveClock
from conformance.names import Names
from conformance.northbound import HttpNorthbound, Northbound
from conformance.players import OurPlayer, TargetPlayer, Untested
from conformance.stage import Seat
from conformance.tap import Hosts, Tap, TappedApp
from conformance.target import Part, Target
from conformance.wire import Wire
from reference_impl.kernel.node import Node, Provisioner
from reference_impl.kernel.operation import Recognizer
from reference_impl.kernel.party import Call
from reference_impl.kernel.store import MemoryStore
from reference_impl.kernel.transport import Endpoint, HttpTransport
from reference_impl.serve.eastwest import east_west_app
from reference_impl.serve.northbound import northbound_app
from reference_impl.serve.protocols import SERVED
from reference_impl.serve.server import serving
from reference_impl.serve.tls import Tls, client_context, server_context
from reports.redact import Redactor
from reports.trace import Trace

OURS: tuple[Part, Part] = ("counterpart", "third")

EQUIPMENT_DELAY = 20
"""Milliseconds that our own simulated equipment takes: nobody waits for us."""

BREATH = 0.05
"""Seconds without traffic after which a target is thought to have done what a moved clock made due."""


@dataclass(slots=True)
class _Lineup:
    """Who sits where while the target is in one seat."""

    names: Names
    seats: dict[str, Seat]
    nodes: dict[str, Node]


class LiveStage:
    """``northbound`` is the target's adapter; the stage does not close it."""

    def __init__(
        self, cast: Cast, target: Target, northbound: Northbound, trace: Trace, redactor: Redactor, seed: int = 1
    ) -> None:
        self.cast = cast
        self.target = target
        self.operations = SERVED[cast.protocol].operations
        self.clock = LiveClock(lambda: len(trace))
        self.wire = Wire(self.clock, redactor, trace, keys=not cast.bearer)
        self.names = Names(target.names(target.seats[0]), target.identity.accounts)
        self.seats: dict[str, Seat] = {}
        self._northbound = northbound
        self._judged = target.seats[0]
        self._lineups: dict[str, _Lineup] = {}
        self._recognizer = Recognizer(self.operations.values())
        self._tokens: dict[tuple[str, str], str] = {}
        self._apps: dict[Part, Any] = {}
        self._urls: dict[Part, str] = {}
        self._hosts = Hosts()
        self._closing = contextlib.AsyncExitStack()

    async def open(self) -> None:
        """Listen. Raises OSError where an address cannot be taken."""
        tls = self.target.counterpart.tls
        context = server_context(tls, clients=bool(tls.trust)) if tls.certificate else None
        for part in OURS:
            place = self.target.counterpart.here if part == "counterpart" else self.target.counterpart.third
            listening = serving(self._door(part), place.listen.host, place.listen.port, tls=context)
            url = await self._closing.enter_async_context(listening)
            self._urls[part] = (place.public_url or url).rstrip("/")
        for caller in self.target.all_seats:
            for server in self.target.all_seats:
                self._tokens[caller, server] = secrets.token_urlsafe(24)

    def _door(self, part: Part) -> TappedApp:
        return TappedApp(self.wire, lambda: self._judged, lambda: self._urls[part], self._current(part))

    def _current(self, part: Part) -> Any:
        """The app of whoever sits there at present."""

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await self._apps[part](scope, receive, send)

        return app

    # --- the line-up --------------------------------------------------------------------------------------------

    async def begin(self, judged: str) -> None:
        if judged != self._judged or judged not in self._lineups:
            for node in self._lineups[self._judged].nodes.values() if self._judged in self._lineups else ():
                await node.crash()
            await self._seat_all(judged)
        await self.reset()

    async def _seat_all(self, judged: str) -> None:
        self._judged = judged
        fresh = judged not in self._lineups
        if fresh:
            names = Names(self.target.names(judged), self.target.identity.accounts)
            self._lineups[judged] = _Lineup(names, {}, {})
        lineup = self._lineups[judged]
        self.names = self.wire.names = lineup.names
        self.seats = lineup.seats
        parts = self.target.parts(judged)
        for seat in parts:
            url = self.origin(seat)
            self.wire.place(_origin(url), seat, urlsplit(url).path, self._recognizer)
        for seat, part in parts.items():
            if fresh:
                lineup.seats[seat] = self._their_seat(seat) if part == "target" else self._our_seat(seat, part, lineup)
        for seat, part in parts.items():
            if part != "target":
                self._apps[part] = lineup.seats[seat].app
                self._hosts.place(_origin(self._urls[part]), self._apps[part])
                await lineup.nodes[seat].start()

    def _their_seat(self, seat: str) -> Seat:
        player = TargetPlayer(self._northbound, seat, self.target.inventory.names)
        return Seat(seat, player, self._client(seat, "counterpart"), self.target.base_url)

    def _our_seat(self, seat: str, part: Part, lineup: _Lineup) -> Seat:
        served = SERVED[self.cast.protocol]
        names = lineup.names
        client = self._client(seat, part)

        def endpoint_of(call: Call) -> Endpoint | None:
            receiver = names.seat_of(call.peer)
            if self.cast.bearer:
                if receiver not in lineup.seats:
                    return None
                return Endpoint(self.origin(receiver), self.credentials(seat, receiver))
            return self.cast.endpoint(lineup.nodes[seat], seat, call, {}, {})

        node = lineup.nodes[seat] = Node(
            self.cast.party(names.id_of(seat), self.cast.decisions),
            MemoryStore(),
            self.clock,
            HttpTransport(client, endpoint_of),
            _fresh,
            Provisioner(EQUIPMENT_DELAY),
        )
        north = Hosts()
        north.place("http://north.test", northbound_app(node, served, None, {}))
        adapter = HttpNorthbound(httpx.AsyncClient(transport=north, base_url="http://north.test", trust_env=False))
        player = OurPlayer(
            node, adapter, lambda inventory: self.cast.stock(seat, inventory, self.origin, lineup.names.ids)
        )
        inbound = TargetAndOurs(
            names.id_of(self._judged),
            self.target.auth.into(part),
            {names.id_of(other): self._tokens[other, seat] for other in lineup.names.ids if other != seat},
        )
        app = east_west_app(node, served, inbound if self.cast.bearer else inbound.presented)
        return Seat(seat, player, client, self._urls[part], app)

    def _client(self, seat: str, part: Part) -> httpx.AsyncClient:
        """What leaves in this seat's name: to us in this process, to the target over the network."""
        out = self.target.auth.out(part)
        tls = Tls(certificate=out.certificate, key=out.key)
        network = httpx.AsyncHTTPTransport(verify=client_context(tls, self.target.auth.trust))
        client = httpx.AsyncClient(
            transport=Tap(self.wire, seat, self._hosts.beside(network)),
            timeout=self.target.timeouts["answer"] / 1000,
            trust_env=False,
        )
        self._closing.push_async_callback(client.aclose)
        return client

    # --- what a session needs -----------------------------------------------------------------------------------

    async def reset(self, inventory: str | None = None) -> None:
        self.wire.calm()
        for seat in sorted(self.seats.values(), key=lambda seat: seat.name != self._judged):  # first the target
            await seat.player.reset(inventory or self.cast.inventory)

    def origin(self, seat: str) -> str:
        part = self.target.parts(self._judged)[seat]
        return self.target.base_url if part == "target" else self._urls[part]

    def credentials(self, sender: str, receiver: str) -> dict[str, str]:
        part = self.target.parts(self._judged)[sender]
        if receiver == self._judged and part != "target":
            return outbound_headers(self.target.auth.out(part))
        return {"authorization": f"Bearer {self._tokens[sender, receiver]}"}

    async def pass_time(self, milliseconds: int) -> None:
        if self.target.clock.kind == "northbound":
            await self._theirs.advance(milliseconds)
            self.clock.advance(milliseconds)
            await self.clock.calm(BREATH, limit=10)
        elif milliseconds <= self.target.timeouts["quiet"]:
            await self.clock.run(lambda: False, milliseconds)
        else:
            raise Untested(f"no clock: the target's time cannot be moved by {milliseconds / 1000:g} s")

    async def settle(self, within: int) -> bool:
        """By the target's own word; without one, once the wire has been silent for the declared quiet window."""
        end = self.clock.now() + within
        while (left := end - self.clock.now()) > 0:
            said = await self._theirs.settled(left)
            if said is None:
                quiet = self.target.timeouts["quiet"] / 1000
                return await self.clock.calm(quiet, limit=left / 1000 + quiet) and self._idle()
            if said and self._idle() and await self.clock.calm(BREATH / 5, limit=1):
                return True
            await self.clock.tick(left)
        return False

    def _idle(self) -> bool:
        return all(seat.player.idle() for seat in self.seats.values())

    @property
    def _theirs(self) -> TargetPlayer:
        player = self.seats[self._judged].player
        assert isinstance(player, TargetPlayer)
        return player

    async def close(self) -> None:
        self.wire.calm()
        for lineup in self._lineups.values():
            for node in lineup.nodes.values():
                await node.crash()
        await self._closing.aclose()


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _fresh(kind: str) -> str:
    return secrets.token_urlsafe(24) if kind == "key" else str(uuid.uuid4())


def on_target(casts: Mapping[str, Cast], target: Target, northbound: Northbound) -> Any:
    """Makes the stage of a run against this target (``play.Open``)."""
    return lambda protocol, trace, redactor: LiveStage(casts[protocol], target, northbound, trace, redactor)
