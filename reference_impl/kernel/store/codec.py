"""Rows as JSON text and back.

A record is a frozen dataclass of plain values, enumerations, tuples and messages. Where a member may hold any message
(the body of an outgoing call), its class is written beside it.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Hashable, Iterable
from functools import cache
from typing import Any, get_type_hints

from pydantic import TypeAdapter

from reference_impl.kernel.party import Message


class Codec:
    """Encodes the rows of a protocol whose calls carry these message classes."""

    def __init__(self, messages: Iterable[type[Message] | None]) -> None:
        self._messages = {message.__name__: message for message in messages if message is not None}

    def encode(self, row: Any) -> str:
        """The row as a JSON object, members in the order of the record."""
        values: dict[str, Any] = {}
        for member in dataclasses.fields(row):
            value = getattr(row, member.name)
            if _is_open(type(row), member.name) and value is not None:
                if type(value).__name__ not in self._messages:
                    raise TypeError(
                        f"{type(row).__name__}.{member.name}: {type(value).__name__} is no message of the calls"
                    )
                values[member.name] = {"class": type(value).__name__, "value": value.model_dump(mode="json")}
            else:
                values[member.name] = _adapter(type(row), member.name).dump_python(value, mode="json")
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"))

    def decode(self, record: type[Any], text: str) -> Any:
        """The row that ``encode`` wrote; ValueError tells which member does not fit."""
        values: dict[str, Any] = {}
        for name, value in json.loads(text).items():
            if _is_open(record, name) and value is not None:
                cls = self._messages[value["class"]]
                values[name] = cls.model_validate_json(json.dumps(value["value"]))
            else:
                values[name] = _adapter(record, name).validate_json(json.dumps(value))
        return record(**values)


@cache
def _hints(record: Hashable) -> dict[str, Any]:
    return get_type_hints(record)


@cache
def _is_open(record: Hashable, member: str) -> bool:
    """May the member hold any message?"""
    return _hints(record)[member] in (Message, Message | None)


@cache
def _adapter(record: Hashable, member: str) -> TypeAdapter[Any]:
    return TypeAdapter(_hints(record)[member])
