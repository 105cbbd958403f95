"""The adapter of the reference's own northbound API, and the choice between adapters."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from conformance.northbound import Answered, HttpNorthbound, Lacks, NorthboundError
from conformance.northbound.build import northbound_of
from conformance.northbound.http import MappedNorthbound
from conformance.northbound.manual import ManualNorthbound
from conformance.northbound.none import NoNorthbound
from conformance.northbound.python import PythonNorthbound
from conformance.target import (
    HttpAction,
    HttpChoice,
    ManualChoice,
    NorthboundChoice,
    PythonChoice,
    Target,
)
from tests.reference_impl.serve.served_nodes import Side, play

OFFER = {"account": "X", "remote_account": "X", "environment": "env1", "mbps": 1000, "peer": "csp-b"}


def test_actions_hooks_and_state_of_a_reference_party() -> None:
    async def work(side: Side) -> list[Answered]:
        adapter = HttpNorthbound(side.northbound)
        state = await adapter.state()
        assert "connections" in state
        return [
            await adapter.act("offer", OFFER),
            await adapter.act("offer", OFFER | {"mbps": 7}),
            await adapter.act("offers", {}),
            await adapter.act("suspend", {}),
            await adapter.hook("reset", {"inventory": "one-left"}),
            await adapter.hook("reboot", {}),
            await adapter.act("read", {"account": "X", "uuid": "nowhere"}),
        ]

    offered, dear, nobody, absent, reset, rebooted, read = play(work)
    assert (offered.result, offered.outputs["state"]) == ("ok", "pending")
    assert (dear.result, nobody.result, read.result) == ("refused", "refused", "refused")
    assert absent == Answered("unavailable", "adapter lacks suspend")
    assert reset == Answered("ok", outputs={"inventory": "one-left"})
    assert rebooted == Answered("unavailable", "adapter lacks reboot")


def told(answer: Callable[[httpx.Request], httpx.Response]) -> str:
    async def run() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://h") as client:
            await HttpNorthbound(client).act("offer", {})

    with pytest.raises(NorthboundError) as caught:
        asyncio.run(run())
    return str(caught.value)


def test_what_can_be_mended_is_told() -> None:
    def down(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("Connection refused")

    where = "northbound POST http://h/actions/offer"
    assert told(down) == f"{where}: want an answer, got no connection: Connection refused"
    assert told(lambda _: httpx.Response(502, text="bad gateway")) == f"{where}: want an answer, got 502 bad gateway"
    nonsense = f"{where}: want a JSON object with result and outputs, got 200"
    assert told(lambda _: httpx.Response(200, text="<html>\n<p>")) == f"{nonsense} <html> <p>"
    assert told(lambda _: httpx.Response(200, json={"offered": 1})) == f'{nonsense} {{"offered":1}}'
    assert told(lambda _: httpx.Response(200, text="[" * 100_000)) == f"{nonsense} {'[' * 200}"
    listed = httpx.Response(200, json={"result": "ok", "outputs": [1]})
    assert told(lambda _: listed) == f'{where}: want outputs as a JSON object, got 200 {{"result":"ok","outputs":[1]}}'
    moved = httpx.Response(302, headers={"location": "http://login.test/"})
    assert told(lambda _: moved) == f"{where}: want an answer, got 302 to http://login.test/"


HTTP = HttpChoice("http://127.0.0.1:1", "interlock")
CHOICES: dict[str, tuple[NorthboundChoice, type[Any]]] = {
    "interlock": (NorthboundChoice("http", HTTP), HttpNorthbound),
    "mapped": (
        NorthboundChoice("http", HttpChoice("http://127.0.0.1:1", actions={"read": HttpAction()})),
        MappedNorthbound,
    ),
    "python": (NorthboundChoice("python", python=PythonChoice("types:SimpleNamespace")), PythonNorthbound),
    "manual": (NorthboundChoice("manual", manual=ManualChoice()), ManualNorthbound),
    "none": (NorthboundChoice(), NoNorthbound),
}


@pytest.mark.parametrize("name", CHOICES)
def test_the_file_chooses(name: str) -> None:
    choice, kind = CHOICES[name]
    target = Target(
        Path("t.toml"),
        "T",
        "connection-coordinator",
        ("csp-a",),
        "http://h",
        ("csp-a", "csp-b", "csp-c"),
        northbound=choice,
    )

    async def run() -> type[Any]:
        async with AsyncExitStack() as closing:
            return type(northbound_of(target, closing))

    assert asyncio.run(run()) is kind


def test_without_a_northbound_side_nothing_is_offered() -> None:
    async def run() -> list[Answered]:
        adapter = NoNorthbound()
        with pytest.raises(Lacks, match="adapter lacks state"):
            await adapter.state()
        with pytest.raises(NorthboundError, match="nothing was begun"):
            await adapter.poll("x")
        return [await adapter.act("offer", {}), await adapter.hook("reset", {})]

    assert [each.reason for each in asyncio.run(run())] == ["adapter lacks offer", "adapter lacks reset"]
