"""A target's adapter over several event loops: every seat is played in a loop of its own, and clients belong to one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from conformance.northbound.answered import Answered, Northbound


class InEachLoop:
    """Makes the adapter anew in every event loop in which it is used. Handles of operations end with their loop."""

    def __init__(self, make: Callable[[], Northbound]) -> None:
        self._make = make
        self._loop: asyncio.AbstractEventLoop | None = None
        self._northbound: Northbound | None = None

    @property
    def _here(self) -> Northbound:
        loop = asyncio.get_running_loop()
        if self._northbound is None or self._loop is not loop:
            self._northbound, self._loop = self._make(), loop
        return self._northbound

    async def act(self, action: str, inputs: dict[str, Any]) -> Answered:
        return await self._here.act(action, inputs)

    async def poll(self, operation: str) -> Answered:
        return await self._here.poll(operation)

    async def state(self) -> dict[str, Any]:
        return await self._here.state()

    async def hook(self, hook: str, inputs: dict[str, Any]) -> Answered:
        return await self._here.hook(hook, inputs)
