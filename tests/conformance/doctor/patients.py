"""Targets for the doctor: reference parties on real sockets, and servers that are broken in one way."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from starlette.types import ASGIApp

from conformance.doctor import Finding, examine
from conformance.target.file import read_target
from reference_impl.serve.server import serving
from tests.reference_impl.serve.parties import FEDERATION, served

PARTY = """\
[party]
protocol = "connection-coordinator"
id = "acme"
listen = "127.0.0.1:0"
northbound = "127.0.0.1:0"
northbound_token = "operator-1"

[[partners]]
id = "interlock"
url = "{door}"
token_out = "to-b-1"
token_in = "of-b-1"

[[partners]]
id = "csp-c"
url = "http://127.0.0.1:9"
token_out = "to-c-1"
token_in = "of-c-1"

[provisioning]
seconds = 0

[inventory]
accounts = [{{ id = "X" }}]
environments = [{{ id = "env1", peer = "interlock" }}]
interconnects = [{{ id = "ix1", peer = "interlock", environment = "env1", max_mbps = 20000 }}]
channels = [{{ id = "ch1", peer = "interlock", environment = "env1", interconnect = "ix1", macsec_manager = "acme" }}]

{more}
"""

TARGET = """\
[target]
name = "Acme"
protocol = "connection-coordinator"
seats = ["csp-b"]
base_url = "{east_west}"
capabilities = ["update", "delete"]

[identity]
target = {{ id = "acme" }}
counterpart = {{ id = "interlock" }}

[auth]
{trust}
outbound = {{ kind = "bearer", token_env = "OF_B" }}
inbound = {{ kind = "bearer", token_env = "TO_B" }}
third = {{ outbound = {{ kind = "bearer", token_env = "OF_C" }} }}

[counterpart]
listen = "{listen}"

[inventory]
accounts = [{{ id = "X" }}]
environments = [{{ id = "env1" }}]
interconnects = [{{ id = "ix1", environment = "env1", max_mbps = 20000 }}]
channels = [{{ id = "ch1", environment = "env1", interconnect = "ix1", macsec_manager = "acme" }}]

[northbound]
kind = "http"
style = "interlock"
base_url = "{northbound}"
auth = {{ kind = "bearer", token_env = "OPERATOR" }}
"""

OPERATOR = """\
[target]
name = "Acme Mobile"
protocol = "federation-interconnect"
seats = ["op1"]
base_url = "{east_west}"

[northbound]
kind = "http"
style = "interlock"
base_url = "{northbound}"
auth = {{ kind = "bearer", token_env = "OPERATOR" }}
"""

TOKENS = {"OF_B": "of-b-1", "TO_B": "to-b-1", "OF_C": "of-c-1", "OPERATOR": "operator-1"}

Told = tuple[str, str, str, str]


def free_address() -> str:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{listening.getsockname()[1]}"


class Clinic:
    """One target file, and what the doctor finds; URLs are replaced by EW, NB and DOOR."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.door = free_address()

    async def told(
        self, text: str, east_west: str, northbound: str = "", now: Callable[[], float] = time.time, trust: str = ""
    ) -> list[Told]:
        file = self.directory / "target.toml"
        names = {"east_west": east_west, "northbound": northbound, "listen": self.door, "trust": trust}
        file.write_text(text.format(**names), encoding="utf-8")
        found = await examine(read_target(file), now)
        urls = {east_west: "EW", northbound: "NB", self.door: "DOOR"}
        return [self._plain(each, urls) for each in found]

    def _plain(self, found: Finding, urls: dict[str, str]) -> Told:
        texts = [found.found, found.change]
        for url, name in sorted(urls.items(), key=lambda each: -len(each[0])):
            for part in (url, url.rpartition("//")[2]):
                texts = [text.replace(part, name) for text in texts] if part else texts
        return found.check, found.level, texts[0], texts[1]


def examined(
    directory: Path,
    target: str = TARGET,
    party: str = PARTY,
    now: Callable[[], float] = time.time,
    door: str = "",
    **gaps: str,
) -> list[Told]:
    """The findings about a served reference party."""

    async def run() -> list[Told]:
        clinic = Clinic(directory)
        gaps_ = {"door": door.replace("DOOR", clinic.door) or f"http://{clinic.door}"} | gaps
        text = FEDERATION if party is FEDERATION else party
        async with served(directory, text, True, **gaps_) as patient:
            return await clinic.told(target, patient.running.east_west, patient.running.northbound, now)

    return asyncio.run(run())


def examined_app(directory: Path, app: ASGIApp, target: str, now: Callable[[], float] = time.time) -> list[Told]:
    """The findings about an app on a real socket; its northbound side is the same."""

    async def run() -> list[Told]:
        async with serving(app) as url:
            return await Clinic(directory).told(target, url, url + "/north", now)

    return asyncio.run(run())


def examined_bytes(
    directory: Path, answer: bytes | None, target: str, now: Callable[[], float] = time.time
) -> list[Told]:
    """The findings about a server that answers every request with the same bytes; None: with nothing."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            if answer is not None:
                writer.write(answer)
                writer.close()

    async def run() -> list[Told]:
        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()[:2]
        found = await Clinic(directory).told(target, f"http://{host}:{port}", now=now)
        server.close()
        return found

    return asyncio.run(run())


@contextlib.asynccontextmanager
async def secured(app: ASGIApp, context: ssl.SSLContext | None) -> AsyncIterator[str]:
    """An app whose URL says https."""
    serve: AbstractAsyncContextManager[str] = serving(app, tls=context)
    async with serve as url:
        yield "https" + url.removeprefix("https").removeprefix("http")


def but(found: list[Told], check: str) -> Told:
    """The finding of that name."""
    return next(each for each in found if each[0] == check)


def wrong(found: list[Told]) -> list[Told]:
    """All that is not well."""
    return [each for each in found if each[1] != "ok"]
