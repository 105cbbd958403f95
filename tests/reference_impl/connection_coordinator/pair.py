"""Two providers as Nodes in one process: a virtual clock, a wire without HTTP that can be told to misbehave.

Everything is synchronous for the tests: each call runs the event loop until it has what it wants.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from reference_impl.connection_coordinator.decisions import PROVIDER, Decisions
from reference_impl.connection_coordinator.provider import provider, stock
from reference_impl.connection_coordinator.views import dump
from reference_impl.kernel.clock import VirtualClock
from reference_impl.kernel.node import NoAnswer, Node
from reference_impl.kernel.operation import Operation
from reference_impl.kernel.party import Acted, Call, Message, Reply, Requested
from reference_impl.kernel.provisioner import Provisioner
from reference_impl.kernel.store import MemoryStore
from simulator.inventories import inventories

Twist = int | Literal["drop", "lose"]
"""Instead of the peer's answer: a status (the peer is not asked), the request lost, the answer lost."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A call on the wire: ``where`` is its path below the environment, ``status`` None when no answer came back."""

    seat: str
    operation: str
    where: str
    query: Mapping[str, str]
    status: int | None


class Wire:
    """Hands calls to the other node. ``log`` is in the order of the answers."""

    def __init__(self, clock: VirtualClock) -> None:
        self.nodes: dict[str, Node] = {}
        self.log: list[Sent] = []
        self._clock = clock
        self._twists: dict[tuple[str, str], list[Twist | None]] = defaultdict(list)
        self._held: dict[tuple[str, bool], asyncio.Event] = {}

    def twist(self, seat: str, operation: str, *twists: Twist | None) -> None:
        """What becomes of the next calls of this operation by this seat; None lets one pass."""
        self._twists[seat, operation] += twists

    def hold(self, *operations: str, after: bool = False) -> None:
        """Calls of these operations wait before the peer handles them, or ``after``: then their answers wait."""
        for operation in operations:
            self._held[operation, after] = asyncio.Event()

    def release(self, *operations: str, after: bool = False) -> None:
        for operation in operations:
            self._held.pop((operation, after)).set()

    async def _pass(self, operation: str, after: bool) -> None:
        if (held := self._held.get((operation, after))) is not None:
            with self._clock.waiting():
                await held.wait()

    async def send(self, call: Call, operation: Operation) -> tuple[int, Message | None]:
        path = dict(call.path)
        seat = path["provider"]
        await self._pass(call.operation, after=False)
        twists = self._twists[seat, call.operation]
        twist = twists.pop(0) if twists else None
        reply = Reply("", twist, None) if isinstance(twist, int) else None
        if twist in (None, "lose"):
            asked = Requested("", seat, call.operation, path, dict(call.query), call.body)
            reply = await self.nodes[call.peer].submit(asked)
        await self._pass(call.operation, after=True)
        status = reply.status if reply and twist != "lose" else None
        where = "/".join(path[part][-4:] for part in ("interconnect", "connection", "feature") if part in path)
        self.log.append(Sent(seat, call.operation, where, dict(call.query), status))
        if reply is None or status is None:
            raise NoAnswer(str(twist))
        return status, reply.body if 200 <= status < 300 else None

    def calls(self, *operations: str) -> list[tuple[str, str, str, int | None]]:
        """(seat, operation, where, status) of the calls of these operations."""
        return [(s.seat, s.operation, s.where, s.status) for s in self.log if s.operation in operations]


class Pair:
    """csp-a and csp-b (and csp-c where the inventory has it)."""

    def __init__(self, inventory: str, decisions: Decisions, channels: int | None) -> None:
        self.runner = asyncio.Runner()
        self.clock = VirtualClock()
        self.wire = Wire(self.clock)
        self.stores: dict[str, MemoryStore] = {}
        self.provisioners: dict[str, Provisioner] = {}
        self._decisions = decisions
        self._given: Counter[str] = Counter()
        for seat, goods in inventories(inventory, channels).items():
            self.stores[seat], self.provisioners[seat] = MemoryStore(), Provisioner()
            self.start(seat)
            self.runner.run(self.wire.nodes[seat].reset(partial(stock, inventory=goods)))

    def start(self, seat: str) -> None:
        """A node on the store of this seat: the first one, or the next after a crash."""
        node = Node(
            provider(seat, self._decisions),
            self.stores[seat],
            self.clock,
            self.wire,
            self._fresh,
            self.provisioners[seat],
        )
        self.wire.nodes[seat] = node
        self.runner.run(node.start())

    def crash(self, seat: str) -> None:
        self.runner.run(self.wire.nodes[seat].crash())

    def _fresh(self, kind: str) -> str:
        self._given[kind] += 1
        return f"00000000-0000-4000-8000-{self._given[kind]:012d}"

    # --- asking -------------------------------------------------------------------------------------------------

    def submit(self, seat: str, event: Acted | Requested) -> Reply:
        return self.runner.run(self.wire.nodes[seat].submit(event))

    def act(self, seat: str, action: str, **inputs: Any) -> dict[str, Any]:
        """The body of the answer, and its ``status``."""
        reply = self.submit(seat, Acted("", action, {"account": "X", **inputs}))
        body = reply.body.to_json() if reply.body else {}
        return {**body, "status": reply.status}

    def offer(self, mbps: int = 1000, seat: str = "csp-a", environment: str = "env1") -> dict[str, Any]:
        """Offer to the other of csp-a and csp-b; the outputs."""
        peer = "csp-b" if seat == "csp-a" else "csp-a"
        answer = self.act(seat, "offer", remote_account="X", environment=environment, mbps=mbps, peer=peer)
        outputs: dict[str, Any] = answer["outputs"]
        return outputs

    def accept(self, key: str, seat: str = "csp-b") -> dict[str, Any]:
        return self.act(seat, "accept", activation_key=key, consent=True)

    def placed(self, mbps: int = 1000) -> str:
        """A connection that was offered and accepted; returns its UUID. Nothing has happened between the two yet."""
        offered = self.offer(mbps)
        assert self.accept(offered["activation_key"])["result"] == "running"
        return str(offered["uuid"])

    def established(self, mbps: int = 1000) -> str:
        uuid = self.placed(mbps)
        self.settle()
        for seat in ("csp-a", "csp-b"):
            assert self.connection(seat, uuid)["customer"] == "established"
        return uuid

    # --- time ---------------------------------------------------------------------------------------------------

    def quiet(self) -> None:
        """Until nobody works any more; no time passes."""
        self.runner.run(self.clock.quiet())

    def settle(self, limit: int = 300_000) -> None:
        """Until nothing is under way anywhere; held calls and jobs excepted."""
        nodes = self.wire.nodes.values()
        assert self.runner.run(self.clock.run(lambda: all(node.idle() for node in nodes), limit)), "not at rest in time"

    def let_pass(self, ms: int) -> None:
        self.runner.run(self.clock.run(lambda: False, ms))

    # --- looking ------------------------------------------------------------------------------------------------

    def dump(self, seat: str) -> dict[str, Any]:
        return dump(self.wire.nodes[seat].tables)

    def connection(self, seat: str, uuid: str) -> dict[str, Any]:
        found: dict[str, Any] = next(each for each in self.dump(seat)["connections"] if each["uuid"] == uuid)
        return found

    def placement(self, seat: str, uuid: str) -> dict[str, Any]:
        """The only placement of a connection, without its features."""
        (found,) = self.connection(seat, uuid)["placements"]
        return {name: value for name, value in found.items() if name != "features"}

    def features(self, seat: str, uuid: str) -> list[tuple[str, str]]:
        """(channel, state) of the agreed features of the only placement."""
        (found,) = self.connection(seat, uuid)["placements"]
        return [(each["channel"], each["state"]) for each in found["features"]]

    def reserved(self, seat: str) -> dict[str, int]:
        """Reserved Mbps by interconnect."""
        return {each["id"]: each["reserved_mbps"] for each in self.dump(seat)["interconnects"]}


@contextmanager
def pair(inventory: str = "standard", decisions: Decisions = PROVIDER, channels: int | None = None) -> Iterator[Pair]:
    made = Pair(inventory, decisions, channels)
    try:
        yield made
    finally:
        for seat in made.wire.nodes:
            made.crash(seat)
        made.runner.close()
