"""Limits over real sockets: each refusal is an error document in the protocol's form."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from starlette.responses import Response

from reference_impl.serve.config import read_config
from reference_impl.serve.connection import Connection
from reference_impl.serve.limits import DEFAULT_LIMITS, Limits
from reference_impl.serve.protocols import SERVED
from reference_impl.serve.rate import Rates
from reference_impl.serve.server import PLAIN_GUARDS, serving
from reference_impl.serve.tomlfile import ConfigError
from tests.reference_impl.serve.parties import COORDINATOR, FEDERATION, OF_B, OF_C, Served, exchange, served

T = TypeVar("T")


def play(directory: Path, limits: str, work: Callable[[Served], Awaitable[T]], text: str = COORDINATOR) -> T:
    async def run() -> T:
        async with served(directory, text, more=f"[limits]\n{limits}\n") as party:
            return await work(party)

    return asyncio.run(run())


# --- rate ---------------------------------------------------------------------------------------------------------


def test_a_bucket_fills_with_time() -> None:
    now = [0.0]
    rates = Rates(2, 3, lambda: now[0])
    allowed = [rates.allow("b") for _ in range(4)]
    now[0] = 0.5
    allowed += [rates.allow("b"), rates.allow("b"), rates.allow("c")]
    now[0] = 100.0
    allowed += [rates.allow("b") for _ in range(4)]
    assert allowed == [True, True, True, False, True, False, True, True, True, True, False]


def test_buckets_are_bounded_and_the_longest_unused_goes_first() -> None:
    rates = Rates(1, 1, lambda: 0.0, callers=2)
    assert [rates.allow(caller) for caller in ("a", "b", "a", "c", "a", "b")] == [True, True, False, True, False, True]


def test_a_counterpart_that_asks_too_often_is_told_so_and_no_other_one_suffers(tmp_path: Path) -> None:
    async def work(party: Served) -> tuple[list[int], Any, Any, list[int]]:
        answers = [await party.get("/providers", **OF_B) for _ in range(4)]
        others = [
            (await party.get("/providers", **OF_C)).status_code,
            (await party.get("/providers", authorization="Bearer nobody's")).status_code,
        ]
        return [each.status_code for each in answers], answers[-1].json(), answers[-1].headers, others

    statuses, document, headers, others = play(tmp_path, "per_second = 1\nburst = 2", work)
    assert (statuses, others) == ([200, 200, 429, 429], [200, 401])
    assert document == {
        "type": "about:blank",
        "title": "Too Many Requests",
        "status": 429,
        "detail": "requests: want fewer in a second, got one too many",
    }
    assert (headers["retry-after"], headers["content-type"]) == ("1", "application/problem+json")


def test_strangers_do_not_use_up_a_partners_allowance(tmp_path: Path) -> None:
    """FI-INPUT-006/2, FI-ERR-32: whoever has no key is on the account of its address, however it calls itself."""

    async def work(party: Served) -> tuple[list[int], int, dict[str, str]]:
        body = {"origFederationId": "federation-one", "destFederationId": "federation-two", "operator": "Op"}

        async def ask(key: str) -> Any:
            headers = {"x-api-key": key} if key else {}
            return await party.client.post(f"{party.running.east_west}/operator/partner", json=body, headers=headers)

        strangers = [await ask("") for _ in range(4)]
        partner = await ask("the-key-of-a-partner")
        return [each.status_code for each in strangers], partner.status_code, strangers[-1].json()

    statuses, partner, document = play(tmp_path, "per_second = 1\nburst = 2", work, FEDERATION)
    assert statuses[2:] == [429, 429]
    assert 429 not in [*statuses[:2], partner]
    assert document == {"message": "requests: want fewer in a second, got one too many"}


# --- slow clients -------------------------------------------------------------------------------------------------

CONFIRM = b"POST /providers/csp-b/environments/env1/ConfirmActivationKey HTTP/1.1\r\nHost: a\r\n"
TOKEN = b"Authorization: Bearer of-b-1\r\n"

# what a client sends before it falls silent, and what it is told: status, detail
SLOW: dict[str, tuple[bytes, int | None, str]] = {
    "nothing": (b"", None, ""),
    "a part of the head": (CONFIRM, 408, "head: want a whole request head in time, got a part"),
    "a part of the body": (
        CONFIRM + TOKEN + b'Content-Length: 90\r\n\r\n{"encodedKey"',
        408,
        "body: want all of it within 1 s, got a part",
    ),
    "a part of a chunk": (
        CONFIRM + TOKEN + b'Transfer-Encoding: chunked\r\n\r\n9\r\n{"enc',
        408,
        "body: want all of it within 1 s, got a part",
    ),
    "a part of a body that nobody reads": (
        CONFIRM + b"Content-Length: 90\r\n\r\n{",
        401,
        "want valid credentials in the header Authorization: Bearer …",
    ),
    "a part of a second head": (
        b"GET /providers HTTP/1.1\r\nHost: a\r\n" + TOKEN + b"\r\nGET /prov",
        200,
        "",
    ),
    "no HTTP at all": (b"\x16\x03\x01\x02\r\n\r\n", 400, "request: want HTTP/1.1, got something else"),
}


@pytest.mark.parametrize("name", SLOW)
def test_a_client_that_does_not_go_on_is_left(name: str, tmp_path: Path) -> None:
    """The read ends: the server closes the connection itself."""
    sent, status, detail = SLOW[name]

    async def work(party: Served) -> bytes:
        return await exchange(party.running.east_west, sent)

    limits = "header_seconds = 1\nbody_seconds = 1\nkeep_alive_seconds = 1"
    answer = play(tmp_path, limits, work)
    if status is None:
        assert answer == b""
        return
    head, _, body = answer.partition(b"\r\n\r\n")
    assert int(head.split()[1]) == status
    if status >= 400:
        assert b"content-type: application/problem+json" in head.lower()
        assert json.loads(body)["detail"] == detail
    if status == 408:
        assert b"connection: close" in head.lower()


@pytest.mark.parametrize(
    ("first", "status"),
    [(b"", b"408"), (CONFIRM + b"Content-Length: 900000\r\n\r\n", b"401")],
    ids=["head", "body that nobody reads"],
)
def test_a_client_that_trickles_is_left_too(first: bytes, status: bytes, tmp_path: Path) -> None:
    """The whole must be there in time: a byte now and then does not buy more of it."""

    async def work(party: Served) -> bytes:
        host, port = party.running.east_west.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(first)
        reading = asyncio.create_task(reader.read())
        async with asyncio.timeout(20):
            while not reading.done():
                writer.write(b"G")
                await asyncio.wait([reading], timeout=0.05)
        writer.close()
        return reading.result()

    assert play(tmp_path, "header_seconds = 1\nbody_seconds = 1", work).startswith(b"HTTP/1.1 " + status)


LARGE = 32 << 20
"""More than the buffers between a server and a client on one machine hold."""


@pytest.mark.parametrize("reads", [True, False])
def test_a_client_that_does_not_take_its_answer_is_cut_off(reads: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that takes it gets all of it, and may come again."""

    async def run() -> bool:
        left = asyncio.Event()
        lost = Connection.connection_lost

        def losing(connection: Connection, problem: Exception | None) -> None:
            lost(connection, problem)
            left.set()

        monkeypatch.setattr(Connection, "connection_lost", losing)
        async with serving(Response(bytes(LARGE)), guards=replace(PLAIN_GUARDS, limits=Limits(write_seconds=1))) as url:
            host, port = url.removeprefix("http://").split(":")
            reader, writer = await asyncio.open_connection(host, int(port), limit=1 << 16)
            writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            taken = 0
            async with asyncio.timeout(20):
                if not reads:
                    await left.wait()
                with contextlib.suppress(ConnectionResetError):
                    while taken < LARGE and (part := await reader.read(1 << 16)):
                        taken += len(part)
            open_still = not left.is_set()
            writer.close()
            return open_still and taken >= LARGE

    assert asyncio.run(run()) == reads


def test_the_refused_are_in_the_log_without_a_word_of_what_they_sent(tmp_path: Path) -> None:
    async def work(party: Served) -> list[dict[str, Any]]:
        await exchange(party.running.east_west, b"GET /geheim HTTP/1.1\r\n")
        return party.log

    (line,) = play(tmp_path, "header_seconds = 1", work)
    assert {name: line[name] for name in line if name != "time"} == {
        "party": "csp-a",
        "side": "east-west",
        "status": 408,
    }


# --- connections --------------------------------------------------------------------------------------------------


def test_there_are_so_many_connections_and_no_more(tmp_path: Path) -> None:
    async def work(party: Served) -> tuple[bytes, bytes, int]:
        host, port = party.running.east_west.removeprefix("http://").split(":")
        idle = [await asyncio.open_connection(host, int(port)) for _ in range(2)]
        ask = b"GET /providers HTTP/1.1\r\nHost: a\r\n" + TOKEN + b"\r\n"
        crowded = await exchange(party.running.east_west, ask)
        more = [await asyncio.open_connection(host, int(port)) for _ in range(2)]
        over = await exchange(party.running.east_west, b"")
        for _, writer in (*idle, *more):
            writer.close()
            await writer.wait_closed()
        while (answer := await party.get("/providers", **OF_B)).status_code == 503:
            await asyncio.sleep(0)
        return crowded, over, answer.status_code

    crowded, over, afterwards = play(tmp_path, "connections = 2", work)
    head, _, body = crowded.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: 1" in head.lower()
    assert json.loads(body)["detail"] == "this server has as many connections as it can carry; come back later"
    assert (over, afterwards) == (b"", 200)


# --- numbers of things --------------------------------------------------------------------------------------------

OFFER = {"account": "X", "remote_account": "X", "environment": "env1", "mbps": 1000}


def test_a_partner_has_so_many_pending_connections_and_no_more(tmp_path: Path) -> None:
    async def work(party: Served) -> tuple[list[int], str, int]:
        offers = [await party.act("/actions/offer", **OFFER) for _ in range(3)]
        uuid = offers[0].json()["outputs"]["uuid"]
        await party.act("/actions/delete", account="X", uuid=uuid)
        again = await party.act("/actions/offer", **OFFER)
        return [each.status_code for each in offers], offers[-1].json()["detail"], again.status_code

    told = "want fewer than 2 pending connections with 'csp-b'"
    assert play(tmp_path, "pending_per_partner = 2", work) == ([200, 200, 422], told, 200)


def test_a_partner_has_so_many_connections_and_no_more(tmp_path: Path) -> None:
    async def work(party: Served) -> list[str]:
        return [(await party.act("/actions/offer", **OFFER)).json().get("detail", "") for _ in range(2)]

    assert play(tmp_path, "connections_per_partner = 1", work) == ["", "want fewer than 1 connections with 'csp-b'"]


# --- PARTY.toml ---------------------------------------------------------------------------------------------------


def _read(directory: Path, limits: str) -> Limits:
    file = directory / "party.toml"
    file.write_text(COORDINATOR.format(more=limits, csp_b="", csp_c=""), encoding="utf-8")
    return read_config(file, SERVED["connection-coordinator"]).limits


def test_the_numbers_come_from_the_file(tmp_path: Path) -> None:
    assert _read(tmp_path, "") == DEFAULT_LIMITS
    assert _read(tmp_path, "[limits]\nbody = 2048\nburst = 7") == Limits(body=2048, burst=7)


@pytest.mark.parametrize(
    ("limits", "error"),
    [
        ("per_second = 0", "limits.per_second: want a whole number from 1 to 2147483647, got a whole number: 0"),
        ("body = 1", "limits.body: want a whole number from 1024 to 2147483647, got a whole number: 1"),
        ("zones_per_partner = 1", "limits.zones_per_partner: want the key "),
    ],
)
def test_numbers_that_make_no_sense_are_refused(limits: str, error: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        _read(tmp_path, f"[limits]\n{limits}")
    assert error in str(caught.value)
