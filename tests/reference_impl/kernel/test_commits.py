"""Group commit: events share a commit while the disk is busy, and nothing leaves before it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

import pytest

from reference_impl.kernel.clock import RealClock
from reference_impl.kernel.commits import Commits
from reference_impl.kernel.store import MemoryStore, StoreError
from reference_impl.kernel.tables import Change, Tables
from tests.reference_impl.kernel.toy import NOTES, Note


class Disk(MemoryStore):
    """A store whose flushes the test lets go, one by one; ``full`` makes the next ones fail."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[list[str]] = []
        self.full = False
        self._go = threading.Semaphore(0)

    def write(self, changes: Sequence[Change]) -> None:
        self.written.append([change.key[0] for change in changes])
        self.commit(changes)

    def flush(self) -> None:
        assert self._go.acquire(timeout=10)
        if self.full:
            raise StoreError("the disk is full")

    def turn(self) -> None:
        self._go.release()


class Desk:
    """Tables with their commits; ``left`` tells what left, in order."""

    def __init__(self) -> None:
        self.disk = Disk()
        self.tables = Tables([NOTES])
        self.told: list[StoreError | None] = []
        self.left: list[str] = []
        self.commits = Commits(self.disk, RealClock(), self.told.append)

    def note(self, name: str, text: str) -> asyncio.Task[None]:
        """One event that puts a note, or, without a text, only reads."""
        with self.tables.begin() as tx:
            if text:
                tx.put(NOTES, Note(name, text))
        return asyncio.create_task(self.commits.keep(tx, tx.changes(), partial(self.left.append, name)))

    def notes(self) -> dict[str, str]:
        return {note.name: note.text for note in self.tables.rows(NOTES)}


def played(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(story(), 20))


async def begun() -> None:
    """The tasks that were made have begun."""
    for _ in range(3):
        await asyncio.sleep(0)


def test_events_that_come_while_the_disk_works_share_the_next_commit() -> None:
    async def story() -> None:
        desk = Desk()
        first = desk.note("one", "1")
        await begun()
        others = [desk.note("two", "2"), desk.note("three", "3"), desk.note("two", "2b")]
        await begun()
        assert (desk.disk.written, desk.left, desk.commits.idle) == ([["one"]], [], False)
        desk.disk.turn()
        await first
        assert (desk.left, [each.done() for each in others]) == (["one"], [False, False, False])
        desk.disk.turn()
        await asyncio.gather(*others)
        assert desk.disk.written == [["one"], ["two", "three", "two"]]
        assert desk.left == ["one", "two", "three", "two"]
        assert (desk.told, desk.commits.idle) == ([None, None], True)

    played(story)


def test_who_only_reads_waits_for_what_it_may_have_read() -> None:
    async def story() -> None:
        desk = Desk()
        await desk.note("reads an empty desk", "")
        assert desk.left == ["reads an empty desk"]
        desk.note("one", "1")
        await begun()
        reader = desk.note("reads one", "")
        await begun()
        assert not reader.done()
        desk.disk.turn()
        await reader
        assert desk.left == ["reads an empty desk", "one", "reads one"]
        assert desk.disk.written == [["one"]]

    played(story)


def test_what_the_disk_does_not_take_is_undone_with_all_that_came_after_it() -> None:
    async def story() -> None:
        desk = Desk()
        kept = desk.note("one", "1")
        await begun()
        desk.disk.turn()
        await kept
        desk.disk.full = True
        lost = [desk.note("one", "changed")]
        await begun()
        lost += [desk.note("one", "changed again"), desk.note("two", "2"), desk.note("reads", "")]
        await begun()
        desk.disk.turn()
        problems = await asyncio.gather(*lost, return_exceptions=True)
        assert [str(problem) for problem in problems] == ["the disk is full"] * 4
        assert (desk.notes(), desk.left) == ({"one": "1"}, ["one"])
        assert [str(each) for each in desk.told] == ["None", "the disk is full"]
        assert desk.commits.idle

    played(story)


def test_an_event_leaves_although_nobody_waits_for_it_any_more() -> None:
    async def story() -> None:
        desk = Desk()
        gone = desk.note("one", "1")
        await begun()
        other = desk.note("two", "2")
        await begun()
        gone.cancel()
        desk.disk.turn()
        desk.disk.turn()
        await other
        assert desk.left == ["one", "two"]

    played(story)


def test_what_is_dropped_does_not_leave() -> None:
    async def story() -> None:
        desk = Desk()
        tasks = [desk.note("one", "1")]
        await begun()
        tasks.append(desk.note("two", "2"))
        await begun()
        desk.disk.turn()
        await desk.commits.drop()
        assert [type(each) for each in await asyncio.gather(*tasks, return_exceptions=True)] == [
            asyncio.CancelledError,
            asyncio.CancelledError,
        ]
        assert (desk.disk.written, desk.left, desk.commits.idle) == ([["one"]], [], True)

    played(story)


def test_a_store_without_a_disk_is_served_at_once() -> None:
    async def story() -> None:
        tables, left, told = Tables([NOTES]), list[str](), list[StoreError | None]()
        commits = Commits(MemoryStore(), RealClock(), told.append)
        with tables.begin() as tx:
            tx.put(NOTES, Note("one", "1"))
        with pytest.raises(StopIteration):  # it never waits
            commits.keep(tx, tx.changes(), partial(left.append, "one")).send(None)
        assert (left, told) == (["one"], [None])

    played(story)
