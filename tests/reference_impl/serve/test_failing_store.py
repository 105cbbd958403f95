"""What the operator sees of a store that fails: probes and control hooks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import httpx

from reference_impl.connection_coordinator.inventory_records import PARTNERS, Partner
from reference_impl.kernel.clock import VirtualClock
from reference_impl.kernel.node import Node
from reference_impl.kernel.store import MemoryStore, StoreError
from reference_impl.kernel.tables import Change, Table, Tables
from reference_impl.serve.hooks import hooks_of
from reference_impl.serve.journal import Metrics
from reference_impl.serve.northbound import northbound_app
from reference_impl.serve.probes import Probes
from reference_impl.serve.protocols import SERVED
from tests.reference_impl.serve.served_nodes import Nobody, client_of

PROTOCOL = SERVED["connection-coordinator"]


class Disk(MemoryStore):
    """``full``: nothing more fits. ``gone``: nothing can be read either."""

    full = False
    gone = False

    def load(self, schema: Sequence[Table[Any]]) -> Tables:
        if self.gone:
            raise StoreError("no such device")
        return super().load(schema)

    def commit(self, changes: Sequence[Change]) -> None:
        if self.full or self.gone:
            raise StoreError("no space left on device")
        super().commit(changes)


def _partners(*ids: str) -> Callable[[Tables], None]:
    def stock(tables: Tables) -> None:
        with tables.begin() as tx:
            for id in ids:
                tx.put(PARTNERS, Partner(id, id, "csp-a"))

    return stock


class Stage:
    """A provider with one partner on a disk. ``now`` is the probes' clock, in seconds."""

    def __init__(self) -> None:
        self.disk = Disk()
        self.clock = VirtualClock()
        self.node = Node(PROTOCOL.party("csp-a"), self.disk, self.clock, Nobody(), str)
        self.now = 0.0

    def partners(self) -> list[str]:
        return [row.id for row in self.node.tables.rows(PARTNERS)]


def play(story: Callable[[Stage, httpx.AsyncClient], Awaitable[None]]) -> None:
    async def run() -> None:
        stage = Stage()
        await stage.node.start()
        await stage.node.reset(_partners("csp-b"))
        hooks = hooks_of(stage.node, {"other": _partners("csp-c")})
        probes = Probes(stage.node, Metrics(dict), lambda: stage.now)
        async with client_of(northbound_app(stage.node, PROTOCOL, None, hooks, probes=probes.answers)) as client:
            await story(stage, client)
        await stage.node.crash()

    asyncio.run(run())


async def _change(client: httpx.AsyncClient) -> int:
    """The status of an action that changes something: of no account, so of none but the store."""
    return (await client.post("/hooks/reset", json={})).status_code


def test_a_change_that_was_not_kept_makes_the_party_not_ready_at_once_and_until_one_is() -> None:
    async def story(stage: Stage, client: httpx.AsyncClient) -> None:
        seen = []
        for full, now, changes in ((False, 0.0, False), (True, 0.1, True), (False, 0.2, False), (False, 1.0, False)):
            stage.disk.full, stage.now = full, now
            if changes:
                assert await _change(client) == 503
                await stage.clock.run(lambda: False, 1_000)
            seen.append((await client.get("/readyz")).status_code)
        assert seen == [200, 503, 503, 200]

    play(story)


def test_a_reset_that_is_not_kept_is_told_and_leaves_the_party_as_it_was() -> None:
    async def story(stage: Stage, client: httpx.AsyncClient) -> None:
        stage.disk.full = True
        answer = await client.post("/hooks/reset", json={})
        assert answer.status_code == 503
        assert answer.json()["detail"] == "nothing was reset: the store does not take it; its log knows more"
        await stage.clock.run(lambda: False, 1_000)
        assert stage.partners() == ["csp-b"]
        stage.disk.full = False
        assert (await client.post("/hooks/reset", json={})).status_code == 200
        assert stage.partners() == ["csp-c"]

    play(story)


def test_a_restart_without_a_store_is_told_and_made_up_for() -> None:
    async def story(stage: Stage, client: httpx.AsyncClient) -> None:
        for hook in ("restart", "crash"):
            stage.disk.gone = True
            answer = await client.post(f"/hooks/{hook}", json={})
            assert answer.status_code == 503
            assert answer.json()["detail"].startswith("the store cannot be used: the party begins once it can; ")
            assert (await client.get("/state")).status_code == 503
            stage.disk.gone = False
            await stage.clock.run(lambda: False, 2_000)
            assert (await client.get("/state")).status_code == 200

    play(story)
