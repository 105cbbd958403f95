"""Northbound: how an action is declared, what it answers, and how its inputs are read.

An action is declared once, as a row of its protocol's table of actions. ``/actions``, the northbound OpenAPI document,
the check of inputs and docs/northbound.md derive from these rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

from pydantic import ConfigDict

from reference_impl.kernel.party import Acted, Answer, Message, Refusal


class Kind(Enum):
    """What a value may be: its name for people, its JSON Schema, and whether a value is one."""

    TEXT = ("a non-empty string", {"type": "string", "minLength": 1})
    NUMBER = ("a whole number", {"type": "integer"})
    TRUTH = ("true or false", {"type": "boolean"})
    TEXTS = ("a list of strings", {"type": "array", "items": {"type": "string"}})
    OBJECT = ("an object", {"type": "object"})
    OBJECTS = ("a list of objects", {"type": "array", "items": {"type": "object"}})

    @property
    def words(self) -> str:
        return str(self.value[0])

    @property
    def schema(self) -> dict[str, Any]:
        return dict(self.value[1])

    def fits(self, value: object) -> bool:
        return _FITS[self](value)


def _list_of(kind: type) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list | tuple) and all(isinstance(each, kind) for each in value)


_FITS: Mapping[Kind, Callable[[object], bool]] = {
    Kind.TEXT: lambda value: isinstance(value, str) and value != "",
    Kind.NUMBER: lambda value: isinstance(value, int) and not isinstance(value, bool),
    Kind.TRUTH: lambda value: isinstance(value, bool),
    Kind.TEXTS: _list_of(str),
    Kind.OBJECT: lambda value: isinstance(value, Mapping),
    Kind.OBJECTS: _list_of(Mapping),
}


@dataclass(frozen=True, slots=True)
class Value:
    """An input or an output of an action. ``one_of`` lists all there are; a secret input is shown in no refusal."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = True
    summary: str = ""
    one_of: tuple[str, ...] = ()
    secret: bool = False


def may(name: str, kind: Kind = Kind.TEXT, summary: str = "", secret: bool = False) -> Value:
    """An input that may be left out."""
    return Value(name, kind, required=False, summary=summary, secret=secret)


@dataclass(frozen=True, slots=True)
class Action:
    """A row of the table of actions. ``long``: it answers with an operation to poll."""

    name: str
    asked_by: Literal["customer", "operator", "test"]
    summary: str
    inputs: tuple[Value, ...] = ()
    outputs: tuple[Value, ...] = ()
    long: bool = False

    def check(self, inputs: Mapping[str, Any]) -> None:
        """Refuse (422) inputs that are missing or of another kind. Null is the same as absent, and so
        is an empty string where nothing is required; inputs that are not in the table are ignored."""
        for each in self.inputs:
            value = inputs.get(each.name)
            if value is None or (value == "" and not each.required):
                if each.required:
                    raise Refusal(422, f"{each.name}: want {each.kind.words}, got nothing")
            elif not each.kind.fits(value) or (each.one_of and value not in each.one_of):
                want = f"one of {', '.join(each.one_of)}" if each.one_of else each.kind.words
                raise Refusal(422, f"{each.name}: want {want}, got {'another' if each.secret else repr(value)[:80]}")


def table(*actions: Action) -> Mapping[str, Action]:
    """The rows by name."""
    return {action.name: action for action in actions}


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
