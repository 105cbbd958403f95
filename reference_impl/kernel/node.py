"""A Node runs a Party in the real world: it commits each event, sends what is in the outbox, and brings back answers.

One event is one transaction: the Party handles it, the store commits the changed rows, and only then does anything
leave. What leaves is read from the changed rows of the outbox, so a Node that is started again on the same store
goes on where the last one stopped: a call that had been sent has an unknown fate (``NoResponse``), the others are
sent when due, timers and jobs are armed again.
"""

from __future__ import annotations

import asyncio
import fnmatch
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from reference_impl.kernel.clock import Clock
from reference_impl.kernel.operation import Operation
from reference_impl.kernel.party import (
    CALLS,
    JOBS,
    TIMERS,
    Acted,
    Call,
    Ctx,
    Event,
    Job,
    Message,
    NoResponse,
    Party,
    Provisioned,
    Reply,
    Requested,
    Responded,
    Timer,
    TimerFired,
)
from reference_impl.kernel.store import Store
from reference_impl.kernel.tables import Change, Table, Tables, Tx


class NoAnswer(Exception):
    """Nobody knows what became of a call."""


class Transport(Protocol):
    """Carries a call to the peer. Raises NoAnswer when no answer came back."""

    async def send(self, call: Call, operation: Operation) -> tuple[int, Message | None]: ...


@dataclass(slots=True)
class Provisioner:
    """The provider's own equipment, simulated: every job takes ``delay`` ms, unless it is held.

    ``hold``, ``release`` and ``fail`` take a shell pattern over the job's subject joined by slashes, for example
    ``*/l3-ch3`` (coordinator-harness, section 3).
    """

    delay: int = 2_000
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
        return not _matches(self._failing, job)


def _matches(patterns: list[str], job: Job) -> bool:
    subject = "/".join(job.subject)
    return any(fnmatch.fnmatchcase(subject, pattern) for pattern in patterns)


class Node:
    """A Party with a store, a clock, a way to its peers and its equipment. Use it from one event loop only."""

    def __init__(
        self,
        party: Party[Any],
        store: Store,
        clock: Clock,
        transport: Transport,
        fresh: Callable[[str], str],
        provisioner: Provisioner | None = None,
        jitter: Callable[[int], int] = lambda attempt: 0,
    ) -> None:
        self.party = party
        self.store = store
        self.clock = clock
        self.transport = transport
        self.provisioner = provisioner or Provisioner()
        self.tables = Tables(party.schema)
        self._fresh = fresh
        self._jitter = jitter
        self._open: dict[str, asyncio.Future[Reply]] = {}
        self._tasks: dict[tuple[str, Any], asyncio.Task[None]] = {}
        self._asked = 0
        self._boot = ""

    # --- life ---------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Load the store and take up every unfinished flow.

        Requests that were held when the last run ended are nobody's any more: handles begin with this run's own mark.
        """
        self._boot = self._fresh("run")
        self.tables = self.store.load(self.party.schema)
        await self._take_up()

    async def stop(self) -> None:
        """Let calls that are under way end, then stop; timers and jobs stay in the store."""
        for kind in ("timers", "jobs"):
            self._cancel(kind)
        under_way = [task for (kind, _), task in self._tasks.items() if kind == "calls"]
        if under_way:
            await asyncio.wait(under_way, timeout=2)
        await self.crash()

    async def crash(self) -> None:
        """Forget everything that is not in the store, as if the power had failed."""
        tasks = list(self._tasks.values())
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for waiting in self._open.values():
            waiting.cancel()
        self._open.clear()

    async def reset(self, stock: Callable[[Tables], None]) -> None:
        """An empty party with this stock: whatever was under way is forgotten."""
        await self.crash()
        with self.tables.begin() as tx:
            for table in self.party.schema:
                for row in tx.rows(table):
                    tx.delete(table, *table.key_of(row))
            self.store.commit(tx.changes())
        stock(self.tables)
        self.store.commit(
            [
                Change(table, table.key_of(row), None, row)
                for table in self.party.schema
                for row in self.tables.rows(table)
            ]
        )
        await self._take_up()

    async def _take_up(self) -> None:
        for call in self.tables.rows(CALLS):
            if call.sent:
                self._handle(NoResponse(call.id))
            else:
                self._start("calls", call.id, self._send(call))
        for timer in self.tables.rows(TIMERS):
            self._start("timers", (timer.kind, timer.subject), self._wait(timer))
        for job in self.tables.rows(JOBS):
            self._start("jobs", (job.kind, job.subject), self._work(job))

    # --- events -------------------------------------------------------------------------------------------------

    async def submit(self, event: Requested | Acted) -> Reply:
        """Let the Party handle a request and await that request's own Reply, which may come with a later event."""
        self._asked += 1
        event = replace(event, to=f"{self._boot}-{self._asked}")
        reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._open[event.to] = reply
        try:
            self._handle(event)
            if reply.done():
                return reply.result()
            with self.clock.waiting():
                return await reply
        finally:
            self._open.pop(event.to, None)

    async def settle(self, limit: int) -> bool:
        """Let time pass, at most ``limit`` ms, until nothing is under way; says whether that was reached."""
        return await self.clock.run(self.idle, limit)

    def idle(self) -> bool:
        """No call, no timer, and no job but those that are held."""
        working = [job for job in self.tables.rows(JOBS) if not self.provisioner.holds(job)]
        return not (len(self.tables.rows(CALLS)) or len(self.tables.rows(TIMERS)) or working)

    def _handle(self, event: Event) -> None:
        ctx = Ctx(self.clock.now(), self._fresh)

        def handle(tx: Tx) -> tuple[Reply, ...]:
            return self.party.handle(tx, event, ctx)

        for reply in self._transact(handle):
            waiting = self._open.get(reply.to)
            if waiting is not None and not waiting.done():
                waiting.set_result(reply)

    def _transact(self, work: Callable[[Tx], tuple[Reply, ...]]) -> tuple[Reply, ...]:
        """One transaction: when the store cannot commit, nothing has happened and nothing leaves."""
        with self.tables.begin() as tx:
            replies = work(tx)
            changes = tx.changes()
            if changes:
                self.store.commit(changes)
        self._dispatch(changes)
        return replies

    # --- the outbox ---------------------------------------------------------------------------------------------

    def _dispatch(self, changes: list[Change]) -> None:
        starts: dict[Table[Any], Callable[[Any], Coroutine[Any, Any, None]]] = {
            CALLS: self._send,
            TIMERS: self._wait,
            JOBS: self._work,
        }
        for change in changes:
            start = starts.get(change.table)
            if start is None or (isinstance(change.after, Call) and change.after.sent):
                continue
            key = change.key[0] if change.table is CALLS else change.key
            self._cancel_one(change.table.name, key)
            if change.after is not None:
                self._start(change.table.name, key, start(change.after))

    def _start(self, kind: str, key: Any, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks[kind, key] = task
        task.add_done_callback(lambda done: self._forget(kind, key, done))

    def _forget(self, kind: str, key: Any, task: asyncio.Task[None]) -> None:
        if self._tasks.get((kind, key)) is task:
            del self._tasks[kind, key]
        if not task.cancelled() and (problem := task.exception()) is not None:
            task.get_loop().call_exception_handler(
                {"message": f"{self.party.me}: {kind} {key} failed", "exception": problem, "task": task}
            )

    def _cancel_one(self, kind: str, key: Any) -> None:
        task = self._tasks.pop((kind, key), None)
        if task is not None and task is not asyncio.current_task():
            task.cancel()

    def _cancel(self, kind: str) -> None:
        for name, key in list(self._tasks):
            if name == kind:
                self._cancel_one(name, key)

    async def _send(self, call: Call) -> None:
        await self.clock.sleep_until(call.due + (self._jitter(call.attempt) if call.attempt else 0))
        with self.clock.busy():
            self._transact(lambda tx: (tx.put(CALLS, replace(call, sent=True)), ())[1])
            try:
                status, body = await self.transport.send(call, self.party.operations[call.operation])
            except NoAnswer:
                self._handle(NoResponse(call.id))
            else:
                self._handle(Responded(call.id, status, body))

    async def _wait(self, timer: Timer) -> None:
        await self.clock.sleep_until(timer.due)
        with self.clock.busy():
            self._handle(TimerFired(timer.kind, timer.subject))

    async def _work(self, job: Job) -> None:
        done = await self.provisioner.work(job, self.clock)
        with self.clock.busy():
            self._handle(Provisioned(job.kind, job.subject, done))
