"""Between two partners: each reaches the other through a door of ours. Everything is recorded, and faults are brought about.

Credentials travel as they were sent: the partners know each other. Where the file of the receiver names a certificate or a
signature, that is what we show it, for neither can be passed on.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from conformance.cast import CASTS
from conformance.faults import ProxyFault
from conformance.handshakes import Guard
from conformance.live_clock import LiveClock
from conformance.names import Names
from conformance.northbound import Answered, Northbound
from conformance.northbound.none import NoNorthbound
from conformance.players import TargetPlayer, Untested
from conformance.proof import CustomerProof
from conformance.requirements import PROTOCOLS
from conformance.stage import Seat
from conformance.tap import TappedApp
from conformance.target import Listening, Target
from conformance.target.declared import DECLARATIONS
from conformance.target.limited import Limited
from conformance.target.sending import SIGN_HERE, Signing
from conformance.wire import Interception, Wire
from reference_impl.kernel.operation import Recognizer
from reference_impl.serve.protocols import SERVED
from reference_impl.serve.server import serving
from reference_impl.serve.tls import Certificates, Tls, client_context, server_context
from reports.redact import Redactor
from reports.trace import Trace

NOBODY = NoNorthbound()


class NoPair(ValueError):
    """Two targets that cannot be brought together; says what is wanted."""


@dataclass(frozen=True, slots=True)
class Side:
    """One partner in its seat, and the door at which it reaches the other one."""

    target: Target
    seat: str
    door: Listening
    northbound: Northbound = NOBODY

    @property
    def id(self) -> str:
        return self.target.who("target").id or self.seat


def seats_for(one: Target, other: Target) -> tuple[str, str]:
    """In which seats they meet: the first target in the first seat where it may be. NoPair."""
    if one.protocol != other.protocol:
        raise NoPair(
            f"want partners of one protocol, got {one.name}: {one.protocol} and {other.name}: {other.protocol}"
        )
    first, second = CASTS[one.protocol].seats[:2]
    for seats in ((first, second), (second, first)):
        if seats[0] in one.seats and seats[1] in other.seats:
            return seats
    taken = f"{one.name} in {' and '.join(one.seats)}, {other.name} in {' and '.join(other.seats)}"
    raise NoPair(f"want one partner in {first} and the other one in {second}, got {taken}")


class ProxyStage:
    """A stage on which both seats are played by strangers. ``sides`` differ in their seats."""

    brief = False
    shares = False

    def __init__(self, sides: tuple[Side, Side], trace: Trace, redactor: Redactor) -> None:
        self.cast = CASTS[sides[0].target.protocol]
        self.operations = SERVED[self.cast.protocol].operations
        self.clock = LiveClock(lambda: len(trace))
        self.wire = Wire(self.clock, redactor, trace, keys=not self.cast.bearer)
        self.names = self.wire.names = Names({side.seat: side.id for side in sides})
        self.wire.answer_limit = 0
        self.seats: dict[str, Seat] = {}
        self._sides = {side.seat: side for side in sides}
        self._urls: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = contextlib.AsyncExitStack()
        self.proof: CustomerProof | None = None
        trace.now = self.clock.now

    async def open(self) -> None:
        """Open both doors. Raises OSError where an address cannot be taken."""
        recognizer = Recognizer(self.operations.values())
        for side in self._sides.values():
            other = self._other(side.seat)
            url = await self._listen(side, other)
            self.wire.place(_origin(url), other.seat, urlsplit(url).path, recognizer)
        for side in self._sides.values():
            player = TargetPlayer(_Theirs(side, self._other(side.seat)), side.seat, ("standard",))
            client = httpx.AsyncClient(trust_env=False)
            self._closing.push_async_callback(client.aclose)
            self.seats[side.seat] = Seat(side.seat, player, client, self._urls[side.seat])

    async def _listen(self, side: Side, other: Side) -> str:
        """The door at which ``side`` reaches the other one."""
        seconds = other.target.timeouts["answer"] / 1000
        onward = Onward(other.target, seconds)
        self._closing.push_async_callback(onward.aclose)
        tls = side.target.counterpart.tls
        context = server_context(tls, clients=bool(tls.client_ca)) if tls.certificate else None
        bound = Certificates({side.seat: side.target.auth.inbound.bound})
        door = TappedApp(self.wire, side.seat, lambda: self._urls[other.seat], onward, bound)
        where = side.door.listen
        opened = await self._closing.enter_async_context(serving(door, where.host, where.port, tls=context))
        self._urls[other.seat] = (side.door.public_url or opened).rstrip("/")
        return self._urls[other.seat]

    def _other(self, seat: str) -> Side:
        return next(side for side in self._sides.values() if side.seat != seat)

    def disturb(self, faults: Iterable[ProxyFault]) -> None:
        """Bring these faults about, each once for each of its operations. What is held goes on after its time."""
        for each in faults:
            for interception in map(self.wire.intercept, each.interceptions()):
                if each.name == "hold":
                    task = asyncio.create_task(_let_go(interception, each.value / 1000))
                    self._tasks.add(task)

    # --- what a session needs -----------------------------------------------------------------------------------

    async def begin(self, judged: str) -> None:
        await self.reset()

    async def reset(self, inventory: str | None = None) -> None:
        for seat in self.seats.values():
            await seat.player.reset(inventory or self.cast.inventory)

    async def protected(self, seat: str) -> tuple[str, Tls]:
        raise Untested("adapter lacks TLS: two strangers are not asked for it here")

    async def guard(self, seat: str, caller: str, guard: Guard) -> None:
        raise Untested("adapter lacks TLS: two strangers are not asked for it here")

    def origin(self, seat: str) -> str:
        """The door at which this seat is reached."""
        return self._urls.get(seat, "")

    def credentials(self, sender: str, receiver: str) -> dict[str, str]:
        return {}

    def offers(self, profile: str) -> bool:
        extended = PROTOCOLS[self.cast.protocol].profiles.get(profile, False)
        return not extended or all(profile in side.target.capabilities for side in self._sides.values())

    @property
    def outside(self) -> tuple[str, str]:
        raise Untested("adapter lacks a way to us: two strangers know each other only")

    def declared(self, name: str) -> Any:
        """What both declare alike, else the default: nobody is judged by what the other one says."""
        said = [side.target.declares[name] for side in self._sides.values()]
        return said[0] if said[0] == said[1] else DECLARATIONS[self.cast.protocol][name].default

    def limit(self, name: str) -> int:
        """The more patient one's."""
        return max(side.target.timeouts[name] for side in self._sides.values())

    @property
    def quiet(self) -> int:
        return self.limit("quiet")

    async def tick(self, limit: int) -> None:
        await self.clock.tick(limit)

    async def run(self, until: Callable[[], bool], limit: int) -> bool:
        return await self.clock.run(until, limit)

    async def pass_time(self, milliseconds: int) -> None:
        raise Untested("no clock: nobody moves the time of two partners")

    async def settle(self, within: int) -> bool:
        """Once the wire has been silent for a little while."""
        said = [await self._settled(seat, within) for seat in self.seats.values()]
        return all(said) or await self.clock.calm(self.quiet / 1000, limit=within / 1000)

    async def _settled(self, seat: Seat, within: int) -> bool:
        assert isinstance(seat.player, TargetPlayer)
        return await seat.player.settled(within) is True

    async def close(self) -> None:
        self.wire.calm()
        for task in self._tasks:
            task.cancel()
        await self._closing.aclose()


async def _let_go(interception: Interception, seconds: float) -> None:
    await interception.arrived.wait()
    await asyncio.sleep(seconds)
    interception.released.set()


class _Theirs:
    """The northbound side of a partner, with its own names of the accounts and its partner's."""

    def __init__(self, side: Side, other: Side) -> None:
        self._inner = side.northbound
        self._own, self._remote = side.target.identity.accounts, other.target.identity.accounts

    async def act(self, action: str, inputs: dict[str, Any]) -> Answered:
        named = dict(inputs)
        for member, accounts in (("account", self._own), ("remote_account", self._remote)):
            if member in named:
                named[member] = accounts.get(named[member], named[member])
        return await self._inner.act(action, named)

    async def poll(self, operation: str) -> Answered:
        return await self._inner.poll(operation)

    async def state(self) -> dict[str, Any]:
        return await self._inner.state()

    async def hook(self, hook: str, inputs: dict[str, Any]) -> Answered:
        return await self._inner.hook(hook, inputs)


class Onward(httpx.AsyncBaseTransport):
    """To the partner itself, over the network, with what its file says it wants to be shown."""

    def __init__(self, target: Target, seconds: float) -> None:
        out = target.auth.outbound
        tls = Tls(certificate=out.certificate, key=out.key)
        network: httpx.AsyncBaseTransport = Limited(client_context(tls, target.auth.trust))
        self._signed = out.sigv4 is not None
        self._network = Signing(out.sigv4, network) if out.sigv4 is not None else network
        self._base, self._limits = target.base_url, dict.fromkeys(("connect", "read", "write", "pool"), seconds)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        kept = [
            (name, value) for name, value in request.headers.raw if name.lower() not in (b"host", b"content-length")
        ]
        url = self._base + request.url.raw_path.decode()
        onward = httpx.Request(
            request.method, url, headers=kept, content=await request.aread(), extensions={"timeout": self._limits}
        )
        if self._signed:
            onward.headers["authorization"] = SIGN_HERE
        return await self._network.handle_async_request(onward)

    async def aclose(self) -> None:
        await self._network.aclose()


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def sides_of(one: Target, other: Target) -> tuple[Side, Side]:
    """Two partners that reach each other at the addresses of their own files. NoPair where they do not know each other."""
    seats = seats_for(one, other)
    for mine, theirs in ((one, other), (other, one)):
        known, real = mine.who("counterpart").id, theirs.who("target").id
        if known and real and known != real:
            raise NoPair(f"{mine.file}: identity.counterpart.id: want {real!r}, the id of {theirs.name}, got {known!r}")
    return Side(one, seats[0], one.counterpart.here), Side(other, seats[1], other.counterpart.here)


def told(sides: Sequence[Side], urls: Mapping[str, str]) -> list[str]:
    """What each partner has to be configured with."""
    one, other = sides
    return [
        f"{one.target.name} reaches {other.target.name} at {urls[other.seat]}",
        f"{other.target.name} reaches {one.target.name} at {urls[one.seat]}",
    ]
