"""The tables of actions: complete, and what they promise is checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reference_impl.kernel.action import Action, Kind, Value, may
from reference_impl.kernel.party import Refusal
from reference_impl.serve import northbound_markdown
from reference_impl.serve.hook_table import HOOKS
from reference_impl.serve.hooks import hooks_of
from reference_impl.serve.protocol import Served
from reference_impl.serve.protocols import SERVED
from tests.reference_impl.serve.served_nodes import Side, play


@pytest.mark.parametrize("served", SERVED.values(), ids=list(SERVED))
def test_every_action_that_a_party_knows_has_its_row(served: Served) -> None:
    assert set(served.actions) == set(served.party("me").handlers.acted)
    assert [name for name, row in served.actions.items() if name != row.name or not row.summary] == []


def test_every_hook_has_its_row() -> None:
    async def work(side: Side) -> list[str]:
        return list(hooks_of(side.node, {}))

    assert list(HOOKS) == play(work)


_ROW = Action(
    "act",
    "operator",
    "",
    (
        Value("name"),
        Value("state", one_of=("on", "off")),
        may("number", Kind.NUMBER),
        may("names", Kind.TEXTS),
        may("place", Kind.OBJECT),
        may("sure", Kind.TRUTH),
        may("word", secret=True),
    ),
)
_GOOD: dict[str, Any] = {"name": "n", "state": "on"}

CHECKS: dict[str, tuple[dict[str, Any], str | None]] = {
    "the least": ({}, None),
    "everything, and more": ({"number": 0, "names": [], "place": {}, "sure": False, "word": "x", "more": 1}, None),
    "null is nothing": ({"number": None}, None),
    "an empty text may be left out": ({"word": ""}, None),
    "required": ({"name": None}, "name: want a non-empty string, got nothing"),
    "empty": ({"name": ""}, "name: want a non-empty string, got ''"),
    "not one of them": ({"state": "up"}, "state: want one of on, off, got 'up'"),
    "truth is no number": ({"number": True}, "number: want a whole number, got True"),
    "no list of strings": ({"names": ["a", 1]}, "names: want a list of strings, got ['a', 1]"),
    "no object": ({"place": []}, "place: want an object, got []"),
    "no truth": ({"sure": 1}, "sure: want true or false, got 1"),
    "a secret is not shown": ({"word": 4711}, "word: want a non-empty string, got another"),
}


@pytest.mark.parametrize("name", CHECKS)
def test_inputs_are_checked_by_the_row(name: str) -> None:
    inputs, refusal = CHECKS[name]
    if refusal is None:
        _ROW.check(_GOOD | inputs)
        return
    with pytest.raises(Refusal) as caught:
        _ROW.check(_GOOD | inputs)
    assert (caught.value.status, caught.value.detail) == (422, refusal)


def test_the_rows_are_served() -> None:
    async def work(side: Side) -> Any:
        return (await side.northbound.get("/actions")).json()

    shown = play(work)
    assert shown["protocol"] == "connection-coordinator"
    assert [row["name"] for row in shown["table"]] == shown["actions"]
    assert [row["name"] for row in shown["hook_table"]] == shown["hooks"]
    quota = next(row for row in shown["table"] if row["name"] == "set_quota")
    assert quota == {
        "name": "set_quota",
        "asked_by": "operator",
        "summary": "How many living connections an account may have",
        "long": False,
        "inputs": {
            "type": "object",
            "properties": {"account": {"type": "string", "minLength": 1}, "connections": {"type": "integer"}},
            "required": ["account", "connections"],
        },
        "outputs": {"type": "object", "properties": {}},
    }


def test_the_page_about_the_actions_is_current() -> None:
    page = Path(__file__).parents[3] / "docs" / "northbound.md"
    again = "python -m reference_impl.serve.northbound_markdown > docs/northbound.md"
    assert page.read_text(encoding="utf-8") == northbound_markdown.text(), again
