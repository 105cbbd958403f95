"""Parties on real sockets for the tests of this room: PARTY.toml written for the test, and clients of both sides."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from reference_impl.serve.config import read_config
from reference_impl.serve.party import Running, party_served
from reference_impl.serve.protocols import SERVED

COORDINATOR = """\
[party]
protocol = "connection-coordinator"
id = "csp-a"
listen = "127.0.0.1:0"
northbound = "127.0.0.1:0"
northbound_token = "operator-1"

[[partners]]
id = "csp-b"
url = "http://127.0.0.1:9"
token_out = "to-b-1"
token_in = "of-b-1"
{csp_b}

[[partners]]
id = "csp-c"
url = "http://127.0.0.1:9"
token_out = "to-c-1"
token_in = "of-c-1"
{csp_c}

[provisioning]
seconds = 0

[inventory]
accounts = [{{ id = "X" }}]
environments = [{{ id = "env1", peer = "csp-b" }}]
interconnects = [{{ id = "ix1", peer = "csp-b", environment = "env1" }}]

{more}
"""

FEDERATION = """\
[party]
protocol = "federation-interconnect"
id = "op2"
listen = "127.0.0.1:0"
northbound = "127.0.0.1:0"
northbound_token = "operator-1"

{more}
"""

OPERATOR = {"authorization": "Bearer operator-1"}
OF_B = {"authorization": "Bearer of-b-1"}
OF_C = {"authorization": "Bearer of-c-1"}


@dataclass
class Served:
    """A running party with a client, and what its log said."""

    running: Running
    client: httpx.AsyncClient
    file: Path
    log: list[dict[str, Any]] = field(default_factory=list)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """East/west."""
        return await self.client.get(self.running.east_west + path, headers=headers)

    async def operator(self, path: str, token: str = "operator-1", **headers: str) -> httpx.Response:
        return await self.client.get(
            self.running.northbound + path, headers={"authorization": f"Bearer {token}", **headers}
        )

    async def act(self, path: str, **inputs: Any) -> httpx.Response:
        return await self.client.post(self.running.northbound + path, json=inputs, headers=OPERATOR)


@contextlib.asynccontextmanager
async def served(
    directory: Path, text: str, verify: ssl.SSLContext | bool = True, **more: str
) -> AsyncIterator[Served]:
    """The party of a PARTY.toml; ``more`` fills its gaps."""
    file = directory / "party.toml"
    gaps = {"more": "", "csp_b": "", "csp_c": ""} | more
    file.write_text(text.format(**gaps), encoding="utf-8")
    protocol = SERVED["federation-interconnect" if text is FEDERATION else "connection-coordinator"]
    log: list[dict[str, Any]] = []
    async with (
        party_served(read_config(file, protocol), protocol, tell=lambda line: log.append(dict(line))) as running,
        httpx.AsyncClient(trust_env=False, verify=verify) as client,
    ):
        yield Served(running, client, file, log)


async def exchange(url: str, *parts: bytes) -> bytes:
    """Send bytes to a server and read until it closes the connection."""
    host, _, port = url.rpartition("//")[2].partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    for part in parts:
        writer.write(part)
    answer = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    return answer
