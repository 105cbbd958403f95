"""Group commit: what events change while the disk is busy goes to it together, and leaves when it is there.

Memory runs ahead of the disk by the events under way, and nothing tells of them: neither replies nor calls leave, and
a request that only read waits for what it may have read. Where the store does not keep a change, that change and all
that came after it are undone, the last one first, so memory is again what the store holds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reference_impl.kernel.clock import Clock
from reference_impl.kernel.store import Flushing, Store, StoreError
from reference_impl.kernel.tables import Change, Tx


@dataclass(slots=True)
class _Event:
    """One event on its way to the disk."""

    tx: Tx
    changes: Sequence[Change]
    then: Callable[[], None]
    kept: asyncio.Future[None]


class Commits:
    """Brings the transactions of one Node to its store, in their order.

    ``outcome`` is told None after each commit, and the StoreError after each one that failed. A virtual clock stands
    still while the disk works.
    """

    def __init__(self, store: Store, clock: Clock, outcome: Callable[[StoreError | None], None]) -> None:
        self._store = store
        self._clock = clock
        self._outcome = outcome
        self._waiting: list[_Event] = []
        self._under_way: list[_Event] = []
        self._work: asyncio.Task[None] | None = None

    @property
    def idle(self) -> bool:
        """Is all that memory holds in the store?"""
        return not (self._waiting or self._under_way)

    async def keep(self, tx: Tx, changes: Sequence[Change], then: Callable[[], None]) -> None:
        """Bring a closed transaction to the store, then call ``then``: also when whoever awaits this has left.

        Raises StoreError once the transaction was undone. A store that waits for no disk is served at once.
        """
        if not isinstance(self._store, Flushing):
            self._keep_now(tx, changes)
            then()
        elif not changes and self.idle:
            then()
        else:
            event = _Event(tx, changes, then, asyncio.get_running_loop().create_future())
            self._waiting.append(event)
            if self._work is None:
                self._work = asyncio.get_running_loop().create_task(self._run(self._store))
            await event.kept

    def _keep_now(self, tx: Tx, changes: Sequence[Change]) -> None:
        if not changes:
            return
        try:
            self._store.commit(changes)
        except Exception as problem:
            tx.rollback()
            if isinstance(problem, StoreError):
                self._outcome(problem)
            raise
        self._outcome(None)

    async def drop(self) -> None:
        """Forget what did not reach the store; what is on its way to the disk may still get there."""
        for event in (*self._under_way, *self._waiting):
            event.then = _nothing
            event.kept.cancel()
        self._waiting.clear()
        if self._work is not None:
            await asyncio.wait([self._work])

    async def _run(self, store: Flushing) -> None:
        try:
            with self._clock.busy():
                while self._waiting:
                    self._under_way, self._waiting = self._waiting, []
                    await self._together(store, self._under_way)
        finally:
            self._under_way = []
            self._work = None

    async def _together(self, store: Flushing, events: Sequence[_Event]) -> None:
        try:
            changes = [change for event in events for change in event.changes]
            if changes:
                store.write(changes)
                await asyncio.get_running_loop().run_in_executor(None, store.flush)
        except Exception as problem:
            self._undo([*events, *self._waiting], problem)
            return
        if changes:
            self._outcome(None)
        for event in events:
            event.then()
            if not event.kept.done():
                event.kept.set_result(None)

    def _undo(self, events: Sequence[_Event], problem: Exception) -> None:
        self._waiting.clear()
        for event in reversed(events):
            event.tx.rollback()
        if isinstance(problem, StoreError):
            self._outcome(problem)
        for event in events:
            if not event.kept.done():
                event.kept.set_exception(problem)


def _nothing() -> None:
    """What leaves of an event that was forgotten."""
