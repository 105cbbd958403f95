"""How time passes where an action moves the target's clock."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

from conformance.live_time import LiveTime
from conformance.spent import Spent

BREATH = 70
"""Milliseconds that go by on the wall at each look for silence."""


class Clock:
    """Set forward, and going on by itself while somebody waits."""

    def __init__(self) -> None:
        self.at = 0

    def now(self) -> int:
        return self.at

    def advance(self, milliseconds: int) -> None:
        self.at += milliseconds

    async def calm(self, seconds: float, limit: float) -> bool:
        self.at += BREATH
        return True


class Theirs:
    def __init__(self) -> None:
        self.moved = 0

    async def advance(self, milliseconds: int) -> None:
        self.moved += milliseconds


def _passed(milliseconds: int) -> tuple[int, int]:
    """Where the clock stands then, and by how much the target's was set forward."""
    clock, theirs = Clock(), Theirs()
    target: Any = SimpleNamespace(clock=SimpleNamespace(kind="northbound"), timeouts={"quiet": 10_000})
    parts: Any = (target, clock, SimpleNamespace(traffic=0), lambda: theirs, lambda: True, None, Spent())
    asyncio.run(LiveTime(*parts).pass_time(milliseconds))
    return clock.at, theirs.moved


def test_the_time_on_the_wall_counts_while_the_clock_is_moved() -> None:
    """One second before a lifetime of two days ends is before its end, however long the way there took."""
    almost = 2 * 24 * 3600 * 1000 - 1000
    stands, moved = _passed(almost)
    assert almost <= stands <= almost + BREATH
    assert moved < almost


def test_a_moment_is_one_stride() -> None:
    assert _passed(50) == (50 + BREATH, 50)
