"""A provider's own equipment, simulated: the jobs that a party hands to it end some time later, well or not."""

from __future__ import annotations

import asyncio
import fnmatch
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from reference_impl.kernel.clock import Clock
from reference_impl.kernel.party import Job

Worker = Callable[[Job], Awaitable[bool]]
"""Real equipment: does a job, again where it had begun before a crash; False where it cannot be done."""


@dataclass(slots=True)
class Provisioner:
    """The provider's own equipment, simulated: every job takes ``delay`` ms, unless it is held. Where there are
    ``workers``, by kind of job, they do the job then.

    ``hold``, ``release`` and ``fail`` take a shell pattern over the job's subject joined by slashes, for example
    ``*/l3-ch3`` (coordinator-harness, section 3).
    """

    delay: int = 2_000
    workers: Mapping[str, Worker] = field(default_factory=dict)
    _held: list[str] = field(default_factory=list)
    _failing: list[str] = field(default_factory=list)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def hold(self, pattern: str = "*") -> None:
        self._held.append(pattern)

    def release(self, pattern: str = "*") -> None:
        self._held = [held for held in self._held if pattern not in ("*", held)]
        self._failing = [failing for failing in self._failing if pattern not in ("*", failing)]
        self._changed.set()
        self._changed = asyncio.Event()

    def fail(self, pattern: str = "*") -> None:
        self._failing.append(pattern)

    def holds(self, job: Job) -> bool:
        return _matches(self._held, job)

    async def work(self, job: Job, clock: Clock) -> bool:
        """Returns when the job has ended: True for done, False for failed."""
        await clock.sleep_until(clock.now() + self.delay)
        while self.holds(job):
            await self._changed.wait()
        if _matches(self._failing, job):
            return False
        worker = self.workers.get(job.kind)
        return worker is None or await worker(job)


def _matches(patterns: list[str], job: Job) -> bool:
    subject = "/".join(job.subject)
    return any(fnmatch.fnmatchcase(subject, pattern) for pattern in patterns)
