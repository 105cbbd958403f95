"""People as an adapter: prompts as data, a script in their place, and a dialogue at a terminal."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conformance.northbound import Answered, Lacks, NorthboundError
from conformance.northbound.manual import Asked, ManualNorthbound, Said
from conformance.northbound.people import Terminal, read_script
from conformance.target import ManualChoice, Prompt

CHOICE = ManualChoice(
    prompts={"offer": Prompt("customer", "Order {mbps} Mbps", {"uuid": "the id"}, "a screenshot", 60_000)},
    offers=("offer", "accept", "read", "set_quota", "reset"),
    timeout_ms=90_000,
)


def ask(answering: Any, work: Callable[[ManualNorthbound], Any], choice: ManualChoice = CHOICE) -> Any:
    async def run() -> Any:
        return await work(ManualNorthbound(choice, "connection-coordinator", answering))

    return asyncio.run(run())


def answers(*said: Said) -> tuple[list[Asked], Callable[[Asked], Any]]:
    asked: list[Asked] = []
    left = list(said)

    async def answering(question: Asked) -> Said:
        asked.append(question)
        return left.pop(0)

    return asked, answering


def test_a_prompt_says_who_does_what() -> None:
    asked, answering = answers(Said("ok", {"uuid": "u-1"}, evidence="shot-1.png"))
    answered = ask(answering, lambda adapter: adapter.act("offer", {"account": "X", "mbps": 1000, "peer": None}))
    assert asked == [
        Asked(
            *("offer", "act", "customer", "Order 1000 Mbps", {"account": "X", "mbps": 1000}, {"uuid": "the id"}),
            evidence="a screenshot",
            timeout_ms=60_000,
        )
    ]
    assert answered == Answered("ok", outputs={"uuid": "u-1", "evidence": "shot-1.png"})


def test_an_action_without_a_prompt_is_told_by_its_table() -> None:
    asked, answering = answers(Said("refused", reason="no"))
    answered = ask(answering, lambda adapter: adapter.act("set_quota", {"account": "X", "connections": 3}))
    assert (asked[0].who, asked[0].text) == ("operator", "How many living connections an account may have")
    assert (asked[0].timeout_ms, asked[0].outputs) == (90_000, {})
    assert answered == Answered("refused", "no")


def test_what_takes_long_is_asked_twice() -> None:
    asked, answering = answers(Said("ok", {"uuid": "u-1"}), Said("running"), Said("failed", reason="no room"))

    async def work(adapter: ManualNorthbound) -> list[Answered]:
        begun = await adapter.act("accept", {"activation_key": "k"})
        return [begun, *[await adapter.poll(str(begun.operation)) for _ in range(2)]]

    begun, waiting, ended = ask(answering, work)
    assert begun == Answered("running", None, "accept:1", {"uuid": "u-1"}, 10_000)
    assert waiting == Answered("running", None, "accept:1", again_ms=10_000)
    assert ended == Answered("failed", "no room", outputs={"uuid": "u-1"})
    assert [each.stage for each in asked] == ["act", "end", "end"]
    assert asked[1].text.startswith("How did this end? Accept Connection at CSP B")


def test_what_people_do_not_do_is_unavailable() -> None:
    _, nobody = answers()
    assert ask(nobody, lambda adapter: adapter.act("update", {})) == Answered("unavailable", "adapter lacks update")
    assert ask(nobody, lambda adapter: adapter.hook("settle", {})) == Answered("unavailable", "adapter lacks settle")
    with pytest.raises(Lacks, match="adapter lacks state: people are not asked for it"):
        ask(nobody, lambda adapter: adapter.state())
    asked, answering = answers(Said("unavailable", reason="the operator skipped it"), Said())
    assert ask(answering, lambda adapter: adapter.act("read", {"uuid": "u"})).result == "unavailable"
    assert ask(answering, lambda adapter: adapter.hook("reset", {})) == Answered("ok")
    assert [each.action for each in asked] == ["read", "reset"]


def test_without_a_list_people_do_every_action_and_no_hook() -> None:
    _, answering = answers(Said())
    assert ask(answering, lambda adapter: adapter.act("rotate_key", {}), ManualChoice()).result == "running"
    assert ask(answering, lambda adapter: adapter.hook("reset", {}), ManualChoice()).result == "unavailable"


def test_nobody_is_waited_for_longer_than_said() -> None:
    async def sleeping(asked: Asked) -> Said:
        await asyncio.Event().wait()
        return Said()

    choice = ManualChoice({"read": Prompt("customer", "Look", timeout_ms=1)})
    with pytest.raises(NorthboundError) as caught:
        ask(sleeping, lambda adapter: adapter.act("read", {}), choice)
    assert str(caught.value) == "northbound, customer: want an answer to 'read', got none in 0.001 s"


SCRIPTS = {
    "answers.yaml": """
answers:
  - {action: offer, inputs: {mbps: 1000}, times: 1, outputs: {uuid: u-1, activation_key: k}}
  - {action: offer, result: refused, reason: no more}
  - {action: accept, stage: act, outputs: {uuid: u-2}}
  - {action: accept, stage: end, result: failed, reason: no room, evidence: ticket 7}
""",
    "answers.toml": """
[[answers]]
action = "offer"
inputs = { mbps = 1000 }
times = 1
outputs = { uuid = "u-1", activation_key = "k" }
[[answers]]
action = "offer"
result = "refused"
reason = "no more"
[[answers]]
action = "accept"
stage = "act"
outputs = { uuid = "u-2" }
[[answers]]
action = "accept"
stage = "end"
result = "failed"
reason = "no room"
evidence = "ticket 7"
""",
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_answers_in_their_place(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(SCRIPTS[name])

    async def work(adapter: ManualNorthbound) -> list[Answered]:
        offers = [await adapter.act("offer", {"mbps": 1000}) for _ in range(2)]
        begun = await adapter.act("accept", {})
        return [*offers, begun, await adapter.poll(str(begun.operation))]

    assert ask(read_script(tmp_path / name), work) == [
        Answered("ok", outputs={"uuid": "u-1", "activation_key": "k"}),
        Answered("refused", "no more"),
        Answered("running", None, "accept:1", {"uuid": "u-2"}, 10_000),
        Answered("failed", "no room", outputs={"uuid": "u-2", "evidence": "ticket 7"}),
    ]


def test_a_script_that_does_not_know_is_told(tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text("answers: []")
    with pytest.raises(NorthboundError) as caught:
        ask(read_script(file), lambda adapter: adapter.act("read", {}))
    assert str(caught.value) == f"{file}: want an answer to 'read' (act), got none"


WRONG = {
    "answers: 3": "want a list of answers, got int",
    "- {result: ok}": "answers[1]: want an action with what is said, got {'result': 'ok'}",
    "- {action: read, outcome: ok}": "answers[1].outcome: want one of action, evidence, inputs, outputs, reason, result, "
    "stage, times, got an unknown key",
    "- {action: read, result: done}": "answers[1].result: want one of ok, running, refused, failed, unavailable, got 'done'",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_with_a_script_is_told(text: str, tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text(text)
    with pytest.raises(NorthboundError) as caught:
        read_script(file)
    assert str(caught.value) == f"{file}: {WRONG[text]}"


# what is typed at a terminal, and what it says
TYPED = {
    "done": ("done\nu-7\nshot.png\n", Said("ok", {"uuid": "u-7"}, evidence="shot.png")),
    "done, but nothing seen": ("\n\n\n", Said("ok")),
    "refused": ("refused: no room\n", Said("refused", reason="no room")),
    "failed": ("failed\n", Said("failed")),
    "skip": ("skip\n", Said("unavailable", reason="the operator skipped it")),
    "a number": ("done\n1000\n\n", Said("ok", {"uuid": 1000})),
}


@pytest.mark.parametrize("name", TYPED)
def test_a_person_types_the_answer(name: str) -> None:
    typed, said = TYPED[name]
    out = io.StringIO()
    asked = Asked(
        "offer", "act", "customer", "Order 1000 Mbps", {"mbps": 1000}, {"uuid": "the id"}, "a screenshot", 60_000
    )
    assert asyncio.run(Terminal(io.StringIO(typed), out)(asked)) == said
    assert out.getvalue().startswith(
        "\n[customer] Order 1000 Mbps\n    mbps = 1000\n  done, refused: why, failed: why, skip (at most 1 min)? "
    )


def test_the_end_of_the_input_is_told() -> None:
    with pytest.raises(
        NorthboundError, match=r"want answers at a terminal or northbound.script, got the end of the input"
    ):
        asyncio.run(Terminal(io.StringIO(""), io.StringIO())(Asked("offer", "act", "customer", "t")))
