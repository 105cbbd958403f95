"""Where the time of a run goes: waiting for the target, in declared windows, and the rest, which is the harness's own."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import httpx

from conformance.northbound import Answered, Northbound

Purse = Literal["target", "windows"]


@dataclass(slots=True)
class Spent:
    """Seconds. What is done within something else, or at the same time, is not counted twice."""

    target: float = 0.0
    windows: float = 0.0
    _depth: int = 0

    def told(self, whole: float) -> str:
        """For people; ``whole`` is how long it took in all."""
        rest = max(0.0, whole - self.target - self.windows)
        return f"{self.target:.1f} s in the target, {self.windows:.1f} s in quiet windows, {rest:.1f} s in the harness"

    @contextlib.contextmanager
    def on(self, purse: Purse) -> Iterator[None]:
        self._depth += 1
        outermost, begun = self._depth == 1, time.perf_counter()
        try:
            yield
        finally:
            self._depth -= 1
            if outermost:
                passed = time.perf_counter() - begun
                if purse == "target":
                    self.target += passed
                else:
                    self.windows += passed


class Timed:
    """A target's adapter: whatever it is asked is time in the target."""

    def __init__(self, northbound: Northbound, spent: Spent) -> None:
        self._northbound, self._spent = northbound, spent

    async def act(self, action: str, inputs: dict[str, Any]) -> Answered:
        with self._spent.on("target"):
            return await self._northbound.act(action, inputs)

    async def poll(self, operation: str) -> Answered:
        with self._spent.on("target"):
            return await self._northbound.poll(operation)

    async def state(self) -> dict[str, Any]:
        with self._spent.on("target"):
            return await self._northbound.state()

    async def hook(self, hook: str, inputs: dict[str, Any]) -> Answered:
        with self._spent.on("target"):
            return await self._northbound.hook(hook, inputs)


class TimedTransport(httpx.AsyncBaseTransport):
    """The way to the target: until an answer is there it is time in the target."""

    def __init__(self, inner: httpx.AsyncBaseTransport, spent: Spent) -> None:
        self._inner, self._spent = inner, spent

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        with self._spent.on("target"):
            return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()
