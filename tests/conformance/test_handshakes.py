"""Handshakes with a real listener on this machine, which offers this or that (CC-SEC-001)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import trustme
from starlette.responses import PlainTextResponse

from conformance.handshakes import Guard, guarded, plainly, shake
from reference_impl.serve.server import serving
from reference_impl.serve.tls import NO_TLS, Tls, server_context


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    pem: Path = tmp_path_factory.mktemp("tls") / "own.pem"
    trustme.CA().issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(pem)
    return Tls(certificate=pem)


async def _came_about(own: Tls, guard: Guard) -> list[str]:
    context = server_context(own, clients=False)
    guarded(context, guard, own)
    async with serving(PlainTextResponse("here"), tls=context) as url:
        seen = [await shake(url, version, NO_TLS) for version in ("TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3")]
    assert all(each["able"] and each["reached"] for each in seen)
    return [each["offered"] for each in seen if each["established"]]


@pytest.mark.parametrize(
    ("guard", "versions"),
    [
        ("TLS 1.3", ["TLS 1.3"]),
        ("TLS 1.2", ["TLS 1.2"]),
        ("a certificate that nobody vouches for", ["TLS 1.3"]),
    ],
)
def test_the_versions_that_come_about(own: Tls, guard: Guard, versions: list[str]) -> None:
    assert asyncio.run(_came_about(own, guard)) == versions


def test_a_guard_is_raised_again(own: Tls) -> None:
    async def twice() -> list[str]:
        context = server_context(own, clients=False)
        guarded(context, "TLS 1.2", own)
        guarded(context, "TLS 1.3", own)
        async with serving(PlainTextResponse("here"), tls=context) as url:
            return [v for v in ("TLS 1.2", "TLS 1.3") if (await shake(url, v, NO_TLS))["established"]]

    assert asyncio.run(twice()) == ["TLS 1.3"]


def test_without_tls(own: Tls) -> None:
    async def both() -> list[int | None]:
        async with (
            serving(PlainTextResponse("here")) as url,
            serving(PlainTextResponse("here"), tls=server_context(own, clients=False)) as protected,
        ):
            return [(await plainly(each, "/"))["status"] for each in (url, protected)]

    assert asyncio.run(both()) == [200, None]


def test_where_nobody_listens() -> None:
    assert asyncio.run(shake("https://127.0.0.1:1", "TLS 1.3", NO_TLS))["reached"] is False
    assert asyncio.run(plainly("https://127.0.0.1:1", "/")) == {"reached": False, "status": None}
