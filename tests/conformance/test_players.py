"""The target as a player: what a scenario does to one that cannot be emptied does not stay for the next."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from conformance.northbound import Answered
from conformance.northbound.answered import lacking
from conformance.players import TargetPlayer, Untested


class Adapter:
    """Notes the actions; has the hook ``reset`` or not."""

    def __init__(self, resets: bool) -> None:
        self._resets = resets
        self.asked: list[tuple[str, dict[str, Any]]] = []

    async def act(self, action: str, inputs: dict[str, Any]) -> Answered:
        self.asked.append((action, inputs))
        refused = inputs.get("channel") == "unknown"
        return (
            Answered("refused")
            if refused
            else Answered("ok", outputs={"maintenance": "m1"} if "open" in action else {})
        )

    async def poll(self, operation: str) -> Answered:
        raise NotImplementedError

    async def state(self) -> dict[str, Any]:
        raise NotImplementedError

    async def hook(self, hook: str, inputs: dict[str, Any]) -> Answered:
        return Answered("ok") if self._resets else lacking(hook)


def played(*actions: tuple[str, dict[str, Any]], resets: bool = False) -> list[tuple[str, dict[str, Any]]]:
    """What the target is asked for by a scenario of these actions, and before the next one."""
    adapter = Adapter(resets)

    async def run() -> None:
        player = TargetPlayer(adapter, "csp-a", ["standard"])
        for more in (actions, ()):
            await player.reset("standard")
            for action, inputs in more:
                await player.northbound.act(action, inputs)

    asyncio.run(run())
    return adapter.asked


CLOSED = ("set_interconnect_state", {"environment": "env1", "interconnect": "ix1", "state": "CLOSED"})
DISABLED = ("set_channel_state", {"channel": "ch1", "state": "disabled"})
WINDOW = ("open_maintenance", {"start": "s", "end": "e"})
QUOTA = ("set_quota", {"account": "X", "connections": 1})


def test_states_and_windows_are_taken_back_last_first() -> None:
    assert played(CLOSED, DISABLED, WINDOW) == [
        CLOSED,
        DISABLED,
        WINDOW,
        ("close_maintenance", {"start": "s", "end": "e", "maintenance": "m1"}),
        ("set_channel_state", {"channel": "ch1", "state": "enabled"}),
        ("set_interconnect_state", {"environment": "env1", "interconnect": "ix1", "state": "ACTIVE"}),
    ]


def test_what_was_refused_needs_no_taking_back() -> None:
    refused = ("set_channel_state", {"channel": "unknown", "state": "disabled"})
    assert played(refused) == [refused]


def test_what_nobody_could_take_back_is_not_done() -> None:
    with pytest.raises(Untested, match=r"^adapter lacks reset: what set_quota does would stay at the target$"):
        played(QUOTA)


def test_a_target_that_is_emptied_needs_none_of_it() -> None:
    assert played(CLOSED, QUOTA, resets=True) == [CLOSED, QUOTA]
