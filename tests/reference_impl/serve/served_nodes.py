"""Real Nodes behind their apps, in one process, for the tests of this room."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

import httpx
from fastapi import FastAPI

from reference_impl.connection_coordinator.provider import stock
from reference_impl.kernel.clock import Clock, VirtualClock
from reference_impl.kernel.node import NoAnswer, Node
from reference_impl.kernel.operation import Operation
from reference_impl.kernel.party import Call, Message
from reference_impl.kernel.store import MemoryStore
from reference_impl.kernel.tables import Tables
from reference_impl.serve.authentication import Tokens, presented_key
from reference_impl.serve.eastwest import east_west_app
from reference_impl.serve.hooks import hooks_of
from reference_impl.serve.limits import Limits
from reference_impl.serve.northbound import northbound_app
from reference_impl.serve.protocols import CONNECTION_COORDINATOR, FEDERATION_INTERCONNECT
from simulator.inventories import inventories

T = TypeVar("T")

TOKEN_B = "token-of-csp-b"
TOKEN_C = "token-of-csp-c"
OPERATOR = "token-of-the-operator"
LIMITS = Limits(body=2_000, nesting=4)
BEARER_B = {"authorization": f"Bearer {TOKEN_B}"}
BEARER_OPERATOR = {"authorization": f"Bearer {OPERATOR}"}


class Nobody:
    """A transport without peers."""

    async def send(self, call: Call, operation: Operation) -> tuple[int, Message | None]:
        raise NoAnswer("nobody is there")


@dataclass
class Side:
    """A Node and clients of its two apps. ``tokens`` is the table of its east/west app."""

    node: Node
    tokens: Tokens
    east_west: httpx.AsyncClient
    northbound: httpx.AsyncClient


def client_of(app: FastAPI, **headers: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://party", headers=headers)


async def provider_side(clock: Clock | None = None) -> Side:
    """csp-a with its standard and its three-partner inventory; csp-b and csp-c may call."""
    served = CONNECTION_COORDINATOR
    node = Node(
        served.party("csp-a"),
        MemoryStore(),
        clock or VirtualClock(),
        Nobody(),
        _fresh(),
    )
    await node.start()
    stocks = {name: _stock(name) for name in ("three-partners", "one-left")}
    await node.reset(stocks["three-partners"])
    tokens = Tokens({"csp-b": [TOKEN_B], "csp-c": [TOKEN_C]})
    return Side(
        node,
        tokens,
        client_of(east_west_app(node, served, tokens, LIMITS)),
        client_of(
            northbound_app(node, served, Tokens({"operator": [OPERATOR]}), hooks_of(node, stocks), LIMITS),
            **BEARER_OPERATOR,
        ),
    )


def _fresh() -> Callable[[str], str]:
    """UUIDs in order, each kind by itself."""
    numbers: defaultdict[str, count[int]] = defaultdict(lambda: count(1))
    return lambda kind: f"00000000-0000-4000-8000-{next(numbers[kind]):012}"


def _stock(name: str) -> Callable[[Tables], None]:
    inventory = inventories(name)["csp-a"]
    return lambda tables: stock(tables, inventory)


async def operator_side() -> Side:
    """op2, empty."""
    served = FEDERATION_INTERCONNECT
    node = Node(served.party("op2"), MemoryStore(), VirtualClock(), Nobody(), _fresh())
    await node.start()
    return Side(
        node,
        Tokens({}),
        client_of(east_west_app(node, served, presented_key, LIMITS)),
        client_of(northbound_app(node, served, None, {})),
    )


def play(work: Callable[[Side], Awaitable[T]], side: Callable[[], Awaitable[Side]] = provider_side) -> T:
    """Run a test in an event loop of its own."""

    async def run() -> T:
        made = await side()
        try:
            return await work(made)
        finally:
            await made.node.crash()
            await made.east_west.aclose()
            await made.northbound.aclose()

    return asyncio.run(run())


def problem(status: int, title: str, detail: str) -> dict[str, Any]:
    """The Connection Coordinator's error document."""
    return {"type": "about:blank", "title": title, "status": status, "detail": detail}
