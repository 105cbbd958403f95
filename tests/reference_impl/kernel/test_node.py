"""A Node: it commits, then sends; after a crash it goes on where the store says it stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest

from reference_impl.kernel.clock import VirtualClock
from reference_impl.kernel.node import NoAnswer, Node
from reference_impl.kernel.operation import Operation
from reference_impl.kernel.party import CALLS, JOBS, TIMERS, Acted, Call, Message, Requested, Timer
from reference_impl.kernel.provisioner import Provisioner
from reference_impl.kernel.store import MemoryStore, StoreError, StoreLost
from reference_impl.kernel.tables import Change, Table, Tables
from tests.reference_impl.kernel.toy import NOTES, Note, Text, party


class Wire:
    """The way to a peer that answers as told: an int is a status, None is no answer; then always 200."""

    def __init__(self, clock: VirtualClock, *script: int | None) -> None:
        self.clock = clock
        self.script = list(script)
        self.sent: list[tuple[int, int]] = []
        """(moment, attempt) of each call that left."""
        self.silent = False

    async def send(self, call: Call, operation: Operation) -> tuple[int, Message | None]:
        self.sent.append((self.clock.now(), call.attempt))
        if self.silent:
            with self.clock.waiting():
                await asyncio.get_running_loop().create_future()
        status = self.script.pop(0) if self.script else 200
        if status is None:
            raise NoAnswer("nobody there")
        return status, Text(text="yes") if status == 200 else None


class Stage:
    """A node with its clock, store and wire; ``again`` makes a new node on the same store."""

    def __init__(self, *script: int | None, jitter: Callable[[int], int] = lambda attempt: 0) -> None:
        self.clock = VirtualClock(epoch=0)
        self.store: MemoryStore = MemoryStore()
        self.wire = Wire(self.clock, *script)
        self.jitter = jitter
        self.provisioner = Provisioner(delay=2_000)

    async def node(self) -> Node:
        made = Node(party(), self.store, self.clock, self.wire, lambda kind: kind, self.provisioner, jitter=self.jitter)
        await made.start()
        return made


def played(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(story())


def notes(node: Node) -> dict[str, str]:
    return {note.name: note.text for note in node.tables.rows(NOTES)}


def test_a_call_leaves_and_its_answer_comes_back() -> None:
    async def story() -> None:
        stage = Stage()
        node = await stage.node()
        reply = await node.submit(Acted("", "ask", {"text": "milk"}))
        assert (reply.status, reply.body) == (202, Text(text="sent"))
        assert await node.settle(60_000)
        assert notes(node) == {"answer milk": "200 yes after 0"}
        assert (stage.wire.sent, stage.clock.now()) == ([(0, 0)], 0)

    played(story)


def test_back_off_spaces_what_the_party_asks_for_again() -> None:
    async def story() -> None:
        stage = Stage(None, None, None, jitter=lambda attempt: 100 * attempt)
        node = await stage.node()
        await node.submit(Acted("", "ask", {"text": "milk"}))
        assert await node.settle(60_000)
        assert stage.wire.sent == [(0, 0), (1_100, 1), (3_300, 2)]  # the third has no fourth: no blind resend
        assert notes(node) == {"answer milk": "None ? after 2"}

    played(story)


def test_an_error_status_is_an_answer() -> None:
    async def story() -> None:
        stage = Stage(503)
        node = await stage.node()
        await node.submit(Acted("", "ask", {"text": "milk"}))
        assert await node.settle(60_000)
        assert notes(node) == {"answer milk": "503 ? after 0"}

    played(story)


def test_a_held_request_is_answered_when_its_timer_fires() -> None:
    async def story() -> None:
        stage = Stage()
        node = await stage.node()
        held = asyncio.create_task(node.submit(Acted("", "wait")))
        asked = await node.submit(Requested("", "them", "Errand", body=Text(text="tea")))
        assert (asked.status, held.done()) == (200, False)
        assert await stage.clock.run(held.done, 60_000)
        assert (await held).body == Text(text="ding")
        assert stage.clock.now() == 5_000

    played(story)


def test_after_a_crash_a_call_that_was_sent_has_no_response() -> None:
    async def story() -> None:
        stage = Stage()
        stage.wire.silent = True
        node = await stage.node()
        await node.submit(Acted("", "ask", {"text": "milk"}))
        await stage.clock.quiet()
        assert [call.sent for call in node.tables.rows(CALLS)] == [True]
        await node.crash()

        stage.wire.silent = False
        second = await stage.node()
        assert [(call.attempt, call.sent) for call in second.tables.rows(CALLS)] == [(1, False)]
        assert await second.settle(60_000)
        assert stage.wire.sent == [(0, 0), (1_000, 1)]
        assert notes(second) == {"answer milk": "200 yes after 1"}

    played(story)


def test_after_a_crash_a_call_that_was_not_sent_is_sent() -> None:
    async def story() -> None:
        stage = Stage(None)
        node = await stage.node()
        await node.submit(Acted("", "ask", {"text": "milk"}))
        await stage.clock.quiet()  # the first attempt had no answer, the second is due in a second
        await node.crash()
        second = await stage.node()
        assert [(call.attempt, call.due, call.sent) for call in second.tables.rows(CALLS)] == [(1, 1_000, False)]
        assert await second.settle(60_000)
        assert stage.wire.sent == [(0, 0), (1_000, 1)]

    played(story)


def test_timers_and_jobs_survive_a_crash() -> None:
    async def story() -> None:
        stage = Stage()
        node = await stage.node()
        held = asyncio.create_task(node.submit(Acted("", "wait")))
        await node.submit(Acted("", "dig", {"where": "here"}))
        await stage.clock.quiet()
        await node.crash()
        with pytest.raises(asyncio.CancelledError):  # whoever asked lost the connection
            await held

        second = await stage.node()
        assert second.tables.rows(TIMERS) == [Timer("bell", ("x",), 5_000)]
        assert len(second.tables.rows(JOBS)) == 1
        assert not second.idle()
        assert await second.settle(60_000)
        assert notes(second) == {"dug here": "True"}
        assert stage.clock.now() == 5_000

    played(story)


def test_stopping_lets_an_open_call_end() -> None:
    async def story() -> None:
        stage = Stage()
        node = await stage.node()
        await node.submit(Acted("", "ask", {"text": "milk"}))
        await node.stop()
        assert {note.text for note in stage.store.load(node.party.schema).rows(NOTES)} == {"200 yes after 0"}

    played(story)


def test_jobs_are_held_released_and_failed() -> None:
    async def story() -> None:
        stage = Stage()
        node = await stage.node()
        stage.provisioner.hold("n*")
        stage.provisioner.fail("*outh")
        for where in ("north", "south", "west"):
            await node.submit(Acted("", "dig", {"where": where}))
        assert await node.settle(60_000)  # a held job does not count as under way
        assert notes(node) == {"dug south": "False", "dug west": "True"}
        assert stage.clock.now() == 2_000
        stage.provisioner.release("n*")
        assert not node.idle()
        assert await node.settle(60_000)
        assert notes(node)["dug north"] == "True"

    played(story)


class Failing(MemoryStore):
    """Keeps nothing while it is ``full``; says once that it is ``lost`` after it kept a change all the same."""

    full = False
    lose = False
    lost = False

    def load(self, schema: Sequence[Table[Any]]) -> Tables:
        if self.full:
            raise StoreError("no space left")
        self.lost = False
        return super().load(schema)

    def commit(self, changes: Sequence[Change]) -> None:
        if self.full:
            raise StoreError("no space left")
        if self.lost:
            raise StoreLost("out of reach")
        super().commit(changes)
        if self.lose:
            self.lose, self.lost = False, True
            raise StoreLost("out of reach")


UNAVAILABLE = Text(text="this party cannot keep anything at present: its store does not take it; try again later")


def test_when_the_store_cannot_commit_nothing_happened() -> None:
    async def story() -> None:
        stage = Stage()
        store = stage.store = Failing()
        node = await stage.node()
        store.full = True
        assert node.healthy
        for event in (Acted("", "ask", {"text": "milk"}), Requested("", "them", "Errand", body=Text(text="tea"))):
            reply = await node.submit(event)
            assert (reply.status, reply.body) == (503, UNAVAILABLE)
        assert not node.healthy
        assert not node.tables.rows(CALLS) + node.tables.rows(NOTES)
        store.full = False
        assert await node.settle(60_000)
        assert stage.wire.sent == []
        assert (await node.submit(Acted("", "ask", {"text": "tea"}))).status == 202
        assert node.healthy
        assert await node.settle(60_000)
        assert len(stage.wire.sent) == 1

    played(story)


def test_what_nobody_asks_for_again_waits_for_the_store() -> None:
    """A call that is to leave, its answer, a timer and a job: each is handled once the store takes it."""

    async def story() -> None:
        stage = Stage()
        store = stage.store = Failing()
        stage.wire.silent = True
        node = await stage.node()
        held = asyncio.create_task(node.submit(Acted("", "wait")))
        await asyncio.sleep(0)  # its turn
        await node.submit(Acted("", "dig", {"where": "here"}))
        await node.submit(Acted("", "ask", {"text": "milk"}))
        store.full = True
        assert await stage.clock.run(lambda: stage.clock.now() >= 9_000, 9_000)
        assert (stage.wire.sent, list(notes(node)), held.done()) == ([], ["held"], False)
        stage.wire.silent = False
        store.full = False
        assert await node.settle(60_000)
        assert notes(node) == {"dug here": "True", "answer milk": "200 yes after 0"}
        assert (await held).body == Text(text="ding")
        assert len(stage.wire.sent) == 1
        assert node.healthy

    played(story)


def test_an_answer_is_kept_until_the_store_takes_it() -> None:
    async def story() -> None:
        stage = Stage()
        store = stage.store = Failing()
        node = await stage.node()
        await node.submit(Acted("", "ask", {"text": "milk"}))
        send = stage.wire.send

        async def fill(call: Call, operation: Operation) -> tuple[int, Message | None]:
            store.full = True
            return await send(call, operation)

        stage.wire.send = fill  # type: ignore[method-assign] # the disk is full when the answer comes
        await stage.clock.quiet()
        assert [call.sent for call in node.tables.rows(CALLS)] == [True]
        store.full = False
        assert await node.settle(60_000)
        assert notes(node) == {"answer milk": "200 yes after 0"}
        assert len(stage.wire.sent) == 1

    played(story)


def test_after_the_store_was_lost_what_it_shows_counts() -> None:
    """The change was kept although the store could not say so: the Node finds it there and goes on."""

    async def story() -> None:
        stage = Stage()
        store = stage.store = Failing()
        node = await stage.node()
        held = asyncio.create_task(node.submit(Acted("", "wait")))
        await stage.clock.quiet()
        store.lose = True
        reply = await node.submit(Acted("", "ask", {"text": "milk"}))
        store.full = True  # and for a while it cannot be loaded
        assert (reply.status, node.healthy) == (503, False)
        with pytest.raises(asyncio.CancelledError):  # as after a crash
            await held
        assert (await node.submit(Acted("", "ask", {"text": "tea"}))).status == 503
        await stage.clock.run(lambda: False, 3_000)
        assert (stage.wire.sent, node.healthy) == ([], False)
        store.full = False
        assert await stage.clock.run(lambda: node.healthy, 5_000)
        assert await node.settle(60_000)
        assert notes(node) == {"answer milk": "200 yes after 0"}

    played(story)


class Tight(MemoryStore):
    """A disk with room for so many characters in one commit."""

    room = 1 << 30

    def commit(self, changes: Sequence[Change]) -> None:
        if sum(len(repr(change.after)) for change in changes) > self.room:
            raise StoreError("no space left")
        super().commit(changes)


def test_a_small_change_does_not_show_that_a_full_disk_has_room_again() -> None:
    async def story() -> None:
        stage = Stage()
        store = stage.store = Tight()
        node = await stage.node()
        errand = Requested("", "them", "Errand", body=Text(text="tea"))
        assert (await node.submit(errand)).status == 200
        store.room = 1_000
        assert await node.keeps()  # nothing says yet that it is full
        long = Requested("", "them", "Errand", body=Text(text="tea" * 1_000))
        assert ((await node.submit(long)).status, node.healthy) == (503, False)
        assert (await node.keeps(), node.healthy) == (False, False)
        store.room = 1 << 30
        assert (await node.keeps(), node.healthy) == (True, True)
        assert [row for table in node.tables.schema for row in node.tables.rows(table)] == [Note("errand tea", "them")]
        assert [rows for rows in store._rows.values() if rows] == [{("errand tea",): Note("errand tea", "them")}]

    played(story)


def test_a_party_that_is_stopped_takes_no_request_and_starts_nothing() -> None:
    async def story() -> None:
        stage = Stage(None)
        node = await stage.node()
        await node.submit(Acted("", "ask", {"text": "milk"}))  # under way: it ends; its repeat is for the next run
        await node.stop()
        assert not node.healthy
        assert (await node.submit(Acted("", "ask", {"text": "tea"}))).status == 503
        assert stage.wire.sent == [(0, 0)]
        await node.start()
        assert [(call.attempt, call.due, call.sent) for call in node.tables.rows(CALLS)] == [(1, 1_000, False)]
        assert await node.settle(60_000)
        assert stage.wire.sent == [(0, 0), (1_000, 1)]

    played(story)


def test_taking_up_begins_everything_once() -> None:
    """What the fate of one call arms anew is not armed twice, and a call that another one replaced has no fate."""

    async def story() -> None:
        stage = Stage()
        node = await stage.node()
        stage.store.commit(
            [
                Change(CALLS, (1,), None, Call(1, "them", "Errand", (), subject=("replace",), attempt=2, sent=True)),
                Change(CALLS, (2,), None, Call(2, "them", "Errand", (), subject=("old",), sent=True)),
                Change(TIMERS, ("bell", ("x",)), None, Timer("bell", ("x",), 1_000)),
            ]
        )
        await node.crash()
        await node.start()
        assert [(call.id, call.subject, call.attempt) for call in node.tables.rows(CALLS)] == [(2, ("new",), 0)]
        assert node.tables.rows(TIMERS) == [Timer("bell", ("x",), 7_000)]
        assert await node.settle(60_000)
        assert stage.clock.now() == 7_000
        assert notes(node) == {"answer replace": "None ? after 2", "answer new": "200 yes after 0"}

    played(story)


def test_reset_forgets_everything() -> None:
    async def story() -> None:
        stage = Stage()
        node = await stage.node()
        held = asyncio.create_task(node.submit(Acted("", "wait")))
        await node.submit(Requested("", "them", "Errand", body=Text(text="tea")))
        await stage.clock.quiet()
        assert node.tables.rows(TIMERS)

        def stock(tables: Any) -> None:
            with tables.begin() as tx:
                tx.put(NOTES, Note("stock", "fresh"))

        await node.reset(stock)
        await asyncio.gather(held, return_exceptions=True)
        assert notes(node) == {"stock": "fresh"}
        assert node.idle()
        loaded = stage.store.load(node.party.schema)
        assert (loaded.rows(NOTES), loaded.rows(TIMERS)) == ([Note("stock", "fresh")], [])

    played(story)


def _stock(tables: Tables) -> None:
    with tables.begin() as tx:
        tx.put(NOTES, Note("stock", "fresh"))


def test_a_reset_that_the_store_does_not_keep_changes_nothing() -> None:
    """The party says so, and goes on with what it had once the store can be read."""

    async def story() -> None:
        stage = Stage(None)
        store = stage.store = Failing()
        node = await stage.node()
        await node.submit(Acted("", "ask", {"text": "milk"}))
        await stage.clock.quiet()  # the call had no answer and is due again
        store.full = True
        with pytest.raises(StoreError, match="no space left"):
            await node.reset(_stock)
        assert (await node.submit(Acted("", "ask", {"text": "tea"}))).body == UNAVAILABLE
        await stage.clock.run(lambda: False, 3_000)
        assert (len(stage.wire.sent), node.healthy) == (1, False)
        store.full = False
        assert await node.settle(60_000)
        assert notes(node) == {"answer milk": "200 yes after 1"}
        assert node.healthy

    played(story)


def test_a_reset_that_was_kept_though_the_store_could_not_say_so() -> None:
    async def story() -> None:
        stage = Stage(None)
        store = stage.store = Failing()
        node = await stage.node()
        await node.submit(Acted("", "ask", {"text": "milk"}))
        await stage.clock.quiet()
        store.lose = True
        with pytest.raises(StoreLost):
            await node.reset(_stock)
        await stage.clock.run(lambda: False, 3_000)
        assert notes(node) == {"stock": "fresh"}
        assert node.idle()
        assert (await node.submit(Requested("", "them", "Errand", body=Text(text="tea")))).status == 200
        assert len(stage.wire.sent) == 1

    played(story)


def test_a_stock_that_cannot_be_made_leaves_the_party_alone() -> None:
    async def story() -> None:
        node = await Stage().node()

        def broken(tables: Tables) -> None:
            raise LookupError("no such channel")

        with pytest.raises(LookupError):
            await node.reset(broken)
        assert (await node.submit(Requested("", "them", "Errand", body=Text(text="tea")))).status == 200

    played(story)
