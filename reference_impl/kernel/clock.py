"""The time of a Node: real, or virtual and shared by all Nodes of a self-play.

A virtual clock stands still while anybody works and jumps to the next timer when a waiting session lets it
(``run``). "Anybody works" is counted: whoever handles an event or has a call under way is ``busy``; whoever waits for
somebody else's decision (a held answer) is not, although its call is open.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol


class Clock(Protocol):
    """Milliseconds, and somebody who knows when they pass."""

    virtual: bool

    def now(self) -> int: ...

    async def sleep_until(self, due: int) -> None: ...

    def busy(self) -> AbstractContextManager[None]: ...

    def waiting(self) -> AbstractContextManager[None]: ...

    async def run(self, until: Callable[[], bool], limit: int) -> bool:
        """Let time pass until the condition holds, at most ``limit`` ms; says whether it holds."""
        ...

    async def tick(self, limit: int) -> None:
        """Let a little time pass, at most ``limit`` ms: on to the next thing that happens."""
        ...


class RealClock:
    """The clock on the wall, which a test may set forward (``advance``); it never goes back."""

    virtual = False

    def __init__(self) -> None:
        self._ahead = 0
        self._sleepers: set[asyncio.Future[None]] = set()

    def now(self) -> int:
        return int(time.time() * 1000) + self._ahead

    async def sleep_until(self, due: int) -> None:
        while (left := due - self.now()) > 0:
            woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            alarm = asyncio.get_running_loop().call_later(left / 1000, _wake, woken)
            self._sleepers.add(woken)
            try:
                await woken
            finally:
                alarm.cancel()
                self._sleepers.discard(woken)

    def advance(self, milliseconds: int) -> None:
        """All who sleep see this time pass at once. In the loop of the sleepers only."""
        self._ahead += milliseconds
        for woken in self._sleepers:
            _wake(woken)

    def busy(self) -> AbstractContextManager[None]:
        return contextlib.nullcontext()

    def waiting(self) -> AbstractContextManager[None]:
        return contextlib.nullcontext()

    async def run(self, until: Callable[[], bool], limit: int) -> bool:
        end = self.now() + limit
        while not until() and self.now() < end:
            await self.tick(end - self.now())
        return until()

    async def tick(self, limit: int) -> None:
        await asyncio.sleep(min(limit, 10) / 1000)


def _wake(woken: asyncio.Future[None]) -> None:
    if not woken.done():
        woken.set_result(None)


class Workers:
    """Who works at present. A task counts once, however deep: a Node that waits for the answer on a held wire waits."""

    def __init__(self) -> None:
        self.working = 0
        self._tasks: set[asyncio.Task[Any] | None] = set()

    @contextlib.contextmanager
    def busy(self) -> Iterator[None]:
        task = asyncio.current_task()
        if task in self._tasks:
            yield
            return
        self._tasks.add(task)
        self.working += 1
        try:
            yield
        finally:
            self.working -= 1
            self._tasks.discard(task)

    @contextlib.contextmanager
    def waiting(self) -> Iterator[None]:
        self.working -= 1
        try:
            yield
        finally:
            self.working += 1


class VirtualClock:
    """Time that jumps from timer to timer, and only at quiescence.

    ``epoch`` is the moment at which it starts, in milliseconds.
    """

    virtual = True
    _CALM = 6
    """So many turns of the event loop without work count as quiet: a woken task needs one or two to say it is busy."""

    def __init__(self, epoch: int = 1_767_225_600_000) -> None:
        self._now = epoch
        self._workers = Workers()
        self._sleepers: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = 0

    def now(self) -> int:
        return self._now

    async def sleep_until(self, due: int) -> None:
        if due <= self._now:
            return
        self._order += 1
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (due, self._order, woken))
        await woken

    def busy(self) -> AbstractContextManager[None]:
        return self._workers.busy()

    def waiting(self) -> AbstractContextManager[None]:
        return self._workers.waiting()

    async def quiet(self) -> None:
        """Return when nobody has worked for some turns of the event loop."""
        calm = 0
        while calm < self._CALM:
            if self._workers.working > 0:
                calm = 0
                await asyncio.sleep(0.0005)
            else:
                calm += 1
                await asyncio.sleep(0)

    async def run(self, until: Callable[[], bool], limit: int) -> bool:
        end = self._now + limit
        await self.quiet()
        while not until() and self._now < end:
            await self.tick(end - self._now)
        return until()

    async def tick(self, limit: int) -> None:
        await self.quiet()
        due, end = self._next(), self._now + limit
        self._jump(end if due is None or due > end else due)
        await self.quiet()

    def _next(self) -> int | None:
        while self._sleepers and self._sleepers[0][2].done():  # cancelled
            heapq.heappop(self._sleepers)
        return self._sleepers[0][0] if self._sleepers else None

    def _jump(self, due: int) -> None:
        self._now = max(self._now, due)
        while self._sleepers and self._sleepers[0][0] <= self._now:
            _wake(heapq.heappop(self._sleepers)[2])
