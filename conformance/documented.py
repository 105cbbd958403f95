"""What the documents define of an answer: members of a party's own are for readers to ignore, so no rule compares them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, get_args

from conformance.view import Exchange
from reference_impl.kernel.message import Message
from reference_impl.kernel.operation import Operation
from reference_impl.serve.protocols import SERVED


def documented(operation: str | None, body: Any) -> Any:
    """A body without the members, at any depth, that the contract does not define for a success of this operation.

    Where the contract says nothing of it, the body as it is.
    """
    known = _operations().get(operation or "")
    return _defined(body, known.response if known else None)


def documented_of(exchange: Exchange) -> Any:
    """The documented part of a success; of anything else the body as it is, None where there is none."""
    body = exchange.response.body if exchange.response else None
    return documented(exchange.request.operation, body) if exchange.succeeded else body


@cache
def _operations() -> Mapping[str, Operation]:
    return {name: each for served in SERVED.values() for name, each in served.operations.items()}


def _defined(value: Any, message: type[Message] | None) -> Any:
    if message is None:
        return value
    if isinstance(value, list):
        return [_defined(each, message) for each in value]
    if not isinstance(value, dict):
        return value
    members = _members(message)
    return {name: _defined(each, members[name]) for name, each in value.items() if name in members}


@cache
def _members(message: type[Message]) -> Mapping[str, type[Message] | None]:
    """The members of a message on the wire, with the message that each holds, alone or in a list."""
    return {field.alias or name: _message_in(field.annotation) for name, field in message.model_fields.items()}


def _message_in(annotation: Any) -> type[Message] | None:
    if isinstance(annotation, type) and issubclass(annotation, Message):
        return annotation
    return next((found for each in get_args(annotation) if (found := _message_in(each))), None)
