"""The time of a run against a target: the clock on the wall, which can be set forward together with the target's."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from reference_impl.kernel.clock import RealClock, Workers

PATIENCE = 5.0
"""Seconds after which a step goes on although somebody still works: a target may keep a request open for long."""

SHORTEST, LONGEST = 0.005, 0.25
"""Seconds between two looks at what has happened: short while there is traffic, longer while there is none."""


class LiveClock(RealClock):
    """``traffic`` counts what has been seen on the wire: a tick is short as long as that grows."""

    def __init__(self, traffic: Callable[[], int]) -> None:
        super().__init__()
        self._workers = Workers()
        self._traffic = traffic
        self._seen = 0
        self._pause = SHORTEST

    def busy(self) -> AbstractContextManager[None]:
        return self._workers.busy()

    def waiting(self) -> AbstractContextManager[None]:
        return self._workers.waiting()

    async def quiet(self) -> None:
        """Return when no exchange is under way but those that are held, or when patience is over."""
        end = time.monotonic() + PATIENCE
        calm = 0
        while calm < 3 and time.monotonic() < end:
            calm = 0 if self._workers.working > 0 else calm + 1
            await asyncio.sleep(0.001)

    async def calm(self, seconds: float, limit: float) -> bool:
        """Wait until nothing has been seen on the wire for so long, at most ``limit`` seconds; was that reached?"""
        end = time.monotonic() + limit
        seen, since = self._traffic(), time.monotonic()
        while (moment := time.monotonic()) < end:
            if self._traffic() != seen or self._workers.working > 0:
                seen, since = self._traffic(), moment
            elif moment - since >= seconds:
                return True
            await asyncio.sleep(min(SHORTEST, seconds))
        return False

    async def silent(self, seconds: float) -> bool:
        """Wait for so long, or until something is seen on the wire: was it silent?"""
        end, seen = time.monotonic() + seconds, self._traffic()
        while time.monotonic() < end:
            if self._traffic() != seen or self._workers.working > 0:
                return False
            await asyncio.sleep(SHORTEST)
        return True

    async def tick(self, limit: int) -> None:
        await self.quiet()
        if (seen := self._traffic()) != self._seen:
            self._seen, self._pause = seen, SHORTEST
        else:
            self._pause = min(2 * self._pause, LONGEST)
        await asyncio.sleep(min(limit / 1000, self._pause))
