"""One party as a process of its own: its Node, its two apps, and what it says when it listens."""

from __future__ import annotations

import contextlib
import json
import shlex
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from reference_impl.kernel.clock import RealClock
from reference_impl.kernel.node import Node, Provisioner
from reference_impl.kernel.party import Call
from reference_impl.kernel.store import MemoryStore, Store
from reference_impl.kernel.transport import Endpoint, HttpTransport, http_client
from reference_impl.serve.authentication import Authenticate, Tokens, presented_key
from reference_impl.serve.config import PartyConfig
from reference_impl.serve.eastwest import east_west_app
from reference_impl.serve.hooks import CONFIGURED, hooks_of
from reference_impl.serve.northbound import northbound_app
from reference_impl.serve.protocol import OWN_URL, Served
from reference_impl.serve.server import serving, until_signal


@dataclass(frozen=True, slots=True)
class Running:
    """A served party: its Node and where its two sides listen."""

    node: Node
    east_west: str
    northbound: str


@contextlib.asynccontextmanager
async def party_served(config: PartyConfig, served: Served, store: Store | None = None) -> AsyncIterator[Running]:
    """The party on its sockets. A store that holds rows already goes on where it stopped; an empty one is stocked."""
    counterparts = {each.id: each for each in config.partners}

    def endpoint_of(call: Call) -> Endpoint | None:
        return served.endpoint(node.tables, counterparts, call)

    async with contextlib.AsyncExitStack() as stack:
        client = await stack.enter_async_context(http_client())
        node = Node(
            served.party(config.id),
            store or MemoryStore(),
            RealClock(),
            HttpTransport(client, endpoint_of),
            lambda kind: str(uuid.uuid4()),
            Provisioner(config.provisioning_ms),
        )
        await node.start()
        stack.push_async_callback(node.stop)
        if not any(node.tables.rows(table) for table in node.party.schema):
            await node.reset(config.stock)
        east_west = east_west_app(node, served, _authenticate(config, served))
        northbound = northbound_app(node, served, config.northbound_token, hooks_of(node, {CONFIGURED: config.stock}))
        yield Running(
            node,
            await stack.enter_async_context(serving(east_west, config.listen.host, config.listen.port)),
            await stack.enter_async_context(serving(northbound, config.northbound.host, config.northbound.port)),
        )


def _authenticate(config: PartyConfig, served: Served) -> Authenticate:
    if served.keys == "party":
        return presented_key
    return Tokens({each.id: [each.token_in] for each in config.partners})


async def run_party(
    config: PartyConfig,
    served: Served,
    store: Store | None = None,
    until: Callable[[], Awaitable[None]] = until_signal,
) -> None:
    """Serve until a signal, and tell on stdout where it listens. Raises OSError where an address cannot be taken."""
    async with party_served(config, served, store) as running:
        sys.stdout.write(greeting(config, served, running))
        sys.stdout.flush()
        await until()
    sys.stdout.write(f"{config.id} has stopped\n")


def greeting(config: PartyConfig, served: Served, running: Running) -> str:
    """Where the party listens and three calls to begin with; the token stays out of it."""
    lines = [
        f"{config.id} serves {served.title}",
        f"  to its counterparts   {running.east_west}    {running.east_west}/openapi.json",
        f"  to its operator       {running.northbound}    {running.northbound}/openapi.json",
    ]
    lines += [f"  counterpart           {each.id} at {each.url}" for each in config.partners]
    lines += ["", f"To start with, where TOKEN is the northbound token of {config.file.name}:"]
    lines += [f"  {curl}" for curl in (_curl(running, "state"), *(_act(running, *each) for each in served.first_steps))]
    return "\n".join([*lines, "", "Ctrl-C stops it."]) + "\n"


def _curl(running: Running, path: str, *more: str) -> str:
    return " ".join(['curl -s -H "Authorization: Bearer $TOKEN"', f"{running.northbound}/{path}", *more])


def _act(running: Running, action: str, inputs: object) -> str:
    shown = json.dumps(inputs).replace(OWN_URL, running.east_west)
    return _curl(running, f"actions/{action}", "--json", shlex.quote(shown))
