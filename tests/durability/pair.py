"""Two served parties as processes of their own, with a tap in each direction, to be killed and started again.

The processes are forked from one that has imported the program already: a start takes a twentieth of the time, and what
runs in them is ``interlock serve`` as ever.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import httpx

from reference_impl.kernel.operation import Recognizer
from reference_impl.serve.protocols import SERVED
from tests.durability.databases import NewDatabase
from tests.durability.tap import Journal, tapped

EXAMPLES = Path(__file__).parents[2] / "examples"
TOKEN = "token-of-the-operator"
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["conformance.cli.serve", "tests.durability.pair", "psycopg"])


def party_process(protocol: str, config: Path, database: str, log: Path) -> None:
    """`interlock serve PROTOCOL --config CONFIG --database DATABASE`, in a process of its own."""
    from conformance.cli.serve import serve

    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    raise SystemExit(serve(protocol, config, database))


class Refused(Exception):
    """A party did not do what it was asked northbound."""


@dataclass(slots=True)
class Seat:
    """One party: its id, its ports, its configuration and its process."""

    id: str
    protocol: str
    east_west: int
    northbound: int
    folder: Path
    client: httpx.AsyncClient
    database: str
    url: str = ""
    """Where its peer finds it: the tap before it."""
    process: ForkServerProcess | None = None

    async def start(self) -> None:
        log = self.folder / f"{self.id}.log"
        config = self.folder / f"{self.id}.toml"
        self.process = _FORKS.Process(target=party_process, args=(self.protocol, config, self.database, log))
        self.process.start()
        while True:
            with contextlib.suppress(httpx.TransportError):
                await self.client.get(self._at("actions"))
                return
            if not self.process.is_alive():
                raise Refused(f"{self.id} does not start: {log.read_text(encoding='utf-8')}")
            await asyncio.sleep(0.005)

    async def kill(self) -> None:
        """kill -9"""
        process = self.process
        if process is not None:
            process.kill()
            await asyncio.to_thread(process.join)

    async def ask(self, action: str, **inputs: Any) -> dict[str, Any]:
        """The outputs of an action, or the handle of a long one as ``operation``."""
        answer = await self.client.post(self._at(f"actions/{action}"), json=inputs)
        if answer.status_code >= 300:
            raise Refused(f"{self.id} {action}: {answer.text}")
        shown = answer.json()
        return {**shown.get("outputs", {}), "operation": shown.get("operation")}

    async def result(self, operation: str) -> str:
        shown = (await self.client.get(self._at(f"operations/{operation}"))).json()
        return " ".join(str(shown[name]) for name in ("result", "reason") if shown.get(name))

    async def state(self) -> dict[str, Any]:
        shown: dict[str, Any] = (await self.client.get(self._at("state"))).json()["outputs"]
        return shown

    async def settled(self, limit_ms: int) -> bool:
        answer = await self.client.post(self._at("hooks/settle"), json={"limit_ms": limit_ms}, timeout=60)
        return bool(answer.json()["outputs"]["settled"])

    def _at(self, path: str) -> str:
        return f"http://127.0.0.1:{self.northbound}/{path}"


@dataclass(slots=True)
class Pair:
    """Two seats by id, and what passed between them."""

    seats: dict[str, Seat]
    journal: Journal = field(default_factory=Journal)

    async def settled(self, limit_ms: int = 20_000) -> bool:
        """Is nothing under way any more, at either side?"""
        return all([await seat.settled(limit_ms) for seat in self.seats.values()])


@contextlib.asynccontextmanager
async def running(protocol: str, ids: tuple[str, str], folder: Path, new_database: NewDatabase) -> AsyncIterator[Pair]:
    """Both parties served, each with a database of its own, each finding the other behind a tap."""
    shutil.copy(EXAMPLES / "inventory.toml", folder)
    known = Recognizer(SERVED[protocol].operations.values())
    async with contextlib.AsyncExitStack() as stack:
        headers = {"authorization": f"Bearer {TOKEN}"}
        client = await stack.enter_async_context(httpx.AsyncClient(trust_env=False, headers=headers, timeout=30))
        ports = stack.enter_context(_reserved_ports(4))
        pair = Pair(
            {
                id: Seat(id, protocol, ports[2 * n], ports[2 * n + 1], folder, client, new_database(folder))
                for n, id in enumerate(ids)
            }
        )
        one, two = pair.seats.values()
        for seat, peer in ((one, two), (two, one)):
            seat.url = await stack.enter_async_context(tapped(peer.id, seat.east_west, known, pair.journal))
        for seat in pair.seats.values():
            _configure(seat, one.url if seat is two else two.url, client)
            stack.push_async_callback(seat.kill)
            await seat.start()
        yield pair


def _configure(seat: Seat, peer_url: str, client: httpx.AsyncClient) -> None:
    """The example's PARTY.toml with the ports of this pair, its peer behind the tap, and quick equipment."""
    lines = []
    for line in (EXAMPLES / f"{seat.id}.toml").read_text(encoding="utf-8").splitlines():
        name = line.partition("=")[0].strip()
        replaced = {
            "listen": f'"127.0.0.1:{seat.east_west}"',
            "northbound": f'"127.0.0.1:{seat.northbound}"',
            "northbound_token": f'"{TOKEN}"',
            "url": f'"{peer_url}"',
            "seconds": "0.05",
        }
        lines.append(f"{name} = {replaced[name]}" if name in replaced else line)
    (seat.folder / f"{seat.id}.toml").write_text("\n".join(lines), encoding="utf-8")


@contextlib.contextmanager
def _reserved_ports(number: int) -> Iterator[list[int]]:
    """Ports that nobody else gets while the block lasts, not even while the party that listens there is killed."""
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(socket.socket()) for _ in range(number)]
        for each in held:
            each.bind(("127.0.0.1", 0))
            each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # the parties bind with it, too
        yield [each.getsockname()[1] for each in held]
