"""The reference's northbound API mapped request by request gives what its own adapter gives."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conformance.northbound import Answered, Northbound
from conformance.northbound.build import northbound_of
from conformance.target import Target
from conformance.target.file import read_target
from tests.reference_impl.serve.parties import COORDINATOR, served

EXAMPLES = Path(__file__).parents[3] / "examples"
SECRETS = {"TO_TARGET": "of-b-1", "OF_TARGET": "to-b-1", "OPERATOR": "operator-1"}


@pytest.fixture(autouse=True)
def secrets_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


def described(name: str) -> Target:
    return read_target(EXAMPLES / f"{name}.toml")


def at(target: Target, url: str) -> Target:
    http = target.northbound.http
    assert http is not None
    return replace(target, northbound=replace(target.northbound, http=replace(http, base_url=url)))


def test_the_examples_describe_the_same_target() -> None:
    one, other = described("target"), described("target-mapped")
    assert replace(one, file=other.file, name=other.name, northbound=other.northbound) == other


async def _asked(adapter: Northbound) -> list[Any]:
    """A customer's way: what is offered, a key, the reading and the withdrawal of the connection, refusals, the state."""
    offer = {"account": "X", "remote_account": "X", "environment": "env1", "mbps": 1000, "peer": "csp-b"}
    reset = await adapter.hook("reset", {})
    offered = await adapter.act("offer", offer)
    uuid = offered.outputs["uuid"]
    read = await adapter.act("read", {"account": "X", "uuid": uuid})
    listed = await adapter.act("list", {"account": "X"})
    dear = await adapter.act("offer", offer | {"mbps": 7})
    nobody = await adapter.act("offers", {})
    deleted = await adapter.act("delete", {"account": "X", "uuid": uuid})
    assert deleted.operation is not None
    for _ in range(100):
        ended = await adapter.poll(deleted.operation)
        if ended.result != "running":
            break
    settled = await adapter.hook("settle", {"limit_ms": 1000})
    answers: list[Answered] = [reset, read, listed, dear, nobody, deleted, ended, settled]
    plain = [(each.result, each.reason, _without(each.outputs, uuid)) for each in answers]
    return [*plain, _without(await adapter.state(), uuid), len(offered.outputs["activation_key"])]


def _without(value: Any, uuid: str) -> Any:
    """The outputs without what differs from run to run: the connection's id and the handle of the operation."""
    if isinstance(value, dict):
        return {key: _without(each, uuid) for key, each in value.items() if key != "operation"}
    if isinstance(value, list):
        return [_without(each, uuid) for each in value]
    return "UUID" if value == uuid else value


def test_both_adapters_give_the_same(tmp_path: Path) -> None:
    async def run() -> list[list[Any]]:
        found = []
        for name in ("target", "target-mapped"):
            async with served(tmp_path, COORDINATOR) as party, AsyncExitStack() as closing:
                found.append(await _asked(northbound_of(at(described(name), party.running.northbound), closing)))
        return found

    own, mapped = asyncio.run(run())
    ended = own[6]
    assert (ended[0], ended[2]["state"]) == ("ok", "deleted")
    assert [each[0] for each in own[:8]] == ["ok", "ok", "ok", "refused", "refused", "running", "ok", "ok"]
    own[6] = (ended[0], ended[1], {"uuid": "UUID", "state": "deleted"})  # a poll tells more than was mapped
    assert mapped == own
