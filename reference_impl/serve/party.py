"""One party as a process of its own: its Node, its two apps, and what it says when it listens."""

from __future__ import annotations

import contextlib
import json
import logging
import shlex
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from reference_impl.kernel.clock import RealClock
from reference_impl.kernel.node import Node
from reference_impl.kernel.party import Call, Refusal
from reference_impl.kernel.provisioner import Provisioner
from reference_impl.kernel.store import MemoryStore, Store
from reference_impl.kernel.transport import Endpoint, HttpTransport, http_client
from reference_impl.serve.census import Census
from reference_impl.serve.config import PartyConfig
from reference_impl.serve.connection import Guards
from reference_impl.serve.credentials import Credentials
from reference_impl.serve.eastwest import east_west_app, error_maker
from reference_impl.serve.hooks import CONFIGURED, hooks_of
from reference_impl.serve.journal import Journal, Kept, Metrics, Tell, Watched, to_nobody, to_stderr
from reference_impl.serve.limits import NORTHBOUND_LIMITS
from reference_impl.serve.northbound import northbound_app, problem
from reference_impl.serve.probes import Probes
from reference_impl.serve.protocol import OWN_URL, Served, Stock
from reference_impl.serve.rate import Rates
from reference_impl.serve.server import on_hangup, serving, together, until_signal

LOG = logging.getLogger("interlock.serve")

NO_INVENTORIES: Mapping[str, Stock] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Running:
    """A served party: its Node, where its two sides listen, its secrets."""

    node: Node
    east_west: str
    northbound: str
    credentials: Credentials


@contextlib.asynccontextmanager
async def party_served(
    config: PartyConfig,
    served: Served,
    store: Store | None = None,
    tell: Tell = to_nobody,
    inventories: Mapping[str, Stock] = NO_INVENTORIES,
) -> AsyncIterator[Running]:
    """The party on its sockets. A store that holds rows already goes on where it stopped; an empty one is stocked.

    ``inventories`` are those that the hook ``reset`` offers beside the configured one; ``NAME@SEAT`` is a seat's copy.
    ``tell`` takes a line of the log for each request. At the end both sides finish what is under way, then the Node.
    """
    credentials = Credentials(config, served)

    def endpoint_of(call: Call) -> Endpoint | None:
        return served.endpoint(node.tables, credentials.counterparts, call)

    async with contextlib.AsyncExitStack() as stack:
        client = await stack.enter_async_context(
            http_client(tls=credentials.calls_tls, tls_of=credentials.calls_tls_of)
        )
        party = served.party(config.id)
        census = Census(served.counted)
        node = Node(
            party.deciding(replace(party.decisions, **config.quotas)) if config.quotas else party,
            store or MemoryStore(),
            RealClock(),
            HttpTransport(client, endpoint_of),
            lambda kind: str(uuid.uuid4()),
            Provisioner(config.provisioning_ms, {} if served.equipment is None else served.equipment(config.registry)),
            watch=census,
        )
        await node.start()
        stack.push_async_callback(node.stop)
        if not any(node.tables.rows(table) for table in node.party.schema):
            await node.reset(config.stock)
        kept = Kept(tell)
        journal = Journal(config.id, kept, Metrics(census.numbers))
        urls = await stack.enter_async_context(
            together(
                _east_west(config, served, node, credentials, journal),
                _northbound(config, served, node, credentials, journal, inventories, kept),
            )
        )
        yield Running(node, urls[0], urls[1], credentials)


def _east_west(
    config: PartyConfig, served: Served, node: Node, credentials: Credentials, journal: Journal
) -> AbstractAsyncContextManager[str]:
    limits = config.limits
    rates = Rates(limits.per_second, limits.burst)
    app = east_west_app(node, served, credentials.authenticate, limits, credentials.certificates, rates)
    guards = Guards(error_maker(served), limits, journal.refused("east-west"))
    watched = Watched(app, "east-west", journal)
    return serving(watched, config.listen.host, config.listen.port, guards, credentials.east_west_tls)


def _northbound(
    config: PartyConfig,
    served: Served,
    node: Node,
    credentials: Credentials,
    journal: Journal,
    inventories: Mapping[str, Stock],
    kept: Kept,
) -> AbstractAsyncContextManager[str]:
    async def rotate(inputs: dict[str, Any]) -> dict[str, Any]:
        return {"partners": credentials.rotate()}

    limits = replace(config.limits, body=NORTHBOUND_LIMITS.body)
    app = northbound_app(
        node,
        served,
        credentials.operator,
        hooks_of(node, {CONFIGURED: config.stock, **inventories}),
        limits,
        {"rotate_credentials": rotate, "logs": kept.logs},
        Probes(node, journal.metrics).answers,
    )
    guards = Guards(problem, limits, journal.refused("northbound"))
    watched = Watched(app, "northbound", journal)
    return serving(watched, config.northbound.host, config.northbound.port, guards, credentials.northbound_tls)


async def run_party(
    config: PartyConfig,
    served: Served,
    store: Store | None = None,
    until: Callable[[], Awaitable[None]] = until_signal,
    tell: Tell = to_stderr,
    inventories: Mapping[str, Stock] = NO_INVENTORIES,
) -> None:
    """Serve until a signal, and tell on stdout where it listens. Raises OSError where an address cannot be taken.

    At SIGHUP the secrets are read again.
    """
    async with party_served(config, served, store, tell, inventories) as running:
        with on_hangup(lambda: _rotate(running.credentials)):
            sys.stdout.write(greeting(config, served, running))
            sys.stdout.flush()
            await until()
    sys.stdout.write(f"{config.id} has stopped\n")


def _rotate(credentials: Credentials) -> None:
    try:
        partners = credentials.rotate()
    except Refusal as refusal:
        LOG.error("the old credentials hold on: %s", refusal.detail)
    else:
        LOG.warning("new credentials hold, for the operator and for %s", ", ".join(partners) or "no partner")


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
