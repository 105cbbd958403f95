"""How time passes in a run against a target: with its clock, where an action moves it, else by the clock on the wall.

Whoever waits for a timer need not be waited for where the clock can be moved. Where it cannot, everything is awaited that
can be, and silence is taken for rest after the declared quiet window, or sooner where nothing is owed (``at_rest``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from conformance.live_clock import LiveClock
from conformance.players import TargetPlayer, Untested
from conformance.spent import Spent
from conformance.target import Target
from conformance.wire import Wire

BREATH = 0.05
"""Seconds without traffic after which a target is thought to have done what a moved clock made due."""

CALM = 0.04
"""Seconds without traffic after which a clock that can be moved is moved."""

STRIDE, LONGEST_STRIDE = 200, 20_000
"""Milliseconds by which it is moved, first and at most."""

REST = 0.5
"""Seconds of silence before anybody looks whether the target owes something still."""

REPEATS, REFUSALS = 3, ("answer", "drop", "lose", "replace-answer")
"""So often a call is seen that the harness refuses for good, and how it does that."""

LOOK = 50
"""Milliseconds for which the target is asked whether it is at rest."""


class LiveTime:
    """``idle``: have our own parties nothing under way? ``rests``: does the target owe nothing, by what the wire shows?"""

    def __init__(
        self,
        target: Target,
        clock: LiveClock,
        wire: Wire,
        theirs: Callable[[], TargetPlayer],
        idle: Callable[[], bool],
        rests: Callable[[], Awaitable[bool]],
        spent: Spent,
    ) -> None:
        self._spent = spent
        self._clock, self._wire, self._theirs, self._idle, self._rests = clock, wire, theirs, idle, rests
        self._movable = target.clock.kind == "northbound"
        self._stride, self._seen = STRIDE, 0
        self.quiet = target.timeouts["quiet"]
        self.brief = False
        """Did the last look for rest end before the quiet window was over?"""

    async def same(self) -> None:
        """An earlier run may have set the target's clock forward: ours goes with it, for moments are told over the wire."""
        if self._movable:
            shown = await self._theirs().advance(0)
            self._clock.advance(max(0, shown - self._clock.now()) if shown is not None else 0)

    async def tick(self, limit: int) -> None:
        """While there is traffic, wait for it. While there is none, set all clocks forward, by more each time."""
        with self._spent.on("target"):
            await self._tick(limit)

    async def _tick(self, limit: int) -> None:
        if not self._movable:
            await self._clock.tick(limit)
            return
        await self._clock.calm(CALM, limit=limit / 1000)
        if (seen := self._wire.traffic) != self._seen:
            self._seen, self._stride = seen, STRIDE
            return
        await self._advance(min(limit, self._stride))
        self._stride = min(2 * self._stride, LONGEST_STRIDE)

    async def run(self, until: Callable[[], bool], limit: int) -> bool:
        end = self._clock.now() + limit
        with self._spent.on("target"):
            await self._clock.quiet()
        while not until() and (left := end - self._clock.now()) > 0:
            await self.tick(left)
        return until()

    async def _advance(self, milliseconds: int) -> None:
        self._clock.advance(milliseconds)  # first ours: what becomes due there is dated by it
        await self._theirs().advance(milliseconds)

    async def pass_time(self, milliseconds: int) -> None:
        """In strides, longer and longer and towards the end shorter again: what becomes due is waited for before the clocks
        move on, for more may hang on it. Untested: nobody can move the target's clock so far."""
        with self._spent.on("windows"):
            await self._pass_time(milliseconds)

    async def _pass_time(self, milliseconds: int) -> None:
        if self._movable:
            end, stride = self._clock.now() + milliseconds, STRIDE
            while (left := end - self._clock.now()) > 0:  # the wall's clock goes on meanwhile, and counts
                seen = self._wire.traffic
                by = min(left, stride, max(STRIDE, left // 3))
                await self._advance(by)
                await self._clock.calm(BREATH, limit=10)
                stride = STRIDE if self._wire.traffic != seen else 3 * stride
        elif milliseconds <= self.quiet:
            await self._clock.run(lambda: False, milliseconds)
        else:
            raise Untested(f"no clock: the target's time cannot be moved by {milliseconds / 1000:g} s")

    async def settle(self, within: int) -> bool:
        """By the target's own word; without one, by what the wire shows."""
        self.brief = False
        end = self._clock.now() + within
        while (left := end - self._clock.now()) > 0 and not self._in_vain():
            said = await self._theirs().settled(min(left, LOOK))
            if said is None:
                with self._spent.on("windows"):
                    return await self._settle_unaided(end)
            with self._spent.on("target"):
                rests = said and self._idle() and await self._clock.calm(BREATH / 5, limit=1)
            if rests:
                return True
            await self.tick(left)
        return False

    def _in_vain(self) -> bool:
        """Does the harness itself refuse the same call for good? Rest never comes then; a few repeats have shown enough,
        where time cannot be moved."""
        return not self._movable and any(
            each.times < 0 and each.seen >= REPEATS and each.action in REFUSALS for each in self._wire.interceptions
        )

    async def _settle_unaided(self, end: int) -> bool:
        """At rest once nothing is owed any more, as far as that is to be seen, or after the quiet window."""
        quiet = self.quiet / 1000
        while (left := (end - self._clock.now()) / 1000) > 0 and not self._in_vain():
            if not await self._clock.calm(min(REST, quiet), limit=left + quiet):
                return False
            silence = REST
            while silence < quiet:
                if self._idle() and await self._rests():
                    self.brief = True
                    return True
                if not await self._clock.silent(min(1, quiet - silence)):
                    break
                silence += 1
            else:
                return self._idle()
        return False
