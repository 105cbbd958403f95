"""A target without a customer or operator side: only what the wire shows alone can be judged."""

from __future__ import annotations

from typing import Any

from conformance.northbound.answered import Answered, Lacks, NorthboundError, lacking


class NoNorthbound:
    async def act(self, action: str, inputs: dict[str, Any]) -> Answered:
        return lacking(action)

    async def poll(self, operation: str) -> Answered:
        raise NorthboundError(f"northbound: nothing was begun, so there is no operation {operation!r}")

    async def state(self) -> dict[str, Any]:
        raise Lacks("adapter lacks state")

    async def hook(self, hook: str, inputs: dict[str, Any]) -> Answered:
        return lacking(hook)
