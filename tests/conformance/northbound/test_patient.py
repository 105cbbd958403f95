"""Targets that answer an action only when it is done, and targets that give a ticket for what is short by the documents."""

from __future__ import annotations

import asyncio
from typing import Any

from conformance.northbound import Answered
from conformance.northbound.patient import PatientNorthbound

FI = "federation-interconnect"


class Theirs:
    """Answers as it was told to; ``go`` lets an action that blocks come to its end."""

    def __init__(self, *answers: Answered, blocks: bool = False) -> None:
        self.answers = list(answers)
        self.go = asyncio.Event()
        self.polled: list[str] = []
        if not blocks:
            self.go.set()

    async def act(self, action: str, inputs: dict[str, Any]) -> Answered:
        await self.go.wait()
        return self.answers.pop(0)

    async def poll(self, operation: str) -> Answered:
        self.polled.append(operation)
        return self.answers.pop(0)

    async def state(self) -> dict[str, Any]:
        return {"zones": []}

    async def hook(self, hook: str, inputs: dict[str, Any]) -> Answered:
        return Answered("ok", outputs=inputs)


def test_an_action_that_blocks_is_running_while_something_is_held() -> None:
    async def play() -> list[Answered]:
        theirs = Theirs(Answered("ok", outputs={"partner": "p"}), blocks=True)
        adapter = PatientNorthbound(theirs, FI, lambda: True, grace=0)
        first = await adapter.act("add_partner", {})
        assert first.operation is not None
        still = await adapter.poll(first.operation)
        theirs.go.set()
        for _ in range(5):
            await asyncio.sleep(0)
        return [first, still, await adapter.poll(first.operation)]

    running = Answered("running", None, "asked:1")
    assert asyncio.run(play()) == [running, running, Answered("ok", outputs={"partner": "p"})]


def test_an_answer_that_takes_its_way_is_none_that_blocks() -> None:
    """A customer reads while the harness holds a call of the target: only the network stands between."""

    async def play() -> Answered:
        theirs = Theirs(Answered("ok", outputs={"state": "pending"}), blocks=True)
        asyncio.get_running_loop().call_later(0.03, theirs.go.set)
        return await PatientNorthbound(theirs, FI, lambda: True, grace=60).act("read", {})

    assert asyncio.run(play()) == Answered("ok", outputs={"state": "pending"})


def test_an_action_that_blocks_is_awaited_while_nothing_is_held() -> None:
    async def play() -> Answered:
        theirs = Theirs(Answered("failed", "no"), blocks=True)
        asyncio.get_running_loop().call_soon(theirs.go.set)
        return await PatientNorthbound(theirs, FI, lambda: False).act("add_partner", {})

    assert asyncio.run(play()) == Answered("failed", "no")


def test_a_ticket_for_what_is_short_is_awaited() -> None:
    async def play() -> tuple[Answered, list[str]]:
        ticket = Answered("running", None, "t1", again_ms=1)
        theirs = Theirs(ticket, ticket, Answered("refused", "no such site"))
        return await PatientNorthbound(theirs, FI, lambda: False).act("create_zone", {}), theirs.polled

    assert asyncio.run(play()) == (Answered("refused", "no such site"), ["t1", "t1"])


def test_a_ticket_for_what_is_long_is_given_on() -> None:
    async def play() -> list[Answered]:
        adapter = PatientNorthbound(Theirs(Answered("running", None, "t1"), Answered("ok")), FI, lambda: False)
        return [await adapter.act("register_zone", {}), await adapter.poll("t1")]

    assert asyncio.run(play()) == [Answered("running", None, "t1"), Answered("ok")]


def test_what_blocked_may_end_with_a_ticket() -> None:
    async def play() -> list[Answered]:
        theirs = Theirs(Answered("running", None, "t1"), Answered("running", None, "t1"), Answered("ok"), blocks=True)
        adapter = PatientNorthbound(theirs, FI, lambda: True, grace=0)
        await adapter.act("register_zone", {})
        theirs.go.set()
        for _ in range(5):
            await asyncio.sleep(0)
        return [await adapter.poll("asked:1"), await adapter.poll("asked:1")]

    assert asyncio.run(play()) == [Answered("running", None, "asked:1"), Answered("ok")]
