"""A certificate is renewed while the party runs: its own by a new file and SIGHUP, a counterpart's by a new binding."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import re
import shutil
import signal
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import trustme

from reference_impl.serve.config import read_config
from reference_impl.serve.journal import to_nobody
from reference_impl.serve.party import run_party
from reference_impl.serve.protocols import SERVED
from reference_impl.serve.tls import Tls, client_context
from tests.reference_impl.serve.parties import COORDINATOR, OF_B

PROTOCOL = SERVED["connection-coordinator"]
TLS = '[tls]\ncertificate = "own.pem"\nkey = "own-key.pem"\nclient_ca = "ca.pem"\ntrust = "ca.pem"'


@dataclass
class Stage:
    """A running party in ``folder``; csp-b's certificates are called old and new. ``digest`` is over their DER form."""

    folder: Path
    digest: dict[str, str]
    url: str = ""

    def bind(self, *names: str) -> None:
        """Which certificates of csp-b PARTY.toml lists."""
        listed = ", ".join(f'"{self.digest[name]}"' for name in names)
        text = COORDINATOR.format(more=TLS, csp_b=f"certificate_sha256 = [{listed}]", csp_c="")
        (self.folder / "party.toml").write_text(text, encoding="utf-8")

    def install(self, name: str) -> None:
        for end in (".pem", "-key.pem"):
            shutil.copy(self.folder / f"{name}{end}", self.folder / f"own{end}")

    def client(self, name: str) -> httpx.AsyncClient:
        """csp-b with this certificate of its own."""
        shown = Tls(self.folder / f"{name}.pem", self.folder / f"{name}-key.pem")
        context = client_context(shown, self.folder / "ca.pem")
        return httpx.AsyncClient(verify=context, trust_env=False, headers=OF_B, base_url=self.url)

    async def status(self, name: str) -> int:
        """What a new connection with this certificate is told."""
        async with self.client(name) as client:
            return (await client.get("/providers")).status_code

    async def served(self) -> str:
        """The certificate that a new handshake gets."""
        host, port = self.url.removeprefix("https://").split(":")
        context = client_context(Tls(), self.folder / "ca.pem")
        _, writer = await asyncio.open_connection(host, int(port), ssl=context)
        der = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        writer.close()
        return hashlib.sha256(der).hexdigest()


def issue(folder: Path) -> dict[str, str]:
    """Digests by name: two certificates of the party, two of csp-b."""
    ca = trustme.CA()
    ca.cert_pem.write_to_path(folder / "ca.pem")
    digests = {}
    for name, identity in (("first", "127.0.0.1"), ("second", "127.0.0.1"), ("old", "b"), ("new", "b")):
        certificate = ca.issue_cert(identity)
        certificate.cert_chain_pems[0].write_to_path(folder / f"{name}.pem")
        certificate.private_key_pem.write_to_path(folder / f"{name}-key.pem")
        der = ssl.PEM_cert_to_DER_cert(certificate.cert_chain_pems[0].bytes().decode())
        digests[name] = hashlib.sha256(der).hexdigest()
    return digests


@contextlib.asynccontextmanager
async def running(folder: Path, capsys: pytest.CaptureFixture[str]) -> AsyncIterator[Stage]:
    """csp-a as `interlock serve` runs it, with its first certificate and csp-b's old one."""
    stage = Stage(folder, issue(folder))
    stage.install("first")
    stage.bind("old")
    enough = asyncio.Event()

    async def until() -> None:
        await enough.wait()

    party = asyncio.create_task(
        run_party(read_config(folder / "party.toml", PROTOCOL), PROTOCOL, until=until, tell=to_nobody)
    )
    said = ""
    while "to its counterparts" not in said:
        await asyncio.sleep(0)
        said += capsys.readouterr().out
    stage.url = re.findall(r"to its counterparts +(https://\S+)", said)[0]
    try:
        yield stage
    finally:
        enough.set()
        await party


async def hang_up(caplog: pytest.LogCaptureFixture) -> str:
    """SIGHUP, and what the log says to it."""
    told = len(caplog.records)
    os.kill(os.getpid(), signal.SIGHUP)
    async with asyncio.timeout(20):
        while len(caplog.records) == told:
            await asyncio.sleep(0)
    return caplog.records[-1].getMessage()


GOOD = "new credentials hold, for the operator and for csp-b, csp-c"


def test_new_handshakes_get_the_renewed_certificate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    async def run() -> None:
        async with running(tmp_path, capsys) as stage, stage.client("old") as before:
            assert (await before.get("/providers")).status_code == 200
            stage.install("second")
            assert await stage.served() == stage.digest["first"]  # a file alone says nothing
            assert await hang_up(caplog) == GOOD
            assert await stage.served() == stage.digest["second"]
            assert (await before.get("/providers")).status_code == 200  # its connection stays open

    asyncio.run(run())


def test_a_counterpart_changes_over_and_its_old_certificate_is_good_no_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Old, then both, then new alone; at the end the connection that was opened with the old one is refused too."""

    async def run() -> None:
        async with running(tmp_path, capsys) as stage, stage.client("old") as before:
            seen = []
            for listed in (("old",), ("old", "new"), ("new",)):
                stage.bind(*listed)
                assert await hang_up(caplog) == GOOD
                opened = (await before.get("/providers")).status_code
                seen.append((await stage.status("old"), opened, await stage.status("new")))
            assert seen == [(200, 200, 401), (200, 200, 200), (401, 401, 200)]

    asyncio.run(run())


def test_a_certificate_without_its_key_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    async def run() -> None:
        async with running(tmp_path, capsys) as stage:
            shutil.copy(tmp_path / "second.pem", tmp_path / "own.pem")
            stage.bind("new")
            assert (await hang_up(caplog)).startswith("the old credentials hold on: ")
            assert await stage.served() == stage.digest["first"]
            assert [await stage.status(name) for name in ("old", "new")] == [200, 401]

    asyncio.run(run())
