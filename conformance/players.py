"""Who plays a seat: a reference party of ours, or the target, which is reached through its adapter only."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Protocol

from conformance.northbound import Northbound
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


class TargetPlayer:
    """The target. What its adapter has no hook for cannot be tested."""

    def __init__(self, northbound: Northbound, seat: str, inventories: Collection[str]) -> None:
        """``inventories`` are those it can be given, first the one it was set up with; without ``reset`` it keeps that."""
        self.northbound = northbound
        self._seat = seat
        self._inventories = tuple(inventories)
        self._held = False
        self.keeps = False
        """Its adapter cannot empty it: it keeps what the scenarios leave there."""

    async def reset(self, inventory: str) -> None:
        if self._held:
            await self.release("*")
        answered = await self.northbound.hook("reset", {"inventory": inventory, "seat": self._seat})
        if answered.result == "unavailable" and inventory == self._inventories[0]:
            self.keeps = True
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
