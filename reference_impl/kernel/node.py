"""A Node runs a Party in the real world: it commits each event, sends what is in the outbox, and brings back answers.

One event is one transaction: the Party handles it, the store commits the changed rows, and only then does anything
leave. What leaves is read from the changed rows of the outbox, so a Node that is started again on the same store
goes on where the last one stopped: a call that had been sent has an unknown fate (``NoResponse``), the others are
sent when due, timers and jobs are armed again.

Where the store does not keep a change, nothing has happened: a request is answered 503, and what came from elsewhere
(an answer, a timer, a job) is handled again until the store keeps it. Where the store is lost, the Node begins anew.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any, Protocol

from reference_impl.kernel.clock import Clock
from reference_impl.kernel.commits import Commits
from reference_impl.kernel.operation import Operation
from reference_impl.kernel.party import (
    CALLS,
    JOBS,
    OUTBOX,
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
    Refusal,
    Reply,
    Requested,
    Responded,
    Restarted,
    Timer,
    TimerFired,
)
from reference_impl.kernel.provisioner import Provisioner
from reference_impl.kernel.store import Store, StoreError, StoreLost
from reference_impl.kernel.tables import Change, Key, Table, Tables, Tx

LOG = logging.getLogger("interlock.node")

STORE_PAUSE = 1_000
"""Milliseconds before a change that the store did not keep is tried again."""

BALLAST_SIZE = 1 << 16
"""Characters that a store which failed must keep before it is trusted again: more than an event changes."""

STOP_SECONDS = 2
"""How long the calls under way may go on once the Node is to stop."""


@dataclass(frozen=True, slots=True)
class Ballast:
    """A large row that comes and goes: is there room again?"""

    name: str = "ballast"
    text: str = "." * BALLAST_SIZE


BALLAST = Table("ballast", Ballast, ("name",))


class NoAnswer(Exception):
    """Nobody knows what became of a call."""


class Transport(Protocol):
    """Carries a call to the peer. Raises NoAnswer when no answer came back."""

    async def send(self, call: Call, operation: Operation) -> tuple[int, Message | None]: ...


class Watch(Protocol):
    """Hears what a Node holds: all of it at the beginning, then each change that is kept."""

    def begin(self, tables: Tables) -> None: ...

    def kept(self, changes: Sequence[Change]) -> None: ...


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
        watch: Watch | None = None,
    ) -> None:
        self.party = party
        self.store = store
        self.clock = clock
        self.transport = transport
        self.provisioner = provisioner or Provisioner()
        self.tables = Tables(party.schema)
        self._fresh = fresh
        self._jitter = jitter
        self._watch = watch
        self._open: dict[str, asyncio.Future[Reply]] = {}
        self._tasks: dict[tuple[str, Any], asyncio.Task[None]] = {}
        self._asked = 0
        self._boot = ""
        self._up = False
        self._ailing = False
        self._recovery: asyncio.Task[None] | None = None
        self._commits = Commits(store, clock, self._told)

    @property
    def healthy(self) -> bool:
        """Does the Node take requests, and did its store keep the last change? Only a change that is kept heals it."""
        return self._up and not self._ailing

    # --- life ---------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Load the store and take up every unfinished flow. Raises StoreError where the store cannot be used.

        Requests that were held when the last run ended are nobody's any more: handles begin with this run's own mark.
        """
        await self._begin_with(self._load())

    def _load(self) -> Tables:
        return self.store.load((*self.party.schema, BALLAST))

    async def _begin_with(self, tables: Tables) -> None:
        self._boot = self._fresh("run")
        self._hold(tables)
        self._up = True
        await self._handle(Restarted())
        await self._take_up()

    def _hold(self, tables: Tables) -> None:
        self.tables = tables
        if self._watch is not None:
            self._watch.begin(tables)

    async def stop(self) -> None:
        """Let calls that are under way end, then stop; whatever else was to be done stays in the store."""
        self._up = False
        now = self.clock.now()
        in_flight = {("calls", call.id) for call in self.tables.rows(CALLS) if call.sent or call.due <= now}
        for kind, key in list(self._tasks):
            if (kind, key) not in in_flight:
                self._cancel_one(kind, key)
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()), timeout=STOP_SECONDS)
        await self.crash()

    async def crash(self) -> None:
        """Forget everything that is not in the store, as if the power had failed."""
        self._up = False
        tasks = list(self._tasks.values())
        if self._recovery is not None and self._recovery is not asyncio.current_task():
            tasks.append(self._recovery)
            self._recovery = None
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._commits.drop()
        for waiting in self._open.values():
            waiting.cancel()
        self._open.clear()

    async def reset(self, stock: Callable[[Tables], None]) -> None:
        """An empty party with this stock: whatever was under way is forgotten.

        Where the store does not keep that (StoreError), nothing of it has happened, and the party recovers what it was.
        """
        tables = Tables(self.tables.schema)
        stock(tables)
        await self.crash()
        old, new = (
            [(table, table.key_of(row), row) for table in each.schema for row in each.rows(table)]
            for each in (self.tables, tables)
        )
        changes = [Change(*row, None) for row in old] + [Change(table, key, None, row) for table, key, row in new]
        try:
            self.store.commit(changes)
        except StoreError as problem:
            self._told(problem)
            self.recover()
            raise
        self._hold(tables)
        await self._take_up()

    async def _take_up(self) -> None:
        self._up = True
        for sent in [call for call in self.tables.rows(CALLS) if call.sent]:
            if sent in self.tables.rows(CALLS):  # else an earlier one of them has changed that
                await self._handle(NoResponse(sent.id))
        for table in OUTBOX:
            for row in self.tables.rows(table):
                self._begin(table, table.key_of(row), row)

    def recover(self) -> None:
        """What the store shows, as soon as it can be used, is the truth: begin anew with that, as after a crash."""
        self._up = False
        if self._recovery is None:
            self._recovery = asyncio.get_running_loop().create_task(self._recover())

    async def _recover(self) -> None:
        while True:
            await self.crash()
            try:
                with self.clock.busy():  # in a thread: a server that is out of reach may take long to say so
                    tables = await asyncio.to_thread(self._load)
                await self._begin_with(tables)
            except StoreError:
                await self.clock.sleep_until(self.clock.now() + STORE_PAUSE)
            else:
                LOG.warning("%s goes on with its store", self.party.me)
                self._recovery = None
                return

    # --- events -------------------------------------------------------------------------------------------------

    async def submit(self, event: Requested | Acted) -> Reply:
        """Let the Party handle a request and await that request's own Reply, which may come with a later event.

        Where the store does not keep what the request changes, the Reply is a 503 and nothing has happened.
        """
        if not self._up:
            return self._unavailable(event.to)
        self._asked += 1
        event = replace(event, to=f"{self._boot}-{self._asked}")
        reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._open[event.to] = reply
        try:
            await self._handle(event)
            if reply.done():
                return reply.result()
            with self.clock.waiting():
                return await reply
        except StoreError:
            return self._unavailable(event.to)
        finally:
            self._open.pop(event.to, None)

    async def keeps(self) -> bool:
        """Does the store keep a change at this moment? Finds out by writing one row as it is, in its turn.

        After a change that it did not keep, by writing a large row and taking it away again: a small one may fit on a
        disk that is too full for the next request.
        """
        if not self._up:
            return False
        try:
            if self._ailing:
                await self._transact(lambda tx: (tx.delete(BALLAST, "ballast"), tx.put(BALLAST, Ballast()), ())[2])
                await self._transact(lambda tx: (tx.delete(BALLAST, "ballast"), ())[1])
            else:
                rows = ((table, row) for table in self.party.schema for row in self.tables.rows(table)[:1])
                changes = [Change(table, table.key_of(row), row, row) for table, row in islice(rows, 1)]
                with self.tables.begin() as unchanged:
                    pass
                await self._commits.keep(unchanged, changes, lambda: None)
        except StoreError:
            return False
        return self._up

    def _unavailable(self, to: str) -> Reply:
        refusal = Refusal(
            503, "this party cannot keep anything at present: its store does not take it; try again later"
        )
        return Reply(to, refusal.status, self.party.refuse(refusal))

    async def settle(self, limit: int) -> bool:
        """Let time pass, at most ``limit`` ms, until nothing is under way; says whether that was reached."""
        return await self.clock.run(self.idle, limit)

    def idle(self) -> bool:
        """No call, no timer but patient ones, and no job but those that are held."""
        working = [job for job in self.tables.rows(JOBS) if not self.provisioner.holds(job)]
        patient = self.party.handlers.patient
        armed = any(timer.kind not in patient for timer in self.tables.rows(TIMERS))
        return self._commits.idle and not (len(self.tables.rows(CALLS)) or armed or working)

    async def _handle(self, event: Event) -> None:
        ctx = Ctx(self.clock.now(), self._fresh)
        await self._transact(lambda tx: self.party.handle(tx, event, ctx))

    async def _transact(self, work: Callable[[Tx], tuple[Reply, ...]]) -> None:
        """One transaction: when the store cannot commit, nothing has happened and nothing leaves."""
        with self.tables.begin() as tx:
            replies = work(tx)
        changes = tx.changes()
        await self._commits.keep(tx, changes, partial(self._leave, changes, replies))

    def _leave(self, changes: list[Change], replies: tuple[Reply, ...]) -> None:
        """What an event changed is kept: now its calls and its replies may leave."""
        if self._watch is not None:
            self._watch.kept(changes)
        self._dispatch(changes)
        for reply in replies:
            waiting = self._open.get(reply.to)
            if waiting is not None and not waiting.done():
                waiting.set_result(reply)

    def _told(self, problem: StoreError | None) -> None:
        """How the last commit ended."""
        if problem is None:
            if self._ailing:
                LOG.warning("%s: the store takes changes again", self.party.me)
            self._ailing = False
            return
        if not self._ailing:
            LOG.error("%s: %s", self.party.me, problem)
        self._ailing = True
        if isinstance(problem, StoreLost):
            self.recover()

    async def _surely(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do what nobody would ask for again, as often as the store needs."""
        while True:
            try:
                with self.clock.busy():
                    await work()
                    return
            except StoreError:
                await self.clock.sleep_until(self.clock.now() + STORE_PAUSE)

    # --- the outbox ---------------------------------------------------------------------------------------------

    def _dispatch(self, changes: list[Change]) -> None:
        for change in changes:
            if change.table not in OUTBOX or (isinstance(change.after, Call) and change.after.sent):
                continue
            self._cancel_one(change.table.name, _handle_of(change.key))
            if change.after is not None and self._up:
                self._begin(change.table, change.key, change.after)

    def _begin(self, table: Table[Any], key: Key, row: Any) -> None:
        """Do what a row of the outbox says, unless that has begun."""
        works: dict[Table[Any], Callable[[Any], Coroutine[Any, Any, None]]] = {
            CALLS: self._send,
            TIMERS: self._wait,
            JOBS: self._work,
        }
        if (table.name, _handle_of(key)) not in self._tasks:
            self._start(table.name, _handle_of(key), works[table](row))

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

    async def _send(self, call: Call) -> None:
        await self.clock.sleep_until(call.due + (self._jitter(call.attempt) if call.attempt else 0))
        await self._surely(lambda: self._transact(lambda tx: (tx.put(CALLS, replace(call, sent=True)), ())[1]))
        answer: Event = NoResponse(call.id)
        with self.clock.busy():
            try:
                answer = Responded(call.id, *await self.transport.send(call, self.party.operations[call.operation]))
            except NoAnswer as problem:
                LOG.info("%s: %s to %s has no answer: %s", self.party.me, call.operation, call.peer, problem)
        await self._surely(lambda: self._handle(answer))

    async def _wait(self, timer: Timer) -> None:
        await self.clock.sleep_until(timer.due)
        await self._surely(lambda: self._handle(TimerFired(timer.kind, timer.subject)))

    async def _work(self, job: Job) -> None:
        done = await self.provisioner.work(job, self.clock)
        await self._surely(lambda: self._handle(Provisioned(job.kind, job.subject, done)))


def _handle_of(key: Key) -> Any:
    """What a task goes by: the number of a call, else the key of its row."""
    return key[0] if len(key) == 1 else key
