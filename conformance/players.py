"""Who plays a seat: a reference party of ours, or the target, which is reached through its adapter only."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol

from conformance.northbound import Answered, Northbound
from reference_impl.kernel.node import Node
from reference_impl.kernel.tables import Tables


class Untested(Exception):
    """The target's adapter does not offer what this scenario needs: its checks are ``untested``, with this reason."""


class Player(Protocol):
    """One seat's player. ``northbound`` is its customer and operator side; the rest are the hooks of
    coordinator-harness, section 3. Hooks raise Untested where the player does not offer them."""

    northbound: Northbound

    async def reset(self, inventory: str) -> None: ...

    async def hold(self, pattern: str) -> None: ...

    async def release(self, pattern: str) -> None: ...

    async def crash(self) -> None:
        """Lose its power and start again from what it had stored."""
        ...

    def idle(self) -> bool:
        """Has it nothing under way, as far as one can see?"""
        ...


class OurPlayer:
    """A Node of ours. ``stock_of`` gives what fills its empty tables, by the name of the inventory."""

    def __init__(self, node: Node, northbound: Northbound, stock_of: Callable[[str], Callable[[Tables], None]]) -> None:
        self.node = node
        self.northbound = northbound
        self._stock_of = stock_of

    async def reset(self, inventory: str) -> None:
        self.node.provisioner.release()
        await self.restock(self._stock_of(inventory))

    async def restock(self, stock: Callable[[Tables], None]) -> None:
        """Empty, then filled by ``stock``: what only the harness serves may differ from what was agreed."""
        await self.node.reset(stock)

    async def hold(self, pattern: str) -> None:
        self.node.provisioner.hold(pattern)

    async def release(self, pattern: str) -> None:
        self.node.provisioner.release(pattern)

    async def crash(self) -> None:
        await self.node.crash()
        await self.node.start()

    def idle(self) -> bool:
        return self.node.idle()


LASTING = ("set_quota", "suspend_account", "disable_partner", "set_deferral", "provision_interconnect")
"""Actions of which nobody knows how it was before: not for a target that cannot be emptied."""

TAKEN_BACK: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "set_interconnect_state": ("set_interconnect_state", {"state": "ACTIVE"}),
    "set_channel_state": ("set_channel_state", {"state": "enabled"}),
    "open_maintenance": ("close_maintenance", {}),
    "open_issue": ("close_issue", {}),
}
"""By action, the one that takes it back, and its inputs beside those that were given and what came."""


class Remembered:
    """A target's adapter. What a scenario does to a target that ``keeps`` everything is taken back before the next one."""

    def __init__(self, northbound: Northbound) -> None:
        self._northbound = northbound
        self._done: list[tuple[str, dict[str, Any]]] = []
        self.keeps = False

    async def act(self, action: str, inputs: dict[str, Any]) -> Answered:
        if self.keeps and action in LASTING:
            raise Untested(f"adapter lacks reset: what {action} does would stay at the target")
        answered = await self._northbound.act(action, inputs)
        if self.keeps and answered.result == "ok" and action in TAKEN_BACK:
            back, more = TAKEN_BACK[action]
            self._done.append((back, {**inputs, **answered.outputs, **more}))
        return answered

    async def take_back(self) -> None:
        while self._done:
            action, inputs = self._done.pop()
            await self._northbound.act(action, inputs)

    async def poll(self, operation: str) -> Answered:
        return await self._northbound.poll(operation)

    async def state(self) -> dict[str, Any]:
        return await self._northbound.state()

    async def hook(self, hook: str, inputs: dict[str, Any]) -> Answered:
        return await self._northbound.hook(hook, inputs)


class TargetPlayer:
    """The target. What its adapter has no hook for cannot be tested."""

    def __init__(self, northbound: Northbound, seat: str, inventories: Collection[str]) -> None:
        """``inventories`` are those it can be given, first the one it was set up with; without ``reset`` it keeps that."""
        self._remembered = Remembered(northbound)
        self.northbound: Northbound = self._remembered
        self._seat = seat
        self._inventories = tuple(inventories)
        self._held = False

    @property
    def keeps(self) -> bool:
        """Its adapter cannot empty it: it keeps what the scenarios leave there."""
        return self._remembered.keeps

    async def reset(self, inventory: str) -> None:
        if self._held:
            await self.release("*")
        answered = await self.northbound.hook("reset", {"inventory": inventory, "seat": self._seat})
        if answered.result == "unavailable" and inventory == self._inventories[0]:
            self._remembered.keeps = True
            await self._remembered.take_back()
            return
        if answered.result != "ok":
            raise Untested(f"adapter lacks reset to the inventory {inventory!r}: {answered.reason or answered.result}")

    async def hold(self, pattern: str) -> None:
        await self._hook("hold_provisioning", match=pattern)
        self._held = True

    async def release(self, pattern: str) -> None:
        await self._hook("release_provisioning", match=pattern)
        self._held = self._held and pattern != "*"

    async def crash(self) -> None:
        await self._hook("crash")

    def idle(self) -> bool:
        return True

    async def advance(self, milliseconds: int) -> int | None:
        """Set its clock forward; what it says it shows then, in milliseconds since 1970, None where it does not say."""
        now = (await self._hook("advance_clock", ms=milliseconds)).get("now")
        return now if isinstance(now, int) else None

    async def settled(self, limit: int) -> bool | None:
        """Wait until it is at rest, by its own word; None: its adapter does not say."""
        answered = await self.northbound.hook("settle", {"limit_ms": limit})
        return None if answered.result == "unavailable" else answered.outputs.get("settled") is not False

    async def _hook(self, hook: str, **inputs: object) -> dict[str, Any]:
        answered = await self.northbound.hook(hook, dict(inputs))
        if answered.result == "unavailable":
            raise Untested(f"adapter lacks {hook}")
        if answered.result != "ok":
            raise Untested(f"the target's {hook} did not work: {answered.reason or answered.result}")
        return answered.outputs
