"""The stage of a certification: a target in one seat, reference parties of ours in the others, over real sockets.

We listen twice, as the target's counterpart and as the third partner. What the target sends us comes in through
``TappedApp``, what we send it leaves through ``Tap``: both ways the wire records and may disturb.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import ssl
import uuid
from collections.abc import Callable
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import httpx
from starlette.types import ASGIApp

from conformance.at_rest import owed
from conformance.cast import Cast
from conformance.closing import connections_in
from conformance.handshakes import Guard, guarded
from conformance.inbound import TargetAndOurs, outbound_headers
from conformance.live_clock import LiveClock
from conformance.live_time import LiveTime
from conformance.names import Names
from conformance.northbound import HttpNorthbound, Lacks, Northbound, NorthboundError
from conformance.northbound.patient import PatientNorthbound
from conformance.outside import delete_from_outside, seen_from_outside
from conformance.play import Open
from conformance.players import OurPlayer, TargetPlayer, Untested
from conformance.proof import CustomerProof, proof_of
from conformance.requirements import PROTOCOLS
from conformance.spent import Spent, Timed, TimedTransport
from conformance.stage import Seat
from conformance.tap import Hosts, Tap, TappedApp
from conformance.target import Part, Target
from conformance.target.inventory import provider_copies
from conformance.target.limited import Limited
from conformance.target.sending import Signing
from conformance.wire import Wire
from reference_impl.connection_coordinator import provider
from reference_impl.kernel.node import Node
from reference_impl.kernel.operation import Recognizer
from reference_impl.kernel.party import Call
from reference_impl.kernel.provisioner import Provisioner
from reference_impl.kernel.store import MemoryStore
from reference_impl.kernel.tables import Tables
from reference_impl.kernel.transport import Endpoint, HttpTransport
from reference_impl.serve.authentication import Authenticate
from reference_impl.serve.eastwest import east_west_app
from reference_impl.serve.northbound import northbound_app
from reference_impl.serve.protocols import SERVED
from reference_impl.serve.server import serving
from reference_impl.serve.tls import Certificates, Tls, client_context, server_context
from reports.redact import Redactor
from reports.trace import Trace
from simulator.inventories import inventories

EQUIPMENT_DELAY = 20
"""Milliseconds that our own simulated equipment takes: nobody waits for us."""


class LiveStage:
    """``northbound`` is the target's adapter; the stage does not close it."""

    def __init__(
        self,
        cast: Cast,
        target: Target,
        seat: str,
        northbound: Northbound,
        trace: Trace,
        redactor: Redactor,
        spent: Spent | None = None,
    ) -> None:
        self.cast = cast
        self.target = target
        self.operations = SERVED[cast.protocol].operations
        self.clock = LiveClock(lambda: len(trace))
        self.wire = Wire(self.clock, redactor, trace, keys=not cast.bearer)
        self.names = self.wire.names = Names(target.names(seat), target.identity.accounts, target.asns(seat))
        self.seats: dict[str, Seat] = {}
        self._seat = seat
        self._parts = target.parts(seat)
        self._spent = spent or Spent()
        self._northbound = Timed(northbound, self._spent)
        self._nodes: dict[str, Node] = {}
        self._tokens = {(caller, server): secrets.token_urlsafe(24) for caller in self._parts for server in self._parts}
        self._urls: dict[str, str] = {seat: target.base_url}
        self._hosts = Hosts()
        self._since = 0
        self._time = LiveTime(
            target, self.clock, self.wire, lambda: self._theirs, self._idle, self._nothing_owed, self._spent
        )
        self.wire.answer_limit = 0
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._hang_up: list[Callable[[], None]] = []
        self._closing = contextlib.AsyncExitStack()

    async def open(self) -> None:
        """Take our seats and listen. Raises OSError where an address cannot be taken."""
        recognizer = Recognizer(self.operations.values())
        for seat, part in self._parts.items():
            if part == "target":
                patient = PatientNorthbound(self._northbound, self.cast.protocol, lambda: self.wire.holding > 0)
                player = TargetPlayer(patient, seat, self.target.inventory.names)
                manual = self.target.northbound.manual
                people = manual is not None and manual.script is None
                self.seats[seat] = Seat(seat, player, self._client(seat, "counterpart"), self.target.base_url, people)
            else:
                self.seats[seat] = await self._our_seat(seat, part)
            url = self._urls[seat]
            self.wire.place(_origin(url), seat, urlsplit(url).path, recognizer)
        for node in self._nodes.values():
            await node.start()
        with contextlib.suppress(NorthboundError, Untested):  # the first scenario tells
            await self._time.same()

    async def begin(self, judged: str) -> None:
        self._time.brief = False
        await self._cleared()
        await self.reset()
        self._since = len(self.wire.trace)

    async def _cleared(self) -> None:
        """A target that cannot be emptied gets rid of what the scenario before left there, as far as its peer may delete
        it; what it still says of that is no part of the next scenario."""
        if not self._theirs.keeps:
            return
        self.wire.calm()
        self.wire.strays |= connections_in(self.wire.trace[self._since :])
        await delete_from_outside(self, self._seat)

    async def _our_seat(self, seat: str, part: Part) -> Seat:
        served = SERVED[self.cast.protocol]
        client = self._client(seat, part)

        def endpoint_of(call: Call) -> Endpoint | None:
            if not self.cast.bearer:
                return self.cast.endpoint(self._nodes[seat], seat, call, {}, {})
            receiver = self.names.seat_of(call.peer)
            if receiver not in self.seats:
                return None
            proof = self.proof.headers(call.credential) if self.proof is not None and call.credential else {}
            return Endpoint(self.origin(receiver), self.credentials(seat, receiver) | proof)

        node = self._nodes[seat] = Node(
            self.cast.party(self.names.id_of(seat), self.cast.decisions),
            MemoryStore(),
            self.clock,
            HttpTransport(client, endpoint_of),
            _fresh,
            Provisioner(EQUIPMENT_DELAY),
        )
        app = east_west_app(node, served, self._inbound(seat, part))
        await self._listen(seat, part, app)
        north = Hosts()
        north.place("http://north.test", northbound_app(node, served, None, {}))
        adapter = HttpNorthbound(httpx.AsyncClient(transport=north, base_url="http://north.test", trust_env=False))
        player = OurPlayer(node, adapter, lambda inventory: self._stock(seat, inventory))
        return Seat(seat, player, client, self._urls[seat])

    def _stock(self, seat: str, inventory: str) -> Callable[[Tables], None]:
        """The scenarios' plan of that name, or where the target brought an inventory of its own, our side of that."""
        if not self.cast.bearer:
            return self.cast.stock(seat, inventory, self.origin, self.names.ids)
        if self.target.inventory.tables is None:
            copies = inventories(inventory, ids=self.names.ids, api_uri=self.origin)
        elif inventory not in self.target.inventory.names:
            raise Untested(
                f"adapter lacks the inventory {inventory!r}: its file has {', '.join(self.target.inventory.names)}"
            )
        else:
            copies = provider_copies(self.target, self._seat, inventory, self.origin)
        copy = copies.get(seat)
        return lambda tables: provider.stock(tables, self.names.inventory(copy)) if copy is not None else None

    def _inbound(self, seat: str, part: Part) -> Authenticate:
        ours = {self.names.id_of(other): self._tokens[other, seat] for other in self._parts if other != seat}
        inbound = TargetAndOurs(self.names.id_of(self._seat), self.target.auth.into(part), ours)
        return inbound if self.cast.bearer else inbound.presented

    async def _listen(self, seat: str, part: Part, app: ASGIApp) -> None:
        place = self.target.counterpart.here if part == "counterpart" else self.target.counterpart.third
        tls = self.target.counterpart.tls
        context = server_context(tls, clients=bool(tls.client_ca)) if tls.certificate else None
        if context is not None:
            self._contexts[seat] = context
        bound = Certificates({self._seat: self.target.auth.into(part).bound})
        door = TappedApp(self.wire, self._seat, lambda: self._urls[seat], app, bound)
        url = await self._closing.enter_async_context(
            serving(door, place.listen.host, place.listen.port, tls=context, hang_up=self._hang_up)
        )
        self._urls[seat] = (place.public_url or url).rstrip("/")
        self._hosts.place(_origin(self._urls[seat]), app)

    def _client(self, seat: str, part: Part) -> httpx.AsyncClient:
        """What leaves in this seat's name: to us in this process, to the target over the network."""
        out = self.target.auth.out(part)
        tls = Tls(certificate=out.certificate, key=out.key)
        network: httpx.AsyncBaseTransport = Limited(client_context(tls, self.target.auth.trust))
        if out.sigv4 is not None:
            network = Signing(out.sigv4, network)
        way = self._hosts.beside(TimedTransport(network, self._spent))
        client = httpx.AsyncClient(
            transport=Tap(self.wire, seat, way),
            timeout=self.target.timeouts["answer"] / 1000,
            trust_env=False,
        )
        self._closing.push_async_callback(client.aclose)
        return client

    # --- what a session needs -----------------------------------------------------------------------------------

    async def reset(self, inventory: str | None = None) -> None:
        self.wire.calm()
        for context in self._contexts.values():
            guarded(context, "TLS 1.3", self.target.counterpart.tls)
        for node in self._nodes.values():  # nobody of ours calls a target that is about to forget
            await node.crash()
        for seat in sorted(self.seats.values(), key=lambda seat: seat.name != self._seat):
            await seat.player.reset(inventory or self.cast.inventory)

    def origin(self, seat: str) -> str:
        return self._urls.get(seat, "")

    def offers(self, profile: str) -> bool:
        """What is not extended is claimed with the protocol."""
        extended = PROTOCOLS[self.cast.protocol].profiles.get(profile, False)
        return not extended or profile in self.target.capabilities

    async def protected(self, seat: str) -> tuple[str, Tls]:
        if not self.target.base_url.startswith("https://"):
            raise Untested("adapter lacks TLS: target.base_url is http, so what is in front of it is not judged")
        out = self.target.auth.out("counterpart")
        return self.target.base_url, Tls(certificate=out.certificate, key=out.key)

    async def guard(self, seat: str, caller: str, guard: Guard) -> None:
        """Connections that the target has open are closed: it shakes hands anew."""
        if seat not in self._contexts:
            raise Untested("adapter lacks TLS: counterpart.tls has no certificate, so the target calls us without")
        guarded(self._contexts[seat], guard, self.target.counterpart.tls)
        for hang_up in self._hang_up:
            hang_up()
        await asyncio.sleep(0.05)  # until they are

    @cached_property
    def proof(self) -> CustomerProof | None:
        return proof_of(self.target)

    @property
    def outside(self) -> tuple[str, str]:
        here = self.target.counterpart.here
        return here.listen.host, (urlsplit(here.public_url).hostname if here.public_url else None) or here.listen.host

    def credentials(self, sender: str, receiver: str) -> dict[str, str]:
        if receiver == self._seat and sender != self._seat:
            return outbound_headers(self.target.auth.out(self._parts[sender]))
        return {"authorization": f"Bearer {self._tokens[sender, receiver]}"}

    async def tick(self, limit: int) -> None:
        await self._time.tick(limit)

    async def run(self, until: Callable[[], bool], limit: int) -> bool:
        return await self._time.run(until, limit)

    async def pass_time(self, milliseconds: int) -> None:
        await self._time.pass_time(milliseconds)

    async def settle(self, within: int) -> bool:
        return await self._time.settle(within)

    def declared(self, name: str) -> Any:
        return self.target.declares[name]

    def limit(self, name: str) -> int:
        return self.target.timeouts[name]

    @property
    def quiet(self) -> int:
        return self._time.quiet

    @property
    def brief(self) -> bool:
        return self._time.brief

    @property
    def shares(self) -> bool:
        return self._theirs.keeps and self.target.clock.kind != "northbound"

    async def _nothing_owed(self) -> bool:
        try:
            state = await seen_from_outside(self, self._seat, customers=False)
        except Lacks:
            return False
        peer = next(seat for seat, part in self._parts.items() if part == "counterpart")
        return owed(self.wire.trace[self._since :], self._seat, peer, state) is None

    def _idle(self) -> bool:
        return all(seat.player.idle() for seat in self.seats.values())

    @property
    def _theirs(self) -> TargetPlayer:
        player = self.seats[self._seat].player
        assert isinstance(player, TargetPlayer)
        return player

    async def close(self) -> None:
        self.wire.calm()
        for node in self._nodes.values():
            await node.crash()
        await self._closing.aclose()


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _fresh(kind: str) -> str:
    return secrets.token_urlsafe(24) if kind == "key" else str(uuid.uuid4())


def on_target(cast: Cast, target: Target, seat: str, northbound: Northbound, spent: Spent | None = None) -> Open:
    """Makes the stage of a run against this target in this seat."""
    return lambda protocol, trace, redactor: LiveStage(cast, target, seat, northbound, trace, redactor, spent)
