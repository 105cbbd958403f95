"""The Python adapter: a class beside the target file."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conformance.northbound import Answered, Lacks, Northbound, NorthboundError
from conformance.northbound.python import python_northbound
from conformance.target import PythonChoice

PORTAL = """
from conformance.northbound import Answered, Failed, Refused, Running

class Portal:
    def __init__(self, host):
        self.host = host

    def offer(self, account, mbps, **more):
        if mbps > 1000:
            raise Refused(f"{mbps} is too much for {account}")
        return {"uuid": f"u-{self.host}", "activation_key": "k", "more": sorted(more)}

    async def accept(self, activation_key):
        return Running("h-1", {"uuid": "u"})

    def poll(self, operation):
        raise Failed(f"{operation} found no room")

    def delete(self, uuid):
        return 7

    def update(self, uuid):
        raise ValueError("a bug")

    def preview(self):
        return Answered("ok", outputs={"by": "hand"})

    def list(self):
        return None

    def reset(self, inventory=""):
        return {"inventory": inventory}

    def secret(self):
        raise AssertionError("no action")
"""


@pytest.fixture
def portal(tmp_path: Path) -> Callable[..., PythonChoice]:
    (tmp_path / "acme_portal.py").write_text(PORTAL)
    (tmp_path / "acme_whole.py").write_text(
        "class Whole:\n    async def act(self, action, inputs):\n        return action\n"
    )
    (tmp_path / "acme_broken.py").write_text("import acme_nowhere\n")
    (tmp_path / "acme_state.py").write_text("class S:\n    def state(self):\n        return {'connections': []}\n")
    for name in ("acme_portal", "acme_whole", "acme_broken", "acme_state"):
        sys.modules.pop(name, None)
    return lambda name="acme_portal:Portal", **options: PythonChoice(name, options, tmp_path)


def ask(choice: PythonChoice, work: Callable[[Any], Any]) -> Any:
    async def run() -> Any:
        return await work(python_northbound(choice, "connection-coordinator"))

    return asyncio.run(run())


def test_methods_are_actions(portal: Callable[..., PythonChoice]) -> None:
    choice = portal(host="h")
    offered = ask(
        choice, lambda adapter: adapter.act("offer", {"account": "X", "mbps": 1000, "peer": "b", "environment": None})
    )
    assert offered == Answered("ok", outputs={"uuid": "u-h", "activation_key": "k", "more": ["peer"]})
    refused = ask(choice, lambda adapter: adapter.act("offer", {"account": "X", "mbps": 2000}))
    assert refused == Answered("refused", "2000 is too much for X")
    begun = ask(choice, lambda adapter: adapter.act("accept", {"activation_key": "k"}))
    assert begun == Answered("running", None, "h-1", {"uuid": "u"})
    assert ask(choice, lambda adapter: adapter.poll("h-1")) == Answered("failed", "h-1 found no room")
    assert ask(choice, lambda adapter: adapter.act("list", {})) == Answered("ok")
    assert ask(choice, lambda adapter: adapter.act("preview", {})) == Answered("ok", outputs={"by": "hand"})
    assert ask(choice, lambda adapter: adapter.hook("reset", {"inventory": "one-left"})).outputs == {
        "inventory": "one-left"
    }


def test_what_it_has_no_method_for_is_unavailable(portal: Callable[..., PythonChoice]) -> None:
    choice = portal(host="h")
    names = ("read", "secret", "poll", "__init__", "reset")

    async def every(adapter: Northbound) -> list[Answered]:
        return [await adapter.act(name, {}) for name in names]

    assert ask(choice, every) == [Answered("unavailable", f"adapter lacks {name}") for name in names]
    assert ask(choice, lambda adapter: adapter.hook("settle", {})).reason == "adapter lacks settle"
    with pytest.raises(Lacks, match="adapter lacks state"):
        ask(choice, lambda adapter: adapter.state())
    assert ask(portal("acme_state:S"), lambda adapter: adapter.state()) == {"connections": []}
    assert python_northbound(choice, "connection-coordinator").offered() == {  # type: ignore[attr-defined] # it is ours
        *("offer", "accept", "delete", "update", "preview", "list")
    }


def test_a_whole_adapter_is_used_as_it_is(portal: Callable[..., PythonChoice]) -> None:
    assert ask(portal("acme_whole:Whole"), lambda adapter: adapter.act("anything", {})) == "anything"


def test_a_class_that_cannot_be_used_is_told(portal: Callable[..., PythonChoice]) -> None:
    def told(choice: PythonChoice) -> str:
        with pytest.raises(NorthboundError) as caught:
            python_northbound(choice, "connection-coordinator")
        return str(caught.value)

    where = "northbound.class: want {} in the module {}, beside the target file or installed, got "
    assert told(portal("acme_gone:A")) == where.format("A", "acme_gone") + "no module acme_gone"
    assert told(portal("acme_broken:A")) == where.format("A", "acme_broken") + "no module acme_nowhere"
    assert told(portal("acme_portal:A")) == (
        where.format("A", "acme_portal") + "module 'acme_portal' has no attribute 'A'"
    )
    assert told(portal("acme_portal:Portal")).endswith("missing 1 required positional argument: 'host'")
    assert str(portal().directory) not in sys.path


def test_a_method_that_breaks_is_told(portal: Callable[..., PythonChoice]) -> None:
    choice = portal(host="h")
    with pytest.raises(NorthboundError) as caught:
        ask(choice, lambda adapter: adapter.act("update", {"uuid": "u"}))
    assert str(caught.value) == "acme_portal:Portal.update: want outputs, Refused or Failed, got ValueError: a bug"
    with pytest.raises(NorthboundError) as caught:
        ask(choice, lambda adapter: adapter.act("delete", {"uuid": "u"}))
    assert str(caught.value) == "acme_portal:Portal.delete: want a dict of outputs, None or Running, got int"
