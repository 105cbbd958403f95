"""Waiting for a target's customer and operator side: what it does while its answer is awaited must be able to go on.

The documents leave open whether an action answers at once or when it is done (federation-wire, section 9). An answer
that comes only when the action is done would never come while the harness holds what the action needs: then the action
is ``running``, as if the target had given a handle. And what is short by the documents may be polled at the target: then
the harness waits for its end.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from conformance.northbound.answered import Answered, Northbound
from conformance.target.vocabulary import described

LOOK = 0.02
"""Seconds between two looks at whether something is held."""

GRACE = 1.0
"""Seconds in which an answer may come while something is held: that takes its way over the network, and is not stuck."""

SHORTEST = 100
"""Milliseconds between two polls of a short action, where the adapter names none."""


class PatientNorthbound:
    """``holding`` says whether the harness holds something back that the target sent; ``grace`` in seconds."""

    def __init__(self, inner: Northbound, protocol: str, holding: Callable[[], bool], grace: float = GRACE) -> None:
        self._inner, self._protocol, self._holding, self._grace = inner, protocol, holding, grace
        self._asked: dict[str, asyncio.Task[Answered]] = {}
        self._numbers = itertools.count(1)

    async def act(self, action: str, inputs: dict[str, Any]) -> Answered:
        asked = asyncio.create_task(self._to_the_end(action, inputs))
        held = 0.0
        while not asked.done() and held < self._grace:
            await asyncio.wait({asked}, timeout=LOOK)
            held = held + LOOK if self._holding() else 0
        if asked.done():
            return asked.result()
        handle = f"asked:{next(self._numbers)}"
        self._asked[handle] = asked
        return Answered("running", None, handle)

    async def _to_the_end(self, action: str, inputs: dict[str, Any]) -> Answered:
        answered = await self._inner.act(action, inputs)
        row = described(self._protocol, action)
        if row is None or row.long:
            return answered
        while answered.result == "running" and answered.operation and not answered.reason:  # a reason: it was too long
            await asyncio.sleep((answered.again_ms or SHORTEST) / 1000)
            answered = await self._inner.poll(answered.operation)
        return answered

    async def poll(self, operation: str) -> Answered:
        asked = self._asked.get(operation)
        if asked is None:
            return await self._inner.poll(operation)
        if not asked.done():
            return Answered("running", None, operation)
        answered = asked.result()
        if answered.result != "running" or not answered.operation:
            return answered
        answered = await self._inner.poll(answered.operation)
        return replace(answered, operation=operation if answered.result == "running" else None)

    async def state(self) -> dict[str, Any]:
        return await self._inner.state()

    async def hook(self, hook: str, inputs: dict[str, Any]) -> Answered:
        return await self._inner.hook(hook, inputs)
