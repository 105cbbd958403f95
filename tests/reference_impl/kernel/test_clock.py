"""The virtual clock: it jumps from timer to timer, and only at quiescence."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine

from reference_impl.kernel.clock import VirtualClock


def in_loop(story: Coroutine[None, None, None]) -> None:
    asyncio.run(story)


def test_it_stands_still_until_it_is_let_run() -> None:
    async def story() -> None:
        clock = VirtualClock(epoch=100)
        heard: list[int] = []

        async def sleeper(due: int) -> None:
            await clock.sleep_until(due)
            heard.append(clock.now())

        tasks = [asyncio.create_task(sleeper(due)) for due in (3_000, 500, 9_000, 50)]
        await clock.quiet()
        assert (clock.now(), heard) == (100, [100])  # what is due already does not wait
        assert await clock.run(lambda: len(heard) == 3, limit=100_000)
        assert (clock.now(), heard) == (3_000, [100, 500, 3_000])
        assert not await clock.run(lambda: False, limit=1_000)
        assert clock.now() == 4_000  # the limit is over, the last timer is not due
        assert await clock.run(lambda: len(heard) == 4, limit=5_000)
        assert heard[-1] == 9_000
        await asyncio.gather(*tasks)

    in_loop(story())


def test_it_does_not_jump_while_somebody_works() -> None:
    async def story() -> None:
        clock = VirtualClock(epoch=0)
        seen: list[int] = []

        async def worker() -> None:
            with clock.busy():
                for _ in range(50):
                    await asyncio.sleep(0)
                seen.append(clock.now())

        async def sleeper() -> None:
            await clock.sleep_until(1_000)
            seen.append(clock.now())

        tasks = [asyncio.create_task(worker()), asyncio.create_task(sleeper())]
        await asyncio.sleep(0)
        assert await clock.run(lambda: len(seen) == 2, limit=2_000)
        assert seen == [0, 1_000]
        await asyncio.gather(*tasks)

    in_loop(story())


def test_who_waits_for_another_does_not_work() -> None:
    async def story() -> None:
        clock = VirtualClock(epoch=0)
        bell = asyncio.Event()

        async def caller() -> int:
            with clock.busy(), clock.waiting():
                await bell.wait()
            return clock.now()

        async def ringer() -> None:
            await clock.sleep_until(5_000)
            bell.set()

        waiting, ringing = asyncio.create_task(caller()), asyncio.create_task(ringer())
        assert await clock.run(bell.is_set, limit=10_000)
        assert await waiting == 5_000
        await ringing

    in_loop(story())


def test_a_cancelled_sleeper_is_passed_over() -> None:
    async def story() -> None:
        clock = VirtualClock(epoch=0)
        task = asyncio.create_task(clock.sleep_until(1_000))
        await clock.quiet()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert not await clock.run(lambda: clock.now() == 1_000, limit=3_000)
        assert clock.now() == 3_000

    in_loop(story())
