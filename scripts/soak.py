"""A soak: two served providers, a process and a SQLite database each, and customers who never rest.

`.venv/bin/python scripts/soak.py [--connections N] [--clients 8] [--seconds 480] [--keep DIRECTORY]`

Each connection is offered at csp-a, accepted at csp-b, established, updated at one of the two, deleted at one of the
two, through the northbound API. At the end: no answer of 500 and above, both state dumps agree, nothing is reserved.
The resident memory of both processes is printed after each third of the work. No more begins once the seconds
are over, so it always ends. The exit code is 0 when all of this held, 1 otherwise.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[1]
TOKEN = "soak-operator"
SIDES = ("csp-a", "csp-b")
POLL_SECONDS = 0.1
PATIENCE_SECONDS = 60
MARKS = (1 / 3, 2 / 3, 1)
NO_LIMIT = 10**6
"""A soak measures what the party can do, not what it would allow a partner."""

PARTY = """
[party]
protocol = "connection-coordinator"
id = "{me}"
listen = "127.0.0.1:{port}"
northbound = "127.0.0.1:{northbound}"
northbound_token = "{token}"

[[partners]]
id = "{peer}"
url = "http://127.0.0.1:{peer_port}"
token_out = "{me}-to-{peer}"
token_in = "{peer}-to-{me}"

[provisioning]
seconds = 0

[limits]
per_second = {limit}
burst = {limit}
pending_per_partner = {limit}
connections_per_partner = {limit}

[inventory]
file = "inventory.toml"

[inventory.guidance]
asn_ranges = [[{asn}, {asn}]]
vlan_ranges = [[1100, 4094]]
mtu_ranges = [[1300, 9001]]
ipv4 = [{{ include = "169.254.0.0/16" }}]
ipv4_lengths = [30]
"""


class Broken(Exception):
    """The soak found what must not be."""


@dataclass
class Side:
    """One served provider as its customers see it."""

    me: str
    process: subprocess.Popen[str]
    client: httpx.AsyncClient
    statuses: Counter[int] = field(default_factory=Counter)

    async def act(self, action: str, **inputs: Any) -> dict[str, Any]:
        response = await self.client.post(f"/actions/{action}", json=inputs)
        return self._read(response)

    async def state(self) -> dict[str, Any]:
        outputs: dict[str, Any] = self._read(await self.client.get("/state"))["outputs"]
        return outputs

    def _read(self, response: httpx.Response) -> dict[str, Any]:
        self.statuses[response.status_code] += 1
        if response.status_code >= 400:
            raise Broken(f"{self.me} answers {response.status_code}: {response.text[:300]}")
        found: dict[str, Any] = response.json()
        return found

    async def done(self, began: dict[str, Any]) -> None:
        """Wait until a long action has ended well."""
        end = time.monotonic() + PATIENCE_SECONDS
        while (answer := await self.act("poll", operation=began["operation"]))["result"] == "running":
            if time.monotonic() > end:
                raise Broken(f"{self.me}: {began['operation']} runs longer than {PATIENCE_SECONDS} s: {answer}")
            await asyncio.sleep(POLL_SECONDS)
        if answer["result"] != "ok":
            raise Broken(f"{self.me}: {answer}")

    def resident_mb(self) -> float:
        with open(f"/proc/{self.process.pid}/statm", encoding="ascii") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


@dataclass
class Soak:
    """The work and what became of it."""

    sides: dict[str, Side]
    connections: int
    seconds: float
    done: int = 0
    begun: int = 0
    memory: list[tuple[int, float, list[float]]] = field(default_factory=list)
    """(connections done, seconds, resident MB of csp-a and of csp-b)"""

    async def customer(self, started: float) -> None:
        while self.begun < self.connections and time.monotonic() - started < self.seconds:
            self.begun += 1
            await self._one(self.begun)
            self.done += 1
            self._note(started)

    async def _one(self, number: int) -> None:
        """The life of a connection. Who updates and who deletes takes turns."""
        a, b = (self.sides[me] for me in SIDES)
        offered = (await a.act("offer", account="X", remote_account="X", environment="env1", mbps=1000))["outputs"]
        await b.done(await b.act("accept", account="X", activation_key=offered["activation_key"], consent=True))
        uuid = offered["uuid"]
        await self._established(a, uuid)
        updates, deletes = (a, b) if number % 2 else (b, a)
        await updates.done(await updates.act("update", account="X", uuid=uuid, mbps=10000))
        await self._established(deletes, uuid)
        await deletes.done(await deletes.act("delete", account="X", uuid=uuid))

    async def _established(self, side: Side, uuid: str) -> None:
        """The other side sees it a moment later."""
        end = time.monotonic() + PATIENCE_SECONDS
        while (shown := (await side.act("read", account="X", uuid=uuid))["outputs"])["state"] != "established":
            if shown["state"] in ("failed", "deleted") or time.monotonic() > end:
                raise Broken(f"{side.me}: {shown}")
            await asyncio.sleep(POLL_SECONDS)

    def _note(self, started: float) -> None:
        taken = time.monotonic() - started
        share = max(self.done / self.connections, taken / self.seconds)
        if len(self.memory) < len(MARKS) - 1 and share >= MARKS[len(self.memory)]:
            self.note_memory(taken)

    def note_memory(self, taken: float) -> None:
        self.memory.append((self.done, taken, [side.resident_mb() for side in self.sides.values()]))


def problems(states: dict[str, dict[str, Any]], done: int) -> list[str]:
    """What is wrong with the state of two providers after all connections were deleted."""
    found = []
    shown = {me: {row["uuid"]: row["customer"] for row in state["connections"]} for me, state in states.items()}
    if shown["csp-a"] != shown["csp-b"]:
        differ = [uuid for uuid in shown["csp-a"] if shown["csp-a"][uuid] != shown["csp-b"].get(uuid)]
        found.append(f"the two sides differ on {len(differ)} connections, for example {differ[:1]}")
    for me, state in states.items():
        deleted = sum(row["customer"] == "deleted" for row in state["connections"])
        placed = sum(len(row["placements"]) for row in state["connections"])
        reserved = sum(row["reserved_mbps"] for row in state["interconnects"])
        if (deleted, placed, reserved) != (done, 0, 0):
            found.append(
                f"{me}: want {done} deleted, 0 placed, 0 Mbps reserved; got {deleted}, {placed}, {reserved} Mbps"
            )
    return found


@contextlib.contextmanager
def served(directory: Path, me: str, peer: str, ports: dict[str, tuple[int, int]]) -> Iterator[subprocess.Popen[str]]:
    """A provider in a process of its own, as `interlock serve` runs it."""
    port, northbound = ports[me]
    config = directory / f"{me}.toml"
    asn = 64512 + SIDES.index(me)
    text = PARTY.format(
        me=me, peer=peer, port=port, northbound=northbound, peer_port=ports[peer][0], token=TOKEN, asn=asn,
        limit=NO_LIMIT,
    )  # fmt: skip
    config.write_text(text, encoding="utf-8")
    inventory = (ROOT / "examples" / "inventory.toml").read_text(encoding="utf-8")
    roomy = inventory.replace("max_mbps = 100000\n", "max_mbps = 100000000\n")
    (directory / "inventory.toml").write_text(roomy, encoding="utf-8")
    command = [sys.executable, "-c", "from conformance.cli import main; main()", "serve", "connection-coordinator"]
    command += ["--config", str(config), "--database", f"sqlite:///{directory / me}.db"]
    with (directory / f"{me}.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=log, text=True)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]


@contextlib.asynccontextmanager
async def both(directory: Path) -> AsyncIterator[dict[str, Side]]:
    taken = free_ports(4)
    ports = {me: (taken[2 * number], taken[2 * number + 1]) for number, me in enumerate(SIDES)}
    async with contextlib.AsyncExitStack() as stack:
        sides = {}
        for me, peer in (SIDES, SIDES[::-1]):
            process = stack.enter_context(served(directory, me, peer, ports))
            client = httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{ports[me][1]}",
                headers={"authorization": f"Bearer {TOKEN}"},
                timeout=30,
                trust_env=False,
                limits=httpx.Limits(max_connections=64),
            )
            sides[me] = Side(me, process, await stack.enter_async_context(client))
        for side in sides.values():
            await _listens(side, directory)
            await side.act("set_quota", account="X", connections=10**6)
        yield sides


async def _listens(side: Side, directory: Path) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            await side.client.get("/actions")
            return
        except httpx.TransportError:
            if side.process.poll() is not None or time.monotonic() > end:
                log = (directory / f"{side.me}.log").read_text(encoding="utf-8")
                raise Broken(f"{side.me} does not listen:\n{log}") from None
            await asyncio.sleep(0.05)


async def soak(directory: Path, connections: int, clients: int, seconds: float) -> tuple[Soak, list[str]]:
    """Play it; what was found wrong comes second, empty when all is well."""
    async with both(directory) as sides:
        play = Soak(sides, connections, seconds)
        started = time.monotonic()
        results = await asyncio.gather(*(play.customer(started) for _ in range(clients)), return_exceptions=True)
        found = [str(result) or type(result).__name__ for result in results if isinstance(result, BaseException)]
        play.note_memory(time.monotonic() - started)
        if not found:
            found += problems({me: await _at_rest(side) for me, side in sides.items()}, play.done)
        for side in sides.values():
            found += [f"{side.me}: {many} answers {status}" for status, many in side.statuses.items() if status >= 500]
        return play, found


async def _at_rest(side: Side) -> dict[str, Any]:
    await side.client.post("/hooks/settle", json={"limit_ms": 20_000})
    return await side.state()


def report(play: Soak, found: list[str]) -> str:
    done, taken, _ = play.memory[-1]
    lines = [f"{done} connections created, accepted, updated, deleted in {taken:.0f} s: {done / taken:.1f} a second"]
    lines.append(f"{'connections':>12} {'seconds':>8} {'csp-a MB':>9} {'csp-b MB':>9}")
    lines += [f"{many:>12} {at:>8.0f} {a:>9.1f} {b:>9.1f}" for many, at, (a, b) in play.memory]
    for side in play.sides.values():
        answers = ", ".join(f"{many} x {status}" for status, many in sorted(side.statuses.items()))
        lines.append(f"{side.me} answered northbound {answers}")
    return "\n".join([*lines, *(f"WRONG: {each}" for each in found), "soak: " + ("failed" if found else "passed")])


def main() -> int:
    parser = argparse.ArgumentParser(description="Two served providers under load, and what is left of it")
    parser.add_argument("--connections", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=480)
    parser.add_argument("--keep", type=Path, help="a directory for the configurations, databases and logs")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        directory = asked.keep or Path(scratch)
        directory.mkdir(parents=True, exist_ok=True)
        play, found = asyncio.run(soak(directory, asked.connections, asked.clients, asked.seconds))
    sys.stdout.write(report(play, found) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
