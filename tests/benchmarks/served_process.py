"""A server in a process of its own, to be measured from outside: csp-a with its keys stocked, or a bare echo route.

`python -m tests.benchmarks.served_process echo` and
`python -m tests.benchmarks.served_process party PARTY.toml DATABASE STORED KEYS` print the URL and serve until stdin ends.
DATABASE is a URL, or ``memory``; STORED connections are there already, KEYS are confirmed and wait to be placed.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Query

from reference_impl.connection_coordinator import messages as m
from reference_impl.connection_coordinator.inventory_records import INTERCONNECTS
from reference_impl.connection_coordinator.names import encode_key, environment_name
from reference_impl.connection_coordinator.records import (
    CONNECTIONS,
    KEYS,
    PLACEMENTS,
    Connection,
    Customer,
    Key,
    KeyState,
    Placement,
    Stage,
)
from reference_impl.kernel.clock import RealClock
from reference_impl.kernel.store import MemoryStore, Store
from reference_impl.kernel.store.sql import SqlStore
from reference_impl.kernel.tables import Tables
from reference_impl.serve.config import read_config
from reference_impl.serve.party import party_served
from reference_impl.serve.protocols import CONNECTION_COORDINATOR
from reference_impl.serve.server import serving

PATH = "/providers/csp-b/environments/env1/interconnects/ix1/connections"
PLENTY = 1 << 40
"""Mbps: more than all connections of a benchmark take."""


def stored_uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def waiting_uuid(number: int) -> str:
    return f"00000000-0000-4000-9000-{number:012d}"


def key_of(uuid: str) -> str:
    return encode_key(
        m.ActivationKey(
            version=1,
            destinationEnvironmentUri=environment_name("csp-b", "env1"),
            sharedConnectionUuid=uuid,
            connectionSizeMbps=1000,
            destinationAccountId="X",
        )
    )


def body_of(uuid: str) -> bytes:
    return m.Connection(bandwidthMbps=1000, activationKey=key_of(uuid)).model_dump_json(exclude_none=True).encode()


def fill(tables: Tables, stored: int, keys: int) -> None:
    """So many connections that stand, and keys that were issued and confirmed."""
    now = RealClock().now()
    with tables.begin() as tx:
        for row in tx.rows(INTERCONNECTS):
            tx.put(INTERCONNECTS, replace(row, max_mbps=PLENTY))
        for number in range(stored):
            uuid = stored_uuid(number)
            tx.put(KEYS, Key(uuid, "csp-b", "env1", 1000, "X", key_of(uuid), KeyState.USED, now))
            known = Connection(uuid, "csp-b", "env1", 1000, "X", issuer=True, key_text=key_of(uuid))
            tx.put(CONNECTIONS, replace(known, customer=Customer.ESTABLISHED))
            tx.put(PLACEMENTS, Placement("csp-b", "env1", "ix1", uuid, 1000, own=False, stage=Stage.VERIFIED))
        for number in range(keys):
            uuid = waiting_uuid(number)
            tx.put(KEYS, Key(uuid, "csp-b", "env1", 1000, "X", key_of(uuid), KeyState.CONFIRMED, now))
            tx.put(CONNECTIONS, Connection(uuid, "csp-b", "env1", 1000, "X", issuer=True, key_text=key_of(uuid)))


def echo() -> FastAPI:
    """The yardstick: the same path and body, validated by FastAPI, and nothing done."""
    app = FastAPI()

    @app.post("/providers/{provider}/environments/{environment}/interconnects/{interconnect}/connections")
    async def connection(
        provider: str,
        environment: str,
        interconnect: str,
        connection_id: Annotated[str, Query(alias="connectionId")],
        body: m.Connection,
    ) -> m.Connection:
        return body

    return app


@contextlib.asynccontextmanager
async def party(config: Path, database: str, stored: int, keys: int) -> AsyncIterator[str]:
    """The party as `interlock serve` runs it, with fuller tables."""
    described = read_config(config, CONNECTION_COORDINATOR)

    def stock(tables: Tables) -> None:
        described.stock(tables)
        fill(tables, stored, keys)

    requests = [operation.request for operation in CONNECTION_COORDINATOR.operations.values()]
    store: Store = MemoryStore() if database == "memory" else SqlStore(database, described.id, requests)
    with contextlib.closing(store):
        async with party_served(replace(described, stock=stock), CONNECTION_COORDINATOR, store) as running:
            yield running.east_west


async def main(kind: str, *arguments: str) -> None:
    if kind == "echo":
        serves = serving(echo())
    else:
        config, database, stored, keys = arguments
        serves = party(Path(config), database, int(stored), int(keys))
    async with serves as url:
        sys.stdout.write(url + "\n")
        sys.stdout.flush()
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
