"""Northbound: what an action answers, and how its inputs are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ConfigDict

from reference_impl.kernel.party import Acted, Answer, Message, Refusal


class ActionResult(Message):
    """The answer to an action: ``ok`` or ``running`` with its outputs; ``failed`` with a reason."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", arbitrary_types_allowed=True)

    result: str
    reason: str | None = None
    operation: str | None = None
    outputs: Mapping[str, Any] = {}


def ok(**outputs: Any) -> Answer:
    return Answer(ActionResult(result="ok", outputs=outputs))


def running(operation: str, **outputs: Any) -> Answer:
    """A long action has begun; ``operation`` is the handle to poll."""
    return Answer(ActionResult(result="running", operation=operation, outputs=outputs), status=202)


def text(asked: Acted, name: str) -> str:
    value = asked.inputs.get(name)
    if not isinstance(value, str) or not value:
        raise Refusal(
            422,
            f"{name}: want a non-empty string, got {value!r}" if "key" not in name else f"{name}: want a text",
        )
    return value


def whole_number(asked: Acted, name: str) -> int:
    value = asked.inputs.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Refusal(422, f"{name}: want a whole number, got {value!r}")
    return value
