"""The control hooks of a served Node (coordinator-harness, section 3): what a test may do to a party from outside."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from reference_impl.kernel.clock import RealClock
from reference_impl.kernel.node import Node
from reference_impl.kernel.party import Refusal
from reference_impl.kernel.store import StoreError
from reference_impl.serve.northbound import Hook
from reference_impl.serve.protocol import Stock

LOG = logging.getLogger("interlock.serve")

CONFIGURED = "configured"
"""The inventory that the party was started with."""


def hooks_of(node: Node, inventories: Mapping[str, Stock]) -> dict[str, Hook]:
    """All hooks by name. ``inventories`` are those that ``reset`` offers; the first one is meant where none is named."""
    hooks = _Hooks(node, inventories)
    return {
        "reset": hooks.reset,
        "settle": hooks.settle,
        "hold_provisioning": hooks.hold,
        "release_provisioning": hooks.release,
        "fail_provisioning": hooks.fail,
        "advance_clock": hooks.advance_clock,
        "restart": hooks.restart,
        "crash": hooks.crash,
    }


class _Hooks:
    def __init__(self, node: Node, inventories: Mapping[str, Stock]) -> None:
        self._node = node
        self._inventories = inventories

    async def reset(self, inputs: dict[str, Any]) -> dict[str, Any]:
        """An empty party with the inventory of that name, in that seat where its copy differs by seat."""
        names = list(self._inventories)
        name = inputs.get("inventory", names[0])
        if name not in names:
            raise Refusal(422, f"inventory: want one of {', '.join(names)}; got {name!r}")
        stock = self._inventories.get(f"{name}@{inputs.get('seat')}", self._inventories[name])
        try:
            await self._node.reset(stock)
        except StoreError:
            raise Refusal(503, "nothing was reset: the store does not take it; its log knows more") from None
        return {"inventory": name}

    async def settle(self, inputs: dict[str, Any]) -> dict[str, Any]:
        """Wait until nothing is under way, at most ``limit_ms``."""
        return {"settled": await self._node.settle(_milliseconds(inputs, "limit_ms"))}

    async def hold(self, inputs: dict[str, Any]) -> dict[str, Any]:
        self._node.provisioner.hold(_pattern(inputs))
        return {}

    async def release(self, inputs: dict[str, Any]) -> dict[str, Any]:
        self._node.provisioner.release(_pattern(inputs))
        return {}

    async def fail(self, inputs: dict[str, Any]) -> dict[str, Any]:
        self._node.provisioner.fail(_pattern(inputs))
        return {}

    async def advance_clock(self, inputs: dict[str, Any]) -> dict[str, Any]:
        """Let time pass for this party: whatever falls due in it happens."""
        passed = _milliseconds(inputs, "ms")
        clock = self._node.clock
        if isinstance(clock, RealClock):
            clock.advance(passed)
        else:
            await clock.run(lambda: False, passed)
        return {"now": self._node.clock.now()}

    async def restart(self, inputs: dict[str, Any]) -> dict[str, Any]:
        """An orderly stop and start."""
        await self._node.stop()
        await self._start()
        return {}

    async def crash(self, inputs: dict[str, Any]) -> dict[str, Any]:
        """As if the power had failed, and a start."""
        await self._node.crash()
        await self._start()
        return {}

    async def _start(self) -> None:
        try:
            await self._node.start()
        except StoreError as problem:
            LOG.error("%s: %s", self._node.party.me, problem)
            self._node.recover()
            raise Refusal(503, "the store cannot be used: the party begins once it can; its log knows more") from None


def _milliseconds(inputs: dict[str, Any], name: str) -> int:
    value = inputs.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Refusal(422, f"{name}: want a whole number of milliseconds from 0, got {value!r}")
    return value


def _pattern(inputs: dict[str, Any]) -> str:
    """``match``: a shell pattern over the subject of a job, such as ``*/l3-ch3``; all jobs without it."""
    value = inputs.get("match", "*")
    if not isinstance(value, str) or not value:
        raise Refusal(422, f"match: want a pattern such as '*/l3-ch3', got {value!r}")
    return value
