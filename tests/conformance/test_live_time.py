"""How time passes against a target, on a clock and a wire that are made up: nothing is slept here."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from conformance.live_time import LiveTime
from conformance.players import Untested
from conformance.spent import Spent
from conformance.target import ClockChoice, Target, Timeouts
from conformance.target.declared import CC, TIMEOUTS
from conformance.wire import Interception

LIMITS = {name: round(each.seconds * 1000) for name, each in TIMEOUTS[CC].items()}
STILL = Target(
    Path("x"), "Acme", CC, ("csp-b",), "http://acme.test", ("csp-a", "csp-b", "csp-c"), timeouts=Timeouts(LIMITS)
)
MOVABLE = replace(STILL, clock=ClockChoice("northbound"))


@dataclass
class World:
    """A clock, a wire and a target's player in one. ``noisy`` tells when there is traffic; ``at_rest`` what the target says
    of itself; ``owes`` how often it still owes something."""

    time: int = 0
    moved: list[int] = field(default_factory=list)
    noisy: tuple[int, ...] = ()
    at_rest: bool | None = None
    owes: int = 0
    traffic: int = 0
    interceptions: list[Interception] = field(default_factory=list)

    def now(self) -> int:
        return self.time

    def advance(self, milliseconds: int) -> None:
        self.time += milliseconds
        self.moved.append(milliseconds)
        self.traffic += any(self.time - milliseconds < each <= self.time for each in self.noisy)

    async def quiet(self) -> None:
        """Nobody works."""

    async def calm(self, seconds: float, limit: float) -> bool:
        return True

    async def silent(self, seconds: float) -> bool:
        self.time += round(seconds * 1000)
        return True

    async def tick(self, limit: int) -> None:
        self.time += min(limit, 1000)

    async def run(self, until: Any, limit: int) -> bool:
        self.time += limit
        return bool(until())

    async def settled(self, limit: int) -> bool | None:
        return self.at_rest

    async def rests(self) -> bool:
        self.owes -= 1
        return self.owes < 0


class Theirs:
    def __init__(self, world: World, shown: int | None = None) -> None:
        self.world, self.shown = world, shown

    async def advance(self, milliseconds: int) -> int | None:
        return self.shown

    async def settled(self, limit: int) -> bool | None:
        return await self.world.settled(limit)


def time_of(target: Target, world: World, shown: int | None = None) -> LiveTime:
    made: Any = world
    player: Any = Theirs(world, shown)
    return LiveTime(target, made, made, lambda: player, lambda: True, world.rests, Spent())


def test_time_passes_in_strides_that_grow_and_shrink() -> None:
    world = World()
    asyncio.run(time_of(MOVABLE, world).pass_time(100_000))
    assert (world.time, world.moved[:3], world.moved[-1] <= 200) == (100_000, [200, 600, 1800], True)
    assert len(world.moved) < 30


def test_after_traffic_the_strides_are_short_again() -> None:
    world = World(noisy=(5_000,))
    asyncio.run(time_of(MOVABLE, world).pass_time(100_000))
    after = next(place for place in range(len(world.moved)) if sum(world.moved[: place + 1]) >= 5_000)
    assert (world.moved[after] > 200, world.moved[after + 1]) == (True, 200)
    assert world.time == 100_000


def test_a_clock_that_nobody_moves_passes_short_times_only() -> None:
    world = World()
    time = time_of(STILL, world)
    asyncio.run(time.pass_time(10_000))
    assert (world.time, world.moved) == (10_000, [])
    with pytest.raises(Untested, match="no clock: the target's time cannot be moved by 60 s"):
        asyncio.run(time.pass_time(60_000))


def test_our_clock_goes_with_one_that_was_set_forward() -> None:
    ahead, behind, silent = World(time=1_000), World(time=1_000), World(time=1_000)
    for world, shown in ((ahead, 90_000), (behind, 500), (silent, None)):
        asyncio.run(time_of(MOVABLE, world, shown).same())
    assert (ahead.time, behind.time, silent.time) == (90_000, 1_000, 1_000)


def test_rest_is_seen_before_the_quiet_window_is_over() -> None:
    world = World(owes=3)
    time = time_of(STILL, world)
    assert asyncio.run(time.settle(120_000))
    assert (time.brief, world.time) == (True, 3_000)


def test_what_is_always_owed_costs_the_quiet_window() -> None:
    world = World(owes=1000)
    time = time_of(STILL, world)
    assert asyncio.run(time.settle(120_000))
    assert (time.brief, world.time) == (False, 9_500)


def test_its_own_word_is_enough() -> None:
    world = World(at_rest=True)
    time = time_of(STILL, world)
    assert asyncio.run(time.settle(120_000))
    assert (time.brief, world.time) == (False, 0)


@pytest.mark.parametrize(("times", "seen", "waited"), [(-4, 3, 0), (-3, 2, 120_000), (1, 3, 120_000)])
def test_rest_is_not_waited_for_where_the_harness_refuses_for_good(times: int, seen: int, waited: int) -> None:
    refusal = Interception("answer", "NotifyConnectionStatus", times=times)
    refusal.seen = seen
    world = World(at_rest=False, interceptions=[refusal])
    assert not asyncio.run(time_of(STILL, world).settle(120_000))
    assert world.time == waited
